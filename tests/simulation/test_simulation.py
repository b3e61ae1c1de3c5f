"""A bounded part of `make simulate`: a few seeds of thirty days, their exact replay, and that the oracle bites."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import pytest
import structlog

from bot.core.events import BallotCast, MotionClosed
from tests.simulation.acknowledged import check_acknowledged
from tests.simulation.naive import book_of
from tests.simulation.oracle import Findings, Log, check_log
from tests.simulation.places import check_places
from tests.simulation.run import Simulation
from tests.simulation.seeds import Verdict, hush, judged

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
SEEDS = (2, 5, 8)
GROWTH = 10_000_000
"""Bytes by which a ledger may grow in thirty days (F45)."""


@pytest.fixture(scope="module")
def verdicts() -> list[Verdict]:
    """A few seeds; some with real adapters, and one on real git repositories for a shorter while."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(judged, seed) for seed in SEEDS]
        waiting.append(pool.submit(judged, 13, days=6, git=True, wired=False))
        waiting.append(pool.submit(judged, 11, days=10, wired=True))
        return [each.result() for each in waiting]


def test_whatever_goes_wrong_nothing_is_lost_doubled_miscounted_or_told_to_the_wrong_people(
    verdicts: list[Verdict],
) -> None:
    assert [(verdict.seed, verdict.problems) for verdict in verdicts if verdict.problems] == []
    together = sum((verdict.figures for verdict in verdicts), verdicts[0].figures - verdicts[0].figures)
    for what in ("crashes", "faults", "ballots", "closed", "drafts", "outages", "merges", "roster edits"):
        assert together[what] > 0, f"no {what}: the seeds prove nothing"


def test_f45_thirty_simulated_days_grow_the_ledger_by_less_than_ten_megabytes(verdicts: list[Verdict]) -> None:
    assert max(verdict.growth for verdict in verdicts) < GROWTH


@pytest.mark.parametrize("wired", ["", "1"])
def test_a_seed_replays_exactly_whatever_the_order_of_sets(wired: str) -> None:
    def digest(hashes: str) -> str:
        env = {**os.environ, "SEEDS": "1", "FIRST": "21", "DAYS": "5", "WIRED": wired, "PYTHONHASHSEED": hashes}
        done = subprocess.run(
            [sys.executable, "-m", "tests.simulation"], cwd=ROOT, env=env, capture_output=True, text=True, check=True
        )
        return done.stdout.splitlines()[-1]

    first, second = digest("1"), digest("2")
    assert first.startswith("digest ")
    assert first == second


# --------------------------------------------------------------------------- that the oracle bites


@dataclass(slots=True)
class Past:
    """A short run that has ended well."""

    simulation: Simulation

    def log(self) -> Log:
        return Log.read(self.simulation.world)

    def problems(self, log: Log) -> list[str]:
        found = Findings()
        check_log(self.simulation.world, log, found)
        check_acknowledged(self.simulation.world, log, found)
        check_places(self.simulation.world, log, found)
        return found.problems


@pytest.fixture(scope="module")
def past() -> Iterator[Past]:
    hush()
    simulation = Simulation.of(4, days=9)
    simulation.run()
    structlog.reset_defaults()
    yield Past(simulation)
    simulation.remove()


def test_the_run_is_well_as_it_is(past: Past) -> None:
    assert past.problems(past.log()) == []


def test_a_ballot_that_is_missing_is_noticed(past: Past) -> None:
    log = past.log()
    number, stream = next((n, s) for n, s in log.streams.items() if any(isinstance(r.event, BallotCast) for r in s))
    lost = next(recorded for recorded in stream if isinstance(recorded.event, BallotCast))
    log.streams[number] = [recorded for recorded in stream if recorded is not lost]
    assert any("not in the log" in problem for problem in past.problems(log))


def test_a_ballot_that_is_there_twice_is_noticed(past: Past) -> None:
    log = past.log()
    number, stream = next((n, s) for n, s in log.streams.items() if any(isinstance(r.event, BallotCast) for r in s))
    twice = next(recorded for recorded in stream if isinstance(recorded.event, BallotCast))
    log.streams[number] = [*stream, replace(twice, seq=999_999)]
    assert any("nobody asked for" in problem for problem in past.problems(log))


def test_a_wrong_count_is_noticed(past: Past) -> None:
    log = past.log()
    number, closed = next((n, b.counted) for n, b in log.books.items() if b.counted is not None)
    wrong = replace(closed, yes=closed.yes + 1, not_voted=closed.not_voted - 1)
    stream = [replace(r, event=wrong) if isinstance(r.event, MotionClosed) else r for r in log.streams[number]]
    log.books[number] = book_of(number, stream)
    assert any("a recount gives" in problem for problem in past.problems(log))


def test_a_message_in_a_wrong_place_or_twice_is_noticed(past: Past) -> None:
    world = past.simulation.world
    messages = next(venue.messages() for venue in world.venues.values() if any(m.place for m in venue.messages()))
    message = next(m for m in messages if m.place and m.key.startswith("m"))
    messages.append(replace(message, place="slack:C999"))
    messages.append(message)
    try:
        found = past.problems(past.log())
    finally:
        del messages[-2:]
    assert any("which is no channel of" in problem for problem in found)
    assert any("posted 2 times" in problem for problem in found)
