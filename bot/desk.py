"""The front desk: takes what members ask on any platform to the clerk, and gives the private answer.

Whatever goes wrong, the member gets one clear answer; "Recorded" is only ever said after the commit.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping

import structlog

from bot import rulebooks
from bot.clerk import Clerk, Request
from bot.core.answers import Answer, Params, Refused
from bot.core.cards import Card, Reply
from bot.core.commands import Acknowledge, MemberCommand, Nominate, RecordAnswer, TakeInvitation
from bot.core.grammar import Parsed, Query, parse, read
from bot.core.menu import BY_NAME
from bot.core.people import PersonId, Roster
from bot.core.policy import Rulebook
from bot.core.reactions import choice_of
from bot.core.rules import Facts, Opening, RosterFault
from bot.core.wording import Scene, answer_card, help_card, list_card, status_card
from bot.names import DirectoryNames
from bot.ports import (
    Clock,
    Filled,
    ForgeError,
    Ids,
    Inbound,
    Ledger,
    NotRecorded,
    Platform,
    PlatformError,
    Pressed,
    Reacted,
    Typed,
)
from bot.repositories import Repositories, Repository
from bot.rosters import Rosters

log = structlog.get_logger("folkmoot.desk")
QUIET_SECONDS = 5.0
READS = 3
"""How often roster and policy are read until both are of one commit."""
SILENT = Reply(tone="info", lines=())
"""The answer to what needs none, such as a reaction that is no ballot."""


class FrontDesk:
    """Serves every platform's members: the `Desk` port."""

    def __init__(
        self,
        *,
        clerk: Clerk,
        ledger: Ledger,
        clock: Clock,
        ids: Ids,
        repositories: Repositories,
        rosters: Rosters,
        platforms: Mapping[str, Platform],
    ) -> None:
        self._clerk, self._ledger, self._clock, self._ids = clerk, ledger, clock, ids
        self._repositories, self._rosters, self._platforms = repositories, rosters, platforms
        self._asking: set[asyncio.Future[None]] = set()

    async def ask(self, inbound: Inbound) -> Card:
        """Handle one request to its end. Never raises an Exception: a fault is an answer with an incident id."""
        busy: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._asking.add(busy)
        try:
            return await self._ask(inbound)
        except NotRecorded as error:
            return self._fault(inbound, error, what="I could not write to the ledger")
        except Exception as error:  # the top of an inbound handler: shown with an incident id, logged whole
            return self._fault(inbound, error, what="")
        finally:
            self._asking.discard(busy)
            busy.set_result(None)

    async def quiet(self) -> None:
        """Wait, some seconds at most, until every request that is being handled now is done."""
        if self._asking:
            await asyncio.wait(set(self._asking), timeout=QUIET_SECONDS)

    def _fault(self, inbound: Inbound, error: Exception, *, what: str) -> Card:
        incident = secrets.token_hex(2)
        log.error("request failed", incident=incident, request=inbound.request, error=repr(error), exc_info=error)
        params: Params = {"incident": incident, "what": what}
        return answer_card(Answer(ok=False, code="fault", params=params), self._scene())

    async def _ask(self, inbound: Inbound) -> Card:
        parsed = self._parse(inbound)
        if parsed is None:
            return SILENT
        if isinstance(parsed, Refused):
            return self._refusal(parsed)
        actor = self._ledger.reader().directory().by_account(inbound.who.key)
        found = self._find(inbound, parsed)
        if isinstance(found, Refused):
            return self._refusal(found)
        repository, number = found
        if isinstance(parsed.ask, Query):
            return self._query(parsed.ask, repository, number, actor.id if actor else None)
        if actor is None:
            return self._refusal(Refused(code="unlinked", params={"account": inbound.who.key, "what": parsed.verb}))
        if isinstance(inbound.act, Reacted) and not inbound.act.added:
            return self._still_stands(number, actor.id)
        facts = await self._facts(parsed.ask, inbound, repository, actor.id)
        if isinstance(facts, Refused):
            return self._refusal(facts)
        request = Request(
            id=inbound.request,
            motion=number,
            command=parsed.ask,
            actor=actor.id,
            facts=facts,
            repository=repository,
            proof=inbound.act.key if isinstance(inbound.act, Pressed) else "",
        )
        return answer_card(await self._clerk.record(request), self._scene())

    def _parse(self, inbound: Inbound) -> Parsed | Refused | None:
        """What is asked; None for a reaction that counts for nothing."""
        act, acted_at = inbound.act, inbound.acted_at
        match act:
            case Typed():
                return parse(act.text, via="command", acted_at=acted_at)
            case Reacted():
                choice = choice_of(act.emoji)
                if choice is None:
                    return None
                return read(BY_NAME[choice], act.motion, {}, via="reaction", acted_at=acted_at)
            case Pressed() | Filled():
                verb = BY_NAME.get(act.verb)
                if verb is None:
                    return Refused(code="unknown-verb")
                values = act.values if isinstance(act, Filled) else {}
                return read(verb, act.motion, values, via="button", acted_at=acted_at)

    def _find(self, inbound: Inbound, parsed: Parsed) -> tuple[Repository, int] | Refused:
        """The repository and the motion that a request is about; in a direct message the number tells."""
        reader = self._ledger.reader()
        here = self._repositories.of_channel(inbound.channel)
        if inbound.channel and here is None:
            return Refused(code="no-repository")
        if parsed.motion:
            motion = reader.motion(parsed.motion)
            about = self._repositories.named(motion.opened.repository) if motion else None
            if motion is None or about is None or (here is not None and about is not here):
                return Refused(code="no-such-motion")
            return about, parsed.motion
        if here is None:
            all_of_them = self._repositories.all()
            if len(all_of_them) != 1:
                return Refused(code="no-repository")
            here = all_of_them[0]
        verb = BY_NAME[parsed.verb]
        if verb.about == "none":
            return here, 0
        mine = [e for e in reader.entries(unfinished=True) if e.repository == here.name]
        voting = [e.number for e in mine if e.stage in {"announcing", "open"}]
        if len(mine) == 1 or len(voting) == 1:
            return here, (voting or [mine[0].number])[0]
        return Refused(code="number-missing", params={"open": len(mine)})

    async def _facts(
        self, command: MemberCommand, inbound: Inbound, repository: Repository, actor: PersonId
    ) -> Facts | Refused:
        """Everything that the rules need to know about the world, fetched before the transaction."""
        salt = self._ids.salt()
        if isinstance(command, Nominate):
            return await self._opening_facts(command, inbound, repository, actor, salt)
        if isinstance(command, TakeInvitation | RecordAnswer | Acknowledge):
            roster = await self._rosters.read(repository)
            if isinstance(roster, RosterFault):
                params: Params = {
                    "path": roster.path,
                    "line": roster.line,
                    "what": roster.what,
                    "remedy": roster.remedy,
                    "start": "Not recorded:",
                }
                return Refused(code="roster-unreadable", params=params)
            return Facts(actor=actor, salt=salt, current=frozenset(roster.maintainers))
        return Facts(actor=actor, salt=salt)

    async def _opening_facts(
        self, command: Nominate, inbound: Inbound, repository: Repository, actor: PersonId, salt: str
    ) -> Facts | Refused:
        read = await self._rules(repository)
        if isinstance(read, Refused):
            return read
        roster, rulebook = read
        try:
            public = [await self._is_public(name) for name in repository.channels]
        except (KeyError, PlatformError):
            return Refused(code="channel-unknown")
        directory = self._ledger.reader().directory()
        candidate = directory.by_login(command.login)
        sponsor = directory.by_login(command.sponsor) if command.sponsor else None
        now = self._clock.now()
        opening = Opening(
            repository=repository.name,
            roster=roster,
            policy=rulebook.adding(command.role),
            rulebook=rulebook.name,
            document=rulebook.document,
            channel=repository.announce,
            channel_public=any(public),
            zone=repository.zone,
            holidays=repository.holidays(now),
            candidate=candidate.id if candidate else self._ids.person(),
            sponsor=sponsor.id if sponsor else None,
            linked=frozenset(person.id for person in directory.everyone() if person.accounts),
            limit=repository.limit,
            simulated=any(platform.limits.simulated for platform in self._platforms.values()),
        )
        return Facts(actor=actor, salt=salt, opening=opening)

    async def _is_public(self, name: str) -> bool:
        """Whether outsiders can read the channel. Raises KeyError or PlatformError where that is not known (R24)."""
        platform, _, channel = name.partition(":")
        return await self._platforms[platform].is_public(channel)

    async def _rules(self, repository: Repository) -> tuple[Roster | RosterFault, Rulebook] | Refused:
        """The roster and the rules; a policy of the repository's own is taken at the roster's commit."""
        for _ in range(READS):
            roster = await self._rosters.read(repository)
            if repository.rulebook is not None:
                return roster, repository.rulebook
            try:
                file = await repository.forge.read(repository.policy_path)
                rulebook = rulebooks.parse(file.data.decode("utf-8", errors="replace"), file=file.path)
            except rulebooks.Mistaken as error:
                first = error.mistakes[0]
                return _unreadable(first.file, first.line, first.what, first.remedy)
            except ForgeError as error:
                return _unreadable(repository.policy_path, 0, error.what, error.remedy or "check the path")
            if isinstance(roster, RosterFault) or roster.commit == file.commit:
                return roster, rulebook
        return _unreadable(repository.policy_path, 0, "the branch moves while I read it", "try again")

    def _scene(self) -> Scene:
        """What wording needs: names and the present."""
        return Scene(names=DirectoryNames(self._ledger.reader().directory()), now=self._clock.now())

    def _refusal(self, refused: Refused) -> Card:
        return answer_card(Answer(ok=False, code=refused.code, params=refused.params), self._scene())

    def _query(self, query: Query, repository: Repository, number: int, actor: PersonId | None) -> Card:
        reader = self._ledger.reader()
        match query.verb:
            case "status":
                motion = reader.motion(number)
                if motion is None:
                    return self._refusal(Refused(code="no-such-motion"))
                return status_card(motion, actor, self._scene())
            case "list":
                entries = [e for e in reader.entries(unfinished=True) if e.repository == repository.name]
                return list_card(entries, self._scene())
            case _:
                return help_card(query.topic)

    def _still_stands(self, number: int, actor: PersonId) -> Card:
        """Removing a reaction never retracts: say that the ballot stands, if there is one (R15)."""
        motion = self._ledger.reader().motion(number)
        choice = motion.choice_of(actor) if motion is not None and motion.open else None
        if choice is None:
            return SILENT
        answer = Answer(ok=True, code="ballot-stands", params={"motion": number, "choice": choice})
        return answer_card(answer, self._scene())


def _unreadable(path: str, line: int, what: str, remedy: str) -> Refused:
    return Refused(code="policy-unreadable", params={"path": path, "line": line, "what": what, "remedy": remedy})
