"""Wires what watches a running bot: the whole check in a process of its own, retention, health over HTTP."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Final

from adapters.health.server import HealthSite, serve
from bot.config import Config, retention_of
from bot.metrics import CONTENT_TYPE
from bot.ports import Clock
from bot.readiness import Health, Vitals
from bot.upkeep import AFTER_START, Findings, Upkeep
from bot.wiring.instance import Instance
from storage.sqlite import SqliteLedger

_CHECK: Final = "import os; os.nice(19); from bot.cli import main; main()"
_ROOT: Final = Path(__file__).resolve().parents[2]
_ENVIRONMENT: Final = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT")
"""All that the check needs: it has no business with tokens."""


async def check_apart(ledger: Path) -> Findings:
    """Check a whole ledger in a process of the lowest priority. Raises OSError if there can be none.

    Cancelled, it takes the process with it.
    """
    known = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-P", "-c", _CHECK, "verify", "--json", "--ledger", str(ledger)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**known, "PYTHONPATH": os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH", ""))))},
    )
    try:
        said, errors = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    try:
        found = json.loads(said)
        problems = [f"{p['table']} {p['row']}: {p['what']}" for p in found["problems"]]
        return Findings(events=found["events"], head=found["log_head"], problems=problems)
    except (ValueError, KeyError, TypeError):
        why = errors.decode("utf-8", "replace").strip()[-300:] or f"exit code {process.returncode}"
        raise OSError(f"the check of {ledger} did not come to an end: {why}") from None


def upkeep_of(config: Config, instance: Instance, clock: Clock, *, after: float = AFTER_START) -> Upkeep | None:
    """What is to be done daily on the ledger; None for one that is no file."""
    ledger = instance.service.ledger
    if not isinstance(ledger, SqliteLedger):
        return None
    keep = retention_of(config.folkmoot.retention)
    return Upkeep(clock=clock, check=lambda: check_apart(ledger.path), forget=ledger.forget, keep=keep, after=after)


async def open_health(config: Config, instance: Instance, upkeep: Upkeep, vitals: Vitals, clock: Clock) -> HealthSite:
    """Listen where the configuration says. Raises OSError if the address cannot be had."""
    ledger = instance.service.ledger
    if not isinstance(ledger, SqliteLedger):
        raise TypeError("this ledger is no file")
    health = Health(
        service=instance.service,
        ledger=ledger,
        connections=instance.connections,
        upkeep=upkeep,
        vitals=vitals,
        clock=clock,
    )
    host, _, port = config.health.listen.rpartition(":")
    return await serve(
        host=host.strip("[]"),
        port=int(port),
        alive=health.alive,
        ready=health.ready,
        metrics=health.metrics,
        content_type=CONTENT_TYPE,
    )
