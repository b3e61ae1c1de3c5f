"""F45: a bot that runs for a month with an open motion and nothing to do but wake up grows hardly at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.ports import Pressed
from tests.faults.scene import Scene
from tests.faults.script import LOGINS, MOTION, OUTSIDER

pytestmark = pytest.mark.faults
ALLOWED = 10 << 20


async def test_f45_thirty_simulated_days_stay_under_ten_megabytes(scene: Scene) -> None:
    def size() -> int:
        return sum(path.stat().st_size for path in scene.world.ledger.parent.glob("ledger.sqlite3*"))

    before = size()
    await scene.nominate()
    for hour in range(0, 30 * 24, 3):
        if hour == 240:
            await scene.nominate(OUTSIDER, by=LOGINS[3])
        await scene.ask(LOGINS[hour % len(LOGINS)], Pressed(verb=("yes", "no")[hour % 2], motion=MOTION))
        scene.world.clock.move(timedelta(hours=3))
        await scene.settle()
    assert size() - before < ALLOWED
