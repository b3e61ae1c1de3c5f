"""Kills by raising, with all threads running free: the point raises, and nothing of that instance moves any more.

Slower than images and never twice the same to the last point, but it goes through the real group commits, the
worker threads and the unwinding of every task.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

from tests.faults.checks import Ending, examine
from tests.faults.digests import Digester
from tests.faults.harness import Life, Stumbled
from tests.faults.images import WORKERS, Totals, quiet
from tests.faults.points import Points
from tests.faults.world import World

LIVES: Final = 12
"""More than a world may need to come to its end: each kill costs one."""


def die(folder: Path, ending: Ending, kills: Sequence[tuple[int, ...]]) -> Totals:
    """One run for each tuple: killed at its first point, in the next life at its second, and then left alone."""
    total = Totals()
    piles = [(folder, ending, kills[start :: WORKERS * 4]) for start in range(WORKERS * 4)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(WORKERS, mp_context=context, initializer=quiet) as pool:
        for part in pool.map(_pile, piles):
            total.add(part)
    return total


def _pile(pile: tuple[Path, Ending, Sequence[tuple[int, ...]]]) -> Totals:
    folder, ending, kills = pile
    total = Totals()
    start = World.new(folder)
    for numbers in kills:
        world = start.copy(folder)
        try:
            run(world, numbers)
            total.singles += len(world.kills) == 1
            total.pairs += len(world.kills) == 2
            total.take(examine(world, ending), world)
        except Exception as error:  # whatever it is, it is a finding about this one run
            total.problems.append(f"killed at {numbers}, {', '.join(world.kills)}: {error!r}")
        finally:
            world.remove()
    start.remove()
    return total


def run(world: World, kills: Sequence[int]) -> None:
    """Live until the end of the script. In every second run members send again before the bot has caught up."""
    numbers = list(kills)
    eager = sum(numbers) % 2 == 1
    for _ in range(LIVES):
        points = Points(numbers.pop(0) if numbers else None)
        if Life(world, points, eager=eager).run():
            return
    raise Stumbled("it did not come to its end")


def remains(folder: Path, number: int) -> str:
    """The digest of what is left of a life in lock-step that was killed at this point, and buried."""
    world = World.new(folder)
    try:
        if Life(world, Points(number), lock_step=True).run():
            raise Stumbled(f"there is no point {number}")
        digester = Digester(world)
        try:
            return digester.digest("the end")
        finally:
            digester.close()
    finally:
        world.remove()
