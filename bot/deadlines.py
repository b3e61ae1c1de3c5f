"""The deadlines of a ledger, for a calendar: the public ones, or all that the maintainers may know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.core.deadlines import PUBLIC, Deadline, deadlines_of
from bot.core.motion import Motion
from bot.core.plain import plain_line
from bot.core.record import is_public
from bot.core.wording import Scene
from bot.core.wording.spans import proposal
from bot.names import DirectoryNames
from bot.ports import Reader

KEPT: Final = timedelta(days=90)
"""How long a motion that has ended stays in the calendar: long enough for every reader to see that it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """A deadline with its words. `public` says whether it may leave the maintainers' channels."""

    deadline: Deadline
    repository: str
    summary: str
    description: str
    public: bool


def appointments(reader: Reader, now: datetime, *, private: bool = False) -> Sequence[Appointment]:
    """The deadlines of the motions that are open or ended lately; with `private` also those that are not public.

    A contact, and a removal before it is proposed, are in neither: the person concerned reads these too (R37, R43).
    """
    scene = Scene(names=DirectoryNames(reader.directory()), now=now)
    found: list[Appointment] = []
    for entry in reader.entries():
        if entry.ended and (entry.closed_at or entry.opened_at) < now - KEPT:
            continue
        events = ((recorded.at, recorded.event) for recorded in reader.events(entry.number))
        motion, deadlines = deadlines_of(entry.number, events)
        if motion is None:
            continue
        for deadline in deadlines:
            public = is_public(motion) and deadline.what in PUBLIC
            if public or private:
                found.append(_appointment(motion, deadline, scene, public=public))
    return found


def _appointment(motion: Motion, deadline: Deadline, scene: Scene, *, public: bool) -> Appointment:
    what = {
        "close": "The vote closes",
        "vote": "The discussion ends and the vote begins",
        "draft": "The draft to vote on is opened",
    }[deadline.what]
    about = plain_line(proposal(motion, scene))
    lines = [f"{what} on motion {motion.number}: {about}."]
    if deadline.standing == "cancelled":
        lines.append(f"No more: the motion is {motion.outcome}.")
    elif deadline.standing == "waiting":
        lines.append("The text was corrected; the window starts anew when the correction has been announced.")
    lines += ["A simulation, made in the playground."] if motion.opened.simulated else []
    return Appointment(
        deadline=deadline,
        repository=motion.opened.repository,
        summary=f"{what}: {about}",
        description="\n".join(lines),
        public=public,
    )
