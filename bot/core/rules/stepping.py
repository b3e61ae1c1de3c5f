"""Stepping down (R30-R34): only by the person, the maintainers informed first, a hand-over that blocks nothing."""

from __future__ import annotations

from datetime import datetime

from bot.core.answers import Params, Refused
from bot.core.commands import HandOver
from bot.core.events import (
    CandidateAnswered,
    ContactAnswered,
    Event,
    HandOverNoted,
    MotionWithdrawn,
    StepDownConfirmed,
)
from bot.core.motion import Motion
from bot.core.people import PersonId
from bot.core.prose import REASON_LIMIT, Prose
from bot.core.rules.facts import Facts
from bot.core.rules.texts import check_text

AREAS = 50


def confirm(motion: Motion, facts: Facts) -> tuple[Event, ...] | Refused:
    """The person says that the draft may be made; the notice has to be delivered before (R31, R32)."""
    actor = _leaver(motion, facts)
    if isinstance(actor, Refused):
        return actor
    if not motion.delivered:
        return Refused(code="not-informed-yet", params={"motion": motion.number})
    return () if motion.confirmed else (StepDownConfirmed(person=actor),)


def hand_over(motion: Motion, command: HandOver, facts: Facts) -> tuple[Event, ...] | Refused:
    """Note an area of work: by the person, or by whoever picks it up themselves (R33)."""
    if motion.policy.kind != "step-down" or motion.ended:
        return Refused(code="no-step-down", params={"motion": motion.number})
    own = facts.actor is not None and facts.actor == motion.subject
    takes = facts.actor is not None and facts.actor in motion.members and facts.other in {None, facts.actor}
    if not own and not takes:
        return Refused(code="hand-over-by-whom", params={"motion": motion.number})
    refused = check_text(command.area, field="area", limit=REASON_LIMIT)
    if refused:
        return refused
    if command.taker is not None and facts.other is None:
        return Refused(code="taker-unknown")
    if len(motion.handover) >= AREAS:
        return Refused(code="hand-over-full", params={"motion": motion.number, "limit": AREAS})
    taker = facts.other if own else facts.actor
    return (HandOverNoted(area=Prose.of(command.area, salt=facts.salt, label="area"), taker=taker),)


def overtaken(motion: Motion, person: PersonId, reason: Prose, now: datetime) -> Event | None:
    """What ends a motion about somebody who steps down; None where that has to be finished first.

    A contact or a removal is needless then (R38); but once its window has ended, the ballots decide. Of a candidacy
    they may not know: nothing may tell them of it, so it ends as if they had declined (R24).
    """
    if motion.policy.kind == "remove" and motion.open:
        if not motion.proposed:
            return ContactAnswered(person=person, answer="steps-down")
        ended = motion.closes_at is not None and now >= motion.closes_at
        return None if ended else MotionWithdrawn(person=person, seconder=None, reason=reason)
    if motion.policy.kind != "add":
        return None
    if motion.open:
        return MotionWithdrawn(person=person, seconder=None, reason=reason)
    waits = motion.outcome == "carried" and motion.answered is None and motion.opened.link is None
    return CandidateAnswered(person=person, accepted=False, name=None, email=None) if waits else None


def _leaver(motion: Motion, facts: Facts) -> PersonId | Refused:
    if motion.policy.kind != "step-down":
        return Refused(code="no-step-down", params={"motion": motion.number})
    if facts.actor is None or facts.actor != motion.subject:
        return Refused(code="only-the-person", params={"motion": motion.number})
    if not motion.open:
        params: Params = {"motion": motion.number, "what": "confirm", "outcome": motion.outcome}
        return Refused(code="closed", params=params)
    return facts.actor
