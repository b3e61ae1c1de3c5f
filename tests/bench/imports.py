"""How long `folkmoot --help` takes, beside a Python that does nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from tests.bench.measure import Setting, seconds
from tests.bench.result import Aim, Result

LIMIT = 0.3
NAMED = 6


async def imports(setting: Setting) -> list[Result]:
    """The median of ten of each, in turn."""
    script = Path(sys.executable).with_name("folkmoot")
    help_ = [str(script), "--help"] if script.exists() else [sys.executable, "-m", "bot", "--help"]
    ours: list[float] = []
    nothing: list[float] = []
    _run(help_)  # so that the bytecode is there
    for _ in range(setting.pick(10, 2)):
        ours.append(seconds(lambda: _run(help_)))
        nothing.append(seconds(lambda: _run([sys.executable, "-c", "pass"])))
    figure = median(ours)
    return [
        Result(
            name="folkmoot --help",
            unit="s",
            figure=figure,
            baseline=median(nothing),
            against="python -c pass",
            aim=Aim(of="figure", sign="<=", value=LIMIT),
            detail=_heaviest() if figure > LIMIT else {},
        )
    ]


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)


def _heaviest() -> dict[str, str]:
    """The imports that take longest with all that they import themselves."""
    command = [sys.executable, "-X", "importtime", "-m", "bot", "--help"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    found: list[tuple[int, str]] = []
    for line in said.splitlines():
        _, _, rest = line.partition("import time:")
        _, _, rest = rest.partition("|")
        micros, _, name = rest.partition("|")
        if micros.strip().isdecimal():
            found.append((int(micros), name.strip()))
    return {name: f"{micros / 1000:.0f} ms" for micros, name in sorted(found, reverse=True)[:NAMED]}
