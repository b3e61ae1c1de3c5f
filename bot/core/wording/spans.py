"""The small parts that sentences are made of: people, instants, counts and rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.cards import Code, Line, Mention, Moment, Plain, Span, Strong
from bot.core.motion import Motion
from bot.core.people import MAINTAINER, PersonId


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


def strong(text: str) -> Strong:
    return Strong(text)


def code(text: str) -> Code:
    return Code(text)


def who(person: PersonId, scene: Scene) -> Mention:
    """A person by login."""
    return Mention(person, scene.names.login(person))


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
    return Moment(closes - timedelta(minutes=1), zone)


def count(number: int, one: str, many: str = "") -> str:
    """`1 ballot`, `2 ballots`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def role_words(role: str) -> str:
    """`a maintainer`, `a reviewer`."""
    return f"a {role}"


def proposal(motion: Motion, scene: Scene) -> tuple[Span, ...]:
    """What is proposed: `Make @newperson a maintainer of distribution`."""
    role = motion.policy.role
    return (Plain("Make "), who(motion.subject, scene), Plain(f" {role_words(role)} of {motion.opened.repository}"))


def rule_of(motion: Motion) -> str:
    """The clause and the rule behind the threshold: `Adding maintainers, R16`."""
    return f"{motion.policy.clause}, {'R16' if motion.policy.role == MAINTAINER else 'R17'}"


def span_of_time(seconds: int) -> str:
    """A duration in its largest whole unit: `3 days`, `5 hours`, `40 minutes`."""
    for size, noun in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            return count(seconds // size, noun)
    return "less than a minute"
