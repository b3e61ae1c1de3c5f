"""Where time and chance come from, and the points at which a harness kills."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from bot.core.people import PersonId


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class Ids(Protocol):
    """Where randomness comes from."""

    def person(self) -> PersonId:
        """A new internal id of a person."""
        ...

    def salt(self) -> str:
        """A new salt of 128 bits, in hex, for the texts of one request."""
        ...


Point = Callable[[str], None]
"""Called by name before and after each commit and each outside call; the fault harness raises in it."""


def no_point(name: str) -> None:
    """The point that does nothing: what production runs with."""
