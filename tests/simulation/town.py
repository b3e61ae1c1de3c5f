"""Who and what there is in a simulation, drawn from its seed: people with their accounts, repositories, channels."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Final

from bot.core.people import PlatformUser
from bot.linkmap import Link
from tests.simulation.rulebooks import GUILD, NAMES
from tests.simulation.yards import Yard

ROSTER: Final = "MAINTAINERS"
DISCORD: Final = "7"
"""The server on Discord, of all of them."""
LINKS: Final = "LINKS.toml"
RULES: Final = "RULES.toml"
ZONES: Final = ("UTC", "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "AoE")
VENUES: Final = ("slack", "discord", "playground")
HEADINGS: Final = {"maintainer": "# MAINTAINERS", "reviewer": "# REVIEWERS"}
_ROW: Final = re.compile(r'"([^"]+)",')


@dataclass(frozen=True, slots=True, kw_only=True)
class Human:
    """Somebody with a forge login, and their accounts by platform, linked or not."""

    login: str
    accounts: dict[str, PlatformUser]
    linked: frozenset[str]
    by_map: bool
    employer: str
    guest: bool = False

    @property
    def link(self) -> Link:
        return Link(login=self.login, accounts=tuple(self.accounts[name] for name in sorted(self.linked)))


@dataclass(slots=True, kw_only=True)
class Place:
    """A repository: its rules, channels and yard, and what its maintainers file said at each commit."""

    name: str
    rules: str
    zone: str
    channels: tuple[str, ...]
    yard: Yard
    rosters: dict[str, bytes] = field(default_factory=dict)
    broken: bool = False

    def text(self) -> str:
        head = self.yard.head("main")
        assert head is not None
        return self.yard.file(head, ROSTER).decode()

    def write(self, text: str) -> None:
        """Somebody pushes the maintainers file."""
        self.commit({ROSTER: text.encode()})

    def commit(self, files: dict[str, bytes | None]) -> None:
        self._pushed(self.yard.put(files))

    def merge(self, branch: str, path: str) -> None:
        """Somebody merges a draft."""
        self._pushed(self.yard.merge(branch, path))

    def _pushed(self, head: str) -> None:
        self.rosters[head] = self.yard.file(head, ROSTER)

    def holders(self, role: str) -> list[str]:
        return holders(self.text().encode(), role)


def holders(data: bytes, role: str) -> list[str]:
    """The logins under a role's heading, read as a person would."""
    heading, found = "", list[str]()
    for line in data.decode().splitlines():
        heading = line if line in HEADINGS.values() else heading
        row = _ROW.match(line)
        if row and heading == HEADINGS[role]:
            found.append(row[1])
    return found


def row_of(login: str) -> str:
    return f'"{login}","{login.title()}","{login}@example.org"'


def roster_text(maintainers: list[str], reviewers: list[str]) -> str:
    names = [HEADINGS["maintainer"], *map(row_of, maintainers), "#", HEADINGS["reviewer"], *map(row_of, reviewers)]
    return "\n".join(["# A project", "#", *names, ""])


@dataclass(slots=True, kw_only=True)
class Town:
    """All of it. Some links stand in the configuration, the others in the map of the first repository."""

    people: list[Human]
    places: list[Place]
    reserve: list[str]

    @classmethod
    def found(cls, rng: Random, yard: Callable[[int], Yard]) -> Town:
        """A town of a few repositories and some hundred people. `yard` gives the repository of a number, empty."""
        people = [_human(rng, number) for number in range(rng.randrange(100, 200))]
        town = cls(people=people, places=[], reserve=[f"newcomer{n:02}" for n in range(60)])
        logins = [human.login for human in people if not human.guest]
        rules = rng.sample(NAMES, rng.choice((2, 3, 3, 4)))
        for number, name in enumerate(rules):
            town.places.append(_place(rng, number, name, logins, yard(number)))
        for place in town.places:
            text = roster_text(*_holders(rng, logins))
            files: dict[str, bytes | None] = {ROSTER: text.encode(), RULES: GUILD.encode()}
            if place is town.places[0]:
                files[LINKS] = town.link_map().encode()
            place.commit(files)
        return town

    def human(self, login: str) -> Human | None:
        return next((human for human in self.people if human.login.casefold() == login.casefold()), None)

    def configured(self) -> list[Link]:
        everyone = [human.link for human in self.people if human.linked and not human.by_map]
        seated = [Link(login=human.login, accounts=(human.accounts["playground"],)) for human in self.people[::3]]
        return [*everyone, *seated]

    def link_map(self) -> str:
        return "\n".join(_entry(human) for human in self.people if human.linked and human.by_map)


def _human(rng: Random, number: int) -> Human:
    login, guest = f"user{number:03}", rng.random() < 0.04
    accounts = {
        "slack": PlatformUser(platform="slack", team="T9GUEST" if guest else "T100", user=f"U{number:04}"),
        "discord": PlatformUser(platform="discord", team="", user=str(80_000 + number)),
        "playground": PlatformUser(platform="playground", team="local", user=login),
    }
    linked = frozenset(name for name in ("slack", "discord") if rng.random() < 0.85 and not guest)
    employer = rng.choice(("", "", "Acme", "Initech"))
    return Human(
        login=login, accounts=accounts, linked=linked, by_map=rng.random() < 0.3, employer=employer, guest=guest
    )


def _entry(human: Human) -> str:
    lines = ["[[person]]", f'login = "{human.login}"']
    if "slack" in human.linked:
        lines.append(f'slack = "T100/{human.accounts["slack"].user}"')
    if "discord" in human.linked:
        lines.append(f'discord = "{human.accounts["discord"].user}"')
    return "\n".join([*lines, ""])


def _place(rng: Random, number: int, rules: str, logins: list[str], yard: Yard) -> Place:
    ways = {
        "slack": f"slack:C{number}00",
        "discord": f"discord:{DISCORD}/{300 + number}",
        "playground": f"playground:room-{number if rng.random() < 0.7 else 0}",
    }
    chosen = rng.sample(VENUES, rng.choice((1, 1, 2, 2, 3)))
    channels = tuple(ways[name] for name in chosen)
    return Place(name=f"{rules}-{number}", rules=rules, zone=rng.choice(ZONES), channels=channels, yard=yard)


def _holders(rng: Random, logins: list[str]) -> tuple[list[str], list[str]]:
    size = rng.choice((3, 5, 7, 8, 12, 12, 20, 45))
    chosen = rng.sample(logins, size + rng.randrange(6))
    return chosen[:size], chosen[size:]
