"""One seed from its beginning to its verdict: what it did, what was wrong, and a digest to compare replays by."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog

from bot.wiring import read_ledger
from tests.simulation.acknowledged import check_acknowledged
from tests.simulation.oracle import Findings, Log, check_log, check_rebuild
from tests.simulation.places import check_places
from tests.simulation.run import Simulation

GIT_EVERY: Final = 10
"""One seed of so many runs on real git repositories."""
WIRED_EVERY: Final = 4
"""One seed of so many runs with the real adapters, on fakes of their platforms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of a seed. `digest` is over all that happened and the ledger's head: equal for equal runs."""

    seed: int
    problems: list[str] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)
    digest: str = ""
    seconds: float = 0.0
    growth: int = 0
    trace: list[str] = field(default_factory=list)


def judged(
    seed: int,
    *,
    days: int = 30,
    git: bool | None = None,
    wired: bool | None = None,
    trace: bool = False,
    parent: Path | None = None,
) -> Verdict:
    """Play a seed in a process of its own, and check everything. What the bot itself raises is a finding too."""
    hush()
    logging.disable(logging.CRITICAL)
    real = seed % GIT_EVERY == 0 if git is None else git
    connected = seed % WIRED_EVERY == WIRED_EVERY - 1 if wired is None else wired
    simulation = Simulation.of(seed, days=days, git=real, wired=connected, parent=parent)
    found, head = Findings(), ""
    try:
        simulation.run()
        head = read_ledger(simulation.world.ledger).head()
        growth = simulation.world.ledger.stat().st_size - simulation.size_before
        log = Log.read(simulation.world)
        check_log(simulation.world, log, found)
        check_acknowledged(simulation.world, log, found)
        check_places(simulation.world, log, found)
        check_rebuild(simulation.world, found)
        for what in simulation.world.broken:
            found.wrong(what)
    except Exception as error:
        growth = 0
        found.wrong(f"the run itself broke: {error!r}")
        if trace:
            raise
    finally:
        simulation.remove()
    return Verdict(
        seed=seed,
        problems=found.problems,
        figures=found.figures + _figures(simulation),
        digest=hashlib.sha256("\n".join([*simulation.world.trace, head]).encode()).hexdigest()[:16],
        seconds=simulation.seconds,
        growth=growth,
        trace=simulation.world.trace if trace else [],
    )


def _figures(simulation: Simulation) -> Counter[str]:
    world = simulation.world
    figures: Counter[str] = Counter(seeds=1, lives=simulation.lives, crashes=simulation.crashes)
    for name, times in world.counts.items():
        if not name.startswith("crash at"):
            figures[name] += times
    for weather in world.weathers.values():
        for name, times in weather.faults.items():
            figures["faults"] += times
            figures[f"fault: {name}"] += times
    return figures


def hush() -> None:
    """What goes wrong on purpose is not logged."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
