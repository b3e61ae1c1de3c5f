"""Time that stands still until somebody sleeps or moves it: the server and the client under test share one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

START: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)


class FakeTime:
    """The clock of a fake, and what a client is given instead of the machine's time. Sleeping takes no time."""

    def __init__(self, at: datetime = START) -> None:
        self._start = self._at = at
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._at

    def monotonic(self) -> float:
        return (self._at - self._start).total_seconds()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.move(seconds)

    def move(self, seconds: float) -> None:
        """Let time pass."""
        self._at += timedelta(seconds=max(0.0, seconds))


def stamp(at: datetime) -> str:
    """An instant as GitHub writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
