"""F1 and F2: a kill at every numbered point of the whole story, and at every pair of points."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from bot.core.events import BallotCast
from tests.faults.deaths import die, remains
from tests.faults.harness import SCRIPT
from tests.faults.images import Reel, Totals, fewest_pairs, jobs_of, sweep
from tests.faults.script import LOGINS
from tests.faults.table import ROWS, Table

pytestmark = pytest.mark.faults

PART: Final = 6
"""Of the second kills a run that is not the whole one takes those after one in so many images."""


def test_the_story_without_a_kill_has_every_kind_of_act_and_of_point(reel: Reel) -> None:
    ballots = [step for step in SCRIPT if step.choice is not None]
    assert {type(step.act).__name__ for step in ballots} == {"Pressed", "Typed", "Reacted"}
    assert reel.ending.events[BallotCast.__name__] == len(ballots)
    assert sum(reel.ending.tally) == len(LOGINS)
    assert {name for name in reel.points if not name.startswith("outbox.")} == {
        f"{place}.{when}.{what}"
        for place, acts in (
            ("ledger", ("commit",)),
            ("platform", ("post", "direct", "edit")),
            ("forge", ("objects", "record", "ref", "merge")),
        )
        for what in acts
        for when in ("before", "after")
    }


def test_the_bounds_and_the_table_of_the_whole_run_fit_the_story_that_there_is_now(reel: Reel) -> None:
    """Counted, not played: every run is held to the same law, and a part of the pairs shows that it holds."""
    points, whole = len(reel.keys), jobs_of(reel, every=1)
    assert sum(job.weight for job in whole) == reel.points.total() == points > 200
    assert all(job.paired for job in whole)
    assert fewest_pairs(reel, every=1) == points * (points - 1) // 2
    table = Table()
    table.add("images", Totals(points=reel.points, singles=points, images=len(whole)))
    lines = [line for line in table.lines() if line]
    assert len(lines) == 1 + len(reel.points) + 1 + len(ROWS)
    assert len({len(line) for line in lines}) == 1, "the columns stand below each other"


def test_a_kill_stays_dead_nothing_is_committed_or_posted_after_it(
    reel: Reel, worlds: Path, *, everything: bool
) -> None:
    for number in range(1, len(reel.keys) + 1, 1 if everything else 23):
        assert remains(worlds, number) == reel.keys[number - 1][0], f"killed at point {number}"


def test_f1_and_f2_no_kill_and_no_pair_of_kills_loses_or_doubles_anything(
    reel: Reel, worlds: Path, table: Table, *, everything: bool
) -> None:
    every = 1 if everything else PART
    fewest = fewest_pairs(reel, every=every)
    total = sweep(worlds, reel, every=every)
    table.add("images", total)
    assert_nothing_is_wrong(total)
    assert total.singles == total.points.total() > 200
    assert total.pairs >= fewest


def test_f1_and_f2_kills_that_unwind_every_task_and_thread_do_no_harm_either(
    reel: Reel, worlds: Path, table: Table, *, everything: bool
) -> None:
    last = len(reel.keys)
    singles = [(number,) for number in range(1, last + 1, 1 if everything else 17)]
    step = 11 if everything else 83
    pairs = [(first, second) for first in range(3, last, step) for second in range(1 + first % step, last, step)]
    total = die(worlds, reel.ending, [*singles, *pairs])
    table.add("unwound", total)
    assert_nothing_is_wrong(total)
    assert total.singles + total.pairs >= len(singles)


def assert_nothing_is_wrong(total: Totals) -> None:
    """No ballot lost, nothing twice, and none of the other checks complains."""
    kinds = Counter(problem.partition(": ")[2].partition(" ")[0] for problem in total.problems)
    assert total.problems == [], f"{len(total.problems)} problems, by their first words {kinds}"
    assert (total.lost, total.posts, total.branches) == (0, 0, 0)
    assert total.acknowledged > 0
