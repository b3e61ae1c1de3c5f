"""Takes what is written on a repository's issues and pull requests to the clerk: ballots, and calls for a vote.

Everything there is public: what is refused is said once to each person and page, without their words (R24, T22).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import structlog

from bot.clerk import Clerk, Request
from bot.comments import CommandLine, command_lines
from bot.core.answers import Answer, Params, Refused
from bot.core.commands import CastBallot, MemberCommand, RetractBallot
from bot.core.effects import Effect
from bot.core.grammar import Parsed, parse
from bot.core.motion import Motion
from bot.core.people import PersonId, PlatformUser
from bot.core.reactions import FORGE_BALLOTS
from bot.core.threads import THREAD, gone_effect, status_key
from bot.core.wording.refusals.threads import IN_COMMENTS
from bot.lookups import Lookups
from bot.ports import Clock, ForgeError, Ids, Ledger, Platform, ReactedThere, Spoken, Threads, WatchedPage
from bot.repositories import Repository
from bot.threads.calls import Calls
from bot.threads.memory import Memory, Version, new_lines, stamp_of
from bot.threads.pages import Pages
from bot.threads.people import ForgePeople

log = structlog.get_logger("folkmoot.threads")
BALLOTS = frozenset({"yes", "no", "abstain", "retract"})
_NEVER = datetime.min.replace(tzinfo=UTC)
OLDER = timedelta(hours=1)
"""A comment that is older than a motion by more than this, as the clocks of two machines differ, is no ballot on it."""
OLD_MOTIONS = 50
"""How many motions that have ended are looked through for the one that a page was about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A command line on its way: what it asks, of which motion (0 for a new one), and under which request's name."""

    request: str
    verb: str
    motion: int
    command: MemberCommand


class ThreadDesk:
    """The `Ears` of one repository."""

    def __init__(
        self,
        *,
        repository: Repository,
        threads: Threads,
        ledger: Ledger,
        clock: Clock,
        ids: Ids,
        clerk: Clerk,
        lookups: Lookups,
        calls: Calls,
        pages: Pages,
        platforms: Mapping[str, Platform],
        reread: Callable[[], None],
        wake: Callable[[], None],
    ) -> None:
        self._repository, self._threads, self._platforms = repository, threads, platforms
        self._ledger, self._clock, self._clerk, self._lookups = ledger, clock, clerk, lookups
        self._people = ForgePeople(ledger=ledger, clock=clock, ids=ids)
        self._memory = Memory(ledger=ledger, clock=clock)
        self._calls, self._pages = calls, pages
        self._reread, self._wake = reread, wake
        self._read: dict[str, tuple[datetime | None, str]] = {}
        self._busy: dict[str, asyncio.Lock] = {}

    # ------------------------------------------------------------------ comments

    async def heard(self, spoken: Spoken) -> None:
        """Read a comment, or a page's own text: what is new in it is done, each line once, however often it is told."""
        version = (spoken.edited, self._memory.digest(spoken.text))  # anybody may write here: texts are not kept
        if spoken.robot or self._read.get(spoken.id) == version:
            return
        async with self._busy.setdefault(spoken.id, asyncio.Lock()):
            await self._hear(spoken)
        if len(self._read) > 5000:
            self._read.clear()
            self._busy = {name: lock for name, lock in self._busy.items() if lock.locked()}
        self._read[spoken.id] = version

    async def _hear(self, spoken: Spoken) -> None:
        lines = command_lines(spoken.text)
        if not lines and spoken.edited is None:
            return
        before = await self._memory.last(spoken.id)
        if before is None and not lines:
            return
        at = stamp_of(spoken.edited or spoken.at)
        digests = [self._memory.digest(line.words) for line in lines]
        ballots = [d if _verb(line) in BALLOTS else "" for line, d in zip(lines, digests, strict=True)]
        last = next((digest for digest in reversed(ballots) if digest), "")
        if before is not None and (at < before.at or (tuple(digests), last) == (before.lines, before.ballot)):
            return
        places = new_lines(digests, ballots, before)
        names = {place: f"github:{spoken.id}:{at}:{place}:{digests[place]}" for place in places}
        await self._act(spoken, [(lines[place], name) for place, name in names.items()])
        if before is not None and before.ballot and not last:
            await self._tell_it_stands(spoken.id.partition(":")[2], spoken.thread)
        place = before.place + 1 if before is not None else 0
        await self._memory.keep(spoken.id, Version(place=place, at=at, lines=tuple(digests), ballot=last))

    async def _act(self, spoken: Spoken, lines: Sequence[tuple[CommandLine, str]]) -> None:
        """Do what these lines ask, and show their writer once what became of them.

        Whose words they are is asked for edited comments and others alike: the times are whole seconds, and who edits
        a comment within the second of its making leaves no other trace.
        """
        if not lines:
            return
        motion = await self._motion_of(spoken.thread)
        if not await self._threads.own_words(spoken):
            refused: list[Refused | None] = [Refused(code="comment-not-own-words")]
        else:
            refused = [await self._line(spoken, line, name, motion) for line, name in lines]
        reasons = [each for each in refused if each is not None]
        told = self._ledger.row(self._note_key(spoken.thread, spoken.who)) is not None
        for each in reasons:
            await self._note(spoken.thread, spoken.who, spoken.login, each, motion)
        if not (reasons and told) or self._votes_on(motion, spoken.who):  # who floods a page costs no more than a note
            await self._mark(spoken, refused=bool(reasons))

    async def _line(self, spoken: Spoken, line: CommandLine, name: str, motion: Motion | None) -> Refused | None:
        """Do what one line asks; why it was not done."""
        asked = await self._asked(spoken, line, name, motion)
        if isinstance(asked, Refused):
            return asked
        actor = await self._people.of(spoken.who, spoken.login, new=not asked.motion)
        if actor is None or isinstance(actor, Refused):
            return actor or self._stranger(asked, motion)
        answer = await self._record(asked, actor)
        if isinstance(answer, Refused) or not answer.ok:
            return Refused(code=answer.code, params=answer.params)
        return None

    def _votes_on(self, motion: Motion | None, who: PlatformUser) -> bool:
        person = self._ledger.reader().directory().by_account(who.key)
        return motion is not None and person is not None and person.id in motion.members

    async def _asked(self, spoken: Spoken, line: CommandLine, name: str, motion: Motion | None) -> _Asked | Refused:
        verb = _verb(line)
        if verb in {"resolve", "nominate"}:
            call = self._calls.resolve if verb == "resolve" else self._calls.nominate
            command = await call(spoken, line)
            return (
                command if isinstance(command, Refused) else _Asked(request=name, verb=verb, motion=0, command=command)
            )
        parsed = parse(line.words, via="comment", acted_at=spoken.edited or spoken.at)
        if isinstance(parsed, Refused):
            return parsed
        return self._about(spoken, parsed, name, motion)

    def _about(self, spoken: Spoken, parsed: Parsed, name: str, motion: Motion | None) -> _Asked | Refused:
        """A ballot on the page's own motion, and on no other one."""
        command = parsed.ask
        if parsed.verb not in IN_COMMENTS or not isinstance(command, CastBallot | RetractBallot):
            return Refused(code="comment-verb")
        if spoken.id.startswith("body:"):  # nobody tells when a page's text was written as it is
            return Refused(code="ballot-is-a-comment")
        if motion is None:
            return Refused(code="comment-nothing-here", params={"what": parsed.verb})
        if (spoken.edited or spoken.at) < motion.opened_at - OLDER:
            return Refused(code="comment-older", params={"what": parsed.verb, "motion": motion.number})
        if parsed.motion not in {0, motion.number}:
            params: Params = {"what": parsed.verb, "motion": motion.number, "asked": parsed.motion}
            return Refused(code="comment-other-motion", params=params)
        if isinstance(command, CastBallot):
            command = replace(command, link=spoken.url)
        return _Asked(request=name, verb=parsed.verb, motion=motion.number, command=command)

    async def _record(self, asked: _Asked, actor: PersonId) -> Answer | Refused:
        facts = await self._lookups.facts(asked.command, self._repository, actor, asked.motion)
        if isinstance(facts, Refused):
            return facts
        request = Request(
            id=asked.request,
            motion=asked.motion,
            command=asked.command,
            actor=actor,
            facts=replace(facts, on_page=True),
            repository=self._repository,
        )
        return await self._clerk.record(request)

    def _stranger(self, asked: _Asked, motion: Motion | None) -> Refused:
        params: Params = {
            "motion": motion.number if motion is not None else 0,
            "eligible": len(motion.members) if motion is not None else 0,
            "repository": self._repository.name,
            "what": "vote" if asked.verb in {"yes", "no", "abstain"} else asked.verb,
        }
        return Refused(code="not-in-electorate", params=params)

    # ------------------------------------------------------------------ reactions

    async def reacted(self, reacted: ReactedThere) -> None:
        """A reaction on the status is a ballot of whoever may vote; anybody else's is just a reaction."""
        choice = FORGE_BALLOTS.get(reacted.name)
        motion = self._pages.of_status(reacted.comment, self._repository)
        if choice is None or motion is None or motion.policy.secrecy != "open" or reacted.id in self._read:
            return
        actor = await self._people.of(reacted.who, reacted.login, new=False)
        if isinstance(actor, str) and actor in motion.members:
            command = CastBallot(choice=choice, reason=None, via="reaction", acted_at=reacted.at)
            asked = _Asked(request=f"github:{reacted.id}", verb=choice, motion=motion.number, command=command)
            answer = await self._record(asked, actor)
            if isinstance(answer, Refused) or not answer.ok:
                refused = Refused(code=answer.code, params=answer.params)
                await self._note(reacted.thread, reacted.who, reacted.login, refused, motion)
        self._read[reacted.id] = (reacted.at, "")

    # ------------------------------------------------------------------ pages

    async def watched(self) -> Sequence[WatchedPage]:
        """The pages of the motions that are open."""
        pages = []
        for motion in self._pages.unfinished(self._repository):
            number = await self._number_of(motion) if motion.open else 0
            if number:
                row = self._ledger.row(status_key(motion.number))
                status = row.ref if row is not None else ""
                pages.append(WatchedPage(thread=number, status=status, reactions=motion.policy.secrecy == "open"))
        return pages

    async def gone(self, spoken: Spoken) -> None:
        """Tell whoever has a ballot in the comment that was deleted that it stands (R15)."""
        await self._tell_it_stands(spoken.id.partition(":")[2], spoken.thread)

    async def missing(self, thread: int, comments: Sequence[str]) -> None:
        """Tell those whose ballot was in a comment that does not stand there any more (R15)."""
        motion = await self._motion_of(thread)
        if motion is None or not motion.open:
            return
        there = set(comments)
        for ballot in motion.ballots.values():
            comment = _comment_of(ballot.link.text if ballot.link is not None else None)
            if ballot.via == "comment" and comment and comment not in there:
                await self._tell_it_stands(comment, thread)

    async def pushed(self) -> None:
        """Read the rosters again at once (R5, R28)."""
        self._reread()

    async def _tell_it_stands(self, comment: str, thread: int) -> None:
        motion = await self._motion_of(thread)
        if motion is None or not motion.open:
            return
        for voter, ballot in motion.ballots.items():
            link = ballot.link.text if ballot.link is not None else None
            if ballot.via == "comment" and ballot.choice is not None and _comment_of(link) == comment:
                person = self._ledger.reader().directory().person(voter)
                accounts = person.accounts if person is not None else ()
                reachable = any(key.partition(":")[0] in self._platforms for key in accounts)
                await self._intend(gone_effect(motion.number, comment, voter, reachable=reachable))

    async def _motion_of(self, thread: int) -> Motion | None:
        """The motion that is voted on there: the one that has not ended, else the newest of the last ones."""
        motion = await self._pages.voted_on(thread, self._repository)
        if motion is not None:
            return motion
        reader = self._ledger.reader()
        mine = [e for e in reader.entries() if e.repository == self._repository.name and e.ended]
        for entry in mine[: -OLD_MOTIONS - 1 : -1]:
            ended = reader.motion(entry.number)
            if ended is not None and await self._number_of(ended) == thread:
                return ended
        return None

    async def _number_of(self, motion: Motion) -> int:
        return await self._pages.number_of(motion, self._repository)

    # ------------------------------------------------------------------ answers

    def _note_key(self, thread: int, who: PlatformUser) -> str:
        return f"thread-note:{self._repository.name}:{thread}:{who.key}"

    async def _note(self, thread: int, who: PlatformUser, login: str, refused: Refused, motion: Motion | None) -> None:
        """Say why, once to each person and page. Nothing of what they wrote is in it."""
        params = {key: value for key, value in refused.params.items() if isinstance(value, str | int)}
        name = self._repository.name
        about: dict[str, str | int] = {"note-code": refused.code, "note-login": login, "note-thread": thread}
        effect = Effect(
            key=self._note_key(thread, who),
            lane="once",
            motion=motion.number if motion is not None else 0,
            venue=THREAD,
            kind="thread-note",
            params={**params, **about, "note-repository": name},
        )
        await self._intend(effect)

    async def _intend(self, effect: Effect) -> None:
        now = self._clock.now()
        await asyncio.wrap_future(self._ledger.transact(lambda txn: txn.intend((effect,), at=now)))
        self._wake()

    async def _mark(self, spoken: Spoken, *, refused: bool) -> None:
        """At most once, and never in the way: the ballot is recorded whether or not it can be shown."""
        try:
            await self._threads.mark(spoken, "refused" if refused else "recorded")
        except ForgeError as error:
            log.warning("comment not marked", comment=spoken.id, error=error.what)


def _verb(line: CommandLine) -> str:
    parsed = parse(line.words, via="comment", acted_at=_NEVER)
    head = line.words.split(maxsplit=1)[0].casefold() if line.words else ""
    return head if head in {"resolve", "nominate"} else parsed.verb if isinstance(parsed, Parsed) else ""


def _comment_of(link: str | None) -> str:
    """The id of the comment that an address points to; that of the page's own text has none."""
    return (link or "").partition("#issuecomment-")[2]
