"""F24: a place that keeps failing is left in peace; ballots and all other places go on."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import structlog

from bot.core.effects import FORGE
from bot.ports import Filled, PlatformError, Pressed
from tests.faults.harness import tone_of
from tests.faults.scene import Scene
from tests.faults.script import LOGINS, MOTION
from tests.faults.test_faults_outside import accepted

Lines = list[MutableMapping[str, Any]]

pytestmark = pytest.mark.faults
PLACE = "playground:maintainers"


@contextmanager
def heard() -> Iterator[Lines]:
    """What is logged meanwhile: the tests here are quiet otherwise."""
    before, taken = structlog.get_config(), structlog.testing.LogCapture()
    structlog.configure(processors=[taken], wrapper_class=structlog.make_filtering_bound_logger(0))
    try:
        yield taken.entries
    finally:
        structlog.configure(**before)


async def test_f24_a_channel_that_keeps_failing_is_paused_with_one_line_and_ballots_go_on(scene: Scene) -> None:
    await scene.nominate()
    scene.flaky.fail = lambda what, key: PlatformError("503") if what != "direct" else None
    with heard() as logged:
        for number in range(3):
            await scene.ask(LOGINS[2], Filled(verb="object", motion=MOTION, values={"reason": f"reason {number}"}))
        for _ in range(20):
            await scene.settle()
            scene.world.clock.move(timedelta(seconds=5))
    lines = [line for line in logged if line["event"].startswith("paused")]
    assert [(line["place"], line["log_level"]) for line in lines] == [("playground", "warning")]
    assert set(scene.instance.service.outbox.breaker.open()) == {PLACE}
    calls = scene.flaky.calls
    assert tone_of(await scene.ask(LOGINS[1], Pressed(verb="yes", motion=MOTION))) == "done"
    await scene.settle()
    assert scene.flaky.calls <= calls + 1  # one try, after a pause that has ended
    scene.flaky.fail = None
    scene.world.clock.move(timedelta(minutes=11))
    with heard() as logged:
        await scene.settle()
    assert [line["event"] for line in logged if "deliver" in line["event"]] == ["delivers again"]
    assert scene.instance.service.outbox.breaker.open() == {}
    said = [card for card in scene.cards() if "objects" in card]
    assert [f"reason {number}" in card for number, card in enumerate(said)] == [True] * 3
    assert "1 yes" in scene.cards()[0]


async def test_f24_direct_messages_that_fail_hold_up_no_channel_and_no_draft(scene: Scene) -> None:
    scene.flaky.fail = lambda what, key: PlatformError("503") if what == "direct" else None
    await scene.nominate()
    closes = scene.motion().closes_at
    assert closes is not None
    scene.world.clock.move_to(closes - timedelta(hours=48))
    await scene.settle()
    calls = scene.flaky.calls
    assert set(scene.instance.service.outbox.breaker.open()) == {"playground:direct"}
    await scene.ask(LOGINS[1], Pressed(verb="yes", motion=MOTION))
    await scene.settle()
    assert "1 yes" in scene.cards()[0]
    assert scene.flaky.calls <= calls + 2
    scene.flaky.fail = None
    scene.world.clock.move(timedelta(minutes=11))
    await scene.settle()
    assert all(scene.mail_of(login) for login in LOGINS[2:])


async def test_f24_a_forge_that_keeps_failing_is_paused_and_makes_the_draft_when_it_is_back(scene: Scene) -> None:
    from bot.ports import ForgeError

    await accepted(scene)
    forge = scene.instance.service.repositories.named("lantern")
    assert forge is not None
    tries = 0

    async def broken(*_: object) -> None:
        nonlocal tries
        tries += 1
        raise ForgeError("502 bad gateway")

    good = forge.forge.open
    object.__setattr__(forge.forge, "open", broken)
    for _ in range(600):
        await scene.settle()
        scene.world.clock.move(timedelta(seconds=10))
    assert set(scene.instance.service.outbox.breaker.open()) == {f"{FORGE}:lantern"}
    assert tries < 25
    object.__setattr__(forge.forge, "open", good)
    scene.world.clock.move(timedelta(minutes=21))
    await scene.settle()
    assert len(scene.drafts()) == 1
