"""Text that people wrote: what the log holds of it is a salted digest, the text itself can be erased.

Also the rules for what people may type: bounds, and characters that deceive a reader (T23, T31).
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from typing import Final

TITLE_LIMIT: Final = 150
TEXT_LIMIT: Final = 3000
REASON_LIMIT: Final = 500
_LINE_SEPARATORS: Final = frozenset("\u2028\u2029\u0085\x0b\x0c")
_KEPT: Final = frozenset("\n\t")
_JOINERS: Final = frozenset("\u200c\u200d")
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """A text and the salted SHA-256 digest that the log names it by. `text` is None once it was erased."""

    digest: str
    salt: str | None
    text: str | None

    @staticmethod
    def of(text: str, *, salt: str, label: str) -> Prose:
        """Salt a text with a salt of its own, made from the request's salt and a label one way."""
        own = hashlib.sha256(f"{salt}:{label}".encode()).hexdigest()[:32]
        return Prose(digest=digest(text, own), salt=own, text=text)

    def __str__(self) -> str:
        return "(erased)" if self.text is None else self.text


def digest(text: str, salt: str) -> str:
    """The digest that a chain event holds for a text."""
    return hashlib.sha256(f"{salt}\0{text}".encode()).hexdigest()


def deceptive(text: str, *, name: bool = False) -> str | None:
    """The code point, as `U+202E`, of the first character that a reader cannot see or that reorders text (T31).

    Running text may hold the two joiners, which several scripts and emoji need; a name may not.
    """
    for char in text:
        if not name and (char in _KEPT or char in _JOINERS):
            continue
        if char in _LINE_SEPARATORS or unicodedata.category(char) in _HIDDEN:
            return f"U+{ord(char):04X}"
    return None


def tidy(text: str) -> str:
    """Text with the line ends made plain and outer space gone, otherwise as it was typed."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
