"""Business-day windows: from the instant a notice was delivered to the instant a vote closes (R12).

All instants are aware and in UTC. Holidays come in as dates: nothing here knows any country.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

AOE: Final = "AoE"
"""Anywhere on Earth: a day ends when it has ended everywhere (UTC-12)."""

_WINDOW: Final = re.compile(r"(?P<count>[1-9][0-9]{0,3})(?P<unit>bd|d|h)\Z")
_SATURDAY: Final = 5
MAX_DAYS: Final = 366


class CalendarError(ValueError):
    """A window or a zone that is not one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """How long a vote is open: business days (`5bd`), days (`7d`) or hours (`72h`).

    Minutes are for practice alone: no policy can write them.
    """

    count: int
    unit: Literal["bd", "d", "h", "min"]

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"

    @property
    def words(self) -> str:
        """The window in plain words: `5 business days`."""
        noun = {"bd": "business day", "d": "day", "h": "hour", "min": "minute"}[self.unit]
        return f"{self.count} {noun}{'' if self.count == 1 else 's'}"


def parse_window(text: str) -> Window:
    """Read `5bd`, `7d` or `72h`. Raises CalendarError; nothing is longer than a year."""
    match = _WINDOW.match(text)
    if match is None:
        raise CalendarError(f'"{text}" is not a window: write 5bd (business days), 7d (days) or 72h (hours)')
    count, unit = int(match["count"]), match["unit"]
    if count > (MAX_DAYS * 24 if unit == "h" else MAX_DAYS):
        raise CalendarError(f'"{text}" is longer than a year')
    if unit == "bd":
        return Window(count=count, unit="bd")
    return Window(count=count, unit="d" if unit == "d" else "h")


def zone(name: str) -> tzinfo:
    """The time zone of this IANA name, or `AoE`. Raises CalendarError."""
    if name == AOE:
        return timezone(timedelta(hours=-12), AOE)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CalendarError(f'"{name}" is no time zone: write one like Europe/Berlin, UTC or AoE') from error


def closes_at(opened: datetime, window: Window, *, zone_name: str, holidays: frozenset[date] = frozenset()) -> datetime:
    """The exclusive end, in UTC, of a window that starts at `opened` (R12).

    Business days: the local day of the opening does not count, and the window ends at the midnight after the
    last one. Days: the same local hour, that many days on. Hours: that many hours.
    """
    if window.unit in {"h", "min"}:
        minutes = window.count * (60 if window.unit == "h" else 1)
        return opened.astimezone(UTC) + timedelta(minutes=minutes)
    where = zone(zone_name)
    local = opened.astimezone(where)
    if window.unit == "d":
        return _instant(local.date() + timedelta(days=window.count), local.time(), where)
    day = local.date()
    left = window.count
    while left:
        day += timedelta(days=1)
        if is_business_day(day, holidays):
            left -= 1
    return _instant(day + timedelta(days=1), time(0), where)


def follows(end: datetime, window: Window, *, zone_name: str, holidays: frozenset[date] = frozenset()) -> datetime:
    """The exclusive end of a window that follows upon an exclusive end: a day that is only just to begin counts."""
    last = end - timedelta(microseconds=1) if window.unit == "bd" else end
    return closes_at(last, window, zone_name=zone_name, holidays=holidays)


def is_business_day(day: date, holidays: frozenset[date]) -> bool:
    """Whether the day is Monday to Friday and no holiday."""
    return day.weekday() < _SATURDAY and day not in holidays


def _instant(day: date, at: time, where: tzinfo) -> datetime:
    """The local wall time as an instant; where the clocks change, the later reading, so no window is cut short."""
    local = datetime.combine(day, at.replace(tzinfo=None, fold=0), where)
    return max(local.astimezone(UTC), local.replace(fold=1).astimezone(UTC))


def local_last_minute(closes: datetime, zone_name: str) -> datetime:
    """The last minute that still counts, as a local time."""
    return last_minute(closes).astimezone(zone(zone_name))


def last_minute(closes: datetime) -> datetime:
    """The minute in which a window ends, of which something still counts: an exclusive midnight is shown as 23:59."""
    return (closes - timedelta(microseconds=1)).replace(second=0, microsecond=0)
