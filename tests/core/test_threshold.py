"""Thresholds against `fractions.Fraction`, exhaustively for every electorate up to 200 (R16-R18, T13)."""

from __future__ import annotations

from fractions import Fraction

import pytest

from bot.core.teller import count
from bot.core.threshold import Threshold, parse_threshold
from tests.core.builders import policy

TEXTS = [">=66/100", ">=33/100", ">=2/3", ">2/3", ">1/2", ">=1/2", ">=1/3", ">50/100", ">=60/100", ">=75/100", ">=1/1"]
TEXTS += [">=1/100", ">99/100", ">0/1"]
LARGEST = 200


def enough(text: str, yes: int, of: int) -> bool:
    """The naive reading of a threshold, on fractions."""
    sign, _, fraction = text.rpartition(">=") if ">=" in text else text.rpartition(">")
    share, bar = Fraction(yes, of), Fraction(fraction)
    del sign
    return share >= bar if ">=" in text else share > bar


@pytest.mark.parametrize("text", TEXTS)
def test_t13_every_count_of_every_electorate_up_to_200_is_judged_as_the_fraction_says(text: str) -> None:
    threshold = parse_threshold(text)
    for of in range(1, LARGEST + 1):
        met = [enough(text, yes, of) for yes in range(of + 1)]
        assert [threshold.met(yes, of) for yes in range(of + 1)] == met, of
        assert threshold.needed(of) == met.index(True), of


@pytest.mark.parametrize(("role", "text"), [("maintainer", ">=66/100"), ("reviewer", ">=33/100")])
def test_r16_r17_a_candidacy_carries_exactly_where_the_fraction_of_the_electorate_is_reached(
    role: str, text: str
) -> None:
    rules = policy(role)
    assert str(rules.threshold) == text
    for eligible in range(1, LARGEST + 1):
        for yes in range(eligible + 1):
            counted = count(rules, eligible=eligible, yes=yes, no=0, abstain=0)
            assert counted.carried == (Fraction(yes, eligible) >= Fraction(text[2:])), (eligible, yes)
            assert counted.carried == (yes >= counted.needed)


def first_difference(one: str, other: str) -> tuple[int, int, int]:
    a, b = parse_threshold(one), parse_threshold(other)
    of = next(n for n in range(1, LARGEST + 1) if a.needed(n) != b.needed(n))
    return of, a.needed(of), b.needed(of)


def test_r18_66_percent_and_two_thirds_first_differ_at_fifty() -> None:
    assert first_difference(">=66/100", ">=2/3") == (50, 33, 34)


def test_r18_33_percent_and_one_third_first_differ_at_a_hundred() -> None:
    assert first_difference(">=33/100", ">=1/3") == (100, 33, 34)


def test_r18_twelve_maintainers_need_eight_and_for_a_reviewer_four() -> None:
    assert parse_threshold(">=66/100").needed(12) == 8
    assert parse_threshold(">=33/100").needed(12) == 4


def test_thirteen_maintainers_need_five_for_a_reviewer_and_four_do_not_carry() -> None:
    """The real project added a reviewer with "approved by 4" where 33% of 13 needs 5."""
    counted = count(policy("reviewer"), eligible=13, yes=4, no=0, abstain=0)
    assert (counted.needed, counted.carried) == (5, False)


def test_half_of_ten_is_no_majority() -> None:
    assert not parse_threshold(">1/2").met(5, 10)
    assert parse_threshold(">1/2").met(6, 10)


@pytest.mark.parametrize(
    ("text", "of", "words"),
    [
        (">=66/100", 12, "66% of 12 = 7.92, so 8"),
        (">=33/100", 12, "33% of 12 = 3.96, so 4"),
        (">=66/100", 50, "66% of 50 = 33, so 33"),
        (">=66/100", 5, "66% of 5 = 3.3, so 4"),
        (">=2/3", 12, "2/3 of 12 = 8, so 8"),
        (">=2/3", 5, "2/3 of 5 = 3.33…, so 4"),
        (">2/3", 12, "more than 2/3 of 12 = 8, so 9"),
        (">1/2", 10, "more than 1/2 of 10 = 5, so 6"),
        (">50/100", 7, "more than 50% of 7 = 3.5, so 4"),
        (">=1/1", 100, "1/1 of 100 = 100, so 100"),
        (">=66/100", 1, "66% of 1 = 0.66, so 1"),
        (">=1/1000", 3, "1/1000 of 3 = 0.00…, so 1"),
    ],
)
def test_r18_the_arithmetic_is_shown(text: str, of: int, words: str) -> None:
    assert parse_threshold(text).arithmetic(of) == words


def test_r18_no_number_of_the_arithmetic_is_rounded() -> None:
    threshold = parse_threshold(">=66/100")
    for of in range(1, LARGEST + 1):
        shown = threshold.arithmetic(of).partition(" = ")[2].partition(",")[0]
        assert Fraction(shown) == Fraction(66 * of, 100)


@pytest.mark.parametrize("text", TEXTS)
def test_a_threshold_is_written_as_it_was_read(text: str) -> None:
    assert str(parse_threshold(text)) == text


def test_nobody_s_vote_reaches_nothing() -> None:
    assert not parse_threshold(">=66/100").met(0, 0)
    assert not parse_threshold(">1/2").met(0, 0)


@pytest.mark.parametrize(
    "text",
    ["", "66%", "0.66", "2/3", "=>2/3", ">= 2 / 3", ">=2/0", ">=-1/3", ">=2/3 ", ">=٢/٣", "<2/3", ">=1e2/3", ">=2/3\n"],
)
def test_what_is_no_threshold_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="write a fraction with its sign, such as >=66/100"):
        parse_threshold(text)


@pytest.mark.parametrize("text", [">=4/3", ">1/1", ">100/100"])
def test_a_threshold_that_nobody_can_reach_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="can never be reached"):
        parse_threshold(text)


def test_a_threshold_that_is_always_reached_is_refused() -> None:
    with pytest.raises(ValueError, match="always reached"):
        parse_threshold(">=0/100")


def test_a_count_of_more_ballots_than_people_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"4 \+ 3 \+ 1 ballots of 7 people"):
        count(policy(), eligible=7, yes=4, no=3, abstain=1)


@pytest.mark.parametrize("exceeds", [False, True])
@pytest.mark.parametrize("bar", [Threshold(numerator=66, denominator=100), Threshold(numerator=33, denominator=100)])
def test_r13_what_is_certain_is_what_every_end_that_can_still_come_agrees_on(bar: Threshold, *, exceeds: bool) -> None:
    """Against all ends of all counts of up to nine people: those who have not voted may still vote anything."""
    rules = policy(threshold=bar, yes_exceeds_no=exceeds)
    for eligible in range(1, 10):
        for yes in range(eligible + 1):
            for no in range(eligible + 1 - yes):
                for abstain in range(eligible + 1 - yes - no):
                    left = eligible - yes - no - abstain
                    ends = {
                        count(rules, eligible=eligible, yes=yes + y, no=no + n, abstain=abstain).carried
                        for y in range(left + 1)
                        for n in range(left + 1 - y)
                    }
                    certain = count(rules, eligible=eligible, yes=yes, no=no, abstain=abstain).certain
                    assert certain == ({True: "carried", False: "lost"}[min(ends)] if len(ends) == 1 else None), (
                        eligible,
                        yes,
                        no,
                    )
