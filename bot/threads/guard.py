"""The merge guard: looks at open pull requests, and shows on each commit whether it may be merged (T20).

It decides nothing and merges nothing (R47): a required check in the repository's settings is what stops a person.
"""

from __future__ import annotations

import structlog

from bot.core.guard import GONE, STRANGER, UNTOUCHED, Verdict, unreadable, verdict
from bot.core.motion import Motion
from bot.core.people import Person
from bot.ports import ForgeError, Ledger, OpenPull, PullChange, PullChanges, RosterError
from bot.pullchanges import Diffs
from bot.repositories import Repository
from bot.rosters import Rosters

log = structlog.get_logger("folkmoot.guard")
KEPT = 500


class Guard:
    """The guard of one repository."""

    def __init__(self, *, repository: Repository, changes: PullChanges, ledger: Ledger, rosters: Rosters) -> None:
        self._repository, self._changes, self._ledger = repository, changes, ledger
        self._diffs = Diffs(rosters)
        self._seen: dict[tuple[int, str], PullChange] = {}
        self._shown: dict[tuple[int, str], Verdict] = {}

    async def sweep(self) -> None:
        """Look at every open pull request; what has not changed is not asked for again.

        One that cannot be looked at holds up none of the others: anybody can open such a one. Raises ForgeError of the
        last that failed.
        """
        failed: ForgeError | None = None
        for pull in await self._changes.pulls():
            try:
                await self._look(pull)
            except ForgeError as error:
                log.warning("pull request not looked at", pull=pull.number, error=error.what)
                failed = error
        if failed is not None:
            raise failed

    async def look(self, number: int) -> None:
        """Look at one whose commits have changed."""
        for pull in await self._changes.pulls():
            if pull.number == number:
                await self._look(pull)

    async def _look(self, pull: OpenPull) -> None:
        key = (pull.number, pull.head)
        change = self._seen.get(key) or await self._changes.change(pull.number, self._repository.roster_path)
        if change is None or change.head != pull.head:
            return  # pushed to meanwhile: the next look finds the new commit
        if len(self._seen) > KEPT:
            self._seen.clear()
            self._shown.clear()
        self._seen[key] = change
        said = await self._verdict(change)
        if self._shown.get(key) != said:
            await self._changes.show(pull, said)
            self._shown[key] = said

    async def _verdict(self, change: PullChange) -> Verdict:
        if change.unreadable:
            return unreadable(change.unreadable)
        if change.before == change.after:
            return UNTOUCHED
        try:
            diff = self._diffs.between(self._repository, change)
        except RosterError as error:
            return unreadable(f"{error.path}, line {error.line}" if error.line else error.path)
        login = diff.joining[0] if diff.joining is not None else diff.leaving
        person = self._ledger.reader().directory().by_login(login) if login else None
        doubt = await self._doubt(person) if person is not None and diff.joining is not None else None
        if doubt is not None:
            return doubt
        return verdict(diff, person.id if person else None, self._motions(person), head=self._ledger.head()[:16])

    async def _doubt(self, person: Person) -> Verdict | None:
        """Of who would join: whether the login is somebody else's by now (T3), or nobody's (F39). Raises ForgeError.

        Who would leave is named by the file as it stands, whatever has become of their account.
        """
        if self._repository.identities is None or person.forge_id is None:
            return None
        found = await self._repository.identities.by_login(person.login)
        if found is None:
            return GONE
        return STRANGER if found.key != person.forge_id else None

    def _motions(self, person: Person | None) -> list[Motion]:
        reader = self._ledger.reader()
        mine = [e for e in reader.entries() if person is not None and e.subject == person.id]
        found = [reader.motion(entry.number) for entry in mine if entry.repository == self._repository.name]
        return [motion for motion in found if motion is not None]


async def guarded(guard: Guard) -> None:
    """A sweep that fails is told to the log, and holds up nothing else."""
    try:
        await guard.sweep()
    except ForgeError as error:
        log.warning("pull requests not looked at", error=error.what, remedy=error.remedy)
