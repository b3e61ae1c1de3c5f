"""What may be asked of a motion: one frozen dataclass each, in the imperative. Asking changes nothing by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.core.people import PersonId

Choice = Literal["yes", "no", "abstain"]
CHOICES: tuple[Choice, ...] = ("yes", "no", "abstain")
Via = Literal["button", "reaction", "command", "ping"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nominate:
    """Propose a person for a role (R10, R11). `months` is the involvement that the proposer attests (R7)."""

    login: str
    role: str
    sponsor: str | None
    months: int
    evidence: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CastBallot:
    """Cast or change one's ballot (R15). `reason` None leaves the reason of an equal earlier choice."""

    choice: Choice
    reason: str | None
    via: Via
    acted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RetractBallot:
    """Take one's ballot back: one has not voted then. Only ever asked for in words or by a button."""

    acted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseObjection:
    """Object with a reason (R20)."""

    reason: str
    acted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """End the motion without a result. The proposer alone may; others need a second."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct:
    """Replace the motion's text. It is announced anew and the window starts again, never ending earlier."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Second:
    """Support what another maintainer than the proposer has asked for: a withdrawal or a correction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeInvitation:
    """A maintainer takes it on to contact the candidate (R25), also from a colleague who cannot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAnswer:
    """The maintainer who invited the candidate records their answer (R26), with what the roster's row holds."""

    accepted: bool
    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge:
    """A maintainer has seen that a change of the roster during the vote decided the outcome (R5, T8)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmNotice:
    """The announcing channel has confirmed a notice: the window starts (R12, T19)."""

    notice: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRoster:
    """The roster was read again at another commit (R5, R28)."""

    commit: str
    maintainers: tuple[PersonId, ...]
    subject_role: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """Remind those who have not voted, this many hours before the close."""

    hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """The window has ended: count, and say what comes of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDraft:
    """The forge has the draft pull request, or had the change already (`branch` empty)."""

    branch: str
    commit: str
    base: str
    url: str


MemberCommand = (
    Nominate
    | CastBallot
    | RetractBallot
    | RaiseObjection
    | Withdraw
    | Correct
    | Second
    | TakeInvitation
    | RecordAnswer
    | Acknowledge
)
BotCommand = ConfirmNotice | NoteRoster | Ping | Close | NoteDraft
Command = MemberCommand | BotCommand
