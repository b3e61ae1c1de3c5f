"""That a channel takes no posts, told in another one; and that it takes them again (F32-F36)."""

from __future__ import annotations

from bot.core.cards import Line, Notice
from bot.core.wording.spans import code, line, strong


def shut_notice(place: str, why: str, *, announced: bool) -> Notice:
    """What is the matter there, what becomes of what was to be said there, and what still works."""
    lines: list[Line] = [
        line(strong("I cannot post in "), code(place), f": {why}."),
        line("What is to be said there waits, and nothing is lost. I try again every ten minutes."),
    ]
    if announced:
        lines.append(line("Motions are announced there: until I can post again, no new vote begins."))
    return Notice(motion=0, lines=tuple(lines))


def open_again_notice(place: str) -> Notice:
    """It is over: what stands in place of the message above."""
    return Notice(
        motion=0,
        lines=(line("I could not post in ", code(place), " for a while. I can again, and what waited is on its way."),),
    )
