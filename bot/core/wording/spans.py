"""The small parts that sentences are made of: people, instants, counts and rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core import calendar
from bot.core.cards import Code, Line, Link, Mention, Moment, Plain, Span, Strong
from bot.core.events import MotionClosed
from bot.core.motion import Motion
from bot.core.people import MAINTAINER, PersonId

HEAD_SHOWN = 16


class Names(Protocol):
    """Who is behind an internal id."""

    def login(self, person: PersonId) -> str:
        """The person's forge login, or a word that says that they were erased."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What wording needs besides the motion: names, the present instant, the log's head at the motion's close."""

    names: Names
    now: datetime
    head: str = ""


def line(*parts: Span | str) -> Line:
    """A line from spans and plain text."""
    return tuple(Plain(part) if isinstance(part, str) else part for part in parts)


def practised(motion: Motion) -> tuple[Line, ...]:
    """What every message about a practice ends with; nothing for any other motion."""
    return (NOTHING_FOLLOWS,) if motion.practice else ()


NOTHING_FOLLOWS: Line = (Strong("Practice:"), Plain(" nothing follows from it."))


def strong(text: str) -> Strong:
    return Strong(text)


def code(text: str) -> Code:
    return Code(text)


def page(name: str, url: str) -> Span:
    """Where something is seen: its page on the forge, or its name where it has no page."""
    return Link(name, url) if url.startswith("https://") else code(name)


def pull_line(motion: Motion) -> Line:
    """What has become of the pull request that is voted on, beside what it was at the opening (R27, T20)."""
    pinned, now = motion.opened.pinned, motion.pull
    if pinned is None or now is None:
        return ()
    since = line(" The vote was opened at ", code(pinned.head[:12]), "; this is ", code(now.head[:12]), ".")
    match now.does:
        case "same":
            return (*line("It does again what is voted on."), *since)
        case "altered":
            said = " the same person gets the same role, but their record or other files have changed. Read it again."
            return (*line(strong("Changed since:"), said), *since)
        case "other":
            said = " what it does now is not what is voted on. Put it back, or withdraw the motion (R27)."
            return (*line(strong("Do not merge it as it is:"), said), *since)


def who(person: PersonId | None, scene: Scene) -> Mention:
    """A person by login."""
    found = person or PersonId("")
    return Mention(found, scene.names.login(found))


def head_line(head: str) -> Line:
    """The log's head at the close, short enough to copy (64 bits), and how it is checked (T45, T46)."""
    short = head[:HEAD_SHOWN]
    return line("Log head ", code(short), "; to check it: ", code(f"folkmoot verify --against {short}"))


def people(persons: Iterable[PersonId], scene: Scene) -> tuple[Span, ...]:
    """Several people: `@a, @b and @c`."""
    spans: list[Span] = []
    listed = sorted(persons, key=lambda p: scene.names.login(p).casefold())
    for index, person in enumerate(listed):
        if index:
            spans.append(Plain(" and " if index == len(listed) - 1 else ", "))
        spans.append(who(person, scene))
    return tuple(spans)


def last_minute(closes: datetime, zone: str) -> Moment:
    """The close as members read it: an exclusive midnight is shown as 23:59."""
    return Moment(calendar.last_minute(closes), zone)


def sentence(text: str) -> str:
    """The text as a sentence begins."""
    return text[:1].upper() + text[1:]


def silent(motion: Motion, closed: MotionClosed) -> str:
    """Who has not voted, without whom the vote was about: `1 did not vote, 1 may not`."""
    barred = len(motion.barred)
    return f"{closed.not_voted - barred} did not vote{f', {barred} may not' if barred else ''}"


def closed_at(motion: Motion) -> Moment:
    """When the window ended: as it was set, or before that where the policy lets it close early (R13)."""
    zone, closes, counted = motion.opened.zone, motion.closes_at, motion.closed_at
    if closes is None or (counted is not None and counted < closes):
        return Moment(counted or motion.opened_at, zone)
    return last_minute(closes, zone)


def count(number: int, one: str, many: str = "") -> str:
    """`1 ballot`, `2 ballots`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def role_words(role: str) -> str:
    """`a maintainer`, `a reviewer`; `a member` where the file names no role."""
    return f"a {role or 'member'}"


def proposal(motion: Motion, scene: Scene) -> Line:
    """What is proposed: `Make @newperson a maintainer of distribution`."""
    verb, *others = deed(motion, scene)
    first = verb.text if isinstance(verb, Plain) else ""
    return (Plain(first[:1].upper() + first[1:]), *others)


def deed(motion: Motion, scene: Scene) -> Line:
    """The same inside a sentence: `make @newperson a maintainer of distribution`."""
    repository, role = motion.opened.repository, role_words(motion.role)
    match motion.policy.kind:
        case "add":
            return line("make ", who(motion.subject, scene), f" {role} of {repository}")
        case "remove":
            return line("end the role of ", who(motion.subject, scene), f" as {role} of {repository}")
        case "step-down":
            return line("let ", who(motion.subject, scene), f" step down as {role} of {repository}")
        case "resolution":
            return line("resolve: ", str(motion.opened.title or ""))
        case "generic":
            return line("decide: ", str(motion.opened.title or ""))
        case "practice":
            return line("practice: ", str(motion.opened.title or ""))


def title(motion: Motion, scene: Scene, *, first: bool = False) -> Line:
    """The motion in a sentence: `motion 12 (make @newperson a maintainer of distribution)`."""
    return (strong(f"{'Motion' if first else 'motion'} {motion.number}"), *line(" ("), *deed(motion, scene), *line(")"))


def rule_of(motion: Motion) -> str:
    """The clause and the rule behind the threshold: `Adding maintainers, R16`."""
    rule = {"remove": "R42", "resolution": "R51", "step-down": "R30"}.get(motion.policy.kind, "")
    if motion.policy.kind == "add":
        rule = "R16" if motion.role == MAINTAINER else "R17"
    return f"{motion.policy.clause}, {rule}" if rule else motion.policy.clause


def span_of_time(seconds: int) -> str:
    """A duration in its largest whole unit: `3 days`, `5 hours`, `40 minutes`."""
    for size, noun in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            return count(seconds // size, noun)
    return "less than a minute"
