"""What a member may be offered while typing: logins that are known, and the open motions they may know of."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.people import fold_login
from bot.core.plain import plain_line
from bot.core.wording.spans import Scene, proposal
from bot.linking import acting
from bot.names import DirectoryNames
from bot.ports import Clock, Ledger
from bot.questions import Questions
from bot.repositories import Repositories

MOST = 25


class LedgerCompletion:
    """The `Completion` port over the ledger."""

    def __init__(self, *, ledger: Ledger, clock: Clock, repositories: Repositories, questions: Questions) -> None:
        self._ledger, self._clock = ledger, clock
        self._repositories, self._questions = repositories, questions

    def people(self, channel: str, account: str, typed: str) -> Sequence[str]:
        """Logins that begin like, or hold, what is typed; the best first, 25 at most."""
        wanted, directory = fold_login(typed), self._ledger.reader().directory()
        actor = acting(directory, account, self._clock.now())
        here = bool(channel) and bool(self._repositories.of_channel(channel))
        secret = frozenset() if here else self._questions.secret(actor.id if actor else None)
        logins = [person.login for person in directory.everyone() if person.login and person.id not in secret]
        fitting = [login for login in logins if wanted in login.casefold()]
        return sorted(fitting, key=lambda login: (not login.casefold().startswith(wanted), login.casefold()))[:MOST]

    def motions(self, channel: str, account: str, typed: str) -> Sequence[tuple[int, str]]:
        """Open motions of the channel's repositories with their titles; the newest first, 25 at most."""
        reader = self._ledger.reader()
        directory = reader.directory()
        actor = acting(directory, account, self._clock.now())
        scene = Scene(names=DirectoryNames(directory), now=self._clock.now())
        here = self._repositories.of_channel(channel) if channel else self._repositories.all()
        found: list[tuple[int, str]] = []
        for repository in here:
            for entry in self._questions.entries(repository, actor.id if actor else None, direct=not channel):
                motion = reader.motion(entry.number)
                title = plain_line(proposal(motion, scene)) if motion is not None else ""
                wanted = typed.strip().removeprefix("#").casefold()
                if wanted in str(entry.number) or wanted in title.casefold():
                    found.append((entry.number, title))
        return sorted(found, reverse=True)[:MOST]
