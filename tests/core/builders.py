"""Small builders for the tests of the core: rules, rosters, facts, names, a docket, and a motion one can drive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from bot.core.answers import Refused
from bot.core.commands import (
    CHOICES,
    AskContact,
    CallDraft,
    CastBallot,
    Choice,
    Close,
    Command,
    ConfirmNotice,
    ContactAnswer,
    Nominate,
    NoteDraft,
    NoteRoster,
    Ping,
    Practice,
    Propose,
    ProposeRemoval,
    RecordAnswer,
    RecordContact,
    StepDown,
    TakeContact,
    TakeInvitation,
    Via,
)
from bot.core.docket import VOTING_STAGES, DocketEntry, entry_of
from bot.core.effects import Effect, effects_of
from bot.core.events import Event
from bot.core.motion import Motion, evolve, replay
from bot.core.people import MAINTAINER, PersonId, Roster
from bot.core.policy import Policy
from bot.core.practice import practice_policy
from bot.core.rules import Facts, Opening, OpeningCommand, RosterFault, decide
from bot.core.rules.removal import discussion_ends
from bot.core.wording import Scene
from bot.rulebooks import load

START = datetime(2026, 6, 29, 9, 30, tzinfo=UTC)
"""A Monday morning; five business days later, without holidays, is Monday 6 July, exclusive end 7 July."""
SECOND = timedelta(seconds=1)
RULES = load("distribution", beside=Path())
CANDIDATE = PersonId("newperson")
OUTSIDER = PersonId("outsider")
REVIEWER = PersonId("reviewer")
REPOSITORY = "distribution"
CHANNEL = "slack:C0123"
HEAD = "9c41" + "0" * 60

E = TypeVar("E")


def policy(role: str = MAINTAINER, **changes: Any) -> Policy:
    """The shipped policy for adding someone in this role, with changes."""
    found = RULES.adding(role)
    assert found is not None
    return replace(found, **changes)


def people(count: int) -> tuple[PersonId, ...]:
    """So many maintainers: m01, m02, ..."""
    return tuple(PersonId(f"m{n:02}") for n in range(1, count + 1))


def roster(maintainers: Iterable[PersonId], reviewers: Iterable[PersonId] = (REVIEWER,)) -> Roster:
    return Roster(
        repository=REPOSITORY,
        commit="0d6b721",
        path="MAINTAINERS",
        maintainers=tuple(maintainers),
        reviewers=tuple(reviewers),
    )


def opening(read: Roster | RosterFault | None = None, **changes: Any) -> Opening:
    """What the shell has looked up before a motion is opened: twelve maintainers, all linked."""
    read = read if read is not None else roster(people(12))
    values: dict[str, Any] = {
        "repository": REPOSITORY,
        "roster": read,
        "policy": policy(),
        "rulebook": RULES.name,
        "document": RULES.document,
        "channel": CHANNEL,
        "channel_public": False,
        "zone": "UTC",
        "holidays": (),
        "subject": CANDIDATE,
        "sponsor": None,
        "linked": frozenset() if isinstance(read, RosterFault) else frozenset(read.maintainers),
        "limit": 3,
    }
    return Opening(**{**values, **changes})


def nomination(**changes: Any) -> Nominate:
    values: dict[str, Any] = {
        "login": "newperson",
        "role": MAINTAINER,
        "sponsor": None,
        "months": 7,
        "evidence": "40 reviews since May",
        "text": "Reviewed most of the storage work since May, triages every week.",
    }
    return Nominate(**{**values, **changes})


class PlainNames:
    """Names for wording: the internal id itself, or what it is mapped to."""

    def __init__(self, logins: Mapping[str, str] | None = None) -> None:
        self._logins = logins or {}

    def login(self, person: PersonId) -> str:
        return self._logins.get(person, person)


class PaperDocket:
    """A docket over some entries."""

    def __init__(self, entries: Sequence[DocketEntry] = ()) -> None:
        self.entries = tuple(entries)

    def next_number(self) -> int:
        return max((entry.number for entry in self.entries), default=0) + 1

    def unfinished_on(self, repository: str, subject: PersonId) -> DocketEntry | None:
        found = (e for e in self.entries if not e.ended and (e.repository, e.subject) == (repository, subject))
        return next(found, None)

    def disputed(self, repository: str, dispute: str) -> DocketEntry | None:
        found = (e for e in self.entries if not e.ended and (e.repository, e.dispute) == (repository, dispute))
        return next(found, None)

    def open_by(self, proposer: PersonId) -> int:
        return sum(e.proposer == proposer and e.stage in VOTING_STAGES and e.kind != "practice" for e in self.entries)

    def last_lost(self, repository: str, subject: PersonId, role: str) -> DocketEntry | None:
        about = (repository, subject, role)
        lost = [e for e in self.entries if e.stage == "lost" and (e.repository, e.subject, e.role) == about]
        return max(lost, key=lambda e: (e.closed_at or e.opened_at, e.number), default=None)


EMPTY = PaperDocket()


def expect_refusal(decision: tuple[Event, ...] | Refused) -> Refused:
    """The refusal, where there has to be one."""
    assert isinstance(decision, Refused), decision
    return decision


def expect_events(decision: tuple[Event, ...] | Refused) -> tuple[Event, ...]:
    """The events, where nothing may be refused."""
    assert not isinstance(decision, Refused), decision
    return decision


def propose(
    actor: PersonId | None = None,
    command: OpeningCommand | None = None,
    about: Opening | None = None,
    *,
    docket: PaperDocket = EMPTY,
    now: datetime = START,
    before: Motion | None = None,
) -> tuple[Event, ...] | Refused:
    """Ask to open a motion; the first maintainer asks unless told otherwise. `before` is the one that is repeated."""
    facts = Facts(actor=actor or people(1)[0], salt="s0", opening=about or opening())
    return decide(before, docket, command or nomination(), facts, now)


class Moot:
    """One motion, its log and the clock: asks the rules and applies what they say, as the shell does."""

    def __init__(
        self,
        count: int = 12,
        rules: Policy | None = None,
        *,
        now: datetime = START,
        announced: bool = True,
        number: int = 12,
        command: OpeningCommand | None = None,
        proposer: PersonId | None = None,
        before: Motion | None = None,
        **changes: Any,
    ) -> None:
        self.members = people(count)
        self.now = now
        self.number = number
        self.about = opening(changes.pop("read", roster(self.members)), policy=rules or policy(), **changes)
        asked = command or nomination(role=self.about.policy.role if self.about.policy else MAINTAINER)
        events = expect_events(propose(proposer or self.members[0], asked, self.about, now=now, before=before))
        self.log: list[tuple[datetime, Event]] = [(now, event) for event in events]
        first = replay(number, self.log)
        assert first is not None
        self.motion: Motion = first
        if announced and self.motion.proposed:
            self.announce()

    # ------------------------------------------------------------------ asking

    def ask(
        self, actor: PersonId | None, command: Command, *, current: Iterable[PersonId] | None = None, **known: Any
    ) -> tuple[Event, ...] | Refused:
        """Decide, and apply what comes of it. `current` is the roster as it is now; else the members of the vote.

        `known` is what else was looked up, by the names of the facts.
        """
        now = None if current is None else frozenset(current)
        known.setdefault("opening", self.about)
        facts = Facts(actor=actor, salt=f"s{len(self.log)}", current=now, **known)
        decision = decide(self.motion, EMPTY, command, facts, self.now)
        if not isinstance(decision, Refused):
            for event in decision:
                self.motion = evolve(self.motion, event, number=self.number, at=self.now)
                self.log.append((self.now, event))
        return decision

    def does(
        self, actor: PersonId | None, command: Command, *, current: Iterable[PersonId] | None = None, **known: Any
    ) -> tuple[Event, ...]:
        """Ask for what must not be refused."""
        return expect_events(self.ask(actor, command, current=current, **known))

    def refused(
        self, actor: PersonId | None, command: Command, *, current: Iterable[PersonId] | None = None, **known: Any
    ) -> Refused:
        """Ask for what must be refused, and must change nothing."""
        before, logged = self.motion, len(self.log)
        refusal = expect_refusal(self.ask(actor, command, current=current, **known))
        assert self.motion is before
        assert len(self.log) == logged
        return refusal

    def effects(self, channels: Sequence[str] = (CHANNEL,)) -> tuple[Effect, ...]:
        """Everything that has followed from the log so far, in order."""
        found: list[Effect] = []
        motion: Motion | None = None
        for when, event in self.log:
            motion = evolve(motion, event, number=self.number, at=when)
            found += effects_of(event, motion, channels)
        return tuple(found)

    # ------------------------------------------------------------------ shorthand

    def announce(self, notice: int | None = None, *, at: datetime | None = None) -> tuple[Event, ...]:
        """The announcing channel confirms the latest notice, or the given one."""
        confirm = ConfirmNotice(notice=self.motion.notice if notice is None else notice, at=at or self.now)
        return self.does(None, confirm)

    def ballot(
        self, choice: Choice, *, at: datetime | None = None, reason: str | None = None, via: Via = "button"
    ) -> CastBallot:
        return CastBallot(choice=choice, reason=reason, via=via, acted_at=at or self.now)

    def vote(
        self, who: int | PersonId, choice: Choice, *, at: datetime | None = None, reason: str | None = None
    ) -> tuple[Event, ...]:
        """Member number `who`, counted from one, votes."""
        return self.does(self.person(who), self.ballot(choice, at=at, reason=reason))

    def votes(self, *, yes: int = 0, no: int = 0, abstain: int = 0) -> None:
        """The first members vote: so many yes, then no, then abstain."""
        number = 0
        for choice, times in zip(CHOICES, (yes, no, abstain), strict=True):
            for _ in range(times):
                number += 1
                self.vote(number, choice)

    def person(self, who: int | PersonId) -> PersonId:
        return self.members[who - 1] if isinstance(who, int) else who

    def read_roster(self, *maintainers: PersonId, role: str | None = None, commit: str = "beef") -> tuple[Event, ...]:
        """The roster is read again and holds these maintainers; `role` is the candidate's."""
        return self.does(None, NoteRoster(commit=commit, maintainers=maintainers, subject_role=role))

    def ping(self, hours: int) -> tuple[Event, ...]:
        return self.does(None, Ping(hours=hours))

    @property
    def end(self) -> datetime:
        """The exclusive end of the window."""
        assert self.motion.closes_at is not None
        return self.motion.closes_at

    def close(self, *, late: timedelta = timedelta(seconds=30)) -> Motion:
        """Go to the end of the window and count."""
        self.now = self.end + late
        self.does(None, Close())
        return self.motion

    def carry(self, *, yes: int = 9, no: int = 1) -> Motion:
        """So many vote, and the window ends."""
        self.votes(yes=yes, no=no)
        assert self.close().outcome == "carried"
        return self.motion

    def accept(self, *, name: str = "New Person", email: str = "new@example.org") -> None:
        """The first maintainer invites, and records that the candidate accepted."""
        self.does(self.members[0], TakeInvitation())
        self.now += timedelta(days=1)
        self.does(self.members[0], RecordAnswer(accepted=True, name=name, email=email))

    def draft(self, commit: str = "c1", *, ready: bool = False) -> tuple[Event, ...]:
        """The forge has the draft, or, `ready`, a pull request that is none."""
        note = NoteDraft(
            branch="folkmoot/12-abcdef",
            commit=commit,
            base="c0",
            url="https://example.org/pull/7",
            at=self.now,
            ready=ready,
        )
        return self.does(None, note)

    def scene(self, logins: Mapping[str, str] | None = None) -> Scene:
        """What wording needs, now."""
        return Scene(names=PlainNames(logins), now=self.now, head=HEAD if not self.motion.open else "")

    def entry(self) -> DocketEntry:
        return entry_of(self.motion)


def named(motion: str, **changes: Any) -> Policy:
    """The shipped policy of this name, with changes."""
    found = RULES.named(motion)
    assert found is not None
    return replace(found, **changes)


def resolution(**changes: Any) -> Propose:
    """A call for a resolution vote."""
    values: dict[str, Any] = {
        "policy": "resolve",
        "title": "Keep the v2 API",
        "text": "The v2 API stays until release 5.",
        "link": "https://example.org/issues/7",
    }
    return Propose(**{**values, **changes})


def text_moot(count: int = 12, rules: Policy | None = None, *, command: Propose | None = None, **changes: Any) -> Moot:
    """A motion about a text: by the shipped policy for decisions unless told otherwise."""
    asked = command or resolution(policy="", link="")
    return Moot(
        count, rules or named("decision"), command=asked, **{"subject": None, "channel_public": False, **changes}
    )


def dispute(count: int = 12, *, command: Propose | None = None, proposer: PersonId = OUTSIDER, **changes: Any) -> Moot:
    """A resolution vote, called for by a contributor who is in no roster."""
    rules = named("resolution", **changes.pop("rules", {}))
    return Moot(count, rules, command=command or resolution(), proposer=proposer, subject=None, **changes)


def practice(count: int = 12, *, minutes: int = 0, title: str = "Shall we have tea?", **changes: Any) -> Moot:
    """A practice, by the rules for candidacies unless told otherwise."""
    rules = practice_policy(changes.pop("rulebook", RULES), minutes)
    return Moot(count, rules, command=Practice(title=title, minutes=minutes), subject=None, **changes)


def leaving(who: PersonId | None = None, note: str = "New job, less time.", **changes: Any) -> Moot:
    """The last of twelve maintainers steps down."""
    person = who or people(12)[11]
    rules = named("step-down", **changes.pop("rules", {}))
    return Moot(rules=rules, command=StepDown(note=note), proposer=person, subject=person, **changes)


class Removal(Moot):
    """A removal of the last maintainer, or of who is named: the first asks for the contact."""

    def __init__(self, count: int = 12, *, subject: PersonId | None = None, **changes: Any) -> None:
        self.subject = subject or people(count)[-1]
        rules = named("remove", **changes.pop("rules", {}))
        super().__init__(count, rules, command=AskContact(login="away"), **{"subject": self.subject, **changes})

    def contacted(self, answer: ContactAnswer | None = "cannot") -> Removal:
        """The second takes the contact, and records this answer."""
        self.does(self.members[1], TakeContact())
        if answer is not None:
            self.does(self.members[1], RecordContact(answer=answer))
        return self

    def proposed(self) -> Removal:
        """The first proposes it to the channel, and the notice is delivered."""
        if self.motion.contact_answer is None:
            self.contacted()
        self.does(self.members[0], ProposeRemoval())
        self.announce()
        return self

    def voting(self) -> Removal:
        """The discussion has lasted, and the draft is open: the vote runs."""
        self.proposed()
        ends = discussion_ends(self.motion)
        assert ends is not None
        self.now = ends
        self.does(None, CallDraft())
        self.draft()
        return self


def only(events: Sequence[Event], kind: type[E]) -> E:
    """The one event, which has to be of this kind."""
    assert len(events) == 1, events
    event = events[0]
    assert isinstance(event, kind), event
    return event


def day(text: str) -> date:
    return date.fromisoformat(text)


def at(text: str) -> datetime:
    """An instant from `2024-03-01T09:00` in UTC, or with an offset of its own."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)
