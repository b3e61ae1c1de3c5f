"""Charts as numbers for the templates to draw: widths and heights. Each stands beside the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from adapters.site.words import days, percent
from bot.core.record import Record
from bot.core.trends import Quarter

WIDTH: Final = 600
"""The drawing's own units across."""
SHOWN: Final = 12
"""How many quarters a chart shows; the table beside it has them all."""
_TOP, _HEIGHT, _LABELS = 28, 150, 56


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of the bar of a tally. `shape` is how it is drawn and what its line in the legend begins with."""

    shape: str
    words: str
    count: int
    x: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyBar:
    """The bar of a tally. `mark` is where the needed number of yes stands, None where it is of something else."""

    pieces: tuple[Piece, ...]
    mark: float | None
    needed: int
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a chart over time."""

    label: str
    year: str
    value: str
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """A chart over time. `base` is where the columns stand."""

    columns: tuple[Column, ...]
    base: float
    height: float
    summary: str


def tally_bar(record: Record) -> TallyBar | None:
    """The bar of a motion that was counted; None where the numbers are not told."""
    count = record.count
    if count is None or not count.eligible:
        return None
    parts = [
        ("yes", "yes", count.yes),
        ("no", "no", count.no),
        ("abstain", "abstained", count.abstain),
        ("silent", "did not vote", count.silent),
        ("barred", "may not vote, but is counted", count.barred),
    ]
    unit, x, pieces = WIDTH / count.eligible, 0.0, []
    for shape, words, number in parts:
        if number:
            pieces.append(Piece(shape=shape, words=words, count=number, x=x, width=number * unit))
            x += number * unit
    told = ", ".join(f"{piece.count} {piece.words}" for piece in pieces)
    by_all = count.base == count.eligible
    return TallyBar(
        pieces=tuple(pieces),
        mark=min(count.needed, count.eligible) * unit if by_all else None,
        needed=count.needed,
        summary=f"Of {count.eligible}: {told}. {count.needed} yes were needed.",
    )


def turnout(quarters: Sequence[Quarter]) -> Columns:
    """How many of those who could vote did, by quarter."""
    told = [quarter for quarter in quarters if quarter.turnout is not None][-SHOWN:]
    values = [quarter.turnout or Fraction(0) for quarter in told]
    return _columns(told, values, [percent(value) for value in values], highest=Fraction(1), what="Turnout")


def windows(quarters: Sequence[Quarter]) -> Columns:
    """How long votes were open, by quarter: the median in days."""
    told = list(quarters)[-SHOWN:]
    values = [Fraction(round(quarter.open_for.total_seconds()), 86400) for quarter in told]
    highest = max(values, default=Fraction(0)) or Fraction(1)
    return _columns(told, values, [days(quarter.open_for) for quarter in told], highest=highest, what="Days open")


def _columns(
    quarters: Sequence[Quarter], values: Sequence[Fraction], words: Sequence[str], *, highest: Fraction, what: str
) -> Columns:
    step = WIDTH / max(len(quarters), 4)
    columns = []
    for index, (quarter, value, word) in enumerate(zip(quarters, values, words, strict=True)):
        height = float(value / highest) * _HEIGHT
        columns.append(
            Column(
                label=f"Q{quarter.number}",
                year=str(quarter.year) if index == 0 or quarter.number == 1 else "",
                value=word.removesuffix(" days").removesuffix("%").replace("over ", ">").replace("under ", "<"),
                x=round(index * step + step * 0.16, 1),
                y=round(_TOP + _HEIGHT - height, 1),
                width=round(step * 0.68, 1),
                height=round(height, 1),
            )
        )
    told = "; ".join(f"{quarter.name}: {word}" for quarter, word in zip(quarters, words, strict=True))
    return Columns(
        columns=tuple(columns),
        base=_TOP + _HEIGHT,
        height=_TOP + _HEIGHT + _LABELS,
        summary=f"{what} by quarter. {told}.",
    )
