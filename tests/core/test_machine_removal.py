"""A removal asked anything by anybody in any order: what is private stays so, and everything comes in its order."""

from __future__ import annotations

import os
from datetime import date, datetime, time, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.core.commands import (
    CHOICES,
    CONTACT_ANSWERS,
    CallDraft,
    Choice,
    Close,
    ContactAnswer,
    Extend,
    LiftObjection,
    MakeVoid,
    ProposeRemoval,
    RaiseObjection,
    RecordContact,
    RemindContact,
    RetractBallot,
    Second,
    TakeContact,
    Withdraw,
)
from bot.core.effects import FORGE, effects_of
from bot.core.events import ContactReminded, DraftCalled, VotingOpened
from bot.core.motion import replay
from bot.core.people import MAINTAINER, PersonId
from bot.core.rules.removal import discussion_ends
from bot.core.teller import recount, tally
from tests.core.builders import CHANNEL, OUTSIDER, REVIEWER, Removal

ALL = os.environ.get("FOLKMOOT_FAULTS") == "all"


def after(start: datetime, days: int) -> datetime:
    """So many whole business days in UTC after the day of `start`, exclusive."""
    day: date = start.date()
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return datetime.combine(day + timedelta(days=1), time(), start.tzinfo)


class AnyRemoval(RuleBasedStateMachine):
    """From the private question to the end, in whatever order it is asked for."""

    moot: Removal

    @initialize(
        size=st.integers(3, 7),
        counted=st.booleans(),
        stage=st.sampled_from(["contact", "contacted", "proposed", "voting", "voting"]),
    )
    def opens(self, size: int, stage: str, *, counted: bool) -> None:
        self.moot = Removal(size, rules={"exclude_in_denominator": counted})
        if stage != "contact":
            getattr(self.moot, stage)()

    def person(self, index: int) -> PersonId:
        everyone = (*self.moot.members, REVIEWER, OUTSIDER)
        return everyone[index % len(everyone)]

    def outside(self, who: PersonId) -> bool:
        """Who must not know of a contact."""
        return who == self.moot.subject or who not in self.moot.members

    def asks(self, who: PersonId, command: object) -> bool:
        """Ask; to whom it is hidden, it does not exist."""
        hidden = not self.moot.motion.proposed and self.outside(who)
        decision = self.moot.ask(who, command, current=self.moot.members)  # type: ignore[arg-type]
        if hidden:
            assert getattr(decision, "code", "") == "no-such-motion", decision
        return isinstance(decision, tuple) and bool(decision)

    # ------------------------------------------------------------------ what is asked

    @rule(who=st.integers(0, 8))
    def takes_the_contact(self, who: int) -> None:
        taken, person = self.asks(self.person(who), TakeContact()), self.person(who)
        assert not taken or person not in {self.moot.motion.opened.proposer, self.moot.subject}

    @rule(who=st.integers(0, 8), answer=st.sampled_from(CONTACT_ANSWERS))
    def records_an_answer(self, who: int, answer: ContactAnswer) -> None:
        person = self.person(who)
        if not self.asks(person, RecordContact(answer=answer)):
            return
        assert person == self.moot.motion.contact
        reminders = sum(isinstance(event, ContactReminded) for _, event in self.moot.log)
        assert answer != "no-answer" or reminders == 2

    @rule(who=st.integers(0, 8))
    def proposes_it(self, who: int) -> None:
        if self.asks(self.person(who), ProposeRemoval()):
            answer = self.moot.motion.contact_answer
            assert answer is not None
            assert answer.answer in {"cannot", "no-answer"}

    @rule()
    def the_notice_is_delivered(self) -> None:
        if self.moot.motion.proposed:
            self.moot.announce()

    @rule()
    def the_clockwork_runs(self) -> None:
        for command in (RemindContact(), CallDraft(), Close()):
            self.moot.ask(None, command)

    @rule()
    def the_forge_opens_the_draft(self) -> None:
        closed = self.moot.motion.closed
        called = self.moot.motion.draft_called and (closed is None or closed.outcome == "carried")
        assert bool(self.moot.draft(f"c{len(self.moot.log)}")) == called

    @rule(hours=st.integers(1, 80))
    def time_passes(self, hours: int) -> None:
        self.moot.now += timedelta(hours=hours)

    @precondition(lambda self: self.moot.motion.open and self.moot.motion.closes_at is None)
    @rule()
    def it_gets_going(self) -> None:
        """So that most histories get to a vote."""
        if not self.moot.motion.proposed:
            if self.moot.motion.contact is None:
                self.moot.contacted("cannot")
            self.proposes_it(0)
        self.the_notice_is_delivered()
        self.moot.now = max(self.moot.now, discussion_ends(self.moot.motion) or self.moot.now)
        self.the_clockwork_runs()
        self.the_forge_opens_the_draft()

    @precondition(lambda self: self.moot.motion.open and self.moot.motion.closes_at is not None)
    @rule()
    def the_window_ends(self) -> None:
        self.moot.now = max(self.moot.now, self.moot.end)
        self.the_clockwork_runs()
        assert not self.moot.motion.open

    @rule(who=st.integers(0, 8), choice=st.sampled_from(CHOICES))
    def votes(self, who: int, choice: Choice) -> None:
        person = self.person(who)
        if self.asks(person, self.moot.ballot(choice)):
            assert any(isinstance(event, VotingOpened) for _, event in self.moot.log)
            assert not self.outside(person)

    @rule(
        who=st.integers(0, 8),
        what=st.sampled_from(["object", "lift", "retract", "extend", "withdraw", "void", "second"]),
    )
    def does_something_else(self, who: int, what: str) -> None:
        now = self.moot.now
        command = {
            "object": RaiseObjection(reason="Why.", acted_at=now),
            "lift": LiftObjection(),
            "retract": RetractBallot(acted_at=now),
            "extend": Extend(by="1bd", reason="Why."),
            "withdraw": Withdraw(reason="Why."),
            "void": MakeVoid(reason="Why."),
            "second": Second(),
        }[what]
        self.asks(self.person(who), command)

    @precondition(lambda self: len(self.moot.log) > 4)
    @rule(drops=st.booleans())
    def the_roster_is_read(self, *, drops: bool) -> None:
        before = self.moot.motion
        stay = [person for person in self.moot.members if not (drops and person == self.moot.subject)]
        self.moot.read_roster(*stay, role=None if drops else MAINTAINER)
        counted_first = before.open and before.closes_at is not None and self.moot.now >= before.closes_at
        if not drops or counted_first:
            return
        if before.open and before.proposed:
            assert self.moot.motion.outcome == "void"
        if before.open or before.outcome == "carried":
            assert self.moot.motion.ended

    # ------------------------------------------------------------------ what always holds

    @invariant()
    def while_it_is_private_nobody_hears_of_it_who_must_not(self) -> None:
        for effect in self.told(private=True):
            assert effect.startswith("person:")
            assert PersonId(effect.split(":")[1]) in self.moot.members
            assert effect != f"person:{self.moot.subject}"

    def told(self, *, private: bool) -> list[str]:
        """Where effects have gone, of events before the proposal or after it."""
        found: list[str] = []
        motion = None
        for number, (at, event) in enumerate(self.moot.log, start=1):
            motion = replay(self.moot.number, self.moot.log[:number])
            assert motion is not None
            assert at <= self.moot.now
            if motion.proposed is not private:
                found += [effect.venue for effect in effects_of(event, motion, [CHANNEL])]
        return found

    @invariant()
    def no_draft_before_everybody_was_told_and_a_business_day_has_passed(self) -> None:
        called = [when for when, event in self.moot.log if isinstance(event, DraftCalled)]
        assert len(called) <= 1
        told = self.moot.motion.delivered_at
        if called:
            assert told is not None
            assert called[0] >= after(told, 1)
        drafts = [venue for venue in self.told(private=False) if venue == FORGE]
        assert bool(drafts) <= bool(called)

    @invariant()
    def the_window_is_five_business_days_from_the_draft_or_more(self) -> None:
        begun = [event for _, event in self.moot.log if isinstance(event, VotingOpened)]
        assert len(begun) <= 1
        if begun and self.moot.motion.closes_at is not None:
            assert self.moot.motion.closes_at >= after(begun[0].votes_from, 5)

    @invariant()
    def the_subject_has_no_ballot_and_is_counted_as_the_policy_says(self) -> None:
        motion = self.moot.motion
        assert self.moot.subject not in motion.ballots
        assert self.moot.subject not in motion.members
        assert tally(motion) == recount(motion)

    @invariant()
    def the_log_replays_to_the_same_motion(self) -> None:
        assert replay(self.moot.number, self.moot.log) == self.moot.motion


AnyRemoval.TestCase.settings = settings(
    max_examples=800 if ALL else 60,
    stateful_step_count=60 if ALL else 30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestARemovalAskedAnythingInAnyOrder = AnyRemoval.TestCase
