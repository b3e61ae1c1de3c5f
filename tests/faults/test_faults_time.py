"""Faults of time: the bot was down over the deadline, or the machine's clock jumps."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.events import BallotCast, MotionClosed, NoticeDelivered
from bot.core.plain import plain_card
from bot.ports import Pressed
from tests.faults.harness import tone_of
from tests.faults.scene import Scene
from tests.faults.script import CLOSES, LOGINS, MOTION

pytestmark = pytest.mark.faults
YES = Pressed(verb="yes", motion=MOTION)
SECOND = timedelta(seconds=1)


async def test_f17_down_over_the_deadline_it_counts_sixty_seconds_after_the_start_and_says_how_late(
    scene: Scene,
) -> None:
    await scene.nominate()
    for login in LOGINS[:7]:
        await scene.ask(login, YES)
    start = CLOSES + timedelta(days=2)
    scene.world.clock.move_to(CLOSES - timedelta(hours=3))
    await scene.settle()
    await scene.instance.service.stop()
    scene.world.clock.move_to(start)
    late = await Scene.on(scene.world, room=scene.room)
    await late.settle()
    assert late.motion().open
    before, after = CLOSES - SECOND, CLOSES
    assert tone_of(await late.ask(LOGINS[7], YES, acted_at=before)) == "done"
    refused = await late.ask(LOGINS[8], YES, acted_at=after)
    assert tone_of(refused) == "refused"
    assert "not counted" in plain_card(refused)
    late.world.clock.move_to(start + timedelta(seconds=59))
    await late.settle()
    assert late.motion().open
    late.world.clock.move_to(start + timedelta(seconds=60))
    await late.settle()
    closed = late.motion().closed
    assert closed is not None
    assert (closed.outcome, closed.yes, closed.late_seconds) == ("carried", 8, 2 * 86400 + 60)
    assert any("2 days" in card and "late" in card for card in late.cards())
    too_late = await late.ask(LOGINS[9], YES, acted_at=before)
    assert tone_of(too_late) == "refused"
    await late.instance.service.stop()
    scene.instance = (await Scene.on(scene.world, room=scene.room)).instance


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=1), timedelta(days=400)])
async def test_f14_a_clock_that_jumps_back_closes_nothing_moves_no_deadline_and_loses_no_ballot(
    scene: Scene, back: timedelta
) -> None:
    await scene.nominate()
    await scene.ask(LOGINS[1], YES)
    scene.world.clock.move_to(CLOSES + timedelta(seconds=5))
    scene.world.clock.move(-back)
    await scene.settle()
    assert scene.motion().open
    assert scene.motion().closes_at == CLOSES
    assert tone_of(await scene.ask(LOGINS[2], YES)) == "done"
    restarted = await scene.again()
    await restarted.settle()
    assert restarted.motion().open
    assert restarted.motion().yes == 2
    restarted.world.clock.move_to(CLOSES + timedelta(seconds=29))
    await restarted.settle()
    assert restarted.motion().open
    restarted.world.clock.move_to(CLOSES + timedelta(seconds=31))
    await restarted.settle()
    assert [type(event) for event in restarted.events()].count(MotionClosed) == 1
    scene.instance, scene.room = restarted.instance, restarted.room


async def test_f14_a_clock_that_jumps_ahead_within_the_window_closes_nothing(scene: Scene) -> None:
    await scene.nominate()
    for hours in (1, 24, 48):
        scene.world.clock.move(timedelta(hours=hours))
        await scene.settle()
        assert scene.motion().open
        scene.world.clock.move(-timedelta(hours=hours))
    assert tone_of(await scene.ask(LOGINS[1], YES)) == "done"
    assert scene.motion().closes_at == CLOSES


async def test_f14_four_hundred_days_ahead_the_count_says_how_late_it_is_and_stays_when_the_clock_is_put_right(
    scene: Scene,
) -> None:
    await scene.nominate()
    await scene.ask(LOGINS[1], YES)
    scene.world.clock.move(timedelta(days=400))
    await scene.settle()
    closed = scene.motion().closed
    assert closed is not None
    assert closed.late_seconds > 390 * 86400
    assert any("late" in card for card in scene.cards())
    scene.world.clock.move(-timedelta(days=400))
    await scene.settle()
    kinds = [type(event) for event in scene.events()]
    assert (kinds.count(MotionClosed), kinds.count(NoticeDelivered), kinds.count(BallotCast)) == (1, 1, 1)
