"""Answers questions that change nothing: status, list, mine, whoami, why, help. What is private stays so (R37, R43)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import structlog

from bot.core.activity import candidate_window, candidates, review, review_window
from bot.core.answers import Answer, Refused
from bot.core.cards import Card
from bot.core.docket import DocketEntry
from bot.core.grammar import Query
from bot.core.motion import Motion
from bot.core.people import MAINTAINER, Person, PersonId
from bot.core.rules import RosterFault
from bot.core.wording import (
    Scene,
    answer_card,
    candidates_card,
    help_card,
    list_card,
    mine_card,
    pings_card,
    review_card,
    status_card,
    whoami_card,
    why_card,
    why_nothing_card,
)
from bot.hours import Rota
from bot.names import DirectoryNames
from bot.ports import Clock, ForgeError, Ledger, RosterError
from bot.repositories import Repository
from bot.rosters import Rosters

log = structlog.get_logger("folkmoot.questions")


class Questions:
    """Reads the ledger and the rosters, and says what is there."""

    def __init__(self, *, ledger: Ledger, clock: Clock, rosters: Rosters, rota: Rota) -> None:
        self._ledger, self._clock, self._rosters, self._rota = ledger, clock, rosters, rota

    async def answer(
        self,
        query: Query,
        here: Sequence[Repository],
        number: int,
        asker: Person | None,
        account: str,
        *,
        direct: bool = False,
    ) -> Card:
        """The card that answers the question. `here` has one repository, or all for a question that spans them.

        In a direct message anybody of the workspace may ask: there one is told of what one may know anyhow.
        """
        actor = asker.id if asker else None
        repository = here[0]
        match query.verb:
            case "status":
                motion = self.visible(number, actor, direct=direct)
                if motion is None:
                    return self._refusal(Refused(code="no-such-motion"))
                return status_card(motion, actor, self.scene())
            case "list":
                entries = [entry for each in here for entry in self.entries(each, actor, direct=direct)]
                return list_card(entries, self.scene(), self._titles(entries))
            case "mine":
                entries = [entry for each in here for entry in self.entries(each, actor)]
                motions = [m for e in entries if (m := self.visible(e.number, actor))]
                return mine_card(motions, actor, self.scene())
            case "whoami":
                return await self._whoami(repository, asker, account)
            case "review" | "candidates":
                return await self._activity(query.verb, repository, actor)
            case "pings":
                return self._pings(asker, account)
            case "why":
                return self._why(query.topic, repository, actor, direct=direct)
            case _:
                return help_card(query.topic)

    def visible(self, number: int, actor: PersonId | None, *, direct: bool = False) -> Motion | None:
        """The motion, unless this person may not know of it: a contact, or beside its channel a private motion."""
        motion = self._ledger.reader().motion(number)
        if motion is None:
            return None
        if not motion.proposed:
            knows = actor is not None and actor in motion.electorate.members and actor != motion.subject
            return motion if knows else None
        if not direct or motion.policy.visibility == "public":
            return motion
        parties = {*motion.electorate.members, *motion.electorate.barred, *motion.members, motion.opened.proposer}
        return motion if actor is not None and actor in parties else None

    def _titles(self, entries: Sequence[DocketEntry]) -> Mapping[int, str]:
        """The titles of motions about a text."""
        reader = self._ledger.reader()
        motions = [reader.motion(entry.number) for entry in entries if entry.subject is None]
        return {motion.number: str(motion.opened.title or "") for motion in motions if motion is not None}

    def entries(self, repository: Repository, actor: PersonId | None, *, direct: bool = False) -> Sequence[DocketEntry]:
        """The unfinished motions that this person may know of."""
        entries = self._ledger.reader().entries(unfinished=True)
        mine = [entry for entry in entries if entry.repository == repository.name]
        return [
            e
            for e in mine
            if (e.stage != "contact" and not direct) or self.visible(e.number, actor, direct=direct) is not None
        ]

    def secret(self, actor: PersonId | None) -> frozenset[PersonId]:
        """Candidates of whom this person may not know, beside the channel; not those whose role has begun (R24)."""
        entries = [entry for entry in self._ledger.reader().entries() if entry.kind == "add" and entry.subject]
        unseen = [entry for entry in entries if self.visible(entry.number, actor, direct=True) is None]
        motions = [motion for entry in unseen if (motion := self._ledger.reader().motion(entry.number)) is not None]
        return frozenset(m.subject for m in motions if m.subject is not None and m.effective is None)

    async def _whoami(self, repository: Repository, asker: Person | None, account: str) -> Card:
        roster = await self._rosters.read(repository)
        directory = self._ledger.reader().directory()
        if isinstance(roster, RosterFault):
            return whoami_card(asker, account, repository.name, "", 0, 0)
        linked = [p for p in roster.maintainers if (person := directory.person(p)) and person.accounts]
        role = roster.role_of(asker.id) or "" if asker else ""
        return whoami_card(asker, account, repository.name, role, len(linked), len(roster.maintainers))

    async def _activity(self, verb: str, repository: Repository, actor: PersonId | None) -> Card:
        """Who did what, from the history: for maintainers' eyes only (R9, R35, R36)."""
        roster = await self._rosters.read(repository)
        if isinstance(roster, RosterFault) or roster.role_of(actor) != MAINTAINER:
            return self._refusal(Refused(code="maintainers-only"))
        if repository.activity is None:
            return self._refusal(Refused(code="history-unreadable"))
        now = self._clock.now()
        since, until = review_window(now) if verb == "review" else candidate_window(now)
        try:
            rows = await self._rosters.rows(repository)
            report = await repository.activity.activity(since=since, until=until)
        except (ForgeError, RosterError) as error:
            log.warning("history unreadable", repository=repository.name, error=str(error))
            return self._refusal(Refused(code="history-unreadable"))
        held = [row for row in rows if repository.role_of(row) == MAINTAINER]
        if verb == "review":
            return review_card(review(report, held), report, repository.name)
        return candidates_card(candidates(report, held), repository.name)

    def _pings(self, asker: Person | None, account: str) -> Card:
        """How the asker is reminded."""
        if asker is None:
            return self._refusal(Refused(code="unlinked", params={"account": account, "what": "pings"}))
        hours = self._rota.of(asker)
        on = asker.pings is None or asker.pings.on
        return pings_card(on, hours.zone if hours else "UTC", (hours.start, hours.end) if hours else None)

    def _why(self, login: str, repository: Repository, actor: PersonId | None, *, direct: bool) -> Card:
        """Beside the channel nobody is told whether a login is known: it may be that of a private candidacy (R24)."""
        person = self._ledger.reader().directory().by_login(login)
        entries = [e for e in self.entries(repository, actor, direct=direct) if e.stage != "contact"]
        motions = [m for e in entries if (m := self._ledger.reader().motion(e.number)) and m.open]
        if direct and not motions:
            return why_nothing_card(login, repository.name)
        if person is None:
            return self._refusal(Refused(code="unknown-person"))
        return why_card(person.id, motions, repository.name, self.scene())

    def scene(self) -> Scene:
        """What wording needs: names and the present."""
        return Scene(names=DirectoryNames(self._ledger.reader().directory()), now=self._clock.now())

    def _refusal(self, refused: Refused) -> Card:
        return answer_card(Answer(ok=False, code=refused.code, params=refused.params), self.scene())
