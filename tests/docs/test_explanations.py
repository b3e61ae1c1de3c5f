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


@pytest.mark.parametrize("page", ["reliability.md", "security.md"])
def test_each_row_names_a_test_that_exists(page: str) -> None:
    text = (ROOT / "docs" / "explanation" / page).read_text(encoding="utf-8")
    named = set(_NAMED.findall(text))
    assert named
    assert named - defined() == set()


@pytest.mark.parametrize(("page", "letter"), [("reliability.md", "F"), ("security.md", "T")])
def test_every_row_has_a_test_or_says_why_there_is_none(page: str, letter: str) -> None:
    text = (ROOT / "docs" / "explanation" / page).read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if re.match(rf"\| {letter}\d", line)]
    assert len(rows) > 20
    assert [row for row in rows if not re.search(r"`test_\w+`|by design|`make setup`", row)] == []
