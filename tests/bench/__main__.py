"""`python -m tests.bench`: runs the benchmarks, prints a table, writes JSON where asked."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.bench.ack import ack
from tests.bench.ballots import ballots
from tests.bench.draft import draft
from tests.bench.history import history
from tests.bench.imports import imports
from tests.bench.measure import Setting, machine
from tests.bench.result import Result, show, write
from tests.bench.slack import slack
from tests.bench.start import start
from tests.bench.tally import tallies

BENCHMARKS: Final[Mapping[str, Callable[[Setting], Awaitable[list[Result]]]]] = {
    "ballots": ballots,
    "tally": tallies,
    "start": start,
    "draft": draft,
    "import": imports,
    "ack": ack,
    "slack": slack,
    "history": history,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for. The exit code says whether it could be measured, never whether it was fast."""
    asked = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="folkmoot-bench-", dir=asked.folder) as folder:
        data = asked.data or Path(folder) / "data"
        setting = Setting(folder=Path(folder), data=data, quick=asked.quick, rounds=asked.rounds or _rounds(asked))
        facts = machine(setting.folder)
        results: list[Result] = []
        for name in asked.only or BENCHMARKS:
            print(f"{name} ...", file=sys.stderr, flush=True)
            results += asyncio.run(_one(name, setting))
    show(results, facts, quick=asked.quick)
    if asked.json is not None:
        write(asked.json, results, facts, quick=asked.quick)
    return 0


async def _one(name: str, setting: Setting) -> list[Result]:
    return await BENCHMARKS[name](setting)


def _rounds(asked: argparse.Namespace) -> int:
    return 2 if asked.quick else 5


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure Folkmoot.")
    parser.add_argument("--quick", action="store_true", help="a small run, in seconds; its figures mean little")
    parser.add_argument("--only", action="append", choices=[*BENCHMARKS], help="only this one; may be given again")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there too")
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep the large ledger there and use it again")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="measure on this folder's disk")
    parser.add_argument("--rounds", type=int, metavar="N", help="how often; the median counts (5)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
