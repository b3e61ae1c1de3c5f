"""The csv-hash format's own quirks, and the real edits of distribution and moby where the corpus is there."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.rosterfile.csvhash import CsvHash
from bot.ports import RosterChange, RosterError
from tests.corpus.replay import cases as corpus_cases
from tests.corpus.replay import change_of

CSV = CsvHash()
HEAD = "# MAINTAINERS\n# GitHub ID, Name, Email address\n"
TWO = '"ann","Ann","ann@example.org"\n"bob","Bob","bob@example.org"\n'

# People put these into a sorted list at its end, or into an unsorted one in its middle: the same but for the place.
ELSEWHERE = {"239c368f", "d3cd41aa"}
# This one began a new separator style as well; the section's last row had the old one.
RESTYLED = {"c1147cc1"}


def edit(text: str, login: str, *, action: str = "add", section: str = "MAINTAINERS", name: str = "New") -> str:
    change = RosterChange(
        action="add" if action == "add" else "remove",
        sections=(section,),
        login=login,
        name=name,
        email=f"{login}@example.org" if action == "add" else "",
    )
    return CSV.edit(path="MAINTAINERS", data=text.encode(), change=change).decode()


def error(text: str) -> RosterError:
    with pytest.raises(RosterError) as caught:
        CSV.read(path="MAINTAINERS", data=text.encode())
    return caught.value


def cases() -> list[dict[str, Any]]:
    return [case for case in corpus_cases() if case["format"] == "csv-hash"]


def done(case: dict[str, Any]) -> bytes:
    return CSV.edit(path=case["path"], data=case["before"].encode(), change=change_of(case))


@pytest.mark.skipif(not corpus_cases(), reason="the corpus of real edits is not beside the project")
def test_real_edits_come_out_as_people_made_them() -> None:
    assert cases()
    for case in cases():
        after, wanted = done(case), case["after"].encode()
        if case["commit"][:8] in RESTYLED:
            after, wanted = after.replace(b'", "', b'","'), wanted.replace(b'", "', b'","')
        if case["commit"][:8] in ELSEWHERE | RESTYLED:
            assert sorted(after.splitlines()) == sorted(wanted.splitlines()), case["commit"]
        else:
            assert after == wanted, case["commit"]


def test_a_sorted_section_stays_sorted_by_folded_login() -> None:
    text = HEAD + '"AkihiroS","A",""\n"bob","B",""\n"Zoe","Z",""\n'
    assert edit(text, "Carl").splitlines()[4] == '"Carl","New","Carl@example.org"'
    assert edit(text, "aaron").splitlines()[2].startswith('"aaron"')
    assert edit(text, "zz").splitlines()[-1].startswith('"zz"')


def test_an_unsorted_section_and_one_of_a_single_row_are_appended_to() -> None:
    unsorted = HEAD + '"zoe","Z",""\n"ann","A",""\n'
    assert edit(unsorted, "bob").splitlines()[-1].startswith('"bob"')
    assert edit(HEAD + '"zoe","Z",""\n', "bob").splitlines()[-1].startswith('"bob"')


def test_the_separator_is_copied_from_the_sections_last_row() -> None:
    text = HEAD + '"zoe","Z",""\n"ann", "A", ""\n'
    assert edit(text, "bob").endswith('"bob", "New", "bob@example.org"\n')


def test_the_first_row_of_a_section_goes_below_its_column_line_in_the_files_style() -> None:
    text = "# MAINTAINERS\n# ID, Name\n#\n# REVIEWERS\n" + '"ann", "Ann", ""\n'
    assert edit(text, "bob") == (
        '# MAINTAINERS\n# ID, Name\n"bob", "New", "bob@example.org"\n#\n# REVIEWERS\n"ann", "Ann", ""\n'
    )


def test_an_unknown_mail_address_is_an_empty_cell() -> None:
    change = RosterChange(action="add", sections=("MAINTAINERS",), login="cy", name="Cy")
    assert CSV.edit(path="M", data=(HEAD + TWO).encode(), change=change).endswith(b'"cy","Cy",""\n')


def test_the_login_stands_in_for_an_unknown_name() -> None:
    assert edit(HEAD + TWO, "cy", name="").endswith('"cy","cy","cy@example.org"\n')


def test_a_removal_at_an_end_without_newline_leaves_none() -> None:
    assert edit(HEAD + TWO.rstrip("\n"), "bob", action="remove") == HEAD + TWO.splitlines()[0]


def test_a_move_carries_every_cell_into_the_other_sections_style() -> None:
    text = HEAD + TWO + '#\n# REVIEWERS\n"cy", "Cy ""C"" C", "", "ABCD 1234"\n"zed", "Z", ""\n'
    change = RosterChange(action="move", login="CY", sources=("REVIEWERS",), sections=("MAINTAINERS",))
    moved = CSV.edit(path="M", data=text.encode(), change=change).decode()
    assert moved == HEAD + TWO + '"cy","Cy ""C"" C","","ABCD 1234"\n#\n# REVIEWERS\n"zed", "Z", ""\n'


def test_a_byte_order_mark_is_kept() -> None:
    data = b"\xef\xbb\xbf" + (HEAD + TWO).encode()
    assert CSV.recognises(path="M", data=data)
    change = RosterChange(action="remove", sections=("MAINTAINERS",), login="bob")
    assert CSV.edit(path="M", data=data, change=change) == data[: data.index(b'"bob"')]


def test_prose_and_columns_are_no_headings() -> None:
    text = "# Distribution project maintainers & reviewers\n#\n# See GOVERNANCE.md for roles\n#\n" + HEAD + TWO
    assert {row.section for row in CSV.read(path="M", data=text.encode())} == {"MAINTAINERS"}


def test_a_list_address_is_no_part_of_the_sections_name() -> None:
    text = "# MAINTAINERS (maintainers@lists.example.org)\n" + TWO
    assert [row.section for row in CSV.read(path="M", data=text.encode())] == ["MAINTAINERS"] * 2


@pytest.mark.parametrize("comment", ["# Reviewers", "# Emeritus maintainers", "## Former committers", "# NOTE"])
def test_a_comment_that_may_be_a_heading_is_not_read_over(comment: str) -> None:
    """Rows under it would count as maintainers, or not, by a guess (T9)."""
    caught = error(HEAD + TWO + comment + '\n"cy","Cy",""\n')
    assert caught.line == 5
    assert "capitals" in caught.remedy


def test_a_row_before_any_section_is_refused() -> None:
    assert error('"ann","Ann",""\n' + HEAD + TWO).line == 1


def test_a_login_twice_in_a_section_is_refused_and_in_two_sections_is_not() -> None:
    assert "twice" in error(HEAD + TWO + '"ANN","Ann",""\n').what
    assert len(CSV.read(path="M", data=(HEAD + TWO + "#\n# REVIEWERS\n" + TWO).encode())) == 4


def test_two_sections_of_one_name_are_refused() -> None:
    assert "second section" in error(HEAD + TWO + "#\n# MAINTAINERS\n" + '"cy","Cy",""\n').what


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("“ann”,“Ann”,“ann@example.org”", "straight"),
        ('"ann","Ann"', "2 cells"),
        ('"ann","Ann","a@example.org",', "straight"),
        ('"ann","Ann","a@example.org', "never closed"),
        ('"ann" "Ann" "x"', "comma"),
        ("ann,Ann,ann@example.org", "straight"),
        ('"ann b","Ann",""', "login"),
    ],
)
def test_a_broken_row_is_refused_with_its_line_and_what_is_wrong(row: str, what: str) -> None:
    caught = error(HEAD + row + "\n")
    assert caught.line == 3
    assert what in caught.what
    assert caught.remedy


def test_a_file_over_a_mebibyte_is_refused() -> None:
    assert "bytes" in error(HEAD + "#" * (1 << 20)).what
