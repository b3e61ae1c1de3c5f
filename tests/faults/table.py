"""What the fault runs have done, as a table for the terminal and as JSON for a file."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.faults.images import Totals

ROWS: Final = (
    ("singles", "single kills"),
    ("pairs", "pairs of kills"),
    ("images", "different worlds left behind"),
    ("lives", "runs played to the end"),
    ("acknowledged", "ballots acknowledged"),
    ("lost", "ballots lost"),
    ("posts", "duplicate posts"),
    ("branches", "duplicate branches"),
)


@dataclass(slots=True)
class Table:
    """Filled by the tests, shown at the end of the run."""

    points: Counter[str] = field(default_factory=Counter)
    columns: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, name: str, total: Totals) -> None:
        """A sweep as a column."""
        self.points = self.points or Counter(total.points)
        self.columns[name] = {key: int(getattr(total, key)) for key, _ in ROWS}

    def lines(self) -> list[str]:
        """The table as text."""
        found, wide = [], max([32, *(3 + len(name) for name in self.points)])
        if self.points:
            found += [f"{'points of the story':{wide}}{self.points.total():>14,}"]
            found += [f"  {name:{wide - 2}}{times:>14,}" for name, times in sorted(self.points.items())]
        if self.columns:
            found += ["", " " * wide + "".join(f"{name:>14}" for name in self.columns)]
        for key, words in ROWS:
            cells = [column.get(key) for column in self.columns.values()]
            if any(cell is not None for cell in cells):
                found.append(
                    f"{words:{wide}}" + "".join(f"{'-' if cell is None else f'{cell:,}':>14}" for cell in cells)
                )
        return found

    def write(self, path: Path) -> None:
        """The same as JSON."""
        data = {"points": dict(sorted(self.points.items())), "runs": self.columns}
        path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
