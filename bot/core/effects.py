"""From what happened to what the outside must be told or do. Effects hold intent, never text.

Two lanes: `once` (posts, direct messages, drafts: in order per motion and venue, never twice) and `latest`
(edits of the poll message: only the last one matters).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, assert_never

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
    PersonBound,
    ResultAcknowledged,
    RoleBegan,
    SecondAsked,
    VotersPinged,
)
from bot.core.motion import Motion

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
    "trouble",
]
FORGE = "forge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One thing to deliver. `venue` is `channel:<channel>`, `person:<id>` or `forge`; `key` is unique for ever."""

    key: str
    lane: Lane
    motion: int
    venue: str
    kind: Kind
    params: Mapping[str, str | int] = field(default_factory=dict)


def poll_key(motion: int, channel: str) -> str:
    """The key of the poll message of a motion in a channel."""
    return f"m{motion}:poll:{channel}"


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
                venue=f"person:{person}",
                kind=kind,
                params=params,
            )
            for person in people
        )

    edits = poll_edits(number, channels)
    match event:
        case MotionOpened():
            return polls(number, channels)
        case NoticeDelivered() | BallotCast() | BallotRetracted():
            return edits
        case ObjectionRaised():
            return (*tell("objection", index=len(motion.objections) - 1), *edits)
        case ElectorateReduced() | ElectorateExtended():
            return (*tell("electorate"), *edits)
        case VotersPinged():
            return direct("ping", event.people, hours=event.hours)
        case SecondAsked():
            return tell("second-asked")
        case MotionCorrected():
            return (*tell("corrected", notice=event.notice), *edits)
        case MotionWithdrawn():
            return (*tell("withdrawn"), *edits)
        case MotionClosed():
            return (*tell("result"), *edits)
        case ResultAcknowledged():
            return (*tell("acknowledged"), *edits, *_enactment(motion))
        case InvitationTaken():
            return (*tell("invitation"), *direct("invitation-draft", [event.person]), *edits)
        case CandidateAnswered():
            return (*tell("answered"), *edits, *_enactment(motion))
        case DraftOpened():
            return (*tell("draft-opened"), *edits)
        case RoleBegan():
            return (*tell("effective"), *edits)
        case PersonBound():
            return ()
        case _:
            assert_never(event)


def polls(number: int, channels: Iterable[str]) -> tuple[Effect, ...]:
    """The poll message, once in each channel."""
    return tuple(
        Effect(key=poll_key(number, c), lane="once", motion=number, venue=f"channel:{c}", kind="poll") for c in channels
    )


def poll_edits(number: int, channels: Iterable[str]) -> tuple[Effect, ...]:
    """One standing row per motion and channel: made due again whenever the poll has to change."""
    return tuple(
        Effect(key=f"m{number}:poll-edit:{c}", lane="latest", motion=number, venue=f"channel:{c}", kind="poll-edit")
        for c in channels
    )


def trouble(number: int, kind: str, channels: Iterable[str]) -> tuple[Effect, ...]:
    """Tell the channels, once, that something of this kind could not be done."""
    return tuple(
        Effect(
            key=f"m{number}:trouble:{kind}:{c}",
            lane="once",
            motion=number,
            venue=f"channel:{c}",
            kind="trouble",
            params={"row": f"m{number}:{kind}"},
        )
        for c in channels
    )


def _enactment(motion: Motion) -> tuple[Effect, ...]:
    """The draft (or the patch for the candidate) once everything that it waits for has been said (R25, R26)."""
    if not motion.enactable or motion.draft is not None:
        return ()
    kind: Kind = "draft" if motion.policy.enactment == "draft-pr" else "patch"
    venue = FORGE if kind == "draft" else f"person:{motion.inviter}"
    return (Effect(key=f"m{motion.number}:{kind}", lane="once", motion=motion.number, venue=venue, kind=kind),)
