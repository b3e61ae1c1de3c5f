"""Turnout and windows over time, from the public record: exact, by quarter. It fetches nothing and rounds nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from bot.core.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """What was counted in one quarter of a year (UTC). `withheld` of the counted tell no numbers.

    `turnout` is of all who could vote in these votes together, None where no count is told; `open_for` the median
    time from the announcement to the end of the window.
    """

    year: int
    number: int
    counted: int
    carried: int
    withheld: int
    voted: int
    able: int
    open_for: timedelta

    @property
    def name(self) -> str:
        return f"{self.year} Q{self.number}"

    @property
    def lost(self) -> int:
        return self.counted - self.carried

    @property
    def turnout(self) -> Fraction | None:
        return Fraction(self.voted, self.able) if self.able else None


def quarters(records: Iterable[Record]) -> tuple[Quarter, ...]:
    """Every quarter in which something was counted, oldest first."""
    found: dict[tuple[int, int], list[Record]] = {}
    for record in records:
        if record.decided_at is not None and record.state in {"carried", "lost"}:
            at = record.decided_at.astimezone(UTC)
            found.setdefault((at.year, (at.month + 2) // 3), []).append(record)
    return tuple(_quarter(year, number, group) for (year, number), group in sorted(found.items()))


def _quarter(year: int, number: int, group: list[Record]) -> Quarter:
    counts = [record.count for record in group if record.count is not None]
    return Quarter(
        year=year,
        number=number,
        counted=len(group),
        carried=sum(record.state == "carried" for record in group),
        withheld=sum(record.withheld for record in group),
        voted=sum(count.voted for count in counts),
        able=sum(count.able for count in counts),
        open_for=_median([open_for(record) for record in group]),
    )


def open_for(record: Record) -> timedelta:
    """From the announcement to the end of the window, or to the count where that was earlier (R13)."""
    ends = [at for at in (record.closes_at, record.decided_at) if at is not None]
    return max(timedelta(), min(ends, default=record.announced_at) - record.announced_at)


def _median(spans: list[timedelta]) -> timedelta:
    ordered, middle = sorted(spans), len(spans) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def newest(records: Iterable[Record]) -> datetime | None:
    """When anything in these records was last decided or announced."""
    return max((record.decided_at or record.announced_at for record in records), default=None)
