"""Cards as Block Kit. What is too long for Slack is cut with a note, never refused after it was recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, assert_never

from adapters.slack import blocks as kit
from adapters.slack.blocks import Block
from adapters.slack.codes import BALLOT, action_of, value_of
from bot.core.cards import (
    Bar,
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
    Span,
    Strong,
)
from bot.core.plain import plain_card, plain_line
from bot.core.shorter import long_part, shortened

BUDGET: Final = 11_000
"""Characters of all blocks of a message together. Slack refuses somewhere above 13,000 and does not say where."""
LIMITS: Final = (3000, 1500, 800, 400, 200, 80)
"""How long one text may be, tried in this order until all fits."""
SUMMARY: Final = 1000
WIDE: Final = 40
TONES: Final = {"done": "✓ ", "refused": "✗ ", "failed": "! ", "info": ""}
REASON: Final = Button(verb=BALLOT, label="With a reason…", form=True)
_BALLOTS: Final = frozenset({"yes", "no", "abstain"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A message: its blocks, and the text for notifications and screen readers, escaped."""

    blocks: Sequence[Block]
    text: str

    @property
    def data(self) -> dict[str, Any]:
        return {"blocks": list(self.blocks), "text": self.text}


def draw(card: Card, *, key: str = "", budget: int = BUDGET) -> Drawn:
    """The card as a message. `key` goes into its buttons: a press on one proves the delivery."""
    text = kit.escaped(kit.cut(plain_card(card), SUMMARY))
    for limit in LIMITS:
        drawn = _blocks(card, limit, key)
        if _fits(drawn, budget):
            return Drawn(blocks=drawn, text=text)
    return Drawn(blocks=_fewer(card, budget, key), text=text)


def _fits(drawn: Sequence[Block], budget: int) -> bool:
    return kit.size(drawn) <= budget and len(drawn) <= kit.MESSAGE_BLOCKS


def _fewer(card: Card, budget: int, key: str) -> list[Block]:
    """Where even short texts are too many: as many lines as fit, and how many are left out."""
    limit = LIMITS[-1] if not isinstance(card, Listing) else LIMITS[2]
    lines = long_part(card)
    low, high = 0, len(lines)
    while low < high:
        middle = (low + high + 1) // 2
        if _fits(_blocks(shortened(card, middle), limit, key), budget):
            low = middle
        else:
            high = middle - 1
    return _blocks(shortened(card, low), limit, key)


# --------------------------------------------------------------------------- the shapes


def _blocks(card: Card, limit: int, key: str) -> list[Block]:
    buttons = _buttons(card.buttons, card.motion, key)
    match card:
        case Poll():
            return [*_poll(card, limit), *buttons]
        case Notice():
            top, others = _lines(card.lines[:1], limit), _lines(card.lines[1:], limit)
            body = kit.rich(kit.section(top), kit.quote(_cut(card.quote, limit)), kit.section(others))
            return [*body, *buttons]
        case Note():
            return [*kit.rich(kit.section(_lines(card.lines, limit)), kit.code(_cut(card.code, limit))), *buttons]
        case Reply():
            mark = kit.words(TONES[card.tone]) if TONES[card.tone] else []
            first, *rest = _lines(card.lines, limit) or [[]]
            return [*kit.rich(kit.section([[*mark, *first], *rest])), *buttons]
        case Listing():
            rows = [[*kit.words("• "), *row] for row in _lines(card.rows, limit) if row]
            parts = [kit.section(_lines([card.heading], limit)), kit.section(rows)]
            return [*kit.rich(*parts, kit.section(_lines([card.footer], limit))), *buttons]
        case _:
            assert_never(card)


def _poll(card: Poll, limit: int) -> list[Block]:
    """The title, who proposes, the text, notes, the count in words and shapes, its arithmetic, the close, what then."""
    title = " ".join(plain_line(card.heading).split())
    whole = _lines([card.heading], LIMITS[0]) if len(title) > kit.HEADER else []
    counted = [*_lines([card.tally], limit), kit.words(shapes(card.bar)) if card.bar is not None else []]
    ends = _lines([card.arithmetic, card.closes, card.following], limit)
    return [
        *kit.header(title),
        *kit.rich(
            kit.section([*whole, *_lines([card.byline], limit)]),
            kit.quote(_cut(card.quote, limit)),
            kit.section(_lines(card.notes, limit)),
        ),
        *kit.rich(kit.section([*counted, *ends])),
    ]


def shapes(bar: Bar) -> str:
    """The count drawn in shapes that need no colour: ● yes, ○ no, – abstained, · not voted."""
    counts = [("●", bar.yes), ("○", bar.no), ("–", bar.abstain), ("·", bar.not_voted)]
    total = sum(number for _, number in counts)
    if total > WIDE:
        counts = [(mark, max(1, number * WIDE // total) if number else 0) for mark, number in counts]
    return "".join(mark * number for mark, number in counts)


def _lines(lines: Sequence[Line], limit: int) -> list[list[Block]]:
    return [[element for span in line for element in _span(span, limit)] for line in lines]


def _span(span: Span, limit: int) -> list[Block]:
    match span:
        case Plain():
            return kit.words(_cut(span.text, limit))
        case Strong():
            return kit.words(_cut(span.text, limit), bold=True)
        case Code():
            return kit.words(_cut(span.text, limit), code=True)
        case Mention():
            return kit.words(f"@{span.login}")
        case Moment():
            return kit.date(span.at)
        case Link():
            return kit.link(span.text, span.url)
        case _:
            assert_never(span)


def _cut(text: str, limit: int) -> str:
    """The text, or its beginning with a note of how much is left out."""
    if len(text) <= limit:
        return text
    return f"{text[:limit].rstrip()}… ({len(text) - limit} more characters do not fit here)"


def _buttons(buttons: Sequence[Button], motion: int, key: str) -> list[Block]:
    """The card's buttons; where one can vote, also one to vote with a reason."""
    ballots = [index for index, button in enumerate(buttons) if button.verb in _BALLOTS]
    shown = list(buttons)
    if len(ballots) > 1:
        shown.insert(ballots[-1] + 1, REASON)
    value = value_of(motion, key)
    return kit.rows(
        [kit.button(each.label, action_of(each, index), value, each.style) for index, each in enumerate(shown)]
    )
