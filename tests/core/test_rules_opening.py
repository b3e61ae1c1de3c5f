"""Opening a candidacy: R1-R12, R18-R24 as far as the opening decides them."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from bot.core.calendar import Window
from bot.core.commands import NotePullRequest, Withdraw
from bot.core.events import MotionOpened, PullRequestChanged
from bot.core.people import MAINTAINER, PersonId
from bot.core.rules import Facts, PullRequest, RosterFault, decide
from tests.core.builders import (
    CANDIDATE,
    EMPTY,
    OUTSIDER,
    REVIEWER,
    START,
    Moot,
    PaperDocket,
    day,
    expect_events,
    expect_refusal,
    nomination,
    only,
    opening,
    people,
    policy,
    propose,
    roster,
)

TWELVE = people(12)


def opened(**changes: Any) -> MotionOpened:
    return only(expect_events(propose(about=opening(**changes))), MotionOpened)


def test_r1_the_electorate_is_the_rosters_maintainers_pinned_to_its_commit() -> None:
    event = opened()
    assert event.electorate.members == frozenset(TWELVE)
    assert (event.electorate.roster_commit, event.electorate.roster_path) == ("0d6b721", "MAINTAINERS")
    assert len(event.electorate.digest) == 64


def test_r1_the_electorates_digest_names_its_people_and_its_commit() -> None:
    digests = {
        opened().electorate.digest,
        opened(read=roster(people(11))).electorate.digest,
        opened(read=dataclasses.replace(roster(TWELVE), commit="other")).electorate.digest,
    }
    assert len(digests) == 3
    assert opened(read=roster(reversed(TWELVE))).electorate.digest in digests


def test_r3_r17_reviewers_are_in_no_electorate_not_even_for_a_reviewer() -> None:
    about = opening(policy=policy("reviewer"))
    event = only(expect_events(propose(command=nomination(role="reviewer"), about=about)), MotionOpened)
    assert event.electorate.members == frozenset(TWELVE)
    assert event.policy.role == "reviewer"


@pytest.mark.parametrize(("actor", "role"), [(REVIEWER, "reviewer"), (OUTSIDER, "")])
def test_r10_only_maintainers_of_this_repository_propose(actor: PersonId, role: str) -> None:
    refusal = expect_refusal(propose(actor))
    assert refusal.code == "not-a-maintainer"
    assert refusal.params["role"] == role


def test_r6_a_roster_that_cannot_be_read_opens_no_vote_and_says_where() -> None:
    fault = RosterFault(path="MAINTAINERS", line=7, what="no handle", remedy="add one")
    refusal = expect_refusal(propose(about=opening(fault)))
    assert refusal.code == "roster-unreadable"
    assert refusal.params == {"path": "MAINTAINERS", "line": 7, "what": "no handle", "remedy": "add one"}


def test_r6_a_roster_without_a_maintainer_opens_no_vote() -> None:
    assert expect_refusal(propose(about=opening(roster(())))).code == "roster-empty"


@pytest.mark.parametrize(("months", "warned"), [(0, True), (3, True), (4, False), (1200, False)])
def test_r7_involvement_of_not_more_than_three_months_warns_and_never_rejects(months: int, *, warned: bool) -> None:
    event = only(expect_events(propose(command=nomination(months=months))), MotionOpened)
    assert ("short-involvement" in event.warnings) is warned
    assert event.months == months


@pytest.mark.parametrize("months", [-1, 1201])
def test_r7_months_that_no_one_can_have_are_refused(months: int) -> None:
    assert expect_refusal(propose(command=nomination(months=months))).code == "months-unfit"


def test_r7_evidence_is_needed() -> None:
    refusal = expect_refusal(propose(command=nomination(evidence="")))
    assert (refusal.code, refusal.params) == ("text-missing", {"field": "evidence"})


def test_nobody_proposes_themselves() -> None:
    assert expect_refusal(propose(about=opening(subject=TWELVE[0]))).code == "self-nomination"


def test_r27_the_sponsor_is_a_maintainer_and_not_the_candidate() -> None:
    stranger = nomination(sponsor="stranger")
    assert expect_refusal(propose(command=stranger)).code == "sponsor-no-maintainer"
    reviewer = opening(sponsor=REVIEWER)
    assert expect_refusal(propose(command=stranger, about=reviewer)).code == "sponsor-no-maintainer"
    itself = opening(sponsor=TWELVE[3], subject=TWELVE[3])
    assert expect_refusal(propose(command=nomination(sponsor="m04"), about=itself)).code == "sponsor-is-candidate"


def test_r21_the_proposer_and_the_sponsor_are_in_the_electorate_and_have_not_voted() -> None:
    moot = Moot(command=nomination(sponsor="m02"), sponsor=people(2)[1])
    assert {moot.members[0], moot.members[1]} <= moot.motion.members
    assert moot.motion.choice_of(moot.members[0]) is None
    assert moot.motion.yes == 0
    moot.vote(1, "yes")
    moot.vote(2, "no")
    assert (moot.motion.yes, moot.motion.no) == (1, 1)


@pytest.mark.parametrize("role", ["maintainer", "reviewer"])
def test_whoever_is_a_maintainer_already_is_no_candidate(role: str) -> None:
    refusal = expect_refusal(propose(command=nomination(role=role), about=opening(subject=TWELVE[5])))
    assert (refusal.code, refusal.params["role"]) == ("already-on-roster", "maintainer")


def test_a_reviewer_can_be_proposed_as_maintainer_but_not_as_reviewer() -> None:
    about = opening(subject=REVIEWER)
    assert only(expect_events(propose(about=about)), MotionOpened).subject == REVIEWER
    refusal = expect_refusal(propose(command=nomination(role="reviewer"), about=about))
    assert (refusal.code, refusal.params["role"]) == ("already-on-roster", "reviewer")


def test_r22_the_candidate_is_never_in_the_electorate() -> None:
    """Not even a candidate whom a repository's rules let be on the list already."""
    moot = Moot(subject=REVIEWER)
    assert REVIEWER not in moot.motion.electorate.members
    for rules in (policy(), policy(electorate="live")):
        moot = Moot(rules=rules)
        moot.read_roster(*moot.members, CANDIDATE, role=MAINTAINER)
        assert CANDIDATE not in moot.motion.members
        assert moot.refused(CANDIDATE, moot.ballot("yes")).code == "candidate-votes-not"


def test_r24_a_public_channel_gets_no_candidacy_unless_the_policy_says_so() -> None:
    assert expect_refusal(propose(about=opening(channel_public=True))).code == "channel-public"
    assert opened(channel_public=True, policy=policy(visibility="public")).channel


def test_a_role_without_a_policy_cannot_be_proposed() -> None:
    assert expect_refusal(propose(about=opening(policy=None))).code == "no-policy"


def test_t14_rules_zone_and_holidays_are_frozen_into_the_opening() -> None:
    event = opened(zone="Europe/Berlin", holidays=(day("2026-07-03"),))
    assert event.policy == policy()
    assert (event.rulebook, event.document) == ("distribution", "GOVERNANCE.md")
    assert (event.zone, event.holidays) == ("Europe/Berlin", (day("2026-07-03"),))


def test_unlinked_maintainers_count_and_are_named() -> None:
    event = opened(linked=frozenset(TWELVE[:9]))
    assert event.unlinked == TWELVE[9:]
    assert len(event.electorate.members) == 12
    assert event.warnings == ()


@pytest.mark.parametrize(("linked", "warned"), [(8, False), (7, True), (0, True)])
def test_a_bar_that_the_linked_cannot_reach_is_warned_about(linked: int, *, warned: bool) -> None:
    """8 of 12 are needed."""
    event = opened(linked=frozenset(TWELVE[:linked]))
    assert ("unreachable" in event.warnings) is warned


def test_t18_one_motion_a_person_at_a_time() -> None:
    moot = Moot()
    docket = PaperDocket([moot.entry()])
    refusal = expect_refusal(propose(docket=docket))
    assert (refusal.code, refusal.params["motion"]) == ("already-proposed", 12)
    other = expect_events(propose(about=opening(subject=OUTSIDER), docket=docket))
    assert only(other, MotionOpened).subject == OUTSIDER


def test_t18_a_motion_that_carried_and_is_not_finished_stands_in_the_way() -> None:
    moot = Moot()
    moot.carry()
    assert expect_refusal(propose(docket=PaperDocket([moot.entry()]))).code == "already-carried"
    moot.read_roster(*moot.members, role=MAINTAINER)
    assert moot.motion.ended
    assert expect_events(propose(docket=PaperDocket([moot.entry()])))


def test_t18_the_limit_of_open_motions_is_for_each_proposer() -> None:
    motions = [Moot(number=n, subject=PersonId(f"c{n}")) for n in (1, 2, 3)]
    docket = PaperDocket([moot.entry() for moot in motions])
    refusal = expect_refusal(propose(docket=docket))
    assert (refusal.code, refusal.params["limit"]) == ("too-many-motions", 3)
    assert expect_events(propose(TWELVE[1], docket=docket))
    motions[0].close()
    assert expect_events(propose(docket=PaperDocket([moot.entry() for moot in motions])))


def test_r23_after_a_lost_motion_the_person_can_be_proposed_at_once() -> None:
    moot = Moot()
    moot.close()
    assert moot.motion.outcome == "lost"
    assert expect_events(propose(docket=PaperDocket([moot.entry()]), now=moot.now))


def test_r23_a_cool_down_holds_to_its_last_second_and_for_that_role_alone() -> None:
    rules = policy(cool_down=Window(count=30, unit="d"))
    moot = Moot(rules=rules)
    moot.close()
    docket, about = PaperDocket([moot.entry()]), opening(policy=rules)
    until = moot.now + timedelta(days=30)
    refusal = expect_refusal(propose(about=about, docket=docket, now=until - timedelta(seconds=1)))
    assert (refusal.code, refusal.params) == ("cool-down", {"motion": 12, "until": until.isoformat()})
    assert expect_events(propose(about=about, docket=docket, now=until))
    reviewer = opening(policy=policy("reviewer", cool_down=rules.cool_down))
    assert expect_events(propose(command=nomination(role="reviewer"), about=reviewer, docket=docket, now=moot.now))


def test_r23_a_withdrawn_motion_cools_nobody_down() -> None:
    rules = policy(cool_down=Window(count=30, unit="d"))
    moot = Moot(rules=rules)
    moot.does(moot.members[0], Withdraw(reason="Wrong person, sorry."))
    assert expect_events(propose(about=opening(policy=rules), docket=PaperDocket([moot.entry()]), now=moot.now))


@pytest.mark.parametrize("login", ["newperson", "@newperson", "New-Person", "a", "a" * 39, "x-1-y"])
def test_a_login_of_letters_digits_and_inner_hyphens_fits(login: str) -> None:
    assert expect_events(propose(command=nomination(login=login)))


NO_LOGINS = (
    *("", "@", "-a", "a-", "a b", "a_b", "a" * 40, "a\n", "a\u200b", "[x](y)", "`x`", "@@a", "a/b", "../a"),
    *("naïve", "\u212aelvin", "ſam", "ﬁn", "аdа"),
)


@pytest.mark.parametrize("login", NO_LOGINS)
def test_t2_t27_what_is_no_login_opens_nothing(login: str) -> None:
    assert expect_refusal(propose(command=nomination(login=login))).code == "login-unfit"


@pytest.mark.parametrize("field", ["text", "evidence"])
def test_texts_have_bounds_and_the_refusal_says_the_count(field: str) -> None:
    assert expect_events(propose(command=nomination(**{field: "x" * 3000})))
    refusal = expect_refusal(propose(command=nomination(**{field: "x" * 3001})))
    assert (refusal.code, refusal.params) == ("text-too-long", {"field": field, "length": 3001, "limit": 3000})


@pytest.mark.parametrize("field", ["text", "evidence"])
@pytest.mark.parametrize("char", ["\u202e", "\u200b", "\u2028", "\u2029", "\x00", "\x1b", "\ufeff", "\ue000", "\u0085"])
def test_t31_characters_that_deceive_are_refused_by_code_point(field: str, char: str) -> None:
    refusal = expect_refusal(propose(command=nomination(**{field: f"good {char}work"})))
    assert (refusal.code, refusal.params) == ("text-deceptive", {"field": field, "char": f"U+{ord(char):04X}"})


def test_without_a_repository_or_somebody_who_asks_nothing_is_opened() -> None:
    assert expect_refusal(decide(None, EMPTY, nomination(), Facts(actor=TWELVE[0]), START)).code == "no-repository"
    assert expect_refusal(decide(None, EMPTY, nomination(), Facts(opening=opening()), START)).code == "no-repository"


def test_r12_no_window_runs_before_the_announcement_is_delivered() -> None:
    moot = Moot(announced=False)
    assert (moot.motion.stage, moot.motion.closes_at) == ("announcing", None)


def test_the_texts_of_the_log_are_salted_digests() -> None:
    event = opened()
    again = only(expect_events(propose(command=nomination())), MotionOpened)
    assert event.text.digest == again.text.digest
    assert event.evidence is not None
    assert event.text.digest != event.evidence.digest
    assert event.text.text is not None
    assert event.text.text not in event.text.digest


# ---------------------------------------------------------------------- the pull request is pinned (R27)

PULL = PullRequest(head="c0" * 20, record="MAINTAINERS\tnewperson\tNew Person", others=False)


def voted_in_it(**changes: Any) -> Moot:
    return Moot(command=nomination(pull_request="https://example.org/pull/7"), **{"pull": PULL, **changes})


def test_r27_the_head_and_the_change_are_pinned_when_the_vote_is_opened_in_a_pull_request() -> None:
    pinned = voted_in_it().motion.opened.pinned
    assert pinned is not None
    assert (pinned.head, pinned.record.text, pinned.others) == (PULL.head, PULL.record, False)
    assert Moot().motion.opened.pinned is None


def test_t20_what_a_pull_request_does_instead_is_noted_once_and_touches_no_ballot() -> None:
    moot = voted_in_it()
    moot.votes(yes=2)
    assert moot.does(None, NotePullRequest(head="d0" * 20, does="same")) == ()
    other = NotePullRequest(head="d1" * 20, does="other")
    assert moot.does(None, other) == (PullRequestChanged(head="d1" * 20, does="other"),)
    assert moot.does(None, other) == ()
    assert moot.motion.yes == 2
    assert moot.motion.open
    assert moot.does(None, NotePullRequest(head="d2" * 20, does="same")) != ()
    assert moot.motion.pull_does == "same"


def test_r27_of_a_candidacy_without_a_pull_request_none_is_noted() -> None:
    assert Moot().does(None, NotePullRequest(head="d1" * 20, does="other")) == ()


def test_r27_after_the_motion_has_ended_nothing_more_is_noted() -> None:
    moot = voted_in_it()
    moot.close()
    assert moot.motion.outcome == "lost"
    assert moot.does(None, NotePullRequest(head="d1" * 20, does="other")) == ()
