"""What members may type: bounds and deceptive characters, refused with the count or the code point (T31)."""

from __future__ import annotations

from bot.core.answers import Refused
from bot.core.prose import deceptive

NAME_LIMIT = 100
LOGIN_LIMIT = 39
LINK_LIMIT = 500


def check_text(text: str, *, field: str, limit: int, needed: bool = True) -> Refused | None:
    """Why this text cannot be taken, or None."""
    if needed and not text:
        return Refused(code="text-missing", params={"field": field})
    if len(text) > limit:
        return Refused(code="text-too-long", params={"field": field, "length": len(text), "limit": limit})
    hidden = deceptive(text)
    if hidden:
        return Refused(code="text-deceptive", params={"field": field, "char": hidden})
    return None


def check_name(text: str, *, field: str, limit: int = NAME_LIMIT) -> Refused | None:
    """Why this name or mail address cannot go into a file, or None: one line, no quotes, no angle brackets (T24)."""
    if len(text) > limit:
        return Refused(code="text-too-long", params={"field": field, "length": len(text), "limit": limit})
    hidden = deceptive(text, name=True)
    if hidden:
        return Refused(code="text-deceptive", params={"field": field, "char": hidden})
    if any(char in '"<>`|,;\\\u201c\u201d' for char in text) or text[:1] in {"=", "+", "-", "@", "#"}:
        return Refused(code="name-unfit", params={"field": field})
    return None


def check_email(text: str) -> Refused | None:
    """Why this is no mail address for a roster, or None; an empty one is allowed."""
    refused = check_name(text, field="email", limit=150)
    if refused or not text:
        return refused
    local, at, domain = text.partition("@")
    if not (local and at and "." in domain and "@" not in domain and " " not in text):
        return Refused(code="email-unfit")
    return None


def check_link(text: str, *, needed: bool) -> Refused | None:
    """Why this is no address to keep as evidence, or None. It is stored and shown, and never fetched (T43)."""
    if not text:
        return Refused(code="link-missing") if needed else None
    hidden = deceptive(text, name=True)
    if hidden:
        return Refused(code="text-deceptive", params={"field": "link", "char": hidden})
    plain = text.startswith(("https://", "http://")) and len(text) <= LINK_LIMIT
    if not plain or any(char in " <>\"'`|\\" for char in text) or "." not in text.partition("//")[2]:
        return Refused(code="link-unfit")
    return None


def is_login(text: str) -> bool:
    """Whether this can be a login on a forge: ASCII letters, digits and inner hyphens.

    It is judged as typed: folding would make ASCII of look-alikes such as the Kelvin sign (T2, T27).
    """
    plain = text.removeprefix("@")
    fits = 0 < len(plain) <= LOGIN_LIMIT and plain.isascii() and plain.replace("-", "").isalnum()
    return fits and not plain.startswith("-") and not plain.endswith("-")
