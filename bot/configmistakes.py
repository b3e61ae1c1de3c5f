"""What pydantic finds wrong with a configuration, in our words: what it is, and what to write instead.

It knows nothing of single settings: those that exist are read from the model.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError

from bot.rulebooks import Mistake
from bot.toml_lines import KeyLines

_KINDS: Final = {
    "bool": ("is neither true nor false", "write true or false, without quotes"),
    "int": ("is no whole number", "write a number, without quotes"),
    "string": ("is no text", 'write it in "quotes"'),
    "too": ("is empty", "write one at least"),
}
Path = tuple[str | int, ...]


def mistakes(error: ValidationError, model: type[BaseModel], lines: KeyLines, file: str) -> tuple[Mistake, ...]:
    """Every mistake, without those that only follow from another one."""
    found = error.errors()
    places = [each["loc"] for each in found]
    kept = [each for each in found if each["type"] != "too_short" or not _follows(each["loc"], places)]
    return tuple(_mistake(each, model, lines, file) for each in kept)


def _follows(place: Path, places: Sequence[Path]) -> bool:
    """Whether a list is too short only because what stands in it has a mistake."""
    return any(len(other) > len(place) and other[: len(place)] == place for other in places)


def _mistake(error: Any, model: type[BaseModel], lines: KeyLines, file: str) -> Mistake:
    path = ".".join(str(part) for part in error["loc"])
    what, remedy = str(error["msg"]), "see config.example.toml"
    match str(error["type"]).partition("_")[0], error["type"]:
        case _, "extra_forbidden":
            what, remedy = "there is no such setting", _instead(error["loc"], model)
        case _, "missing":
            what, remedy = "is missing", "add it; config.example.toml shows how"
        case _, "literal_error":
            what, remedy = "is not one of the values it can have", f"write {error['ctx']['expected']}"
        case _, "value_error":
            what, _, told = str(error["ctx"]["error"]).partition(": ")
            remedy = told or remedy
        case _, "tuple_type":
            what, remedy = _listed(error["loc"], model)
        case kind, _ if kind in _KINDS:
            what, remedy = _KINDS[kind]
    return Mistake(file=file, line=lines.line(path), what=f"{path}: {what}" if path else what, remedy=remedy)


def _instead(place: Path, model: type[BaseModel]) -> str:
    """What may have been meant by a setting that there is not."""
    name, names = str(place[-1]), list(_names(place[:-1], model))
    if f"{name}-file" in names:
        return f"a secret does not stand in here: put it into the environment, or name its file in {name}-file"
    near = get_close_matches(name, names, n=1)
    return f"do you mean {near[0]}?" if near else "remove it, or look for its name in config.example.toml"


def _listed(place: Path, model: type[BaseModel]) -> tuple[str, str]:
    """What is no list, and has to be one."""
    name = str(place[-1])
    if next(_names(place, model), ""):
        return "is one table, and there may be several", f"write [[{name}]], with two brackets"
    return "is no list", f'write it in brackets: {name} = ["..."]'


def _names(place: Path, model: type[BaseModel]) -> Iterator[str]:
    """The settings of a table."""
    table: type[BaseModel] | None = model
    for part in place:
        if isinstance(part, str) and table is not None:
            fields = {field.alias or name: field.annotation for name, field in table.model_fields.items()}
            table = _table(fields.get(part))
    for name, field in table.model_fields.items() if table is not None else ():
        if not field.exclude:
            yield field.alias or name


def _table(kind: Any) -> type[BaseModel] | None:
    """The table that a setting's type holds, or a list of."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    return next((found for each in get_args(kind) if (found := _table(each)) is not None), None)
