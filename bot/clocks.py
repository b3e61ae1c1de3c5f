"""Clocks and ids for production and for simulated time. Nothing else in the house asks the machine for either."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from bot.core.people import PersonId


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovableClock:
    """The machine's time plus what it was moved by: it only ever goes forward."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def move(self, by: timedelta) -> None:
        """Go forward. Raises ValueError for a step back."""
        if by < timedelta():
            raise ValueError("the clock only goes forward")
        self._ahead += by

    @property
    def moved(self) -> bool:
        """Whether this is still the machine's time."""
        return bool(self._ahead)


class ManualClock:
    """A time that stands still until it is moved: for simulations and tests."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def move(self, by: timedelta) -> None:
        """Go on by this much, or back, as a machine's clock may."""
        self._now += by

    def move_to(self, at: datetime) -> None:
        self._now = at.astimezone(UTC)


class RandomIds:
    """Ids that nobody can guess."""

    def person(self) -> PersonId:
        return PersonId(f"p{secrets.token_hex(8)}")

    def salt(self) -> str:
        return secrets.token_hex(16)


class CountingIds:
    """Ids in a row, the same in every run: for simulations and tests only."""

    def __init__(self) -> None:
        self._count = 0

    def person(self) -> PersonId:
        self._count += 1
        return PersonId(f"p{self._count:016x}")

    def salt(self) -> str:
        self._count += 1
        return f"{self._count:032x}"
