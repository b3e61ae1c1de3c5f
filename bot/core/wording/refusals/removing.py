"""Contacts, removals and step-downs that were not recorded."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.answers import Params
from bot.core.cards import Line
from bot.core.menu import COMMAND
from bot.core.wording.refusals.shape import NOT_OPENED, Words, about, by_person, simple
from bot.core.wording.spans import Scene, line, strong

_NOT_NEUTRAL = {
    "asked": "you asked for the contact yourself",
    "employer": "you have the same employer as the person",
}


def _not_neutral(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (
        line(strong("Not recorded:"), f" the contact has to be neutral, and {_NOT_NEUTRAL[str(params['why'])]} (R37)."),
        line("Let another maintainer do it."),
    )


def _reminders_first(params: Params, scene: Scene) -> tuple[Line, ...]:
    count_ = int(params.get("count") or 0)
    return (
        line(strong("Not recorded:"), f" the document's patience is two reminders, and there were {count_} (R38)."),
        line("I remind you when it is time to ask again."),
    )


_NOT_RECORDED = "Not recorded:"


REMOVING: Mapping[str, Words] = {
    "not-on-roster": by_person(NOT_OPENED, "@ is not in the roster."),
    "contact-self": simple(NOT_OPENED, "one does not ask for a contact with oneself.", f"Type {COMMAND} step-down."),
    "contact-over": about(_NOT_RECORDED, "the contact of # is over."),
    "contact-not-neutral": _not_neutral,
    "not-the-contact": by_person(
        _NOT_RECORDED,
        "@ contacts them and records the answer.",
        f"Ask them, or take it over with {COMMAND} contact-take #.",
    ),
    "only-who-asked": by_person("Nothing was withdrawn:", "only @, who asked for the contact, can take that back (#)."),
    "nobody-contacts": about(
        _NOT_RECORDED, "nobody has taken the contact of # yet.", f"Type {COMMAND} contact-take #."
    ),
    "reminders-first": _reminders_first,
    "contact-first": about(
        "Nothing was proposed:", "first somebody neutral contacts the person, and records the answer (R37-R39)."
    ),
    "already-proposed-removal": about("Nothing was proposed:", "# is proposed already."),
    "no-removal": about("Not done:", "# is no removal."),
    "no-step-down": about("Not done:", "# is no step-down that is open."),
    "only-the-person": about("Nothing was confirmed:", "only the person themselves can, on # (R30)."),
    "not-informed-yet": about(
        "Nothing was confirmed:", "the maintainers have not been informed of # yet (R31).", "Try again in a minute."
    ),
    "nothing-to-step-down-from": simple("Nothing was announced:", "you are not in the roster."),
    "hand-over-by-whom": about(
        "Nothing was noted:", "the person who steps down lists areas; others note what they pick up themselves (#)."
    ),
    "hand-over-full": about("Nothing was noted:", "# has as many areas as fit."),
    "taker-unknown": simple(
        "Nothing was noted:", "I do not know who that is.", "Write --to @login of somebody in the roster."
    ),
}
