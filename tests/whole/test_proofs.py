"""Heads, bundles and copies as an operator checks them: from the command line, with files alone."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.whole.test_command_line import folkmoot, played

__all__ = ["played"]
Played = tuple[Path, subprocess.CompletedProcess[str]]


def test_t46_a_published_head_is_checked_by_its_short_form(played: Played) -> None:
    folder, done = played
    summary = json.loads(done.stdout.splitlines()[-1])
    ledger = str(folder / "folkmoot.sqlite3")
    head = summary["log_head"]
    assert f"folkmoot verify --against {head[:16]}" in done.stdout
    good = folkmoot("verify", "--against", head[:16], "--ledger", ledger)
    assert good.returncode == 0, good.stderr
    assert f"✓ {head[:16]} is in this chain: event " in good.stdout
    assert "(MotionClosed, of motion 1, " in good.stdout
    bad = folkmoot("verify", "--against", "0123456789ab", "--json", "--ledger", ledger)
    assert bad.returncode == 1
    assert json.loads(bad.stdout)["against"] == {"head": "0123456789ab", "found": False, "hash": None}
    wrong = folkmoot("verify", "--against", "yesterday", "--ledger", ledger)
    assert wrong.returncode == 2
    assert "12 to 64 hexadecimal digits" in wrong.stderr


def test_an_exported_bundle_is_verified_with_no_ledger_at_hand(played: Played, tmp_path: Path) -> None:
    folder, done = played
    head = json.loads(done.stdout.splitlines()[-1])["log_head"]
    bundle = tmp_path / "bundle.json"
    made = folkmoot("export", "--out", str(bundle), "--ledger", str(folder / "folkmoot.sqlite3"))
    assert made.returncode == 0, made.stderr
    assert bundle.stat().st_mode & 0o077 == 0
    assert "every ballot, those of blinded votes too" in made.stdout + made.stderr
    again = folkmoot("export", "--out", str(bundle), "--ledger", str(folder / "folkmoot.sqlite3"))
    assert again.returncode == 1
    assert "File exists" in again.stderr
    checked = folkmoot("verify", str(bundle), "--against", head[:16], cwd=tmp_path)
    assert checked.returncode == 0, checked.stderr
    assert "counts and outcomes agree" in checked.stdout
    bundle.write_text(bundle.read_text().replace('"yes":8', '"yes":9', 1))
    forged = folkmoot("verify", str(bundle), cwd=tmp_path)
    assert forged.returncode == 1
    assert "✗ motions 1: yes: not what the events make" in forged.stdout


@pytest.mark.parametrize("text", ["", "{", '{"format": 3}', "[" * 100_000])
def test_what_is_no_bundle_is_told_in_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "b.json").write_text(text)
    done = folkmoot("verify", str(tmp_path / "b.json"))
    assert done.returncode == 1
    assert "is no bundle" in done.stderr
    assert "Traceback" not in done.stderr


def test_t49_who_is_still_in_the_roster_or_in_an_unfinished_motion_is_not_erased(played: Played) -> None:
    folder, _ = played
    config = str(folder / "config.toml")
    named = folkmoot("erase", "@morgan-w", "--yes", "--config", config)
    assert named.returncode == 1
    assert "would be known again at the next start: [[person]] login = " in named.stderr
    needed = folkmoot("erase", "@amara-okafor", "--yes", "--config", config)
    assert needed.returncode == 1
    assert "motion 1: they proposed or sponsor it. Wait for its end, or withdraw it" in needed.stderr
    nobody = folkmoot("erase", "@nobody", "--config", config)
    assert "nobody of this login, account or id" in nobody.stderr
    assert folkmoot("verify", "--config", config).returncode == 0


def test_t49_an_erasure_asks_before_it_does_and_says_what_is_left_to_the_operator(
    played: Played, tmp_path: Path
) -> None:
    copy = str(tmp_path / "copy.sqlite3")
    assert folkmoot("backup", copy, "--ledger", str(played[0] / "folkmoot.sqlite3")).returncode == 0
    asked = folkmoot("erase", "@morgan-w", "--ledger", copy)
    assert asked.returncode == 1
    assert "Nothing was changed. To agree beforehand, add --yes." in asked.stderr
    done = folkmoot("erase", "@morgan-w", "--yes", "--ledger", copy)
    assert done.returncode == 0, done.stderr
    assert "- backups and exported bundles" in done.stdout
    assert folkmoot("verify", "--ledger", copy).returncode == 0
    assert b"morgan-w" not in Path(copy).read_bytes()
