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


@pytest.mark.parametrize("laid", ["index.html", "motions", ".index.html.new", ".folkmoot-site.json"])
def test_no_link_in_the_folder_leads_the_pages_out_of_it(typed: list[str], tmp_path: Path, laid: str) -> None:
    folder, outside = tmp_path / "out", tmp_path / "outside"
    CliRunner().invoke(app, ["site", str(folder), *typed])
    (outside / "motions").mkdir(parents=True)
    mine = outside / "mine"
    mine.write_bytes((folder / ".folkmoot-site.json").read_bytes())
    before = mine.read_bytes()
    place = folder / laid
    if laid == "motions":
        (outside / "motions" / "4.html").write_text("mine")
        for page in place.iterdir():
            page.unlink()
        place.rmdir()
        place.symlink_to(outside / "motions")
    else:
        place.unlink(missing_ok=True)
        place.symlink_to(mine)
        (folder / "feed.xml").unlink(missing_ok=True)
        if laid.startswith(".index"):
            (folder / "index.html").unlink()
    done = CliRunner().invoke(app, ["site", str(folder), *typed])
    assert (done.exit_code == 0) == (laid == ".index.html.new")
    assert mine.read_bytes() == before
    assert sorted(each.name for each in outside.rglob("*")) == (
        ["4.html", "mine", "motions"] if laid == "motions" else ["mine", "motions"]
    )
    if laid == "motions":
        assert (outside / "motions" / "4.html").read_text() == "mine"


def test_a_manifest_that_was_written_by_somebody_else_removes_nothing_through_a_link(
    typed: list[str], tmp_path: Path
) -> None:
    folder, outside = tmp_path / "out", tmp_path / "outside"
    CliRunner().invoke(app, ["site", str(folder), *typed])
    outside.mkdir()
    (outside / "key").write_text("mine")
    (folder / "way").symlink_to(outside)
    names = json.loads((folder / ".folkmoot-site.json").read_text())
    (folder / ".folkmoot-site.json").write_text(json.dumps([*names, "way/key", "../outside/key"]))
    assert "is a link" in CliRunner().invoke(app, ["site", str(folder), *typed]).output
    assert (outside / "key").read_text() == "mine"


def test_what_is_private_is_written_for_this_user_alone_and_through_no_link(typed: list[str], tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("mine")
    for file, options in (
        ("a.json", ["data", "--private"]),
        ("b.csv", ["data", "--ballots"]),
        ("c.ics", ["calendar", "--private"]),
    ):
        (tmp_path / f".{file}.part").symlink_to(target)
        done = CliRunner().invoke(app, [*options, *typed, "--output", str(tmp_path / file)])
        assert done.exit_code == 0, done.output
        assert (tmp_path / file).stat().st_mode & 0o777 == 0o600
    (tmp_path / "d.json").write_text("")
    (tmp_path / "d.json").chmod(0o640)
    CliRunner().invoke(app, ["data", *typed, "--output", str(tmp_path / "d.json")])
    assert (tmp_path / "d.json").stat().st_mode & 0o777 == 0o640
    assert target.read_text() == "mine"


def test_the_calendar_is_printed_or_written(typed: list[str], tmp_path: Path) -> None:
    printed = CliRunner().invoke(app, ["calendar", *typed])
    assert printed.exit_code == 0
    icalendar.Calendar.from_ical(printed.stdout_bytes)
    file = tmp_path / "d.ics"
    CliRunner().invoke(app, ["calendar", *typed, "--output", str(file), "--private"])
    assert b"pendingone" in file.read_bytes()
    assert os.listdir(tmp_path).count("d.ics") == 1
    assert "pendingone" not in printed.stdout
