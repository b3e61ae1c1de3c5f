"""Ways to measure: rounds, medians and percentiles, and what has to be known of the machine."""

from __future__ import annotations

import asyncio
import os
import platform
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

SYNCS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How to run: a folder of this run alone, one that is kept for later runs, how often, and whether small."""

    folder: Path
    data: Path
    quick: bool = False
    rounds: int = 5

    def pick(self, whole: int, small: int) -> int:
        """A number for the whole run or for the small one."""
        return small if self.quick else whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """Some requests: how long all of them took, how long the processor was busy with them, and each one, in seconds."""

    seconds: float
    busy: float
    each: Sequence[float]

    @property
    def rate(self) -> float:
        """Requests per second."""
        return len(self.each) / self.seconds

    @property
    def cpu(self) -> float:
        """Processor time of a request in microseconds: what is left to compare where others use the disk, too."""
        return self.busy / len(self.each) * 1e6

    def percentile(self, percent: float) -> float:
        """The time within which so many percent of the requests were answered, in milliseconds."""
        return percentile(self.each, percent) * 1000


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that so many percent do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


async def together(ask: Callable[[int], Awaitable[object]], *, callers: int, times: int) -> Timed:
    """So many callers at once, each asking so many times, one request after the other; `ask` gets a running number."""
    each: list[float] = []

    async def caller(first: int) -> None:
        for number in range(first, first + times):
            before = perf_counter()
            await ask(number)
            each.append(perf_counter() - before)

    started, busy = perf_counter(), process_time()
    await asyncio.gather(*(caller(who * times) for who in range(callers)))
    return Timed(seconds=perf_counter() - started, busy=process_time() - busy, each=each)


def seconds(work: Callable[[], object]) -> float:
    """How long this takes."""
    started = perf_counter()
    work()
    return perf_counter() - started


def middle(timed: Sequence[Timed]) -> Timed:
    """The round whose rate is the median one."""
    return sorted(timed, key=lambda one: one.rate)[len(timed) // 2]


def machine(folder: Path) -> dict[str, float | int | str]:
    """What the figures depend on; the rate of syncs is that of the folder's disk."""
    return {
        "CPUs": os.cpu_count() or 0,
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        "system": f"{platform.system()} {platform.machine()}",
        "load before": round(os.getloadavg()[0], 1),
        "syncs per second": round(median(_syncs(folder) for _ in range(3))),
    }


def _syncs(folder: Path) -> float:
    """Appends of 4 KiB per second, each synced to the disk."""
    path = folder / "syncs"
    with path.open("wb", buffering=0) as file:
        block = bytes(4096)

        def append() -> None:
            for _ in range(SYNCS):
                file.write(block)
                os.fsync(file.fileno())

        taken = seconds(append)
    path.unlink()
    return SYNCS / taken
