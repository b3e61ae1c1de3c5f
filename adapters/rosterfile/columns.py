"""What the titles of columns mean: which field of a person each one is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

COLUMNS: Final = ("login", "name", "email", "company")

_TITLES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("login", re.compile(r"(?:git(?:hub|lab)|gh)(?: ?(?:id|user|user ?name|handle|login|account|profile|alias))?s?")),
    ("login", re.compile(r"(?:login|handle|user ?name|user ?id|user|account)s?")),
    ("email", re.compile(r"(?:e-?mail|mail)(?: ?address)?(?:es)?|contact e-?mail")),
    ("company", re.compile(r"(?:company|affiliations?|organi[sz]ation|employer|funder|sponsor|org)s?(?: name)?")),
    ("company", re.compile(r"(?:company|organi[sz]ation)(?: ?/ ?| or | and )(?:affiliation|employer|organi[sz]ation)")),
    ("name", re.compile(r"(?:full|real|display)? ?names?")),
    (
        "name",
        re.compile(r"(?:(?:core )?maintainer|member|reviewer|approver|committer|owner|lead|person|who)s?(?: name)?"),
    ),
    ("name", re.compile(r"emerit(?:us|i)(?: maintainers?)?")),
)
_MARKUP: Final = re.compile(r"[*_`]|\[|\]\([^)]*\)|\([^)]*\)")


def columns_of(titles: Sequence[str]) -> list[str]:
    """For each title the field that it is of, once each; else the title itself, folded."""
    found: list[str] = []
    for title in titles:
        words = " ".join(_MARKUP.sub("", title).replace("_", " ").casefold().split()).strip(": ")
        words = words.removeprefix("maintainer ") if words.startswith(("maintainer git", "maintainer e")) else words
        field = next((name for name, shape in _TITLES if shape.fullmatch(words)), "")
        found.append(field if field and field not in found else f"={words}")
    return found
