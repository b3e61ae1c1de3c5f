"""What people do in their maintainers files, format by format, and what an edit makes of it: exact texts."""

from __future__ import annotations

from typing import Literal

import pytest

from adapters.rosterfile import FORMATS, detect
from bot.ports import RosterChange, RosterError


def edit(
    form: str,
    text: str,
    action: Literal["add", "remove", "move"],
    who: str,
    *,
    to: str | None = None,
    source: str = "",
    path: str = "FILE",
    name: str = "",
    email: str = "",
    company: str = "",
) -> str:
    known = next(each for each in FORMATS if each.name == form)
    change = RosterChange(
        action=action,
        sections=() if to is None else (to,),
        sources=(source,) if source else (),
        login=who,
        name=name,
        email=email,
        company=company,
    )
    return known.edit(path=path, data=text.encode(), change=change).decode()


def rows(form: str, text: str, *, path: str = "FILE") -> list[tuple[str, str, str]]:
    known = next(each for each in FORMATS if each.name == form)
    return [(row.section, row.login, row.name) for row in known.read(path=path, data=text.encode())]


# --------------------------------------------------------------------------- toml-moby

TOML = """[Org]
	bdfl = "ann"
	[Org.Core]
		people = ["ann", "bob"]
	[Org.Alumni]
		people = [
			# Zoe began it.
			"zoe"
		]
[people]
	[people.ann]
	Name = "Ann"
	Github = "ann-1"

	[people.bob]
	Name = "Bob"
	Github = "bob"

	[people.zoe]
	Name = "Zoe"
	Github = "zoe"
"""


def test_toml_a_table_stays_while_anything_refers_to_it() -> None:
    assert edit("toml-moby", TOML, "remove", "ann-1", to="Org.Core") == TOML.replace('"ann", "bob"', '"bob"')


def test_toml_the_last_reference_takes_the_table_along() -> None:
    block = '	[people.bob]\n	Name = "Bob"\n	Github = "bob"\n\n'
    assert edit("toml-moby", TOML, "remove", "bob", to="Core") == TOML.replace(', "bob"', "").replace(block, "")


def test_toml_a_list_on_one_line_stays_on_it_and_fields_are_called_as_the_neighbours_are() -> None:
    after = edit("toml-moby", TOML, "add", "Abe", to="Org.Core", name="Abe Ek")
    assert 'people = ["abe", "ann", "bob"]' in after
    assert '	[people.abe]\n	Name = "Abe Ek"\n	Github = "Abe"\n\n	[people.ann]\n' in after


def test_toml_a_comment_on_an_entry_goes_with_it_and_a_comma_comes_with_the_next() -> None:
    after = edit("toml-moby", TOML, "move", "zoe", to="Org.Core", source="Org.Alumni")
    assert "Zoe began it" not in after
    assert 'people = ["ann", "bob", "zoe"]' in after
    assert '"zoe"\n' not in after.partition("[people]")[0]


def test_toml_the_key_of_somebody_with_another_login_names_nobody() -> None:
    with pytest.raises(RosterError, match="not in"):
        edit("toml-moby", TOML, "remove", "ann", to="Org.Core")
    assert '["bob"]' in edit("toml-moby", TOML, "remove", "ann", to="Org.Core", name="Ann")


def test_toml_a_key_that_is_another_persons_is_refused() -> None:
    with pytest.raises(RosterError, match="another person's"):
        edit("toml-moby", TOML, "add", "ann", to="Org.Alumni", name="Other Ann")


def test_toml_text_in_quotes_is_no_toml() -> None:
    text = '[Rules]\nx = """\n[people.eve]\nGitHub = "eve"\n"""\n' + TOML
    assert ("Org.Core", "bob", "Bob") in rows("toml-moby", text)
    assert not any(login == "eve" for _, login, _ in rows("toml-moby", text))


@pytest.mark.parametrize("broken", ['x = """\n', "[Org]\n", "people = [\n", 'y = "\\q"\n'])
def test_toml_what_is_no_toml_is_refused(broken: str) -> None:
    with pytest.raises(RosterError):
        rows("toml-moby", TOML + broken)


# --------------------------------------------------------------------------- owners, aliases


def test_owners_comments_stay_in_their_column_and_a_long_login_pushes_its_own_only() -> None:
    text = "approvers:\n  - ann    # Ann <ann@example.org>\n  - bob    # Bob <bob@example.org>\n"
    after = edit("owners", text, "add", "a-very-long-one", to="approvers", name="Al", email="al@example.org")
    assert after == text.replace("approvers:\n", "approvers:\n  - a-very-long-one # Al <al@example.org>\n")


def test_owners_items_at_the_margin_quoted_or_on_one_line_keep_their_style() -> None:
    assert edit("owners", "approvers:\n- 'ann'\n", "add", "bob") == "approvers:\n- 'ann'\n- 'bob'\n"
    assert edit("owners", "approvers: [ann, cy] # both\n", "add", "bob") == "approvers: [ann, bob, cy] # both\n"
    assert edit("owners", "approvers: [ann, cy]\n", "remove", "ann") == "approvers: [cy]\n"
    assert edit("owners", "approvers: [ann]\n", "remove", "ann") == "approvers: []\n"


def test_owners_the_same_login_elsewhere_stays() -> None:
    text = "filters:\n  '.*':\n    approvers:\n    - ann\n  x:\n    approvers:\n    - ann\n    - bob\nlabels:\n- ann\n"
    after = edit("owners", text, "remove", "ann", to="filters/x/approvers")
    assert after == text.replace("    - ann\n    - bob\n", "    - bob\n")


def test_owners_what_is_no_list_of_logins_is_refused_where_people_stand() -> None:
    for text in (
        "approvers:\n- ann: x\n",
        "approvers:\n- ann bob\n",
        "approvers:\n- &a ann\n",
        "approvers:\n- ann\n- ANN\n",
    ):
        with pytest.raises(RosterError):
            rows("owners", text)


def test_owners_the_first_emeritus_comes_with_the_key_behind_the_other_lists() -> None:
    text = "approvers:\n- ann\n- bob\n\nreviewers:\n- cy\n\nlabels:\n- x\n"
    wanted = "approvers:\n- ann\n\nreviewers:\n- cy\n\nemeritus_approvers:\n- bob\n\nlabels:\n- x\n"
    assert edit("owners", text, "move", "bob", to="emeritus_approvers") == wanted
    with pytest.raises(RosterError, match="no section"):
        edit("owners", text, "move", "bob", to="former")


def test_owners_a_capital_first_order_stays() -> None:
    text = "aliases:\n  a:\n  - Verolop\n  - cpan\n  - jer\n"
    assert edit("aliases", text, "add", "dan", to="a") == text.replace("  - jer\n", "  - dan\n  - jer\n")


# --------------------------------------------------------------------------- codeowners


def test_codeowners_the_last_owner_leaves_the_pattern_and_a_new_one_stands_in_the_column() -> None:
    text = "/a      @ann\n/b\n/c      @org/team @ann # both\n"
    assert edit("codeowners", text, "remove", "ann", to="/a") == text.replace("/a      @ann", "/a")
    assert edit("codeowners", text, "add", "bob", to="/b") == text.replace("/b\n", "/b      @bob\n")
    assert edit("codeowners", text, "add", "bob", to="/c") == text.replace("@ann #", "@ann @bob #")
    assert edit("codeowners", text, "remove", "ann", to="/c") == text.replace(" @ann #", " #")


def test_codeowners_a_pattern_that_is_not_there_or_there_twice_is_refused() -> None:
    with pytest.raises(RosterError, match="no section"):
        edit("codeowners", "/a @ann\n", "add", "bob", to="/b")
    with pytest.raises(RosterError, match="2 sections"):
        edit("codeowners", "/a @ann\n/b @ann\n/a @cy\n", "add", "bob", to="/a")


# --------------------------------------------------------------------------- md-table

HEAD = "# M\n\n| Name | GitHub | Where |\n| :-- | --- |:-:|\n"
TABLE = HEAD + "| Ann | @ann | [Mill](https://m.example) |\n| Bob | @bob | Pond\n"


def test_a_table_row_is_written_as_the_others_are_and_a_company_with_its_link() -> None:
    text = TABLE.replace("Where", "Company")
    after = edit("md-table", text, "add", "cy", name="Cy", company="mill", path="M.md")
    assert after == text + "| Cy | @cy | [Mill](https://m.example)\n"


def test_a_table_column_that_nobody_explains_stays_empty() -> None:
    assert edit("md-table", TABLE, "add", "cy", name="Cy", path="M.md").endswith("| Cy | @cy |\n")


def test_a_table_text_that_disagrees_with_its_link_is_taken_at_its_text() -> None:
    text = "| Maintainer | GitHub ID |\n|---|---|\n| Al | [al](https://github.com/jo) |\n"
    text += "| Jo | [jo](https://github.com/jo) |\n"
    assert [login for _, login, _ in rows("md-table", text, path="M.md")] == ["al", "jo"]
    assert edit("md-table", text, "remove", "jo", path="M.md") == text.replace(
        "| Jo | [jo](https://github.com/jo) |\n", ""
    )


def test_a_table_in_code_is_no_table() -> None:
    with pytest.raises(RosterError):
        detect("M.md", b"```\n| Name | GitHub |\n|---|---|\n| Ann | @ann |\n```\n")


# --------------------------------------------------------------------------- md-list


def test_a_list_remark_about_one_person_is_not_taken_over() -> None:
    text = "# M\n\n* [Ann Lee](https://github.com/ann) (chair)\n"
    assert edit("md-list", text, "add", "bob", name="Bob", path="M.md") == text + "* [Bob](https://github.com/bob)\n"


def test_a_list_with_blank_lines_between_its_items_keeps_them() -> None:
    items = ["* Zoe Ek (@zoe)\n  two lines\n", "* Ann Lee (@ann)\n", "* Cy Orr (@cy)\n"]
    text = "# M\n\n" + "\n".join(items)
    assert edit("md-list", text, "add", "bob", name="Bob Rask", path="M.md") == text + "\n* Bob Rask (@bob)\n"
    for item, login in zip(items, ("zoe", "ann", "cy"), strict=True):
        left = "# M\n\n" + "\n".join(each for each in items if each != item)
        assert edit("md-list", text, "remove", login, path="M.md") == left


def test_a_list_with_numbers_goes_on_counting() -> None:
    text = "# M\n\n1. Zoe Ek (@zoe)\n2. Ann Lee (@ann)\n"
    assert edit("md-list", text, "add", "bob", name="Bob Orr", path="M.md") == text + "3. Bob Orr (@bob)\n"
    same = text.replace("2.", "1.")
    assert edit("md-list", same, "add", "bob", name="Bob Orr", path="M.md") == same + "1. Bob Orr (@bob)\n"


def test_a_list_whoever_stands_below_a_person_or_a_label_is_not_one_of_the_list() -> None:
    text = "# Maintainers\n\n* Ann Lee (@ann)\n  * was taught by @bob\n* Former:\n  * Cy Orr (@cy)\n"
    found = [("Maintainers", "ann", "Ann Lee"), ("Maintainers / Former", "cy", "Cy Orr")]
    assert rows("md-list", text, path="M.md") == found
    with pytest.raises(RosterError, match="other people stand below"):
        edit("md-list", text, "remove", "ann", to="Maintainers", path="M.md")


def test_a_list_item_of_two_lines_is_one_record() -> None:
    text = "# M\n\n* [ann](https://github.com/ann) -\n  **Ann Lee** <<ann@example.org>> (she/her)\n"
    after = edit("md-list", text, "add", "bob", name="Bob", email="bob@example.org", path="M.md")
    assert after == text + "* [bob](https://github.com/bob) -\n  **Bob** <<bob@example.org>>\n"
    assert edit("md-list", after, "remove", "ann", path="M.md").count("\n") == 4


def test_a_list_a_move_keeps_the_pronouns_and_drops_what_the_other_list_does_not_say() -> None:
    people = "- [Ann Lee](https://github.com/ann) (she/her)\n", "- [Bo Ek](https://github.com/bo), Mill\n"
    past = "\n## Past\n\n- [Cy Orr](https://github.com/cy)\n"
    text = f"# M\n\n{people[0]}{people[1]}{past}"
    assert edit("md-list", text, "move", "ann", to="Past", path="M.md") == f"# M\n\n{people[1]}{past}{people[0]}"
    plain = "- [Bo Ek](https://github.com/bo)\n"
    assert edit("md-list", text, "move", "bo", to="Past", path="M.md") == f"# M\n\n{people[0]}{past}{plain}"


def test_a_list_the_last_person_leaves_and_the_first_comes_below_the_heading() -> None:
    item = "- Ann Lee ([ann](https://github.com/ann))\n"
    text = f"# Maintainers\n\n{item}\n## Emeritus maintainers\n"
    moved = f"# Maintainers\n\n\n## Emeritus maintainers\n\n{item}"
    assert edit("md-list", text, "move", "ann", to="Emeritus maintainers", path="M.md") == moved
    assert edit("md-list", moved, "move", "ann", to="Maintainers", path="M.md") == text + "\n"


def test_a_list_line_where_people_cannot_be_told_apart_is_shown_and_not_edited() -> None:
    text = "# M\n\n* `a`: Ann (<a@example.org> / @ann, Bob (<b@example.org> / @bob)\n* `b`: Cy (@cy)\n"
    assert [login for _, login, _ in rows("md-list", text, path="M.md")] == ["ann", "bob", "cy"]
    for action in ("add", "remove"):
        with pytest.raises(RosterError, match="not clear"):
            edit(
                "md-list",
                text,
                "add" if action == "add" else "remove",
                "dan" if action == "add" else "ann",
                name="D",
                to="a",
                path="M.md",
            )


# --------------------------------------------------------------------------- plain


def test_plain_prose_above_is_left_alone_and_prose_among_people_is_an_error() -> None:
    text = "These people look after the mill.\n\nAnn Lee, Mill <ann@example.org> (github: @ann, slack: annie)\n"
    assert rows("plain", text) == [("", "ann", "Ann Lee")]
    after = edit("plain", text, "add", "bob", name="Bob Ek", email="bob@example.org", company="Pond")
    assert after == text + "Bob Ek, Pond <bob@example.org> (github: @bob)\n"
    with pytest.raises(RosterError):
        rows("plain", text + "and a few friends of theirs\n")


def test_plain_a_label_that_is_not_there_is_put_among_the_others() -> None:
    text = "Ann <ann@example.org>\na.go: Bob <bob@example.org>\nz.go: Cy <cy@example.org>\n"
    after = edit("plain", text, "add", "", name="Dan", email="dan@example.org", to="m.go")
    assert after == text.replace("z.go", "m.go: Dan <dan@example.org>\nz.go")


def test_plain_a_second_mail_address_and_a_setting_are_the_neighbours_own_and_everybodys() -> None:
    text = "Ann <ann@example.org> <lee@example.org> (@ann) pkg:*\n"
    after = edit("plain", text, "add", "bob", name="Bob", email="bob@example.org")
    assert after == text + "Bob <bob@example.org> (@bob) pkg:*\n"


def test_plain_what_a_line_says_of_one_person_alone_is_not_taken_over() -> None:
    text = "Ann <ann@example.org> (@ann) irc:annie\nBob <bob@example.org> (@bob) tel:5550100\n"
    after = edit("plain", text, "add", "cy", name="Cy", email="cy@example.org")
    assert after == text + "Cy <cy@example.org> (@cy)\n"


# --------------------------------------------------------------------------- csv-header


def test_csv_quotes_are_used_where_the_neighbours_use_them() -> None:
    text = '"name","github"\n"Ann","ann"\n'
    assert edit("csv-header", text, "add", "bob", name="Bob", path="m.csv") == text + '"Bob","bob"\n'


def test_csv_rows_of_another_length_than_the_header_are_read_and_kept() -> None:
    text = "github,email,name\nann,,Ann\nbob,,Bob,Mill,x\n"
    assert edit("csv-header", text, "remove", "ann", path="m.csv") == "github,email,name\nbob,,Bob,Mill,x\n"


def test_where_two_formats_fit_both_are_named() -> None:
    text = "# M\n\n| Name | GitHub |\n|---|---|\n| Ann | @ann |\n\n## Past\n\n* [Bob](https://github.com/bob)\n"
    with pytest.raises(RosterError, match="md-table, md-list"):
        detect("M.md", text.encode())
