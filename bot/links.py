"""Which chat accounts stand for whom: by the configuration, and by a map that lives in the repository.

An account is never guessed from a name or a mail address. What no longer links an account releases it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from bot.core.events import AccountReleased, BoundBy, PeopleEvent, PersonBound
from bot.core.people import PersonId, fold_login
from bot.core.prose import Prose
from bot.linkmap import Link, LinkMapError, parse_links
from bot.ports import Clock, Directory, ForgeError, Ids, Ledger, Transaction
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

    async def sync(self) -> None:
        """Bring the links up to date. A map that cannot be read changes nothing: its links stay as they were."""
        await self._apply("config", self._wanted(self.configured, await self._known(self.configured)))
        mapped: list[Link] = []
        for repository in self.repositories.all():
            if not repository.links_path:
                continue
            found = await self._mapped(repository)
            if found is None:
                return
            mapped += found
        await self._apply("map", self._wanted(mapped, await self._known(mapped)))

    def faults(self) -> Mapping[str, str]:
        """What is wrong with the maps now, by repository."""
        return dict(self._faults)

    async def _mapped(self, repository: Repository) -> Sequence[Link] | None:
        try:
            file = await repository.forge.read(repository.links_path)
            links = parse_links(file.data, path=file.path)
        except (ForgeError, LinkMapError) as error:
            if self._faults.get(repository.name) != str(error):
                log.warning("link map unreadable", repository=repository.name, error=str(error))
            self._faults[repository.name] = str(error)
            return None
        self._faults.pop(repository.name, None)
        return links

    async def _known(self, links: Sequence[Link]) -> Mapping[str, PersonId]:
        return await self.rosters.bind([link.login for link in links if link.login])

    def _wanted(self, links: Sequence[Link], known: Mapping[str, PersonId]) -> dict[str, PersonId]:
        """Whose each account is. An account of two people, or of one whose forge id is another, is nobody's."""
        directory = self.ledger.reader().directory()
        wanted: dict[str, PersonId] = {}
        doubtful: set[str] = set()
        for link in links:
            person = self._person(link, known, directory)
            for account in link.accounts:
                if person is None or wanted.setdefault(account.key, person) != person:
                    doubtful.add(account.key)
        for key in sorted(doubtful):
            log.warning("account not linked: it names nobody, or two people", account=key)
        return {key: person for key, person in wanted.items() if key not in doubtful}

    def _person(self, link: Link, known: Mapping[str, PersonId], directory: Directory) -> PersonId | None:
        """The person of a link; None where login and id are two people's, or the id is of nobody known (T3)."""
        by_id = next((p for p in directory.everyone() if p.forge_id == link.forge_id), None) if link.forge_id else None
        if not link.login:
            return by_id.id if by_id is not None else None
        person = known.get(fold_login(link.login))
        found = directory.person(person) if person is not None else None
        if link.forge_id and found is not None and found.forge_id not in {None, link.forge_id}:
            return None
        return person if by_id is None or by_id.id == person else None

    async def _apply(self, source: BoundBy, wanted: Mapping[str, PersonId]) -> None:
        directory = self.ledger.reader().directory()
        if dict(directory.linked(source)) == wanted:
            return

        def work(txn: Transaction) -> None:
            directory = txn.directory()
            others = set(directory.linked("config")) if source == "map" else set()
            events: list[PeopleEvent] = []
            for account, person in directory.linked(source).items():
                if wanted.get(account) != person:
                    events.append(AccountReleased(person=person, account=self._prose(account)))
            for account, person in wanted.items():
                if directory.linked(source).get(account) != person and account not in others:
                    events.append(PersonBound(person=person, kind="account", value=self._prose(account), source=source))
            txn.append(0, events, at=self.clock.now())

        await asyncio.wrap_future(self.ledger.transact(work))

    def _prose(self, account: str) -> Prose:
        return Prose.of(account, salt=self.ids.salt(), label="account")
