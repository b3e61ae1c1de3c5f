"""The page on which a motion is voted on, as a number; and whether it is one that may show the motion.

Must never give one page to two motions at a time: what is written there would be counted for the wrong one.
"""

from __future__ import annotations

from bot.core.motion import Motion
from bot.core.people import fold_login
from bot.core.threads import status_key, thread_link
from bot.ports import Ledger, RosterError
from bot.pullchanges import Diffs
from bot.repositories import Repository
from bot.rosters import Rosters

_OWN = frozenset({"add", "remove"})
"""The kinds of motion whose page is the pull request that does what they are about: nothing else is voted on there."""


class Pages:
    """Finds motions' pages. What was found good once stays so: a later push must not hide the result."""

    def __init__(self, *, ledger: Ledger, rosters: Rosters) -> None:
        self._ledger, self._diffs = ledger, Diffs(rosters)
        self._good: set[int] = set()
        self._there: set[tuple[str, int]] = set()

    async def number_of(self, motion: Motion, repository: Repository) -> int:
        """The number of the issue or pull request, or 0. Raises ForgeError."""
        number = await self._named_by(motion, repository)
        return number if number and await self._may_show(motion, repository, number) else 0

    async def voted_on(self, number: int, repository: Repository) -> Motion | None:
        """The motion that has not ended and whose page this is, the open one first. Raises ForgeError."""
        claims = [each for each in self.unfinished(repository) if await self.number_of(each, repository) == number]
        still = [each for each in claims if each.open]
        if still:
            return min(still, key=lambda each: (each.policy.kind not in _OWN, each.number))
        return claims[0] if claims else None

    def of_status(self, comment: str, repository: Repository) -> Motion | None:
        """The motion whose status this comment is, while it has not ended: a reaction is about what it stands on."""
        for motion in self.unfinished(repository):
            row = self._ledger.row(status_key(motion.number))
            if row is not None and row.ref and row.ref == comment:
                return motion
        return None

    def unfinished(self, repository: Repository) -> list[Motion]:
        """The motions of a repository that have not ended, the newest first."""
        reader = self._ledger.reader()
        mine = [entry for entry in reader.entries(unfinished=True) if entry.repository == repository.name]
        found = [reader.motion(entry.number) for entry in reversed(mine)]
        return [motion for motion in found if motion is not None]

    async def _named_by(self, motion: Motion, repository: Repository) -> int:
        link = thread_link(motion)
        return await repository.threads.number_of(link) if repository.threads is not None and link else 0

    async def _may_show(self, motion: Motion, repository: Repository, number: int) -> bool:
        """Whether nothing private is shown there, and no other motion is voted on there (R24, R27)."""
        posted = self._ledger.row(status_key(motion.number))
        if motion.number in self._good or (posted is not None and posted.ref):
            return True
        if motion.policy.kind not in _OWN:
            return await self._is_there(repository, number) and not await self._taken(motion, repository, number)
        if motion.policy.kind == "add" and not await self._adds(motion, repository, number):
            return False
        self._good.add(motion.number)
        return True

    async def _adds(self, motion: Motion, repository: Repository, number: int) -> bool:
        """Whether this pull request has made the candidacy public, by adding that very person."""
        person = self._ledger.reader().directory().person(motion.subject) if motion.subject is not None else None
        try:
            found = await self._diffs.of(repository, number)
        except RosterError:
            return False
        joins = found.joining if found is not None else None
        return joins is not None and person is not None and joins == (fold_login(person.login), motion.role)

    async def _is_there(self, repository: Repository, number: int) -> bool:
        """Whether there is such a page at all: a motion can name any number."""
        key = (repository.name, number)
        if key not in self._there:
            if repository.threads is None or await repository.threads.page(number) is None:
                return False
            self._there.add(key)
        return True

    async def _taken(self, motion: Motion, repository: Repository, number: int) -> bool:
        """Whether another motion is voted on there: about a person, or opened before this one.

        Anybody can name any page in a motion of theirs, and would have the ballots that are written there.
        """
        for other in self.unfinished(repository):
            if other.number == motion.number or await self._named_by(other, repository) != number:
                continue
            if other.policy.kind in _OWN:
                if await self.number_of(other, repository):
                    return True
            elif other.open and other.number < motion.number:
                return True
        return False
