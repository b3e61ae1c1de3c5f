"""What is under way to the bot: each thing arrives at its time, and things of one instant in their order."""

from __future__ import annotations

import heapq
import itertools
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")


class Transit(Generic[T]):
    """A network between members and the bot."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, T]] = []
        self._numbers = itertools.count()

    def send(self, thing: T, at: datetime) -> None:
        """It arrives then."""
        heapq.heappush(self._heap, (at, next(self._numbers), thing))

    def next_at(self) -> datetime | None:
        """When something arrives next."""
        return self._heap[0][0] if self._heap else None

    def arrived(self, now: datetime) -> list[T]:
        """All that has arrived by now, once."""
        found = []
        while self._heap and self._heap[0][0] <= now:
            found.append(heapq.heappop(self._heap)[2])
        return found
