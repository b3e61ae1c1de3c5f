"""The longest that is legal, and beyond: everything is taken by Slack, what does not fit is cut with a note."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from adapters.slack.blocks import BUTTON, HEADER, size
from adapters.slack.drawing import BUDGET, draw, shapes
from bot.core.cards import Bar, Button, Card, Code, Listing, Mention, Note, Notice, Plain, Poll, Reply
from bot.core.people import PersonId
from bot.core.prose import REASON_LIMIT, TEXT_LIMIT, TITLE_LIMIT
from tests.contract.test_platform import BUTTONS, CARDS, SPANS, poll
from tests.fakes.slack import kit

CHARS = ("x", "&", "<", '"', "\\", "\n", "文", "👩‍🚀", "\u202e")
MANY = tuple(Button(verb="status", label=f"{number} " + "w" * 100) for number in range(9))


def _longest(char: str) -> Iterator[Card]:
    def long(limit: int) -> str:
        return (char * limit)[:limit]

    title, text, reason = long(TITLE_LIMIT), long(TEXT_LIMIT), long(REASON_LIMIT)
    lines = ((Plain(title),), SPANS, (Plain(text),), (Mention(PersonId("p"), "l" * 39), Code(reason)))
    yield Poll(
        motion=999_999_999,
        stage="open",
        heading=(Plain("Motion 999999999 · resolution: "), Plain(title)),
        byline=SPANS,
        quote=text,
        notes=lines * 5,
        bar=Bar(yes=300, no=200, abstain=1, not_voted=499, needed=667),
        tally=SPANS,
        arithmetic=SPANS,
        closes=SPANS,
        following=SPANS,
        buttons=MANY,
    )
    yield Notice(motion=1, lines=lines * 3, quote=text, buttons=MANY)
    yield Note(motion=1, lines=lines, code=text * 20, buttons=MANY)
    yield Reply(tone="refused", lines=lines * 20, buttons=MANY)
    yield Listing(heading=(Plain(text),), rows=lines * 300, footer=(Plain(text),), buttons=MANY)


@pytest.mark.parametrize("char", CHARS)
@pytest.mark.parametrize("budget", [BUDGET, BUDGET // 2, BUDGET // 4])
def test_the_longest_of_every_shape_fits(char: str, budget: int) -> None:
    for card in _longest(char):
        drawn = draw(card, key="m1:" + "k" * 150, budget=budget)
        kit.check_blocks(list(drawn.blocks), "message")
        assert len(drawn.text) <= 6000
        assert size(drawn.blocks) <= kit.TOTAL


@pytest.mark.parametrize("char", ["x", "é", "文"])
def test_the_longest_text_that_a_member_may_type_is_shown_whole(char: str) -> None:
    assert char * TEXT_LIMIT in kit.read(draw(poll(quote=char * TEXT_LIMIT)).blocks)


def test_what_is_cut_says_how_much_is_left_out() -> None:
    shown = kit.read(draw(Note(motion=1, lines=((Plain("A patch:"),),), code="y" * 40_000)).blocks)
    assert "more characters do not fit here" in shown
    assert "A patch:" in shown


def test_of_a_thousand_rows_as_many_as_fit_are_shown_and_the_rest_is_counted() -> None:
    rows = tuple((Plain(f"{number} · candidacy of @someone-{number} as maintainer"),) for number in range(1000))
    drawn = draw(Listing(heading=(Plain("Open"),), rows=rows, footer=(Plain("More: /moot status 1"),)))
    shown = kit.read(drawn.blocks)
    assert "more lines, which do not fit here." in shown
    assert "@someone-50 " in shown
    assert "More: /moot status 1" in shown
    assert size(drawn.blocks) <= BUDGET


def test_a_title_that_is_too_long_for_slack_is_shown_whole_beneath() -> None:
    drawn = draw(next(_longest("t")))
    header = drawn.blocks[0]["text"]
    assert header["type"] == "plain_text"
    assert len(header["text"]) <= HEADER
    assert "t" * TITLE_LIMIT in kit.read(drawn.blocks[1:])


def test_labels_are_cut_and_buttons_are_never_left_out() -> None:
    drawn = draw(Reply(tone="info", lines=((Plain("x"),),), buttons=MANY * 4), budget=50_000)
    labels = [each["text"]["text"] for each in kit.buttons(drawn.blocks)]
    assert len(labels) == 4 * len(MANY)
    assert max(map(len, labels)) <= BUTTON


@pytest.mark.parametrize("card", CARDS, ids=lambda card: type(card).__name__ + getattr(card, "stage", ""))
def test_every_card_has_text_for_notifications_without_anything_that_rings(card: Card) -> None:
    text = draw(card).text
    assert text
    assert "<" not in text


def test_what_somebody_typed_is_never_markup() -> None:
    drawn = draw(poll(quote="*bold* <!channel> <@U1> `x` &amp;"))
    assert "mrkdwn" not in str(drawn.blocks)
    assert "*bold* <!channel> <@U1> `x` &amp;" in kit.read(drawn.blocks)
    assert "&lt;!channel&gt;" in drawn.text


@pytest.mark.parametrize(
    ("counts", "drawn"),
    [((5, 1, 0, 6), "●●●●●○······"), ((0, 0, 0, 3), "···"), ((0, 0, 0, 0), ""), ((1, 0, 0, 999), "●" + "·" * 39)],
)
def test_the_bar_has_a_shape_for_each_and_never_loses_one(counts: tuple[int, int, int, int], drawn: str) -> None:
    yes, no, abstain, silent = counts
    assert shapes(Bar(yes=yes, no=no, abstain=abstain, not_voted=silent, needed=1)) == drawn


def test_buttons_carry_the_motion_and_the_key_that_proves_the_delivery() -> None:
    made = kit.buttons(draw(poll(), key="m1:poll:slack:C1").blocks)
    assert {each["value"] for each in made} == {"1 m1:poll:slack:C1"}
    assert [each["action_id"] for each in made] == [
        f"{'form' if button.form else 'press'}:{button.verb}:{index}" for index, button in enumerate(BUTTONS)
    ]
