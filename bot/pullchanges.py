"""Reads what a pull request does to the maintainers file, by the file's own format."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.people import RosterRow, fold_login
from bot.core.roster_diff import RosterDiff, roster_diff
from bot.core.rules import PullRequest
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

    async def adds(self, repository: Repository, number: int, login: str, role: str) -> PullRequest | None:
        """The pull request now, if what it does to the file is giving this person this role. Raises ForgeError."""
        change = await repository.changes.change(number, repository.roster_path) if repository.changes else None
        return self.adding(repository, change, login, role) if change is not None else None

    def adding(self, repository: Repository, change: PullChange, login: str, role: str) -> PullRequest | None:
        """The same of a change that was read."""
        try:
            if self.between(repository, change).joining != (fold_login(login), role):
                return None
            mine = [row for row in self._rows(repository, change.after) if fold_login(row.login) == fold_login(login)]
        except RosterError:
            return None
        record = "\n".join("\t".join((row.section, row.login, row.name, row.email, row.company)) for row in mine)
        return PullRequest(head=change.head, record=record, others=change.others)

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
