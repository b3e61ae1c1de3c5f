"""The OCI image specification: two thirds of the votes cast, two thirds of the maintainers having voted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.core.policy import Policy
from bot.core.rules.lifecycle import closes_early
from tests.core.builders import Moot
from tests.policies.helpers import LARGEST, carries, counted, rule

QUORUM = {1: 1, 2: 2, 3: 2, 4: 3, 5: 4, 6: 4, 7: 5, 8: 6, 9: 6, 10: 7, 11: 8, 12: 8, 15: 10, 20: 14, 30: 20, 50: 34}


def test_a_quorum_is_two_thirds_of_the_maintainers() -> None:
    motion = rule("oci-image-spec", "motion")
    assert {of: counted(motion, of, 0).quorum for of in QUORUM} == QUORUM
    for of in range(1, LARGEST + 1):
        quorum = counted(motion, of, 0).quorum
        assert 3 * quorum >= 2 * of > 3 * (quorum - 1)


def test_a_motion_is_adopted_by_two_thirds_of_the_votes_cast() -> None:
    motion = rule("oci-image-spec", "motion")
    for of in range(1, LARGEST + 1):
        for cast in range(of + 1):
            for lgtm in range(cast + 1):
                adopted = cast > 0 and 3 * cast >= 2 * of and 3 * lgtm >= 2 * cast
                assert carries(motion, of, lgtm, cast - lgtm) == adopted, (of, cast, lgtm)


def test_the_tally_of_the_template_is_adopted() -> None:
    """`[image-spec adopted]: Tag 0647920 as 1.0.0-rc (+6 -0 #3)`"""
    assert carries(rule("oci-image-spec", "motion"), 9, 6, 0, 3)


def test_abstain_is_explicitly_not_voting_and_makes_no_quorum() -> None:
    motion = rule("oci-image-spec", "motion")
    assert counted(motion, 9, 5, 0, 4).lacks == ("quorum",)
    assert carries(motion, 9, 5, 1, 3)


def test_a_reject_states_its_concerns_and_can_be_outvoted() -> None:
    motion = rule("oci-image-spec", "motion")
    assert motion.no_requires_reason
    assert carries(motion, 9, 6, 3)
    assert not carries(motion, 9, 5, 3)


def test_a_motion_needs_a_co_sponsor_and_a_week() -> None:
    motion = rule("oci-image-spec", "motion")
    assert (motion.seconds, motion.window.words, motion.close) == (1, "7 days", "end")


def test_an_urgent_motion_closes_once_a_quorum_is_unanimous() -> None:
    rules: dict[str, Any] = {"kind": "add", "role": "maintainer", "seconds": 0, "enactment": "draft-pr"}
    urgent: Policy = replace(rule("oci-image-spec", "urgent-motion"), **rules)
    moot = Moot(9, urgent)
    moot.votes(yes=5)
    assert not closes_early(moot.motion)
    moot.vote(6, "yes")
    assert closes_early(moot.motion)
    moot.vote(7, "no", reason="It breaks clients")
    assert not closes_early(moot.motion)
    moot.vote(8, "yes")
    assert not closes_early(moot.motion), "it is adopted at the end of the week"


def test_maintainers_are_added_by_over_66_percent_and_removed_by_66() -> None:
    adding, removing = rule("oci-image-spec", "add-maintainer"), rule("oci-image-spec", "remove")
    assert (counted(adding, 50, 0).needed, counted(removing, 50, 0).needed) == (34, 33)
    for of in range(1, LARGEST):
        assert counted(adding, of, 0).needed == counted(removing, of, 0).needed
    assert (adding.window.words, removing.window.words) == ("5 business days", "10 business days")
    assert adding.evidence_months == 2


def test_documented_limit_three_lgtms_without_a_quorum_are_none() -> None:
    """Only projects that are no specifications release that way."""
    assert not carries(rule("oci-image-spec", "motion"), 9, 3)
