"""Opening a candidacy (R1-R12): who may propose whom, and what is frozen into the motion."""

from __future__ import annotations

from datetime import datetime

from bot.core.answers import Refused
from bot.core.calendar import closes_at
from bot.core.commands import Nominate
from bot.core.docket import Docket
from bot.core.events import Event, MotionOpened
from bot.core.people import MAINTAINER, Electorate, PersonId, Roster
from bot.core.policy import Policy
from bot.core.prose import TEXT_LIMIT, Prose
from bot.core.rules.facts import Facts, Opening, RosterFault
from bot.core.rules.texts import check_text, is_login


def nominate(docket: Docket, command: Nominate, facts: Facts, now: datetime) -> tuple[Event, ...] | Refused:
    """Open a candidacy, or say why not."""
    about = facts.opening
    if about is None or facts.actor is None:
        return Refused(code="no-repository")
    if isinstance(about.roster, RosterFault):
        return _unreadable(about.roster)
    policy = about.policy
    if policy is None:
        return Refused(code="no-policy", params={"role": command.role})
    refused = (
        _check_proposer(command, facts.actor, about, about.roster, policy)
        or _check_candidate(command, facts.actor, about, about.roster)
        or _check_texts(command)
        or _check_docket(docket, facts.actor, about, policy, now)
    )
    if refused:
        return refused
    return (_opened(command, facts, facts.actor, about, about.roster, policy),)


def _unreadable(fault: RosterFault) -> Refused:
    return Refused(
        code="roster-unreadable",
        params={"path": fault.path, "line": fault.line, "what": fault.what, "remedy": fault.remedy},
    )


def _check_proposer(
    command: Nominate, actor: PersonId, about: Opening, roster: Roster, policy: Policy
) -> Refused | None:
    if not roster.maintainers:
        return Refused(code="roster-empty", params={"path": roster.path})
    if roster.role_of(actor) != MAINTAINER:
        return Refused(
            code="not-a-maintainer",
            params={"repository": about.repository, "role": roster.role_of(actor) or "", "what": "propose"},
        )
    if command.sponsor is not None and (about.sponsor is None or about.sponsor not in roster.maintainers):
        return Refused(code="sponsor-no-maintainer", params={"repository": about.repository})
    if about.channel_public and policy.visibility == "private":
        return Refused(code="channel-public")
    return None


def _check_candidate(command: Nominate, actor: PersonId, about: Opening, roster: Roster) -> Refused | None:
    if not is_login(command.login):
        return Refused(code="login-unfit")
    if about.candidate == actor:
        return Refused(code="self-nomination")
    if about.candidate == about.sponsor:
        return Refused(code="sponsor-is-candidate")
    held = roster.role_of(about.candidate)
    if held == MAINTAINER or held == command.role:
        return Refused(code="already-on-roster", params={"person": about.candidate, "role": held, "path": roster.path})
    return None


def _check_texts(command: Nominate) -> Refused | None:
    if not 0 <= command.months <= 1200:
        return Refused(code="months-unfit")
    return check_text(command.evidence, field="evidence", limit=TEXT_LIMIT) or check_text(
        command.text, field="text", limit=TEXT_LIMIT
    )


def _check_docket(docket: Docket, actor: PersonId, about: Opening, policy: Policy, now: datetime) -> Refused | None:
    """Rules that reach across motions: one a subject, a limit a person, a cool-down where the policy has one."""
    other = docket.unfinished_on(about.repository, about.candidate)
    if other is not None:
        code = "already-proposed" if other.stage in {"announcing", "open"} else "already-carried"
        return Refused(code=code, params={"motion": other.number, "person": about.candidate})
    if docket.open_by(actor) >= about.limit:
        return Refused(code="too-many-motions", params={"limit": about.limit})
    lost = docket.last_lost(about.repository, about.candidate, policy.role) if policy.cool_down else None
    if lost is not None and lost.closed_at is not None and policy.cool_down is not None:
        until = closes_at(lost.closed_at, policy.cool_down, zone_name=about.zone, holidays=frozenset(about.holidays))
        if now < until:
            return Refused(code="cool-down", params={"motion": lost.number, "until": until.isoformat()})
    return None


def _opened(
    command: Nominate, facts: Facts, actor: PersonId, about: Opening, roster: Roster, policy: Policy
) -> MotionOpened:
    members = [person for person in roster.maintainers if person != about.candidate]
    unlinked = tuple(person for person in members if person not in about.linked)
    warnings = []
    if command.months <= policy.evidence_months:
        warnings.append("short-involvement")
    if unlinked and len(members) - len(unlinked) < policy.threshold.needed(len(members)):
        warnings.append("unreachable")
    return MotionOpened(
        repository=about.repository,
        policy=policy,
        rulebook=about.rulebook,
        document=about.document,
        electorate=Electorate.of(members, commit=roster.commit, path=roster.path),
        subject=about.candidate,
        proposer=actor,
        sponsor=about.sponsor,
        months=command.months,
        evidence=Prose.of(command.evidence, salt=facts.salt, label="evidence"),
        text=Prose.of(command.text, salt=facts.salt, label="text"),
        channel=about.channel,
        zone=about.zone,
        holidays=about.holidays,
        unlinked=unlinked,
        warnings=tuple(warnings),
        simulated=about.simulated,
    )
