"""Cards as JSON and back, without loss: what the room keeps and the page draws. It knows shapes, never sentences."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any, Final, get_type_hints

from bot.core.cards import (
    Bar,
    Button,
    Card,
    Code,
    Link,
    Listing,
    Mention,
    Moment,
    Note,
    Notice,
    Plain,
    Poll,
    Reply,
    Strong,
)

TAG: Final = "_"
_SHAPES: Final[dict[str, type]] = {
    shape.__name__: shape
    for shape in (Plain, Strong, Mention, Moment, Code, Link, Button, Bar, Poll, Notice, Note, Reply, Listing)
}
_CARDS: Final = (Poll, Notice, Note, Reply, Listing)
_HINTS: Final = {name: get_type_hints(shape) for name, shape in _SHAPES.items()}


def to_data(value: object) -> Any:
    """A card, or a part of one, as plain JSON data. Raises TypeError for anything else."""
    if is_dataclass(value) and type(value).__name__ in _SHAPES:
        named = {field.name: to_data(getattr(value, field.name)) for field in fields(value)}
        return {TAG: type(value).__name__, **named}
    if isinstance(value, tuple):
        return [to_data(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if value is None or isinstance(value, str | int | bool):
        return value
    raise TypeError(f"no card holds a {type(value).__name__}")


def encode(card: Card) -> str:
    """The card as a line of ASCII."""
    return json.dumps(to_data(card), separators=(",", ":"))


def decode(stored: str) -> Card:
    """The card that was encoded. Raises ValueError if it is none."""
    card = _from_data(json.loads(stored))
    if not isinstance(card, _CARDS):
        raise ValueError("not a card")
    return card


def _from_data(data: Any) -> Any:
    if isinstance(data, list):
        return tuple(_from_data(item) for item in data)
    if not isinstance(data, dict):
        return data
    shape = _SHAPES.get(data[TAG])
    if shape is None:
        raise ValueError(f"no shape is called {data[TAG]}")
    hints = _HINTS[data[TAG]]
    return shape(
        **{
            name: datetime.fromisoformat(value) if hints[name] is datetime else _from_data(value)
            for name, value in data.items()
            if name != TAG
        }
    )
