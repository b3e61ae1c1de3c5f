"""The pieces of Block Kit that this app uses, with Slack's limits; it knows no cards and no sentences.

Text is always sent as rich text or plain text: there a member's `*stars*` and `<!channel>` are just characters.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

Block = dict[str, Any]
MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
HEADER: Final = 150
BUTTON: Final = 75
BUTTONS_A_ROW: Final = 25
ELEMENT: Final = 2900
"""Characters of one text element: a section may have 3,000."""
VALUE: Final = 2000
DATE: Final = "{date_short_pretty} {time}"


def cut(text: str, limit: int) -> str:
    """The text, or as much of it as fits, with an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def escaped(text: str) -> str:
    """Text for fields that Slack reads as markup: the three characters that it asks to be escaped, and no other."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str) -> Block:
    """A plain text object; colons stay colons."""
    return {"type": "plain_text", "text": text, "emoji": False}


def words(text: str, **style: bool) -> list[Block]:
    """Text as elements of rich text, in pieces that are short enough."""
    pieces = [text[start : start + ELEMENT] for start in range(0, len(text), ELEMENT)]
    return [{"type": "text", "text": piece, **({"style": style} if style else {})} for piece in pieces]


def date(at: datetime) -> list[Block]:
    """An instant in the reader's own zone, and in UTC."""
    utc = utc_text(at)
    shown = {"type": "date", "timestamp": int(at.timestamp()), "format": DATE, "fallback": utc}
    return [shown, *words(f" your time ({utc})")]


def utc_text(at: datetime) -> str:
    """`Mon 7 Jul 2025, 23:59 UTC`."""
    utc = at.astimezone(UTC)
    return f"{utc:%a} {utc.day} {utc:%b %Y}, {utc:%H:%M} UTC"


def link(text: str, url: str) -> list[Block]:
    return [{"type": "link", "url": url, "text": text}]


def section(lines: Iterable[Sequence[Block]]) -> list[Block]:
    """Lines as one paragraph of rich text; none for no lines."""
    elements: list[Block] = []
    for line in lines:
        if line:
            elements += [*(words("\n") if elements else []), *line]
    return [{"type": "rich_text_section", "elements": elements}] if elements else []


def quote(text: str) -> list[Block]:
    return [{"type": "rich_text_quote", "elements": words(text)}] if text else []


def code(text: str) -> list[Block]:
    return [{"type": "rich_text_preformatted", "elements": words(text)}] if text else []


def rich(*parts: Sequence[Block]) -> list[Block]:
    """A block of rich text made of these parts; none if they are empty."""
    elements = [element for part in parts for element in part]
    return [{"type": "rich_text", "elements": elements}] if elements else []


def header(text: str) -> list[Block]:
    """A title of one line."""
    return [{"type": "header", "text": plain(cut(" ".join(text.split()), HEADER))}]


def button(label: str, action: str, value: str, style: str = "plain") -> Block:
    made = {"type": "button", "text": plain(cut(label, BUTTON)), "action_id": action, "value": value[:VALUE]}
    return made if style == "plain" else {**made, "style": style}


def rows(buttons: Sequence[Block]) -> list[Block]:
    """Buttons in as many rows as they need."""
    parts = [buttons[start : start + BUTTONS_A_ROW] for start in range(0, len(buttons), BUTTONS_A_ROW)]
    return [{"type": "actions", "elements": list(part)} for part in parts]


def size(blocks: Sequence[Mapping[str, Any]]) -> int:
    """How large Slack finds them: it limits all blocks of a message together, by a measure that it does not publish."""
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))
