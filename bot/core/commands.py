"""What may be asked of a motion: one frozen dataclass each, in the imperative. Asking changes nothing by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.core.people import PersonId

Choice = Literal["yes", "no", "abstain"]
CHOICES: tuple[Choice, ...] = ("yes", "no", "abstain")
Via = Literal["button", "reaction", "command", "ping", "record", "comment"]
Does = Literal["same", "altered", "other"]
"""What a pull request does now, beside what it did when the vote was opened on it."""
ContactAnswer = Literal["steps-down", "stays", "cannot", "no-answer"]
CONTACT_ANSWERS: tuple[ContactAnswer, ...] = ("steps-down", "stays", "cannot", "no-answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Nominate:
    """Propose a person for a role (R10, R11). `months` is the involvement that the proposer attests (R7).

    `pull_request` is the link of one that the proposer has opened: they have discussed the candidacy with the
    candidate, and sponsor it by that (R27).
    """

    login: str
    role: str
    sponsor: str | None
    months: int
    evidence: str
    text: str
    pull_request: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Propose:
    """Put a text to the vote by one of the project's policies: a resolution (R50) or any other motion.

    `link` is the issue that calls for it; a resolution needs one.
    """

    policy: str
    title: str
    text: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """Try out a vote from which nothing follows. `minutes` shortens its window; 0 leaves the project's own."""

    title: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDown:
    """Announce that oneself steps down (R30): the maintainers are informed first, nothing is voted on."""

    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """The person who steps down confirms that the draft may be made now (R32)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """An area of work that somebody who steps down leaves, and who picks it up (R33). It blocks nothing."""

    area: str
    taker: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskContact:
    """Ask for a neutral person to contact an inactive maintainer or reviewer, privately (R36, R37)."""

    login: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeContact:
    """A neutral person accepts the task of contacting the subject (R37)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordContact:
    """What the subject answered: they step down, stay and can, stay but cannot, or have not answered (R38)."""

    answer: ContactAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeRemoval:
    """Propose the removal to the maintainers on the channel, before any draft exists (R39, R43)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBallot:
    """Enter a ballot that was cast elsewhere, with the link that shows it (R14)."""

    voter: str
    choice: Choice
    link: str
    acted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftObjection:
    """Take one's own objections back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend:
    """Give the window more time, with a reason; never less."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeVoid:
    """Declare a motion void for a mistake in its procedure; another maintainer has to second it."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerun:
    """Open a motion again that was lost, withdrawn or void, as a new one with the same content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """Be reminded of this motion at the start of one's next working day instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """No more reminders of this motion for oneself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CastBallot:
    """Cast or change one's ballot (R15). `reason` None leaves the reason of an equal earlier choice.

    `link` is the comment on a forge that holds the ballot, if it was cast by one (R14).
    """

    choice: Choice
    reason: str | None
    via: Via
    acted_at: datetime
    link: str = ""


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
    """Support what another maintainer has asked for, or a proposal that needs seconds."""


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
class NotePullRequest:
    """The pull request that a candidacy is voted on in, looked at again: its head commit, and what it does now."""

    head: str
    does: Does


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteReactions:
    """Reactions of these people were found after the window had ended, and nobody knows when they were made."""

    people: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindContact:
    """Time has passed since the subject was contacted: the contact is asked to remind them (R38)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallDraft:
    """The discussion of a removal has lasted as long as it has to: the draft to vote on may be made (R39)."""


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
    at: datetime
    ready: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosePings:
    """Change how one is reminded; what is None stays as it is. It is about no motion."""

    on: bool | None = None
    zone: str | None = None
    hours: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAccount:
    """Prove, on the forge itself, whose account this is (T4). It is about no motion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseAccount:
    """Undo links that were made by such a proof: one's own, or those of `login` (T5). It is about no motion."""

    login: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpDco:
    """Which commits of a pull request lack a sign-off, and what to do about it (R49). It is about no motion.

    `trivial` is why the change is so small that a maintainer may add it; `post` asks for a word to the contributor.
    """

    pull: int
    trivial: str = ""
    post: bool = False


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
    | Propose
    | StepDown
    | Confirm
    | HandOver
    | AskContact
    | TakeContact
    | RecordContact
    | ProposeRemoval
    | RecordBallot
    | LiftObjection
    | Extend
    | MakeVoid
    | Rerun
    | Snooze
    | Mute
    | Practice
)
BotCommand = (
    ConfirmNotice | NoteRoster | NotePullRequest | NoteReactions | Ping | Close | NoteDraft | RemindContact | CallDraft
)
Command = MemberCommand | BotCommand
