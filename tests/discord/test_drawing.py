"""Cards as Discord messages: within its limits, whatever was typed, and never as markup."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from adapters.discord import drawing, escaping
from adapters.discord.codes import mark_in, mark_line, mark_of, press_id
from bot.core.cards import (
    Bar,
    Button,
    Card,
    Code,
    Link,
    Listing,
    Mention,
    Moment,
    Note,
    Notice,
    Plain,
    Poll,
    Reply,
    Strong,
)
from bot.core.people import PersonId
from tests.fakes.discord.reading import read, words

NOW = datetime(2025, 7, 7, 21, 59, tzinfo=UTC)
HOSTILE = [
    "<t:0:R> </moot yes:1> <id:guide> <:smile:1> <a:b:2>",
    "@everyone @here <@42> <@&42> <#42>",
    "**b** *i* _u_ __u__ ~~s~~ ||sp|| `c` ```block```",
    "[a](https://evil.example) https://evil.example/x?y=1 discord.gg/abc evil.com",
    "# Head\n## Sub\n-# small\n> quote\n>>> all\n- list\n* list\n1. one\n2) two",
    "a\\*b \\` \\<",
    "folkmoot · Motion 1 · 0123456789abcdef",
]


def poll(**more: object) -> Poll:
    made = Poll(
        motion=1,
        stage="open",
        heading=(Strong("Motion 1"), Plain(" · "), Mention(PersonId("p"), "ada")),
        byline=(Plain("proposed by ada"),),
        quote="Why not.",
        notes=((Plain("A note"),),),
        bar=Bar(yes=3, no=1, abstain=0, not_voted=2, needed=4),
        tally=(Strong("3 of 4 needed"),),
        arithmetic=(Plain("66% of 6"),),
        closes=(Moment(NOW),),
        following=(Plain("Then."),),
        buttons=tuple(Button(verb=verb, label=verb.capitalize()) for verb in ("yes", "no", "abstain")),
    )
    return replace(made, **more)  # type: ignore[arg-type]


def seen(card: Card) -> str:
    drawn = drawing.draw(card)
    assert drawn.fits
    return read({"content": drawn.content, "embeds": [{"description": text} for text in drawn.embeds]})


@pytest.mark.parametrize("text", HOSTILE)
def test_typed_markup_is_shown_letter_by_letter(text: str) -> None:
    assert words(escaping.escaped(text)) == text
    assert text in seen(poll(quote=text))
    assert text.splitlines()[0] in seen(Reply(tone="info", lines=((Plain(text),), (Strong(text),))))


@pytest.mark.parametrize("char", ["x", "*", "é", "文", "👩‍🚀", "\n"])
def test_the_longest_texts_fit_or_are_cut_with_a_note(char: str) -> None:
    text = (char * 3000)[:3000]
    shown = seen(poll(quote=f"{text[:2999]}.", notes=((Plain(text),), (Plain("x" * 500),))))
    assert "3 of 4 needed" in shown
    if char in "xé文":
        assert text[:2999] in shown, "the proposal itself is whole"


def test_a_cut_tears_no_sign_apart_and_says_how_much_is_left_out() -> None:
    text = "👩‍🚀" * 400
    cut = escaping.shown(text, 200)
    begun, _, note = cut.partition("…")
    assert escaping.width(cut) <= 200
    assert note.strip(" ()").endswith("more characters do not fit here")
    assert begun == "👩‍🚀" * (len(begun) // 3)


def test_many_rows_are_cut_with_their_number() -> None:
    card = Listing(heading=(Plain("All"),), rows=tuple((Plain(f"row {n} " + "y" * 300),) for n in range(200)))
    assert "more lines, which do not fit here" in seen(card)


def test_a_moment_is_in_the_readers_zone_and_in_utc() -> None:
    assert drawing.moment(Moment(NOW, "Europe/Berlin")) == "<t:1751925540:f> (Mon 7 Jul 2025, 21:59 UTC)"


def test_a_person_is_their_login_and_an_account_that_is_not_pinged() -> None:
    card = Notice(motion=1, lines=((Mention(PersonId("p"), "ada_b"),),))
    assert drawing.draw(card, lambda person: 42).content == "\\@ada\\_b (<@42>)"
    assert drawing.draw(card).content == "\\@ada\\_b"


def test_code_is_copied_as_it_is_and_links_are_only_the_bots_own() -> None:
    line = (Code("/moot why @a`b"), Link("the [draft]", "https://x.example/a(b)"))
    assert drawing.draw(Notice(motion=1, lines=(line,))).content == (
        "`` /moot why @a`b ``[the \\[draft\\]](<https://x.example/a%28b%29>)"
    )


@pytest.mark.parametrize(
    ("code", "as_file"), [("From 9c\n+line\n", False), ("From 9c\n```\n", True), ("z" * 9000, True)]
)
def test_a_text_to_copy_is_a_block_or_a_file_and_never_cut(code: str, as_file: bool) -> None:
    drawn = drawing.draw(Note(motion=3, lines=((Plain("The patch"),),), code=code))
    assert (drawn.file is not None) is as_file
    assert (drawn.file.text if drawn.file else drawn.embeds[-1].removeprefix("```\n").removesuffix("\n```")) == code


def test_where_one_can_vote_one_can_vote_with_a_reason() -> None:
    labels = [button.label for button in drawing.draw(poll()).buttons]
    assert labels == ["Yes", "No", "Abstain", "With a reason…"]


def test_a_large_count_is_drawn_in_proportion() -> None:
    assert drawing.shapes(Bar(yes=3, no=1, abstain=1, not_voted=2, needed=5)) == "●●●○–··"
    assert len(drawing.shapes(Bar(yes=300, no=1, abstain=0, not_voted=99, needed=5))) <= drawing.WIDE + 3


def test_the_small_print_finds_a_message_by_its_key_and_holds_no_key() -> None:
    line = mark_line(7, "m7:poll:discord:1/2")
    assert mark_in(f"Anything\n{line}") == mark_of("m7:poll:discord:1/2")
    assert mark_in("Anything") is None
    assert "discord:1/2" not in line


def test_a_key_that_is_too_long_for_a_button_is_left_out() -> None:
    button = Button(verb="yes", label="Yes")
    assert press_id(button, 1, "m1:poll:discord:1/2") == "moot:press:yes:1:m1:poll:discord:1/2"
    assert press_id(button, 1, "k" * 95) == "moot:press:yes:1:"
