"""The `folkmoot` command as an operator uses it: real processes, real files, real signals."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.localgit.sample import create_sample
from tests.world import START

ROOT = Path(__file__).parents[2]
TIMES = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def folkmoot(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith("FOLKMOOT_")}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=cwd or ROOT,
        env={**env, "PYTHONPATH": str(ROOT)},
        check=False,
    )


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A headless demo that has run, and its folder."""
    folder = tmp_path_factory.mktemp("demo") / "new"
    return folder, folkmoot("demo", "--headless", "--json", "--dir", str(folder))


def test_the_headless_demo_ends_with_one_line_of_json(
    played: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, done = played
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout.splitlines()[-1])
    assert list(summary) == [
        *("motion", "kind", "outcome", "eligible", "needed", "yes", "no", "abstain", "not_voted"),
        *("opened_at", "closes_at", "repository", "branch", "commit", "pull_request_body", "ledger", "log_head"),
    ]
    assert (summary["kind"], summary["outcome"], summary["eligible"], summary["needed"]) == ("add", "carried", 12, 8)
    assert summary["yes"] + summary["no"] + summary["abstain"] + summary["not_voted"] == 12
    assert TIMES.fullmatch(summary["opened_at"])
    assert TIMES.fullmatch(summary["closes_at"])
    assert (folder / summary["repository"]).is_dir()
    assert (folder / summary["ledger"]).is_file()
    assert summary["log_head"] in summary["pull_request_body"]


def test_the_demo_wants_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "something").touch()
    done = folkmoot("demo", "--headless", "--dir", str(tmp_path))
    assert done.returncode == 1
    assert "is not empty. Nothing was done." in done.stderr


def test_the_demo_refuses_what_is_no_repository(tmp_path: Path) -> None:
    done = folkmoot("demo", "--headless", "--repository", str(tmp_path))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert str(tmp_path) in done.stderr


@pytest.mark.git
def test_on_a_real_clone_only_the_new_branch_is_written(tmp_path: Path) -> None:
    create_sample(tmp_path / "origin.git", at=START)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(tmp_path / "origin.git"), str(clone))
    git(clone, "checkout", "-q", "-b", "topic")
    (clone / "MAINTAINERS").write_text("half edited")
    before = git(clone, "for-each-ref"), git(clone, "status", "--porcelain"), (clone / ".git" / "index").read_bytes()
    done = folkmoot("demo", "--headless", "--json", "--repository", str(clone), "--dir", str(tmp_path / "demo"))
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout.splitlines()[-1])
    git(clone, "fsck", "--strict")
    new = f"refs/heads/{summary['branch']}"
    assert git(clone, "rev-parse", new).strip() == summary["commit"]
    refs = "".join(line for line in git(clone, "for-each-ref").splitlines(keepends=True) if new not in line)
    assert (refs, git(clone, "status", "--porcelain"), (clone / ".git" / "index").read_bytes()) == before
    assert git(clone, "diff", "--numstat", f"origin/main...{summary['branch']}") == "1\t0\tMAINTAINERS\n"
    assert summary["repository"] == str(clone)


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["status"], "carried"),
        (["show", "1"], "BallotCast: person=amara-okafor, choice=yes"),
        (["tally", "1"], "66% of 12 = 7.92, so 8"),
        (["minutes", "1"], "carried: 8 yes, 1 no"),
        (["verify"], "✓ "),
        (["export", "1", "--format", "csv"], "motion,seq,voter,choice,reason,via,acted_at,counted"),
    ],
)
def test_every_reading_verb_says_what_it_found(
    played: tuple[Path, subprocess.CompletedProcess[str]], words: list[str], said: str
) -> None:
    done = folkmoot(*words, "--ledger", str(played[0] / "folkmoot.sqlite3"))
    assert done.returncode == 0, done.stderr
    assert said in done.stdout


@pytest.mark.parametrize("words", [["status"], ["show", "1"], ["tally", "1"], ["verify"]])
def test_every_reading_verb_speaks_json(
    played: tuple[Path, subprocess.CompletedProcess[str]], words: list[str]
) -> None:
    done = folkmoot(*words, "--json", "--ledger", str(played[0] / "folkmoot.sqlite3"))
    assert isinstance(json.loads(done.stdout), dict)


def test_the_export_is_json_with_a_schema(played: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    done = folkmoot("export", "1", "--ledger", str(played[0] / "folkmoot.sqlite3"))
    whole = json.loads(done.stdout)
    assert whole["schema"] == 1
    assert next(event["type"] for event in whole["events"]) == "MotionOpened"


def test_verify_names_the_row_that_was_changed(
    played: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    import sqlite3

    copy = tmp_path / "copy.sqlite3"
    assert folkmoot("backup", str(copy), "--ledger", str(played[0] / "folkmoot.sqlite3")).returncode == 0
    with sqlite3.connect(copy) as db:
        row = db.execute("SELECT seq FROM events WHERE type LIKE '%allot%ast%' LIMIT 1").fetchone()[0]
        db.execute("UPDATE events SET body = replace(body, '\"yes\"', '\"no\"') WHERE seq = ?", (row,))
    db.close()
    done = folkmoot("verify", "--ledger", str(copy))
    assert done.returncode == 1
    assert f"events {row}:" in done.stdout


def test_a_verb_without_a_ledger_says_what_to_type(tmp_path: Path) -> None:
    done = folkmoot("status", "--ledger", str(tmp_path / "none"))
    assert done.returncode == 1
    assert "Name it with --ledger" in done.stderr


def test_config_check_shows_every_mistake_with_its_line(tmp_path: Path) -> None:
    example = (ROOT / "config.example.toml").read_text()
    text = example.replace("ledger =", "ledgr =").replace('"localgit"', '"gitlab"').replace("port = 8733", 'port = "x"')
    (tmp_path / "config.toml").write_text(text)
    done = folkmoot("config", "check", "--config", str(tmp_path / "config.toml"))
    assert done.returncode == 2
    lines = text.splitlines()
    for start in ("ledgr =", "forge =", "port ="):
        number = next(n for n, line in enumerate(lines, start=1) if line.startswith(start))
        assert f"config.toml:{number}: " in done.stderr
    assert "Traceback" not in done.stderr


def test_config_check_reads_policy_and_roster(tmp_path: Path) -> None:
    prepare(tmp_path)
    done = folkmoot("config", "check", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "distribution: MAINTAINERS at" in done.stdout
    assert "12 maintainers, 4 reviewers" in done.stdout
    assert "66% of the maintainers, 5 business days" in done.stdout


def test_config_check_names_a_vote_that_is_kept_to_pages_that_are_not_there(tmp_path: Path) -> None:
    prepare(tmp_path)
    rules = (ROOT / "bot/policies/distribution.toml").read_text(encoding="utf-8")
    alone = rules.replace('kind = "remove"', 'kind = "remove"\nvenues = "pull-request"')
    (tmp_path / "rules.toml").write_text(alone, encoding="utf-8")
    config = tmp_path / "config.toml"
    config.write_text(re.sub('policy = "distribution"', 'policy = "rules.toml"', config.read_text(encoding="utf-8")))
    done = folkmoot("config", "check", cwd=tmp_path)
    assert done.returncode != 0
    assert "remove: nobody could vote: it is kept to the pull request" in done.stdout + done.stderr


def prepare(folder: Path) -> None:
    """The example configuration, beside the sample repository."""
    create_sample(folder / "distribution.git", at=START)
    text = (ROOT / "config.example.toml").read_text().replace("port = 8733", "port = 0")
    (folder / "config.toml").write_text(text)


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[tuple[Path, subprocess.Popen[str], str]]:
    """`folkmoot serve` with the example configuration, and the address that it prints."""
    prepare(tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "bot", "serve"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    url = ""
    for line in process.stdout:
        found = re.search(r"http://\S+", line)
        url = found[0] if found else url
        if line.startswith("Serving"):
            break
    yield tmp_path, process, url
    process.kill()
    process.communicate()


def test_serve_opens_the_page_and_stops_cleanly(serving: tuple[Path, subprocess.Popen[str], str]) -> None:
    folder, process, url = serving
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    assert b"Folkmoot" in opener.open(url, timeout=20).read()
    assert "No motion is open" in folkmoot("status", cwd=folder).stdout
    second = folkmoot("serve", cwd=folder)
    assert second.returncode == 1
    assert str(process.pid) in second.stderr
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    assert folkmoot("verify", cwd=folder).returncode == 0


def test_a_cell_that_a_spreadsheet_would_run_is_quoted(
    played: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    from bot.reports import cell

    assert [cell(text) for text in ("=1+1", "+1", "-1", "@x", "\tx", "fine")] == [
        *("'=1+1", "'+1", "'-1", "'@x", "'\tx"),
        "fine",
    ]
    exported = folkmoot("export", "1", "--format", "csv", "--ledger", str(played[0] / "folkmoot.sqlite3")).stdout
    assert not [line for line in exported.splitlines() if any(part[:1] in "=@" for part in line.split(",") if part)]
