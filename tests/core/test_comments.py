"""Which lines of a comment are commands: what readers see, in the writer's own words, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.comments import MOST_BYTES, MOST_LINES, command_lines
from bot.core.people import RosterRow
from bot.core.roster_diff import roster_diff


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/moot yes", ["yes"]),
        ("I agree.\n/moot yes because *it* is `fine`\nmore", ["yes because it is fine"]),
        ("/moot yes\r\n/moot no\r\n", ["yes", "no"]),
        ("   /moot yes", ["yes"]),
        ("> you said\n\n/moot no", ["no"]),
        ("```\n/moot yes\n```", []),
        ("~~~ text\n/moot yes", []),
        ("    /moot yes", []),
        ("\t/moot yes", []),
        ("> /moot yes", []),
        ("> quoted\n/moot yes", []),
        (">> deep\n> /moot yes\n/moot no", []),
        ("- /moot yes", []),
        ("1. a\n   /moot yes", []),
        ("<!-- /moot yes -->", []),
        ("<!--\n/moot yes\n-->", []),
        ("shown <!--\n/moot yes\n--> shown", []),
        ("<!-- open\n\n/moot yes", []),
        ("<details>\n/moot yes\n</details>", []),
        ("<details><summary>log</summary>\n\n/moot yes\n\n</details>\n\n/moot no", ["no"]),
        ("<blockquote>\n\n/moot yes\n\n</blockquote>", []),
        ("<BLOCKQUOTE class='x'>\n\n<blockquote>\n\n</blockquote>\n\n/moot yes", []),
        ("<ul><li>\n\n/moot yes\n", []),
        ("a <s>\n/moot yes\n</s>\n/moot no", ["no"]),
        ("said <q>so\n/moot yes\n", []),
        ("<!-- <blockquote> -->\n\n</blockquote>\n\n/moot yes", ["yes"]),
        ("a <b>\n/moot yes", ["yes"]),
        ("`code\n/moot yes`", []),
        ("~~/moot yes~~", []),
        ("**/moot yes**", []),
        ("[shown\n/moot yes](https://example.org)", []),
        ("# /moot yes", []),
        ("| a |\n| - |\n| /moot yes |", []),
        ("say /moot yes", []),
        ("/mootyes", []),
        ("/Moot yes", []),
        ("/moot", [""]),
    ],
)
def test_a_command_is_what_stands_at_the_start_of_a_line_of_plain_text(text: str, words: list[str]) -> None:
    assert [line.words for line in command_lines(text)] == words


@pytest.mark.parametrize(
    "header",
    [
        "On Mon, Nov 30, 2026 at 9:12 AM Bob <notifications@github.com> wrote:",
        "Am 30.11.2026 um 09:12 schrieb Bob <notifications@github.com>:",
        "From: Bob <notifications@github.com>",
        "**From:** Bob <notifications@github.com>",
        "Von: Bob <noreply@git.example.org> Gesendet: Montag",
        "To: o/r <reply+AB12C@reply.github.com>",
        "-----Original Message-----",
        "________________________________\nFrom: Bob <notifications@github.com>\nSent: Monday\nSubject: Re: [o/r]",
    ],
)
def test_what_a_mail_program_puts_below_an_answer_is_not_the_writers(header: str) -> None:
    mail = f"/moot yes I agree\n\n{header}\n\n/moot no\n\n/moot resolve\n"
    (line,) = command_lines(mail)
    assert line.words == "yes I agree"
    assert "/moot" not in line.below + line.around
    assert command_lines(f"Thanks!\n\n{header}\n/moot no") == ()


def test_to_speak_of_mail_hides_no_command() -> None:
    signed = "Signed-off-by: Bob <7+bob@users.noreply.github.com>\nCo-authored-by: Web <noreply@github.com>"
    assert [line.words for line in command_lines(f"Mail from notifications@github.com came.\n{signed}\n/moot yes")] == [
        "yes"
    ]


def test_what_stands_below_and_around_is_without_hidden_comments() -> None:
    (line,) = command_lines("Intro\n<!-- hint -->\n\n/moot resolve\nand\n\n<!-- x -->\n```\ncode\n```")
    assert (line.paragraph, line.below) == ("and", "and\n\n\n```\ncode\n```")
    assert line.around.startswith("Intro")
    assert "hint" not in line.around


@pytest.mark.parametrize("line", ["a:" + "<reply+" * 9000, "a:" + "<noreply@x" * 6000, "On <noreply@forge>:" * 4000])
def test_t36_a_line_that_is_too_long_for_the_header_of_a_mail_is_not_searched_for_one(line: str) -> None:
    assert len(command_lines(f"{line}\n\n/moot yes")) == 1


@pytest.mark.parametrize("mark", ["[", "![", "][", "[a]("])
def test_t36_a_paragraph_of_nothing_but_beginnings_of_links_is_not_read(mark: str) -> None:
    assert command_lines(f"/moot yes\n\n{mark * 15_000}") == ()
    assert len(command_lines(f"/moot yes\n\n{mark * 2000}")) == 1


def test_t36_neither_many_lines_nor_a_huge_text_are_read() -> None:
    assert len(command_lines("/moot yes\n\n" * 50)) == MOST_LINES
    assert command_lines("/moot yes\n" + "x" * MOST_BYTES) == ()
    assert command_lines(">" * 20_000 + "\n\n/moot yes") != ()


@given(st.text(alphabet="/mot yes\n>`<!-#*[]|\t~", max_size=60))
def test_no_text_breaks_it_and_a_quote_of_any_text_holds_no_command(text: str) -> None:
    command_lines(text)
    quoted = "\n".join(f"> {line}" for line in text.splitlines())
    assert command_lines(quoted) == ()


def rows(*held: tuple[str, str], name: str = "") -> list[RosterRow]:
    return [RosterRow(section=section, login=login, name=name) for login, section in held]


def role(row: RosterRow) -> str | None:
    return {"M": "maintainer", "R": "reviewer"}.get(row.section)


@pytest.mark.parametrize(
    ("before", "after", "joining", "leaving"),
    [
        (rows(("a", "M")), rows(("a", "M"), ("B", "M")), ("b", "maintainer"), None),
        (rows(("a", "M"), ("b", "R")), rows(("a", "M"), ("b", "M")), ("b", "maintainer"), None),
        (rows(("a", "M"), ("b", "M")), rows(("a", "M")), None, "b"),
        (rows(("a", "M")), rows(("a", "M"), ("b", "M"), ("c", "M")), None, None),
        (rows(("a", "M"), ("b", "M")), rows(("a", "M"), ("c", "M")), None, None),
        (rows(("a", "M")), rows(("a", "M"), ("b", "X")), None, None),
        (rows(("a", "M")), rows(("a", "M"), name="A") + rows(("b", "M")), None, None),
        (rows(("b", "M"), ("a", "M")), rows(("a", "M"), ("b", "M")), None, None),
    ],
)
def test_t24_exactly_one_person_joins_or_leaves_and_no_other_record_differs(
    before: list[RosterRow], after: list[RosterRow], joining: tuple[str, str] | None, leaving: str | None
) -> None:
    found = roster_diff(before, after, role)
    assert (found.joining, found.leaving) == (joining, leaving)
