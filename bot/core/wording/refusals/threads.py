"""What was written to a page of a forge, and not done."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.answers import Params
from bot.core.cards import Line
from bot.core.menu import COMMAND
from bot.core.wording.refusals.shape import NOT_OPENED, Words, simple, start
from bot.core.wording.spans import Scene, code, line, strong

IN_COMMENTS = ("yes", "no", "abstain", "retract", "resolve", "nominate")
"""The verbs that a comment may hold."""


def _verb(params: Params, scene: Scene) -> tuple[Line, ...]:
    shown = [part for verb in IN_COMMENTS for part in (", ", code(f"{COMMAND} {verb}"))]
    return (
        line(strong("Not done:"), " that is not asked for in a comment, but in the maintainers' channel."),
        line("In a comment I take ", *shown[1:], "."),
    )


def _nothing_here(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (line(*start(params), "no motion is voted on here."),)


def _other_motion(params: Params, scene: Scene) -> tuple[Line, ...]:
    here, asked = params["motion"], params["asked"]
    return (
        line(*start(params), f"here motion {here} is voted on, not motion {asked}."),
        line("Leave the number out; a reason does not begin with a number either."),
    )


def _older(params: Params, scene: Scene) -> tuple[Line, ...]:
    said = f"that comment is older than motion {params['motion']}, which is voted on here now."
    return (line(*start(params), said), line("Write a new comment."))


THREADS: Mapping[str, Words] = {
    "comment-verb": _verb,
    "comment-nothing-here": _nothing_here,
    "comment-other-motion": _other_motion,
    "comment-older": _older,
    "ballot-is-a-comment": simple(
        "Your ballot was not counted:", "it has to be a comment, not the text of the page itself."
    ),
    "comment-not-own-words": simple(
        "Not done:",
        "somebody else has edited that comment, so that it is not certain whose words it holds.",
        "Write a new comment.",
    ),
    "comment-login-of-another": simple(
        "Not done:",
        "this login belonged to another account when it was recorded; the numeric id decides, not the name (T3).",
        "A maintainer has to look at it.",
    ),
    "resolve-not-an-issue": simple(NOT_OPENED, "a resolution is called for in an issue, not in a pull request (R50)."),
    "resolve-no-text": simple(
        NOT_OPENED,
        "there is no text to decide.",
        f"Write it after {COMMAND} resolve, or into the issue's own text.",
    ),
    "nominate-not-a-pull-request": simple(
        NOT_OPENED, "in a comment one nominates in the pull request that adds the candidate (R27)."
    ),
    "nominate-not-the-author": simple(
        NOT_OPENED, "only the maintainer who has opened this pull request, and sponsors it by that, can do this (R27)."
    ),
    "nominate-not-one-person": simple(
        NOT_OPENED,
        "this pull request does not add exactly one person to the maintainers file (R27).",
        "Make it that, and write the line again in a new comment.",
    ),
    "nominate-another-person": simple(NOT_OPENED, "this pull request adds somebody else, or in another role (R27)."),
}
