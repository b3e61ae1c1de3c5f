"""Other projects' edits come out as people made them, and never touch anybody else's record."""

from __future__ import annotations

import pytest

from adapters.rosterfile import FORMATS
from tests.corpus.replay import Replayed, cases, format_named, replay

pytestmark = pytest.mark.skipif(not cases(), reason="the corpus of real edits is not beside the project")
GOOD = {"exact", "position"}
FLOOR = 0.75
"""Under what share of good edits something has broken. The rest holds what no rule can know."""


@pytest.fixture(scope="module")
def found() -> list[Replayed]:
    return [replay(case) for case in cases()]


def test_no_edit_changes_another_persons_record(found: list[Replayed]) -> None:
    assert [each.label for each in found if each.verdict == "wrong"] == []


def test_most_edits_are_those_that_people_made(found: list[Replayed]) -> None:
    assert sum(each.verdict in GOOD for each in found) >= FLOOR * len(found)


def test_every_file_is_found_to_be_in_its_format(found: list[Replayed]) -> None:
    assert [each.label for each in found if each.reason.startswith("taken for")] == []
    assert {each.case["format"] for each in found} <= {form.name for form in FORMATS}


def test_a_refusal_says_why_and_what_to_do(found: list[Replayed]) -> None:
    assert all(each.reason.endswith(")") for each in found if each.verdict == "refused")


def test_the_configured_format_gives_the_same_as_the_one_that_is_found(found: list[Replayed]) -> None:
    for each in found[::7]:
        assert replay(each.case, by_name=True).after == each.after


def test_an_edit_keeps_the_files_line_ends_and_last_byte() -> None:
    for case in cases()[::5]:
        before = case["before"].replace("\n", "\r\n")
        done = replay({**case, "before": before, "after": case["after"].replace("\n", "\r\n")}, by_name=True)
        plain = replay(case, by_name=True)
        assert done.verdict == plain.verdict, done.label
        assert done.after == plain.after.replace("\n", "\r\n"), done.label


def test_undoing_an_addition_gives_every_byte_back() -> None:
    from dataclasses import replace

    from tests.corpus.replay import change_of

    for case in cases():
        if case["action"] != "add" or replay(case).verdict not in GOOD:
            continue
        form, data = format_named(case["format"]), case["before"].encode()
        after = form.edit(path=case["path"], data=data, change=change_of(case))
        undone = form.edit(path=case["path"], data=after, change=replace(change_of(case), action="remove"))
        assert undone == data, replay(case).label
