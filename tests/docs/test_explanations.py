"""Every test that a table of the explanation names is there: a claim without its test is no claim."""

from __future__ import annotations

import re

import pytest

from tests.docs.files import ROOT

_NAMED = re.compile(r"`(test_\w+)`")


def defined() -> set[str]:
    """The names of all test functions."""
    files = (ROOT / "tests").rglob("test_*.py")
    return {name for file in files for name in re.findall(r"def (test_\w+)", file.read_text(encoding="utf-8"))}


NUMBERS = {
    "reliability.md": {*range(1, 4), *range(5, 10), 11, 14, 15, 17, *range(19, 22), *range(24, 31), *range(32, 37)}
    | {39, *range(40, 47)},
    "security.md": {*range(1, 11), *range(13, 48), 49},
}
"""The numbers of the list of threats and faults; those that are missing here were never given."""


def numbered(page: str) -> list[list[int]]:
    """The numbers of each row, in the order of the page; `F24-F27` stands for all from one to the other."""
    text = (ROOT / "docs" / "explanation" / page).read_text(encoding="utf-8")
    heads = re.findall(r"^\| ([TF]\d[TF\d, -]*) \|", text, re.MULTILINE)
    ranges = [re.findall(r"[TF](\d+)(?:-[TF](\d+))?", head) for head in heads]
    return [[n for first, last in row for n in range(int(first), int(last or first) + 1)] for row in ranges]


@pytest.mark.parametrize("page", NUMBERS)
def test_every_number_has_its_row_and_the_rows_stand_in_order(page: str) -> None:
    rows = numbered(page)
    assert {number for row in rows for number in row} == NUMBERS[page]
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)


@pytest.mark.parametrize("page", ["reliability.md", "security.md"])
def test_each_row_names_a_test_that_exists(page: str) -> None:
    text = (ROOT / "docs" / "explanation" / page).read_text(encoding="utf-8")
    named = set(_NAMED.findall(text))
    assert named
    assert named - defined() == set()


@pytest.mark.parametrize(("page", "letter"), [("reliability.md", "F"), ("security.md", "T")])
def test_every_row_has_a_test(page: str, letter: str) -> None:
    text = (ROOT / "docs" / "explanation" / page).read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if re.match(rf"\| {letter}\d", line)]
    assert len(rows) > 20
    assert [row for row in rows if not re.search(r"`test_\w+`", row)] == []
