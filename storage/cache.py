"""Motions kept in memory: those that have not ended, and a few others. Only what is committed is ever in here."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Final

from bot.core.motion import Motion

_KEPT: Final = 64


class Shelf:
    """A few motions, the least recently used dropped first. Safe to use from any thread."""

    def __init__(self, size: int = _KEPT) -> None:
        self._size, self._lock = size, Lock()
        self._motions: OrderedDict[int, Motion] = OrderedDict()

    def get(self, number: int) -> Motion | None:
        with self._lock:
            found = self._motions.get(number)
            if found is not None:
                self._motions.move_to_end(number)
            return found

    def put(self, motion: Motion) -> None:
        with self._lock:
            self._motions[motion.number] = motion
            self._motions.move_to_end(motion.number)
            while len(self._motions) > self._size:
                self._motions.popitem(last=False)

    def drop(self, number: int) -> None:
        with self._lock:
            self._motions.pop(number, None)


class Motions:
    """What the writer knows of motions as committed. Only the writer's thread changes it; any thread may look."""

    def __init__(self) -> None:
        self._live: dict[int, Motion] = {}
        self._ended = Shelf()

    def get(self, number: int) -> Motion | None:
        return self._live.get(number) or self._ended.get(number)

    def publish(self, motion: Motion) -> None:
        """The motion as it is committed now."""
        if motion.ended:
            self._live.pop(motion.number, None)
            self._ended.put(motion)
        else:
            self._live[motion.number] = motion

    def drop(self, numbers: Mapping[int, object]) -> None:
        """Forget these: they are read again when they are asked for."""
        for number in numbers:
            self._live.pop(number, None)
            self._ended.drop(number)

    def __len__(self) -> int:
        return len(self._live)
