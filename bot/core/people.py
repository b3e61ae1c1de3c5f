"""Who takes part: people, their accounts, the roster of a repository and the electorate of a motion.

Nothing here looks anything up; identities are bound elsewhere and only compared here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NewType

PersonId = NewType("PersonId", str)
"""A random internal id. Events name people by it, so that a person can be erased and the log still verifies."""

MAINTAINER: Final = "maintainer"
REVIEWER: Final = "reviewer"
ROLES: Final = (MAINTAINER, REVIEWER)


def fold_login(login: str) -> str:
    """A forge login as it is compared: without the leading `@`, case folded (R5)."""
    return login.strip().removeprefix("@").casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformUser:
    """An account on a chat platform, named by the platform's immutable ids, never by a display name."""

    platform: str
    team: str
    user: str

    @property
    def key(self) -> str:
        """The account as one string, as it is stored: `slack:T0123/U0456`; without a team `discord:8035111022`."""
        return f"{self.platform}:{self.team}/{self.user}" if self.team else f"{self.platform}:{self.user}"

    @classmethod
    def of(cls, key: str) -> PlatformUser:
        """The account that has this key."""
        platform, _, account = key.partition(":")
        team, slash, user = account.partition("/")
        return cls(platform=platform, team=team, user=user) if slash else cls(platform=platform, team="", user=account)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pings:
    """How somebody wants to be reminded: whether at all, and in which full hours of their days (local, end exclusive).

    Without a zone it is the one that is known of them otherwise; without hours, those of an office.
    """

    on: bool = True
    zone: str = ""
    start: int = 9
    end: int = 17


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person the ledger knows. `forge_id` is None until a forge has resolved the login to an immutable id.

    `pings` is None until they have chosen how to be reminded.
    """

    id: PersonId
    login: str
    name: str = ""
    forge_id: str | None = None
    accounts: tuple[str, ...] = ()
    pings: Pings | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """One person in one section of a maintainers file. `section` is named as the file itself names it.

    `login` is empty where the file names none: such a person can be shown, but not vote.
    """

    section: str
    login: str
    name: str = ""
    email: str = ""
    company: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The people of a repository at one commit of its default branch (R1)."""

    repository: str
    commit: str
    path: str
    maintainers: tuple[PersonId, ...]
    reviewers: tuple[PersonId, ...]

    def holders(self, role: str) -> tuple[PersonId, ...]:
        """Everyone who has the role, in the file's order."""
        return self.maintainers if role == MAINTAINER else self.reviewers

    def role_of(self, person: PersonId | None) -> str | None:
        """The highest role the person has here, or None for an outsider (R4), or for nobody."""
        if person in self.maintainers:
            return MAINTAINER
        return REVIEWER if person in self.reviewers else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Electorate:
    """Who may vote on a motion, pinned to the roster's commit at opening (R3, R4, R5).

    `barred` may not vote but are counted in the denominator: the subject of a removal, by the letter (R42).
    """

    members: frozenset[PersonId]
    barred: frozenset[PersonId]
    roster_commit: str
    roster_path: str
    digest: str

    @staticmethod
    def of(members: Iterable[PersonId], *, commit: str, path: str, barred: Iterable[PersonId] = ()) -> Electorate:
        """Freeze these members, with a SHA-256 digest over their ids and the roster's commit."""
        frozen, counted = frozenset(members), frozenset(barred)
        text = "\n".join((commit, path, *sorted(frozen), "barred", *sorted(counted)))
        return Electorate(
            members=frozen,
            barred=counted,
            roster_commit=commit,
            roster_path=path,
            digest=hashlib.sha256(text.encode()).hexdigest(),
        )
