"""How fast this app calls Slack: a little below the limits that Slack publishes, and never before it said one may."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from adapters.slack.errors import SlackError

TOLERATED: Final = 5.0
"""Seconds that a call may wait for its turn; beyond that the caller is told when to come back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many calls a minute, and at most `burst` of them at once."""

    a_minute: float
    burst: int


RATES: Final[Mapping[str, Rate]] = {
    "chat.postMessage": Rate(a_minute=55, burst=4),
    "chat.update": Rate(a_minute=45, burst=20),
    "conversations.history": Rate(a_minute=45, burst=20),
    "conversations.replies": Rate(a_minute=45, burst=20),
    "reactions.get": Rate(a_minute=45, burst=20),
    "reactions.add": Rate(a_minute=45, burst=20),
    "conversations.open": Rate(a_minute=45, burst=20),
    "users.info": Rate(a_minute=90, burst=60),
}
"""Messages count for each channel, all else for the workspace. Private answers are not held back: ballots first."""


@dataclass(slots=True)
class _Bucket:
    rate: Rate
    level: float
    at: float


@dataclass(slots=True, kw_only=True)
class Pace:
    """Says how long a call has to wait. It sleeps for nobody."""

    rates: Mapping[str, Rate] = field(default_factory=lambda: RATES)
    now: Callable[[], float] = time.monotonic
    _buckets: dict[tuple[str, str], _Bucket] = field(default_factory=dict)
    _closed: dict[tuple[str, str], float] = field(default_factory=dict)

    def wait(self, method: str, channel: str = "") -> float:
        """Take a turn, and say in how many seconds it comes. Raises SlackError where that is too long to wait."""
        place, now = self._place(method, channel), self.now()
        closed = self._closed.get(place, 0.0) - now
        if closed > 0:
            raise SlackError(f"Slack asked to wait with {method}", code="ratelimited", retry_after=closed)
        rate = self.rates.get(method)
        if rate is None:
            return 0.0
        bucket = self._buckets.setdefault(place, _Bucket(rate, float(rate.burst), now))
        bucket.level = min(float(rate.burst), bucket.level + (now - bucket.at) * rate.a_minute / 60)
        bucket.at = now
        short = (1.0 - bucket.level) * 60 / rate.a_minute
        if short > TOLERATED:
            raise SlackError(f"too many calls of {method} for now", code="ratelimited", retry_after=short)
        bucket.level -= 1.0
        return max(0.0, short)

    def close(self, method: str, channel: str, seconds: float) -> None:
        """Slack said when to come back."""
        self._closed[self._place(method, channel)] = self.now() + seconds

    def _place(self, method: str, channel: str) -> tuple[str, str]:
        return (method, channel if method == "chat.postMessage" else "")
