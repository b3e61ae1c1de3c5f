"""Reads what a pull request does to the maintainers file, by the file's own format."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.people import RosterRow
from bot.core.roster_diff import RosterDiff, roster_diff
from bot.ports import FileAt, PullChange, RosterError
from bot.repositories import Repository
from bot.rosters import Rosters


class Diffs:
    """Compares the maintainers file of a pull request with the one that it started from."""

    def __init__(self, rosters: Rosters) -> None:
        self._rosters = rosters

    async def of(self, repository: Repository, number: int) -> RosterDiff | None:
        """What the open pull request of this number changes; None if there is none. Raises ForgeError, RosterError."""
        if repository.changes is None:
            return None
        change = await repository.changes.change(number, repository.roster_path)
        return self.between(repository, change) if change is not None else None

    def between(self, repository: Repository, change: PullChange) -> RosterDiff:
        """What it changes. Raises RosterError where either side cannot be read."""
        if change.unreadable:
            what, remedy = change.unreadable, "make it a regular file again"
            raise RosterError(path=repository.roster_path, line=0, what=what, remedy=remedy)
        before, after = (self._rows(repository, data) for data in (change.before, change.after))
        return roster_diff(before, after, repository.role_of)

    def _rows(self, repository: Repository, data: bytes | None) -> Sequence[RosterRow]:
        if data is None:
            return ()
        path = repository.roster_path
        form = self._rosters.format_of(repository, FileAt(path=path, branch="", commit="", data=data))
        return form.read(path=path, data=data)
