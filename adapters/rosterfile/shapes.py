"""A person's line as a shape: the line with its values taken out, so that another person's can be put in.

Values are marked by control characters, which no maintainers file may hold.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from adapters.rosterfile.records import Who

MARKS: Final = {"login": "\x01", "name": "\x02", "email": "\x03", "company": "\x04"}
_L, _N, _E, _C = MARKS.values()
_LINK: Final = r"\[{0}\]\([^()]*\)"
_DROPS: Final[dict[str, tuple[str, ...]]] = {
    "email": (
        rf"[ \t]*\[{_E}\]\(mailto:{_E}\)",
        rf"[ \t]*\([ \t]*<?{_E}>?[ \t]*\)",
        rf"[ \t]*<?{_E}>?[ \t]*[/|,;-](?=[ \t]*[@\[{_L}])[ \t]*",
        rf"[ \t]*[/|,;-]?[ \t]*<?{_E}>?",
    ),
    "login": (
        rf"[ \t]*[/|,;-]?[ \t]*\([ \t]*{_LINK.format('@?' + _L)}[ \t]*\)",
        rf"[ \t]*\([ \t]*(?:git(?:hub|lab):[ \t]*)?@?{_L}@?[ \t]*\)",
        rf"[ \t]*[/|,;-]?[ \t]*{_LINK.format('@?' + _L)}",
        rf"[ \t]*[/|,;-]?[ \t]*@?{_L}@?",
    ),
    "company": (
        rf"[ \t]*\([ \t]*{_C}[ \t]*\)",
        rf"[ \t]*[/|,;–—-]*[ \t]*{_LINK.format(_C)}",
        rf"[ \t]*[/|,;–—@-]*[ \t]*{_C}",
    ),
}
_TAIL: Final = re.compile(rf"^(.*[{_L}{_N}{_E}{_C}][^\w{_L}{_N}{_E}{_C}\s]*)(\s[^{_L}{_N}{_E}{_C}]*)$", re.DOTALL)
_SETTING: Final = re.compile(r"\s+[A-Za-z]+:\S+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Where a value of a person stands in a text."""

    field: str
    start: int
    stop: int


def shape_of(text: str, spans: Iterable[Span]) -> str:
    """The text with each value replaced by its mark."""
    parts: list[str] = []
    at = 0
    for span in sorted(spans, key=lambda each: each.start):
        parts += (text[at : span.start], MARKS[span.field])
        at = span.stop
    return "".join(parts) + text[at:]


def rendered(shape: str, who: Who) -> str:
    """The shape with this person's values; what is not known of them is left out with what it stood in.

    A name that is not known is the login, a login that the file has never is left out.
    """
    name = who.name or who.login or who.email
    for field, drops in _DROPS.items():
        if not getattr(who, field):
            for drop in drops:
                shape = re.sub(drop, "", shape)
    values = {"login": who.login, "name": name, "email": who.email, "company": who.company}
    for field, mark in MARKS.items():
        shape = shape.replace(mark, values[field])
    return shape


def best(shapes: Sequence[str], who: Who) -> str | None:
    """The shape for a new record, of those of its neighbours, the nearest first.

    It is one that says most of what is known of the person and, of those, the commonest. What stands behind a
    person in one record alone is about that person and is not taken over, unless it is a setting such as `pkg:*`.
    """
    counts = Counter(shapes)
    tails = Counter(match[2] for shape in shapes if (match := _TAIL.match(shape)))
    known = [field for field, mark in MARKS.items() if getattr(who, field)]

    def worth(shape: str) -> tuple[int, int, int]:
        said = sum(MARKS[field] in shape for field in known)
        lacking = sum(mark in shape for field, mark in MARKS.items() if field not in known and field != "name")
        return (said, -lacking, counts[shape])

    if not shapes:
        return None
    found = max(shapes, key=worth)
    match = _TAIL.match(found)
    if match is not None and tails[match[2]] < 2 and not _SETTING.fullmatch(match[2]):
        return match[1]
    return found
