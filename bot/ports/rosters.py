"""Maintainers files: what a format reads and edits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from bot.core.people import RosterRow


class RosterError(Exception):
    """A maintainers file that cannot be read, or an edit that is refused (R6).

    `line` counts from 1, or is 0 where the whole file is meant. `remedy` says what a person can do.
    """

    def __init__(self, *, path: str, line: int, what: str, remedy: str) -> None:
        super().__init__(f"{path}:{line}: {what}" if line else f"{path}: {what}")
        self.path, self.line, self.what, self.remedy = path, line, what, remedy


PersonField = Literal["login", "name", "email", "company"]
"""What a maintainers file may say of a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterChange:
    """One person added to `sections`, removed from them, or moved into them out of `sources`.

    Sections are called as the file itself calls them. None named means the only list of the file, or its unnamed
    one; a move without `sources` leaves the one other section that the person is in. A person without a login is
    found by mail address or name. What a move does not give is taken from the record that is moved.
    """

    action: Literal["add", "remove", "move"]
    sections: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    login: str = ""
    name: str = ""
    email: str = ""
    company: str = ""


class RosterFormat(Protocol):
    """A maintainers-file format: reads people, edits one person's records and no other byte.

    `needs` is what must be known of somebody to be added, `holds` what a record of this format can say.
    """

    name: str
    needs: frozenset[PersonField]
    holds: frozenset[PersonField]

    def recognises(self, *, path: str, data: bytes) -> bool:
        """Whether this looks like a file of this format (content and name)."""
        ...

    def read(self, *, path: str, data: bytes) -> tuple[RosterRow, ...]:
        """The people in the file's order. Raises RosterError for anything it does not understand."""
        ...

    def edit(self, *, path: str, data: bytes, change: RosterChange) -> bytes:
        """The file with exactly that change. Raises RosterError, changing nothing, if it cannot."""
        ...
