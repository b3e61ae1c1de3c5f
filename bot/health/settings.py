"""Looks at the configuration. What is readable of a broken one is kept, so that the rest can be looked at, too."""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError

from bot import config as configs
from bot.config import Config, RepositoryTable
from bot.health.probing import ok, warning, wrong
from bot.ports import Finding
from bot.rulebooks import Mistaken

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a configuration file says; `config` is what is left of it where it has mistakes, None where nothing is."""

    config: Config | None
    findings: Sequence[Finding]


def look(path: Path) -> Looked:
    """Read the configuration; it raises nothing."""
    findings = list(_modes(path))
    try:
        config = configs.load(path)
    except Mistaken as error:
        findings += [wrong(f"{each.where}: {each.what}", each.remedy) for each in error.mistakes]
        return Looked(config=_left(path), findings=findings)
    count = len(config.repository)
    findings.append(ok(f"{path}: {count} {'repository' if count == 1 else 'repositories'}, no mistakes"))
    return Looked(config=config, findings=findings)


def _modes(path: Path) -> Sequence[Finding]:
    """Whoever can write the configuration decides who votes and by which rules."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return []
    if mode & stat.S_IWOTH:
        return [wrong(f"{path}: everybody on this machine can change it", f"chmod go-w {path}")]
    if mode & stat.S_IWGRP:
        return [warning(f"{path}: its group can change it", f"chmod go-w {path}")]
    return []


def _left(path: Path) -> Config | None:
    """The tables that are without mistakes, and defaults for the others; None where no table can be read."""
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8", errors="replace"))
    except (OSError, tomllib.TOMLDecodeError, RecursionError):
        return None
    kept: dict[str, Any] = {"here": path.parent}
    for name, field in Config.model_fields.items():
        given = data.get(name)
        if name == "repository":
            kept[name] = _each(RepositoryTable, given)
        elif name == "person":
            kept[name] = _each(configs.PersonTable, given)
        elif isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            kept[name] = _table(field.annotation, given) or field.annotation()
    return Config.model_construct(**kept)


def _each(model: type[M], given: object) -> tuple[M, ...]:
    tables = cast(list[object], given) if isinstance(given, list) else []
    return tuple(made for each in tables if (made := _table(model, each)) is not None)


def _table(model: type[M], given: object) -> M | None:
    try:
        return model.model_validate(given)
    except ValidationError:
        return None
