"""A policy document with its text, so that whatever is said about it can name the line. It writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from bot.core.policy import Rulebook
from bot.rulebooks import POLICY_BYTES, load, parse, shipped
from bot.toml_lines import KeyLines


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A policy that could be read. `label` is its file, as it is shown."""

    label: str
    rulebook: Rulebook
    lines: KeyLines

    def line(self, motion: str, key: str = "") -> int:
        """Where the key stands; the table, where the key is inherited or a default."""
        return self.lines.line(f"motion.{motion}.{key}".rstrip("."))


def read(name: str) -> Source:
    """The shipped policy of this name, or the file at this path. Raises Mistaken, with every mistake, or OSError."""
    path = Path(name)
    if name in shipped():
        text = (files("bot.policies") / f"{name}.toml").read_text(encoding="utf-8")
        return Source(label=f"{name}.toml", rulebook=parse(text, file=f"{name}.toml"), lines=KeyLines(text))
    if not path.is_file():
        load(name, beside=Path())  # says what there is instead
    with path.open(encoding="utf-8", errors="replace") as file:
        text = file.read(POLICY_BYTES + 1)
    return Source(label=name, rulebook=parse(text, file=name), lines=KeyLines(text))
