"""How values become JSON and come back, compiled once per type from its type hints. Knows types, not events."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from json.encoder import encode_basestring_ascii
from typing import Any, Final, Literal, NewType, Union, get_args, get_origin, get_type_hints

from bot.core.prose import Prose

Texts = Callable[[str], tuple[str | None, str | None]]
"""From a digest to its salt and text; both None once the text was erased."""
Encode = Callable[[Any], str]
Decode = Callable[[Any, Texts], Any]

_ZONE_WIDTH: Final = len("+00:00")
_last: tuple[datetime | None, str] = (None, "")


class ShapeError(ValueError):
    """A value that does not have the shape of its type."""


def stamp(at: datetime) -> str:
    """An instant as it is stored: UTC with microseconds and `Z`, so that text order is time order."""
    global _last
    known, text = _last
    if at is known:  # one request stamps several rows with the same instant
        return text
    plain = at
    if at.tzinfo is not UTC:
        if at.tzinfo is None:
            raise ShapeError("an instant without a time zone cannot be stored")
        plain = at.astimezone(UTC)
    text = plain.isoformat(timespec="microseconds")[:-_ZONE_WIDTH] + "Z"
    _last = (at, text)
    return text


def instant(text: str) -> datetime:
    """The instant that `stamp` wrote."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is not UTC:
        raise ShapeError(f"{text!r} is not an instant in UTC")
    return at


def _bare(hint: Any) -> Any:
    while isinstance(hint, NewType):
        hint = hint.__supertype__
    return hint


def _optional(hint: Any) -> Any | None:
    """The other type of `X | None`, or None if the hint is no such union."""
    if get_origin(hint) not in (Union, types.UnionType):
        return None
    others = [arm for arm in get_args(hint) if arm is not type(None)]
    if len(others) != 1 or len(get_args(hint)) != 2:
        raise TypeError(f"cannot store {hint!r}")
    return others[0]


@cache
def hints_of(cls: type) -> tuple[tuple[str, Any], ...]:
    """The fields of a dataclass with their types, by name: the order of the stored bytes."""
    hints = get_type_hints(cls)
    return tuple(sorted((field.name, hints[field.name]) for field in fields(cls)))


# --------------------------------------------------------------------------- encoding


def _int(value: Any) -> str:
    if type(value) is not int:
        raise ShapeError(f"{value!r} is no whole number")
    return str(value)


def _bool(value: Any) -> str:
    if value is True:
        return "true"
    if value is False:
        return "false"
    raise ShapeError(f"{value!r} is neither true nor false")


def _date(value: Any) -> str:
    if type(value) is not date:
        raise ShapeError(f"{value!r} is no date")
    return f'"{value.isoformat()}"'


def _stamped(value: Any) -> str:
    return f'"{stamp(value)}"'


def _digest(value: Any) -> str:
    return f'"{value.digest}"'


def _table(choices: tuple[Any, ...]) -> Encode:
    table = {choice: encode_basestring_ascii(choice) for choice in choices}

    def encode(value: Any) -> str:
        try:
            return table[value]
        except (KeyError, TypeError):
            raise ShapeError(f"{value!r} is none of {', '.join(map(repr, choices))}") from None

    return encode


def _joined(item: Encode, *, ordered: bool) -> Encode:
    def encode(value: Any) -> str:
        return "[" + ",".join([item(one) for one in (value if ordered else sorted(value))]) + "]"

    return encode


def _or_null(inner: Encode) -> Encode:
    return lambda value: "null" if value is None else inner(value)


def _object(cls: type) -> Encode:
    parts = tuple((f'"{name}":', name, encoder(hint)) for name, hint in hints_of(cls))

    def encode(value: Any) -> str:
        if type(value) is not cls:
            raise ShapeError(f"{value!r} is no {cls.__name__}")
        return "{" + ",".join([label + one(getattr(value, name)) for label, name, one in parts]) + "}"

    return encode


_ENCODERS: Final[dict[Any, Encode]] = {
    str: encode_basestring_ascii,
    int: _int,
    bool: _bool,
    datetime: _stamped,
    date: _date,
    Prose: _digest,
}


@cache
def encoder(hint: Any) -> Encode:
    """The function that writes values of this type as canonical JSON."""
    hint = _bare(hint)
    if (inner := _optional(hint)) is not None:
        return _or_null(encoder(inner))
    if hint in _ENCODERS:
        return _ENCODERS[hint]
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return _table(args)
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        return _joined(encoder(args[0]), ordered=True)
    if origin is frozenset:
        return _joined(encoder(args[0]), ordered=False)
    if isinstance(hint, type) and is_dataclass(hint):
        return _object(hint)
    raise TypeError(f"cannot store {hint!r}")


# --------------------------------------------------------------------------- decoding


def _exactly(kind: type) -> Decode:
    def decode(value: Any, texts: Texts) -> Any:
        if type(value) is not kind:
            raise ShapeError(f"{value!r} is no {kind.__name__}")
        return value

    return decode


def _one_of(choices: tuple[Any, ...]) -> Decode:
    def decode(value: Any, texts: Texts) -> Any:
        if value not in choices:
            raise ShapeError(f"{value!r} is none of {', '.join(map(repr, choices))}")
        return value

    return decode


def _read_prose(value: Any, texts: Texts) -> Prose:
    salt, text = texts(value)
    return Prose(digest=value, salt=salt, text=text)


def _each(item: Decode, build: Callable[[Iterable[Any]], Any]) -> Decode:
    def decode(value: Any, texts: Texts) -> Any:
        if type(value) is not list:
            raise ShapeError(f"{value!r} is no list")
        return build([item(one, texts) for one in value])

    return decode


def _or_none(inner: Decode) -> Decode:
    return lambda value, texts: None if value is None else inner(value, texts)


def _built(cls: type) -> Decode:
    parts = tuple((name, decoder(hint)) for name, hint in hints_of(cls))
    names = {name for name, _ in parts}

    def decode(value: Any, texts: Texts) -> Any:
        if type(value) is not dict or value.keys() != names:
            raise ShapeError(f"the fields of {cls.__name__} are {', '.join(sorted(names))}")
        return cls(**{name: one(value[name], texts) for name, one in parts})

    return decode


_DECODERS: Final[dict[Any, Decode]] = {
    str: _exactly(str),
    int: _exactly(int),
    bool: _exactly(bool),
    datetime: lambda value, texts: instant(value),
    date: lambda value, texts: date.fromisoformat(value),
    Prose: _read_prose,
}


@cache
def decoder(hint: Any) -> Decode:
    """The function that reads values of this type back from parsed JSON."""
    hint = _bare(hint)
    if (inner := _optional(hint)) is not None:
        return _or_none(decoder(inner))
    if hint in _DECODERS:
        return _DECODERS[hint]
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return _one_of(args)
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        return _each(decoder(args[0]), tuple)
    if origin is frozenset:
        return _each(decoder(args[0]), frozenset)
    if isinstance(hint, type) and is_dataclass(hint):
        return _built(hint)
    raise TypeError(f"cannot store {hint!r}")


# --------------------------------------------------------------------------- texts inside


@cache
def prose_in(hint: Any) -> Callable[[Any], list[Prose]] | None:
    """The function that finds every Prose inside a value of this type; None if the type can hold none."""
    hint = _bare(hint)
    if (inner := _optional(hint)) is not None:
        found = prose_in(inner)
        return None if found is None else lambda value: [] if value is None else found(value)
    if hint is Prose:
        return lambda value: [value]
    if get_origin(hint) in (tuple, frozenset):
        each = prose_in(get_args(hint)[0])
        return None if each is None else lambda value: [prose for one in value for prose in each(one)]
    if not (isinstance(hint, type) and is_dataclass(hint)):
        return None
    parts = [(name, inside) for name, one in hints_of(hint) if (inside := prose_in(one)) is not None]
    if not parts:
        return None
    return lambda value: [prose for name, inside in parts for prose in inside(getattr(value, name))]
