"""Which chat accounts stand for whom: by the configuration, and by a map that lives in the repository.

An account is never guessed from a name or a mail address. What no longer links an account releases it. Whom the roster
of another repository names, a map links only where that one says the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from bot.core.events import AccountReleased, BoundBy, PeopleEvent, PersonBound
from bot.core.people import PersonId, fold_login
from bot.core.prose import Prose
from bot.core.rules import RosterFault
from bot.linkmap import Link, LinkMapError, parse_links
from bot.linkscope import agreed
from bot.ports import Clock, Directory, FileAt, ForgeError, Ids, Ledger, Transaction
from bot.repositories import Repositories, Repository
from bot.rosters import Rosters

log = structlog.get_logger("folkmoot.links")


@dataclass(slots=True)
class Links:
    """Keeps the accounts of the directory as the configuration and the maps say. The configuration goes first."""

    ledger: Ledger
    clock: Clock
    ids: Ids
    rosters: Rosters
    repositories: Repositories
    configured: Sequence[Link] = ()
    _faults: dict[str, str] = field(default_factory=dict)
    _maps: dict[str, tuple[bytes, Sequence[Link]]] = field(default_factory=dict)
    _disputes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    async def sync(self) -> None:
        """Bring the links up to date. A map that cannot be read changes nothing: its links stay as they were.

        Nor does anything change while it cannot be read whom the roster of another repository names.
        """
        await self._apply("config", await self._wanted(self.configured))
        said: dict[str, Mapping[str, PersonId]] = {}
        for repository in self.repositories.all():
            if not repository.links_path:
                continue
            mapped = await self._mapped(repository)
            if mapped is None:
                return
            said[repository.name] = await self._wanted(mapped)
        named = await self._named() if any(said.values()) else {}
        if named is None:
            return
        believed = {each.name: {each.name, *each.links_from} for each in self.repositories.all()}
        found = agreed(said, named, believed)
        if found.disputes != self._disputes:
            log.warning("what maps say is not linked", disputes=found.disputes)
        self._disputes = found.disputes
        await self._apply("map", found.links)

    def faults(self) -> Mapping[str, str]:
        """What is wrong with the maps now, by repository."""
        return dict(self._faults)

    def disputes(self) -> Mapping[str, Sequence[str]]:
        """What the maps say and does not count, by repository: it is for another one to say, or two maps differ."""
        return dict(self._disputes)

    async def _named(self) -> Mapping[str, frozenset[PersonId]] | None:
        """Who has a role where; None where it cannot be read. A single repository has no other to ask."""
        repositories = self.repositories.all()
        named: dict[str, frozenset[PersonId]] = {}
        for repository in repositories if len(repositories) > 1 else ():
            roster = await self.rosters.read(repository)
            if isinstance(roster, RosterFault):
                log.warning("maps wait for a roster", repository=repository.name, path=roster.path, what=roster.what)
                return None
            named[repository.name] = frozenset((*roster.maintainers, *roster.reviewers))
        return named

    async def _mapped(self, repository: Repository) -> Sequence[Link] | None:
        try:
            file = await repository.forge.read(repository.links_path)
            links = self._parsed(repository.name, file)
        except (ForgeError, LinkMapError) as error:
            if self._faults.get(repository.name) != str(error):
                log.warning("link map unreadable", repository=repository.name, error=str(error))
            self._faults[repository.name] = str(error)
            return None
        self._faults.pop(repository.name, None)
        return links

    def _parsed(self, repository: str, file: FileAt) -> Sequence[Link]:
        """The links of a repository's map, which is parsed anew only where it has changed. Raises LinkMapError."""
        data, links = self._maps.get(repository, (None, ()))
        if data != file.data:
            links = parse_links(file.data, path=file.path)
            self._maps[repository] = (file.data, links)
        return links

    async def _wanted(self, links: Sequence[Link]) -> dict[str, PersonId]:
        """Whose each account is. An account of two people, or of one whose forge id is another, is nobody's."""
        people = _People(self.ledger.reader().directory())
        unknown = [link.login for link in links if link.login and fold_login(link.login) not in people.logins]
        if unknown:
            await self.rosters.bind(unknown)
            people = _People(self.ledger.reader().directory())
        wanted: dict[str, PersonId] = {}
        doubtful: set[str] = set()
        for link in links:
            person = people.of(link)
            for account in link.accounts:
                if person is None or wanted.setdefault(account.key, person) != person:
                    doubtful.add(account.key)
        for key in sorted(doubtful):
            log.warning("account not linked: it names nobody, or two people", account=key)
        return {key: person for key, person in wanted.items() if key not in doubtful}

    async def _apply(self, source: BoundBy, wanted: Mapping[str, PersonId]) -> None:
        if self._missing(source, wanted, self.ledger.reader().directory()) == ({}, {}):
            return

        def work(txn: Transaction) -> None:
            gone, new = self._missing(source, wanted, txn.directory())
            events: list[PeopleEvent] = [
                AccountReleased(person=person, account=self._prose(account)) for account, person in gone.items()
            ]
            for account, person in new.items():
                events.append(PersonBound(person=person, kind="account", value=self._prose(account), source=source))
            txn.append(0, events, at=self.clock.now())

        await asyncio.wrap_future(self.ledger.transact(work))

    def _missing(
        self, source: BoundBy, wanted: Mapping[str, PersonId], directory: Directory
    ) -> tuple[dict[str, PersonId], dict[str, PersonId]]:
        """The links of this source that are to be released, and those to be made. The configuration goes first."""
        linked = directory.linked(source)
        others = directory.linked("config") if source == "map" else {}
        gone = {account: person for account, person in linked.items() if wanted.get(account) != person}
        new = {a: person for a, person in wanted.items() if linked.get(a) != person and a not in others}
        return gone, new

    def _prose(self, account: str) -> Prose:
        return Prose.of(account, salt=self.ids.salt(), label="account")


class _People:
    """Everybody whom the directory knows, asked for once: a map may name hundreds."""

    def __init__(self, directory: Directory) -> None:
        everyone = directory.everyone()
        self.logins = {fold_login(person.login): person for person in everyone if person.login}
        self._forge_ids = {person.forge_id: person for person in everyone if person.forge_id}

    def of(self, link: Link) -> PersonId | None:
        """The person of a link; None where login and id are two people's, or the id is of nobody known (T3)."""
        by_id = self._forge_ids.get(link.forge_id) if link.forge_id else None
        if not link.login:
            return by_id.id if by_id is not None else None
        named = self.logins.get(fold_login(link.login))
        if named is None or (link.forge_id and named.forge_id not in {None, link.forge_id}):
            return None
        return named.id if by_id is None or by_id.id == named.id else None
