"""The verdict on a pull request: whether the vote on exactly this change of the maintainers file has carried (T20).

Must never tell of a motion of which nothing may leave the channel yet: such a one looks like none (R24, R37).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from bot.core.motion import Motion
from bot.core.people import MAINTAINER, PersonId
from bot.core.roster_diff import RosterDiff
from bot.core.threads import thread_link


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a check says. `url` is where the vote can be seen, if it can."""

    state: Literal["waiting", "success", "failure"]
    title: str
    summary: str
    url: str = ""


UNTOUCHED = Verdict(
    state="success", title="Leaves the maintainers file alone", summary="Nothing of it has to be voted on."
)
NOBODY = Verdict(
    state="success", title="Nobody gets or loses a role", summary="It changes the maintainers file, and no role in it."
)
SEVERAL = Verdict(
    state="failure",
    title="Changes more than one person's record",
    summary="Each change of a role is voted on by itself. Make a pull request of each.",
)
WAITING = Verdict(
    state="waiting",
    title="Waits for the maintainers' vote",
    summary="It changes a role. No vote on exactly this change has carried yet, or what follows it is not done.",
)
STRANGER = Verdict(
    state="failure",
    title="The login belongs to another account now",
    summary="Whom the maintainers have voted on had this login before. The numeric id decides, not the name.",
)
GONE = Verdict(
    state="failure",
    title="The account is gone",
    summary="Whom the maintainers have voted on has no account of this name any more.",
)


def unreadable(where: str) -> Verdict:
    """The maintainers file of the pull request cannot be read: never a success (R6)."""
    return Verdict(state="failure", title="The maintainers file cannot be read", summary=f"{where}.")


def verdict(diff: RosterDiff, subject: PersonId | None, motions: Iterable[Motion], *, head: str) -> Verdict:
    """The verdict on what a pull request changes; `motions` are those about its person, `head` is the log's."""
    if not diff.begins and not diff.ends:
        return NOBODY
    if diff.joining is None and diff.leaving is None:
        return SEVERAL
    if subject is None:
        return WAITING
    about = [motion for motion in motions if motion.subject == subject and _exactly(motion, diff)]
    found = max(about, key=lambda motion: motion.number, default=None)
    if found is None or not _public(found):
        return WAITING
    return _of(found, head)


def _exactly(motion: Motion, diff: RosterDiff) -> bool:
    """Whether the motion is about this change: this person, this role, and it has not been carried out before."""
    if motion.effective is not None:
        return False
    if diff.joining is not None:
        demotes = any(role == MAINTAINER for _, role in diff.ends)  # what was voted on gives a role, and takes none
        return motion.policy.kind == "add" and diff.joining[1] == motion.role and not demotes
    ends = motion.policy.kind in {"remove", "step-down"}
    return ends and motion.proposed and {role for _, role in diff.ends} == {motion.role}


def _public(motion: Motion) -> bool:
    """Whether anything of the motion may be said here."""
    if motion.policy.kind == "add":
        accepted = motion.answered is not None and motion.answered.accepted
        return accepted or bool(thread_link(motion))
    return motion.draft is not None or (motion.policy.kind == "step-down" and motion.confirmed is not None)


def _of(motion: Motion, head: str) -> Verdict:
    number, url = motion.number, thread_link(motion) or (motion.draft.url if motion.draft is not None else "")
    if motion.policy.kind == "step-down" and motion.open:
        said = f"The person has confirmed that they step down (motion {number})."
        return Verdict(state="success", title="Confirmed by the person", summary=said, url=url)
    if motion.open or motion.needs_acknowledgement:
        said = f"Motion {number} is about this change. Its vote has not ended, or what follows it is not done."
        return Verdict(state="waiting", title=f"Motion {number} is not decided", summary=said, url=url)
    if motion.outcome == "carried":
        said = f"Motion {number} is about exactly this change, and has carried. Log head {head}."
        return Verdict(state="success", title=f"Motion {number} has carried", summary=said, url=url)
    said = f"Motion {number} is about this change, and is {motion.stage}. It may not be merged."
    return Verdict(state="failure", title=f"Motion {number} is {motion.stage}", summary=said, url=url)
