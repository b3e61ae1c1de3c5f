"""How the verbs are listed: the whole first sentence of each, those that one begins with first. It decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from typer.core import TyperGroup

SECTIONS: Final[Mapping[str, Sequence[str]]] = {
    "To begin": ("demo", "init", "doctor", "links", "serve"),
    "Motions": ("status", "show", "tally", "minutes", "activity", "pr"),
    "Rules, people, places": ("config", "policy", "roster", "slack", "discord", "github"),
    "The record": ("verify", "export", "site", "calendar", "data", "backup", "restore", "erase"),
}
"""The verbs of `folkmoot`, in the order in which they are needed."""


class Verbs(TyperGroup):
    """A group of verbs. Nothing of a sentence is cut off: what is too long for a line goes on in the next."""

    sections: Mapping[str, Sequence[str]] = {}

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        names = self.list_commands(ctx)
        widest = max(map(len, names), default=0)
        for title, chosen in (self.sections or {"Verbs": names}).items():
            rows = [(name.ljust(widest), self.commands[name].get_short_help_str(limit=1_000)) for name in chosen]
            with formatter.section(title):
                formatter.write_dl(rows)


class AllVerbs(Verbs):
    """The verbs of `folkmoot` itself, in sections."""

    sections = SECTIONS

    def __init__(self, *words: Any, **more: Any) -> None:
        super().__init__(*words, **more)
        order = [name for names in SECTIONS.values() for name in names]
        self.commands = {name: self.commands[name] for name in sorted(self.commands, key=order.index)}
