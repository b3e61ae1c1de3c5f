"""F3: the process is really killed, again and again, while everybody votes at once."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Timer

import pytest

from bot.clocks import RandomIds, SystemClock
from bot.core.commands import CHOICES, Choice
from bot.core.events import BallotCast
from bot.core.teller import recount, tally
from bot.wiring import build, read_ledger, verify
from tests.faults.images import Totals
from tests.faults.script import LOGINS, MOTION
from tests.faults.table import Table
from tests.faults.world import World

pytestmark = pytest.mark.faults
ROOT = Path(__file__).parents[2]
KILLS_A_WORLD = 20
SECONDS = 60.0
"""Who has not acknowledged what is waited for by then hangs."""


@dataclass(frozen=True, slots=True)
class Told:
    """A ballot whose answer reached the member."""

    request: str
    login: str
    choice: Choice
    instant: str


def live_until_killed(world: World, number: int, answers: int) -> list[Told]:
    """Run the busy bot until so many ballots are acknowledged, kill it, and return all that it has acknowledged."""
    command = [sys.executable, "-m", "tests.faults.busy", str(world.folder), str(number)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        watch = Timer(SECONDS, process.kill)
        watch.start()
        try:
            lines = [process.stdout.readline() for _ in range(answers)]
        finally:
            watch.cancel()
            process.send_signal(signal.SIGKILL)
        lines += process.stdout.readlines()
    assert len([line for line in lines if line]) >= answers, "it stopped answering"
    assert process.returncode == -signal.SIGKILL
    whole = [line.split() for line in lines if line.endswith("\n")]
    assert [words for words in whole if words[0] == "not-done"] == []
    return [Told(request, login, chosen(choice), instant) for request, login, choice, instant in whole]


def chosen(word: str) -> Choice:
    return next(choice for choice in CHOICES if choice == word)


async def test_f3_a_killed_process_has_lost_no_ballot_that_it_acknowledged(
    worlds: Path, table: Table, *, everything: bool
) -> None:
    total = Totals()
    for first in range(0, 200 if everything else 5, KILLS_A_WORLD):
        last = min(first + KILLS_A_WORLD, 200 if everything else 5)
        total.add(await kill_again_and_again(World.new(worlds), range(first, last)))
    table.add("SIGKILL", total)
    assert total.problems == []
    assert (total.lost, total.posts) == (0, 0)
    assert total.acknowledged > 100


async def kill_again_and_again(world: World, rounds: range) -> Totals:
    """A world whose process is killed once a round, at a moment that only chance knows; then it is looked over."""
    chance, told = random.Random(rounds.start), list[Told]()
    for number in rounds:
        told += live_until_killed(world, number, chance.randrange(1, 400))
        assert verify(world.ledger).problems == (), f"after kill {number}"
    lost = missing(world, told)
    instance = await build(world.config, clock=SystemClock(), ids=RandomIds())
    await instance.service.settle()
    await instance.close()
    posts = check_room(world)
    problems = [*lost, *(str(problem) for problem in verify(world.ledger).problems)]
    world.remove()
    return Totals(singles=len(rounds), lives=1, acknowledged=len(told), lost=len(lost), posts=posts, problems=problems)


def missing(world: World, told: list[Told]) -> list[str]:
    """Acknowledged ballots that are not in the log exactly once. Nothing is there twice, and the count is right."""
    reader = read_ledger(world.ledger)
    try:
        motion, people = reader.motion(MOTION), reader.directory()
        cast = [recorded.event for recorded in reader.events(MOTION) if isinstance(recorded.event, BallotCast)]
        ids = {login: person.id for login in LOGINS if (person := people.by_login(login)) is not None}
    finally:
        reader.close()
    assert motion is not None
    assert tally(motion) == recount(motion)
    logged = Counter((event.person, event.choice, event.acted_at) for event in cast)
    assert set(logged.values()) == {1}
    return [
        each.request for each in told if logged[ids[each.login], each.choice, datetime.fromisoformat(each.instant)] != 1
    ]


def check_room(world: World) -> int:
    """How many messages stand in the room beside the one poll: nothing else has happened."""
    conn = sqlite3.connect(world.config.ledger.with_suffix(".playground.sqlite3"))
    try:
        cards = [key for (key,) in conn.execute("SELECT key FROM messages WHERE kind = 'card'")]
    finally:
        conn.close()
    assert cards[:1] == [f"m{MOTION}:poll:playground:maintainers"]
    return len(cards) - 1
