"""Windows: the dates of R12, every zone for ten years, and what no window may ever do."""

from __future__ import annotations

import os
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.calendar import (
    CalendarError,
    Window,
    closes_at,
    follows,
    is_business_day,
    last_minute,
    local_last_minute,
    parse_window,
    zone,
)
from tests.core.builders import at, day

FIVE = Window(count=5, unit="bd")
ALL = os.environ.get("FOLKMOOT_FAULTS") == "all"
EXAMPLES = 2000 if ALL else 200

R12 = [
    ("2024-03-01T10:00", (), "2024-03-08"),
    ("2024-03-02T10:00", (), "2024-03-08"),
    ("2024-03-03T10:00", (), "2024-03-08"),
    ("2024-03-04T10:00", (), "2024-03-11"),
    ("2023-12-22T10:00", ("2023-12-25", "2024-01-01"), "2024-01-02"),
]


@pytest.mark.parametrize(("announced", "free", "last"), R12)
@pytest.mark.parametrize("hour", [0, 9, 23])
def test_r12_the_last_business_day_is_the_one_of_the_document(
    announced: str, free: tuple[str, ...], last: str, hour: int
) -> None:
    closes = closes_at(at(announced).replace(hour=hour), FIVE, zone_name="UTC", holidays=frozenset(map(day, free)))
    assert closes == datetime.combine(day(last) + timedelta(days=1), time(), UTC)
    shown = local_last_minute(closes, "UTC")
    assert shown.date() == day(last)
    assert (shown.hour, shown.minute) == (23, 59)


def test_r12_without_configured_holidays_no_day_but_the_weekend_is_free() -> None:
    closes = closes_at(at("2023-12-22T10:00"), FIVE, zone_name="UTC")
    assert closes == at("2023-12-30T00:00")


def test_r12_a_monday_with_the_american_independence_day_ahead_closes_on_the_next_tuesday() -> None:
    free = frozenset(holidays.country_holidays("US", years=2026))
    closes = closes_at(at("2026-06-29T09:00"), FIVE, zone_name="America/New_York", holidays=free)
    shown = local_last_minute(closes, "America/New_York")
    assert (shown.date(), shown.hour, shown.minute) == (date(2026, 7, 7), 23, 59)
    assert closes == at("2026-07-08T04:00")


@pytest.mark.parametrize(
    ("zone_name", "closes"),
    [
        ("UTC", "2024-03-09T00:00"),
        ("AoE", "2024-03-09T12:00"),
        ("Europe/Berlin", "2024-03-08T23:00"),
        ("Europe/London", "2024-03-09T00:00"),
        ("America/Los_Angeles", "2024-03-09T08:00"),
        ("Pacific/Kiritimati", "2024-03-08T10:00"),
    ],
)
def test_r12_the_day_ends_in_the_projects_zone(zone_name: str, closes: str) -> None:
    assert closes_at(at("2024-03-01T12:30"), FIVE, zone_name=zone_name) == at(closes)


def test_r12_the_day_of_the_announcement_is_the_local_one() -> None:
    late_on_friday = at("2024-03-01T23:30")
    assert closes_at(late_on_friday, FIVE, zone_name="UTC") == at("2024-03-09T00:00")
    # In Tokyo it is Saturday already; the last day is the same Friday, which ends nine hours earlier.
    assert closes_at(late_on_friday, FIVE, zone_name="Asia/Tokyo") == at("2024-03-08T15:00")
    late_on_sunday = at("2024-03-03T23:30")
    # In Tokyo it is Monday, so the window ends on the next Monday.
    assert closes_at(late_on_sunday, FIVE, zone_name="Asia/Tokyo") == at("2024-03-11T15:00")


def test_t15_the_zone_in_which_the_opening_is_written_down_is_nothing_to_the_window() -> None:
    instant = at("2024-03-01T23:30")
    elsewhere = instant.astimezone(ZoneInfo("Pacific/Auckland"))
    assert closes_at(instant, FIVE, zone_name="Europe/Paris") == closes_at(elsewhere, FIVE, zone_name="Europe/Paris")


def test_days_end_at_the_same_local_hour_across_the_change_of_the_clocks() -> None:
    opened = at("2026-03-25T14:15:30+01:00")
    closes = closes_at(opened, parse_window("7d"), zone_name="Europe/Berlin")
    assert closes == at("2026-04-01T14:15:30+02:00")
    assert closes.tzinfo is UTC


def test_hours_are_hours_across_the_change_of_the_clocks() -> None:
    opened = at("2026-03-28T14:15:30+01:00")
    assert closes_at(opened, parse_window("72h"), zone_name="Europe/Berlin") - opened == timedelta(hours=72)


def test_a_wall_time_that_does_not_exist_or_exists_twice_is_read_as_the_later_one() -> None:
    week = parse_window("7d")
    skipped = closes_at(at("2026-03-22T02:30+01:00"), week, zone_name="Europe/Berlin")
    assert skipped == at("2026-03-29T01:30")
    twice = closes_at(at("2026-10-18T02:30+02:00"), week, zone_name="Europe/Berlin")
    assert twice == at("2026-10-25T02:30+01:00")


def test_f15_every_zone_ends_its_days_at_local_midnight_for_ten_years() -> None:
    """Where the clocks skip midnight, the day ends with the first instant of the next one."""
    names = sorted(zoneinfo.available_timezones())
    assert len(names) > 400
    step = 11 if ALL else 97
    for index, name in enumerate(names):
        where = zone(name)
        # A prime step through ten years, begun elsewhere for each zone, so that all weekdays and seasons come up.
        for days in range(index % step, 3653, step):
            opened = datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=days)
            closes = closes_at(opened, FIVE, zone_name=name)
            local, before = closes.astimezone(where), (closes - timedelta(seconds=1)).astimezone(where)
            assert is_business_day(before.date(), frozenset()), (name, opened)
            if (local.hour, local.minute) != (0, 0):
                # A midnight that the clocks skip: the local day has just changed, or an hour of it is gone.
                assert before.date() < local.date(), (name, opened, local)
            assert before.date() == local.date() - timedelta(days=1), (name, opened, local)
            assert local_last_minute(closes, name).minute == 59, (name, opened)


@pytest.mark.parametrize(
    "text", ["", "5", "bd", "0bd", "-5bd", "5 bd", "5BD", "5w", "05bd", "5.5d", "5bd\n", "٥bd", "99999h", "1d2h"]
)
def test_what_is_no_window_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(CalendarError, match=r"is not a window: write 5bd|is longer than a year"):
        parse_window(text)


@pytest.mark.parametrize("text", ["367d", "367bd", "8785h"])
def test_a_window_of_more_than_a_year_is_refused(text: str) -> None:
    with pytest.raises(CalendarError, match="longer than a year"):
        parse_window(text)


@pytest.mark.parametrize(
    ("text", "words"), [("5bd", "5 business days"), ("1bd", "1 business day"), ("7d", "7 days"), ("72h", "72 hours")]
)
def test_a_window_is_written_and_spoken_as_it_was_read(text: str, words: str) -> None:
    assert str(parse_window(text)) == text
    assert parse_window(text).words == words


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "../../etc/passwd", "/etc/passwd", "Europe", "Europe/Berlin\0", "aoe"]
)
def test_what_is_no_zone_is_refused_with_a_remedy(name: str) -> None:
    with pytest.raises(CalendarError, match="is no time zone: write one like"):
        zone(name)


ZONES = st.sampled_from(
    [
        *("UTC", "AoE", "Europe/Berlin", "America/New_York", "America/Santiago", "Asia/Kathmandu", "Africa/Cairo"),
        *("Pacific/Kiritimati", "Australia/Lord_Howe", "America/Havana", "Asia/Beirut"),
    ]
)
OPENINGS = st.datetimes(datetime(2024, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
COUNTS = st.integers(1, 30)
FREE = st.frozensets(st.dates(date(2024, 1, 1), date(2036, 12, 31)), max_size=30)


@settings(max_examples=EXAMPLES)
@given(opened=OPENINGS, count=COUNTS, name=ZONES, free=FREE)
def test_r12_a_window_is_never_shorter_than_its_business_days(
    opened: datetime, count: int, name: str, free: frozenset[date]
) -> None:
    closes = closes_at(opened, Window(count=count, unit="bd"), zone_name=name, holidays=free)
    first = opened.astimezone(zone(name)).date() + timedelta(days=1)
    last = local_last_minute(closes, name).date()
    whole = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert sum(is_business_day(d, free) for d in whole) == count
    assert is_business_day(last, free)


@settings(max_examples=EXAMPLES)
@given(opened=OPENINGS, count=COUNTS, unit=st.sampled_from(["bd", "d", "h"]), name=ZONES, free=FREE)
def test_a_window_closes_strictly_after_its_opening_and_in_utc(
    opened: datetime, count: int, unit: str, name: str, free: frozenset[date]
) -> None:
    closes = closes_at(opened, parse_window(f"{count}{unit}"), zone_name=name, holidays=free)
    assert closes > opened
    assert closes.tzinfo is UTC


@settings(max_examples=EXAMPLES)
@given(opened=OPENINGS, gap=st.timedeltas(timedelta(), timedelta(days=20)), count=COUNTS, name=ZONES, free=FREE)
def test_a_later_announcement_never_closes_earlier(
    opened: datetime, gap: timedelta, count: int, name: str, free: frozenset[date]
) -> None:
    window = Window(count=count, unit="bd")
    first = closes_at(opened, window, zone_name=name, holidays=free)
    assert closes_at(opened + gap, window, zone_name=name, holidays=free) >= first


@settings(max_examples=EXAMPLES)
@given(opened=OPENINGS, count=COUNTS, name=ZONES, free=FREE)
def test_holidays_never_make_a_window_shorter(opened: datetime, count: int, name: str, free: frozenset[date]) -> None:
    window = Window(count=count, unit="bd")
    with_them = closes_at(opened, window, zone_name=name, holidays=free)
    assert with_them >= closes_at(opened, window, zone_name=name)


@pytest.mark.parametrize(
    ("end", "window", "follows_until"),
    [
        ("2026-07-07T00:00", Window(count=2, unit="bd"), "2026-07-09T00:00"),
        ("2026-07-04T00:00", Window(count=1, unit="bd"), "2026-07-07T00:00"),
        ("2026-07-07T14:00", Window(count=1, unit="bd"), "2026-07-09T00:00"),
        ("2026-07-07T00:00", Window(count=3, unit="d"), "2026-07-10T00:00"),
        ("2026-07-07T00:00", Window(count=12, unit="h"), "2026-07-07T12:00"),
    ],
)
def test_what_follows_upon_a_midnight_counts_the_day_that_begins_with_it(
    end: str, window: Window, follows_until: str
) -> None:
    """A vote that closes on Monday at 23:59 and gets two business days more closes on Wednesday at 23:59."""
    start, until = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (end, follows_until))
    assert follows(start, window, zone_name="UTC") == until


def test_a_window_that_ends_within_a_minute_is_shown_with_that_minute() -> None:
    closes = datetime(2026, 7, 6, 3, 1, 47, tzinfo=UTC)
    assert last_minute(closes) == datetime(2026, 7, 6, 3, 1, tzinfo=UTC)
    assert last_minute(closes.replace(second=0)) == datetime(2026, 7, 6, 3, 0, tzinfo=UTC)
