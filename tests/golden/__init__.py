"""Golden files: what the bot says, exactly. `make golden` writes them anew; the diff is for a person to read."""

from __future__ import annotations

import os
from pathlib import Path

HERE = Path(__file__).parent
WRITE = os.environ.get("FOLKMOOT_GOLDEN") == "write"


def check_golden(name: str, text: str) -> None:
    """Compare with the golden file of this name, or write it."""
    path = HERE / name
    if WRITE:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.is_file(), f"no golden file {name}: make golden, and read it"
    assert text == path.read_text(encoding="utf-8")
