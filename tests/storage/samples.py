"""Made-up events, effects and a clock for the tests of the ledger: one sample of every type of event."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from bot.core.calendar import Window
from bot.core.commands import Choice
from bot.core.effects import Effect
from bot.core.events import (
    BallotCast,
    BallotRetracted,
    CandidateAnswered,
    DraftOpened,
    ElectorateExtended,
    ElectorateReduced,
    Event,
    InvitationTaken,
    MotionClosed,
    MotionCorrected,
    MotionOpened,
    MotionWithdrawn,
    NoticeDelivered,
    ObjectionRaised,
    Outcome,
    PersonBound,
    ResultAcknowledged,
    RoleBegan,
    SecondAsked,
    VotersPinged,
)
from bot.core.people import Electorate, PersonId
from bot.core.policy import Policy
from bot.core.prose import Prose
from bot.core.threshold import Threshold

NOW = datetime(2026, 7, 6, 9, 30, 0, 250_000, tzinfo=UTC)
CLOSES = datetime(2026, 7, 13, 22, 0, tzinfo=UTC)
ADA, BOB, CAT, DAN = (PersonId(name) for name in ("p-ada", "p-bob", "p-cat", "p-dan"))
FIVE = tuple(PersonId(f"p-{n}") for n in range(5))

POLICY = Policy(
    motion="add-maintainer",
    kind="add",
    role="maintainer",
    clause="Adding maintainers",
    initiators="maintainers",
    electorate="snapshot",
    threshold=Threshold(numerator=66, denominator=100),
    of="eligible",
    yes_exceeds_no=False,
    window=Window(count=5, unit="bd"),
    window_start="announced",
    close="end",
    objection="record",
    revote="last",
    visibility="private",
    evidence_months=3,
    cool_down=Window(count=90, unit="d"),
    enactment="draft-pr",
    publish_ballots="counts",
)


class StoppedClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def later(seconds: float) -> datetime:
    """An instant after NOW."""
    return NOW + timedelta(seconds=seconds)


def prose(text: str, *, salt: str = "00112233445566778899aabbccddeeff") -> Prose:
    """A text of its own digest."""
    return Prose.of(text, salt=salt, label=text)


def opened(
    *, subject: PersonId = DAN, members: tuple[PersonId, ...] = (ADA, BOB, CAT), repository: str = "acme/widget"
) -> MotionOpened:
    """A motion to make somebody a maintainer."""
    return MotionOpened(
        repository=repository,
        policy=POLICY,
        rulebook="default",
        document="GOVERNANCE.md",
        electorate=Electorate.of(members, commit="c0ffee", path="MAINTAINERS.md"),
        subject=subject,
        proposer=members[0],
        sponsor=None,
        months=7,
        evidence=prose("https://example.org/work"),
        text=prose("Dan has reviewed well – for ages."),
        channel="slack:C0123",
        zone="Europe/Berlin",
        holidays=(date(2026, 10, 3),),
        unlinked=(members[-1],),
        warnings=("few-linked",),
        simulated=False,
    )


def notice() -> NoticeDelivered:
    return NoticeDelivered(notice=1, delivered_at=NOW, closes_at=CLOSES)


def ballot(
    person: PersonId = ADA, choice: Choice = "yes", *, reason: str | None = None, at: datetime = NOW
) -> BallotCast:
    words = None if reason is None else prose(reason)
    return BallotCast(person=person, choice=choice, reason=words, via="button", acted_at=at)


def closed(
    outcome: Outcome = "carried", *, yes: int = 2, no: int = 0, abstain: int = 0, eligible: int = 3
) -> MotionClosed:
    return MotionClosed(
        outcome=outcome,
        eligible=eligible,
        needed=POLICY.threshold.needed(eligible),
        yes=yes,
        no=no,
        abstain=abstain,
        not_voted=eligible - yes - no - abstain,
        snapshot_outcome=outcome,
        late_seconds=0,
        warnings=(),
    )


def bound(person: PersonId, kind: str, value: str) -> PersonBound:
    assert kind in ("login", "name", "forge", "account")
    return PersonBound(person=person, kind=kind, value=prose(value))  # type: ignore[arg-type]


def one_of_each() -> tuple[Event, ...]:
    """A sample of every type of event there is."""
    return (
        bound(ADA, "login", "Ada-L"),
        opened(),
        notice(),
        ballot(reason="Good – “solid” work"),
        BallotRetracted(person=ADA, acted_at=later(1)),
        ObjectionRaised(person=BOB, reason=prose("too early"), acted_at=later(2)),
        ElectorateReduced(people=(CAT,), roster_commit="beef"),
        ElectorateExtended(people=(DAN,), roster_commit="beef"),
        VotersPinged(hours=24, people=(ADA, BOB)),
        SecondAsked(person=BOB, what="correct", text=prose("a better text")),
        MotionCorrected(person=ADA, text=prose("a better text"), notice=2),
        MotionWithdrawn(person=ADA, seconder=BOB, reason=prose("they declined")),
        closed(),
        ResultAcknowledged(person=BOB),
        InvitationTaken(person=BOB),
        CandidateAnswered(person=BOB, accepted=True, name=prose("Dan Dare"), email=None),
        DraftOpened(branch="folkmoot/1-abcdef", commit="c1", base="c0", url="https://example.org/pull/1"),
        RoleBegan(roster_commit="c2"),
    )


def post(motion: int, what: str, *, channel: str = "slack:C0123") -> Effect:
    """Something to say once in a channel."""
    return Effect(
        key=f"m{motion}:{what}:{channel}", lane="once", motion=motion, venue=f"channel:{channel}", kind="result"
    )


def edit(motion: int, *, channel: str = "slack:C0123") -> Effect:
    """The standing edit of a poll."""
    return Effect(
        key=f"m{motion}:poll-edit:{channel}",
        lane="latest",
        motion=motion,
        venue=f"channel:{channel}",
        kind="poll-edit",
    )
