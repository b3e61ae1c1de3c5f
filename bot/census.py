"""Who of the maintainers is linked to an account on which platform: by the configuration, the maps and the ledger.

It looks with the bot's own rules, on a ledger that is thrown away, so it works before the first start and beside a
running bot. It never guesses an account.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.config import Config
from bot.core.events import BoundBy
from bot.core.people import PersonId, Roster, fold_login
from bot.linkmap import LinkMapError, parse_links
from bot.links import Links
from bot.ports import Directory, ForgeError
from bot.repositories import Repository
from bot.wiring import LedgerError, read_ledger
from bot.wiring.linked import links_by
from bot.wiring.platforms import links_of

HERE = "playground"
"""In the playground everybody speaks by a seat of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The maintainers of one repository on one platform, by login; `accounts` are those of the linked ones."""

    repository: str
    platform: str
    linked: tuple[str, ...]
    missing: tuple[str, ...]
    accounts: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return len(self.linked) + len(self.missing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """What there is to say: of each repository and platform; by repository what is wrong with maps and rosters.

    `disputes` is what a map says and does not count, because it is for another repository to say, or says otherwise.
    """

    standings: tuple[Standing, ...]
    maps: Mapping[str, Sequence[str]]
    rosters: Mapping[str, str]
    disputes: Mapping[str, Sequence[str]]


async def taken(config: Config) -> Census:
    """Look at every repository. A roster or a map that cannot be read is a fault; the others are told all the same."""
    links = links_by(config)
    maps = {repository.name: await _map_faults(repository) for repository in links.repositories.all()}
    await links.sync()
    more = _of_the_ledger(config, ("device", "map") if any(maps.values()) else ("device",))
    if config.repository:
        maps[config.repository[0].name] += _twice(config)
    standings: list[Standing] = []
    rosters: dict[str, str] = {}
    for repository in links.repositories.all():
        roster = await links.rosters.read(repository)
        if isinstance(roster, Roster):
            standings += _standings(repository, roster, links, more)
        else:
            where = f"{roster.path}:{roster.line}" if roster.line else roster.path
            rosters[repository.name] = f"{where}: {roster.what}; {roster.remedy}"
    return Census(
        standings=tuple(standings),
        maps={name: found for name, found in maps.items() if found},
        rosters=rosters,
        disputes=links.disputes(),
    )


def _standings(
    repository: Repository, roster: Roster, links: Links, more: Mapping[str, Sequence[str]]
) -> Sequence[Standing]:
    directory = links.ledger.reader().directory()
    accounts: dict[str, set[str]] = {}
    for person in roster.maintainers:
        login, known = _known(directory, person)
        accounts[login] = {*known, *more.get(fold_login(login), ())}
    found = []
    for platform in dict.fromkeys(channel.partition(":")[0] for channel in repository.channels):
        mine = {
            login: sorted(key for key in keys if key.startswith(f"{platform}:")) for login, keys in accounts.items()
        }
        found.append(
            Standing(
                repository=repository.name,
                platform=platform,
                linked=tuple(login for login, keys in mine.items() if keys or platform == HERE),
                missing=tuple(login for login, keys in mine.items() if not keys and platform != HERE),
                accounts=tuple(key for keys in mine.values() for key in keys),
            )
        )
    return found


def _known(directory: Directory, person: PersonId) -> tuple[str, Sequence[str]]:
    found = directory.person(person)
    return (found.login, found.accounts) if found is not None else ("", ())


async def _map_faults(repository: Repository) -> list[str]:
    if not repository.links_path:
        return []
    try:
        file = await repository.forge.read(repository.links_path)
        parse_links(file.data, path=file.path)
    except ForgeError as error:
        return [f"{repository.links_path}: {error.what}; {error.remedy}".removesuffix("; ")]
    except LinkMapError as error:
        return [str(error)]
    return []


def _twice(config: Config) -> Sequence[str]:
    """People who stand in the configuration more than once: what the second table says may surprise."""
    logins = [fold_login(link.login) for link in links_of(config)]
    return [f"@{login} has two [[person]] tables" for login in dict.fromkeys(logins) if logins.count(login) > 1]


def _of_the_ledger(config: Config, sources: Sequence[BoundBy]) -> Mapping[str, Sequence[str]]:
    """Accounts that the ledger knows from elsewhere, by folded login."""
    found: dict[str, list[str]] = defaultdict(list)
    if not config.ledger.is_file():
        return found
    try:
        directory = read_ledger(config.ledger).directory()
        for source in sources:
            for account, person in directory.linked(source).items():
                login, _ = _known(directory, person)
                found[fold_login(login)].append(account)
    except LedgerError:
        return {}
    return found
