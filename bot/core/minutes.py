"""The record of a motion that leaves the channel: the draft's title, body, branch and commit message (R26, R46).

Counts only: no voter, no reason, no text that a member typed ever goes in here (R24, T22, T23, T28).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.core.motion import Motion
from bot.core.people import MAINTAINER
from bot.core.wording.spans import Names, rule_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """What a draft pull request says, all of it made by the bot."""

    branch: str
    title: str
    body: str
    message: str


def minutes_of(motion: Motion, *, names: Names, head: str, genesis: str) -> Minutes:
    """The minutes of a motion that has carried. Raises ValueError for any other."""
    if motion.outcome != "carried":
        raise ValueError(f"motion {motion.number} has not carried")
    login = names.login(motion.subject)
    path = motion.electorate.roster_path
    role = motion.policy.role
    title = f"Add {login} to {path}" if role == MAINTAINER else f"Add {login} to {path} as {role}"
    return Minutes(
        branch=branch_of(motion.number, genesis),
        title=title,
        body=_body(motion, login=login, names=names, head=head),
        message=f"{title}\n\n{_counts(motion)}\n\nFolkmoot-Motion: {motion.number}\nFolkmoot-Log-Head: {head}\n",
    )


def branch_of(number: int, genesis: str) -> str:
    """The branch of a motion: the same for ever, and another one for another ledger (T27)."""
    return f"folkmoot/{number}-{genesis[:6]}"


def _counts(motion: Motion) -> str:
    closed = motion.closed
    if closed is None:
        raise ValueError(f"motion {motion.number} was not counted")
    return (
        f"Motion {motion.number} carried with {closed.yes} yes, {closed.no} no, {closed.abstain} abstained, "
        f"{closed.not_voted} did not vote."
    )


def _body(motion: Motion, *, login: str, names: Names, head: str) -> str:
    closed, opened, answered = motion.closed, motion.opened, motion.answered
    if closed is None or motion.closes_at is None:
        raise ValueError(f"motion {motion.number} was not counted")
    role, policy = motion.policy.role, motion.policy
    share = policy.threshold.arithmetic(closed.eligible)
    invited = (
        f"`{names.login(motion.inviter)}` invited the candidate" if motion.inviter else "The candidate was invited"
    )
    accepted = f", who accepted on {_day(motion.answered_at)}" if answered and motion.answered_at else ""
    lines = [
        f"The maintainers of {_code(opened.repository)} approved {_code(login)} as {role}.",
        "",
        "| | |",
        "|---|---|",
        f"| Result | carried: {closed.yes} yes, {closed.no} no, {closed.abstain} abstained, "
        f"{closed.not_voted} did not vote |",
        f"| Needed | {closed.needed} of {closed.eligible} maintainers: {share} |",
        f"| Rule | {_code(opened.document)}, section “{policy.clause}” ({rule_of(motion).rpartition(', ')[2]}); "
        f"policy {_code(opened.rulebook)} |",
        f"| Roster | {_code(motion.electorate.roster_path)} at {_code(motion.electorate.roster_commit)} |",
        f"| Window | {policy.window.words}: announced {_instant(_announced(motion))}, "
        f"closed {_instant(motion.closes_at - timedelta(minutes=1))} ({opened.zone}) |",
        f"| Invitation | {invited}{accepted} |",
        f"| Record | motion {motion.number}, log head {_code(head)} |",
        "",
        *_remarks(motion),
        "This draft was prepared by Folkmoot, a bot. It changes one record of the maintainers file and nothing else. "
        "A person reads it, marks it ready and merges it; the role begins at the merge (R28).",
        "",
    ]
    return "\n".join(lines)


def _remarks(motion: Motion) -> list[str]:
    """What a reader must not miss: a late count, a roster that decided, more no than yes."""
    closed = motion.closed
    remarks = []
    if motion.opened.simulated:
        remarks += ["**A simulation:** made in the playground, where anybody acts as anybody and the clock moves.", ""]
    if closed is not None and closed.outcome != closed.snapshot_outcome:
        remarks += [
            "The roster changed during the vote, and that decided the outcome; a maintainer acknowledged it.",
            "",
        ]
    if closed is not None and "more-no-than-yes" in closed.warnings:
        remarks += ["More maintainers said no than yes; by the rule the motion carries all the same.", ""]
    return remarks


def _announced(motion: Motion) -> datetime:
    return motion.opened_at if motion.delivered_at is None else motion.delivered_at


def _code(text: str) -> str:
    """Text as a code span: nothing in it is live for a forge (T28)."""
    return f"`{text.replace('`', '')}`"


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d}"


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
