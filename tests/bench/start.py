"""How long a start takes on a large ledger, and how much memory: in a process of its own, as `serve` starts."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Final

from storage.writer import CHECKPOINT_EVERY
from tests.bench.measure import Setting, seconds
from tests.bench.result import Aim, Result
from tests.bench.town import Town

MAINTAINERS: Final = 100
READY_SECONDS: Final = 2
MEGABYTES: Final = 150
SHAPE: Final = 1
"""Counts up when a kept ledger is of no use any more."""


async def start(setting: Setting) -> list[Result]:
    """After a clean stop, and after a kill that left the longest possible piece of the chain to check."""
    part = setting.pick(1, 100)
    town = furnished(setting.data, closed=10_000 // part, open_=200 // part, ballots=1_000_000 // part)
    results = []
    for name, behind in (("start, after a clean stop", 0), ("start, after a kill", CHECKPOINT_EVERY - 1)):
        runs = []
        for _ in range(setting.rounds):
            _set_mark(town, behind)
            counted = seconds(lambda: _count(town))
            runs.append({**_start(town), "count": counted})
        results += _results(name, {key: median(run[key] for run in runs) for key in runs[0]})
    return results


def _results(name: str, found: Mapping[str, float]) -> list[Result]:
    ready, megabytes = found["ledger and wiring"] + found["reconcile"], found["peak MB"]
    return [
        Result(
            name=name,
            unit="s",
            figure=ready,
            baseline=found["count"],
            against="SELECT count(*)",
            aim=Aim(of="figure", sign="<=", value=READY_SECONDS),
            detail={key: found[key] for key in ("imports", "ledger and wiring", "reconcile", "of it CPU", "events")},
        ),
        Result(
            name=f"{name}, memory",
            unit="MB",
            figure=megabytes,
            baseline=found["MB after imports"],
            against="imports alone",
            aim=Aim(of="figure", sign="<=", value=MEGABYTES),
        ),
    ]


def _start(town: Town) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.probe", str(town.folder), str(town.maintainers)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, float] = json.loads(said.splitlines()[-1])
    return found


def _count(town: Town) -> int:
    with closing(sqlite3.connect(town.config.ledger)) as conn:
        return int(conn.execute("SELECT count(*) FROM events").fetchone()[0])


def _set_mark(town: Town, behind: int) -> None:
    """Put the mark, up to which a start trusts the chain, so many events behind its end."""
    with closing(sqlite3.connect(town.config.ledger)) as conn, conn:
        (end,) = conn.execute("SELECT max(seq) FROM events").fetchone()
        mark = conn.execute("SELECT seq, hash FROM events WHERE seq = ?", (max(1, end - behind),)).fetchone()
        for key, value in zip(("checkpoint_seq", "checkpoint_hash"), mark, strict=True):
            conn.execute("UPDATE meta SET value = ? WHERE key = ?", (str(value), key))


def furnished(data: Path, *, closed: int, open_: int, ballots: int) -> Town:
    """The town with its large ledger, made now or in an earlier run."""
    folder = data / f"ledger-{SHAPE}-{closed}-{open_}-{ballots}"
    town = Town(folder, maintainers=MAINTAINERS)
    done = folder / "complete"
    if done.exists():
        return town
    shutil.rmtree(folder, ignore_errors=True)
    town.create()
    each, more = divmod(ballots, closed + open_)
    with closing(town.ledger()) as ledger:
        for number in range(1, closed + open_ + 1):
            count = each + (number <= more)
            work = town.ended_motion if number <= closed else town.open_motion
            ledger.transact(lambda txn, n=number, c=count, do=work: do(txn, n, ballots=c)).result()  # type: ignore[misc]
            if number % 1000 == 0:
                print(f"  {number:,} motions made", file=sys.stderr, flush=True)
    town.delivered()
    done.touch()
    return town
