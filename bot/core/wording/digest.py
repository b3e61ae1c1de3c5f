"""The weekly digest of a channel."""

from __future__ import annotations

from bot.core.cards import Line, Moment, Notice
from bot.core.digest import Digest
from bot.core.motion import Motion
from bot.core.teller import tally
from bot.core.wording.poll import count_line, following_line, hidden, informed_next
from bot.core.wording.spans import Scene, count, last_minute, line, proposal, strong

SHOWN = 15
"""Motions in one section; the rest is counted."""


def digest_card(digest: Digest, scene: Scene) -> Notice:
    """What is open, what has ended, what waits and what is due, in this order; nothing that is empty."""
    parts = [f"{count(len(digest.open), 'motion is', 'motions are')} open"]
    parts += [f"{count(len(digest.ended), 'has', 'have')} ended since the last digest"] if digest.ended else []
    lines = [line(strong(f"The week in {digest.repository}"), f": {', '.join(parts)}.")]
    lines += _section("Open", [_open(motion, scene) for motion in digest.open])
    lines += _section("Ended", [_ended(motion, scene) for motion in digest.ended])
    lines += _section("Waiting", [_ended(motion, scene) for motion in digest.waiting])
    lines += _section("Due in the next seven days", [_due(motion) for motion in digest.due])
    return Notice(motion=0, lines=tuple(lines))


def _section(name: str, rows: list[Line]) -> list[Line]:
    more = [line(f"… and {count(len(rows) - SHOWN, 'more motion')}.")] if len(rows) > SHOWN else []
    return [line(strong(name)), *rows[:SHOWN], *more] if rows else []


def _about(motion: Motion, scene: Scene) -> Line:
    return line("• ", strong(f"Motion {motion.number}"), " · ", *proposal(motion, scene), ": ")


def _open(motion: Motion, scene: Scene) -> Line:
    if motion.policy.kind == "step-down":
        return (*_about(motion, scene), *informed_next(motion, scene))
    if not motion.voting:
        return (*_about(motion, scene), *line(f"{motion.stage}, not put to the vote yet."))
    return (*_about(motion, scene), *count_line(motion, tally(motion)))


def _ended(motion: Motion, scene: Scene) -> Line:
    withdrawn = line(strong("Withdrawn."), " ") if motion.stage == "withdrawn" else ()
    return (*_about(motion, scene), *withdrawn, *following_line(motion, tally(motion), scene))


def _due(motion: Motion) -> Line:
    closes = motion.closes_at
    if closes is None:
        raise ValueError(f"motion {motion.number} has no deadline")
    missing = len(motion.not_voted())
    silent = "" if hidden(motion) else f"; {missing} {'has' if missing == 1 else 'have'} not voted"
    when: Moment = last_minute(closes, motion.opened.zone)
    return line("• ", when, f": the vote on motion {motion.number} closes{silent}.")
