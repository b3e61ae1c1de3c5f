"""Keeps secrets out of what is written down: every secret that was read is known here and taken out of texts (T40)."""

from __future__ import annotations

from typing import Final

HIDDEN: Final = "[secret]"
_SHORTEST: Final = 8
"""A part of fewer characters would be found in innocent words."""
_known: set[str] = set()


def keep_secret(value: str) -> None:
    """Remember a secret that was read, and the lines of one that has several."""
    parts = {value.strip(), *(line.strip() for line in value.splitlines())}
    _known.update(part for part in parts if len(part) >= _SHORTEST and not part.startswith("-----"))


def redact(text: str) -> str:
    """The text without any secret that was read by this process."""
    for value in sorted(_known, key=len, reverse=True):
        if value in text:
            text = text.replace(value, HIDDEN)
    return text
