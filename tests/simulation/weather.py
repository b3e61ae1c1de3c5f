"""What goes wrong between the bot and a platform, drawn from a seed and counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from bot.ports import PlatformError


@dataclass(slots=True)
class Weather:
    """Chances per call or request. `down` says that nothing comes through at all; `calm` ends all faults."""

    rng: Random
    error: float = 0.0
    lost: float = 0.0
    limit: float = 0.0
    twice: float = 0.0
    late: float = 0.0
    down: bool = False
    faults: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, rng: Random) -> Weather:
        """A climate: some networks are good, some are bad."""
        harsh = rng.choice((0.0, 0.3, 1.0, 2.5))
        return cls(
            rng,
            error=0.04 * harsh,
            lost=0.03 * harsh,
            limit=0.03 * harsh,
            twice=0.06 * harsh,
            late=0.05 * harsh,
        )

    def calm(self) -> None:
        self.error = self.lost = self.limit = self.twice = self.late = 0.0
        self.down = False

    def before(self, what: str) -> None:
        """Perhaps fail before anything has happened. Raises PlatformError."""
        if self.down:
            self._count("outage")
            raise PlatformError("the platform cannot be reached")
        if self.rng.random() < self.error:
            self._count("error")
            raise PlatformError(f"{what} failed")
        if self.rng.random() < self.limit:
            self._count("rate limit")
            raise PlatformError(f"{what}: too many requests", retry_after=float(self.rng.choice((1, 5, 30, 120, 900))))

    def after(self, what: str) -> None:
        """Perhaps lose the answer to what has happened. Raises PlatformError."""
        if self.rng.random() < self.lost:
            self._count("lost answer")
            raise PlatformError(f"no answer to {what}")

    def copies(self) -> int:
        """How often a request arrives."""
        count = 1
        while count < 5 and self.rng.random() < self.twice:
            self._count("duplicate")
            count += 1
        return count

    def delay(self) -> float:
        """How many seconds a request is under way: usually next to nothing."""
        if self.rng.random() < self.late:
            self._count("late request")
            return self.rng.choice((5.0, 40.0, 400.0, 7200.0)) * self.rng.random()
        return 0.0 if self.rng.random() < 0.7 else self.rng.random() * 0.4

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def _count(self, what: str) -> None:
        self.faults[what] += 1
