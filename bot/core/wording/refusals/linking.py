"""Links that were not made, or not undone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.core.answers import Params
from bot.core.cards import Line, Moment
from bot.core.wording.refusals.shape import Words, simple, start
from bot.core.wording.spans import Scene, line

NOT_LINKED = "Nothing was linked:"
NOT_UNDONE = "Nothing was undone:"


def _held(params: Params, scene: Scene) -> tuple[Line, ...]:
    until = Moment(datetime.fromisoformat(str(params["until"])))
    return (
        line(*start(params), "this account was linked a short while ago, and acts for you from ", until, " on."),
        line("Until then vote from another account of yours, or in a comment on GitHub."),
    )


LINKING: Mapping[str, Words] = {
    "link-held": _held,
    "link-off": simple(NOT_LINKED, "this bot takes no codes.", "Ask whoever runs it, or use the repository's map."),
    "link-fixed": simple(
        NOT_LINKED, "the configuration or the repository's map says already whose account this is. Change it there."
    ),
    "link-busy": simple(NOT_LINKED, "too many codes are out at the moment.", "Try again in a quarter of an hour."),
    "link-failed": simple(NOT_LINKED, "GitHub could not be asked for a code.", "Try again in a minute."),
    "unlink-nothing": simple(
        NOT_UNDONE,
        "no link was made with a code there.",
        "What the configuration or the repository's map says is changed there.",
    ),
    "unlink-not-yours": simple(NOT_UNDONE, "only the person, or a maintainer, can undo a link."),
}
