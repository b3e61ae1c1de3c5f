"""Says in the other channels of a repository that one of them takes no posts, and when it takes them again (F32-F36).

What has been told is remembered by the row's reference, so that a start in the meantime tells nothing twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.breaker import Breaker
from bot.core.cards import Notice
from bot.core.effects import Effect
from bot.core.wording import open_again_notice, shut_notice
from bot.ports import Clock, Ledger, Platform, PlatformError
from bot.repositories import Repositories


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What stands in a channel about a place: that it is shut, or that this is over; for the how-manieth time."""

    state: Literal["shut", "over"] = "over"
    count: int = 0
    message: str = ""

    @classmethod
    def of(cls, ref: str) -> Told:
        """What a row remembers."""
        state, _, rest = ref.partition(":")
        count, _, message = rest.partition(":")
        return cls(state="shut" if state == "shut" else "over", count=int(count or 0), message=message)

    @property
    def ref(self) -> str:
        return f"{self.state}:{self.count}:{self.message}"


class Elsewhere:
    """What is told elsewhere of a place that takes no posts. The breaker knows which these are, and why."""

    def __init__(self, *, ledger: Ledger, clock: Clock, repositories: Repositories, breaker: Breaker) -> None:
        self._ledger, self._clock, self._repositories, self._breaker = ledger, clock, repositories, breaker

    async def changed(self, place: str) -> None:
        """The place takes no posts any more, or takes them again: where there is another channel, it is told."""
        effects = tuple(self._effects(place))
        if effects:
            await asyncio.wrap_future(self._ledger.transact(lambda txn: txn.intend(effects, at=self._clock.now())))

    def told(self, place: str) -> bool:
        """Whether it stands somewhere that this place takes no posts."""
        rows = [self._ledger.row(effect.key) for effect in self._effects(place)]
        return any(row is not None and Told.of(row.ref).state == "shut" for row in rows)

    def _effects(self, place: str) -> Iterator[Effect]:
        here = self._repositories.of_channel(place)
        for channel in dict.fromkeys(name for repository in here for name in repository.channels if name != place):
            yield Effect(
                key=f"shut:{place}:{channel}",
                lane="latest",
                motion=0,
                venue=f"channel:{channel}",
                kind="shut",
                params={"place": place},
            )

    async def deliver(self, effect: Effect, ref: str, *, platform: Platform, channel: str) -> str | None:
        """Bring a channel up to date; the new reference, None where there is nothing to say. Raises PlatformError."""
        place, told = str(effect.params["place"]), Told.of(ref)
        why = self._breaker.closed().get(place)
        if (why is not None) == (told.state == "shut"):
            return None
        if why is not None:
            count = told.count + 1
            posted = await platform.post(channel=channel, card=self._shut(place, why), key=f"{effect.key}:{count}")
            return Told(state="shut", count=count, message=posted.ref).ref
        try:
            await platform.edit(channel=channel, ref=told.message, card=open_again_notice(place))
        except PlatformError as error:
            if not error.gone:
                raise
        return Told(count=told.count, message=told.message).ref

    def _shut(self, place: str, why: str) -> Notice:
        announced = any(repository.announce == place for repository in self._repositories.of_channel(place))
        return shut_notice(place, why, announced=announced)
