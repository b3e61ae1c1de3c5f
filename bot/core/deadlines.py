"""When something of a motion falls due, and how often that has changed: what calendars are made from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.core.events import Event
from bot.core.motion import Motion, evolve
from bot.core.rules.removal import discussion_ends

What = Literal["close", "vote", "draft"]
"""The window ends; the discussion ends and the vote begins; the draft that is voted on is opened (R39)."""
Standing = Literal["set", "waiting", "cancelled"]
"""`waiting`: a corrected text is announced anew, and the window starts again with that (R12)."""
PUBLIC: frozenset[What] = frozenset({"close", "vote"})
"""What may be known of a public motion; that a draft is to come is the maintainers' own matter (R43)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One instant of a motion. `changes` counts from 0 and grows with every change, `changed_at` is the last one."""

    motion: int
    what: What
    at: datetime
    standing: Standing
    changes: int
    changed_at: datetime


def deadlines_of(number: int, events: Iterable[tuple[datetime, Event]]) -> tuple[Motion | None, tuple[Deadline, ...]]:
    """A motion as it stands, and all its deadlines: also those that have passed or were cancelled."""
    motion: Motion | None = None
    found: dict[What, Deadline] = {}
    for at, event in events:
        motion = evolve(motion, event, number=number, at=at)
        for what, instant in _instants(motion).items():
            _note(found, motion, what, instant, at)
    return motion, tuple(found.values())


def _instants(motion: Motion) -> dict[What, datetime | None]:
    """When each deadline is by the motion as it is now; None where it is not known, or no more."""
    if not motion.proposed or motion.policy.kind in {"step-down", "practice"}:
        return {}
    discussed = motion.policy.discussion is not None and motion.policy.window_start == "announced"
    begins = motion.votes_from if discussed and motion.delivered_at else None
    late = motion.policy.window_start == "draft" and not motion.draft_called
    draft = discussion_ends(motion) if late else None
    return {
        "close": motion.closes_at,
        "vote": begins if begins != motion.delivered_at else None,
        **({"draft": draft} if draft is not None else {}),
    }


def _note(found: dict[What, Deadline], motion: Motion, what: What, instant: datetime | None, at: datetime) -> None:
    before = found.get(what)
    if before is None:
        if instant is not None:
            found[what] = Deadline(
                motion=motion.number, what=what, at=instant, standing="set", changes=0, changed_at=at
            )
        return
    when, standing = instant or before.at, _standing(motion, instant or before.at, known=instant is not None)
    if (when, standing) != (before.at, before.standing):
        found[what] = replace(before, at=when, standing=standing, changes=before.changes + 1, changed_at=at)


def _standing(motion: Motion, instant: datetime, *, known: bool) -> Standing:
    """A deadline that the motion's end has overtaken is cancelled; one that has passed stays as it was."""
    ended = motion.closed_at
    if ended is not None and ended < instant:
        return "cancelled"
    return "set" if known or ended is not None else "waiting"
