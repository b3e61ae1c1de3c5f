"""Forms as modals: made from the menu, read back by field. They take input and judge nothing.

Discord shows five inputs at most and no errors beside them. So a form asks for the long texts and what is missing;
what was typed with the command is kept here, by a token that the form carries.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import discord

from adapters.discord.codes import BALLOT, form_id
from bot.core.commands import CHOICES
from bot.core.menu import BY_NAME, FORMS, Field

INPUTS: Final = 5
TITLE: Final = 45
LABEL: Final = 45
HINT: Final = 100
OPTION: Final = 100
LONGEST: Final = 4000
KEPT: Final = 500
_BALLOT_FIELDS: Final = (
    Field(name="choice", label="Your ballot", kind="text", required=True, limit=10),
    Field(name="reason", label="Reason", kind="long", limit=500, hint="kept with the ballot, shown to nobody"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What somebody has typed for a verb, so far."""

    user: int
    verb: str
    motion: int
    values: Mapping[str, str]


class Sheets:
    """Keeps what was typed while a form is open or was refused; a restart forgets it, and the member is told so."""

    def __init__(self) -> None:
        self._sheets: OrderedDict[str, Sheet] = OrderedDict()

    def keep(self, sheet: Sheet) -> str:
        """The token to find it by."""
        token = secrets.token_hex(8)
        self._sheets[token] = sheet
        if len(self._sheets) > KEPT:
            self._sheets.popitem(last=False)
        return token

    def find(self, token: str, user: int) -> Sheet | None:
        """What this member has typed; nobody is ever given another's."""
        sheet = self._sheets.get(token)
        return sheet if sheet is not None and sheet.user == user else None


def fields_of(verb: str) -> Sequence[Field]:
    """What a form of this verb can ask for."""
    return _BALLOT_FIELDS if verb == BALLOT else BY_NAME[verb].fields


def asks_first(verb: str, values: Mapping[str, str]) -> bool:
    """Whether a command has to ask for a long text before anything can be done."""
    return verb in FORMS and any(
        field.kind == "long" and field.required and not values.get(field.name) for field in fields_of(verb)
    )


def shown_fields(verb: str, values: Mapping[str, str]) -> Sequence[Field]:
    """The five that a form shows: what is needed and missing, then long texts, then the rest in their order."""
    fields = fields_of(verb)
    ranked = sorted(
        fields, key=lambda field: (not (field.required and not values.get(field.name)), field.kind != "long")
    )
    chosen = {field.name for field in ranked[:INPUTS]}
    return [field for field in fields if field.name in chosen]


def modal_of(sheet: Sheet, token: str) -> discord.ui.Modal:
    """The form, with what was typed already. It is finished before it is sent: discord.py need not remember it."""
    title = f"{sheet.verb.capitalize()}: motion {sheet.motion}" if sheet.motion else sheet.verb.capitalize()
    modal = discord.ui.Modal(
        title=_short(title, TITLE), custom_id=form_id(sheet.verb, sheet.motion, token), timeout=None
    )
    for field in shown_fields(sheet.verb, sheet.values):
        modal.add_item(_input(field, sheet.values.get(field.name, "")))
    modal.stop()
    return modal


def _input(field: Field, typed: str) -> discord.ui.Label[Any]:
    choices = CHOICES if field.name == "choice" else field.choices
    item: discord.ui.Item[Any]
    if choices:
        picked = typed or field.default
        options = [discord.SelectOption(label=each, value=each, default=each == picked) for each in choices]
        item = discord.ui.Select(custom_id=field.name, options=options, required=field.required)
    else:
        item = discord.ui.TextInput(
            custom_id=field.name,
            style=discord.TextStyle.paragraph if field.kind == "long" else discord.TextStyle.short,
            default=typed[: min(field.limit, LONGEST)] or None,
            required=field.required,
            max_length=min(field.limit, LONGEST),
        )
    hint = field.hint or (field.label if len(field.label) > LABEL else "")
    return discord.ui.Label(text=_short(field.label, LABEL), description=_short(hint, HINT) or None, component=item)


def values_in(components: object) -> Mapping[str, str]:
    """What was filled in, by field; several lists within each other are read all the same, and what is none is not."""
    values: dict[str, str] = {}
    for component in components if isinstance(components, list) else ():
        if not isinstance(component, dict):
            continue
        inner = component.get("components") or ([component["component"]] if "component" in component else [])
        if inner:
            values.update(values_in(inner))
        elif isinstance(name := component.get("custom_id"), str):
            picked = component.get("values")
            given = component.get("value", picked[0] if isinstance(picked, list) and picked else None)
            values[name] = given if isinstance(given, str) else ""
    return values


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
