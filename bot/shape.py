"""What JSON from outside has to look like before anything reads it, as data: checks that name the place that is wrong.

A check knows nothing of a platform, and says nothing of what stands at the place: that is somebody else's text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

Check = Callable[[object], str | None]
"""Where it is not as it has to be, as a path; empty for the thing itself, None where all is well."""


class NotUnderstood(ValueError):
    """A payload of another shape. It names the place, and nothing of what stands there."""


def insist(found: str | None) -> None:
    """Let it pass, or raise NotUnderstood."""
    if found is not None:
        raise NotUnderstood(found or "the payload")


UNREADABLE: Final = (ValueError, RecursionError)
"""What reading and checking JSON raises, NotUnderstood included."""


def place_of(error: Exception) -> str:
    """What may be logged of one of these: the place, or the kind of error; never what was sent."""
    return str(error) if isinstance(error, NotUnderstood) else type(error).__name__


def text(limit: int) -> Check:
    """Text that can be stored and sent on: a half of a surrogate pair cannot, and is in no text of a member's."""

    def check(found: object) -> str | None:
        if not isinstance(found, str) or len(found) > limit:
            return ""
        return "" if any("\ud800" <= char <= "\udfff" for char in found) else None

    return check


def fields(*needed: str, **known: Check) -> Check:
    """A mapping in which these are as they have to be where they are there; the `needed` ones of them must be."""

    def check(found: object) -> str | None:
        if not isinstance(found, Mapping):
            return ""
        for name, inner in known.items():
            value = found.get(name)
            if value is None and name not in needed:
                continue
            wrong = inner(value)
            if wrong is not None:
                return f"{name}.{wrong}" if wrong else name
        return None

    return check


def many(inner: Check, *, least: int = 0) -> Check:
    """A list of such things."""

    def check(found: object) -> str | None:
        if not isinstance(found, list) or len(found) < least:
            return ""
        for at, one in enumerate(found):
            if (wrong := inner(one)) is not None:
                return f"{at}.{wrong}" if wrong else str(at)
        return None

    return check


def each(inner: Check) -> Check:
    """A mapping of names of one's own to such things."""

    def check(found: object) -> str | None:
        if not isinstance(found, Mapping):
            return ""
        well = all(_NAME(name) is None and inner(value) is None for name, value in found.items())
        return None if well else ""

    return check


def matching(pattern: str) -> Check:
    """Text of this pattern."""
    compiled = re.compile(pattern, re.ASCII)
    return lambda found: None if isinstance(found, str) and compiled.fullmatch(found) else ""


def whole(found: object) -> str | None:
    """A number without a fraction, of a size that numbers have."""
    return None if type(found) is int and -(2**63) <= found < 2**64 else ""


def either(one: Check, other: Check) -> Check:
    """One of two shapes."""
    return lambda found: other(found) if one(found) is not None else None


def anything(_: object) -> None:
    """What nobody reads as anything else than what it is."""


_NAME: Final = text(255)
