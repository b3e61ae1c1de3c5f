"""Apache: majority approval, consensus approval with a veto, lazy consensus."""

from __future__ import annotations

from itertools import product

from bot.core.teller import count
from tests.policies.helpers import LARGEST, carries, counted, rule


def test_a_procedural_issue_passes_with_more_favourable_than_unfavourable_votes() -> None:
    issue = rule("apache", "procedural")
    for yes, no in product(range(16), repeat=2):
        for abstain in (0, 3):
            assert carries(issue, LARGEST, yes, no, abstain) == (yes > no)


def test_a_release_needs_three_binding_plus_ones_and_more_plus_than_minus() -> None:
    release = rule("apache", "release")
    for of in range(3, LARGEST + 1):
        for yes, no in product(range(min(of, 9) + 1), repeat=2):
            if yes + no <= of:
                assert carries(release, of, yes, no) == (yes >= 3 and yes > no), (of, yes, no)
    assert not carries(release, 10, 3, 3)
    assert carries(release, 10, 4, 3), "releases may not be vetoed"
    assert carries(release, 10, 3, 0, 7), "abstentions are no votes against"
    assert release.window.words == "72 hours"


def test_a_code_change_needs_three_plus_ones_and_one_minus_one_kills_it() -> None:
    change = rule("apache", "code-change")
    for of in range(3, LARGEST + 1):
        for yes in range(of):
            assert carries(change, of, yes) == (yes >= 3)
            assert not carries(change, of, yes, 1)
    assert change.no_requires_reason, "a veto without a justification has no weight"
    assert counted(change, 20, 19, 1).lacks[0] == "veto"


def test_a_withdrawn_veto_is_none() -> None:
    change = rule("apache", "code-change")
    assert not carries(change, 9, 4, 1)
    assert carries(change, 9, 4, 0)


def test_silence_gives_assent_and_anybody_can_stop_it() -> None:
    lazy = rule("apache", "lazy-consensus")
    for of in range(1, LARGEST + 1):
        assert carries(lazy, of, 0)
        assert not carries(lazy, of, of - 1, 1)
        assert not count(lazy, eligible=of, yes=of - 1, no=0, abstain=0, objections=1).carried
    assert lazy.window.words == "72 hours"


def test_a_committer_and_a_pmc_member_are_added_by_consensus_approval() -> None:
    for motion in ("add-reviewer", "add-maintainer"):
        adding = rule("apache", motion)
        for of in range(3, LARGEST + 1):
            assert carries(adding, of, 3)
            assert not carries(adding, of, 2)
            assert not carries(adding, of, of - 1, 1)
        assert (adding.visibility, adding.no_requires_reason) == ("private", True)


def test_documented_limit_there_is_no_removal_because_only_the_board_removes() -> None:
    from pathlib import Path

    from bot.rulebooks import load

    assert load("apache", beside=Path()).of_kind("remove") == ()
