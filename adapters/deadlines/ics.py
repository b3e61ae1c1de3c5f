"""Writes deadlines as a calendar: instants in UTC, identifiers that never change, every change counted.

The same deadlines always make the same bytes: nothing in here asks what time it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

import icalendar

MINUTE: Final = timedelta(minutes=1)
_STATUS: Final = {"set": "CONFIRMED", "waiting": "TENTATIVE", "cancelled": "CANCELLED"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One deadline. `key` is unique in its ledger; `at` is exclusive: the entry is the minute before it."""

    key: str
    at: datetime
    standing: Literal["set", "waiting", "cancelled"]
    changes: int
    changed_at: datetime
    summary: str
    description: str
    category: str
    url: str = ""


def calendar(entries: Iterable[Entry], *, genesis: str, name: str) -> bytes:
    """The calendar, to be subscribed to."""
    made = icalendar.Calendar()
    made.add("prodid", "-//Folkmoot//Deadlines//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    for entry in sorted(entries, key=lambda entry: (entry.at, entry.key)):
        made.add_component(_event(entry, genesis))
    data: bytes = made.to_ical()
    return data


def _event(entry: Entry, genesis: str) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{entry.key}-{genesis[:16]}@folkmoot")
    event.add("dtstamp", _whole(entry.changed_at))
    event.add("last-modified", _whole(entry.changed_at))
    event.add("sequence", entry.changes)
    event.add("dtstart", _whole(entry.at) - MINUTE)
    event.add("dtend", _whole(entry.at))
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    event.add("status", _STATUS[entry.standing])
    event.add("transp", "TRANSPARENT")
    event.add("categories", [entry.category])
    if entry.url:
        event.add("url", entry.url)
    return event


def _whole(at: datetime) -> datetime:
    """The instant in UTC, in whole seconds: iCalendar knows no smaller ones."""
    return at.astimezone(UTC).replace(microsecond=0)
