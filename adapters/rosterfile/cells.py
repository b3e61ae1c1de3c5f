"""What may be typed into a maintainers file: the checks of a login, a name and a mail address before they are written.

Must never repair a value silently into something else: it passes as it is, or it is refused with the reason.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

LOGIN_MAX: Final = 39
NAME_MAX: Final = 100
EMAIL_MAX: Final = 254

_LOGIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}")
_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]+")
_FORMULA: Final = frozenset("=+-@\t\r＝＋－＠")
_QUOTES: Final = frozenset("\"'`«»‘’‚‛“”„‟‹›＂＇") - {"'", "’"}
_INVISIBLE: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """Why a value is refused, and what to do about it."""

    what: str
    remedy: str


def hidden(char: str) -> bool:
    """Whether a character shows nothing, breaks the line or turns the reading direction (T23, T31)."""
    if char == " ":
        return False
    category = unicodedata.category(char)
    return (
        category[0] == "C"
        or category in ("Zl", "Zp", "Zs")
        or char in _INVISIBLE
        or "\ufe00" <= char <= "\ufe0f"
        or "\U000e0100" <= char <= "\U000e01ef"
    )


def breaks_text(char: str) -> bool:
    """Whether a character may not even stand in an existing file: it forges a line or hides one (T23, T24, T31).

    Milder than `hidden`: names that people already carry may hold joiners that their script needs.
    """
    if char in "\t\n":
        return False
    return unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or char in _BIDI


def point(char: str) -> str:
    """A character as its code point, for a message that must not contain the character itself."""
    return f"U+{ord(char):04X}"


def login_flaw(login: str) -> Flaw | None:
    """What is wrong with a new login, or None. The forge's own grammar; bots in brackets are refused."""
    if _LOGIN.fullmatch(login):
        return None
    if login.endswith("[bot]"):
        return Flaw(what="a bot cannot hold a role", remedy="name the person's own forge login")
    return Flaw(
        what="not a forge login",
        remedy=f"use 1 to {LOGIN_MAX} of A-Z a-z 0-9 and hyphen, not starting with a hyphen",
    )


def name_flaw(name: str, *, delimiters: str) -> Flaw | None:
    """What is wrong with a new name, or None (T23, T24, T31, T32)."""
    if not name or name != name.strip():
        return Flaw(what="the name is empty or has space around it", remedy="give the name as it is to be shown")
    return _text_flaw("name", name, limit=NAME_MAX, delimiters=delimiters)


def email_flaw(email: str, *, delimiters: str) -> Flaw | None:
    """What is wrong with a new mail address, or None; empty is fine (T23, T24, T31, T32)."""
    if not email:
        return None
    flaw = _text_flaw("mail address", email, limit=EMAIL_MAX, delimiters=delimiters + "<>")
    if flaw is None and not _EMAIL.fullmatch(email):
        return Flaw(what="not a mail address", remedy="write it as name@example.org, or leave it empty")
    return flaw


def company_flaw(company: str, *, delimiters: str) -> Flaw | None:
    """What is wrong with a new company, or None; empty is fine (T23, T24, T31, T32)."""
    if not company:
        return None
    if company != company.strip():
        return Flaw(what="the company has space around it", remedy="give it as it is to be shown")
    return _text_flaw("company", company, limit=NAME_MAX, delimiters=delimiters)


def _text_flaw(kind: str, text: str, *, limit: int, delimiters: str) -> Flaw | None:
    if len(text) > limit:
        return Flaw(what=f"the {kind} has {len(text)} characters", remedy=f"use at most {limit}")
    for char in text:
        if hidden(char):
            return Flaw(
                what=f"the {kind} holds the invisible or control character {point(char)}",
                remedy="type it again without that character",
            )
        if char in _QUOTES or char in delimiters:
            return Flaw(
                what=f"the {kind} holds {point(char)}, which separates or quotes cells in this file",
                remedy="leave that character out",
            )
    if text[0] in _FORMULA:
        return Flaw(
            what=f"the {kind} starts with {point(text[0])}, which spreadsheets run as a formula",
            remedy="start it with a letter or a digit",
        )
    return None
