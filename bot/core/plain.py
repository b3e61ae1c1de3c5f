"""Cards as plain text: for the terminal, for golden files, and where a platform can show nothing better."""

from __future__ import annotations

from datetime import UTC
from typing import assert_never

from bot.core.calendar import zone
from bot.core.cards import (
    Button,
    Card,
    Code,
    Line,
    Link,
    Listing,
    Mention,
    Moment,
    Note,
    Notice,
    Plain,
    Poll,
    Reply,
    Strong,
)

_TONES = {"done": "✓", "refused": "✗", "failed": "!", "info": "·"}


def plain_card(card: Card) -> str:
    """The whole card, a line a line, without any markup."""
    match card:
        case Poll():
            return _poll(card)
        case Notice():
            return _joined(
                [*map(plain_line, card.lines[:1]), *_quote(card.quote), *map(plain_line, card.lines[1:])], card.buttons
            )
        case Note():
            return _joined([*map(plain_line, card.lines), *_indented(card.code)], card.buttons)
        case Reply():
            first, *others = map(plain_line, card.lines)
            return _joined([f"{_TONES[card.tone]} {first}", *others], card.buttons)
        case Listing():
            rows = [f"  {plain_line(row)}" for row in card.rows]
            return _joined(
                [plain_line(card.heading), *rows, *([plain_line(card.footer)] if card.footer else [])], card.buttons
            )
        case _:
            assert_never(card)


def plain_line(line: Line) -> str:
    """One line."""
    return "".join(map(_span, line))


def _span(span: Plain | Strong | Mention | Moment | Code | Link) -> str:
    match span:
        case Plain() | Strong() | Code():
            return span.text
        case Mention():
            return f"@{span.login}"
        case Moment():
            return _moment(span)
        case Link():
            return f"{span.text} <{span.url}>"
        case _:
            assert_never(span)


def _moment(moment: Moment) -> str:
    utc = moment.at.astimezone(UTC)
    local = moment.at.astimezone(zone(moment.zone))
    text = f"{utc:%a} {utc.day} {utc:%b %Y}, {utc:%H:%M} UTC"
    if moment.zone != "UTC":
        text = f"{local:%a} {local.day} {local:%b %Y}, {local:%H:%M} {moment.zone} ({text})"
    return text


def _poll(card: Poll) -> str:
    lines = [
        f"{plain_line(card.heading)} — {plain_line(card.byline)}",
        *_quote(card.quote),
        *map(plain_line, card.notes),
        plain_line(card.tally),
        plain_line(card.arithmetic),
        plain_line(card.closes),
        plain_line(card.following),
    ]
    return _joined(lines, card.buttons)


def _quote(text: str) -> list[str]:
    return [f"> {part}" for part in text.splitlines()]


def _indented(text: str) -> list[str]:
    return [f"    {part}".rstrip() for part in text.splitlines()]


def _joined(lines: list[str], buttons: tuple[Button, ...]) -> str:
    shown = " ".join(f"[{button.label}]" for button in buttons)
    return "\n".join([*lines, *([shown] if shown else [])])
