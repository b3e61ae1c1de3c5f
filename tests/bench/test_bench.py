"""The benchmarks run, small: what they say has the promised shape. No test here asks how fast anything was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from storage.verify import verify
from tests.bench.__main__ import main
from tests.bench.measure import Setting
from tests.bench.result import Aim, Result
from tests.bench.start import furnished


@pytest.mark.parametrize("name", ["ballots", "tally", "start", "import", "ack", "slack"])
def test_a_benchmark_says_what_it_measured_and_against_what(name: str, tmp_path: Path) -> None:
    _check(name, tmp_path)


@pytest.mark.git
def test_the_draft_is_measured_against_git_making_the_same_change(tmp_path: Path) -> None:
    _check("draft", tmp_path)


def test_the_large_ledger_is_one_that_verify_finds_nothing_wrong_with(tmp_path: Path) -> None:
    setting = Setting(folder=tmp_path, data=tmp_path / "data", quick=True)
    town = furnished(setting.data, closed=6, open_=2, ballots=400)
    report = verify(town.config.ledger)
    assert report.problems == ()
    assert furnished(setting.data, closed=6, open_=2, ballots=400).config == town.config


def test_an_aim_is_judged_by_the_ratio_or_by_the_figure() -> None:
    faster = Aim(of="ratio", sign=">=", value=10)
    short = Aim(of="figure", sign="<=", value=2)
    line = Result(name="n", unit="s", figure=1.5, baseline=30, against="b", aim=faster, inverted=True)
    assert (line.ratio, line.met, faster.words("s")) == (20, True, ">= 10x")
    assert Result(name="n", unit="s", figure=2.5, baseline=1, against="b", aim=short).met is False
    assert Result(name="n", unit="s", figure=2.5, baseline=1, against="b").met is None


def _check(name: str, folder: Path) -> None:
    file = folder / "results.json"
    arguments = ["--quick", "--rounds", "1", "--only", name, "--json", str(file), "--folder", str(folder)]
    assert main(arguments) == 0
    data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    assert data["quick"] is True
    assert set(data["machine"]) >= {"CPUs", "Python", "SQLite", "syncs per second"}
    assert data["results"]
    for line in data["results"]:
        assert set(line) == {"name", "unit", "figure", "baseline", "against", "ratio", "aim", "met", "detail"}
        assert line["ratio"] > 0
        assert line["figure"] > 0
        assert line["baseline"] > 0
        assert (line["met"] is None) == (line["aim"] is None)
    assert sorted(path.name for path in folder.iterdir()) == ["results.json"], "nothing is left behind"
