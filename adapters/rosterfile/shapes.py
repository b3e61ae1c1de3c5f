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
_OPEN: Final = rf"[^(){_L}{_N}{_E}{_C}]*"
_TAIL: Final = re.compile(
    rf"^(.*[{_L}{_N}{_E}{_C}][^\w{_L}{_N}{_E}{_C}\s]*)(\s{_OPEN}(?:\({_OPEN}\){_OPEN})*)$", re.DOTALL
)
_INSIDE: Final = re.compile(rf"[ \t]*[,;]{_OPEN}(?=\))")
_WORD: Final = re.compile(r"[^\W_]{2,}")
_STRUCTURE: Final = frozenset(("https", "http", "www", "github", "gitlab", "com", "mailto"))
_REMARK: Final = re.compile(rf"[ \t]*\({_OPEN}\)")
_PRONOUN: Final = re.compile(r"\b(?:he|she|they|him|her|them|any|xe|ze|it|hers|his|theirs)/", re.IGNORECASE)
_PRONOUNS: Final = re.compile(r"[ \t]*\((?:\w{2,6}/)+\w{2,6}\)")
_SETTING: Final = re.compile(r"\s+[A-Za-z]+:[^\w\s]+")


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
    """The shape for a new record, of those of its neighbours, the nearest first; None where each is personal.

    It is one that says most of what is known of the person and, of those, the commonest. What is about a neighbour
    alone is never taken over: words that not all have, pronouns, a remark behind the last value.
    """
    counts = Counter(shapes)
    known = [field for field, mark in MARKS.items() if getattr(who, field)]

    def worth(shape: str) -> tuple[int, int, int]:
        said = sum(MARKS[field] in shape for field in known)
        lacking = sum(mark in shape for field, mark in MARKS.items() if field not in known and field != "name")
        return (said, -lacking, counts[shape])

    words = [frozenset(_words(shape)) for shape in shapes]
    common = frozenset.intersection(*words) if len(words) > 1 else frozenset()
    for shape in sorted(counts, key=worth, reverse=True):
        plain = _impersonal(shape, common)
        if plain is not None:
            return plain
    return None


def pronounced(shape: str, target: str) -> bool:
    """Whether all that a shape has more than another are its person's pronouns: then they go with the person."""
    return shape != target and _PRONOUN.search(shape) is not None and _PRONOUNS.sub("", shape) == target


def _words(shape: str) -> list[str]:
    return [word for word in _WORD.findall(shape) if word.casefold() not in _STRUCTURE]


def _impersonal(shape: str, common: frozenset[str]) -> str | None:
    """The shape without the remarks that are about one person; None if something of that stays."""
    match = _TAIL.match(shape)
    tail = match[2] if match is not None else ""
    setting = tail if _SETTING.fullmatch(tail) else ""
    body = shape[: len(shape) - len(tail)]
    for remarks in (_REMARK, _INSIDE):
        body = remarks.sub(lambda remark: remark[0] if _shared(remark[0], common) else "", body)
    if not setting and tail and _shared(tail, common):
        setting = tail
    return body + setting if _shared(body, common) else None


def _shared(text: str, common: frozenset[str]) -> bool:
    return _PRONOUN.search(text) is None and all(word in common for word in _words(text))
