"""What the shell has looked up before it asks for a decision: the rules themselves never look anything up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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
class Opening:
    """What opening a motion needs. `candidate` is a new id where `candidate_known` is False."""

    repository: str
    roster: Roster | RosterFault
    policy: Policy | None
    rulebook: str
    document: str
    channel: str
    channel_public: bool
    zone: str
    holidays: tuple[date, ...]
    candidate: PersonId
    sponsor: PersonId | None
    linked: frozenset[PersonId]
    limit: int
    simulated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Who asks, and what was looked up for them. `current` is the roster's maintainers now, where a rule asks."""

    actor: PersonId | None = None
    salt: str = ""
    current: frozenset[PersonId] | None = None
    opening: Opening | None = None
