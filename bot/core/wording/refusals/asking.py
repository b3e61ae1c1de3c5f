"""Requests that were not understood, or are not for everybody."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.answers import Params
from bot.core.cards import Line
from bot.core.menu import BY_NAME, COMMAND
from bot.core.wording.refusals.shape import Words, simple, start
from bot.core.wording.spans import Scene, code, line, strong


def _usage(params: Params) -> Line:
    verb = BY_NAME.get(str(params.get("verb", "")))
    return line("Type ", code(verb.usage if verb else f"{COMMAND} help"), ", or ", code(f"{COMMAND} help"), ".")


def _too_long(params: Params, scene: Scene) -> tuple[Line, ...]:
    over = f" has {params['length']} characters; at most {params['limit']} fit."
    return (line(strong("Not done:"), f" the {params['field']}{over}"), line("Shorten it and send it again."))


def _deceptive(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (
        line(
            strong("Not done:"),
            f" the {params['field']} holds the character ",
            code(str(params["char"])),
            ", which readers cannot see or which reorders text.",
        ),
        line("Type it anew without it."),
    )


def _missing(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (
        line(strong("Not done:"), " ", code(str(params["field"])), " is missing."),
        *([_usage(params)] if "verb" in params else []),
    )


def _unknown_flag(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (line(strong("Not done:"), f" {COMMAND} {params['verb']} has no such option."), _usage(params))


def _flag_twice(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (line(strong("Not done:"), f" --{params['flag']} stands there twice."), _usage(params))


def _words_too_many(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (line(strong("Not done:"), " there are words that I do not understand."), _usage(params))


def _number_missing(params: Params, scene: Scene) -> tuple[Line, ...]:
    if not params.get("open"):
        return (
            line(strong("Not done:"), " no motion is open here."),
            line("Give the number of one that has ended, or see ", code(f"{COMMAND} help nominate"), "."),
        )
    return (
        line(strong("Not done:"), " I do not know which motion you mean: several are open."),
        line("Give its number; ", code(f"{COMMAND} list"), " shows them."),
    )


def _no_such_motion(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (
        line(strong("Not done:"), " there is no motion of that number here."),
        line(code(f"{COMMAND} list"), " shows the open ones."),
    )


def _unlinked(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (
        line(*start(params), "I do not know which forge account is yours, so you can neither vote nor propose."),
        line("Ask the operator to link your account ", code(str(params["account"])), " to your forge login."),
        *(
            [line("Or add it yourself to ", code(str(params["map"])), " in a pull request.")]
            if params.get("map")
            else []
        ),
    )


def _which_repository(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (
        line(strong("Not done:"), f" several repositories share this place: {params['known']}."),
        line("Name one with ", code("--repo NAME"), ", before the last text."),
    )


ASKING: Mapping[str, Words] = {
    "which-repository": _which_repository,
    "link-missing": simple("Not done:", "the link is missing.", "Add --link https://..."),
    "link-unfit": simple("Not done:", "that is no link.", "Write it like https://example.org/issues/7."),
    "maintainers-only": simple("Not shown:", "only the maintainers see this.", "Ask one of them."),
    "history-unreadable": simple(
        "Not shown:", "I could not read the repository's history.", "Ask the operator to look at the log."
    ),
    "unknown-person": simple("Not shown:", "I do not know that login here."),
    "text-too-long": _too_long,
    "text-deceptive": _deceptive,
    "text-missing": _missing,
    "value-missing": _missing,
    "unknown-verb": simple("Not done:", "I do not know that verb.", f"Type {COMMAND} help to see them all."),
    "unknown-flag": _unknown_flag,
    "flag-twice": _flag_twice,
    "words-too-many": _words_too_many,
    "no-repository": simple("Not done:", "this channel belongs to no repository.", "Use the maintainers' channel."),
    "number-missing": _number_missing,
    "no-such-motion": _no_such_motion,
    "unlinked": _unlinked,
    "hours-unfit": simple("Nothing was changed:", "these are no working hours.", "Write full hours such as 9-17."),
    "zone-unfit": simple("Nothing was changed:", "I know no such time zone.", "Write it like Europe/Berlin."),
}
