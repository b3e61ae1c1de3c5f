"""F46: the process is told to stop while everybody votes at once: it ends in time, well, and nothing is lost."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.wiring import verify
from tests.faults.test_sigkill import ROOT, Told, chosen, missing
from tests.faults.world import World

pytestmark = pytest.mark.faults
ALLOWED = 10.0


@pytest.mark.parametrize("answers", [50, 400])
def test_f46_a_process_that_is_told_to_stop_amid_ballots_ends_in_time_and_has_lost_none(
    worlds: Path, answers: int
) -> None:
    world = World.new(worlds)
    command = [sys.executable, "-m", "tests.faults.calm", str(world.folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(answers)]
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        lines += process.stdout.readlines()
        code = process.wait(timeout=ALLOWED)
    assert code == 0
    assert time.monotonic() - began < ALLOWED
    words = [line.split() for line in lines if line.endswith("\n") and not line.startswith("not-done")]
    told = [Told(request, login, chosen(choice), instant) for request, login, choice, instant in words]
    assert len(told) >= answers
    assert missing(world, told) == []
    assert verify(world.ledger).problems == ()
    world.remove()
