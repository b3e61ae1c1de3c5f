"""Which page of a forge a motion is voted on besides its channel, and what follows there from what happens.

Must never give a page to a motion of which nothing may leave the channel yet (R24, R43).
"""

from __future__ import annotations

from bot.core.effects import Effect
from bot.core.events import Event, MotionClosed, MotionVoided, MotionWithdrawn
from bot.core.motion import Motion
from bot.core.people import PersonId

THREAD = "thread"
"""The venue of what is written to a page of a forge."""


def thread_link(motion: Motion) -> str:
    """The issue or pull request on which this motion is voted on too; empty where there is none, or may be none.

    Of a removal it is the draft (R40). Of a candidacy, the pull request that a maintainer has opened, which has made it
    public (R24, R27). Of a text, what calls for it (R50), unless the policy keeps it private.
    """
    kind, opened = motion.policy.kind, motion.opened
    if kind == "remove":
        return motion.draft.url if motion.proposed and motion.draft is not None else ""
    if kind == "step-down" or (kind != "add" and motion.policy.visibility == "private"):
        return ""
    return (opened.link.text or "") if opened.link is not None else ""


def thread_effects(event: Event, motion: Motion, others: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """What follows on the motion's page: its one status, kept up to date with the poll, and once what it came to.

    That is its result (R53), or that it was withdrawn or is void, even after a result (T17).

    `others` is what follows elsewhere. The result of a removal stands in its draft alone (R44).
    """
    if not thread_link(motion):
        return ()
    number = motion.number
    effects = []
    if any(effect.kind in {"poll", "poll-edit"} for effect in others):
        effects.append(status_effect(number))
    if isinstance(event, MotionClosed | MotionWithdrawn | MotionVoided) and motion.policy.kind != "remove":
        result = f"m{number}:thread-result:{motion.version}"
        effects.append(Effect(key=result, lane="once", motion=number, venue=THREAD, kind="thread-result"))
    return tuple(effects)


def status_effect(number: int) -> Effect:
    """Bring the status on the motion's page up to date."""
    return Effect(key=status_key(number), lane="latest", motion=number, venue=THREAD, kind="thread-status")


def status_key(number: int) -> str:
    """The key of the one status that a motion has on its page."""
    return f"m{number}:thread-status"


def gone_effect(number: int, comment: str, voter: PersonId, *, reachable: bool) -> Effect:
    """Tell somebody that their ballot stands although the comment that held it is gone (R15).

    Privately where they can be reached; else on the page, naming nobody.
    """
    venue = f"person:{voter}" if reachable else THREAD
    return Effect(key=f"m{number}:comment-gone:{comment}", lane="once", motion=number, venue=venue, kind="comment-gone")
