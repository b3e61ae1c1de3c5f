"""The log head that is published of a motion: the chain at the event that decided it, of whatever kind."""

from __future__ import annotations

from typing import Final

from bot.core.events import MotionClosed, MotionVoided, MotionWithdrawn, StepDownConfirmed
from bot.core.motion import Motion
from bot.ports import Reader

_DECISIVE: Final = (MotionClosed, MotionWithdrawn, MotionVoided, StepDownConfirmed)


def head_of(reader: Reader, motion: Motion) -> str:
    """The hash of the last event that decided it; empty while nothing has (T45, T46).

    The docket keeps that of the first. It is another one where a result was declared void later, and it keeps none of
    a step-down, which the person's own word decides.
    """
    if motion.voided is None and motion.policy.kind != "step-down":
        entry = None if motion.open else reader.entry(motion.number)
        return entry.head if entry is not None else ""
    rows = reversed(reader.events(motion.number))
    return next((row.hash for row in rows if isinstance(row.event, _DECISIVE)), "")
