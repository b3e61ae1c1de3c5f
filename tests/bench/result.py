"""What a benchmark has found: a figure, its baseline, their ratio and the aim. As a table and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What is wanted, of the ratio or of the figure itself (in the figure's unit)."""

    of: Literal["ratio", "figure"]
    sign: Literal[">=", "<="]
    value: float

    def met(self, *, figure: float, ratio: float) -> bool:
        """Whether the measured values are what was wanted."""
        found = ratio if self.of == "ratio" else figure
        return found >= self.value if self.sign == ">=" else found <= self.value

    def words(self, unit: str) -> str:
        """The aim for a reader."""
        return f"{self.sign} {self.value:g}{'x' if self.of == 'ratio' else f' {unit}'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One line of the table. `ratio` is figure / baseline unless `inverted`, as where both are times to beat."""

    name: str
    unit: str
    figure: float
    baseline: float
    against: str
    aim: Aim | None = None
    inverted: bool = False
    detail: Mapping[str, float | int | str] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """How the figure stands to its baseline: above 1 it is larger, or faster where `inverted`."""
        over, under = (self.baseline, self.figure) if self.inverted else (self.figure, self.baseline)
        return over / under

    @property
    def met(self) -> bool | None:
        """Whether the aim is met; None where there is none."""
        return None if self.aim is None else self.aim.met(figure=self.figure, ratio=self.ratio)

    def data(self) -> dict[str, Any]:
        """The line as JSON."""
        return {
            "name": self.name,
            "unit": self.unit,
            "figure": self.figure,
            "baseline": self.baseline,
            "against": self.against,
            "ratio": self.ratio,
            "aim": None if self.aim is None else self.aim.words(self.unit),
            "met": self.met,
            "detail": dict(self.detail),
        }


Facts = Mapping[str, float | int | str]


def show(results: Sequence[Result], facts: Facts, *, quick: bool) -> None:
    """Print the table, and the facts of the machine below it."""
    title = "Folkmoot, small run: the aims are for the whole one" if quick else "Folkmoot"
    table = Table(title=title)
    for column in ("benchmark", "figure", "baseline", "ratio", "aim", "met", "more"):
        table.add_column(column, justify="right" if column in {"figure", "baseline", "ratio"} else "left")
    for result in results:
        unit = result.unit
        table.add_row(
            result.name,
            f"{_short(result.figure)} {unit}",
            f"{_short(result.baseline)} {unit}\n{result.against}",
            f"{result.ratio:.2f}x",
            "" if result.aim is None else result.aim.words(unit),
            "" if result.met is None else "yes" if result.met else "no",
            "\n".join(f"{key} {_short(value)}" for key, value in result.detail.items()),
            end_section=True,
        )
    console = Console()
    if not console.is_terminal:  # a pipe has no width to fit into
        console = Console(width=170)
    console.print(table)
    console.print(", ".join(f"{key}: {_short(value)}" for key, value in facts.items()), highlight=False)


def write(path: Path, results: Sequence[Result], facts: Facts, *, quick: bool) -> None:
    """Write the results as JSON."""
    data = {"quick": quick, "machine": dict(facts), "results": [result.data() for result in results]}
    path.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


def _short(value: float | str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) or value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"
