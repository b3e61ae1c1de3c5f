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
    title = f"Add {_title(login)} to {_title(path)}{'' if role == MAINTAINER else ' as ' + role}"
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
    invited, accepted = "nobody has invited the candidate yet", ""
    if motion.inviter is not None:
        invited = f"{_code(names.login(motion.inviter))} invited the candidate"
    if answered is not None and answered.accepted and motion.answered_at is not None:
        accepted = f", who accepted on {_day(motion.answered_at)}"
    lines = [
        f"The maintainers of {_code(opened.repository)} approved {_code(login)} as {role}.",
        "",
        "| | |",
        "|---|---|",
        f"| Result | carried: {closed.yes} yes, {closed.no} no, {closed.abstain} abstained, "
        f"{closed.not_voted} did not vote |",
        f"| Needed | {closed.needed} of {closed.eligible} maintainers: {share} |",
        f"| Rule | {_code(opened.document)}, section “{_words(policy.clause)}” "
        f"({rule_of(motion).rpartition(', ')[2]}); policy {_code(opened.rulebook)} |",
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
        seen = "a maintainer acknowledged it" if motion.acknowledged_by else "no maintainer has acknowledged it yet"
        remarks += [f"The roster changed during the vote, and that decided the outcome; {seen}.", ""]
    if closed is not None and "more-no-than-yes" in closed.warnings:
        remarks += ["More maintainers said no than yes; by the rule the motion carries all the same.", ""]
    return remarks


def _announced(motion: Motion) -> datetime:
    return motion.opened_at if motion.delivered_at is None else motion.delivered_at


def _code(text: str) -> str:
    """Text as a code span that stays in its line and its table cell: nothing in it is live for a forge (T28)."""
    safe = "".join(char if char.isprintable() and char not in "`|" else "?" for char in text)
    return f"`{safe.strip() or '?'}`"


def _title(text: str) -> str:
    """A name in a title: one line of a fixed grammar, in ASCII, whatever a roster or a configuration holds (T27)."""
    return "".join(char if char.isascii() and (char.isalnum() or char in "-_./") else "?" for char in text) or "?"


def _words(text: str) -> str:
    """A heading of the document as plain words: letters and harmless punctuation, no markup (T28)."""
    return "".join(char if char.isalnum() or char in " -.,;:'()&" else "?" for char in text)


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d}"


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
