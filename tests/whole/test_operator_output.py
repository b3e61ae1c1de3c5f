"""What the operator's verbs print: JSON where asked for, dry runs that do nothing, bars on a terminal alone."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import socket
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from bot.cli import app
from bot.cli_shared import fitted
from bot.clocks import ManualClock
from bot.ports import Pressed
from bot.progress import bars
from storage.sqlite import SqliteLedger
from tests.whole.test_rehearsal import everything
from tests.world import START, World, logins

VERBS: Any = typer.main.get_command(app)


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """A repository, its ledger with one candidacy that has been accepted, and a configuration."""
    world = await World.make(tmp_path, ledger=SqliteLedger(tmp_path / "folkmoot.sqlite3", clock=ManualClock(START)))
    await world.nominate()
    await world.carry()
    await world.ask(logins()[1], Pressed(verb="invite", motion=1))
    await world.ask(logins()[1], 'accepted 1 --name "New Person" --email new@example.org')
    await world.instance.close()
    (tmp_path / "config.toml").write_text(
        '[[repository]]\nname = "distribution"\nforge = "localgit"\npath = "distribution.git"\n'
        'channels = ["playground:maintainers"]\n[playground]\nenabled = true\n'
    )
    return tmp_path


def typed(folder: Path, *words: str) -> str:
    done = CliRunner().invoke(app, [*words, "--config", str(folder / "config.toml")])
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("config", "check"),
        ("status",),
        ("show", "1"),
        ("tally", "1"),
        ("minutes", "1"),
        ("verify",),
        ("activity", "review"),
        ("pr", "show", "1"),
        ("links",),
    ],
    ids=" ".join,
)
def test_every_reading_verb_speaks_json(folder: Path, words: tuple[str, ...]) -> None:
    assert json.loads(typed(folder, *words, "--json")) is not None


def test_a_policy_that_is_checked_speaks_json() -> None:
    said = json.loads(CliRunner().invoke(app, ["policy", "check", "distribution", "--json"]).stdout)
    assert said["ok"] is True
    assert "add-maintainer" in said["motions"]


def test_a_dry_restore_and_a_dry_erasure_change_nothing(folder: Path) -> None:
    typed(folder, "backup", str(folder / "copy.sqlite3"))
    before = everything(folder)
    assert "A dry run: nothing was changed." in typed(folder, "restore", str(folder / "copy.sqlite3"), "--dry-run")
    done = CliRunner().invoke(
        app, ["erase", "@outsider", "--ledger", str(folder / "folkmoot.sqlite3"), "--dry-run", "--yes"]
    )
    assert "A dry run: nothing was changed." in done.output
    assert {k: v for k, v in everything(folder).items() if not k.endswith(".lock")} == {
        k: v for k, v in before.items() if not k.endswith(".lock")
    }


def test_a_dry_restore_makes_no_ledger_where_there_is_none(folder: Path) -> None:
    typed(folder, "backup", str(folder / "copy.sqlite3"))
    (folder / "folkmoot.sqlite3").unlink()
    assert "A dry run" in typed(folder, "restore", str(folder / "copy.sqlite3"), "--dry-run")
    assert not (folder / "folkmoot.sqlite3").exists()


def test_no_bar_is_drawn_where_nobody_watches(capfd: pytest.CaptureFixture[str]) -> None:
    with bars() as step:
        step("Reading")(5, 10)
    assert capfd.readouterr() == ("", "")


def test_a_bar_is_drawn_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setenv("TERM", "xterm")
        with bars() as step:
            tell = step("Reading the ledger")
            tell(5, 10)
            tell(10, 10)
        monkeypatch.undo()
    drawn = b""
    with contextlib.suppress(OSError):  # the end of what a terminal was given that is closed now
        while more := os.read(ours, 65536):
            drawn += more
    os.close(ours)
    assert b"Reading the ledger" in drawn
    assert b"10/10" in drawn


@pytest.mark.parametrize("group", ["", *(name for name, each in VERBS.commands.items() if hasattr(each, "commands"))])
def test_the_help_lists_every_verb_with_a_whole_sentence(group: str) -> None:
    shown = CliRunner().invoke(app, [*group.split(), "--help"]).output
    listed = (VERBS.commands[group] if group else VERBS).commands
    text = " ".join(shown.split())
    for name, verb in listed.items():
        sentence = " ".join(verb.help.partition("\n")[0].split()).partition(". ")[0].rstrip(".")
        assert f"{name} {sentence}" in text
    assert max(map(len, shown.splitlines())) <= 80


def test_what_is_long_is_broken_between_words_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "  Voting:      The maintainers of the repository, as the roster stands at the opening.\n\n   N  yes"
    assert fitted(text) == text
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr(sys, "stdout", terminal)
        monkeypatch.setenv("COLUMNS", "48")
        broken = fitted(text)
        monkeypatch.undo()
    os.close(ours)
    assert broken.splitlines() == [
        "  Voting:      The maintainers of the",
        "               repository, as the roster stands",
        "               at the opening.",
        "",
        "   N  yes",
    ]


def test_a_port_that_is_taken_is_named_with_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = CliRunner().invoke(app, ["demo", "--dir", str(tmp_path / "demo"), "--port", str(port)])
    assert done.exit_code == 1
    said = f"folkmoot: 127.0.0.1:{port} is in use by another program. Stop that one, or choose another port."
    assert said in done.output


def test_a_backup_into_a_folder_that_is_not_there_says_so_and_names_the_file_alone(folder: Path) -> None:
    target = folder / "nowhere" / "copy.sqlite3"
    done = CliRunner().invoke(app, ["backup", str(target), "--config", str(folder / "config.toml")])
    assert done.exit_code == 1
    assert done.output.strip() == f"folkmoot: {target} cannot be written: No such file or directory"


def test_one_motion_is_exported_into_a_new_file_that_is_its_owners_only(folder: Path) -> None:
    target = folder / "motion.json"
    assert typed(folder, "export", "1", "-o", str(target)) == ""
    assert json.loads(target.read_text())["motion"] == 1
    assert target.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("shell", "said"), [("bash", "complete -o"), ("zsh", "#compdef"), ("fish", "complete --command")]
)
def test_the_shell_can_complete_the_verbs(shell: str, said: str) -> None:
    environment = {"_FOLKMOOT_COMPLETE": f"source_{shell}"}
    shown = CliRunner().invoke(app, [], env=environment, prog_name="folkmoot")
    assert said in shown.output
    words = {"_FOLKMOOT_COMPLETE": "complete_bash", "COMP_WORDS": "folkmoot cal", "COMP_CWORD": "1"}
    assert CliRunner().invoke(app, [], env=words, prog_name="folkmoot").output.split() == ["calendar"]
