"""Runs many seeds over all cores: `make simulate SEEDS=200`. The settings come from the environment.

SEEDS how many, FIRST the first one, DAYS how long, JOBS how many at once, GIT=1 on git repositories, WIRED=1 with the
real adapters, TRACE=1 says all.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from tests.simulation.seeds import Verdict, judged


def main() -> int:
    """Play them all; whether any failed."""
    if len(sys.argv) > 1:
        _say(str(__doc__))
        return 2
    seeds, first = _number("SEEDS", 20), _number("FIRST", 1)
    days, jobs = _number("DAYS", 30), _number("JOBS", os.cpu_count() or 1)
    wired = True if os.environ.get("WIRED") == "1" else None
    git, trace = True if os.environ.get("GIT") == "1" else None, os.environ.get("TRACE") == "1"
    began, verdicts = time.monotonic(), list[Verdict]()
    with ProcessPoolExecutor(min(jobs, seeds), mp_context=get_context("spawn")) as pool:
        waiting = [
            pool.submit(judged, seed, days=days, git=git, wired=wired, trace=trace)
            for seed in range(first, first + seeds)
        ]
        for done in as_completed(waiting):
            verdicts.append(done.result())
            _tell(verdicts[-1])
            _progress(verdicts, seeds, began)
    _summary(verdicts, (time.monotonic() - began) / 60)
    return 1 if any(verdict.problems for verdict in verdicts) else 0


def _number(name: str, default: int) -> int:
    return int(os.environ.get(name) or default)


def _tell(verdict: Verdict) -> None:
    for line in verdict.trace:
        _say(line)
    if verdict.problems:
        _say(f"\nseed {verdict.seed} failed; again: make simulate SEEDS=1 FIRST={verdict.seed} TRACE=1")
        for problem in verdict.problems[:20]:
            _say(f"  {problem}")


def _progress(verdicts: list[Verdict], seeds: int, began: float) -> None:
    failed = sum(1 for verdict in verdicts if verdict.problems)
    line = f"{len(verdicts)} of {seeds} seeds, {failed} failed, {(time.monotonic() - began) / 60:.1f} minutes"
    end = "\r" if sys.stdout.isatty() and len(verdicts) < seeds else "\n"
    sys.stdout.write(f"{line}{end}")
    sys.stdout.flush()


def _summary(verdicts: list[Verdict], minutes: float) -> None:
    figures: Counter[str] = sum((verdict.figures for verdict in verdicts), Counter())
    _say("")
    for name, count in sorted(figures.items()):
        _say(f"{count:>9,}  {name}")
    _say(f"{max(verdict.growth for verdict in verdicts) / 1e6:>9.1f}  MB, the largest ledger")
    _say(f"{minutes:>9.1f}  minutes")
    failed = sorted(verdict.seed for verdict in verdicts if verdict.problems)
    _say(f"failed: {', '.join(map(str, failed))}" if failed else "every seed holds")
    if len(verdicts) == 1:
        _say(f"digest {verdicts[0].digest}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
