"""Every setting of the operator's configuration, walked from the models of `bot.config`: none is listed by hand."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bot.config import Config
from bot.core.people import ROLES
from tests.docs.markdown import choices, code

_KINDS: Final = {
    "_zone": "time zone",
    "_holidays": "country or part of one",
    "_name": "name",
    "_channel": "channel",
    "_slack_account": "TEAM/USER",
    "_discord_account": "user id",
    "_listen": "HOST:PORT",
    "_base_url": "address",
    "_retention": "time",
    "_maybe_listen": "HOST:PORT or empty",
    "_maybe_url": "address or empty",
}
"""The types with a check of their own, by the name of the check; every other text is a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of the file: `[folkmoot]`, or `[[repository]]` where there can be several."""

    path: str
    several: bool
    required: bool
    docstring: str

    @property
    def header(self) -> str:
        return f"[[{self.path}]]" if self.several else f"[{self.path}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One key. `kind` and `default` are Markdown."""

    path: str
    table: str
    kind: str
    required: bool
    default: str

    @property
    def key(self) -> str:
        return self.path.rpartition(".")[2]


def settings() -> tuple[Table | Setting, ...]:
    """All tables, each followed by its keys, in the order of the models."""
    return tuple(_walk(Config, ""))


def _walk(model: type[BaseModel], prefix: str) -> Iterator[Table | Setting]:
    inner: list[tuple[str, FieldInfo, type[BaseModel], bool]] = []
    for name, field in model.model_fields.items():
        if field.exclude:
            continue
        path = f"{prefix}.{field.alias or name}".lstrip(".")
        table, several = _model(field.annotation)
        if table is not None:
            inner.append((path, field, table, several))
        elif get_origin(field.annotation) is dict:
            yield from _roles(path, field)
        else:
            yield _setting(path, field)
    for path, field, table, several in inner:
        doc = table.__doc__ or ""
        yield Table(path=path, several=several, required=field.is_required(), docstring=doc.partition(": ")[2] or doc)
        yield from _walk(table, path)


def _roles(path: str, field: FieldInfo) -> Iterator[Table | Setting]:
    """A table whose keys are roles: the only kind of open table there is."""
    for role in ROLES:
        yield Setting(
            path=f"{path}.{role}", table=path, kind="text", required=field.is_required(), default="the file's own names"
        )


def _setting(path: str, field: FieldInfo) -> Setting:
    default = "" if field.is_required() else _value(field.get_default(call_default_factory=True))
    return Setting(
        path=path,
        table=path.rpartition(".")[0],
        kind=_kind(field.annotation, tuple(field.metadata)),
        required=field.is_required(),
        default=default,
    )


def _model(annotation: Any) -> tuple[type[BaseModel] | None, bool]:
    """The model that this annotation means, and whether it stands there several times."""
    for part in (annotation, *get_args(annotation)):
        if isinstance(part, type) and issubclass(part, BaseModel):
            return part, get_origin(annotation) in {tuple, list}
    return None, False


def _kind(annotation: Any, metadata: tuple[Any, ...]) -> str:
    """A type in words."""
    origin, args = get_origin(annotation), get_args(annotation)
    if hasattr(annotation, "__metadata__"):
        return _kind(args[0], (*metadata, *annotation.__metadata__))
    if origin in {Union, types.UnionType}:
        return " or ".join(_kind(arg, metadata) for arg in args if arg is not type(None))
    if origin is Literal:
        return choices(args)
    if origin in {tuple, list}:
        return f"list of {_kind(args[0], ())}s"
    if annotation is bool:
        return "`true` or `false`"
    if annotation is int:
        return f"whole number{_range(metadata)}"
    checks = [getattr(getattr(each, "func", None), "__name__", "") for each in metadata]
    return next((_KINDS[check] for check in checks if check in _KINDS), "text")


def _range(metadata: tuple[Any, ...]) -> str:
    low = next((each.ge for each in metadata if hasattr(each, "ge")), None)
    high = next((each.le for each in metadata if hasattr(each, "le")), None)
    return f", {low} to {high}" if low is not None and high is not None else ""


def _value(value: object) -> str:
    match value:
        case None:
            return "not set"
        case bool():
            return code(str(value).lower())
        case str():
            return code(f'"{value}"')
        case _:
            return code(str(value))
