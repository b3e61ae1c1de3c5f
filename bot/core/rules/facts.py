"""What the shell has looked up before it asks for a decision: the rules themselves never look anything up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.core.answers import Refused
from bot.core.people import PersonId, Roster
from bot.core.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterFault:
    """A maintainers file that could not be read: no vote opens, and this is told (R6)."""

    path: str
    line: int
    what: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """The pull request that adds a candidate, as it is now: see `Pinned`."""

    head: str
    record: str
    others: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What opening a motion needs. `subject` is whom it is about, a new id for a candidate who was not known.

    `listed` says whether a candidate is on the list of regular contributors (R10), None where that is not known.
    `pages` says whether one can vote on pages of the forge there; `pull` is the pull request that adds the candidate.
    `account` is the id of the candidate's account where the forge has such, `doubt` why it cannot be taken for theirs.
    """

    repository: str
    roster: Roster | RosterFault
    policy: Policy | None
    rulebook: str
    document: str
    channel: str
    channel_public: bool
    zone: str
    holidays: tuple[date, ...]
    subject: PersonId | None
    sponsor: PersonId | None
    linked: frozenset[PersonId]
    limit: int
    listed: bool | None = None
    pages: bool = True
    pull: PullRequest | None = None
    account: str = ""
    doubt: Refused | None = None
    simulated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Who asks, and what was looked up for them. `current` is the roster's maintainers now, where a rule asks.

    `other` is another person whom the command names, `morning` when the actor's next working day begins;
    `employers` holds those that are known (R37). `wish` is, where a button was pressed, the version of the motion in
    which its message asks for a second, and 0 where it is the poll.
    `on_page` says that it was done on the motion's page on the forge.
    """

    actor: PersonId | None = None
    salt: str = ""
    current: frozenset[PersonId] | None = None
    other: PersonId | None = None
    morning: datetime | None = None
    wish: int | None = None
    employers: Mapping[PersonId, str] = field(default_factory=dict)
    opening: Opening | None = None
    on_page: bool = False
