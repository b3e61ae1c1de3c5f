"""Starts a whole bot on a furnished folder, says how long that took and how much memory, and dies without a stop."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
from pathlib import Path
from time import perf_counter, process_time

_STARTED = perf_counter()

from bot.clocks import RandomIds, SystemClock  # noqa: E402 - the time of the imports is measured
from bot.wiring import build  # noqa: E402
from tests.bench.town import Town  # noqa: E402


def peak() -> float:
    """The most memory that this process has held so far, in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage would count the parent's memory before the exec
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1024 if sys.platform != "darwin" else most / 1024 / 1024


async def main(folder: Path, maintainers: int) -> dict[str, float]:
    """Start as `serve` does, up to where the first reconcile is done and the outbox runs."""
    imported, before = perf_counter() - _STARTED, peak()
    town = Town(folder, maintainers=maintainers)
    began, busy = perf_counter(), process_time()
    instance = await build(town.config, clock=SystemClock(), ids=RandomIds())
    built = perf_counter()
    await instance.service.start()
    ready, busy = perf_counter(), process_time() - busy
    entries = instance.service.ledger.reader().entries(unfinished=True)
    assert entries, "there is nothing open in this ledger"
    return {
        "imports": imported,
        "MB after imports": before,
        "ledger and wiring": built - began,
        "reconcile": ready - built,
        "of it CPU": busy,
        "peak MB": peak(),
        "events": float(instance.service.ledger.reader().events(entries[-1].number)[-1].seq),
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))), flush=True)
    os._exit(0)  # like a kill: a stop would move the mark
