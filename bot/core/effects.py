"""From what happened to what the outside must be told or do. Effects hold intent, never text.

Two lanes: `once` (posts, direct messages, drafts: in order per motion and venue, never twice) and `latest`
(edits of the poll message: only the last one matters).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal, assert_never

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
    PersonBound,
    PingsChosen,
    PingsMuted,
    PingSnoozed,
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
from bot.core.motion import Motion
from bot.core.people import PersonId

Lane = Literal["once", "latest"]
Kind = Literal[
    "poll",
    "poll-edit",
    "corrected",
    "objection",
    "electorate",
    "second-asked",
    "withdrawn",
    "result",
    "acknowledged",
    "invitation",
    "invitation-draft",
    "answered",
    "ping",
    "draft",
    "patch",
    "draft-opened",
    "effective",
    "role-ended",
    "seconded",
    "voting-opened",
    "lifted",
    "voided",
    "extended",
    "hand-over",
    "confirmed",
    "recorded-for",
    "contact-asked",
    "contact-taken",
    "contact-draft",
    "contact-remind",
    "contact-answer",
    "contact-ended",
    "draft-result",
    "unplaced",
    "pull-changed",
    "trouble",
    "review-due",
    "digest",
    "thread-status",
    "thread-result",
    "thread-note",
    "comment-gone",
    "linked",
    "unlinked",
    "shut",
    "dco-help",
]
FORGE = "forge"
IN_THREAD: frozenset[Kind] = frozenset(
    {
        "objection",
        "lifted",
        "electorate",
        "second-asked",
        "acknowledged",
        "invitation",
        "answered",
        "draft-opened",
        "hand-over",
        "confirmed",
        "recorded-for",
    }
)
"""Details of a motion: beneath its poll, where the platform has threads. What everybody must see stands alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One thing to deliver. `venue` is `channel:<channel>`, `person:<id>` or `forge`; `key` is unique for ever.

    Reminders have a venue of their own, `person:<id>:ping`, so that one that waits for the morning holds up nothing.
    `after` is when it may be delivered at the earliest; where it is None, at once. Only a reminder has one.
    """

    key: str
    lane: Lane
    motion: int
    venue: str
    kind: Kind
    params: Mapping[str, str | int] = field(default_factory=dict)
    after: datetime | None = field(default=None, compare=False)


LONGEST_RETRY: Final = timedelta(hours=1)
"""Nothing that failed waits longer for its next try, whatever the outside asks for."""
LONGEST_PING: Final = timedelta(days=4)
"""No reminder waits longer for its reader's next working day."""


def furthest(kind: str, now: datetime) -> datetime:
    """What is due later than this has been put off by a wrong clock, and is due now (F14)."""
    return now + (LONGEST_PING if kind == "ping" else LONGEST_RETRY)


def addressee(effect: Effect) -> PersonId:
    """Whom an effect with a person's venue is for."""
    return PersonId(effect.venue.split(":")[1])


def poll_key(motion: int, channel: str) -> str:
    """The key of the poll message of a motion in a channel."""
    return f"m{motion}:poll:{channel}"


def wish_of(key: str) -> int | None:
    """The version of the motion in which the message with this key asks for a second; 0 for a poll, whose button
    supports the proposal itself; None for all others.
    """
    match key.split(":"):
        case [_, "second-asked", version, *_] if version.isdecimal():
            return int(version)
        case [_, "poll" | "poll-edit", *_]:
            return 0
        case _:
            return None


def effects_of(event: Event, motion: Motion, channels: Iterable[str]) -> tuple[Effect, ...]:
    """What follows from an event that has just made `motion` what it is."""
    number, version = motion.number, motion.version
    channels = tuple(channels)

    def tell(kind: Kind, **params: str | int) -> tuple[Effect, ...]:
        return tuple(
            Effect(
                key=f"m{number}:{kind}:{version}:{channel}",
                lane="once",
                motion=number,
                venue=f"channel:{channel}",
                kind=kind,
                params={"version": version, **params},
            )
            for channel in channels
        )

    def direct(kind: Kind, people: Iterable[str], **params: str | int) -> tuple[Effect, ...]:
        return tuple(
            Effect(
                key=f"m{number}:{kind}:{version}:{person}",
                lane="once",
                motion=number,
                venue=f"person:{person}:{kind}" if kind == "ping" else f"person:{person}",
                kind=kind,
                params=params,
            )
            for person in people
        )

    edits = poll_edits(number, channels)
    match event:
        case MotionOpened():
            return polls(number, channels) if motion.proposed else direct("contact-asked", _colleagues(motion))
        case BallotCast():
            return (
                edits
                if event.entered_by is None
                else (*direct("recorded-for", [event.person], person=event.person), *edits)
            )
        case NoticeDelivered() | BallotRetracted():
            return edits
        case SecondGiven():
            ready = len(motion.seconds) >= motion.policy.seconds
            return (*tell("seconded", notice=event.notice), *edits) if ready else edits
        case VotingOpened():
            return (*tell("voting-opened"), *edits)
        case ObjectionLifted():
            return (*tell("lifted", index=_lifted(motion, event)), *edits)
        case MotionVoided():
            return (*tell("voided"), *edits, *_annulled(motion))
        case WindowExtended():
            return (*tell("extended", index=len(motion.extensions) - 1), *edits)
        case ContactTaken():
            others = [person for person in _colleagues(motion) if person != event.person]
            return (*direct("contact-draft", [event.person]), *direct("contact-taken", others))
        case ContactReminded():
            return direct("contact-remind", [motion.contact] if motion.contact else [], count=event.count)
        case ContactAnswered():
            return direct("contact-answer", _colleagues(motion))
        case RemovalProposed():
            return polls(number, channels)
        case DraftCalled():
            return _enactment(motion)
        case HandOverNoted():
            return (*tell("hand-over", index=len(motion.handover) - 1), *edits)
        case StepDownConfirmed():
            return (*tell("confirmed"), *edits, *_enactment(motion))
        case RoleEnded():
            return (*tell("role-ended"), *edits) if motion.proposed else ()
        case ObjectionRaised():
            return (*tell("objection", index=len(motion.objections) - 1), *edits)
        case ElectorateReduced() | ElectorateExtended():
            return (*tell("electorate"), *edits)
        case VotersPinged():
            return direct("ping", event.people, hours=event.hours)
        case PullRequestChanged():
            return (*tell("pull-changed"), *edits)
        case ReactionsUnplaced():
            return tell("unplaced")
        case PingSnoozed():
            (again,) = direct("ping", [event.person], hours=0)
            return (replace(again, after=event.until),)
        case PingsMuted():
            return ()
        case SecondAsked():
            return tell("second-asked")
        case MotionCorrected():
            return (*tell("corrected", notice=event.notice), *edits)
        case MotionWithdrawn():
            ended = (*tell("withdrawn"), *edits, *_annulled(motion))
            return ended if motion.proposed else direct("contact-ended", _colleagues(motion))
        case MotionClosed():
            told = () if event.outcome == "void" else tell("result")
            return (*told, *edits, *_after_close(motion))
        case ResultAcknowledged():
            return (*tell("acknowledged"), *edits, *_enactment(motion))
        case InvitationTaken():
            return (*tell("invitation"), *direct("invitation-draft", [event.person]), *edits)
        case CandidateAnswered():
            return (*tell("answered"), *edits, *_enactment(motion))
        case DraftOpened():
            return (*tell("draft-opened"), *edits, *_annulled(motion))
        case RoleBegan():
            return (*tell("effective"), *edits)
        case PersonBound() | AccountReleased() | PingsChosen():
            return ()
        case _:
            assert_never(event)


def polls(number: int, channels: Iterable[str]) -> tuple[Effect, ...]:
    """The poll message, once in each channel."""
    return tuple(
        Effect(key=poll_key(number, c), lane="once", motion=number, venue=f"channel:{c}", kind="poll") for c in channels
    )


def poll_edit_key(motion: int, channel: str) -> str:
    """The key of the standing row that keeps a poll message up to date."""
    return f"m{motion}:poll-edit:{channel}"


def poll_edits(number: int, channels: Iterable[str]) -> tuple[Effect, ...]:
    """One standing row per motion and channel: made due again whenever the poll has to change."""
    return tuple(
        Effect(key=poll_edit_key(number, c), lane="latest", motion=number, venue=f"channel:{c}", kind="poll-edit")
        for c in channels
    )


def reviews_due(repository: str, period: str, people: Iterable[str]) -> tuple[Effect, ...]:
    """Remind each maintainer of the quarterly look at who is active (R9, R35); once a period."""
    return tuple(
        Effect(
            key=review_key(repository, period, person),
            lane="once",
            motion=0,
            venue=f"person:{person}",
            kind="review-due",
            params={"repository": repository},
        )
        for person in people
    )


def digests(key: str, repository: str, channels: Iterable[str]) -> tuple[Effect, ...]:
    """The weekly digest, once in each channel of the repository."""
    return tuple(
        Effect(
            key=f"{key}:{channel}",
            lane="once",
            motion=0,
            venue=f"channel:{channel}",
            kind="digest",
            params={"repository": repository},
        )
        for channel in channels
    )


def review_key(repository: str, period: str, person: str) -> str:
    """The key of one maintainer's reminder in a period such as `2026Q4`."""
    return f"review:{repository}:{period}:{person}"


def trouble(number: int, kind: str, channels: Iterable[str], *, about: str = "") -> tuple[Effect, ...]:
    """Tell the channels, once, that something of this kind could not be done; and once more `about` what needs them."""
    named = f"{kind}-{about}" if about else kind
    return tuple(
        Effect(
            key=f"m{number}:trouble:{named}:{c}",
            lane="once",
            motion=number,
            venue=f"channel:{c}",
            kind="trouble",
            params={"row": f"m{number}:{kind}"},
        )
        for c in channels
    )


def _colleagues(motion: Motion) -> list[str]:
    """The maintainers who may know of a contact: not the subject (R37, R43)."""
    return sorted(person for person in motion.members if person != motion.subject)


def _lifted(motion: Motion, event: ObjectionLifted) -> int:
    """The place of the first objection that was taken back."""
    return next(i for i, raised in enumerate(motion.objections) if raised.person == event.person)


def _after_close(motion: Motion) -> tuple[Effect, ...]:
    """A decision record for a text that was voted on (R53); for a removal, the result in the draft's body (R42)."""
    if motion.policy.kind == "remove" and motion.draft is not None:
        number = motion.number
        return (Effect(key=f"m{number}:draft-result", lane="once", motion=number, venue=FORGE, kind="draft-result"),)
    return _enactment(motion) if motion.policy.enactment == "record" else ()


def _annulled(motion: Motion) -> tuple[Effect, ...]:
    """Where a draft is there of a motion that is void or withdrawn, it says so from now on (T17)."""
    if motion.draft is None or not motion.annulled:
        return ()
    number = motion.number
    return (Effect(key=f"m{number}:draft-annulled", lane="once", motion=number, venue=FORGE, kind="draft-result"),)


def _enactment(motion: Motion) -> tuple[Effect, ...]:
    """The draft (or the patch for the candidate) once everything that it waits for has been said (R25, R26)."""
    if not motion.enactable or motion.draft is not None:
        return ()
    if motion.policy.enactment == "none":
        return ()
    kind: Kind = "patch" if motion.policy.enactment == "invite" else "draft"
    venue = FORGE if kind == "draft" else f"person:{motion.inviter}"
    return (Effect(key=f"m{motion.number}:{kind}", lane="once", motion=motion.number, venue=venue, kind=kind),)
