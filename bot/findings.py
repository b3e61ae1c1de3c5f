"""What a check has found, as every verb shows it: a mark and a sentence, and beneath it the fix."""

from __future__ import annotations

from typing import Final

from bot.ports import Finding

MARKS: Final = {"ok": "✓", "warning": "!", "wrong": "✗"}
_COMMANDS: Final = ("chmod ", "folkmoot ")
"""How a fix begins that is to be typed as it stands."""


def shown(found: Finding, topic: str = "") -> str:
    """One finding in one or two lines."""
    what = f"{topic}: {found.what}" if topic else found.what
    said = f"{MARKS[found.mark]} {_ended(what)}"
    if not found.remedy:
        return said
    typed = found.remedy.startswith(_COMMANDS)
    fix = f"Run: {found.remedy}" if typed else _ended(found.remedy[:1].upper() + found.remedy[1:])
    return f"{said}\n    → {fix}"


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
