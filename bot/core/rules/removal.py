"""Inactivity and removal (R35-R45): private contact first, then the proposal on the channel, then the draft."""

from __future__ import annotations

from datetime import datetime

from bot.core.answers import Params, Refused
from bot.core.calendar import Window, closes_at
from bot.core.commands import RecordContact
from bot.core.events import (
    ContactAnswered,
    ContactReminded,
    ContactTaken,
    DraftCalled,
    Event,
    RemovalProposed,
)
from bot.core.motion import Motion
from bot.core.people import PersonId
from bot.core.rules.facts import Facts, RosterFault
from bot.core.rules.opening import electorate_of, unreadable

PATIENCE = Window(count=5, unit="bd")
"""How long the subject has to answer before each reminder, and after the last (R38)."""
REMINDERS = 2


def hidden(motion: Motion, facts: Facts) -> bool:
    """Whether this motion does not exist for who asks: a contact is known to the other maintainers only (R37, R43)."""
    knows = facts.actor is not None and (facts.actor in motion.members or facts.actor in (facts.current or ()))
    return not motion.proposed and (not knows or facts.actor == motion.subject)


def take_contact(motion: Motion, facts: Facts) -> tuple[Event, ...] | Refused:
    """A neutral person accepts the task: not the subject, not who asked, not of the same employer if known (R37)."""
    actor = _colleague(motion, facts, what="contact")
    if isinstance(actor, Refused):
        return actor
    if motion.proposed:
        return Refused(code="contact-over", params={"motion": motion.number})
    if actor == motion.opened.proposer:
        return Refused(code="contact-not-neutral", params={"motion": motion.number, "why": "asked"})
    mine, theirs = facts.employers.get(actor, ""), facts.employers.get(motion.subject or PersonId(""), "")
    if mine and mine.casefold() == theirs.casefold():
        return Refused(code="contact-not-neutral", params={"motion": motion.number, "why": "employer"})
    if motion.contact == actor:
        return ()
    return (ContactTaken(person=actor),)


def record_contact(motion: Motion, command: RecordContact, facts: Facts, now: datetime) -> tuple[Event, ...] | Refused:
    """What the subject answered, by the one who contacted them; "no answer" only after two reminders (R38)."""
    actor = _colleague(motion, facts, what="contact")
    if isinstance(actor, Refused):
        return actor
    if motion.proposed or (motion.contact_answer is not None and motion.contact_answer.answer != "no-answer"):
        return Refused(code="contact-over", params={"motion": motion.number})
    if motion.contact != actor:
        params: Params = {"motion": motion.number, "person": motion.contact}
        return Refused(code="not-the-contact" if motion.contact else "nobody-contacts", params=params)
    due = reminder_due(motion)
    if command.answer == "no-answer" and (motion.reminded < REMINDERS or (due is not None and now < due)):
        until = due.isoformat() if due else ""
        waiting: Params = {"motion": motion.number, "count": motion.reminded, "until": until}
        return Refused(code="reminders-first", params=waiting)
    return (ContactAnswered(person=actor, answer=command.answer),)


def reminder_due(motion: Motion) -> datetime | None:
    """When the subject's patience with the last contact or reminder ends; None if nobody has contacted them."""
    last = motion.reminded_at or motion.contacted_at
    if last is None:
        return None
    return closes_at(last, PATIENCE, zone_name=motion.opened.zone, holidays=frozenset(motion.opened.holidays))


def remind_contact(motion: Motion, now: datetime) -> tuple[Event, ...]:
    """Ask the contact to remind the subject: twice, five business days apart (R38)."""
    due = reminder_due(motion)
    waits = motion.open and not motion.proposed and motion.contact_answer is None
    if not waits or due is None or now < due or motion.reminded >= REMINDERS:
        return ()
    return (ContactReminded(count=motion.reminded + 1),)


def propose_removal(motion: Motion, facts: Facts) -> tuple[Event, ...] | Refused:
    """Propose it to the maintainers, the subject included, before any draft exists (R39, R43)."""
    actor = _colleague(motion, facts, what="remove")
    if isinstance(actor, Refused):
        return actor
    if motion.proposed:
        return Refused(code="already-proposed-removal", params={"motion": motion.number})
    answer = motion.contact_answer.answer if motion.contact_answer else None
    if answer not in {"cannot", "no-answer"}:
        return Refused(code="contact-first", params={"motion": motion.number})
    about = facts.opening
    if about is None:
        return Refused(code="no-repository")
    if isinstance(about.roster, RosterFault):
        return unreadable(about.roster)
    if motion.subject is None or about.roster.role_of(motion.subject) is None:
        return Refused(code="not-on-roster", params={"person": motion.subject, "what": "remove"})
    pinned = electorate_of(about.roster, motion.policy, subject=motion.subject, proposer=actor)
    return (RemovalProposed(person=actor, electorate=pinned),)


def discussion_ends(motion: Motion) -> datetime | None:
    """When the draft may be made: at least one business day after the proposal was delivered (R39)."""
    if motion.delivered_at is None:
        return None
    span = motion.policy.discussion or Window(count=1, unit="bd")
    return closes_at(
        motion.delivered_at, span, zone_name=motion.opened.zone, holidays=frozenset(motion.opened.holidays)
    )


def call_draft(motion: Motion, now: datetime) -> tuple[Event, ...]:
    """The discussion has lasted as long as it has to (R39)."""
    ends = discussion_ends(motion)
    waits = motion.open and motion.proposed and not motion.draft_called and motion.policy.window_start == "draft"
    return (DraftCalled(),) if waits and ends is not None and now >= ends else ()


def _colleague(motion: Motion, facts: Facts, *, what: str) -> PersonId | Refused:
    """A maintainer who is not the subject, on a removal that has not ended. To others it does not exist (R43)."""
    current = facts.current if facts.current is not None else motion.members
    if facts.actor is None or facts.actor not in current or facts.actor == motion.subject:
        return Refused(code="no-such-motion")
    if motion.policy.kind != "remove":
        return Refused(code="no-removal", params={"motion": motion.number})
    if not motion.open:
        params: Params = {"motion": motion.number, "what": what, "outcome": motion.outcome}
        return Refused(code="closed", params=params)
    return facts.actor
