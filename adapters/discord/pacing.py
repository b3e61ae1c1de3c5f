"""How often an old message may be edited: Discord caps that, so edits wait for each other and become one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import discord

from bot.ports import PlatformError

OLD: Final = timedelta(hours=1)
PAUSE: Final = 20.0
"""Seconds."""
KEPT: Final = 1000


class Pace:
    """When each message may be edited next, by `ticks`: seconds that go on whatever the clock `now` is set to."""

    def __init__(self, now: Callable[[], datetime], ticks: Callable[[], float]) -> None:
        self._now, self._ticks = now, ticks
        self._next: OrderedDict[int, float] = OrderedDict()

    def check(self, message: int) -> None:
        """Raises PlatformError with the seconds to wait, if it is too soon."""
        wait = self._next[message] - self._ticks() if message in self._next else 0.0
        if wait > 0:
            raise PlatformError("edits of an old message wait for each other", retry_after=wait)

    def edited(self, message: int) -> None:
        """An old message has just been edited; a young one may be edited freely."""
        if self._now() - discord.utils.snowflake_time(message) >= OLD:
            self._set(message, PAUSE)

    def refused(self, message: int, seconds: float | None) -> None:
        """Discord has said when to come back."""
        if seconds is not None:
            self._set(message, seconds)

    def _set(self, message: int, seconds: float) -> None:
        self._next[message] = self._ticks() + seconds
        self._next.move_to_end(message)
        if len(self._next) > KEPT:
            self._next.popitem(last=False)
