"""The repositories that this instance serves: which channel, roster, policy and calendar each one has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from bot.core.people import MAINTAINER, REVIEWER, RosterRow
from bot.core.policy import Rulebook
from bot.ports import ActivitySource, Forge, Identities, PullChanges, RosterFormat, Threads

FORMER: Final = re.compile(r"emerit|alumn|former|past|inactive|retired", re.IGNORECASE)
"""How sections are called whose people have no role any more: "Emeritus maintainers" vote on nothing."""


def no_holidays(now: datetime) -> tuple[date, ...]:
    """No holidays: the default, because the document names none (R12)."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """One repository. `announce` is the channel whose delivery starts the clock; `holidays` gives a year ahead.

    `rulebook` is None where the policy is a file of the repository itself (`policy_path`), read at the roster's commit.
    `emeritus` is the section that people go to whose last role ends; none: their row is removed.
    `identities` tells accounts apart by their ids, where the forge has such; `threads` and `changes` are its issues and
    pull requests, where one can vote there.
    `links_from` are the repositories whose link maps count here as its own does.
    `digest` is the day of the week on which its channels get a digest, or `off`.
    `reviews` says whether its maintainers are reminded every quarter to look at who is active (R9, R35).
    """

    name: str
    forge: Forge = field(compare=False)
    roster_path: str
    roster_format: RosterFormat | None = None
    sections: Mapping[str, str] = field(default_factory=dict)
    emeritus: str = ""
    activity: ActivitySource | None = field(default=None, compare=False)
    identities: Identities | None = field(default=None, compare=False)
    threads: Threads | None = field(default=None, compare=False)
    changes: PullChanges | None = field(default=None, compare=False)
    rulebook: Rulebook | None
    policy_path: str = ""
    links_path: str = ""
    links_from: tuple[str, ...] = ()
    zone: str = "UTC"
    holidays: Callable[[datetime], tuple[date, ...]] = no_holidays
    channels: tuple[str, ...]
    announce: str
    limit: int = 5
    reviews: bool = True
    digest: str = "off"

    def role_of(self, row: RosterRow) -> str | None:
        """The role that the row's section stands for, as configured or by the section's own name."""
        for role, section in self.sections.items():
            if section.casefold() == row.section.casefold():
                return role
        if self.sections or self.left(row) or FORMER.search(row.section):
            return None
        return next((role for role in (MAINTAINER, REVIEWER) if role in row.section.casefold()), None)

    def left(self, row: RosterRow) -> bool:
        """Whether the row's section is of people who had a role: the configured one, or called like one."""
        if self.emeritus:
            return row.section.casefold() == self.emeritus.casefold()
        return FORMER.search(row.section) is not None

    def section_of(self, role: str, rows: Iterable[RosterRow]) -> str:
        """The section to write a person of this role into: configured, or the one the file has for it."""
        if role in self.sections:
            return self.sections[role]
        return next((row.section for row in rows if self.role_of(row) == role), f"{role.upper()}S")


class Repositories:
    """All of them, found by channel or name."""

    def __init__(self, repositories: Iterable[Repository]) -> None:
        self._by_name = {repository.name: repository for repository in repositories}

    def all(self) -> tuple[Repository, ...]:
        return tuple(self._by_name.values())

    def named(self, name: str) -> Repository | None:
        return self._by_name.get(name)

    def of_channel(self, channel: str) -> tuple[Repository, ...]:
        """The repositories whose maintainers talk in this channel: usually one."""
        return tuple(repository for repository in self._by_name.values() if channel in repository.channels)
