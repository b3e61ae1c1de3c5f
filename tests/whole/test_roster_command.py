"""`folkmoot roster` as an operator uses it: what it prints, what it writes, and when it refuses."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from adapters.rosterfile import FORMATS
from bot.cli import app
from bot.config import RosterTable

OWNERS = b"approvers:\r\n- ann\r\n- bob\r\nreviewers:\r\n- cy\r\n"
STEERING = b"github,name,company\nann,Ann,Mill\nbob,Bob,Pond\n"
EMERITUS = b"github,name\nzoe,Zoe\n"


@pytest.fixture
def owners(tmp_path: Path) -> Path:
    path = tmp_path / "OWNERS"
    path.write_bytes(OWNERS)
    return path


def roster(*words: object) -> Result:
    return CliRunner().invoke(app, ["roster", *map(str, words)])


def test_it_shows_who_is_in_a_file(owners: Path) -> None:
    done = roster("show", owners)
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "Format: owners",
        "",
        "approvers",
        "  2: @ann",
        "  3: @bob",
        *("", "reviewers", "  5: @cy"),
    ]


def test_it_shows_it_as_json(owners: Path) -> None:
    shown = json.loads(roster("show", owners, "--json").stdout)
    assert shown["format"] == "owners"
    assert shown["people"][2] == {
        **{"section": "reviewers", "login": "cy", "name": "", "email": "", "company": "", "line": 5}
    }


def test_it_prints_the_new_file_and_writes_nothing(owners: Path) -> None:
    done = roster("apply", owners, "--action", "move", "--role", "approvers", "--github", "cy")
    assert done.exit_code == 0
    assert done.stdout_bytes == b"approvers:\r\n- ann\r\n- bob\r\n- cy\r\nreviewers:\r\n"
    assert owners.read_bytes() == OWNERS


def test_in_place_it_writes_the_file_with_its_mode_and_prints_nothing(owners: Path) -> None:
    owners.chmod(0o640)
    done = roster("apply", owners, "--action", "remove", "--role", "approvers", "--github", "BOB", "--in-place")
    assert (done.exit_code, done.stdout) == (0, "")
    assert owners.read_bytes() == OWNERS.replace(b"- bob\r\n", b"")
    assert stat.S_IMODE(owners.stat().st_mode) == 0o640
    assert [path.name for path in owners.parent.iterdir()] == ["OWNERS"]


def test_several_roles_are_one_edit_or_none(owners: Path) -> None:
    words = ("apply", owners, "--action", "add", "--role", "approvers", "--role")
    done = roster(*words, "reviewers", "--github", "dora")
    assert done.stdout_bytes.count(b"- dora\r\n") == 2
    refused = roster(*words, "reviewers", "--github", "cy", "--in-place")
    assert refused.exit_code == 3
    assert owners.read_bytes() == OWNERS


def test_a_refusal_has_its_own_exit_code_and_names_file_line_reason_and_remedy(owners: Path) -> None:
    done = roster("apply", owners, "--action", "add", "--role", "approvers", "--github", "ANN")
    assert (done.exit_code, done.stdout) == (3, "")
    assert f"{owners}:2: ANN is in approvers already. Nothing was changed." in done.stderr


def test_what_a_format_has_no_place_for_is_said(owners: Path) -> None:
    done = roster("apply", owners, "--action", "add", "--role", "reviewers", "--github", "dora", "--company", "Mill")
    assert done.exit_code == 0
    assert "no place for the company" in done.stderr


def test_a_symbolic_link_is_refused(owners: Path) -> None:
    link = owners.parent / "link"
    link.symlink_to(owners)
    for words in (("show", link), ("apply", link, "--action", "remove", "--github", "cy", "--in-place")):
        done = roster(*words)
        assert done.exit_code == 3
        assert "symbolic link" in done.stderr
    assert owners.read_bytes() == OWNERS


@pytest.mark.parametrize("kind", ["absent", "folder", "pipe", "huge"])
def test_what_is_no_maintainers_file_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "OWNERS"
    if kind == "folder":
        path.mkdir()
    if kind == "pipe":
        os.mkfifo(path)
    if kind == "huge":
        path.write_bytes(b"#" * ((1 << 20) + 1))
    done = roster("show", path)
    assert done.exit_code == 3
    assert str(path) in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("--action", "promote", "--github", "cy"),
        ("--action", "add", "--github", "dora", "--from-role", "reviewers"),
        ("--action", "remove", "--github", "cy", "--to", "OTHER"),
    ],
)
def test_words_that_make_no_sense_are_misuse(owners: Path, words: tuple[str, ...]) -> None:
    assert roster("apply", owners, *words).exit_code == 2


def test_an_unknown_format_is_refused_with_those_there_are(owners: Path) -> None:
    done = roster("show", owners, "--format", "yaml")
    assert done.exit_code == 3
    assert all(form.name in done.stderr for form in FORMATS)


def test_a_move_to_another_file_takes_what_the_record_says_along(tmp_path: Path) -> None:
    steering, emeritus = tmp_path / "steering.csv", tmp_path / "emeritus.csv"
    steering.write_bytes(STEERING)
    emeritus.write_bytes(EMERITUS)
    words = ("apply", steering, "--action", "move", "--to", emeritus, "--github", "bob")
    printed = roster(*words)
    assert (
        printed.stdout
        == f"==> {steering} <==\ngithub,name,company\nann,Ann,Mill\n==> {emeritus} <==\ngithub,name\nzoe,Zoe\nbob,Bob\n"
    )
    assert steering.read_bytes() == STEERING
    assert roster(*words, "--role", "emeritus", "--from-role", "steering", "--in-place").exit_code == 0
    assert steering.read_bytes() == b"github,name,company\nann,Ann,Mill\n"
    assert emeritus.read_bytes() == EMERITUS + b"bob,Bob\n"


def test_a_move_to_a_file_that_refuses_leaves_both_as_they_were(tmp_path: Path) -> None:
    steering, emeritus = tmp_path / "steering.csv", tmp_path / "emeritus.csv"
    steering.write_bytes(STEERING)
    emeritus.write_bytes(EMERITUS + b"bob,Bob\n")
    done = roster("apply", steering, "--action", "move", "--to", emeritus, "--github", "bob", "--in-place")
    assert done.exit_code == 3
    assert steering.read_bytes() == STEERING


def test_somebody_without_a_login_is_found_by_mail_address_or_name(tmp_path: Path) -> None:
    path = tmp_path / "MAINTAINERS"
    path.write_bytes(b"Ann Lee <ann@example.org>\nBob Ek <bob@example.org>\n")
    kept = b"Bob Ek <bob@example.org>\n"
    assert roster("apply", path, "--action", "remove", "--email", "ann@example.org").stdout_bytes == kept
    assert roster("apply", path, "--action", "remove", "--name", "ann lee").stdout_bytes == kept
    assert (
        roster("apply", path, "--action", "remove", "--name", "Ann Lee", "--email", "other@example.org").exit_code == 3
    )
    assert roster("apply", path, "--action", "remove").exit_code == 3


def test_the_configuration_knows_every_format() -> None:
    for form in FORMATS:
        assert RosterTable.model_validate({"format": form.name}).format == form.name
