"""What members read, as data: spans make lines, lines make cards. Each platform escapes and draws them itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.core.motion import Stage
from bot.core.people import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a platform can show. Longer text is cut there with a note, never refused after it was recorded.

    `simulated` marks a platform where anybody can act as anybody: a demo and a test bench.
    """

    text: int = 3000
    buttons: int = 25
    edits: bool = True
    threads: bool = True
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Plain:
    """Text as it is; anything a person typed is of this kind."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Text that carries the sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A person: shown as `@login`, and as a mention that does not ring where the platform has one."""

    person: PersonId
    login: str


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant: shown in the reader's own zone where the platform can, and always in UTC too."""

    at: datetime
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Code:
    """Something to type or to compare letter by letter."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """An address the bot made itself, never one that a member typed."""

    text: str
    url: str


Span = Plain | Strong | Mention | Moment | Code | Link
Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button: pressing it is typing the verb with the motion's number. `form` asks for the options first."""

    verb: str
    label: str
    style: Literal["plain", "primary", "danger"] = "plain"
    form: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The numbers of a tally, for a drawing beside the words."""

    yes: int
    no: int
    abstain: int
    not_voted: int
    needed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """The one living message of a motion. Without a bar the count is hidden; `reactions` says if they are ballots."""

    motion: int
    stage: Stage
    heading: Line
    byline: Line
    quote: str
    notes: tuple[Line, ...]
    bar: Bar | None
    tally: Line
    arithmetic: Line
    closes: Line
    following: Line
    buttons: tuple[Button, ...] = ()
    reactions: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message to a channel. `quote` is what somebody typed."""

    motion: int
    lines: tuple[Line, ...]
    quote: str = ""
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A direct message. `code` is a text to copy, such as a patch or a drafted letter."""

    motion: int
    lines: tuple[Line, ...]
    code: str = ""
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A private answer to one member. `field` names the field of the form that a refusal is about, if it is one."""

    tone: Literal["done", "refused", "failed", "info"]
    lines: tuple[Line, ...]
    motion: int = 0
    buttons: tuple[Button, ...] = ()
    field: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A private answer with rows."""

    heading: Line
    rows: tuple[Line, ...]
    footer: Line = ()
    motion: int = 0
    buttons: tuple[Button, ...] = ()


Card = Poll | Notice | Note | Reply | Listing
