"""`folkmoot site` and `folkmoot calendar`, as an operator types them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import icalendar
import pytest
from typer.testing import CliRunner

from bot.cli import app
from tests.site.conftest import Governed


@pytest.fixture
def typed(project: Governed, tmp_path: Path) -> list[str]:
    """The options that name the ledger and a configuration."""
    config = tmp_path / "config.toml"
    config.write_text(
        '[[repository]]\nname = "distribution"\nforge = "localgit"\npath = "d.git"\nchannels = ["playground:m"]\n'
        '[playground]\nenabled = true\n[site]\ntitle = "How we decide"\n'
    )
    return ["--config", str(config), "--ledger", str(project.path)]


def test_the_pages_are_written_and_brought_up_to_date(typed: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "out"
    tried = CliRunner().invoke(app, ["site", str(folder), *typed, "--dry-run"])
    assert tried.exit_code == 0
    assert "Would write motions/4.html" in tried.output
    assert not folder.exists()
    assert "files written, 0 unchanged, 0 removed." in CliRunner().invoke(app, ["site", str(folder), *typed]).output
    assert "How we decide" in (folder / "index.html").read_text()
    again = CliRunner().invoke(app, ["site", str(folder), *typed, "--json"])
    assert json.loads(again.stdout) == {"written": [], "unchanged": 15, "removed": [], "dry_run": False}


def test_a_folder_with_other_things_is_refused(typed: list[str], tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["site", str(tmp_path), *typed])
    assert done.exit_code == 1
    assert "name an empty folder" in done.output


def test_the_calendar_is_printed_or_written(typed: list[str], tmp_path: Path) -> None:
    printed = CliRunner().invoke(app, ["calendar", *typed])
    assert printed.exit_code == 0
    icalendar.Calendar.from_ical(printed.stdout_bytes)
    file = tmp_path / "d.ics"
    CliRunner().invoke(app, ["calendar", *typed, "--output", str(file), "--private"])
    assert b"pendingone" in file.read_bytes()
    assert os.listdir(tmp_path).count("d.ics") == 1
    assert "pendingone" not in printed.stdout
