"""What an interaction of Discord's has to look like before the library reads it: what it and the handlers look at.

Only Discord can send one, so this is no defence against members: it keeps one that is new or broken from failing in
a task of the library's, where nobody would be told (T36). What nobody here reads may be anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.shape import Check, anything, fields, insist, many, matching, text, whole

LONGEST: Final = 6000
"""Characters of an option or an input: Discord's own limit."""
MESSAGE: Final = 4000
CODE: Final = 255
DEPTH: Final = 6
"""Levels of options and of components: Discord has three of the first, and four of the second."""
WIDTH: Final = 5
"""Buttons in a row."""
_STRING: Final = 3
_ROW, _BUTTON = 1, 2

_CODE: Final = text(CODE)
_WORDS: Final = text(LONGEST)
_SNOWFLAKE: Final = matching("[1-9][0-9]{0,19}")
_USER: Final = fields("id", id=_SNOWFLAKE)
_PLACE: Final = fields("id", "type", id=_SNOWFLAKE, type=whole, parent_id=_SNOWFLAKE)


def _value(found: object) -> str | None:
    """What an option can be: text, a number, a yes or no."""
    return None if isinstance(found, bool | int | float) else _WORDS(found)


def _listed(name: str, shape: Check) -> Check:
    """The library takes no null for a list."""

    def check(found: object) -> str | None:
        return name if isinstance(found, Mapping) and found.get(name, "") is None else shape(found)

    return check


def _option(depth: int) -> Check:
    known: dict[str, Check] = {"name": _CODE, "type": whole, "value": _value}
    inner = many(_option(depth - 1)) if depth else many(fields())
    shape = _listed("options", fields("name", "type", options=inner, **known))

    def check(found: object) -> str | None:
        wrong = shape(found)
        if wrong is None and isinstance(found, Mapping) and found["type"] == _STRING:
            return fields("value", value=_WORDS)(found)
        return wrong

    return check


def _component(depth: int) -> Check:
    known: dict[str, Check] = {"type": whole, "custom_id": _CODE, "value": text(MESSAGE), "values": many(_CODE)}
    if depth:
        inner = _component(depth - 1)
        known |= {"components": many(inner), "component": inner, "accessory": inner}
    return fields("type", **known)


def _row(found: object) -> str | None:
    """A row of a message: some buttons, or one other thing. The library lays them out in a task."""
    wrong = _component(DEPTH)(found)
    if wrong is not None or not isinstance(found, Mapping) or found["type"] != _ROW:
        return wrong
    inside = found.get("components") or []
    buttons = all(each["type"] == _BUTTON for each in inside)
    return None if len(inside) <= (WIDTH if buttons else 1) else "components"


_COMPONENTS: Final = many(_component(DEPTH))
_COMMAND: Final = _listed(
    "options",
    fields(
        "name",
        name=_CODE,
        type=whole,
        guild_id=_SNOWFLAKE,
        target_id=_SNOWFLAKE,
        options=many(_option(DEPTH)),
        resolved=fields(messages=fields()),
    ),
)
_DATA: Final = {
    2: _COMMAND,
    3: fields("custom_id", "component_type", custom_id=_CODE, component_type=whole, values=many(_CODE)),
    4: _COMMAND,
    5: fields("custom_id", "components", custom_id=_CODE, components=_COMPONENTS, resolved=fields()),
}


def check(data: object) -> None:
    """Let an interaction pass, or raise NotUnderstood."""
    insist(_checked(data))


def _checked(data: object) -> str | None:
    if not isinstance(data, Mapping) or whole(data.get("type")) is not None:
        return "type"
    here = data.get("guild_id") is not None
    kind = data["type"]
    who = {"member": fields("user", user=_USER)} if here else {"user": _USER}
    return fields(
        "id",
        "token",
        "channel",
        *(["data"] if kind in _DATA else []),
        *who,
        id=_SNOWFLAKE,
        token=text(LONGEST),
        guild_id=_SNOWFLAKE,
        channel=_PLACE,
        data=_DATA.get(kind, anything),
        message=fields("id", id=_SNOWFLAKE, components=many(_row)),
        **who,
    )(data)
