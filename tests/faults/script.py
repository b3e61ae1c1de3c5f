"""The whole main job as a list of steps: one member's request, or a move of the clock, each at its own instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from adapters.localgit.sample import MAINTAINERS
from bot.core.commands import Choice
from bot.core.reactions import SHOWN
from bot.ports import Filled, Pressed, Reacted, Typed

Act = Typed | Pressed | Filled | Reacted
Tone = Literal["done", "refused"]

START: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday; the window of five business days ends with the Monday after it."""
CLOSES: Final = datetime(2026, 3, 10, 0, 0, tzinfo=UTC)
MOTION: Final = 1
CANDIDATE: Final = "newperson"
OUTSIDER: Final = "morgan-w"
LOGINS: Final = tuple(login for login, _ in MAINTAINERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What happens at an instant. `choice` says that this is a ballot, and which; None besides `act` that it is none.

    `count` moves the clock on to when the count is due; `merge` presses the sample repository's Merge button.
    """

    at: datetime
    login: str = ""
    act: Act | None = None
    tone: Tone = "done"
    choice: Choice | None = None
    count: bool = False
    merge: bool = False


def story() -> tuple[Step, ...]:
    """From the nomination to the role: 8 of 12 are needed, the deciding ballot comes after both reminders."""
    after = CLOSES + timedelta(hours=9)
    return (
        _nominate(START + timedelta(minutes=1)),
        Step(at=START + timedelta(minutes=2), login=OUTSIDER, act=Typed(text=f"yes {MOTION}"), tone="refused"),
        *(_yes(index, START + timedelta(minutes=10 + index)) for index in range(7)),
        *_others(START + timedelta(hours=1)),
        Step(at=CLOSES - timedelta(hours=48)),
        Step(at=CLOSES - timedelta(hours=24)),
        Step(at=CLOSES - timedelta(hours=20), login=LOGINS[7], act=Pressed(verb="yes", motion=MOTION), choice="yes"),
        Step(at=CLOSES + timedelta(seconds=5), login=LOGINS[11], act=Typed(text=f"no {MOTION}"), tone="refused"),
        Step(at=CLOSES + timedelta(seconds=30), count=True),
        Step(at=after, login=LOGINS[0], act=Pressed(verb="invite", motion=MOTION)),
        Step(
            at=after + timedelta(hours=26),
            login=LOGINS[0],
            act=Filled(verb="accepted", motion=MOTION, values={"name": "New Person", "email": "new@example.org"}),
        ),
        Step(at=after + timedelta(hours=30), merge=True),
    )


def _nominate(at: datetime) -> Step:
    text = (
        f"nominate @{CANDIDATE} --role maintainer --sponsor @{LOGINS[1]} --months 7 "
        '--evidence "41 reviews since May" Knows the storage drivers better than most of us.'
    )
    return Step(at=at, login=LOGINS[0], act=Typed(text=text))


def _yes(index: int, at: datetime) -> Step:
    """Each in turn: a button, a command, a reaction."""
    ways: tuple[Act, ...] = (
        Pressed(verb="yes", motion=MOTION, key=f"m{MOTION}:poll:playground:maintainers"),
        Typed(text=f"yes {MOTION} They have earned it."),
        Reacted(emoji=SHOWN[0], motion=MOTION, added=True),
    )
    return Step(at=at, login=LOGINS[index], act=ways[index % len(ways)], choice="yes")


def _others(at: datetime) -> tuple[Step, ...]:
    """A change of mind, an objection, a retraction, and one more change."""
    eighth, ninth, tenth = LOGINS[8], LOGINS[9], LOGINS[10]
    steps: tuple[tuple[str, Act, Choice | None], ...] = (
        (eighth, Typed(text=f"abstain {MOTION} I do not know their work."), "abstain"),
        (eighth, Typed(text=f"no {MOTION}"), "no"),
        (eighth, Filled(verb="object", motion=MOTION, values={"reason": "Too soon for me."}), None),
        (ninth, Pressed(verb="yes", motion=MOTION), "yes"),
        (ninth, Pressed(verb="retract", motion=MOTION), None),
        (tenth, Reacted(emoji=SHOWN[1], motion=MOTION, added=True), "no"),
        (tenth, Reacted(emoji=SHOWN[2], motion=MOTION, added=True), "abstain"),
    )
    return tuple(
        Step(at=at + timedelta(minutes=minute), login=login, act=act, choice=choice)
        for minute, (login, act, choice) in enumerate(steps)
    )
