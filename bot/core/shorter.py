"""Cards with fewer lines, for a platform where even short texts are too many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from bot.core.cards import Card, Line, Listing, Note, Notice, Plain, Poll, Reply


def long_part(card: Card) -> Sequence[Line]:
    """The lines of which there may be many."""
    match card:
        case Poll():
            return card.notes
        case Listing():
            return card.rows
        case Notice() | Note() | Reply():
            return card.lines
        case _:
            assert_never(card)


def shortened(card: Card, count: int) -> Card:
    """The card with the first `count` lines of its long part, and a line that says how many are left out."""
    lines = long_part(card)
    if count >= len(lines):
        return card
    kept = (*lines[:count], (Plain(f"… and {len(lines) - count} more lines, which do not fit here."),))
    match card:
        case Poll():
            return replace(card, notes=kept)
        case Listing():
            return replace(card, rows=kept)
        case Notice() | Note() | Reply():
            return replace(card, lines=kept)
        case _:
            assert_never(card)
