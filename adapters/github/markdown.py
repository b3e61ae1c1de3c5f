"""Cards as GitHub's Markdown. Nothing in them is live: no mention rings, no number refers, no tag hides (T28)."""

from __future__ import annotations

import re
from datetime import UTC
from typing import Final, assert_never

from bot.core.calendar import zone
from bot.core.cards import Card, Code, Line, Link, Listing, Mention, Moment, Note, Notice, Plain, Poll, Reply, Strong

_LIVE: Final = re.compile(r"[\\`*_\[\]<>#|~&$]")
_WAKES: Final = re.compile(r"@|(?<![a-z])gh(?=-)|:(?=//)|(?<![a-z])www(?=\.)", re.IGNORECASE)
"""What calls somebody, refers to an issue or is made a link, wherever it stands."""


def drawn(card: Card) -> str:
    """The card's lines, each a paragraph of its own."""
    match card:
        case Notice() | Note() | Reply():
            lines = card.lines
        case Listing():
            lines = (card.heading, *card.rows, *((card.footer,) if card.footer else ()))
        case Poll():
            lines = (card.heading, card.tally, card.arithmetic, card.closes, card.following)
        case _:
            assert_never(card)
    return "\n\n".join(drawn_line(line) for line in lines)


def drawn_line(line: Line) -> str:
    """One line of Markdown, which begins no list, no heading, no code and no command to a bot."""
    text = "".join(_span(span) for span in line).lstrip()
    return re.sub(r"^(\d{0,9})([.)+=:/-])", r"\1\\\2", text)


def _span(span: Plain | Strong | Mention | Moment | Code | Link) -> str:
    match span:
        case Plain():
            return calm(span.text)
        case Strong():
            return f"**{calm(span.text)}**"
        case Code():
            return f"`{''.join(char if char.isprintable() and char != '`' else '?' for char in span.text) or '?'}`"
        case Mention():
            return calm(f"@{span.login}")
        case Moment():
            return calm(_moment(span))
        case Link():
            return f"[{calm(span.text)}]({span.url})"
        case _:
            assert_never(span)


def calm(text: str) -> str:
    """Text as it reads, on one line: markup escaped; what would call people or refer to issues is broken up."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    escaped = _LIVE.sub(lambda found: "\\" + found[0], plain)
    return _WAKES.sub(lambda found: f"{found[0]}<!-- -->", escaped).replace("\\#", "\\#<!-- -->")


def _moment(moment: Moment) -> str:
    utc, local = moment.at.astimezone(UTC), moment.at.astimezone(zone(moment.zone))
    text = f"{utc:%a} {utc.day} {utc:%b %Y}, {utc:%H:%M} UTC"
    if moment.zone != "UTC":
        text = f"{local:%a} {local.day} {local:%b %Y}, {local:%H:%M} {moment.zone} ({text})"
    return text
