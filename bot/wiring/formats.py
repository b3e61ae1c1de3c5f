"""The maintainers-file formats there are. It decides nothing."""

from __future__ import annotations

from adapters.rosterfile import FORMATS, detect
from bot.ports import RosterFormat


def roster_formats() -> tuple[RosterFormat, ...]:
    """Every format, in the order in which they are tried."""
    return FORMATS


def detect_roster_format(path: str, data: bytes) -> RosterFormat:
    """The format that a file is in. Raises RosterError if none or several fit."""
    return detect(path, data)
