"""Cards as Discord messages: what matters in the content, long texts in embeds, and a file for what has to be copied.

What is too long for Discord is cut with a note, never refused after it was recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Final, assert_never

from adapters.discord import escaping
from adapters.discord.codes import BALLOT
from adapters.discord.escaping import width
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
from bot.core.people import PersonId
from bot.core.shorter import long_part, shortened

CONTENT: Final = 1900
"""Of the 2,000 that Discord takes: the rest is for the small print."""
EMBED: Final = 4096
TOTAL: Final = 6000
EMBEDS: Final = 10
CODE: Final = 3500
LIMITS: Final = (
    (6100, 6100),
    (3900, 2000),
    (3900, 1200),
    (3900, 600),
    (2500, 400),
    (1200, 300),
    (800, 200),
    (400, 100),
)
"""How long the quoted text, and any other text, may be; tried in this order until all fits."""
TONES: Final = {"done": "✓ ", "refused": "✗ ", "failed": "! ", "info": ""}
WIDE: Final = 40
REASON: Final = Button(verb=BALLOT, label="With a reason…", form=True)
_BALLOTS: Final = frozenset({"yes", "no", "abstain"})

Accounts = Callable[[PersonId], int | None]
"""Discord's id of a person, if one is linked."""


def nobody(person: PersonId) -> int | None:
    """Knows no accounts."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A text that goes along as a file."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A message: its content, the texts of its embeds, a file perhaps, and its buttons."""

    content: str
    embeds: tuple[str, ...] = ()
    file: Attached | None = None
    buttons: tuple[Button, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether Discord takes it."""
        widths = [width(text) for text in self.embeds]
        return (
            width(self.content) <= CONTENT
            and len(widths) <= EMBEDS
            and all(0 < each <= EMBED for each in widths)
            and sum(widths) <= TOTAL
        )


def draw(card: Card, accounts: Accounts = nobody) -> Drawn:
    """The card as a message that fits."""
    drawn = Drawn(content="")
    for quoted, other in LIMITS:
        drawn = _drawn(card, _Pen(accounts, quoted, other))
        if drawn.fits:
            return drawn
    low, high = 0, len(long_part(card))
    while low < high:
        middle = (low + high + 1) // 2
        fitting = any(_drawn(shortened(card, middle), _Pen(accounts, *limit)).fits for limit in LIMITS[-3:])
        low, high = (middle, high) if fitting else (low, middle - 1)
    shorter = [_drawn(shortened(card, low), _Pen(accounts, *limit)) for limit in LIMITS[-3:]]
    return next((each for each in shorter if each.fits), shorter[-1])


def buttons_of(card: Card) -> tuple[Button, ...]:
    """The card's buttons; where one can vote, also one to vote with a reason."""
    shown = list(card.buttons)
    ballots = [index for index, button in enumerate(shown) if button.verb in _BALLOTS]
    if len(ballots) > 1:
        shown.insert(ballots[-1] + 1, REASON)
    return tuple(shown)


# --------------------------------------------------------------------------- the shapes


def _drawn(card: Card, pen: _Pen) -> Drawn:
    buttons = buttons_of(card)
    match card:
        case Poll():
            return replace(_poll(card, pen), buttons=buttons)
        case Notice():
            first, *rest = [pen.line(line) for line in card.lines] or [""]
            return replace(_spread(first, pen.quote(card.quote), rest), buttons=buttons)
        case Note():
            return replace(_note(card, pen), buttons=buttons)
        case Reply():
            first, *rest = [pen.line(line) for line in card.lines] or [""]
            return replace(_spread(f"{TONES[card.tone]}{first}", "", rest), buttons=buttons)
        case Listing():
            rows = [f"- {pen.line(row)}" for row in card.rows if row]
            footer = [pen.line(card.footer)] if card.footer else []
            return Drawn(content=pen.line(card.heading), embeds=tuple(_texts([*rows, *footer])), buttons=buttons)
        case _:
            assert_never(card)


def _poll(card: Poll, pen: _Pen) -> Drawn:
    """What counts in the content: who is meant, the count in words and shapes, the close; the texts below."""
    head = [f"**{pen.line(_unmarked(card.heading))}** — {pen.line(card.byline)}"]
    count = [pen.line(card.tally), *([shapes(card.bar)] if card.bar is not None else [])]
    ends = [pen.line(card.closes), pen.line(card.following)]
    notes = _texts([*map(pen.line, card.notes), pen.line(card.arithmetic)])
    return Drawn(
        content="\n".join(line for line in (*head, *count, *ends) if line),
        embeds=tuple(text for text in (pen.quote(card.quote), *notes) if text),
    )


def _note(card: Note, pen: _Pen) -> Drawn:
    """A text to copy is a block of code, or a file where it is too long for one."""
    first, *rest = [pen.line(line) for line in card.lines] or [""]
    drawn = _spread(first, "", rest)
    if not card.code:
        return drawn
    if "```" in card.code or width(card.code) > CODE:
        return replace(drawn, file=Attached(name=_file_name(card), text=card.code))
    return replace(drawn, embeds=(*drawn.embeds, f"```\n{card.code}\n```"))


def _file_name(card: Note) -> str:
    kind = "patch" if card.code.startswith("From ") else "txt"
    return f"motion-{card.motion}.{kind}" if card.motion else f"folkmoot.{kind}"


def _spread(first: str, quote: str, rest: Sequence[str]) -> Drawn:
    """All in the content if that is short and nothing is quoted; else its first line there, the rest in embeds."""
    whole = "\n".join((first, *rest))
    if not quote and width(whole) <= CONTENT:
        return Drawn(content=whole)
    return Drawn(content=first, embeds=tuple(text for text in (quote, *_texts(rest)) if text))


def _texts(lines: Sequence[str]) -> list[str]:
    """Lines in as few texts as they fit into, each as long as an embed takes."""
    texts: list[str] = []
    for line in lines:
        if texts and width(texts[-1]) + width(line) + 1 <= EMBED:
            texts[-1] = f"{texts[-1]}\n{line}"
        else:
            texts.append(line)
    return [text for text in texts if text]


def shapes(bar: Bar) -> str:
    """The count drawn in shapes that need no colour: ● yes, ○ no, – abstained, · not voted."""
    counts = [("●", bar.yes), ("○", bar.no), ("–", bar.abstain), ("·", bar.not_voted)]
    total = sum(number for _, number in counts)
    if total > WIDE:
        counts = [(mark, max(1, number * WIDE // total) if number else 0) for mark, number in counts]
    return "".join(mark * number for mark, number in counts)


# --------------------------------------------------------------------------- the words


def _unmarked(line: Line) -> Line:
    """A line that is emphasised as a whole."""
    return tuple(Plain(span.text) if isinstance(span, Strong) else span for span in line)


@dataclass(frozen=True, slots=True)
class _Pen:
    """Draws lines. Texts longer than the limits are cut."""

    accounts: Accounts
    quoted: int
    other: int

    def quote(self, text: str) -> str:
        """What somebody typed, set off from what the bot says: the mark holds to the end of the embed."""
        return f">>> {escaping.shown(text, self.quoted)}" if text.strip() else ""

    def line(self, line: Line) -> str:
        return "".join(map(self._span, line))

    def _span(self, span: Span) -> str:
        match span:
            case Plain():
                return escaping.shown(span.text, self.other)
            case Strong():
                text = escaping.shown(span.text.strip(), self.other)
                return f"**{text}**{' ' if span.text != span.text.rstrip() else ''}" if text else span.text
            case Code():
                return escaping.code(span.text)
            case Mention():
                return self._mention(span)
            case Moment():
                return moment(span)
            case Link():
                return escaping.link(span.text, span.url)
            case _:
                assert_never(span)

    def _mention(self, span: Mention) -> str:
        """The login, which is what the document knows them by, and the account, which nobody is pinged by."""
        login = escaping.escaped(f"@{span.login}")
        user = self.accounts(span.person)
        return f"{login} (<@{user}>)" if user is not None else login


def moment(moment: Moment) -> str:
    """An instant in the reader's own zone, and in UTC."""
    utc = moment.at.astimezone(UTC)
    return f"<t:{int(utc.timestamp())}:f> ({utc:%a} {utc.day} {utc:%b %Y}, {utc:%H:%M} UTC)"
