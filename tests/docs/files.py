"""Where things stand in the repository, for the generator and the tests of the documentation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
REFERENCE: Final = ROOT / "docs" / "reference"
EXAMPLE: Final = ROOT / "config.example.toml"
POLICIES: Final = ROOT / "bot" / "policies"
CARDS: Final = ROOT / "tests" / "golden" / "cards"
MAP: Final = ROOT / "docs" / "governance-map.md"
CHOICES: Final = ROOT / "docs" / "explanation" / "governance-choices.md"
_NOT_OURS: Final = {"build", "dist", "node_modules", "data", "golden"}


def pages() -> Iterator[Path]:
    """Every Markdown file that we wrote: no dot folders, no build leftovers, no test data."""
    for path in sorted(ROOT.rglob("*.md")):
        folders = path.relative_to(ROOT).parts[:-1]
        if not any(part.startswith(".") or part in _NOT_OURS or part.endswith(".egg-info") for part in folders):
            yield path


def named(path: Path) -> str:
    """A path as it is shown: from the root, with slashes."""
    return path.relative_to(ROOT).as_posix()
