"""The machine's time as the client uses it, and the pace that GitHub asks of those who write."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.ports import ForgeError

WRITE_GAP: Final = 1.0
"""Seconds between two writes."""
PER_MINUTE: Final = 80
"""Requests a minute that make content."""
PER_HOUR: Final = 500
"""The same, an hour."""
PATIENCE: Final = 20.0
"""How long a request waits for a limit; beyond that it fails, and whoever asked tries again later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Where time comes from, so that tests need none."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


class Pacer:
    """Spaces the requests of one credential. Shared by all that use it, as GitHub's limits are."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._lock = asyncio.Lock()
        self._writes: deque[float] = deque(maxlen=PER_HOUR)
        self._closed_until = 0.0

    async def turn(self, *, write: bool) -> None:
        """Wait for this request's turn. Raises ForgeError while a longer rest is due: GitHub's wish, or the hour's."""
        rest = self._closed_until - self._timing.monotonic()
        if rest > PATIENCE:
            raise too_long(rest)
        if rest > 0:
            await self._timing.sleep(rest)
        if not write:
            return
        async with self._lock:
            wait = self._wait()
            if wait > PATIENCE:
                raise too_long(wait)
            if wait > 0:
                await self._timing.sleep(wait)
            self._writes.append(self._timing.monotonic())

    def _wait(self) -> float:
        """How long the next write has to wait for those before it."""
        limits = ((1, WRITE_GAP), (PER_MINUTE, 60.0), (PER_HOUR, 3600.0))
        now, done = self._timing.monotonic(), self._writes
        return max((done[-count] + seconds - now for count, seconds in limits if len(done) >= count), default=0.0)

    def rest(self, seconds: float) -> None:
        """GitHub asks for nothing more for so long."""
        self._closed_until = max(self._closed_until, self._timing.monotonic() + seconds)


def too_long(seconds: float) -> ForgeError:
    """The error for a limit that is not worth waiting for."""
    return ForgeError(
        f"GitHub's rate limit is used up for {round(seconds)} seconds more", remedy="nothing to do: it is tried again"
    )
