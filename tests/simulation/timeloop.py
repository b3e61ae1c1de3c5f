"""An event loop whose time goes on only when nothing else can happen: real sockets, and no second of waiting.

Both ends of every socket of a simulation are in the one thread of this loop, and what is sent over loopback is there
at once. So where no socket is ready, nothing is under way, and the time may jump to whatever is due next.
"""

from __future__ import annotations

import asyncio
import os
import selectors
from collections.abc import Callable
from dataclasses import dataclass

PATIENCE = 1.0
"""Real seconds to wait for another thread where nothing at all is due."""


@dataclass(slots=True)
class Elapsed:
    """Seconds since the beginning of a simulation. It outlives the loops."""

    seconds: float = 0.0


class _Selector(selectors.DefaultSelector):
    """Waits for no time to pass: where nothing is ready, it lets the time pass."""

    def __init__(self, elapsed: Elapsed) -> None:
        super().__init__()
        self._elapsed = elapsed

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        os.sched_yield()  # the kernel may just be bringing something
        ready = super().select(0)
        if ready:
            return ready
        if timeout is None:
            return super().select(PATIENCE)
        self._elapsed.seconds += timeout
        return []


class TimeLoop(asyncio.SelectorEventLoop):
    """The loop. Its `time` is that of the simulation."""

    def __init__(self, elapsed: Elapsed) -> None:
        self._elapsed = elapsed
        super().__init__(_Selector(elapsed))

    def time(self) -> float:
        return self._elapsed.seconds


def loops(elapsed: Elapsed) -> Callable[[], asyncio.AbstractEventLoop]:
    """A maker of loops, one for each life, that go on from one another."""
    return lambda: TimeLoop(elapsed)
