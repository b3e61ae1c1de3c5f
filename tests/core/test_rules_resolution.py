"""Conflict resolution: R50-R53. Any contributor calls for it, 2/3 of the maintainers decide, a file records it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.commands import Correct, Propose, RaiseObjection, Rerun, Withdraw
from bot.core.effects import FORGE
from bot.core.events import MotionOpened, MotionWithdrawn
from bot.core.minutes import minutes_of, record_path, record_text
from bot.core.people import PersonId
from bot.core.teller import tally
from tests.core.builders import (
    CANDIDATE,
    HEAD,
    OUTSIDER,
    REVIEWER,
    Moot,
    PaperDocket,
    PlainNames,
    dispute,
    expect_events,
    expect_refusal,
    named,
    only,
    opening,
    people,
    propose,
    resolution,
    roster,
)
from tests.golden import check_golden

TWELVE = people(12)


def calling(actor: PersonId = OUTSIDER, *, docket: PaperDocket | None = None, **changes: Any) -> Any:
    about = opening(policy=named("resolution"), subject=None, channel_public=True)
    return propose(actor, resolution(**changes), about, docket=docket or PaperDocket())


def body_of(moot: Moot) -> str:
    return minutes_of(moot.motion, names=PlainNames(), head=HEAD, genesis="abcdef0123").body


# ---------------------------------------------------------------------- R50


@pytest.mark.parametrize("actor", [OUTSIDER, CANDIDATE, REVIEWER, TWELVE[0]])
def test_r50_any_contributor_calls_for_a_resolution_vote(actor: PersonId) -> None:
    event = only(expect_events(calling(actor)), MotionOpened)
    assert (event.proposer, event.subject, event.role) == (actor, None, "")
    assert event.electorate.members == frozenset(TWELVE), "and calling for it gives nobody a vote (R51)"


@pytest.mark.parametrize("actor", [OUTSIDER, REVIEWER])
def test_r51_only_the_maintainers_vote_on_it(actor: PersonId) -> None:
    moot = dispute(proposer=actor)
    assert moot.refused(actor, moot.ballot("yes")).code == "not-in-electorate"


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("", "link-missing"),
        ("issue 7", "link-unfit"),
        ("javascript:alert(1)", "link-unfit"),
        ("file:///etc/passwd", "link-unfit"),
        ("https://localhost", "link-unfit"),
        ("https://example.org/a b", "link-unfit"),
        ("https://example.org/`x`", "link-unfit"),
        ("https://example.org/" + "x" * 500, "link-unfit"),
        ("https://example.org/\u202e7", "text-deceptive"),
        ("https://example.org/\n7", "text-deceptive"),
    ],
)
def test_r50_it_needs_the_link_of_the_issue_that_calls_for_it(link: str, code: str) -> None:
    assert expect_refusal(calling(link=link)).code == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": ""}, "text-missing"),
        ({"title": "x" * 151}, "text-too-long"),
        ({"text": ""}, "text-missing"),
        ({"text": "x" * 3001}, "text-too-long"),
        ({"text": "a\u202eb"}, "text-deceptive"),
    ],
)
def test_r50_it_needs_a_title_and_a_text_within_bounds(changes: dict[str, Any], code: str) -> None:
    assert expect_refusal(calling(**changes)).code == code


def test_r50_one_open_motion_a_dispute() -> None:
    moot = dispute()
    docket = PaperDocket([moot.entry()])
    refusal = expect_refusal(calling(TWELVE[3], docket=docket, title="The same, in other words"))
    assert (refusal.code, refusal.params) == ("already-disputed", {"motion": 12})
    assert expect_refusal(calling(link="https://example.org/issues/7/", docket=docket)).code == "already-disputed"
    assert expect_events(calling(link="https://example.org/issues/8", docket=docket))


def test_r50_after_its_end_the_same_dispute_can_come_again() -> None:
    moot = dispute()
    moot.close()
    assert expect_refusal(calling(docket=PaperDocket([moot.entry()]))).code == "already-disputed", "not recorded yet"
    moot.draft()
    assert moot.motion.ended
    assert expect_events(calling(docket=PaperDocket([moot.entry()])))


def test_r50_the_proposer_who_is_no_maintainer_can_still_take_it_back() -> None:
    moot = dispute()
    assert only(moot.does(OUTSIDER, Withdraw(reason="We have found a way.")), MotionWithdrawn).person == OUTSIDER


def test_t18_one_person_does_not_flood_the_maintainers() -> None:
    docket = PaperDocket([dispute(number=n).entry() for n in (1, 2, 3)])
    assert expect_refusal(calling(docket=docket, link="https://example.org/issues/9")).code == "too-many-motions"


# ---------------------------------------------------------------------- R51


@pytest.mark.parametrize(
    ("count", "needed"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 4), (6, 4), (7, 5), (9, 6), (12, 8), (50, 34)]
)
def test_r51_exactly_two_thirds_of_the_maintainers_not_of_the_turnout(count: int, needed: int) -> None:
    """66% of 50 would be 33."""
    moot = dispute(count)
    assert tally(moot.motion).needed == needed
    moot.votes(yes=needed)
    assert moot.close().outcome == "carried"
    fewer = dispute(count)
    fewer.votes(yes=needed - 1)
    assert fewer.close().outcome == "lost", "though all who voted said yes"


# ---------------------------------------------------------------------- R52


def test_r52_the_window_is_five_business_days_from_the_announcement() -> None:
    assert f"{dispute().end:%Y-%m-%d %H:%M}" == "2026-07-07 00:00"


def test_r52_yes_and_no_only() -> None:
    moot = dispute()
    assert moot.refused(moot.members[0], moot.ballot("abstain")).code == "no-abstention"
    assert moot.vote(1, "yes")
    assert moot.vote(2, "no")


@pytest.mark.parametrize("actor", [OUTSIDER, TWELVE[3]])
def test_r52_the_text_is_frozen(actor: PersonId) -> None:
    moot = dispute()
    assert moot.refused(actor, Correct(text="The v2 API stays until release 6.")).code == "text-frozen"


def test_r52_the_link_with_which_it_was_opened_stays_in_the_log() -> None:
    opened = dispute().motion.opened
    assert str(opened.link) == "https://example.org/issues/7"
    assert len(opened.dispute) == 32
    assert "example" not in opened.dispute


# ---------------------------------------------------------------------- R53


@pytest.mark.parametrize(("yes", "outcome"), [(8, "carried"), (7, "lost")])
def test_r53_the_result_is_recorded_whichever_way_it_went(yes: int, outcome: str) -> None:
    moot = dispute()
    moot.votes(yes=yes, no=12 - yes)
    assert not [effect for effect in moot.effects() if effect.venue == FORGE]
    moot.close()
    assert [effect.kind for effect in moot.effects() if effect.venue == FORGE] == ["draft"]
    assert moot.motion.outcome == outcome
    before = moot.motion
    moot.draft()
    assert (before.ended, moot.motion.ended) == (False, True), "the record is to be written first"
    assert record_path(moot.motion) == "docs/decisions/motion-12.md"
    check_golden(f"records/{outcome}.md", record_text(moot.motion, head=HEAD))
    check_golden(f"records/{outcome}-body.md", body_of(moot))


def test_r53_the_policy_says_where_records_are_kept() -> None:
    moot = dispute(rules={"record_path": "community/decisions/"})
    assert record_path(moot.motion) == "community/decisions/motion-12.md"


def test_t28_what_was_typed_is_in_the_record_behind_a_fence_that_it_cannot_end() -> None:
    text = "Do it.\n```\n# Motion 13: carried\n````\n@everyone ![x](http://evil.example/x.png) <script>"
    moot = dispute(command=resolution(text=text, title="A `title`"))
    moot.votes(yes=9)
    moot.close()
    check_golden("records/fence.md", record_text(moot.motion, head=HEAD))


@settings(max_examples=100, deadline=None)
@given(text=st.text(st.sampled_from("`~ab\n# |"), min_size=1, max_size=60).filter(lambda text: text.strip()))
def test_t28_no_text_gets_out_of_its_fence(text: str) -> None:
    moot = dispute(command=resolution(text=text))
    moot.votes(yes=9)
    moot.close()
    lines = record_text(moot.motion, head=HEAD).splitlines()
    fences = [number for number, line in enumerate(lines) if line.endswith("text") and line.startswith("```")]
    fence = lines[fences[0]].removesuffix("text")
    inside = "\n".join(lines[fences[0] + 1 :]).partition(f"\n{fence}\n")[0]
    assert text.strip() in inside.replace("\r", "\n") or text.splitlines() != text.split("\n")
    assert lines[-1].startswith("| Record |")


def test_t28_the_pull_request_of_a_record_says_nothing_that_somebody_typed() -> None:
    moot = dispute(
        command=resolution(title="TITLE-SENTINEL", text="TEXT-SENTINEL", link="https://sentinel.org/SENTINEL")
    )
    moot.vote(1, "no", reason="REASON-SENTINEL")
    moot.does(moot.members[1], RaiseObjection(reason="OBJECTION-SENTINEL", acted_at=moot.now))
    moot.close()
    said = minutes_of(moot.motion, names=PlainNames(), head=HEAD, genesis="abcdef0123")
    assert "SENTINEL" not in repr(said).upper()
    record = record_text(moot.motion, head=HEAD)
    assert "REASON" not in record
    assert "OBJECTION" not in record
    assert not any(person in record for person in TWELVE), "no voter is named"


def test_r5_r53_a_record_that_the_roster_decided_waits_for_a_maintainer() -> None:
    moot = dispute()
    moot.votes(yes=7)
    moot.read_roster(*TWELVE[:10])
    moot.close()
    assert moot.motion.needs_acknowledgement
    assert not [effect for effect in moot.effects() if effect.venue == FORGE]


def test_r50_a_lost_resolution_can_be_voted_on_again_as_a_new_one() -> None:
    moot = dispute()
    moot.votes(no=12)
    moot.close()
    again = Moot(
        rules=named("resolution"), command=Rerun(), before=moot.motion, number=13, proposer=TWELVE[3], subject=None
    )
    assert (again.motion.opened.repeats, again.motion.opened.dispute) == (12, moot.motion.opened.dispute)
    assert (str(again.motion.text), str(again.motion.opened.title)) == (str(moot.motion.text), "Keep the v2 API")
    assert again.motion.yes == again.motion.no == 0


# ---------------------------------------------------------------------- any other text


def deciding(actor: PersonId = TWELVE[0], **changes: Any) -> Any:
    about = opening(policy=named("decision"), subject=None)
    return propose(actor, Propose(**{"policy": "", "title": "T", "text": "X", "link": "", **changes}), about)


def test_a_decision_is_proposed_by_maintainers_and_needs_no_link() -> None:
    assert expect_refusal(deciding(OUTSIDER)).code == "not-a-maintainer"
    assert only(expect_events(deciding()), MotionOpened).link is None
    assert expect_refusal(deciding(link="nowhere")).code == "link-unfit"


def test_a_decision_without_a_record_ends_with_its_count() -> None:
    about = opening(roster(TWELVE), policy=named("decision"), subject=None)
    moot = Moot(rules=named("decision"), command=resolution(policy="", link=""), subject=None)
    assert about.policy == moot.motion.policy
    moot.votes(yes=7)
    assert moot.close().outcome == "carried"
    assert moot.motion.ended
    assert not [effect for effect in moot.effects() if effect.venue == FORGE]
    moot.now += timedelta(days=1)
    assert moot.draft() == ()
