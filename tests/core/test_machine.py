"""The rules against a naive model, with any order of requests: Hypothesis drives both and compares them.

The model is written from the rule book alone, with plain dicts and `Fraction`. It never calls the teller.
`FOLKMOOT_FAULTS=all` runs many more and longer histories.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.core.commands import (
    CHOICES,
    Acknowledge,
    Choice,
    Close,
    Correct,
    Extend,
    LiftObjection,
    MakeVoid,
    Mute,
    RaiseObjection,
    RecordAnswer,
    RecordBallot,
    RetractBallot,
    Second,
    TakeInvitation,
    Via,
    Withdraw,
)
from bot.core.events import Event, MotionClosed, MotionVoided, MotionWithdrawn
from bot.core.motion import replay
from bot.core.people import PersonId
from bot.core.teller import recount, tally
from tests.core.builders import CANDIDATE, OUTSIDER, REVIEWER, Moot, people, policy

ALL = os.environ.get("FOLKMOOT_FAULTS") == "all"
JOINERS = (PersonId("joiner1"), PersonId("joiner2"))
STRANGERS = (OUTSIDER, REVIEWER, CANDIDATE, *JOINERS)


@dataclass
class Model:
    """What the rule book says, naively: who may vote, who said what and when, until when."""

    pinned: set[str]
    share: Fraction
    live: bool
    exceeds: bool
    now: datetime
    blocks: bool = False
    members: set[str] = field(default_factory=set)
    said: dict[str, list[tuple[datetime, datetime, str | None]]] = field(default_factory=dict)
    entered: dict[str, str] = field(default_factory=dict)
    objections: list[list[Any]] = field(default_factory=list)
    muted: set[str] = field(default_factory=set)
    effective: bool = False
    announced_at: datetime | None = None
    end: datetime | None = None
    promised: datetime | None = None
    over: str = ""
    pinged: set[int] = field(default_factory=set)
    asked: tuple[str, str] | None = None
    corrections: int = 0

    def says(self, who: str, when: datetime, what: str | None) -> None:
        self.said.setdefault(who, []).append((min(when, self.now), when, what))

    def last(self, who: str) -> str | None:
        """The last by the time of the action; of two at one instant, the one that arrived later.

        An action from a clock that is ahead is done when it arrives; of two such the other clock knows which is later.
        What others entered counts only as long as one has said nothing oneself.
        """
        stands: tuple[datetime, datetime, str | None] | None = None
        for each in self.said.get(who, ()):
            if stands is None:
                stands = each
                continue
            ahead, told = each[1] > each[0], stands[1] > stands[0]
            new, old = (each[1], stands[1]) if ahead and told else (each[0], stands[0])
            again = each[2] == stands[2] and not (ahead and not told)
            if new > old or (new == old and not again):
                stands = each
        return stands[2] if stands is not None else self.entered.get(who)

    def count(self, people: set[str]) -> Counter[str]:
        return Counter(word for who in people if (word := self.last(who)) is not None)

    def carries(self, people: set[str]) -> bool:
        words = self.count(people)
        if not people or (self.exceeds and words["yes"] <= words["no"]):
            return False
        if self.blocks and any(not lifted for _, lifted in self.objections):
            return False
        return Fraction(words["yes"], len(people)) >= self.share

    def takes(self, when: datetime) -> bool:
        """Whether an action of this instant is within the window."""
        return not self.over and (self.end is None or min(when, self.now) < self.end)

    def announce(self) -> None:
        """Five business days in UTC, the day itself not counted; never less than was promised before (T7)."""
        day: date = self.now.date()
        left = 5
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < 5
        end = datetime.combine(day + timedelta(days=1), time(), self.now.tzinfo)
        assert self.announced_at is None or end >= self.announced_at
        self.announced_at, self.end = self.now, max(end, self.promised or end)


def later(end: datetime, count: int, unit: str) -> datetime:
    """So much more than an exclusive end in UTC: business days from the day before a midnight on."""
    if unit != "bd":
        return end + timedelta(**{"d": {"days": count}, "h": {"hours": count}}[unit])
    day = (end - timedelta(microseconds=1)).date()
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return datetime.combine(day + timedelta(days=1), time(), end.tzinfo)


class Candidacy(RuleBasedStateMachine):
    """One candidacy, from the announcement to the draft, asked anything by anybody in any order."""

    moot: Moot
    model: Model
    ends: list[datetime]

    @initialize(
        size=st.integers(1, 9),
        role=st.sampled_from(["maintainer", "reviewer"]),
        live=st.booleans(),
        exceeds=st.booleans(),
        blocks=st.booleans(),
        announced=st.sampled_from([True, True, True, False]),
    )
    def opens(self, size: int, role: str, *, live: bool, exceeds: bool, blocks: bool, announced: bool) -> None:
        objection = "block" if blocks else "record"
        electorate = "live" if live else "snapshot"
        rules = policy(role, electorate=electorate, yes_exceeds_no=exceeds, objection=objection)
        self.moot = Moot(size, rules, announced=announced)
        self.model = Model(
            pinned=set(self.moot.members),
            members=set(self.moot.members),
            share=Fraction(66 if role == "maintainer" else 33, 100),
            live=live,
            exceeds=exceeds,
            blocks=blocks,
            now=self.moot.now,
        )
        self.ends = []
        if announced:
            self.model.announce()

    # ------------------------------------------------------------------ what is asked

    def person(self, index: int) -> PersonId:
        """Members first, then strangers."""
        everyone = (*self.moot.members, *STRANGERS)
        return everyone[index % len(everyone)]

    def accepted(self, decision: object) -> bool:
        return isinstance(decision, tuple)

    @rule(
        who=st.integers(0, 13),
        choice=st.sampled_from(CHOICES),
        via=st.sampled_from(["button", "reaction", "command", "ping"]),
        late=st.integers(-2, 240),
    )
    def votes(self, who: int, choice: Choice, via: Via, late: int) -> None:
        """A ballot that was under way for some minutes, or comes from a clock that is ahead."""
        person, when = self.person(who), self.moot.now - timedelta(minutes=late)
        taken = self.accepted(self.moot.ask(person, self.moot.ballot(choice, at=when, via=via)))
        assert taken == (person in self.model.members and self.model.takes(when))
        if taken:
            self.model.says(person, when, choice)

    @rule(choices=st.lists(st.sampled_from(CHOICES), min_size=1, max_size=9))
    def several_vote(self, choices: list[Choice]) -> None:
        """The first so many, at once: so that bars are reached within a short history."""
        for who, choice in enumerate(choices[: len(self.moot.members)]):
            self.votes(who, choice, "button", 0)

    @rule(choice=st.sampled_from(CHOICES))
    def all_agree(self, choice: Choice) -> None:
        self.several_vote([choice] * len(self.moot.members))

    @rule(who=st.integers(0, 13), late=st.integers(-2, 240))
    def retracts(self, who: int, late: int) -> None:
        person, when = self.person(who), self.moot.now - timedelta(minutes=late)
        taken = self.accepted(self.moot.ask(person, RetractBallot(acted_at=when)))
        voted = self.model.last(person) is not None
        assert taken == (person in self.model.members and self.model.takes(when) and voted)
        if taken:
            self.model.says(person, when, None)

    @rule(who=st.integers(0, 13))
    def objects(self, who: int) -> None:
        person = self.person(who)
        before = self.moot.motion.ballots
        taken = self.accepted(self.moot.ask(person, RaiseObjection(reason="Why not.", acted_at=self.moot.now)))
        assert taken == (person in self.model.members and self.model.takes(self.model.now))
        assert self.moot.motion.ballots == before
        if taken:
            self.model.objections.append([person, False])

    @rule(who=st.integers(0, 13))
    def takes_an_objection_back(self, who: int) -> None:
        person = self.person(who)
        mine = [each for each in self.model.objections if each == [person, False]]
        taken = self.accepted(self.moot.ask(person, LiftObjection()))
        assert taken == (person in self.model.members and self.model.takes(self.model.now) and bool(mine))
        if taken:
            self.model.objections = [[w, done or w == person] for w, done in self.model.objections]

    @rule(clerk=st.integers(0, 13), voter=st.integers(0, 13), choice=st.sampled_from(CHOICES))
    def somebody_enters_a_ballot(self, clerk: int, voter: int, choice: Choice) -> None:
        """R14: never over the voter's own word, never for oneself, only in the window."""
        by, other = self.person(clerk), self.person(voter)
        command = RecordBallot(voter="x", choice=choice, link="https://example.org/m/1", acted_at=self.moot.now)
        taken = self.accepted(self.moot.ask(by, command, other=other))
        may = by in self.model.members and self.model.takes(self.model.now)
        assert taken == (may and other in self.model.members and other != by and other not in self.model.said)
        if taken:
            self.model.entered[other] = choice

    @rule(who=st.integers(0, 13), by=st.sampled_from([(1, "bd"), (2, "bd"), (3, "d"), (12, "h"), (0, "d")]))
    def extends(self, who: int, by: tuple[int, str]) -> None:
        person, before = self.person(who), self.model.end
        taken = self.accepted(self.moot.ask(person, Extend(by=f"{by[0]}{by[1]}", reason="Why.")))
        may = person in self.model.members and self.model.takes(self.model.now)
        assert taken == (may and before is not None and by[0] > 0)
        if taken and before is not None:
            self.model.end = later(before, *by)
            assert self.model.end > before
            self.model.pinged = set()

    @rule(who=st.integers(0, 13))
    def wants_no_more_reminders(self, who: int) -> None:
        person = self.person(who)
        taken = self.accepted(self.moot.ask(person, Mute()))
        assert taken == (person in self.model.members and self.model.takes(self.model.now))
        if taken:
            self.model.muted.add(person)

    @rule(gone=st.sets(st.integers(0, 8), max_size=3), joined=st.sets(st.sampled_from([*JOINERS, CANDIDATE])))
    def roster_changes(self, gone: set[int], joined: set[PersonId]) -> None:
        stay = [person for index, person in enumerate(self.moot.members) if index not in gone]
        self.moot.read_roster(*stay, *sorted(joined))
        if self.model.over:
            return
        self.model.members &= {*stay, *joined}
        if self.model.live:
            self.model.members |= {*stay, *joined} - {CANDIDATE}

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        self.moot.now += timedelta(hours=hours, minutes=17)
        self.model.now = self.moot.now

    @precondition(lambda self: self.model.end is not None)
    @rule(
        before=st.sampled_from([timedelta(), timedelta(hours=24), timedelta(hours=48)]),
        seconds=st.sampled_from([-1, 0, 1, 30]),
    )
    def the_end_comes(self, before: timedelta, seconds: int) -> None:
        """To within a second of the end, or of a ping; never back."""
        assert self.model.end is not None
        self.moot.now = self.model.now = max(self.moot.now, self.model.end - before + timedelta(seconds=seconds))

    @rule()
    def the_outbox_and_the_alarm_run(self) -> None:
        """What the shell does by itself: the pending notice, the pings, the count."""
        self.a_notice_is_confirmed(self.model.corrections + 1)
        self.pings(48)
        self.pings(24)
        self.closes()

    @rule(notice=st.integers(0, 4))
    def a_notice_is_confirmed(self, notice: int) -> None:
        fresh = not self.model.over and self.moot.motion.delivered < notice == self.model.corrections + 1
        events = self.moot.announce(notice)
        assert bool(events) == fresh
        if events:
            self.model.announce()

    @rule(who=st.integers(0, 13), what=st.sampled_from(["correct", "correct", "second", "second", "withdraw", "void"]))
    def the_motion_itself_is_touched(self, who: int, what: str) -> None:
        """One rule for the four, and withdrawal seldom, so that most histories get to their count."""
        if what == "withdraw":
            self.withdraws(who)
        elif what == "void":
            self.wants_it_void(who)
        elif what == "second":
            self.seconds(who)
        elif self.model.corrections < 3:
            self.corrects(who)

    def stands(self, person: PersonId) -> bool:
        """Whether somebody else's wish waits for a second: another one must not take its place."""
        asked = self.model.asked
        return asked is not None and asked[0] != person and asked[0] in {*self.model.members, self.proposer}

    @property
    def proposer(self) -> str:
        return self.moot.motion.opened.proposer

    def wishes(self, person: PersonId, what: str, *, taken: bool) -> None:
        alone = person == self.proposer and what != "void"
        may = person in self.model.members and self.model.takes(self.model.now)
        if what == "void":
            may = person in self.model.members and self.voidable
        elif alone:
            may = self.model.takes(self.model.now)  # also who has left the roster meanwhile
        assert taken == (may and (alone or not self.stands(person)))
        if not taken:
            return
        if not alone:
            self.model.asked = (person, what)
        elif what == "withdraw":
            self.model.over = "withdrawn"
        else:
            self.corrected()

    @property
    def voidable(self) -> bool:
        return self.model.over not in {"void", "withdrawn"} and not self.model.effective

    def corrects(self, who: int) -> None:
        person = self.person(who)
        self.wishes(person, "correct", taken=self.accepted(self.moot.ask(person, Correct(text="Other words."))))

    def withdraws(self, who: int) -> None:
        person = self.person(who)
        self.wishes(person, "withdraw", taken=self.accepted(self.moot.ask(person, Withdraw(reason="Why."))))

    def wants_it_void(self, who: int) -> None:
        person = self.person(who)
        self.wishes(person, "void", taken=self.accepted(self.moot.ask(person, MakeVoid(reason="Why."))))

    def corrected(self) -> None:
        self.model.corrections += 1
        self.model.promised = self.model.end or self.model.promised
        self.model.end = None
        self.model.pinged = set()
        self.model.asked = None

    def seconds(self, who: int) -> None:
        person, asked = self.person(who), self.model.asked
        taken = self.accepted(self.moot.ask(person, Second()))
        if asked is None or asked[0] not in {*self.model.members, self.proposer}:
            assert not taken, "nothing to second"
            return
        what = asked[1]
        open_ = self.voidable if what == "void" else self.model.takes(self.model.now)
        assert taken == (person in self.model.members and open_ and asked[0] != person)
        if taken and what == "correct":
            self.corrected()
        elif taken:
            self.model.over = {"withdraw": "withdrawn", "void": "void"}[what]

    @rule(hours=st.sampled_from([48, 24]))
    def pings(self, hours: int) -> None:
        events = self.moot.ping(hours)
        end, now = self.model.end, self.model.now
        due = [h for h in (24, 48) if end is not None and end - timedelta(hours=h) <= now < end]
        waiting = {who for who in self.model.members - self.model.muted if self.model.last(who) is None}
        wanted = not self.model.over and hours not in self.model.pinged and due[:1] == [hours] and waiting
        assert bool(events) == bool(wanted)
        if events:
            self.model.pinged.add(hours)
            assert set(getattr(events[0], "people", ())) == waiting

    @rule()
    def closes(self) -> None:
        decision = self.moot.ask(None, Close())
        due = self.model.end is not None and self.model.now >= self.model.end
        assert self.accepted(decision) == (bool(self.model.over) or due)
        if decision and not self.model.over and due:
            self.model.over = "carried" if self.model.carries(self.model.members) else "lost"
            if self.model.asked is not None and self.model.asked[1] != "void":
                self.model.asked = None

    @precondition(lambda self: self.model.over == "carried")
    @rule(who=st.integers(0, 13))
    def it_is_brought_to_its_end(self, who: int) -> None:
        for step in ("acknowledge", "invite", "accepted", "draft"):
            self.afterwards(who, step)

    @precondition(lambda self: bool(self.model.over))
    @rule(who=st.integers(0, 13), step=st.sampled_from(["acknowledge", "invite", "accepted", "declined", "draft"]))
    def afterwards(self, who: int, step: str) -> None:
        """Whatever follows: never anything unless it carried. A draft that was under way when it ended is noted."""
        person = self.person(who)
        commands: dict[str, Any] = {
            "acknowledge": Acknowledge(),
            "invite": TakeInvitation(),
            "accepted": RecordAnswer(accepted=True, name="New Person", email=""),
            "declined": RecordAnswer(accepted=False, name="", email=""),
        }
        if step == "draft":
            events: object = self.moot.draft()
        else:
            events = self.moot.ask(person, commands[step])
        if self.accepted(events) and events:
            assert self.model.over == "carried" or (step == "draft" and self.moot.motion.answered is not None)
            assert step == "draft" or person in self.model.members

    # ------------------------------------------------------------------ what always holds

    @invariant()
    def the_counters_are_those_of_a_recount(self) -> None:
        assert tally(self.moot.motion) == recount(self.moot.motion)

    @invariant()
    def the_tally_is_the_models_and_sums_to_the_electorate(self) -> None:
        if self.model.over:
            return
        counted, words = tally(self.moot.motion), self.model.count(self.model.members)
        assert set(self.moot.motion.members) == self.model.members
        assert (counted.yes, counted.no, counted.abstain) == (words["yes"], words["no"], words["abstain"])
        assert counted.yes + counted.no + counted.abstain + counted.not_voted == len(self.model.members)
        assert counted.carried == self.model.carries(self.model.members)

    @invariant()
    def nobody_outside_the_electorate_has_a_ballot(self) -> None:
        ever = {*self.moot.members, *(JOINERS if self.model.live else ())}
        assert set(self.moot.motion.ballots) <= ever
        assert CANDIDATE not in self.moot.motion.members

    @invariant()
    def the_stage_and_the_end_are_the_models(self) -> None:
        assert (self.moot.motion.outcome or "") == self.model.over
        if not self.model.over:
            assert self.moot.motion.closes_at == self.model.end

    @invariant()
    def there_is_one_outcome_at_most_and_none_before_the_window_has_ended(self) -> None:
        ends = MotionClosed | MotionWithdrawn | MotionVoided
        last: list[Event] = [event for _, event in self.moot.log if isinstance(event, ends)]
        assert len(last) <= (2 if self.model.over == "void" else 1), "only a count can still be declared void"
        closed = self.moot.motion.closed
        if closed is None or self.model.over == "void":
            return
        assert self.moot.motion.closed_at is not None
        assert self.moot.motion.closes_at is not None
        assert self.moot.motion.closed_at >= self.moot.motion.closes_at
        assert closed.late_seconds >= 0
        assert closed.outcome == self.model.over
        assert closed.snapshot_outcome == ("carried" if self.model.carries(self.model.pinned) else "lost")

    @invariant()
    def the_log_replays_to_the_same_motion(self) -> None:
        assert replay(self.moot.number, self.moot.log) == self.moot.motion


Candidacy.TestCase.settings = settings(
    max_examples=1500 if ALL else 120,
    stateful_step_count=80 if ALL else 40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestAnyOrderOfRequestsAgainstANaiveModel = Candidacy.TestCase


def test_the_model_counts_as_the_rule_book_does() -> None:
    """The model itself, on the numbers of R18, so that it cannot be wrong in the same way as the code."""
    moot = Moot()
    model = Model(
        pinned=set(people(12)),
        members=set(people(12)),
        share=Fraction(66, 100),
        live=False,
        exceeds=False,
        now=moot.now,
    )
    for number, person in enumerate(people(12), start=1):
        assert not model.carries(model.members)
        model.says(person, moot.now, "yes")
        if number == 8:
            break
    assert model.carries(model.members)
    model.announce()
    assert model.end == moot.end
