"""The `folkmoot` command line as plain data, taken from the tree that typer builds; it runs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import typer.main

from bot.cli import app

PROGRAM = "folkmoot"
HELP = "--help"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option or argument. `names` is empty for an argument."""

    names: tuple[str, ...]
    metavar: str
    help: str
    required: bool
    flag: bool
    default: str
    environment: str
    bounds: str

    @property
    def typed(self) -> str:
        """How it is typed: `--config, -c CONFIG`."""
        return " ".join(part for part in (", ".join(self.names), "" if self.flag else self.metavar) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One verb, or the program itself. `path` is what is typed before its options."""

    path: tuple[str, ...]
    help: str
    options: tuple[Option, ...]
    group: bool

    @property
    def typed(self) -> str:
        return " ".join(self.path)

    @property
    def usage(self) -> str:
        """One line: `folkmoot show [OPTIONS] N`."""
        arguments = [o.metavar if o.required else f"[{o.metavar}]" for o in self.options if not o.names]
        words = [*self.path, "[OPTIONS]", *(["VERB"] if self.group else []), *arguments]
        return " ".join(words)


def commands() -> tuple[Command, ...]:
    """Every command that is not hidden, the program itself first, in the order of `--help`."""
    root: Any = typer.main.get_command(app)
    return tuple(_walk(root, (PROGRAM,)))


def _walk(command: Any, path: tuple[str, ...]) -> Iterator[Command]:
    inner: dict[str, Any] = getattr(command, "commands", {})
    options = tuple(_option(param) for param in command.params if not getattr(param, "hidden", False))
    yield Command(path=path, help=command.help or "", options=options, group=bool(inner))
    for name, each in inner.items():
        if not each.hidden:
            yield from _walk(each, (*path, name))


def _option(param: Any) -> Option:
    argument = param.param_type_name == "argument"
    flag = bool(getattr(param, "is_flag", False))
    shown = "" if flag or param.default is None or argument else _text(param.default)
    low, high = getattr(param, "min", None), getattr(param, "max", None)
    return Option(
        names=() if argument else (*param.opts, *param.secondary_opts),
        metavar=param.metavar or param.name.upper(),
        help=param.help or "",
        required=param.required,
        flag=flag,
        default=shown,
        environment=param.envvar if isinstance(param.envvar, str) else ", ".join(param.envvar or ()),
        bounds=_bounds(low, high),
    )


def _text(value: object) -> str:
    return value.as_posix() if isinstance(value, PurePath) else str(value)


def _bounds(low: object, high: object) -> str:
    if low is not None and high is not None:
        return f"from {low} to {high}"
    if low is not None:
        return f"{low} or more"
    return f"at most {high}" if high is not None else ""
