"""What members were told to be recorded, and what they had asked for, against the log: each to each, exactly once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.core.cards import Card
from bot.core.events import BallotCast, BallotRetracted, MotionOpened, ObjectionRaised
from bot.core.people import PersonId
from bot.core.plain import plain_card
from bot.core.reactions import choice_of
from bot.ports import Filled, Pressed, Reacted, Recorded, Typed
from tests.simulation.oracle import Findings, Log
from tests.simulation.venue import LONGEST, Sent
from tests.simulation.world import World

Key = tuple[int, int]
VIA = {Reacted: "reaction", Typed: "command", Pressed: "button", Filled: "button"}
CAST = re.compile(r"✓ Recorded: (yes|no|abstain) on motion (\d+)\.")
ENTERED = re.compile(r"✓ Recorded: (yes|no|abstain) on motion (\d+), as entered by you")
SEEN = re.compile(r"✓ Seen: (yes|no|abstain) on motion (\d+)\.")
LATE = re.compile(r"motion (\d+) closed .*, before you acted")
SUPERSEDED = re.compile(r"✓ Recorded, but a later action of yours counts")
RETRACTED = re.compile(r"✓ Recorded: your ballot on motion (\d+) is retracted")
OBJECTED = re.compile(r"✓ Recorded: your objection to motion (\d+)")
OPENED = re.compile(r"✓ Recorded: motion (\d+) is open")


def check_acknowledged(world: World, log: Log, found: Findings) -> None:
    """Every acknowledged ballot, retraction, objection and motion is in the log once; and nothing that nobody asked."""
    left = {
        (number, recorded.seq): recorded
        for number, stream in log.streams.items()
        for recorded in stream
        if isinstance(recorded.event, BallotCast | BallotRetracted | ObjectionRaised | MotionOpened)
    }
    requests = [sent for sent in world.sent() if sent.tries]
    told = [_told(sent) for sent in requests]
    fits = [
        [key for key, recorded in left.items() if _made(log, key[0], recorded, sent, said)]
        for sent, said in zip(requests, told, strict=True)
    ]
    first = sorted(range(len(requests)), key=lambda index: told[index] is None)
    owner = matched(first, fits)
    for index in first:
        said = told[index]
        if index in owner.values():
            ballot = said is not None and said[0] in {"cast", "superseded", "entered", "seen"}
            found.figures["ballots"] += ballot
            found.figures[f"ballots through {requests[index].venue}"] += ballot
        elif said is not None and not (said[0] == "seen" and _stands(log, requests[index], said)):
            found.wrong(f"acknowledged to {requests[index].login}, not in the log: {said} {requests[index].request}")
    for sent in requests:
        _check_lateness(log, sent, found)
    _check_last_words(log, {key: requests[index] for key, index in owner.items()}, left, found)
    for key in owner:
        del left[key]
    for (number, seq), recorded in left.items():
        if not _caught(world, log, number, recorded):
            found.wrong(f"motion {number}, event {seq}: nobody asked for {recorded.event}")


def _stands(log: Log, sent: Sent, said: tuple[str, int, str]) -> bool:
    """Whether this very ballot was there already, by an action that is not earlier: then it is not recorded again."""
    return any(
        isinstance(recorded.event, BallotCast)
        and log.is_of(recorded.event.person, sent.login)
        and recorded.event.choice == said[2]
        and sent.acted_at is not None
        and recorded.event.acted_at >= sent.acted_at
        for recorded in log.streams[said[1]]
    )


def _check_lateness(log: Log, sent: Sent, found: Findings) -> None:
    """Whose ballot or objection is told to be too late was, by the platform's time of what they did (T16)."""
    if _verb(sent) not in {"yes", "no", "abstain", "react", "retract", "object"}:
        return
    for each in sent.tries:
        late = LATE.search(plain_card(each.answer)) if each.answer is not None and _said(each.answer) else None
        if late is None or sent.acted_at is None:
            continue
        end = log.books[int(late[1])].first_end
        if end is None or min(sent.acted_at, each.at) < end:
            found.wrong(f"{sent.login} was told to be too late at {sent.acted_at} for motion {late[1]}: {end}")


def _said(card: Card) -> bool:
    return bool(getattr(card, "lines", True))


def _check_last_words(log: Log, made_by: Mapping[Key, Sent], events: Mapping[Key, Recorded], found: Findings) -> None:
    """What somebody did last, by the platforms' own times, is what stands, whatever the bot's clock said (R15, F14)."""
    words: dict[tuple[int, PersonId], list[tuple[datetime | None, str]]] = defaultdict(list)
    for (number, seq), recorded in events.items():
        event, sent = recorded.event, made_by.get((number, seq))
        if isinstance(event, BallotCast | BallotRetracted):
            own = sent is not None and getattr(event, "entered_by", None) is None
            choice = event.choice if isinstance(event, BallotCast) else ""
            words[(number, event.person)].append((sent.acted_at if sent and own else None, choice))
    for (number, person), said in words.items():
        dated = [(at, choice) for at, choice in said if at is not None]
        if not len(dated) == len(said) > 1:
            continue
        found.figures["changes of mind"] += 1
        stands = log.books[number].votes[person].choice
        if stands != max(dated)[1]:
            found.wrong(f"motion {number}: {person} said {max(dated)[1]!r} last, and {stands!r} stands")


def matched(order: Sequence[int], fits: Sequence[Sequence[Key]]) -> dict[Key, int]:
    """Give each of these, in order, one of those that fit it, so that as many as possible have one."""
    owner: dict[Key, int] = {}

    def give(index: int, tried: set[Key]) -> bool:
        for key in fits[index]:
            if key in tried:
                continue
            tried.add(key)
            if key not in owner or give(owner[key], tried):
                owner[key] = index
                return True
        return False

    for index in order:
        give(index, set())
    return owner


def _told(sent: Sent) -> tuple[str, int, str] | None:
    """What a member was told to be recorded; the answers to a request may not differ."""
    for card in sent.answers:
        if not _said(card):
            continue
        text = plain_card(card)
        if cast := CAST.match(text):
            return ("cast", int(cast[2]), cast[1])
        if entered := ENTERED.match(text):
            return ("entered", int(entered[2]), entered[1])
        if seen := SEEN.match(text):
            return ("seen", int(seen[2]), seen[1])
        if SUPERSEDED.match(text):
            return ("superseded", 0, "")
        for kind, pattern in (("retracted", RETRACTED), ("objected", OBJECTED), ("opened", OPENED)):
            if said := pattern.match(text):
                return (kind, int(said[1]), "")
    return None


def _made(log: Log, number: int, recorded: Recorded, sent: Sent, said: tuple[str, int, str] | None) -> bool:
    """Whether this event may have come of this request."""
    event = recorded.event
    if said is not None and said[1] not in {0, number}:
        return False
    match event:
        case MotionOpened():
            fits = said is None or said[0] == "opened"
            return (
                fits
                and _opens(sent)
                and log.is_of(event.proposer, sent.login)
                and any(each.spans(recorded.at) for each in sent.tries)
            )
        case BallotCast() if event.entered_by is not None:
            typed = isinstance(sent.act, Typed) and sent.act.text.startswith(f"record {number} ")
            fits = said is None or (said[0] == "entered" and said[2] == event.choice)
            return (
                fits
                and typed
                and log.is_of(event.entered_by, sent.login)
                and _at_its_time(recorded, event.acted_at, sent)
            )
        case BallotCast():
            same = said is not None and said[0] in {"cast", "seen"} and said[2] == event.choice
            fits = said is None or same or said[0] == "superseded"
            theirs = log.is_of(event.person, sent.login) and _at_its_time(recorded, event.acted_at, sent)
            return fits and theirs and _choice(sent) == event.choice and _via(sent) == event.via
        case BallotRetracted():
            fits = said is None or said[0] in {"retracted", "superseded"}
            return (
                fits
                and log.is_of(event.person, sent.login)
                and _at_its_time(recorded, event.acted_at, sent)
                and _verb(sent) == "retract"
            )
        case ObjectionRaised():
            fits = said is None or said[0] == "objected"
            return (
                fits
                and log.is_of(event.person, sent.login)
                and _at_its_time(recorded, event.acted_at, sent)
                and _verb(sent) == "object"
            )
        case _:
            return False


def _at_its_time(recorded: Recorded, acted_at: datetime, sent: Sent) -> bool:
    """Whether it counts as done when it was: by the platform, and not in the future of the bot's clock.

    Where that was set back, it is after the person's earlier ballots, and not later than the platform says.
    """
    over = [each for each in sent.tries if each.spans(recorded.at)]
    if sent.acted_at is None:
        return any(each.at <= acted_at <= recorded.at for each in over)
    set_back = recorded.at < acted_at <= sent.acted_at
    return bool(over) and (acted_at == min(sent.acted_at, recorded.at) or set_back)


def _via(sent: Sent) -> str:
    return "comment" if sent.venue == "github" and isinstance(sent.act, Typed) else VIA[type(sent.act)]


def _opens(sent: Sent) -> bool:
    return _verb(sent) in {"nominate", "propose", "resolve", "contact", "step-down", "rerun"}


def _verb(sent: Sent) -> str:
    match sent.act:
        case Typed():
            return (sent.act.text.split() or [""])[0]
        case Pressed() | Filled():
            return sent.act.verb
        case Reacted():
            return "react"


def _choice(sent: Sent) -> str:
    if isinstance(sent.act, Reacted):
        return str(choice_of(sent.act.emoji)) if sent.act.added else ""
    return _verb(sent)


def _caught(world: World, log: Log, number: int, recorded: Recorded) -> bool:
    """Whether the event is a ballot by a reaction that was found standing after an outage."""
    event = recorded.event
    if not isinstance(event, BallotCast) or event.via != "reaction":
        return False
    owners = {account.key: human.login for human in world.town.people for account in human.accounts.values()}
    return any(
        caught.motion == number
        and caught.at <= event.acted_at <= caught.at + LONGEST
        and choice_of(caught.emoji) == event.choice
        and log.is_of(event.person, owners[caught.who])
        for venue in world.venues.values()
        for caught in venue.caught
    )
