"""R14, R20 and what other policies may ask for: seconds, extension, objections, quorum, early close, blinding."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.core.answers import Answer
from bot.core.calendar import Window
from bot.core.cards import Card, Poll
from bot.core.commands import (
    CastBallot,
    Choice,
    Close,
    Command,
    Correct,
    Extend,
    LiftObjection,
    MakeVoid,
    Mute,
    RaiseObjection,
    RecordBallot,
    Rerun,
    RetractBallot,
    Second,
    Snooze,
    Withdraw,
)
from bot.core.effects import FORGE, effects_of
from bot.core.events import (
    BallotCast,
    MotionCorrected,
    MotionOpened,
    MotionVoided,
    NoticeDelivered,
    ObjectionLifted,
    ObjectionRaised,
    PingsMuted,
    PingSnoozed,
    SecondAsked,
    SecondGiven,
    VotersPinged,
    WindowExtended,
)
from bot.core.minutes import minutes_of
from bot.core.people import MAINTAINER, PersonId
from bot.core.plain import plain_card
from bot.core.receipts import receipt
from bot.core.teller import recount, tally
from bot.core.threshold import parse_quorum, parse_threshold
from bot.core.wording import answer_card, note_card, notice_card, poll_card, status_card
from tests.core.builders import (
    CANDIDATE,
    CHANNEL,
    HEAD,
    OUTSIDER,
    REVIEWER,
    SECOND,
    START,
    Moot,
    PlainNames,
    at,
    expect_events,
    expect_refusal,
    leaving,
    named,
    only,
    opening,
    people,
    policy,
    propose,
    roster,
    text_moot,
)

TWELVE = people(12)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
LINK = "https://lists.example.org/m/1"


def deciding(count: int = 12, **changes: Any) -> Moot:
    return text_moot(count, named("decision", **changes))


# ---------------------------------------------------------------------- R14: ballots that were cast elsewhere


def entered(moot: Moot, choice: Choice = "yes", *, voter: int = 3, link: str = LINK) -> RecordBallot:
    return RecordBallot(voter=f"m{voter:02}", choice=choice, link=link, acted_at=moot.now)


def enter(moot: Moot, choice: Choice = "yes", *, by: int = 2, voter: int = 3, **changes: Any) -> Any:
    command = entered(moot, choice, voter=voter, **changes)
    return moot.ask(moot.members[by - 1], command, other=moot.members[voter - 1])


def test_r14_a_maintainer_enters_a_ballot_with_the_link_that_shows_it() -> None:
    moot = Moot()
    event = only(expect_events(enter(moot)), BallotCast)
    assert (event.person, event.choice, event.via, event.reason) == (TWELVE[2], "yes", "record", None)
    assert (event.entered_by, str(event.link)) == (TWELVE[1], LINK)
    assert moot.motion.yes == 1


def test_r14_the_voter_is_told_and_the_poll_says_who_entered_it() -> None:
    moot = Moot()
    (event,) = expect_events(enter(moot))
    told, *edits = effects_of(event, moot.motion, [CHANNEL])
    assert (told.kind, told.venue, told.lane) == ("recorded-for", f"person:{TWELVE[2]}", "once")
    assert [edit.kind for edit in edits] == ["poll-edit"]
    note = plain_card(note_card(told.kind, moot.motion, told.params, moot.scene()))
    assert f"@m02 entered your ballot on motion 12: yes, as shown by {LINK} (R14)" in note
    poll = plain_card(poll_card(moot.motion, moot.scene()))
    assert f"Entered for @m03 by @m02: yes, {LINK} (R14)." in poll


@pytest.mark.parametrize("choice", ["no", "yes"])
@pytest.mark.parametrize("minutes", [-60, 0, 60])
def test_r14_ones_own_ballot_replaces_an_entered_one_whatever_came_first(choice: Choice, minutes: int) -> None:
    """Also one that was under way when somebody else entered it: nobody speaks over the voter."""
    moot = Moot()
    moot.now += 2 * HOUR
    enter(moot, "yes")
    acted = moot.now + timedelta(minutes=minutes)
    moot.now += 2 * HOUR
    moot.vote(3, choice, at=acted)
    ballot = moot.motion.ballots[TWELVE[2]]
    assert (ballot.choice, ballot.entered_by) == (choice, None)
    assert tally(moot.motion) == recount(moot.motion)
    poll = plain_card(poll_card(moot.motion, moot.scene()))
    assert "Entered for" not in poll


def test_r14_an_entered_ballot_is_never_put_over_ones_own() -> None:
    moot = Moot()
    moot.vote(3, "no")
    moot.now += DAY
    refusal = expect_refusal(enter(moot, "yes"))
    assert (refusal.code, refusal.params["person"]) == ("voted-here", TWELVE[2])
    moot.does(TWELVE[2], RetractBallot(acted_at=moot.now))
    assert expect_refusal(enter(moot, "yes")).code == "voted-here", "to take it back is a word of one's own too"


def test_r14_an_entered_ballot_is_corrected_by_another_one_and_can_be_taken_back_by_its_voter() -> None:
    moot = Moot()
    moot.now += 5 * HOUR
    enter(moot, "yes")
    moot.now += HOUR
    enter(moot, "no", by=4)
    ballot = moot.motion.ballots[TWELVE[2]]
    assert (ballot.choice, ballot.entered_by) == ("no", TWELVE[3])
    moot.does(TWELVE[2], RetractBallot(acted_at=moot.now - 2 * HOUR))
    assert moot.motion.choice_of(TWELVE[2]) is None


def test_r14_the_link_is_needed_and_nobody_enters_their_own_or_an_outsiders_ballot() -> None:
    moot = Moot()
    assert expect_refusal(enter(moot, link="")).code == "link-missing"
    assert expect_refusal(enter(moot, link="ask them")).code == "link-unfit"
    assert expect_refusal(enter(moot, by=3, voter=3)).code == "record-own"
    for other in (OUTSIDER, REVIEWER, CANDIDATE, None):
        assert moot.refused(TWELVE[1], entered(moot), other=other).code == "recorded-not-elector"
    for actor in (OUTSIDER, REVIEWER):
        assert moot.refused(actor, entered(moot), other=TWELVE[2]).code == "not-in-electorate"
    assert moot.refused(CANDIDATE, entered(moot), other=TWELVE[2]).code == "candidate-votes-not"


def test_r14_a_ballot_is_entered_while_the_window_is_open_and_not_after_it() -> None:
    moot = Moot()
    moot.now = moot.end
    assert expect_refusal(enter(moot)).code == "too-late"


def test_r14_where_one_cannot_abstain_no_abstention_is_entered() -> None:
    moot = text_moot(rules=named("decision", ballot="yes-no"))
    assert expect_refusal(enter(moot, "abstain")).code == "no-abstention"


# ---------------------------------------------------------------------- seconds and discussion


def test_a_proposal_that_needs_seconds_is_put_to_the_vote_with_the_last_of_them() -> None:
    moot = deciding(seconds=2)
    assert (moot.motion.stage, moot.motion.closes_at) == ("seconding", None)
    assert moot.refused(TWELVE[1], moot.ballot("yes")).code == "not-voting-yet"
    assert moot.refused(TWELVE[0], Second()).code == "second-by-another"
    assert only(moot.does(TWELVE[1], Second()), SecondGiven).notice == 1
    assert moot.does(TWELVE[1], Second()) == (), "one person, one second"
    moot.now += 10 * DAY
    assert moot.motion.stage == "seconding", "nothing runs out meanwhile"
    last = only(moot.does(TWELVE[2], Second()), SecondGiven)
    assert last.notice == 2
    (told,) = [effect for effect in moot.effects() if effect.kind == "seconded"]
    assert told.params["notice"] == 2
    assert moot.motion.closes_at is None, "until that notice has been delivered"
    event = only(moot.announce(2), NoticeDelivered)
    assert (event.votes_from, moot.motion.stage) == (moot.now, "open")
    assert moot.vote(2, "yes")
    assert moot.refused(TWELVE[5], Second()).code == "nothing-to-second"


def test_only_maintainers_of_the_vote_second() -> None:
    moot = deciding(seconds=1)
    assert moot.refused(OUTSIDER, Second()).code == "not-a-maintainer"


def test_the_discussion_comes_before_the_ballots_and_objections_are_heard_in_it() -> None:
    moot = deciding(discussion=Window(count=2, unit="bd"))
    assert moot.motion.votes_from == at("2026-07-02T00:00")
    assert moot.end == at("2026-07-09T00:00")
    refusal = moot.refused(TWELVE[1], moot.ballot("yes"))
    assert (refusal.code, refusal.params["stage"]) == ("not-voting-yet", "discussion")
    assert moot.does(TWELVE[1], RaiseObjection(reason="Why now?", acted_at=moot.now))
    moot.now = at("2026-07-02T00:00")
    assert moot.vote(2, "yes")


# ---------------------------------------------------------------------- extension, void, re-run


@pytest.mark.parametrize(
    ("by", "end"), [("2bd", "2026-07-09T00:00"), ("3d", "2026-07-10T00:00"), ("12h", "2026-07-07T12:00")]
)
def test_any_maintainer_extends_with_a_reason_from_where_it_closes_now(by: str, end: str) -> None:
    moot = Moot()
    event = only(moot.does(TWELVE[6], Extend(by=by, reason="Half of us travel.")), WindowExtended)
    assert (event.person, event.closes_at, moot.end) == (TWELVE[6], at(end), at(end))


@pytest.mark.parametrize("by", ["", "0d", "-1d", "-5bd", "5", "5x", "1.5d", "bd", "2 bd ", "٣d", "9999d"])
def test_t7_extend_never_shortens(by: str) -> None:
    moot = Moot()
    before = moot.end
    decision = moot.ask(TWELVE[6], Extend(by=by, reason="Why."))
    if isinstance(decision, tuple):
        assert moot.end >= before
    else:
        assert decision.code == "window-unfit"
        assert moot.end == before


def test_an_extension_needs_a_reason_a_maintainer_and_a_window_that_runs() -> None:
    moot = Moot()
    assert moot.refused(TWELVE[6], Extend(by="1d", reason="")).code == "text-missing"
    assert moot.refused(OUTSIDER, Extend(by="1d", reason="x")).code == "not-a-maintainer"
    assert Moot(announced=False).refused(TWELVE[6], Extend(by="1d", reason="x")).code == "not-voting-yet"
    moot.now = moot.end
    assert moot.refused(TWELVE[6], Extend(by="1d", reason="x")).code == "too-late"


def test_after_an_extension_the_pings_come_anew() -> None:
    moot = Moot()
    moot.now = moot.end - 24 * HOUR
    assert moot.ping(24)
    moot.does(TWELVE[6], Extend(by="3d", reason="x"))
    assert moot.ping(24) == ()
    moot.now = moot.end - 24 * HOUR
    assert moot.ping(24)


def void(moot: Moot) -> tuple[Any, ...]:
    moot.does(TWELVE[3], MakeVoid(reason="The text was edited while we voted."))
    assert moot.refused(TWELVE[3], Second()).code == "second-by-another"
    return moot.does(TWELVE[4], Second())


@pytest.mark.parametrize("stage", ["open", "lost", "carried", "accepted"])
def test_a_motion_is_declared_void_by_two_maintainers_also_after_the_count(stage: str) -> None:
    moot = Moot()
    if stage in {"carried", "accepted"}:
        moot.carry()
    elif stage == "lost":
        moot.close()
    if stage == "accepted":
        moot.accept()
    event = only(void(moot), MotionVoided)
    assert (event.person, event.seconder) == (TWELVE[3], TWELVE[4])
    assert (moot.motion.outcome, moot.motion.stage, moot.motion.ended) == ("void", "void", True)
    assert not moot.motion.enactable
    assert bool(moot.draft()) == (stage == "accepted"), "one that was under way is noted, so that it can say so"
    assert moot.refused(TWELVE[0], moot.ballot("yes")).code == "closed"
    assert moot.refused(TWELVE[0], MakeVoid(reason="Again.")).code == "closed"


def test_a_wish_that_the_count_has_overtaken_stands_in_nobodys_way() -> None:
    moot = Moot()
    moot.does(TWELVE[3], Withdraw(reason="x"))
    moot.close()
    assert moot.refused(TWELVE[5], Second()).code in {"closed", "nothing-to-second"}
    assert moot.does(TWELVE[4], MakeVoid(reason="The text was edited."))
    assert moot.does(TWELVE[5], Second())
    assert moot.motion.outcome == "void"


def test_what_is_merged_is_not_declared_void_any_more() -> None:
    moot = Moot()
    moot.carry()
    moot.accept()
    moot.draft()
    moot.does(TWELVE[3], MakeVoid(reason="A mistake."))
    moot.read_roster(*TWELVE, role=MAINTAINER)
    assert moot.refused(TWELVE[4], Second()).code == "closed"
    assert moot.refused(TWELVE[4], MakeVoid(reason="A mistake.")).code == "closed"


@pytest.mark.parametrize("actor", [OUTSIDER, REVIEWER, CANDIDATE])
def test_only_maintainers_of_the_vote_declare_it_void(actor: PersonId) -> None:
    assert Moot().refused(actor, MakeVoid(reason="x")).code == "not-a-maintainer"


@pytest.mark.parametrize("end", ["lost", "withdrawn", "void"])
def test_what_came_to_nothing_is_opened_again_with_its_own_text(end: str) -> None:
    moot = Moot()
    if end == "lost":
        moot.close()
    elif end == "void":
        void(moot)
    else:
        moot.does(TWELVE[0], Withdraw(reason="Wait."))
    again = Moot(command=Rerun(), before=moot.motion, number=13, proposer=TWELVE[5])
    opened = again.motion.opened
    assert (opened.repeats, opened.proposer, opened.subject) == (12, TWELVE[5], CANDIDATE)
    assert (str(opened.text), str(opened.evidence), opened.months) == (str(moot.motion.text), "40 reviews since May", 7)
    assert "again, after motion 12" in plain_card(poll_card(again.motion, again.scene()))


def test_what_runs_or_has_carried_is_not_opened_again_nor_by_an_outsider() -> None:
    moot = Moot()
    assert expect_refusal(propose(TWELVE[0], Rerun(), before=moot.motion)).code == "not-to-be-rerun"
    moot.carry()
    assert expect_refusal(propose(TWELVE[0], Rerun(), before=moot.motion)).code == "not-to-be-rerun"
    lost = Moot()
    lost.close()
    assert expect_refusal(propose(OUTSIDER, Rerun(), before=lost.motion)).code == "not-a-maintainer"
    assert expect_refusal(propose(TWELVE[0], Rerun())).code == "no-such-motion"
    held = opening(roster(TWELVE, [CANDIDATE]), policy=policy("reviewer"))
    again = Moot(rules=policy("reviewer"))
    again.close()
    assert expect_refusal(propose(TWELVE[0], Rerun(), held, before=again.motion)).code == "already-on-roster"


# ---------------------------------------------------------------------- R20: what an objection does


def objection(moot: Moot, reason: str = "It breaks us.") -> RaiseObjection:
    return RaiseObjection(reason=reason, acted_at=moot.now)


def test_r20_by_default_an_objection_is_recorded_and_no_veto() -> None:
    moot = Moot()
    event = only(moot.does(TWELVE[11], objection(moot)), ObjectionRaised)
    assert event.closes_at is None
    moot.votes(yes=8)
    assert moot.close().outcome == "carried"


def test_r20_where_it_blocks_the_motion_cannot_carry_until_it_is_taken_back() -> None:
    for lifted in (False, True):
        moot = Moot(rules=policy(objection="block"))
        moot.does(TWELVE[11], objection(moot))
        moot.votes(yes=11)
        assert tally(moot.motion).lacks == ("objection",)
        if lifted:
            assert only(moot.does(TWELVE[11], LiftObjection()), ObjectionLifted).person == TWELVE[11]
        closed = moot.close().closed
        assert closed is not None
        assert closed.outcome == ("carried" if lifted else "lost")


def test_r20_only_ones_own_objections_are_taken_back_and_once() -> None:
    moot = Moot(rules=policy(objection="block"))
    moot.does(TWELVE[11], objection(moot))
    moot.does(TWELVE[11], objection(moot, "And that."))
    assert moot.refused(TWELVE[10], LiftObjection()).code == "nothing-to-lift"
    assert moot.motion.standing_objections == 2
    moot.does(TWELVE[11], LiftObjection())
    assert moot.motion.standing_objections == 0
    assert moot.refused(TWELVE[11], LiftObjection()).code == "nothing-to-lift"
    moot.does(TWELVE[11], objection(moot, "Once more."))
    assert moot.motion.standing_objections == 1


@pytest.mark.parametrize("kind", ["extend", "escalate"])
def test_r20_where_it_extends_everybody_has_the_full_window_again_once(kind: str) -> None:
    moot = Moot(rules=policy(objection=kind))
    moot.now += 3 * DAY  # Thursday
    event = only(moot.does(TWELVE[11], objection(moot)), ObjectionRaised)
    assert event.closes_at == moot.end == at("2026-07-10T00:00")
    moot.now += DAY
    assert only(moot.does(TWELVE[10], objection(moot)), ObjectionRaised).closes_at is None, "not by every next one"
    assert moot.end == at("2026-07-10T00:00")


def test_r20_an_extending_objection_never_shortens() -> None:
    moot = Moot(rules=policy(objection="extend"))
    moot.does(TWELVE[1], Extend(by="30d", reason="x"))
    before = moot.end
    moot.does(TWELVE[11], objection(moot))
    assert moot.end == before


def test_lazy_consensus_carries_in_silence_and_not_over_a_no() -> None:
    silent = deciding(lazy=True)
    assert silent.close().outcome == "carried"
    refused = deciding(lazy=True)
    refused.vote(1, "no")
    assert refused.close().outcome == "lost"
    voted = deciding(lazy=True)
    voted.vote(1, "no")
    for number in range(2, 9):
        voted.vote(number, "yes")
    assert voted.close().outcome == "carried", "a no asks for the ballots, and they decide"


def test_lazy_consensus_ends_for_good_with_an_objection_where_it_escalates() -> None:
    moot = deciding(lazy=True, objection="escalate")
    moot.does(TWELVE[11], objection(moot))
    moot.does(TWELVE[11], LiftObjection())
    assert not moot.motion.lazy
    assert moot.close().outcome == "lost"


# ---------------------------------------------------------------------- quorum and early close


def test_without_a_quorum_a_motion_is_lost_or_extended_once() -> None:
    quorum = parse_quorum(">=1/2")
    lost = deciding(quorum=quorum, of="cast")
    lost.votes(yes=5)
    closed = lost.close().closed
    assert closed is not None
    assert (closed.outcome, closed.quorum, closed.warnings) == ("lost", 6, ("quorum",))
    moot = deciding(quorum=quorum, of="cast", on_no_quorum="extend")
    moot.votes(yes=5)
    first = moot.end
    moot.close()
    (extension,) = moot.motion.extensions
    assert (extension.person, moot.motion.open) == (None, True)
    assert moot.end == extension.closes_at > first
    again = moot.close()
    assert again.outcome == "lost", "once"


def test_an_extension_for_want_of_a_quorum_lets_the_missing_ones_vote() -> None:
    moot = deciding(quorum=parse_quorum("6"), of="cast", on_no_quorum="extend")
    moot.votes(yes=5)
    moot.close()
    moot.vote(6, "no")
    assert moot.close().outcome == "carried"


def test_an_early_close_comes_when_the_outcome_is_certain_and_not_one_ballot_before() -> None:
    ways: tuple[tuple[Choice, int, str], ...] = (("yes", 7, "carried"), ("no", 6, "lost"))
    for choice, least, outcome in ways:
        moot = deciding(close="early-certain", ballot="yes-no")
        for number in range(1, least + 1):
            assert moot.refused(None, Close()).code == "not-due", number
            moot.vote(number, choice)
        moot.does(None, Close())
        assert moot.motion.outcome == outcome
        assert moot.now < moot.end


def test_an_early_unanimous_close_needs_the_quorum_and_no_other_word() -> None:
    rules: dict[str, Any] = {"close": "early-unanimous", "quorum": parse_quorum(">=2/3"), "of": "cast"}
    moot = deciding(**rules)
    moot.votes(yes=7)
    assert moot.refused(None, Close()).code == "not-due"
    moot.vote(8, "yes")
    moot.does(None, Close())
    assert moot.motion.outcome == "carried"
    other = deciding(**rules)
    other.votes(yes=8, abstain=1)
    assert other.refused(None, Close()).code == "not-due"


# ---------------------------------------------------------------------- ballots


def test_where_ballots_are_final_they_can_be_neither_changed_nor_taken_back() -> None:
    moot = Moot(rules=policy(revote="none"))
    moot.vote(1, "yes")
    moot.now += HOUR
    assert moot.refused(TWELVE[0], moot.ballot("no")).code == "no-revote"
    assert moot.refused(TWELVE[0], RetractBallot(acted_at=moot.now)).code == "no-revote"
    enter(moot, "no", voter=3)
    assert moot.does(TWELVE[2], moot.ballot("yes")), "what others entered binds nobody"


def test_where_a_no_needs_a_reason_it_is_not_taken_without() -> None:
    moot = Moot(rules=policy(no_requires_reason=True))
    assert moot.refused(TWELVE[0], moot.ballot("no")).code == "no-needs-reason"
    assert moot.vote(1, "no", reason="It has no tests.")
    assert moot.vote(2, "yes")


# ---------------------------------------------------------------------- blinded votes


def blinded(count: int = 12, **changes: Any) -> Moot:
    return Moot(count, policy(secrecy="blinded", **changes))


@pytest.mark.parametrize("via", ["reaction", "command", "record"])
def test_a_blinded_ballot_is_cast_by_a_button_and_without_a_reason(via: Any) -> None:
    moot = blinded()
    assert moot.refused(TWELVE[0], moot.ballot("yes", via=via)).code == "blinded-buttons-only"
    assert moot.refused(TWELVE[0], moot.ballot("yes", reason="x")).code == "blinded-buttons-only"
    assert expect_refusal(enter(moot)).code == "blinded-buttons-only"
    assert moot.vote(1, "yes")
    assert moot.does(TWELVE[1], moot.ballot("no", via="ping"))


@pytest.mark.parametrize("count", [1, 4])
def test_with_fewer_than_five_the_result_would_show_the_ballots_so_no_blinded_vote_opens(count: int) -> None:
    rules = policy(secrecy="blinded")
    about = opening(read=None, policy=rules)
    small = opening(roster(people(count)), policy=rules)
    assert expect_refusal(propose(about=small)).code == "blinded-too-few"
    assert expect_events(propose(about=about))


def test_nothing_that_is_shown_of_a_blinded_vote_moves_with_the_choices_while_it_runs() -> None:
    """Two votes with as many ballots, one all yes, one all no: every card is the same."""

    def shown(choice: Choice) -> list[str]:
        moot = blinded(objection="record")
        for number in range(1, 10):
            moot.vote(number, choice)
        moot.now = moot.end - 20 * HOUR
        moot.ping(24)
        moot.does(TWELVE[3], objection(moot))
        cards: list[Card] = [
            poll_card(moot.motion, moot.scene()),
            status_card(moot.motion, TWELVE[11], moot.scene()),
            status_card(moot.motion, None, moot.scene()),
            note_card("ping", moot.motion, {"hours": 24}, moot.scene()),
            notice_card("objection", moot.motion, {"index": 0}, moot.scene()),
        ]
        moot.read_roster(*TWELVE[1:])
        cards += [notice_card("electorate", moot.motion, {}, moot.scene()), poll_card(moot.motion, moot.scene())]
        return [plain_card(card) for card in cards]

    assert shown("yes") == shown("no")
    assert "9 of 12 have voted" in shown("yes")[0]


def test_a_blinded_poll_has_buttons_and_no_bar_and_says_what_it_does_not_protect_from() -> None:
    card = poll_card(blinded().motion, blinded().scene())
    assert isinstance(card, Poll)
    assert (card.bar, card.reactions) == (None, False)
    assert [button.verb for button in card.buttons][:3] == ["yes", "no", "abstain"]
    assert "whoever runs this bot could read it" in plain_card(card)


def test_the_receipt_of_a_blinded_ballot_lets_its_voter_find_it_in_the_log() -> None:
    moot = blinded()
    command = moot.ballot("yes")
    events = moot.does(TWELVE[0], command)
    answer: Answer = receipt(command, events, moot.motion, TWELVE[0], proof="ab" * 32)
    said = plain_card(answer_card(answer, moot.scene()))
    assert "ab" * 32 in said or "ab" * 6 in said


def test_the_totals_of_a_blinded_vote_are_shown_at_the_close_unless_they_show_every_ballot() -> None:
    mixed = blinded()
    mixed.votes(yes=9, no=2)
    mixed.close()
    assert "9 yes" in plain_card(notice_card("result", mixed.motion, {}, mixed.scene()))
    alike = blinded()
    alike.votes(yes=9)
    alike.close()
    said = plain_card(notice_card("result", alike.motion, {}, alike.scene()))
    assert "carried" in said
    assert "9 yes" not in said
    alike.accept()
    minutes = minutes_of(alike.motion, names=PlainNames(), head=HEAD, genesis="abcdef0123")
    assert "9 yes" not in minutes.body + minutes.message


# ---------------------------------------------------------------------- reminders that wait


def test_who_wants_to_be_reminded_in_the_morning_is_once_more_and_who_wants_none_is_not() -> None:
    moot = Moot()
    moot.now = moot.end - 48 * HOUR
    moot.ping(48)
    morning = moot.now + 20 * HOUR
    assert only(moot.does(TWELVE[0], Snooze(), morning=morning), PingSnoozed).until == morning
    effect = moot.effects()[-1]
    assert (effect.kind, effect.after, effect.venue) == ("ping", morning, f"person:{TWELVE[0]}:ping")
    assert only(moot.does(TWELVE[1], Mute()), PingsMuted).person == TWELVE[1]
    assert moot.does(TWELVE[1], Mute()) == ()
    moot.now = moot.end - 24 * HOUR
    assert only(moot.ping(24), VotersPinged).people == (TWELVE[0], *TWELVE[2:])
    assert moot.refused(TWELVE[0], Snooze(), morning=moot.end).code == "no-morning-left"
    assert moot.refused(TWELVE[0], Snooze(), morning=None).code == "no-morning-left"
    assert moot.refused(OUTSIDER, Mute()).code == "not-in-electorate"


# ---------------------------------------------------------------------- what cannot be undone or mixed up


@pytest.mark.parametrize(
    "command",
    [Extend(by="1d", reason="x"), LiftObjection(), Snooze(), Mute(), Correct(text="x"), Withdraw(reason="x")],
    ids=lambda command: type(command).__name__,
)
def test_after_the_end_nothing_changes_any_more(command: Command) -> None:
    moot = Moot()
    moot.close()
    assert moot.refused(TWELVE[0], command).code == "closed"


def test_a_step_down_has_no_reminders_and_no_extension() -> None:
    moot = leaving()
    assert moot.refused(TWELVE[0], Extend(by="1d", reason="x")).code == "not-voting-yet"
    assert moot.refused(TWELVE[0], Snooze(), morning=START).code == "no-vote"


def test_a_wish_of_somebody_who_has_left_is_not_seconded() -> None:
    moot = Moot()
    assert only(moot.does(TWELVE[3], Withdraw(reason="x")), SecondAsked).person == TWELVE[3]
    moot.read_roster(*TWELVE[:3], *TWELVE[4:])
    assert moot.refused(TWELVE[5], Second()).code == "nothing-to-second"
    assert only(moot.does(TWELVE[0], Correct(text="Other words.")), MotionCorrected).notice == 2


def test_no_option_reaches_the_forge_before_the_count() -> None:
    moot = deciding(enactment="record", objection="block")
    moot.does(TWELVE[1], objection(moot))
    moot.votes(yes=9)
    assert not [effect for effect in moot.effects() if effect.venue == FORGE]
    assert isinstance(moot.log[0][1], MotionOpened)
    assert parse_threshold(">1/2") == moot.motion.policy.threshold
    assert isinstance(moot.ballot("yes"), CastBallot)
    assert moot.now + SECOND > START
