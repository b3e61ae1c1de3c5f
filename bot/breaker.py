"""A circuit breaker for each place that is delivered to: one that keeps failing is left in peace for a while (F24).

It holds back only that place. It keeps nothing on disk: after a start every place is tried again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

FAILURES: Final = 5
"""So many in a row, and the place is paused."""
FIRST_PAUSE: Final = timedelta(seconds=30)
LONGEST_PAUSE: Final = timedelta(minutes=10)


@dataclass(slots=True)
class _Place:
    failures: int = 0
    pauses: int = 0
    until: datetime | None = None
    why: str = ""


@dataclass(slots=True)
class Breaker:
    """Which places are paused, and until when. A place is a venue or what stands for several, such as `forge:NAME`."""

    _places: dict[str, _Place] = field(default_factory=dict)

    def paused(self, place: str, now: datetime) -> datetime | None:
        """Until when nothing goes there; None when something may be tried, or a wrong clock had paused it (F14)."""
        found = self._places.get(place)
        until = None if found is None else found.until
        return until if until is not None and now < until <= now + LONGEST_PAUSE else None

    def failed(self, place: str, now: datetime) -> timedelta | None:
        """Count a failure. The pause that begins with it, if one does: longer each time that the place fails again."""
        found = self._places.setdefault(place, _Place())
        found.failures += 1
        if found.failures < FAILURES:
            return None
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(found.pauses, 10)))
        found.pauses += 1
        found.until = now + pause
        return pause

    def shut(self, place: str, why: str, now: datetime) -> bool:
        """A person has to mend something there: it is tried once in a while. Whether that is news."""
        found = self._places.setdefault(place, _Place())
        news, found.why, found.until = not found.why, why, now + LONGEST_PAUSE
        return news

    def closed(self) -> Mapping[str, str]:
        """The places that are shut, and why."""
        return {name: place.why for name, place in self._places.items() if place.why}

    def succeeded(self, place: str) -> bool:
        """Something got through: the count begins anew. Whether the place had been paused."""
        found = self._places.pop(place, None)
        return found is not None and found.until is not None

    def open(self) -> Mapping[str, datetime]:
        """The places that are paused, or wait for the first try after a pause."""
        return {name: place.until for name, place in self._places.items() if place.until is not None}
