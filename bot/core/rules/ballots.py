"""Ballots and objections while the window is open (R3, R13-R15, R20-R22, R40, R52)."""

from __future__ import annotations

from datetime import datetime

from bot.core.answers import Params, Refused
from bot.core.calendar import closes_at
from bot.core.commands import CastBallot, RaiseObjection, RecordBallot, RetractBallot
from bot.core.events import (
    BallotCast,
    BallotRetracted,
    Event,
    ObjectionLifted,
    ObjectionRaised,
    PingsMuted,
    PingSnoozed,
)
from bot.core.motion import Ballot, Motion, ballot_of
from bot.core.people import PersonId
from bot.core.prose import REASON_LIMIT, Prose
from bot.core.rules.facts import Facts
from bot.core.rules.texts import check_link, check_text

_PRIVATE_WAYS = frozenset({"button", "ping"})


def cast(motion: Motion, command: CastBallot, facts: Facts, now: datetime) -> tuple[Event, ...] | Refused:
    """Record a ballot (R15). The time of the action decides (T16).

    The same choice again says something only where it is later: an older action of another choice may still be
    under way from another venue, and must not win then (F20).
    """
    acted = _acted(motion, facts.actor, command.acted_at, now)
    voter = _voter(motion, facts.actor, acted, what="vote")
    if isinstance(voter, Refused):
        return voter
    refused = _elsewhere(motion, facts, what="vote") or _check_ballot(motion, command)
    if refused:
        return refused
    before = motion.ballots.get(voter)
    if (
        before is not None
        and before.choice is not None
        and before.entered_by is None
        and motion.policy.revote == "none"
    ):
        return Refused(code="no-revote", params={"motion": motion.number, "choice": before.choice})
    own = before if before is not None and before.entered_by is None else None
    same = own if own is not None and own.choice == command.choice else None
    reason = Prose.of(command.reason, salt=facts.salt, label="reason") if command.reason else None
    if reason is None and same is not None:
        reason = same.reason
    event = BallotCast(
        person=voter,
        choice=command.choice,
        reason=reason,
        via=command.via,
        acted_at=acted,
        entered_by=None,
        link=Prose.of(command.link, salt=facts.salt, label="link") if command.link else None,
        said_at=_said(command.acted_at, acted),
    )
    return () if same is not None and not command.reason and _says_nothing(ballot_of(event), same) else (event,)


def _elsewhere(motion: Motion, facts: Facts, *, what: str) -> Refused | None:
    """Where the policy keeps the vote to the pull request, nothing that is done anywhere else is a ballot (R40)."""
    if motion.policy.venues == "all" or facts.on_page:
        return None
    link = motion.draft.url if motion.draft is not None else ""
    return Refused(code="pull-request-only", params={"motion": motion.number, "link": link, "what": what})


def _acted(motion: Motion, actor: PersonId | None, acted_at: datetime, now: datetime) -> datetime:
    """When it was done, by the platform; never in the future of this machine's clock.

    Where that clock was set back, the voter's earlier ballot lies in its future too: what the platform says was done
    after it still counts after it (F14).
    """
    before = motion.ballots.get(actor) if actor is not None else None
    known = before.acted_at if before is not None and before.entered_by is None else now
    return min(acted_at, max(now, known))


def _says_nothing(again: Ballot, same: Ballot) -> bool:
    """Whether the same choice again is of no later action, and tells no more of when it was done."""
    tells = again.said_at is not None and same.said_at is None and again.acted_at >= same.acted_at
    return not tells and not again.later_than(same)


def _said(platforms: datetime, acted: datetime) -> datetime | None:
    """The platform's own time where this machine's clock was behind it: two such keep their order (F14)."""
    return platforms if platforms > acted else None


def _check_ballot(motion: Motion, command: CastBallot) -> Refused | None:
    """What the policy asks of a ballot itself."""
    policy = motion.policy
    if command.choice == "abstain" and policy.ballot == "yes-no":
        return Refused(code="no-abstention", params={"motion": motion.number})
    if policy.secrecy == "blinded" and (command.via not in _PRIVATE_WAYS or command.reason):
        return Refused(code="blinded-buttons-only", params={"motion": motion.number})
    if command.choice == "no" and policy.no_requires_reason and not command.reason:
        return Refused(code="no-needs-reason", params={"motion": motion.number})
    refused = check_text(command.reason, field="reason", limit=REASON_LIMIT) if command.reason else None
    return refused or check_link(command.link, needed=False)


def record(motion: Motion, command: RecordBallot, facts: Facts, now: datetime) -> tuple[Event, ...] | Refused:
    """A maintainer enters a ballot that was cast elsewhere, with the link that shows it (R14).

    The voter's own ballot, here, always wins over an entered one.
    """
    acted = min(command.acted_at, now)
    clerk = _voter(motion, facts.actor, acted, what="record")
    if isinstance(clerk, Refused):
        return clerk
    elsewhere = _elsewhere(motion, facts, what="record")
    if elsewhere:
        return elsewhere
    voter = facts.other
    if voter is None or voter not in motion.members:
        return Refused(code="recorded-not-elector", params={"motion": motion.number, "eligible": len(motion.members)})
    if voter == clerk:
        return Refused(code="record-own", params={"motion": motion.number})
    if motion.policy.secrecy == "blinded":
        return Refused(code="blinded-buttons-only", params={"motion": motion.number, "what": "record"})
    if command.choice == "abstain" and motion.policy.ballot == "yes-no":
        return Refused(code="no-abstention", params={"motion": motion.number})
    refused = check_link(command.link, needed=True)
    if refused:
        return refused
    before = motion.ballots.get(voter)
    if before is not None and before.entered_by is None:
        return Refused(code="voted-here", params={"motion": motion.number, "person": voter})
    link = Prose.of(command.link, salt=facts.salt, label="link")
    return (
        BallotCast(
            person=voter,
            choice=command.choice,
            reason=None,
            via="record",
            acted_at=acted,
            entered_by=clerk,
            link=link,
        ),
    )


def retract(motion: Motion, command: RetractBallot, facts: Facts, now: datetime) -> tuple[Event, ...] | Refused:
    """Take a ballot back; only its owner can, and only in words or by a button."""
    acted = _acted(motion, facts.actor, command.acted_at, now)
    voter = _voter(motion, facts.actor, acted, what="retract")
    if isinstance(voter, Refused):
        return voter
    elsewhere = _elsewhere(motion, facts, what="retract")
    if elsewhere:
        return elsewhere
    choice = motion.choice_of(voter)
    if choice is None:
        return Refused(code="nothing-to-retract", params={"motion": motion.number})
    if motion.policy.revote == "none" and motion.ballots[voter].entered_by is None:
        return Refused(code="no-revote", params={"motion": motion.number, "what": "retract", "choice": choice})
    return (BallotRetracted(person=voter, acted_at=acted, said_at=_said(command.acted_at, acted)),)


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
    longer = _longer(motion, acted) if motion.policy.objection in {"extend", "escalate"} else None
    return (ObjectionRaised(person=voter, reason=reason, acted_at=acted, closes_at=longer),)


def _longer(motion: Motion, acted: datetime) -> datetime | None:
    """The full window again from the first objection on, where the policy gives that; never less (R20)."""
    if motion.closes_at is None or motion.objections:
        return None
    opened = motion.opened
    end = closes_at(acted, motion.policy.window, zone_name=opened.zone, holidays=frozenset(opened.holidays))
    return max(end, motion.closes_at)


def lift(motion: Motion, facts: Facts, now: datetime) -> tuple[Event, ...] | Refused:
    """Take one's own objections back."""
    voter = _voter(motion, facts.actor, now, what="lift")
    if isinstance(voter, Refused):
        return voter
    mine = {index for index, raised in enumerate(motion.objections) if raised.person == voter}
    if not mine - motion.lifted:
        return Refused(code="nothing-to-lift", params={"motion": motion.number})
    return (ObjectionLifted(person=voter),)


def snooze(motion: Motion, facts: Facts, now: datetime) -> tuple[Event, ...] | Refused:
    """Remind the voter in the morning instead, if the vote is still open then."""
    voter = _voter(motion, facts.actor, now, what="snooze")
    if isinstance(voter, Refused):
        return voter
    morning = facts.morning
    if morning is None or (motion.closes_at is not None and morning >= motion.closes_at):
        return Refused(code="no-morning-left", params={"motion": motion.number})
    return (PingSnoozed(person=voter, until=morning),)


def mute(motion: Motion, facts: Facts, now: datetime) -> tuple[Event, ...] | Refused:
    """No more reminders of this motion for the voter."""
    voter = _voter(motion, facts.actor, now, what="mute")
    if isinstance(voter, Refused):
        return voter
    return () if voter in motion.muted else (PingsMuted(person=voter),)


def _voter(motion: Motion, actor: PersonId | None, acted: datetime, *, what: str) -> PersonId | Refused:
    """The member of the electorate who acts, while the window is open; or why they may not."""
    if not motion.proposed:
        return Refused(code="no-such-motion")
    if motion.policy.kind == "step-down":
        return Refused(code="no-vote", params={"motion": motion.number, "what": what})
    if actor is None or actor not in motion.members:
        return _outsider(motion, actor, what)
    if not motion.open:
        return Refused(code="closed", params={"motion": motion.number, "what": what, "outcome": motion.outcome})
    if motion.closes_at is not None and acted >= motion.closes_at:
        params: Params = {"motion": motion.number, "what": what, "closed": motion.closes_at.isoformat()}
        return Refused(code="too-late", params=params)
    if what != "object" and (not motion.voting or _too_early(motion, acted)):
        stage = "discussion" if motion.voting else motion.stage
        return Refused(code="not-voting-yet", params={"motion": motion.number, "what": what, "stage": stage})
    return actor


def _too_early(motion: Motion, acted: datetime) -> bool:
    """Whether it was done before the discussion's end, or before there was a draft to vote on (R39, R41).

    An announcement is no such bound: who acts upon it has seen it, before its delivery was confirmed (T19).
    """
    bound = motion.policy.discussion is not None or motion.policy.window_start == "draft"
    return bound and motion.votes_from is not None and acted < motion.votes_from


def _outsider(motion: Motion, actor: PersonId | None, what: str) -> Refused:
    if actor is not None and actor == motion.subject:
        code = "candidate-votes-not" if motion.policy.kind == "add" else "subject-votes-not"
        return Refused(code=code, params={"motion": motion.number, "what": what})
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
