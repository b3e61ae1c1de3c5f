"""The front desk: takes what members ask on any platform to the clerk, and gives the private answer.

Whatever goes wrong, the member gets one clear answer; "Recorded" is only ever said after the commit.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

import structlog

from bot.catching import Catching
from bot.clerk import SEEN, Clerk, Request
from bot.core.answers import Answer, Params, Refused
from bot.core.cards import Card, Reply
from bot.core.commands import ChoosePings, HelpDco, LinkAccount, ReleaseAccount, Second
from bot.core.effects import wish_of
from bot.core.grammar import Parsed, Query, parse, read
from bot.core.menu import BY_NAME, REPO
from bot.core.people import PersonId, PlatformUser
from bot.core.reactions import choice_of
from bot.core.wording import Scene, answer_card
from bot.dcohelp import DcoHelp
from bot.linking import Linking, acting
from bot.lookups import Lookups
from bot.mentions import named
from bot.meter import Meter
from bot.names import DirectoryNames
from bot.ports import (
    Clock,
    Filled,
    Inbound,
    Ledger,
    LivePoll,
    NotRecorded,
    Pressed,
    Reacted,
    Standing,
    Typed,
)
from bot.questions import Questions
from bot.repositories import Repositories, Repository

log = structlog.get_logger("folkmoot.desk")
QUIET_SECONDS = 4.0
SPANNING = frozenset({"mine", "list", "help", "pings", "pings-on", "pings-off", "link", "unlink"})
"""What is answered for all repositories of a place at once."""
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
        repositories: Repositories,
        lookups: Lookups,
        questions: Questions,
        linking: Linking,
        dco: DcoHelp,
        meter: Meter | None = None,
    ) -> None:
        self._meter = meter or Meter()
        self._clerk, self._ledger, self._clock = clerk, ledger, clock
        self._repositories, self._lookups, self._questions = repositories, lookups, questions
        self._linking, self._dco = linking, dco
        self._catching = Catching(desk=self, clerk=clerk, ledger=ledger, clock=clock)
        self._asking: set[asyncio.Future[None]] = set()

    async def ask(self, inbound: Inbound) -> Card:
        """Handle one request to its end. Never raises an Exception: a fault is an answer with an incident id."""
        busy: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._asking.add(busy)
        began, recorded = perf_counter(), True
        motion = 0 if isinstance(inbound.act, Typed) else inbound.act.motion
        with structlog.contextvars.bound_contextvars(motion=motion):
            try:
                return await self._ask(inbound)
            except NotRecorded as error:
                recorded = False
                return self._fault(inbound, error, what="I could not write to the ledger")
            except Exception as error:  # the top of an inbound handler: shown with an incident id, logged whole
                recorded = False
                return self._fault(inbound, error, what="")
            finally:
                self._asking.discard(busy)
                busy.set_result(None)
                self._meter.answered(perf_counter() - began, recorded=recorded)

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
        directory = self._ledger.reader().directory()
        parsed = self._parse(named(inbound, directory))
        if parsed is None:
            return SILENT
        if isinstance(parsed, Refused):
            return self._refusal(parsed)
        actor = directory.by_account(inbound.who.key)
        acts = acting(directory, inbound.who.key, self._clock.now())
        direct = not inbound.channel
        found = self._find(inbound, parsed, acts.id if acts else None)
        if isinstance(found, Refused):
            return self._refusal(found)
        here, number = found
        structlog.contextvars.bind_contextvars(motion=number)
        if isinstance(parsed.ask, Query):
            asker = actor if parsed.verb == "whoami" else acts
            return await self._questions.answer(parsed.ask, here, number, asker, inbound.who.key, direct=direct)
        repository = here[0]
        if isinstance(parsed.ask, HelpDco):
            helped = await self._dco.answer(parsed.ask, repository, acts)
            return self._refusal(helped) if isinstance(helped, Refused) else helped
        if isinstance(parsed.ask, LinkAccount):
            return self._answer(await self._linking.begin(inbound.who))
        if actor is not None and isinstance(parsed.ask, ReleaseAccount):
            key = inbound.act.key if isinstance(inbound.act, Pressed) else ""
            only = inbound.who.key if acts is None else ""
            undone = await self._linking.release(parsed.ask, actor, here, request=inbound.request, key=key, only=only)
            return self._answer(undone)
        held = directory.held(inbound.who.key)
        if actor is not None and acts is None and held is not None:
            return self._refusal(Refused(code="link-held", params={"until": held.isoformat(), "what": parsed.verb}))
        if actor is not None and isinstance(parsed.ask, ChoosePings):
            return answer_card(await self._clerk.choose_pings(inbound.request, actor.id, parsed.ask), self._scene())
        if actor is None or isinstance(parsed.ask, ChoosePings | ReleaseAccount):
            params: Params = {"account": inbound.who.key, "what": parsed.verb, "map": repository.links_path}
            return self._refusal(Refused(code="unlinked", params=params))
        if isinstance(inbound.act, Reacted) and not inbound.act.added:
            return self._still_stands(number, actor.id)
        facts = await self._lookups.facts(parsed.ask, repository, actor.id, number)
        if isinstance(facts, Refused):
            return self._refusal(facts)
        if isinstance(parsed.ask, Second) and isinstance(inbound.act, Pressed):
            facts = replace(facts, wish=wish_of(inbound.act.key))
        request = Request(
            id=inbound.request,
            motion=number,
            command=parsed.ask,
            actor=actor.id,
            facts=facts,
            repository=repository,
            proof=inbound.act.key if isinstance(inbound.act, Pressed) else "",
            sighting=inbound.sighting,
        )
        answer = await self._clerk.record(request)
        return SILENT if answer is SEEN else answer_card(answer, self._scene())

    async def catch_up(self, poll: LivePoll, found: Sequence[Standing]) -> Sequence[tuple[PlatformUser, Card]]:
        """Take in what stands on a poll after an outage; whose new reactions contradict each other has to press."""
        told: list[tuple[PlatformUser, Card]] = []
        try:
            news = await self._catching.take_in(poll, found)
        except NotRecorded as error:  # asked again at the next connect: nothing is lost by waiting
            log.warning("reactions not taken in", motion=poll.motion, channel=poll.channel, error=str(error))
            return told
        for who, new in news:
            card = await self.ask(new) if isinstance(new, Inbound) else answer_card(new, self._scene())
            if card != SILENT:
                told.append((who, card))
        return told

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
                values = dict(act.values) if isinstance(act, Filled) else {}
                repo = values.pop(REPO, "") if verb.about == "none" else ""
                parsed = read(verb, act.motion, values, via="button", acted_at=acted_at)
                return replace(parsed, repo=repo) if isinstance(parsed, Parsed) else parsed

    def _find(
        self, inbound: Inbound, parsed: Parsed, actor: PersonId | None
    ) -> tuple[Sequence[Repository], int] | Refused:
        """The repository and the motion that a request is about; in a direct message the number tells."""
        reader = self._ledger.reader()
        here = self._repositories.of_channel(inbound.channel) if inbound.channel else self._repositories.all()
        if not here:
            return Refused(code="no-repository")
        if parsed.motion:
            motion = reader.motion(parsed.motion)
            about = self._repositories.named(motion.opened.repository) if motion else None
            secret = motion is not None and not motion.proposed and actor is None
            hidden = not inbound.channel and self._questions.visible(parsed.motion, actor, direct=True) is None
            if motion is None or about is None or about not in here or hidden or secret:
                return Refused(code="no-such-motion")
            return (about,), parsed.motion
        if BY_NAME[parsed.verb].about == "none":
            spans = parsed.verb in SPANNING and not parsed.repo
            return (here, 0) if spans else self._named(here, parsed.repo)
        names = {repository.name: repository for repository in here}
        known = [e for each in here for e in self._questions.entries(each, actor, direct=not inbound.channel)]
        mine = [e for e in known if e.stage != "contact"]
        voting = [e for e in mine if e.stage in {"announcing", "seconding", "discussion", "open"}]
        if len(mine) == 1 or len(voting) == 1:
            entry = (voting or mine)[0]
            return (names[entry.repository],), entry.number
        return Refused(code="number-missing", params={"open": len(mine)})

    def _named(self, here: Sequence[Repository], name: str) -> tuple[Sequence[Repository], int] | Refused:
        """The channel's repository; where several share it, the one that `--repo` names (R4)."""
        found = [repository for repository in here if repository.name == name] if name else list(here)
        if len(found) == 1:
            return found, 0
        known = ", ".join(repository.name for repository in here)
        return Refused(code="which-repository", params={"known": known})

    def _scene(self) -> Scene:
        """What wording needs: names and the present."""
        return Scene(names=DirectoryNames(self._ledger.reader().directory()), now=self._clock.now())

    def _answer(self, found: Answer | Refused) -> Card:
        return self._refusal(found) if isinstance(found, Refused) else answer_card(found, self._scene())

    def _refusal(self, refused: Refused) -> Card:
        return answer_card(Answer(ok=False, code=refused.code, params=refused.params), self._scene())

    def _still_stands(self, number: int, actor: PersonId) -> Card:
        """Removing a reaction never retracts: say that the ballot stands, if there is one (R15)."""
        motion = self._ledger.reader().motion(number)
        if motion is None or not motion.open or (choice := motion.choice_of(actor)) is None:
            return SILENT
        params: Params = {"motion": number, "choice": choice, "practice": motion.practice}
        answer = Answer(ok=True, code="ballot-stands", params=params)
        return answer_card(answer, self._scene())
