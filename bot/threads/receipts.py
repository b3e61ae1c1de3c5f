"""Which deliveries of a forge have been handled: durably, so that one that is sent again does nothing (T38)."""

from __future__ import annotations

from bot.clerk import Clerk
from bot.core.answers import Answer

_HANDLED = Answer(ok=True, code="delivery")


class DeliveryReceipts:
    """The names of deliveries, in the inbox."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk

    async def known(self, name: str) -> bool:
        """Whether this delivery was handled before."""
        return not await self._clerk.unseen([name])

    async def keep(self, name: str) -> None:
        """This delivery has been handled."""
        await self._clerk.remember([name], _HANDLED, motion=0)
