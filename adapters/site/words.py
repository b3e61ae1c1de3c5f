"""The words of the pages: states, dates and numbers. It decides nothing about what is shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Final

from bot.core.calendar import local_last_minute
from bot.core.record import Record, Remark, State

STATES: Final[dict[State, tuple[str, str]]] = {
    "open": ("◔", "Open"),
    "carried": ("●", "Carried"),
    "lost": ("○", "Lost"),
    "withdrawn": ("◇", "Withdrawn"),
    "void": ("✕", "Void"),
    "leaving": ("◔", "Under way"),
    "left": ("●", "Done"),
}
"""A shape and a word for each state: never colour alone."""

KINDS: Final = {
    "add": "Candidacy",
    "remove": "End of a role",
    "step-down": "Stepping down",
    "resolution": "Resolution",
    "generic": "Decision",
}

REMARKS: Final[dict[Remark, str]] = {
    "more-no-than-yes": "More maintainers said no than yes; by the rule the motion carries all the same.",
    "roster-decided": "The roster changed during the vote, and that decided the outcome; a maintainer acknowledged it.",
    "unacknowledged": "The roster changed during the vote, and that decided the outcome; no maintainer has "
    "acknowledged it yet.",
    "extended": "The window was extended.",
    "counted-late": "It was counted late, because the bot was not running; no later ballot was counted.",
}


def day(at: datetime) -> str:
    """`9 March 2026`, in UTC."""
    utc = at.astimezone(UTC)
    return f"{utc.day} {utc:%B %Y}"


def instant(at: datetime) -> str:
    """`9 March 2026, 23:59 UTC`."""
    return f"{day(at)}, {at.astimezone(UTC):%H:%M} UTC"


def machine(at: datetime) -> str:
    """An instant for machines: RFC 3339 in UTC."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def last_minute(at: datetime) -> datetime:
    """The close as people read it: an exclusive midnight is shown as 23:59."""
    return at - timedelta(minutes=1)


def local(at: datetime, zone: str) -> str:
    """The same minute in the project's own zone; empty where that is UTC."""
    if zone == "UTC":
        return ""
    there = local_last_minute(at, zone)
    return f"{there.day} {there:%B %Y, %H:%M} in {zone}"


def ended_early(record: Record) -> bool:
    """Whether it was counted before its window had ended."""
    return record.closes_at is not None and record.decided_at is not None and record.decided_at < record.closes_at


def percent(share: Fraction | None) -> str:
    """A share in whole percents; only a whole is 100%, only none is 0%."""
    if share is None:
        return "not told"
    rounded = round(share * 100)
    if share < 1 and rounded == 100:
        return "over 99%"
    return "under 1%" if share > 0 and rounded == 0 else f"{rounded}%"


def days(span: timedelta) -> str:
    """`6.6 days`, `5 days`, `3 hours`: what is short is told in hours or minutes."""
    minutes = int(span.total_seconds()) // 60
    if minutes < 120:
        return f"{minutes} {'minute' if minutes == 1 else 'minutes'}"
    if minutes < 48 * 60:
        return f"{minutes // 60} hours"
    tenths = round(Fraction(minutes, 144))
    return f"{tenths // 10}{f'.{tenths % 10}' if tenths % 10 else ''} days"


def counted(number: int, one: str, many: str = "") -> str:
    """`1 motion`, `2 motions`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
