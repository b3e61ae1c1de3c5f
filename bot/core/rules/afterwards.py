"""After a motion has carried (R5, R25-R28): acknowledgement, invitation, the candidate's answer, the draft."""

from __future__ import annotations

from bot.core.answers import Refused
from bot.core.calendar import closes_at
from bot.core.commands import NoteDraft, RecordAnswer
from bot.core.events import CandidateAnswered, DraftOpened, Event, InvitationTaken, ResultAcknowledged, VotingOpened
from bot.core.motion import Motion
from bot.core.people import PersonId
from bot.core.prose import Prose
from bot.core.rules.facts import Facts
from bot.core.rules.texts import check_email, check_name


def acknowledge(motion: Motion, facts: Facts) -> tuple[Event, ...] | Refused:
    """A maintainer has seen that the roster's change decided the outcome (R5, T8)."""
    actor = _maintainer(motion, facts, what="acknowledge")
    if isinstance(actor, Refused):
        return actor
    if not motion.needs_acknowledgement:
        return Refused(code="nothing-to-acknowledge", params={"motion": motion.number})
    return (ResultAcknowledged(person=actor),)


def take_invitation(motion: Motion, facts: Facts) -> tuple[Event, ...] | Refused:
    """One maintainer takes it on to contact the candidate, also from a colleague (R25)."""
    if motion.policy.kind != "add":
        return Refused(code="no-candidate", params={"motion": motion.number})
    if motion.opened.link is not None:
        return Refused(code="in-pull-request", params={"motion": motion.number})
    actor = _maintainer(motion, facts, what="invite")
    if isinstance(actor, Refused):
        return actor
    if motion.answered is not None:
        return Refused(code="already-answered", params={"motion": motion.number})
    if motion.inviter == actor:
        return ()
    return (InvitationTaken(person=actor),)


def record_answer(motion: Motion, command: RecordAnswer, facts: Facts) -> tuple[Event, ...] | Refused:
    """The candidate's answer, by the one who invited them (R26)."""
    if motion.policy.kind != "add":
        return Refused(code="no-candidate", params={"motion": motion.number})
    actor = _maintainer(motion, facts, what="accepted" if command.accepted else "declined")
    if isinstance(actor, Refused):
        return actor
    if motion.answered is not None:
        return Refused(code="already-answered", params={"motion": motion.number})
    if motion.inviter is None:
        return Refused(code="nobody-invited", params={"motion": motion.number})
    if motion.inviter != actor:
        return Refused(code="not-the-inviter", params={"motion": motion.number, "person": motion.inviter})
    refused = check_name(command.name, field="name") or check_email(command.email)
    if refused:
        return refused
    name = Prose.of(command.name, salt=facts.salt, label="name") if command.name else None
    email = Prose.of(command.email, salt=facts.salt, label="email") if command.email else None
    return (CandidateAnswered(person=actor, accepted=command.accepted, name=name, email=email),)


def note_draft(motion: Motion, command: NoteDraft) -> tuple[Event, ...]:
    """The forge has the draft: remembered once, and again only if it was made anew.

    Where the vote is on the draft, its window runs from here (R40, R41). One that was under way when the motion became
    void or was withdrawn is remembered, too, so that it can say so.
    """
    known = motion.draft
    if not (motion.enactable or motion.was_enactable) or (known is not None and known.commit == command.commit):
        return ()
    draft = DraftOpened(
        branch=command.branch, commit=command.commit, base=command.base, url=command.url, ready=command.ready
    )
    if motion.annulled or motion.policy.window_start != "draft" or motion.votes_from is not None:
        return (draft,)
    opened, start = motion.opened, max(command.at, motion.opened_at)
    end = closes_at(start, motion.policy.window, zone_name=opened.zone, holidays=frozenset(opened.holidays))
    return (draft, VotingOpened(votes_from=start, closes_at=end))


def _maintainer(motion: Motion, facts: Facts, *, what: str) -> PersonId | Refused:
    """A maintainer by today's roster (whoever left may not act), on a motion that has carried."""
    current = facts.current if facts.current is not None else motion.members
    if facts.actor is None or facts.actor not in current:
        params = {"repository": motion.opened.repository, "role": "", "what": what}
        return Refused(code="not-a-maintainer", params=params)
    if motion.effective is not None:
        return Refused(code="closed", params={"motion": motion.number, "what": what, "outcome": "finished"})
    if motion.outcome != "carried" and not (what == "acknowledge" and motion.needs_acknowledgement):
        stage = motion.outcome or "open"
        return Refused(code="not-carried", params={"motion": motion.number, "what": what, "outcome": stage})
    return facts.actor
