"""The numbered points of a run, and the kill that may happen at one of them. Nothing here knows what runs."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable


class Killed(BaseException):
    """The process is dead from this point on: nothing of it may commit or call outside any more."""


class Points:
    """Counts `reach(name)` from any thread, and raises at point number `kill_at`. A kill stays dead.

    Once it has raised, every later point raises too, whichever task or thread comes to it; as there is one before
    each commit and each outside call, none of those can happen. `look` is called at each point while alive.
    """

    def __init__(self, kill_at: int | None = None, *, look: Callable[[str], None] | None = None) -> None:
        self._lock = threading.Lock()
        self._kill_at, self._look = kill_at, look
        self.names: Counter[str] = Counter()
        self.reached = 0
        self.dead = False
        self.died_at = ""
        self.refused = 0

    def reach(self, name: str) -> None:
        """Pass a point, or die at it."""
        with self._lock:
            if self.dead:
                self.refused += 1
                raise Killed(f"dead since {self.died_at}, now at {name}")
            self.reached += 1
            self.names[name] += 1
            if self.reached == self._kill_at:
                self.dead, self.died_at = True, name
                raise Killed(f"killed at {name}")
        if self._look is not None:
            self._look(name)

    def kill(self) -> None:
        """Be dead from now on, wherever it is."""
        with self._lock:
            if not self.dead:
                self.dead, self.died_at = True, "the harness"
