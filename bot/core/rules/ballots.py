"""Ballots and objections while the window is open (R3, R13-R15, R20-R22)."""

from __future__ import annotations

from datetime import datetime

from bot.core.answers import Params, Refused
from bot.core.commands import CastBallot, RaiseObjection, RetractBallot
from bot.core.events import BallotCast, BallotRetracted, Event, ObjectionRaised
from bot.core.motion import Motion
from bot.core.people import PersonId
from bot.core.prose import REASON_LIMIT, Prose
from bot.core.rules.facts import Facts
from bot.core.rules.texts import check_text


def cast(motion: Motion, command: CastBallot, facts: Facts, now: datetime) -> tuple[Event, ...] | Refused:
    """Record a ballot (R15). The time of the action decides (T16).

    The same choice again says something only where it is later: an older action of another choice may still be
    under way from another venue, and must not win then (F20).
    """
    acted = min(command.acted_at, now)
    voter = _voter(motion, facts.actor, acted, what="vote")
    if isinstance(voter, Refused):
        return voter
    if command.reason:
        refused = check_text(command.reason, field="reason", limit=REASON_LIMIT)
        if refused:
            return refused
    before = motion.ballots.get(voter)
    same = before if before is not None and before.choice == command.choice else None
    if same is not None and not command.reason and acted <= same.acted_at:
        return ()
    reason = Prose.of(command.reason, salt=facts.salt, label="reason") if command.reason else None
    if reason is None and same is not None:
        reason = same.reason
    return (BallotCast(person=voter, choice=command.choice, reason=reason, via=command.via, acted_at=acted),)


def retract(motion: Motion, command: RetractBallot, facts: Facts, now: datetime) -> tuple[Event, ...] | Refused:
    """Take a ballot back; only its owner can, and only in words or by a button."""
    acted = min(command.acted_at, now)
    voter = _voter(motion, facts.actor, acted, what="retract")
    if isinstance(voter, Refused):
        return voter
    if motion.choice_of(voter) is None:
        return Refused(code="nothing-to-retract", params={"motion": motion.number})
    return (BallotRetracted(person=voter, acted_at=acted),)


def object_to(motion: Motion, command: RaiseObjection, facts: Facts, now: datetime) -> tuple[Event, ...] | Refused:
    """Record an objection of a maintainer, with its reason; it is no veto (R20)."""
    acted = min(command.acted_at, now)
    voter = _voter(motion, facts.actor, acted, what="object")
    if isinstance(voter, Refused):
        return voter
    refused = check_text(command.reason, field="reason", limit=REASON_LIMIT)
    if refused:
        return refused
    reason = Prose.of(command.reason, salt=facts.salt, label="objection")
    return (ObjectionRaised(person=voter, reason=reason, acted_at=acted),)


def _voter(motion: Motion, actor: PersonId | None, acted: datetime, *, what: str) -> PersonId | Refused:
    """The member of the electorate who acts, while the window is open; or why they may not."""
    if actor is None or actor not in motion.members:
        return _outsider(motion, actor, what)
    if not motion.open:
        return Refused(code="closed", params={"motion": motion.number, "what": what, "outcome": motion.outcome})
    if motion.closes_at is not None and acted >= motion.closes_at:
        params: Params = {"motion": motion.number, "what": what, "closed": motion.closes_at.isoformat()}
        return Refused(code="too-late", params=params)
    return actor


def _outsider(motion: Motion, actor: PersonId | None, what: str) -> Refused:
    if actor is not None and actor == motion.subject:
        return Refused(code="candidate-votes-not", params={"motion": motion.number, "what": what})
    if actor is not None and actor in motion.electorate.members:
        return Refused(code="left-the-electorate", params={"motion": motion.number, "what": what})
    return Refused(
        code="not-in-electorate",
        params={
            "motion": motion.number,
            "eligible": len(motion.members),
            "repository": motion.opened.repository,
            "what": what,
        },
    )
