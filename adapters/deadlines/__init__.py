"""Deadlines as iCalendar (RFC 5545)."""

from adapters.deadlines.ics import Entry, calendar

__all__ = ["Entry", "calendar"]
