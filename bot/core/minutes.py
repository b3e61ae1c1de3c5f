"""The record of a motion that leaves the channel: the draft's title, body, branch and commit message (R26, R46).

Counts only: no voter, no reason, no text that a member typed ever goes in here (R24, T22, T23, T28).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.core.events import MotionClosed
from bot.core.motion import Motion
from bot.core.people import MAINTAINER
from bot.core.teller import reveals
from bot.core.wording.spans import Names, closed_at, rule_of, silent


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """What a draft pull request says, all of it made by the bot. `brief` is the body in two sentences, for a link."""

    branch: str
    title: str
    body: str
    message: str
    brief: str = ""


def minutes_of(motion: Motion, *, names: Names, head: str, genesis: str, pages: bool | None = None) -> Minutes:
    """The minutes of a motion as they leave the channel now. Raises ValueError while nothing of it may.

    `pages` says whether one can vote on the forge's pages there, None where that is not known: while a removal is
    voted on, its draft says where.
    A removal's may before it is counted: the vote is on the draft, which says nothing but the change (R40, R44).
    What is void or withdrawn says that, where a draft is there, and nothing else.
    """
    kind = motion.policy.kind
    annulled = motion.annulled and motion.draft is not None
    public = (
        annulled
        or motion.outcome == "carried"
        or (motion.practice and motion.closed is not None)
        or (kind == "remove" and motion.draft_called)
        or kind == "step-down"
    )
    if not public and not (kind in {"resolution", "generic"} and motion.outcome == "lost"):
        raise ValueError(f"motion {motion.number} has not carried")
    login = names.login(motion.subject) if motion.subject else ""
    title = _title(motion, login)
    trailers = [f"Folkmoot-Motion: {motion.number}"]
    if (motion.closed is not None and kind != "remove") or kind == "step-down":
        trailers.append(f"Folkmoot-Log-Head: {head}")
    said = [_counts(motion)] if motion.closed is not None and kind != "remove" else []
    return Minutes(
        branch=branch_of(motion.number, genesis),
        title=f"{_ANNULLED[motion.stage]}: {title}" if annulled else title,
        body=_annulled(motion, head) if annulled else _body(motion, login, names, head, pages=pages),
        message="\n\n".join([title, *said, "\n".join(trailers)]) + "\n",
        brief=_brief(motion, login, head) if kind == "add" else "",
    )


def _body(motion: Motion, login: str, names: Names, head: str, *, pages: bool | None) -> str:
    if motion.policy.kind == "remove":
        return _removed(motion, login, head, pages=pages)
    return _BODIES[motion.policy.kind](motion, login, names, head)


_ANNULLED: Mapping[str, str] = {"void": "Void", "withdrawn": "Withdrawn"}


def _annulled(motion: Motion, head: str) -> str:
    """What is left to say of a draft whose motion is void or withdrawn: that nothing follows from it (T17)."""
    lines = [
        f"**Motion {motion.number} is {motion.stage}: nothing follows from this draft.** It is not to be merged. "
        "Please close it; Folkmoot, the bot that prepared it, closes none (R47).",
        "",
        f"Record: motion {motion.number}, log head {_code(head)}.",
        "",
    ]
    return "\n".join([*lines, *_simulated(motion)]).rstrip() + "\n"


def _title(motion: Motion, login: str) -> str:
    """Of a fixed grammar: nothing that a member typed is in it (T27)."""
    name, path = _ascii(login), _ascii(motion.electorate.roster_path)
    match motion.policy.kind:
        case "add":
            return f"Add {name} to {path}{'' if motion.role == MAINTAINER else ' as ' + motion.role}"
        case "remove" | "step-down":
            return f"Remove {name} from {path}"
        case "resolution" | "generic":
            return f"Record the decision on motion {motion.number}"
        case "practice":
            return f"Practice motion {motion.number}: nothing follows from it"


def branch_of(number: int, genesis: str) -> str:
    """The branch of a motion: the same for ever, and another one for another ledger (T27)."""
    return f"folkmoot/{number}-{genesis[:6]}"


def _counts(motion: Motion) -> str:
    closed = motion.closed
    if closed is None:
        raise ValueError(f"motion {motion.number} was not counted")
    if reveals(motion):
        return f"Motion {motion.number} {closed.outcome} in a blinded vote."
    return (
        f"Motion {motion.number} {closed.outcome} with {closed.yes} yes, {closed.no} no, {closed.abstain} abstained, "
        f"{closed.not_voted} did not vote."
    )


def _added(motion: Motion, login: str, names: Names, head: str) -> str:
    closed, opened, answered = motion.closed, motion.opened, motion.answered
    if closed is None or motion.closes_at is None:
        raise ValueError(f"motion {motion.number} was not counted")
    role = motion.role
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
        *_facts(motion, closed),
        f"| Invitation | {invited}{accepted} |",
        f"| Record | motion {motion.number}, log head {_code(head)} |",
        "",
        *_remarks(motion),
        "This draft was prepared by Folkmoot, a bot. It changes one record of the maintainers file and nothing else. "
        "A person reads it, marks it ready and merges it; the role begins at the merge (R28).",
        "",
    ]
    return "\n".join(lines)


def _brief(motion: Motion, login: str, head: str) -> str:
    """What the candidate's own pull request begins with; it travels in an address, so that it is short (R24, R26)."""
    return (
        f"The maintainers of {_code(motion.opened.repository)} approved {_code(login)} as {motion.role}: "
        f"{_counts(motion)} Log head {_code(head)}.\n\n"
        "The change was prepared by Folkmoot, a bot. A person merges it; the role begins then (R28).\n"
    )


def _facts(motion: Motion, closed: MotionClosed) -> list[str]:
    """Result, rule, roster and window as rows of a table."""
    opened, policy = motion.opened, motion.policy
    quorum = f"; {closed.quorum} had to take part" if closed.quorum else ""
    begun = motion.votes_from or motion.delivered_at or motion.opened_at
    zone = "" if opened.zone == "UTC" else f" ({opened.zone})"
    counts = f"{closed.yes} yes, {closed.no} no, {closed.abstain} abstained, {silent(motion, closed)}"
    if reveals(motion):
        counts = "blinded; the count is withheld, for it would show how each one voted"
    return [
        f"| Result | {closed.outcome}: {counts} |",
        f"| Needed | {_needed(motion, closed)}{quorum} |",
        f"| Rule | {_code(opened.document)}, section “{_words(policy.clause)}”{_rule(motion)}; "
        f"policy {_code(opened.rulebook)} |",
        f"| Roster | {_code(motion.electorate.roster_path)} at {_code(motion.electorate.roster_commit)} |",
        f"| Window | {policy.window.words}: announced {_instant(begun)}, "
        f"closed {_instant(closed_at(motion).at)}{zone} |",
    ]


def _rule(motion: Motion) -> str:
    """The rule's number in parentheses, where there is one."""
    number = rule_of(motion).rpartition(", ")[2]
    return f" ({number})" if number.startswith("R") and number[1:].isdecimal() else ""


def _needed(motion: Motion, closed: MotionClosed) -> str:
    threshold = motion.policy.threshold
    if motion.policy.of == "eligible":
        return f"{closed.needed} of {closed.eligible} maintainers: {threshold.arithmetic(closed.eligible)}"
    return f"{closed.needed} yes: {threshold.share} of {closed.base} ballots that count"


_DRAFTED = "This draft was prepared by Folkmoot, a bot. It changes one record of the maintainers file and nothing else."


def _removed(motion: Motion, login: str, head: str, *, pages: bool | None) -> str:
    """A removal: the change and the vote, and not a word more (R42, R44)."""
    repository, policy, closed = motion.opened.repository, motion.policy, motion.closed
    votes, open_, where = "vote", "is open", _where(motion, pages=pages)
    if closed is not None:
        votes, open_, where = "voted", "was open", ""
    lines = [
        f"The maintainers of {_code(repository)} {votes} on this change: {_code(login)} would no longer be a "
        f"{motion.role or 'member'}.",
        "",
        f"{policy.threshold.arithmetic(motion.denominator)} of the current maintainers "
        f"({_code(motion.opened.document)}, section “{_words(policy.clause)}”, R42). The vote {open_} for "
        f"{policy.window.words} from the opening of this draft (R41){where}. Please keep this page free of "
        "discussion.",
        "",
    ]
    if closed is not None:
        lines += [
            "| | |",
            "|---|---|",
            *_facts(motion, closed),
            f"| Record | motion {motion.number}, log head {_code(head)} |",
            "",
        ]
        if closed.outcome != "carried":
            lines += ["The motion was not carried: please close this draft.", ""]
    return "\n".join([*lines, *_simulated(motion), _DRAFTED + " A person decides what becomes of it.", ""])


def _where(motion: Motion, *, pages: bool | None) -> str:
    """Where the ballots on a removal are cast: the same as the status on its page says (R40)."""
    if motion.policy.venues == "pull-request":
        return ", in comments on this page"
    if motion.policy.secrecy == "blinded" or pages is False:
        return ", in the maintainers' channel"
    return ", in comments on this page and in the maintainers' channel" if pages else ""


def _stepped_down(motion: Motion, login: str, names: Names, head: str) -> str:
    """A step-down: by the person's own word, the others informed first (R30-R32)."""
    informed = _day(motion.delivered_at) if motion.delivered_at else ""
    lines = [
        f"{_code(login)} steps down as {motion.role or 'member'} of {_code(motion.opened.repository)}, by their own "
        f"word ({_code(motion.opened.document)}, section “{_words(motion.policy.clause)}”). The other maintainers were "
        f"informed on {informed}. Thank you for the work.",
        "",
        f"Record: motion {motion.number}, log head {_code(head)}.",
        "",
    ]
    return "\n".join([*lines, *_simulated(motion), _DRAFTED + " A person marks it ready and merges it.", ""])


def _recorded(motion: Motion, login: str, names: Names, head: str) -> str:
    """A decision record's pull request: the facts of the vote; the text that was decided is in the file (R53)."""
    closed = motion.closed
    if closed is None:
        raise ValueError(f"motion {motion.number} was not counted")
    lines = [
        f"The maintainers of {_code(motion.opened.repository)} have decided motion {motion.number}: {closed.outcome}.",
        "",
        "| | |",
        "|---|---|",
        *_facts(motion, closed),
        f"| Record | motion {motion.number}, log head {_code(head)} |",
        "",
        *_remarks(motion),
        "This draft was prepared by Folkmoot, a bot. It adds one file. A person marks it ready and merges it.",
        "",
    ]
    return "\n".join(lines)


def _practised(motion: Motion, login: str, names: Names, head: str) -> str:
    """What a practice came to: for those who want to see what minutes look like."""
    closed = motion.closed
    if closed is None:
        raise ValueError(f"motion {motion.number} was not counted")
    lines = [
        f"**Practice: nothing follows from it.** Tried out in {_code(motion.opened.repository)}.",
        "",
        "| | |",
        "|---|---|",
        *_facts(motion, closed),
        f"| Record | motion {motion.number}, log head {_code(head)} |",
        "",
        *_simulated(motion),
    ]
    return "\n".join(lines).rstrip() + "\n"


def record_path(motion: Motion) -> str:
    """Where a decision record is kept: one file a motion."""
    return f"{motion.policy.record_path.strip('/')}/motion-{motion.number}.md"


def record_text(motion: Motion, *, head: str) -> str:
    """The decision record itself: the frozen text, fenced so that nothing in it is live (T28), and the count."""
    closed = motion.closed
    if closed is None:
        raise ValueError(f"motion {motion.number} was not counted")
    lines = [f"# Motion {motion.number}: {motion.stage}", ""]
    fence = "`" * max(3, 1 + _longest_run(f"{motion.opened.title}\n{motion.text}\n{motion.opened.link}"))
    lines += ["What was put to the vote:", "", f"{fence}text", str(motion.opened.title or ""), "", str(motion.text)]
    if motion.opened.link is not None:
        lines += ["", f"Called for in {motion.opened.link}"]
    if motion.annulled:
        lines += [fence, "", "It was counted, and declared void afterwards: it has no result."]
        return "\n".join([*lines, f"Record: motion {motion.number}, log head {_code(head)}.", "", *_simulated(motion)])
    lines += [fence, "", "| | |", "|---|---|", *_facts(motion, closed)]
    lines += [f"| Record | motion {motion.number}, log head {_code(head)} |", "", *_remarks(motion)]
    return "\n".join(lines).rstrip() + "\n"


def _longest_run(text: str) -> int:
    """The longest run of backticks in a text."""
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _simulated(motion: Motion) -> list[str]:
    said = "**A simulation:** made in the playground, where anybody acts as anybody and the clock moves."
    return [said, ""] if motion.opened.simulated else []


def _remarks(motion: Motion) -> list[str]:
    """What a reader must not miss: a late count, a roster that decided, more no than yes."""
    closed = motion.closed
    remarks = _simulated(motion)
    if closed is not None and closed.outcome != closed.snapshot_outcome:
        seen = "a maintainer acknowledged it" if motion.acknowledged_by else "no maintainer has acknowledged it yet"
        remarks += [f"The roster changed during the vote, and that decided the outcome; {seen}.", ""]
    if closed is not None and "more-no-than-yes" in closed.warnings:
        remarks += ["More maintainers said no than yes; by the rule the motion carries all the same.", ""]
    return remarks


def _code(text: str) -> str:
    """Text as a code span that stays in its line and its table cell: nothing in it is live for a forge (T28)."""
    safe = "".join(char if char.isprintable() and char not in "`|" else "?" for char in text)
    return f"`{safe.strip() or '?'}`"


def _ascii(text: str) -> str:
    """A name in a title: one line of a fixed grammar, in ASCII, whatever a roster or a configuration holds (T27)."""
    return "".join(char if char.isascii() and (char.isalnum() or char in "-_./") else "?" for char in text) or "?"


def _words(text: str) -> str:
    """A heading of the document as plain words: letters and harmless punctuation, no markup (T28)."""
    return "".join(char if char.isalnum() or char in " -.,;:'()&" else "?" for char in text)


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d}"


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


_BODIES: Mapping[str, Callable[[Motion, str, Names, str], str]] = {
    "add": _added,
    "step-down": _stepped_down,
    "resolution": _recorded,
    "generic": _recorded,
    "practice": _practised,
}
