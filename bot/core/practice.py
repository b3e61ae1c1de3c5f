"""Practice: a vote with the project's own arithmetic from which nothing follows. It is in no record and no limit."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.core.calendar import Window
from bot.core.people import MAINTAINER
from bot.core.policy import Policy, Rulebook

NAME: Final = "practice"
"""The policy's name, and what tells that a repository has a practice open: one at a time."""
TITLE: Final = "Try out a vote"
"""What a practice is called that nobody has given a name."""
MAX_MINUTES: Final = 7 * 24 * 60


def practice_policy(rulebook: Rulebook, minutes: int = 0) -> Policy | None:
    """The rules of a candidacy for maintainer, or what the document has nearest to one, with nothing to enact.

    With `minutes` the window is that short, and there is no discussion before it. None where nobody ever votes.
    """
    real = rulebook.adding(MAINTAINER) or next((p for p in rulebook.motions if p.kind != "step-down"), None)
    if real is None:
        return None
    plain = replace(
        real,
        motion=NAME,
        kind="practice",
        role="",
        initiators="maintainers",
        exclude=(),
        exclude_in_denominator=False,
        window_start="announced",
        visibility="public",
        evidence_months=0,
        cool_down=None,
        enactment="none",
    )
    short = Window(count=minutes, unit="min") if minutes else real.window
    return replace(plain, window=short, discussion=None if minutes else real.discussion)
