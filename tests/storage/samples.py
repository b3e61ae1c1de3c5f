"""Made-up events, effects and a clock for the tests of the ledger: one sample of every type of event."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.core.calendar import Window
from bot.core.commands import Choice
from bot.core.effects import Effect
from bot.core.events import (
    AccountReleased,
    BallotCast,
    BallotRetracted,
    CandidateAnswered,
    ContactAnswered,
    ContactReminded,
    ContactTaken,
    DraftCalled,
    DraftOpened,
    ElectorateExtended,
    ElectorateReduced,
    Event,
    HandOverNoted,
    InvitationTaken,
    MotionClosed,
    MotionCorrected,
    MotionOpened,
    MotionVoided,
    MotionWithdrawn,
    NoticeDelivered,
    ObjectionLifted,
    ObjectionRaised,
    Outcome,
    PersonBound,
    PingsChosen,
    PingsMuted,
    PingSnoozed,
    Pinned,
    PullRequestChanged,
    ReactionsUnplaced,
    RemovalProposed,
    ResultAcknowledged,
    RoleBegan,
    RoleEnded,
    SecondAsked,
    SecondGiven,
    StepDownConfirmed,
    VotersPinged,
    VotingOpened,
    WindowExtended,
)
from bot.core.people import Electorate, PersonId, Pings
from bot.core.policy import Policy
from bot.core.prose import Prose
from bot.core.threshold import Quorum, Threshold

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
    seconds=0,
    electorate="snapshot",
    exclude=("proposer",),
    exclude_in_denominator=False,
    ballot="yes-no-abstain",
    threshold=Threshold(numerator=66, denominator=100),
    of="eligible",
    yes_exceeds_no=False,
    min_yes=2,
    max_no=-1,
    max_missing=-1,
    no_requires_reason=False,
    revote="last",
    silence="none",
    quorum=Quorum(number=2, share=Threshold(numerator=1, denominator=2, strict=True)),
    quorum_counts="cast",
    on_no_quorum="fail",
    discussion=None,
    window=Window(count=5, unit="bd"),
    window_start="announced",
    close="end",
    lazy=False,
    objection="record",
    veto="none",
    venues="all",
    secrecy="open",
    visibility="private",
    evidence_months=3,
    cool_down=Window(count=90, unit="d"),
    enactment="draft-pr",
    record_path="docs/decisions",
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
    *,
    subject: PersonId | None = DAN,
    members: tuple[PersonId, ...] = (ADA, BOB, CAT),
    repository: str = "acme/widget",
    dispute: str = "",
) -> MotionOpened:
    """A motion to make somebody a maintainer."""
    return MotionOpened(
        repository=repository,
        policy=POLICY,
        rulebook="default",
        document="GOVERNANCE.md",
        electorate=Electorate.of(members, commit="c0ffee", path="MAINTAINERS.md"),
        subject=subject,
        role="maintainer",
        proposer=members[0],
        sponsor=None,
        months=7,
        evidence=prose("https://example.org/work"),
        title=None,
        text=prose("Dan has reviewed well – for ages."),
        link=None,
        dispute=dispute,
        repeats=0,
        channel="slack:C0123",
        zone="Europe/Berlin",
        holidays=(date(2026, 10, 3),),
        unlinked=(members[-1],),
        warnings=("few-linked",),
        simulated=False,
        pinned=Pinned(head="c0" * 20, record=prose("MAINTAINERS\tnewperson\tNew Person"), others=False),
    )


def notice() -> NoticeDelivered:
    return NoticeDelivered(notice=1, delivered_at=NOW, votes_from=NOW, closes_at=CLOSES)


def ballot(
    person: PersonId = ADA, choice: Choice = "yes", *, reason: str | None = None, at: datetime = NOW
) -> BallotCast:
    words = None if reason is None else prose(reason)
    return BallotCast(person=person, choice=choice, reason=words, via="button", acted_at=at, entered_by=None, link=None)


def closed(
    outcome: Outcome = "carried", *, yes: int = 2, no: int = 0, abstain: int = 0, eligible: int = 3
) -> MotionClosed:
    return MotionClosed(
        outcome=outcome,
        eligible=eligible,
        needed=POLICY.threshold.needed(eligible),
        base=eligible,
        quorum=POLICY.quorum.needed(eligible),
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
        AccountReleased(person=ADA, account=prose("slack:T01/U02")),
        PingsChosen(person=ADA, pings=Pings(on=False, zone="Europe/Berlin", start=8, end=16)),
        replace(opened(dispute="0f1e2d3c"), title=prose("Dan"), link=prose("https://example.org/issues/7")),
        notice(),
        ballot(reason="Good – “solid” work"),
        BallotRetracted(person=ADA, acted_at=later(1), said_at=later(2)),
        ObjectionRaised(person=BOB, reason=prose("too early"), acted_at=later(2), closes_at=CLOSES),
        ElectorateReduced(people=(CAT,), roster_commit="beef"),
        ElectorateExtended(people=(DAN,), roster_commit="beef"),
        VotersPinged(hours=24, people=(ADA, BOB)),
        PullRequestChanged(head="c1" * 20, does="other"),
        ReactionsUnplaced(people=(ADA, BOB)),
        PingSnoozed(person=ADA, until=CLOSES),
        PingsMuted(person=BOB),
        SecondAsked(person=BOB, what="correct", text=prose("a better text")),
        MotionCorrected(person=ADA, text=prose("a better text"), notice=2),
        MotionWithdrawn(person=ADA, seconder=BOB, reason=prose("they declined")),
        closed(),
        ResultAcknowledged(person=BOB),
        InvitationTaken(person=BOB),
        CandidateAnswered(person=BOB, accepted=True, name=prose("Dan Dare"), email=None),
        DraftOpened(branch="folkmoot/1-abcdef", commit="c1", base="c0", url="https://example.org/pull/1"),
        RoleBegan(roster_commit="c2"),
        RoleEnded(roster_commit="c3"),
        SecondGiven(person=BOB, notice=2),
        VotingOpened(votes_from=NOW, closes_at=CLOSES),
        ObjectionLifted(person=BOB),
        MotionVoided(person=ADA, seconder=BOB, reason=prose("the text was edited")),
        WindowExtended(person=ADA, reason=prose("half of us travel"), closes_at=CLOSES),
        ContactTaken(person=BOB),
        ContactReminded(count=1),
        ContactAnswered(person=BOB, answer="no-answer"),
        RemovalProposed(
            person=ADA, electorate=Electorate.of((ADA, BOB), commit="c0ffee", path="MAINTAINERS.md", barred=(CAT,))
        ),
        DraftCalled(),
        HandOverNoted(area=prose("the storage drivers"), taker=BOB),
        StepDownConfirmed(person=CAT),
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
