"""What has to hold after a run, whatever was killed: read from the room, the repository and the ledger alone."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from dulwich.objects import Commit
from dulwich.refs import Ref
from dulwich.repo import Repo

from adapters.playground.cardjson import decode
from bot.core.commands import Choice
from bot.core.events import (
    BallotCast,
    BallotRetracted,
    CandidateAnswered,
    DraftOpened,
    Event,
    InvitationTaken,
    MotionClosed,
    MotionOpened,
    NoticeDelivered,
    ObjectionRaised,
    RoleBegan,
    VotersPinged,
)
from bot.core.people import PersonId
from bot.core.plain import plain_card
from bot.wiring import read_ledger, verify
from tests.faults.harness import SCRIPT, request_of
from tests.faults.script import MOTION
from tests.faults.world import World

_RANDOM: Final = re.compile(r"\b(?:[0-9a-f]{12}|[0-9a-f]{16}|[0-9a-f]{40}|[0-9a-f]{64})\b|(folkmoot/1-)[0-9a-f]{6}")
SAMPLE_COMMITS: Final = 7
_ONCE: Final = (
    MotionOpened,
    NoticeDelivered,
    ObjectionRaised,
    BallotRetracted,
    MotionClosed,
    InvitationTaken,
    CandidateAnswered,
    DraftOpened,
    RoleBegan,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What a run has left: texts by place and reader, the count, and how often each kind of event happened."""

    texts: dict[str, tuple[str, ...]]
    tally: tuple[int, int, int, int]
    events: dict[str, int]


@dataclass(slots=True)
class Findings:
    """What is wrong with a world, in numbers for the table and in words."""

    acknowledged: int = 0
    lost: int = 0
    posts: int = 0
    branches: int = 0
    problems: list[str] | None = None

    def add(self, what: str) -> None:
        self.problems = [*(self.problems or ()), what]


def ending_of(world: World) -> Ending:
    """What the members can see, and what was counted."""
    events = _events(world)
    return Ending(
        texts=_texts(world),
        tally=recounted(events),
        events=dict(Counter(type(event).__name__ for event in events)),
    )


def examine(world: World, expected: Ending) -> Findings:
    """Everything that is wrong with a finished world, against that of the run without kills."""
    found = Findings()
    events = _events(world)
    _check_ballots(world, events, found)
    _check_outcome(events, expected, found)
    _check_room(world, expected, found)
    _check_outbox(world, found)
    _check_repository(world, found)
    for problem in verify(world.ledger).problems:
        found.add(f"verify: {problem}")
    return found


def recounted(events: Iterable[Event]) -> tuple[int, int, int, int]:
    """Yes, no, abstain and not voted, counted as a person with the log in hand would."""
    last: dict[PersonId, Choice | None] = {}
    members: frozenset[PersonId] = frozenset()
    for event in events:
        match event:
            case MotionOpened():
                members = event.electorate.members
            case BallotCast():
                last[event.person] = event.choice
            case BallotRetracted():
                last[event.person] = None
            case _:
                pass
    choices = [last.get(person) for person in members]
    return choices.count("yes"), choices.count("no"), choices.count("abstain"), choices.count(None)


def _events(world: World) -> Sequence[Event]:
    reader = read_ledger(world.ledger)
    try:
        return [recorded.event for recorded in reader.events(MOTION)]
    finally:
        reader.close()


def _check_ballots(world: World, events: Sequence[Event], found: Findings) -> None:
    """Every acknowledged ballot is in the log exactly once, and no other one is."""
    reader = read_ledger(world.ledger)
    try:
        people = reader.directory()
        cast = Counter((e.person, e.choice, e.acted_at) for e in events if isinstance(e, BallotCast))
        for number, step in enumerate(SCRIPT):
            if step.choice is None or request_of(number) not in world.acknowledged:
                continue
            person = people.by_login(step.login)
            times = cast.pop((person.id, step.choice, step.at), 0) if person else 0
            found.acknowledged += 1
            if times != 1:
                found.lost += times == 0
                found.add(f"the ballot of step {number} is in the log {times} times")
    finally:
        reader.close()
    for key, times in cast.items():
        found.add(f"a ballot that nobody was told of, {times} times: {key}")
    twice = [request for request, times in Counter(world.acknowledged).items() if times != 1]
    missing = {request_of(n) for n, step in enumerate(SCRIPT) if step.act} - set(world.acknowledged)
    if twice or missing:
        found.add(f"acknowledged more than once: {twice}; never: {sorted(missing)}")


def _check_outcome(events: Sequence[Event], expected: Ending, found: Findings) -> None:
    """One outcome, and the count of it is the naive one and that of the run without kills."""
    for kind in _ONCE:
        times = sum(isinstance(event, kind) for event in events)
        if times != 1:
            found.add(f"{kind.__name__} happened {times} times")
    counts = Counter(type(event).__name__ for event in events)
    if counts != expected.events:
        found.add(f"events {dict(counts)} instead of {expected.events}")
    pinged = [event.hours for event in events if isinstance(event, VotersPinged)]
    if pinged != [48, 24]:
        found.add(f"reminders {pinged}")
    for event in events:
        if isinstance(event, MotionClosed):
            told = (event.yes, event.no, event.abstain, event.not_voted)
            if not told == recounted(events) == expected.tally:
                found.add(f"counted {told}, recounted {recounted(events)}, expected {expected.tally}")


def _check_room(world: World, expected: Ending, found: Findings) -> None:
    """Members see exactly what they would have seen, nothing of it twice."""
    texts = _texts(world)
    for place in sorted({*texts, *expected.texts}):
        here, there = Counter(texts.get(place, ())), Counter(expected.texts.get(place, ()))
        found.posts += (here - there).total()
        if texts.get(place) != expected.texts.get(place):
            more, less = list((here - there).elements()), list((there - here).elements())
            found.add(f"{place}: too much {more}, too little {less}, or in another order")


def _check_outbox(world: World, found: Findings) -> None:
    """Everything that was intended is done, and each message stands in the room once."""
    outbox = _rows(world, "ledger.sqlite3", "SELECT key, lane, venue, state, ref FROM outbox")
    posted = Counter(key for (key,) in _rows(world, "room.sqlite3", "SELECT key FROM messages WHERE kind = 'card'"))
    for key, lane, venue, state, _ in outbox:
        if state != "done":
            found.add(f"{key} is {state}")
        times = posted.pop(key, 0)
        if times != (lane == "once" and venue != "forge"):
            found.add(f"{key} was posted {times} times")
    if posted:
        found.add(f"nobody asked for {dict(posted)}")


def _check_repository(world: World, found: Findings) -> None:
    """One draft with one commit on the default branch as it was, and nothing on that branch but the merge."""
    with Repo(str(world.repository)) as repo:
        names = sorted(ref.decode() for ref in repo.refs.allkeys())
        drafts = [name for name in names if name.startswith("refs/heads/folkmoot/")]
        found.branches += max(0, len(drafts) - 1)
        if len(drafts) != 1 or set(names) != {"HEAD", "refs/heads/main", *drafts}:
            found.add(f"the refs are {names}")
            return
        merged = repo[repo.refs[Ref(b"refs/heads/main")]]
        draft = repo[repo.refs[Ref(drafts[0].encode())]]
        if not isinstance(merged, Commit) or not isinstance(draft, Commit):
            found.add("a branch does not stand at a commit")
            return
        if len(merged.parents) != 2 or merged.parents[1] != draft.id or draft.parents != merged.parents[:1]:
            found.add("the default branch is not its old head and the merge of one commit")
        commits = len(list(repo.get_walker([merged.id])))
        if commits != SAMPLE_COMMITS + 2:
            found.add(f"{commits} commits instead of {SAMPLE_COMMITS + 2}")


def _texts(world: World) -> dict[str, tuple[str, ...]]:
    """What stands in each channel and in each member's direct messages, in order."""
    sql = "SELECT place, audience, card FROM messages WHERE gone = 0 ORDER BY id"
    found: dict[str, list[str]] = {}
    for place, audience, card in _rows(world, "room.sqlite3", sql):
        text = _RANDOM.sub(r"\1#", plain_card(decode(card)))
        found.setdefault(f"{place} {audience}".strip(), []).append(text)
    return {place: tuple(texts) for place, texts in found.items()}


def _rows(world: World, file: str, sql: str) -> list[tuple[str, ...]]:
    conn = sqlite3.connect(world.folder / file)
    try:
        return list(conn.execute(sql))
    finally:
        conn.close()
