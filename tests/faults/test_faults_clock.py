"""F14: what was put off while the clock ran ahead does not wait until that time has really come."""

from __future__ import annotations

import asyncio
import pickle
import sys
from datetime import UTC, datetime, timedelta, tzinfo

import apscheduler.schedulers.base
import apscheduler.triggers.interval
import pytest
from apscheduler.jobstores.memory import MemoryJobStore

import bot.alarm
import bot.hours
from bot.core.effects import LONGEST_PING, LONGEST_RETRY
from bot.core.motion import Motion
from bot.ports import Filled, PlatformError, Pressed
from tests.faults.scene import Scene
from tests.faults.script import CLOSES, LOGINS, MOTION

pytestmark = pytest.mark.faults
SECOND = timedelta(seconds=1)
AHEAD = [timedelta(hours=1), timedelta(days=1), timedelta(days=400)]


async def objected(scene: Scene, count: int = 1) -> None:
    for number in range(count):
        await scene.ask(LOGINS[2], Filled(verb="object", motion=MOTION, values={"reason": f"reason {number}"}))


def objections(scene: Scene) -> int:
    return len([card for card in scene.cards() if "objects" in card])


@pytest.mark.parametrize("ahead", AHEAD)
@pytest.mark.parametrize("asked_to_wait", [None, 30.0, 86400.0 * 30])
async def test_f14_what_failed_while_the_clock_ran_ahead_is_delivered_within_the_hour_after_it_is_right(
    scene: Scene, ahead: timedelta, asked_to_wait: float | None
) -> None:
    await scene.nominate()
    await objected(scene)
    scene.world.clock.move(ahead)
    scene.flaky.fail = lambda what, key: PlatformError("not now", retry_after=asked_to_wait)
    for _ in range(8):
        await scene.instance.service.outbox.drain()
        scene.world.clock.move(SECOND)
    assert objections(scene) == 0
    scene.world.clock.move(-ahead)
    scene.flaky.fail = None
    for _ in range(2 * 60 + 1):
        await scene.instance.service.outbox.drain()
        scene.world.clock.move(LONGEST_RETRY / 120)
    assert objections(scene) == 1


@pytest.mark.parametrize("ahead", AHEAD[1:])
async def test_f14_a_place_that_was_paused_by_a_clock_a_day_or_more_ahead_is_tried_at_once(
    scene: Scene, ahead: timedelta
) -> None:
    await scene.nominate()
    await objected(scene, 3)
    scene.world.clock.move(ahead)
    scene.flaky.fail = lambda what, key: PlatformError("503")
    for _ in range(40):
        await scene.instance.service.outbox.drain()
        scene.world.clock.move(timedelta(seconds=20))
    assert scene.instance.service.outbox.breaker.open()
    scene.world.clock.move(-ahead)
    scene.flaky.fail = None
    await scene.instance.service.outbox.drain()
    assert objections(scene) == 3


async def test_f14_a_reminder_that_was_snoozed_while_the_clock_ran_ahead_comes_when_it_is_right(scene: Scene) -> None:
    await scene.nominate()
    ahead = timedelta(days=4)  # a day before the close
    scene.world.clock.move(ahead)
    await scene.settle()
    before = len(scene.mail_of(LOGINS[3]))
    await scene.ask(LOGINS[3], Pressed(verb="snooze", motion=MOTION))
    scene.world.clock.move(-ahead - timedelta(hours=1))
    await scene.settle()
    assert len(scene.mail_of(LOGINS[3])) == before + 1


def test_f14_no_reminder_is_put_off_so_far_that_it_would_be_taken_for_a_wrong_clocks() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    hours = bot.hours.Hours(zone="Pacific/Apia", start=9, end=10)
    for hour in range(24 * 14):
        at = start + timedelta(hours=hour)
        assert at <= hours.next(at) <= at + LONGEST_PING
        assert at < hours.morning(at) <= at + LONGEST_PING


async def test_f14_a_clock_that_ran_ahead_at_the_connect_holds_up_no_count(scene: Scene) -> None:
    await scene.nominate()
    alarm = scene.instance.service.alarm
    scene.world.clock.move(timedelta(days=400))
    await alarm.connected()
    scene.world.clock.move(-timedelta(days=400))
    await scene.settle()
    scene.world.clock.move_to(CLOSES + timedelta(seconds=30))
    await scene.settle()
    assert scene.motion().closed is not None


async def test_f26_a_count_that_waits_for_a_forge_in_trouble_does_not_ask_it_without_end(scene: Scene) -> None:
    await scene.nominate()
    asked = 0

    async def heard(motion: Motion) -> bool:
        nonlocal asked
        asked += 1
        return False

    alarm = scene.instance.service.alarm
    alarm.hear_first(heard)
    await alarm.start()
    scene.world.clock.move_to(CLOSES + timedelta(minutes=1))
    alarm.soon()
    await alarm.rested()
    for _ in range(2000):  # the scheduler runs what is due at once within a few turns of the loop
        await asyncio.sleep(0)
    alarm.stop()
    assert (asked, scene.motion().closed) == (1, None)
    assert alarm.next_due() == scene.world.clock.now() + bot.alarm.AGAIN
    assert alarm.overdue() == []


class Machine(datetime):
    """The machine's clock as the scheduler reads it, `ahead` of what it should be."""

    ahead = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + cls.ahead


async def test_f14_the_sweep_goes_on_when_the_machines_clock_is_put_back(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scene.nominate()
    for module in (apscheduler.schedulers.base, apscheduler.triggers.interval, bot.alarm):
        monkeypatch.setattr(module, "datetime", Machine)
    monkeypatch.setattr(bot.alarm, "SWEEP_SECONDS", 0.02)
    monkeypatch.setattr(Machine, "ahead", timedelta(days=400))
    counting = asyncio.Event()

    async def heard(motion: Motion) -> bool:
        counting.set()
        return True

    alarm = scene.instance.service.alarm
    alarm.hear_first(heard)
    await alarm.start()
    monkeypatch.setattr(Machine, "ahead", timedelta())
    scene.world.clock.move_to(CLOSES + timedelta(seconds=31))
    async with asyncio.timeout(20):
        await counting.wait()
    alarm.stop()


async def test_t42_the_alarms_jobs_are_in_memory_and_nothing_is_unpickled_in_a_whole_story(scene: Scene) -> None:
    unpickled: list[object] = []
    watching = True
    sys.addaudithook(lambda event, args: unpickled.append(args) if watching and event == "pickle.find_class" else None)
    alarm = scene.instance.service.alarm
    await scene.nominate()
    await alarm.start()
    assert alarm._scheduler is not None
    assert [type(store) for store in alarm._scheduler._jobstores.values()] == [MemoryJobStore]
    assert [job.id for job in alarm._scheduler.get_jobs()] == ["next-due"]
    alarm.stop()
    scene.world.clock.move_to(CLOSES + timedelta(seconds=31))
    await scene.settle()
    again = await scene.again()
    assert again.motion().closed is not None
    scene.instance, scene.room = again.instance, again.room
    assert unpickled == []
    assert pickle.loads(pickle.dumps(SECOND)) == SECOND  # noqa: S301 - the ear hears it
    assert unpickled == [("datetime", "timedelta")]
    watching = False
