"""The weekly digest: once a week and channel, on its day, and silent where there is nothing to say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.core.cards import Notice
from bot.core.plain import plain_card
from bot.digests import last_due
from bot.wiring import repository_of
from bot.wiring.repositories import forge_of
from storage.memory import MemoryLedger
from tests.core.builders import at
from tests.world import START, World, config_of, logins

WEEK = timedelta(days=7)


@pytest.fixture
async def monday(tmp_path: Path) -> AsyncIterator[World]:
    made = await World.make(tmp_path, digest="monday")
    yield made
    await made.instance.close()


def digests(world: World) -> list[str]:
    return [plain_card(card) for card in world.cards() if isinstance(card, Notice) and card.motion == 0]


async def test_nothing_is_said_when_there_is_nothing_to_say(monday: World) -> None:
    await monday.service.settle()
    assert digests(monday) == []
    await monday.nominate()
    await monday.go_to(START + timedelta(hours=5))
    assert digests(monday) == [], "this week's silence was decided in the morning"


async def test_once_a_week_it_tells_what_is_open_and_what_has_ended(monday: World) -> None:
    await monday.service.settle()
    await monday.nominate()
    await monday.go_to(START + WEEK)
    (said,) = digests(monday)
    assert "The week in distribution: 1 motion is open." in said
    assert "Motion 1 · Make @newperson a maintainer of distribution: 0 of 8 needed" in said
    assert "the vote on motion 1 closes; 12 have not voted." in said
    for hours in (1, 20, 60, 120):
        await monday.go_to(START + WEEK + timedelta(hours=hours))
    assert len(digests(monday)) == 1
    await monday.go_to(START + 2 * WEEK)
    assert "Motion 1 · Make @newperson a maintainer of distribution: Lost. Nothing changes." in digests(monday)[1]
    await monday.go_to(START + 4 * WEEK)
    assert len(digests(monday)) == 2


async def test_a_restart_says_nothing_twice(monday: World) -> None:
    await monday.service.settle()
    await monday.nominate()
    await monday.go_to(START + WEEK)
    ledger = monday.service.ledger
    assert isinstance(ledger, MemoryLedger)
    again = await World.open(monday.config, monday.clock, ledger=ledger, room=monday.room)
    await again.service.settle()
    assert len(digests(again)) == 1


async def test_a_contact_and_a_practice_are_in_no_digest(monday: World) -> None:
    await monday.service.settle()
    await monday.ask(logins()[1], f"contact @{logins()[9]}")
    await monday.ask(logins()[1], "practice")
    await monday.go_to(START + WEEK)
    assert digests(monday) == []


async def test_an_outage_of_some_days_leaves_the_week_without(monday: World) -> None:
    await monday.service.settle()
    await monday.nominate()
    await monday.go_to(START + WEEK + timedelta(days=2, minutes=1))
    assert digests(monday) == []


async def test_without_the_setting_there_is_none(tmp_path: Path) -> None:
    world = await World.make(tmp_path)
    await world.nominate()
    await world.go_to(START + WEEK)
    assert digests(world) == []
    await world.instance.close()


@pytest.mark.parametrize(
    ("zone", "day", "now", "due"),
    [
        ("UTC", "monday", "2026-03-02T08:59", "2026-02-23T09:00"),
        ("UTC", "monday", "2026-03-02T09:00", "2026-03-02T09:00"),
        ("UTC", "sunday", "2026-03-02T09:00", "2026-03-01T09:00"),
        ("Europe/Berlin", "monday", "2026-03-30T07:00", "2026-03-30T07:00"),
        ("America/Los_Angeles", "monday", "2026-03-02T16:59", "2026-02-23T17:00"),
        ("AoE", "friday", "2026-03-06T21:00", "2026-03-06T21:00"),
    ],
)
def test_it_falls_due_in_the_morning_of_the_repositorys_own_day(
    tmp_path: Path, zone: str, day: str, now: str, due: str
) -> None:
    config = config_of(tmp_path, digest=day, time_zone=zone)
    repository = repository_of(config.repository[0], config, forge_of(config.repository[0], config))
    found = last_due(repository, at(now))
    assert isinstance(found, datetime)
    assert found == at(due)
