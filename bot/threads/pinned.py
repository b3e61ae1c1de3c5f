"""Looks again at the pull requests that candidacies are voted on in: whether they still do what they did (R27, T20)."""

from __future__ import annotations

import structlog

from bot.clerk import Clerk
from bot.core.commands import Does, NotePullRequest
from bot.core.motion import Motion
from bot.core.people import PersonId
from bot.core.prose import Prose, digest
from bot.ports import ForgeError, Ledger
from bot.pullchanges import Diffs
from bot.repositories import Repository
from bot.rosters import Rosters

log = structlog.get_logger("folkmoot.pinned")


class PinnedPulls:
    """Tells the clerk what has become of them. It decides nothing."""

    def __init__(self, *, ledger: Ledger, clerk: Clerk, rosters: Rosters) -> None:
        self._ledger, self._clerk, self._diffs = ledger, clerk, Diffs(rosters)

    async def check(self, repository: Repository) -> None:
        """Look at those of a repository. One that cannot be read now is looked at the next time."""
        if repository.changes is None or repository.threads is None:
            return
        reader = self._ledger.reader()
        for entry in reader.entries(unfinished=True):
            motion = reader.motion(entry.number) if entry.repository == repository.name else None
            if motion is None or motion.opened.pinned is None:
                continue
            try:
                await self._look(motion, repository)
            except ForgeError as error:
                log.warning("pull request not looked at", motion=motion.number, error=error.what)

    async def _look(self, motion: Motion, repository: Repository) -> None:
        link = motion.opened.link.text if motion.opened.link is not None else None
        if repository.changes is None or repository.threads is None or not link:
            return
        number = await repository.threads.number_of(link)
        change = await repository.changes.change(number, repository.roster_path) if number else None
        if change is None:
            return  # it is closed or merged: what counts then is the roster
        pull = self._diffs.adding(repository, change, self._login(motion.subject), motion.role)
        pinned = motion.opened.pinned
        does: Does = "other"
        if pull is not None and pinned is not None:
            does = "same" if _equal(pull.record, pinned.record) and pull.others == pinned.others else "altered"
        await self._clerk.tell(motion.number, NotePullRequest(head=change.head, does=does))

    def _login(self, subject: PersonId | None) -> str:
        person = self._ledger.reader().directory().person(subject) if subject is not None else None
        return person.login if person is not None else ""


def _equal(record: str, pinned: Prose) -> bool:
    """Whether a record reads as it did; of one that was erased nobody can say otherwise."""
    return pinned.salt is None or digest(record, pinned.salt) == pinned.digest
