"""Which texts of the log are a person's: what goes when a person is erased (T49). The events themselves stay."""

from __future__ import annotations

from bot.core.events import (
    BallotCast,
    Event,
    MotionVoided,
    MotionWithdrawn,
    ObjectionRaised,
    SecondAsked,
    WindowExtended,
)
from bot.core.motion import Motion
from bot.core.people import PersonId


def owned(event: Event, person: PersonId, *, subject: PersonId | None) -> bool:
    """Whether the texts of a motion's event go with this person; `subject` is whom the motion is about.

    In a motion about them everything that anybody typed goes. In any other only what they said for themselves: the
    reasons of their ballots, objections and requests. The words that they put to the vote stay: others voted on them.
    """
    if subject == person:
        return True
    match event:
        case SecondAsked(person=author, what=what):
            return author == person and what != "correct"
        case BallotCast() | ObjectionRaised() | MotionWithdrawn() | MotionVoided() | WindowExtended():
            return event.person == person
        case _:
            return False


def needed(motion: Motion, person: PersonId) -> str:
    """Why an unfinished motion cannot do without a person, in words; empty if it can."""
    if motion.ended:
        return ""
    opened = motion.opened
    if motion.subject == person:
        return "it is about them"
    if person in {opened.proposer, motion.proposed_by, opened.sponsor}:
        return "they proposed or sponsor it"
    if person in motion.members | motion.barred | opened.electorate.members | opened.electorate.barred:
        return "they are in its electorate"
    if person in {motion.contact, motion.inviter} or person in motion.seconds:
        return "they have a part in it"
    return ""


def takes_part(motion: Motion, person: PersonId) -> bool:
    """Whether a message about the motion may name the person."""
    named = {motion.subject, motion.opened.proposer, motion.proposed_by, motion.opened.sponsor}
    named |= {motion.contact, motion.inviter, motion.acknowledged_by, motion.confirmed}
    return person in named | set(motion.ballots) | motion.members | motion.opened.electorate.members
