"""Chat platforms, as far as the bot writes to them; and what a check of anything finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from bot.core.cards import Card, Limits
from bot.core.people import PlatformUser


class PlatformError(Exception):
    """A platform did not take a message. `retry_after` in seconds if it said when; `gone` if the target is.

    `shut`: the place takes nothing from the bot until a person has mended that.
    """

    def __init__(
        self,
        what: str,
        *,
        retry_after: float | None = None,
        gone: bool = False,
        final: bool = False,
        shut: bool = False,
    ) -> None:
        super().__init__(what)
        self.what, self.retry_after, self.gone, self.final, self.shut = what, retry_after, gone, final, shut


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message that the platform has confirmed: its id there, and when the platform says it was posted."""

    ref: str
    at: datetime


class Platform(Protocol):
    """A place where members talk. Every write is idempotent by its key: look before you post."""

    name: str
    limits: Limits

    async def post(self, *, channel: str, card: Card, key: str, thread: str = "") -> Delivery:
        """Post to a channel, or find the message that has this key. Raises PlatformError.

        `thread` is the id of a message to post beneath, where the platform has threads (`limits.threads`).
        """
        ...

    async def edit(self, *, channel: str, ref: str, card: Card) -> None:
        """Replace a message. Raises PlatformError with `gone` when it was deleted."""
        ...

    async def direct(self, *, user: PlatformUser, card: Card, key: str) -> Delivery:
        """Send a direct message, or find the one that has this key. Raises PlatformError."""
        ...

    async def is_public(self, channel: str) -> bool:
        """Whether people outside the maintainers can read the channel. Raises PlatformError if unknown."""
        ...


@runtime_checkable
class Attached(Protocol):
    """A connection that can say whether it stands now."""

    @property
    def attached(self) -> bool:
        """Whether the platform can be heard at this moment."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a check has looked at: how it is, in a sentence, and what to do about it if it is not well."""

    mark: Literal["ok", "warning", "wrong"]
    what: str
    remedy: str = ""
