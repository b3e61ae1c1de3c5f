"""Reactions that are ballots, as Slack names them and as Discord sends them; everything else counts for nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.commands import CHOICES
from bot.core.reactions import BALLOTS, SHOWN, choice_of

TONES = ["\U0001f3fb", "\U0001f3fc", "\U0001f3fd", "\U0001f3fe", "\U0001f3ff"]


@pytest.mark.parametrize(
    ("emoji", "choice"),
    [
        *(("👍", "yes"), ("+1", "yes"), ("thumbsup", "yes"), ("✅", "yes"), ("white_check_mark", "yes")),
        *(("👎", "no"), ("-1", "no"), ("thumbsdown", "no"), ("❌", "no"), ("x", "no")),
        *(("🤷", "abstain"), ("shrug", "abstain"), ("⚪", "abstain"), ("white_circle", "abstain")),
        *(("+1::skin-tone-2", "yes"), ("-1::skin-tone-6", "no"), ("shrug::skin-tone-4", "abstain")),
        *(("man-shrugging", "abstain"), ("woman-shrugging::skin-tone-3", "abstain")),
        *(("🤷‍♂️", "abstain"), ("🤷🏽‍♀️", "abstain"), ("⚪\ufe0f", "abstain")),
    ],
)
def test_a_reaction_is_the_ballot_that_it_looks_like(emoji: str, choice: str) -> None:
    assert choice_of(emoji) == choice


@pytest.mark.parametrize("tone", TONES)
def test_the_tone_of_a_hand_changes_nothing(tone: str) -> None:
    assert choice_of(f"👍{tone}") == "yes"
    assert choice_of(f"👎{tone}") == "no"
    assert choice_of(f"🤷{tone}\u200d♀️") == "abstain"


@pytest.mark.parametrize(
    "emoji",
    ["🎉", "❤️", "👀", "🚀", "eyes", "tada", "", "+", "1", "yes", "no", "::", "👍👎", "thumbsup_all", "X", "⚫", "🟢"],
)
def test_every_other_reaction_counts_for_nothing(emoji: str) -> None:
    assert choice_of(emoji) is None


@given(st.text())
def test_no_reaction_raises(emoji: str) -> None:
    assert choice_of(emoji) in {None, *CHOICES}


def test_what_a_poll_offers_is_yes_no_and_abstain_in_that_order() -> None:
    assert tuple(choice_of(emoji) for emoji in SHOWN) == CHOICES


def test_every_choice_has_a_reaction() -> None:
    assert set(BALLOTS.values()) == set(CHOICES)
