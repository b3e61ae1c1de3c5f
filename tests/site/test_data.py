"""`folkmoot data`: held to its schema, safe in a spreadsheet, and public unless the operator asks for more."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner

from bot import data as rows
from bot.cli import app
from bot.data import Data
from bot.datacolumns import BALLOTS, MOTIONS, TALLIES, WINDOWS, json_schema
from tests.site.conftest import Governed
from tests.site.scene import AWAY, SECRETS
from tests.site.test_verbs import typed
from tests.world import logins

__all__ = ["typed"]


def given(project: Governed, *, private: bool = False, ballots: bool = False) -> Data:
    ledger = project.ledger
    return rows.read(ledger.reader(), ledger.head(), private=private, ballots=ballots, progress=lambda done, of: None)


@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize("ballots", [False, True])
def test_the_document_is_what_its_schema_says(project: Governed, private: bool, ballots: bool) -> None:
    document = json.loads(rows.as_json(given(project, private=private, ballots=ballots)))
    jsonschema.Draft202012Validator.check_schema(json_schema())
    jsonschema.validate(document, json_schema(), format_checker=jsonschema.FormatChecker())
    assert ("ballots" in document) == ballots


def test_only_what_is_public_is_given_without_asking(project: Governed) -> None:
    text = rows.as_json(given(project)).decode()
    assert [each["motion"] for each in json.loads(text)["motions"]] == [1, 4, 5, 7, 9]
    assert not [word for word in (*SECRETS, AWAY, logins()[0], logins()[1]) if word in text]


def test_the_operator_gets_the_private_ones_but_no_contact(project: Governed) -> None:
    document = json.loads(rows.as_json(given(project, private=True)))
    by_number = {each["motion"]: each for each in document["motions"]}
    assert set(by_number) == {1, 2, 3, 4, 5, 7, 8, 9}
    assert (by_number[2]["subject"], by_number[2]["state"], by_number[2]["public"]) == ("lostone", "lost", False)
    assert AWAY not in rows.as_json(given(project, private=True)).decode()


def test_ballots_have_persons_and_no_reasons(project: Governed) -> None:
    found = given(project, private=True, ballots=True)
    assert found.ballots is not None
    mine = [each for each in found.ballots if each["motion"] == 2]
    assert {each["person"] for each in mine} == {logins()[0], logins()[1], logins()[4]}
    assert [each["choice"] for each in mine].count("no") == 1
    assert "Not careful" not in rows.as_json(found).decode()


def test_a_tally_is_given_in_numbers(project: Governed) -> None:
    document: dict[str, Any] = json.loads(rows.as_json(given(project)))
    tally = document["motions"][1]["tally"]
    assert (tally["yes"], tally["no"], tally["needed"], tally["did_not_vote"]) == (9, 2, 9, 2)
    assert document["motions"][4]["tally"]["yes"] is None, "no running count"


def test_the_csv_has_a_motion_a_row_and_every_column(project: Governed) -> None:
    read = list(csv.DictReader(io.StringIO(rows.as_csv(given(project)).decode())))
    assert list(read[0]) == [column.name for column in (*MOTIONS, *WINDOWS, *TALLIES)]
    assert [row["motion"] for row in read] == ["1", "4", "5", "7", "9"]
    assert read[1]["arithmetic"] == "2/3 of 13 = 8.66…, so 9"
    ballots = list(csv.DictReader(io.StringIO(rows.as_csv(given(project, ballots=True)).decode())))
    assert list(ballots[0]) == [column.name for column in BALLOTS]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start: str) -> None:
    row = {column.name: "" for column in (*MOTIONS, *WINDOWS, *TALLIES)} | {"title": f"{start}cmd|calc", "motion": 1}
    made = Data(log_head="", motions=[row], windows=[{}], tallies=[{}], ballots=None)
    (read,) = csv.DictReader(io.StringIO(rows.as_csv(made).decode(), newline=""))
    assert read["title"].startswith("'" + start)


def test_the_verb_prints_or_writes(typed: list[str], tmp_path: Path) -> None:
    printed = CliRunner().invoke(app, ["data", *typed, "--format", "csv"])
    assert printed.exit_code == 0
    assert printed.stdout.startswith("motion,repository,kind")
    file = tmp_path / "d.json"
    assert CliRunner().invoke(app, ["data", *typed, "-o", str(file)]).exit_code == 0
    assert json.loads(file.read_bytes())["schema"] == 1
    assert CliRunner().invoke(app, ["data", *typed, "--format", "xml"]).exit_code == 2
    shown = CliRunner().invoke(app, ["data", "--schema"])
    assert json.loads(shown.stdout) == json_schema()
