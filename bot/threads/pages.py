"""The page on which a motion is voted on, as a number; and whether it is one that may show the motion."""

from __future__ import annotations

from bot.core.motion import Motion
from bot.core.people import fold_login
from bot.core.threads import status_key, thread_link
from bot.ports import Ledger, RosterError
from bot.repositories import Repository
from bot.rosters import Rosters
from bot.threads.changes import Diffs


class Pages:
    """Finds motions' pages. What was found good once stays so: a later push must not hide the result."""

    def __init__(self, *, ledger: Ledger, rosters: Rosters) -> None:
        self._ledger, self._diffs = ledger, Diffs(rosters)
        self._good: set[int] = set()

    async def number_of(self, motion: Motion, repository: Repository) -> int:
        """The number of the issue or pull request, or 0. Raises ForgeError."""
        link = thread_link(motion)
        if repository.threads is None or not link:
            return 0
        number = await repository.threads.number_of(link)
        return number if number and await self._may_show(motion, repository, number) else 0

    async def _may_show(self, motion: Motion, repository: Repository, number: int) -> bool:
        """Of a candidacy: whether the pull request has made it public, by adding that very person (R24, R27)."""
        if motion.policy.kind != "add" or motion.number in self._good:
            return True
        posted = self._ledger.row(status_key(motion.number))
        if posted is None or not posted.ref:
            person = self._ledger.reader().directory().person(motion.subject) if motion.subject is not None else None
            try:
                found = await self._diffs.of(repository, number)
            except RosterError:
                return False
            joins = found.joining if found is not None else None
            if joins is None or person is None or joins != (fold_login(person.login), motion.role):
                return False
        self._good.add(motion.number)
        return True
