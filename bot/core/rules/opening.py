"""Opening a motion (R1-R12, R30, R36, R50): who may put what to whom, and what is frozen into the motion."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from bot.core import practice
from bot.core.answers import Refused
from bot.core.calendar import closes_at
from bot.core.commands import AskContact, Nominate, Practice, Propose, Rerun, StepDown
from bot.core.docket import Docket
from bot.core.events import Event, MotionOpened, Pinned
from bot.core.motion import Motion
from bot.core.people import MAINTAINER, Electorate, PersonId, Roster
from bot.core.policy import Policy
from bot.core.prose import TEXT_LIMIT, TITLE_LIMIT, Prose
from bot.core.rules.facts import Facts, Opening, PullRequest, RosterFault
from bot.core.rules.texts import check_link, check_text, is_login

OpeningCommand = Nominate | Propose | StepDown | AskContact | Rerun | Practice


def open_motion(
    before: Motion | None, docket: Docket, command: OpeningCommand, facts: Facts, now: datetime
) -> tuple[Event, ...] | Refused:
    """Open a motion, or say why not. `before` is the motion that a re-run repeats, or the removal that a
    step-down has ended.
    """
    about = facts.opening
    if about is None or facts.actor is None:
        return Refused(code="no-repository")
    if isinstance(about.roster, RosterFault):
        return unreadable(about.roster)
    policy = about.policy
    if policy is None:
        return Refused(code="no-policy")
    refused = (
        _check_initiator(command, facts.actor, about, about.roster, policy)
        or _check_command(command, facts.actor, about, about.roster, before)
        or _check_docket(docket, facts.actor, about, policy, now)
        or _check_dispute(docket, about, policy, _dispute(command, before))
    )
    if refused:
        return refused
    return (_opened(command, before, facts, facts.actor, about, about.roster, policy),)


def unreadable(fault: RosterFault) -> Refused:
    """The roster cannot be read (R6)."""
    return Refused(
        code="roster-unreadable",
        params={"path": fault.path, "line": fault.line, "what": fault.what, "remedy": fault.remedy},
    )


def electorate_of(roster: Roster, policy: Policy, *, subject: PersonId | None, proposer: PersonId) -> Electorate:
    """The maintainers without whom the policy excludes; the excluded are counted all the same where it says so (R42).

    A candidate is never in the electorate, whatever the policy says (R22).
    """
    named = {"subject": subject, "proposer": proposer}
    out = {person for name in policy.exclude if (person := named[name]) is not None}
    barred = out & set(roster.maintainers) if policy.exclude_in_denominator else set()
    if policy.kind == "add" and subject is not None:
        out.add(subject)
    voters = [person for person in roster.maintainers if person not in out]
    return Electorate.of(voters, commit=roster.commit, path=roster.path, barred=barred)


def _check_initiator(
    command: OpeningCommand, actor: PersonId, about: Opening, roster: Roster, policy: Policy
) -> Refused | None:
    if not roster.maintainers:
        return Refused(code="roster-empty", params={"path": roster.path})
    if policy.initiators == "maintainers" and roster.role_of(actor) != MAINTAINER:
        role = roster.role_of(actor) or ""
        return Refused(
            code="not-a-maintainer", params={"repository": about.repository, "role": role, "what": "propose"}
        )
    if policy.initiators == "subject" and roster.role_of(actor) is None:
        return Refused(code="nothing-to-step-down-from", params={"repository": about.repository})
    if about.channel_public and policy.visibility == "private" and not isinstance(command, StepDown):
        return Refused(code="channel-public")
    if policy.venues == "pull-request" and not about.pages:
        return Refused(code="venue-nowhere", params={"repository": about.repository})
    if policy.secrecy == "blinded" and len(roster.maintainers) < 5:
        return Refused(code="blinded-too-few", params={"eligible": len(roster.maintainers)})
    return None


def _check_command(
    command: OpeningCommand, actor: PersonId, about: Opening, roster: Roster, before: Motion | None
) -> Refused | None:
    match command:
        case Nominate():
            return (
                _check_candidate(command, actor, about, roster)
                or _check_evidence(command)
                or check_link(command.pull_request, needed=False)
            )
        case Propose():
            return (
                check_text(command.title, field="title", limit=TITLE_LIMIT)
                or check_text(command.text, field="text", limit=TEXT_LIMIT)
                or check_link(command.link, needed=about.policy is not None and about.policy.kind == "resolution")
            )
        case StepDown():
            return check_text(command.note, field="note", limit=TEXT_LIMIT, needed=False)
        case AskContact():
            return _check_inactive(command, actor, about, roster)
        case Practice():
            if not 0 <= command.minutes <= practice.MAX_MINUTES:
                return Refused(code="minutes-unfit", params={"limit": practice.MAX_MINUTES})
            return check_text(command.title, field="title", limit=TITLE_LIMIT, needed=False)
        case Rerun():
            if before is None or not before.proposed:
                return Refused(code="no-such-motion")
            if before.outcome not in {"lost", "withdrawn", "void"}:
                return Refused(code="not-to-be-rerun", params={"motion": before.number, "outcome": before.stage})
            if before.policy.kind in {"step-down", "remove", "practice"}:
                return Refused(code="rerun-anew", params={"motion": before.number})
            if before.subject == actor:
                return Refused(code="self-nomination")
            held = roster.role_of(before.subject)
            if before.subject is not None and held in {MAINTAINER, before.role}:
                params = {"person": before.subject, "role": held or "", "path": roster.path}
                return Refused(code="already-on-roster", params=params)
            return None
        case _:
            assert_never(command)


def _check_candidate(command: Nominate, actor: PersonId, about: Opening, roster: Roster) -> Refused | None:
    if command.sponsor is not None and (about.sponsor is None or about.sponsor not in roster.maintainers):
        return Refused(code="sponsor-no-maintainer", params={"repository": about.repository})
    if not is_login(command.login) or about.subject is None:
        return Refused(code="login-unfit")
    if about.subject == actor:
        return Refused(code="self-nomination")
    if about.subject == about.sponsor:
        return Refused(code="sponsor-is-candidate")
    held = roster.role_of(about.subject)
    if held == MAINTAINER or held == command.role:
        return Refused(code="already-on-roster", params={"person": about.subject, "role": held, "path": roster.path})
    return about.doubt


def _check_evidence(command: Nominate) -> Refused | None:
    if not 0 <= command.months <= 1200:
        return Refused(code="months-unfit")
    return check_text(command.evidence, field="evidence", limit=TEXT_LIMIT) or check_text(
        command.text, field="text", limit=TEXT_LIMIT
    )


def _check_inactive(command: AskContact, actor: PersonId, about: Opening, roster: Roster) -> Refused | None:
    if not is_login(command.login) or about.subject is None:
        return Refused(code="login-unfit")
    if about.subject == actor:
        return Refused(code="contact-self")
    if roster.role_of(about.subject) is None:
        return Refused(code="not-on-roster", params={"person": about.subject, "path": roster.path})
    return None


def _check_docket(docket: Docket, actor: PersonId, about: Opening, policy: Policy, now: datetime) -> Refused | None:
    """Rules that reach across motions: one a subject, a limit a person, a cool-down where the policy has one."""
    if policy.kind not in {"practice", "step-down"} and docket.open_by(actor) >= about.limit:
        return Refused(code="too-many-motions", params={"limit": about.limit})
    if about.subject is None:
        return None
    other = docket.unfinished_on(about.repository, about.subject)
    if other is not None:
        code = "already-carried" if other.stage == "carried" else "already-proposed"
        return Refused(code=code, params={"motion": other.number, "person": about.subject})
    lost = docket.last_lost(about.repository, about.subject, policy.role) if policy.cool_down else None
    if lost is not None and lost.closed_at is not None and policy.cool_down is not None:
        until = closes_at(lost.closed_at, policy.cool_down, zone_name=about.zone, holidays=frozenset(about.holidays))
        if now < until:
            return Refused(code="cool-down", params={"motion": lost.number, "until": until.isoformat()})
    return None


def _check_dispute(docket: Docket, about: Opening, policy: Policy, dispute: str) -> Refused | None:
    """One open motion a dispute (R50), and one practice at a time."""
    other = docket.disputed(about.repository, dispute) if dispute else None
    if other is None:
        return None
    if policy.kind == "practice":
        return Refused(code="already-practising", params={"motion": other.number})
    return Refused(code="already-disputed", params={"motion": other.number})


def _opened(
    command: OpeningCommand,
    before: Motion | None,
    facts: Facts,
    actor: PersonId,
    about: Opening,
    roster: Roster,
    policy: Policy,
) -> MotionOpened:
    subject = about.subject
    electorate = electorate_of(roster, policy, subject=subject, proposer=actor)
    linked = electorate.members if policy.venues == "pull-request" else about.linked  # the forge knows them all
    unlinked = tuple(person for person in roster.maintainers if person in electorate.members - linked)
    words = _words(command, before, facts.salt)
    months = command.months if isinstance(command, Nominate) else before.opened.months if before else 0
    return MotionOpened(
        repository=about.repository,
        policy=policy,
        rulebook=about.rulebook,
        document=about.document,
        electorate=electorate,
        subject=subject,
        role=policy.role or (roster.role_of(subject) or ""),
        proposer=actor,
        sponsor=about.sponsor if about.sponsor in roster.maintainers else None,
        months=months,
        evidence=words.evidence,
        title=words.title,
        text=words.text,
        link=words.link,
        dispute=_dispute(command, before),
        repeats=before.number if before else 0,
        channel=about.channel,
        zone=about.zone,
        holidays=about.holidays,
        unlinked=unlinked,
        warnings=_warnings(policy, electorate, len(unlinked), months, about.listed),
        simulated=about.simulated,
        pinned=_pinned(about.pull, facts.salt),
    )


def _pinned(pull: PullRequest | None, salt: str) -> Pinned | None:
    """The pull request that is voted on, as it is now (R27)."""
    if pull is None:
        return None
    return Pinned(head=pull.head, record=Prose.of(pull.record, salt=salt, label="record"), others=pull.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """What was typed, salted."""

    text: Prose
    evidence: Prose | None = None
    title: Prose | None = None
    link: Prose | None = None


def _words(command: OpeningCommand, before: Motion | None, salt: str) -> _Words:
    """The texts of the motion; a re-run takes those of the motion that it repeats."""

    def text(typed: str) -> Prose:
        return Prose.of(typed, salt=salt, label="text")

    match command:
        case Nominate():
            evidence = Prose.of(command.evidence, salt=salt, label="evidence")
            opened = command.pull_request
            link = Prose.of(opened, salt=salt, label="link") if opened else None
            return _Words(text=text(command.text), evidence=evidence, link=link)
        case Propose():
            title = Prose.of(command.title, salt=salt, label="title")
            link = Prose.of(command.link, salt=salt, label="link") if command.link else None
            return _Words(text=text(command.text), title=title, link=link)
        case StepDown():
            return _Words(text=text(command.note))
        case AskContact():
            return _Words(text=text(""))
        case Practice():
            return _Words(text=text(""), title=Prose.of(command.title or practice.TITLE, salt=salt, label="title"))
        case Rerun():
            if before is None:
                raise ValueError("a re-run repeats a motion")
            old = before.opened
            return _Words(text=before.text, evidence=old.evidence, title=old.title, link=old.link)
        case _:
            assert_never(command)


def _dispute(command: OpeningCommand, before: Motion | None) -> str:
    """What tells two disputes apart: a digest of the link that calls for the motion, or nothing."""
    if isinstance(command, Nominate):
        return ""
    if isinstance(command, Practice):
        return practice.NAME
    if isinstance(command, Propose) and command.link:
        return hashlib.sha256(command.link.rstrip("/").encode()).hexdigest()[:32]
    return before.opened.dispute if before is not None else ""


def _warnings(
    policy: Policy, electorate: Electorate, unlinked: int, months: int, listed: bool | None
) -> tuple[str, ...]:
    """What the poll warns about; the bot never rejects by itself (R7, R8, R10, R42)."""
    warnings = []
    voters, counted = len(electorate.members), len(electorate.members) + len(electorate.barred)
    needed = policy.threshold.needed(counted) if policy.of == "eligible" else 0
    if policy.kind == "add" and months <= policy.evidence_months:
        warnings.append("short-involvement")
    if policy.kind == "add" and listed is False:
        warnings.append("not-on-list")
    if needed > voters:
        warnings.append("never-reached")
    elif unlinked and voters - unlinked < needed:
        warnings.append("unreachable")
    return tuple(warnings)
