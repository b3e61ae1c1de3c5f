"""Faults on this side: the ledger cannot be written, requests come again or in another order, a handler breaks."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.localgit.sample import create_sample
from adapters.playground.room import Member, Room
from bot.clocks import RandomIds
from bot.core.commands import CHOICES
from bot.core.events import BallotCast
from bot.core.plain import plain_card
from bot.ports import Pressed, Reacted, Typed
from bot.wiring import LedgerError, build, read_ledger, verify
from storage.reader import BUSY_SECONDS
from storage.sqlite import SqliteLedger
from tests.faults.harness import tone_of
from tests.faults.scene import Scene, commit_file
from tests.faults.script import LOGINS, MOTION, START, Act
from tests.faults.world import World, account

pytestmark = pytest.mark.faults
YES = Pressed(verb="yes", motion=MOTION)


async def refused_then_stored(scene: Scene, break_it: Callable[[], None], mend_it: Callable[[], None]) -> str:
    """A ballot while the ledger cannot be written: told so, nothing stored, and counted when it is sent again."""
    await scene.nominate()
    before = scene.events()
    break_it()
    try:
        answer = await scene.ask(LOGINS[1], YES, request="the-same")
    finally:
        mend_it()
    assert tone_of(answer) == "failed"
    assert "Not recorded" in plain_card(answer)
    assert scene.events() == before
    again = await scene.ask(LOGINS[1], YES, request="the-same")
    assert tone_of(again) == "done"
    assert len(scene.events()) == len(before) + 1
    assert scene.motion().yes == 1
    return plain_card(answer)


async def test_f5_a_locked_database_is_told_within_the_time_allowed_and_the_retry_counts(scene: Scene) -> None:
    other = sqlite3.connect(scene.world.ledger, isolation_level=None)
    answer = await refused_then_stored(scene, lambda: take(other), lambda: give_back(other))
    other.close()
    assert "incident" in answer
    assert BUSY_SECONDS < 2.5


def take(other: sqlite3.Connection) -> None:
    other.execute("BEGIN IMMEDIATE")


def give_back(other: sqlite3.Connection) -> None:
    other.execute("ROLLBACK")


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1073741823"),
        ("PRAGMA query_only = ON", "PRAGMA query_only = OFF"),
    ],
    ids=["full", "read-only"],
)
async def test_f6_and_f7_a_full_disk_and_a_read_only_file_refuse_ballots_in_plain_words(
    scene: Scene, broken: str, mended: str
) -> None:
    ledger = scene.instance.service.ledger
    assert isinstance(ledger, SqliteLedger)
    conn = ledger._writer._conn
    await scene.nominate()
    before = scene.events()
    conn.execute(broken)
    answers = [await scene.ask(login, Typed(text=f"yes {MOTION} {'x' * 450}")) for login in LOGINS]
    conn.execute(mended)
    failed = [answer for answer in answers if tone_of(answer) == "failed"]
    assert failed
    assert all("Not recorded" in plain_card(answer) for answer in failed)
    assert len(scene.events()) == len(before) + len(answers) - len(failed)
    for login in LOGINS:
        assert tone_of(await scene.ask(login, YES)) == "done"
    assert scene.motion().yes == len(LOGINS)


async def test_f7_a_ledger_that_cannot_be_written_stops_the_start_and_is_named(scene: Scene) -> None:
    config = scene.world.config
    nowhere = config.model_copy(update={"folkmoot": config.folkmoot.model_copy(update={"ledger": "/proc/no.sqlite3"})})
    with pytest.raises(LedgerError, match=r"/proc/no\.sqlite3 cannot be opened for writing"):
        await build(nowhere, clock=scene.world.clock, ids=RandomIds(), room=scene.room)


async def test_f11_a_second_bot_on_the_same_ledger_does_not_start(scene: Scene) -> None:
    with pytest.raises(LedgerError, match="in use by another process"):
        await build(scene.world.config, clock=scene.world.clock, ids=RandomIds(), room=scene.room)


async def test_f19_the_same_request_ten_times_has_one_effect_and_one_answer(scene: Scene) -> None:
    await scene.nominate()
    first = [await scene.ask(LOGINS[1], YES, request="again") for _ in range(5)]
    burst = await asyncio.gather(*(scene.ask(LOGINS[1], YES, request="again") for _ in range(5)))
    assert len({plain_card(answer) for answer in (*first, *burst)}) == 1
    assert [type(event) for event in scene.events()].count(BallotCast) == 1
    nomination = Typed(text='nominate @morgan-w --months 7 --evidence "reviews" Kind.')
    opened = await asyncio.gather(*(scene.ask(LOGINS[2], nomination, request="twice") for _ in range(10)))
    assert len({plain_card(answer) for answer in opened}) == 1
    assert len(scene.instance.service.ledger.reader().entries()) == 2


async def test_f20_four_requests_in_any_order_come_to_the_same_count(worlds: Path) -> None:
    requests: tuple[tuple[str, Act], ...] = (
        (LOGINS[1], YES),
        (LOGINS[1], Typed(text=f"no {MOTION}")),
        (LOGINS[2], Reacted(emoji="👍", motion=MOTION, added=True)),
        (LOGINS[1], Pressed(verb="abstain", motion=MOTION)),
    )
    outcomes = set()
    for order in itertools.permutations(range(4)):
        scene = await Scene.on(World.new(worlds))
        await scene.nominate()
        start = scene.world.clock.now()
        scene.world.clock.move(timedelta(minutes=10))
        for index in order:
            login, act = requests[index]
            at = start + timedelta(minutes=1 + index)
            assert tone_of(await scene.ask(login, act, request=f"r{index}", acted_at=at)) == "done"
        outcomes.add(tuple(scene.choice_of(login) for login in LOGINS[1:3]))
        await scene.close()
        scene.world.remove()
    assert outcomes == {("abstain", "yes")}


class Unlucky(RandomIds):
    """Ids that fail for one request."""

    broken = False

    def salt(self) -> str:
        if self.broken:
            self.broken = False
            raise ZeroDivisionError("a mistake of ours")
        return super().salt()


async def test_f40_a_handler_that_breaks_tells_its_member_and_nobody_else_notices(worlds: Path) -> None:
    ids = Unlucky()
    scene = await Scene.on(World.new(worlds), ids=ids)
    await scene.nominate()
    ids.broken = True
    answers = await asyncio.gather(*(scene.ask(login, YES, request=f"of-{login}") for login in LOGINS[:4]))
    assert [tone_of(answer) for answer in answers] == ["failed", "done", "done", "done"]
    words = plain_card(answers[0])
    assert "Not recorded" in words
    assert "incident" in words
    assert "ZeroDivisionError" not in words
    assert scene.motion().yes == 3
    assert tone_of(await scene.ask(LOGINS[0], YES, request=f"of-{LOGINS[0]}")) == "done"
    assert scene.motion().yes == 4
    await scene.close()


async def test_f46_a_burst_of_fifty_members_is_drained_at_the_stop_and_nothing_is_lost(worlds: Path) -> None:
    world, logins = World.new(worlds), [f"member-{number}" for number in range(50)]
    rows = "\n".join(f'"{login}","Member","{login}@example.org"' for login in logins)
    columns = "# GitHub ID, Name, Email address"
    roster = f"# MAINTAINERS\n{columns}\n{rows}\n#\n# REVIEWERS\n{columns}\n"
    create_sample(world.repository, at=START)
    commit_file(world.repository, "MAINTAINERS", roster, at=START)
    people = [Member(login=login, name=login, role="maintainer", kind="maintainer") for login in (*logins, "newperson")]
    room = Room(path=None, clock=world.clock, members=people)
    scene = await Scene.on(world, room=room)
    await scene.nominate(by=logins[0])
    await scene.instance.service.start()
    asking = [
        asyncio.create_task(scene.ask(login, Pressed(verb=CHOICES[index % 3], motion=MOTION)))
        for index, login in enumerate(logins)
    ]
    await asyncio.sleep(0)  # each of them has begun
    await scene.instance.service.stop()
    answers = await asyncio.gather(*asking)
    assert [tone_of(answer) for answer in answers] == ["done"] * 50
    assert verify(world.ledger).problems == ()
    reader = read_ledger(world.ledger)
    motion = reader.motion(MOTION)
    reader.close()
    assert motion is not None
    assert (motion.yes, motion.no, motion.abstain) == (17, 17, 16)
    again = await build(world.config, clock=world.clock, ids=RandomIds(), room=room)
    await again.service.settle()
    assert "17 yes · ○ 17 no" in plain_card(room.cards()[0])
    assert again.service.ledger.reader().directory().by_account(account(logins[7]).key) is not None
    await again.close()


@pytest.mark.parametrize("turns", range(6))
async def test_f46_a_stop_that_meets_something_to_deliver_still_stops(worlds: Path, turns: int) -> None:
    scene = await Scene.on(World.new(worlds))
    await scene.instance.service.start()
    for _ in range(10):
        await asyncio.sleep(0)  # by now the outbox waits for something to do
    scene.instance.service.outbox.wake()
    for _ in range(turns):
        await asyncio.sleep(0)
    _, pending = await asyncio.wait({asyncio.create_task(scene.close())}, timeout=10)
    assert not pending
