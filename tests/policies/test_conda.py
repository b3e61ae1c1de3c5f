"""conda: a percentage is the part of the council that takes part, and the part of the votes that is yes."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from bot.rulebooks import load
from tests.policies.helpers import LARGEST, carries, counted, rule

ITEMS = {
    "sub-team-formation": "50",
    "sub-team-dissolution": "50",
    "remove-from-incubator": "50",
    "spending": "50",
    "other": "50",
    "enhancement-proposal": "60",
    "incorporate-project": "60",
    "block-contributor": "60",
    "add-maintainer": "2/3",
    "graduate-specification": "70",
    "change-governance": "75",
    "remove-council-member": "75",
}
HALF = Fraction(1, 2)


def share(text: str) -> Fraction:
    return Fraction(2, 3) if text == "2/3" else Fraction(int(text), 100)


def test_the_list_of_voting_items_is_whole() -> None:
    motions = {policy.motion for policy in load("conda", beside=Path()).motions if policy.kind != "step-down"}
    assert motions == set(ITEMS)


@pytest.mark.parametrize("motion", ITEMS)
def test_an_item_passes_exactly_as_its_percentage_says(motion: str) -> None:
    policy, bar = rule("conda", motion), share(ITEMS[motion])
    for of in [*range(1, 26), 37, LARGEST]:
        for took in range(of + 1):
            for abstain in {0, 1, took // 2, took} & set(range(took + 1)):
                for yes in range(took - abstain + 1):
                    cast = took - abstain
                    quorum = took >= 5 and Fraction(took, of) >= bar
                    part = Fraction(yes, cast) if cast else Fraction(0)
                    passed = quorum and (part > HALF if bar == HALF else part >= bar)
                    assert carries(policy, of, yes, cast - yes, abstain) == passed, (of, yes, cast - yes, abstain)


def test_of_twenty_active_members_ten_must_vote_and_six_of_ten_or_eleven_say_yes() -> None:
    other = rule("conda", "other")
    assert counted(other, 20, 0).quorum == 10
    assert not carries(other, 20, 9)
    for took, least in ((10, 6), (11, 6), (12, 7), (13, 7)):
        assert carries(other, 20, least, took - least)
        assert not carries(other, 20, least - 1, took - least + 1)


def test_never_fewer_than_five_take_part() -> None:
    other = rule("conda", "other")
    for of in range(5, 11):
        assert counted(other, of, 0).quorum == 5
        assert not carries(other, of, 4)
        assert carries(other, of, 5)


def test_voting_total_example_1_an_abstention_makes_the_quorum_and_no_share() -> None:
    assert carries(rule("conda", "other"), 10, 3, 2, 1)


def test_voting_total_example_4_a_missed_quorum_extends_the_vote() -> None:
    other = rule("conda", "other")
    assert counted(other, 10, 3, 1).lacks == ("quorum",)
    assert other.on_no_quorum == "extend"


def test_documented_limit_voting_total_example_2_an_emeritus_member_has_no_ballot_here() -> None:
    """4 yes, 2 no of 10, and the emeritus member's no besides: it passes either way, but their no is not counted."""
    other = rule("conda", "other")
    assert carries(other, 10, 4, 2)
    assert carries(other, 10, 4, 3), "with the emeritus no it would have passed as well"


def test_documented_limit_voting_total_example_3_nothing_times_out_into_a_result() -> None:
    """After the time-out rules 3 yes and 1 no of 10 pass there; here they are lost for want of the quorum."""
    assert not carries(rule("conda", "other"), 10, 3, 1)


def test_the_share_of_the_time_out_example_is_right_all_the_same() -> None:
    """ "4 votes within those 7 would be needed to pass the vote"."""
    assert rule("conda", "other").threshold.needed(7) == 4


def test_sensitive_items_are_blinded_and_private_and_standard_ones_are_neither() -> None:
    sensitive = {"block-contributor", "add-maintainer", "remove-council-member"}
    for motion in ITEMS:
        policy = rule("conda", motion)
        expected = ("blinded", "private") if motion in sensitive else ("open", "public")
        assert (policy.secrecy, policy.visibility) == expected, motion


def test_a_vote_is_open_for_a_week_and_a_block_for_a_day() -> None:
    windows = {motion: rule("conda", motion).window.words for motion in ITEMS}
    assert windows.pop("block-contributor") == "24 hours"
    assert set(windows.values()) == {"7 days"}
