"""containerd: two thirds and one third of the current committers, over seven days."""

from __future__ import annotations

from bot.core.calendar import Window
from tests.policies.helpers import LARGEST, carries, counted, needed, rule

TWO_THIRDS = {1: 1, 2: 2, 3: 2, 4: 3, 5: 4, 6: 4, 7: 5, 8: 6, 9: 6, 10: 7, 12: 8, 13: 9, 15: 10, 20: 14, 50: 34}
ONE_THIRD = {1: 1, 2: 1, 3: 1, 4: 2, 5: 2, 6: 2, 7: 3, 9: 3, 10: 4, 12: 4, 13: 5, 15: 5, 20: 7, 50: 17}


def test_a_committer_is_added_by_two_thirds_of_the_current_committers() -> None:
    adding = rule("containerd", "add-maintainer")
    assert {of: needed(adding, of) for of in TWO_THIRDS} == TWO_THIRDS
    assert adding.window == Window(count=7, unit="d")
    assert (adding.close, adding.enactment, adding.evidence_months) == ("end", "draft-pr", 3)


def test_a_reviewer_is_added_by_one_third_in_the_same_process() -> None:
    adding, reviewing = rule("containerd", "add-maintainer"), rule("containerd", "add-reviewer")
    assert {of: needed(reviewing, of) for of in ONE_THIRD} == ONE_THIRD
    assert (reviewing.window, reviewing.visibility, reviewing.clause) == (
        adding.window,
        adding.visibility,
        adding.clause,
    )


def test_two_thirds_and_one_third_are_of_the_committers_and_not_of_the_turnout() -> None:
    for of in range(1, LARGEST + 1):
        for motion, parts in (("add-maintainer", 2), ("add-reviewer", 1), ("remove", 2), ("resolution", 2)):
            policy = rule("containerd", motion)
            least = -(-of * parts // 3)
            assert counted(policy, of, 0).needed == least
            assert carries(policy, of, least)
            assert not carries(policy, of, least - 1)


def test_a_committer_is_removed_on_the_pull_request_by_two_thirds_within_seven_days() -> None:
    removing = rule("containerd", "remove")
    assert (str(removing.threshold), removing.window_start) == (">=2/3", "draft")
    assert removing.window == Window(count=7, unit="d")
    assert removing.exclude == (), "the one it is about is one of the current committers"


def test_a_resolution_is_called_for_by_any_contributor() -> None:
    resolving = rule("containerd", "resolution")
    assert (resolving.initiators, str(resolving.threshold)) == ("anyone", ">=2/3")


def test_subprojects_take_seven_days_and_a_change_of_their_status_fourteen() -> None:
    adding, changing = rule("containerd", "add-subproject"), rule("containerd", "change-subproject")
    assert (adding.window.words, changing.window.words) == ("7 days", "14 days")
    assert str(adding.threshold) == str(changing.threshold) == ">=2/3"


def test_two_lgtms_are_enough_for_a_security_advisor_whoever_else_there_is() -> None:
    advising = rule("containerd", "add-security-advisor")
    for of in range(2, LARGEST + 1):
        assert carries(advising, of, 2, of - 2)
        assert not carries(advising, of, 1)
        assert counted(advising, of, 2).certain == "carried", "the vote can close then"
    third = rule("containerd", "remove-security-advisor")
    assert {of: needed(third, of) for of in ONE_THIRD} == ONE_THIRD


def test_documented_limit_the_one_to_be_removed_cannot_settle_it_alone() -> None:
    """The document lets their approval suffice. Here they have one vote, or step down."""
    assert not carries(rule("containerd", "remove"), 12, 1)
    assert rule("containerd", "step-down").initiators == "subject"
