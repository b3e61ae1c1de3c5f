"""Finds and reads governance policies: shipped by name, a file, or a file of the repository itself."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from bot.core.policy import Rulebook
from bot.core.schema import PolicyError, read_rulebook
from bot.toml_lines import KeyLines

POLICY_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One mistake in a file: where it stands (line 0: nowhere in it), what is wrong, what to do."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        end = "" if self.remedy.endswith("?") else "."
        return f"{self.where}: {self.what}. {self.remedy[:1].upper()}{self.remedy[1:]}{end}"

    @property
    def where(self) -> str:
        """The file, and the line where there is one."""
        return f"{self.file}:{self.line}" if self.line else self.file


class Mistaken(Exception):
    """A file of the operator's with mistakes, all of them."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes


def shipped() -> tuple[str, ...]:
    """The names of the policies that come with the bot."""
    return tuple(
        sorted(f.name.removesuffix(".toml") for f in files("bot.policies").iterdir() if f.name.endswith("toml"))
    )


def load(name: str, *, beside: Path) -> Rulebook:
    """The policy of this name or path. Raises Mistaken."""
    if name in shipped():
        return parse((files("bot.policies") / f"{name}.toml").read_text(encoding="utf-8"), file=f"{name}.toml")
    path = beside / name
    if not path.is_file():
        known = ", ".join(shipped())
        remedy = f"write a shipped name ({known}), a path beside the configuration, or repo:PATH"
        raise Mistaken((Mistake(file=str(path), line=0, what="there is no such policy", remedy=remedy),))
    return parse(path.read_text(encoding="utf-8", errors="replace"), file=str(path))


def parse(text: str, *, file: str) -> Rulebook:
    """Read a policy document. Raises Mistaken with file and line of every mistake."""
    if len(text) > POLICY_BYTES:
        raise Mistaken((Mistake(file=file, line=1, what="the policy is too large", remedy="keep it under 256 KiB"),))
    data = toml(text, file=file)
    try:
        return read_rulebook(data)
    except PolicyError as error:
        lines = KeyLines(text)
        raise Mistaken(
            tuple(
                Mistake(file=file, line=lines.line(p.key), what=f"{p.key}: {p.what}", remedy=p.remedy)
                for p in error.problems
            )
        ) from error


def toml(text: str, *, file: str) -> dict[str, object]:
    """Parse TOML. Raises Mistaken with the line of a syntax error."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        what = str(error)
        digits = what.partition("at line ")[2].partition(",")[0]
        mistake = Mistake(
            file=file,
            line=int(digits) if digits.isdecimal() else max(1, text.count("\n")),
            what=f"this is no TOML: {what.partition(' (at')[0]}",
            remedy="texts stand in quotes, tables in [brackets]",
        )
        raise Mistaken((mistake,)) from error
