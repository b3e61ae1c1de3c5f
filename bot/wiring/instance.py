"""Puts a running bot together from its configuration."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog

from adapters.localgit import LocalGit
from adapters.playground.room import Room
from adapters.playground.web import Site
from adapters.rosterfile import detect
from bot.config import Config, PersonTable
from bot.hours import Hours, Rota
from bot.meter import Meter
from bot.ports import Clock, Connection, Ids, Ledger, Platform, PlatformError, Point, no_point
from bot.published import lost, publications
from bot.repositories import Repositories
from bot.service import Service
from bot.wiring.github import device_flow, hold_of
from bot.wiring.listening import Listening, listening_of
from bot.wiring.platforms import connections_of, links_of
from bot.wiring.playground import make_room, open_room, seats_of
from bot.wiring.repositories import forge_of, repository_of
from storage.errors import LedgerError
from storage.sqlite import SqliteLedger

log = structlog.get_logger("folkmoot")
STOP_SECONDS = 5.0
"""What a platform has for its own ending: the rest of the ten seconds is the ledger's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """A bot that is ready to start, with the parts that a command line or a page needs to see.

    `forges` are those on this machine, whose drafts a page can show.
    """

    service: Service
    forges: Mapping[str, LocalGit] = field(default_factory=dict)
    room: Room | None = None
    connections: Mapping[str, Connection] = field(default_factory=dict)
    listening: Listening = field(default_factory=Listening)

    async def connect(self) -> None:
        """Connect the platforms that are reached over a network. Raises PlatformError for what a person has to mend."""
        for name, connection in self.connections.items():
            await connection.start(self.service.front(name))
        await self.listening.start()

    async def close(self) -> None:
        """Stop everything and close every file: first nothing more is taken in, then what was begun is finished."""
        await self.listening.stop()
        await asyncio.gather(*(_stop(name, connection) for name, connection in self.connections.items()))
        await self.service.stop()
        if self.room is not None:
            self.room.close()


async def _refuse_if_behind(config: Config, ledger: Ledger, forges: Mapping[str, object]) -> None:
    """Compare the ledger with what was published, before it goes on. Raises LedgerError."""
    genesis = ledger.genesis()
    reader, empty = ledger.reader(), ledger.head() == genesis
    found = await publications(forges)
    why = lost(config.ledger, found, genesis=genesis, empty=empty, entry=reader.entry, events=reader.events)
    if why:
        raise LedgerError(why)


async def _stop(name: str, connection: Connection) -> None:
    """Stop a connection. One that does not come to an end is left: the ledger has to be closed in time (F46)."""
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await connection.stop()
    except (TimeoutError, PlatformError) as error:
        log.warning("did not stop in time", platform=name, error=str(error))


async def build(
    config: Config,
    *,
    clock: Clock,
    ids: Ids,
    ledger: Ledger | None = None,
    room: Room | None = None,
    connections: Mapping[str, Connection] | None = None,
    meter: Meter | None = None,
    accept_lost: bool = False,
    point: Point = no_point,
) -> Instance:
    """Make an instance from a configuration. Raises Mistaken, LedgerError, ForgeError or RosterError.

    A ledger that has not got what was published from it is refused, unless that is accepted (F9, F44).

    A test hands in a ledger, or a room that has outlived an earlier instance.
    """
    forges = {table.name: forge_of(table, config, point) for table in config.repository}
    repositories = Repositories(repository_of(table, config, forges[table.name]) for table in config.repository)
    connections = connections_of(config) if connections is None else connections
    watch = None if meter is None else lambda seconds, stored: meter.committed(seconds, stored=stored)
    ledger = ledger or SqliteLedger(config.ledger, clock=clock, point=point, watch=watch)
    platforms: dict[str, Platform] = {**connections}
    made: Room | None = None
    try:
        if not accept_lost:
            await _refuse_if_behind(config, ledger, forges)
        if config.playground.enabled:
            made = None if room is not None else await make_room(config, repositories, clock, point)
            room = room or made
        if room is not None:
            platforms[room.name] = room
        service = Service(
            ledger=ledger,
            clock=clock,
            ids=ids,
            repositories=repositories,
            platforms=platforms,
            detect=detect,
            rota=rota_of(config),
            links=[*links_of(config), *(seats_of(room) if room is not None else ())],
            employers={person.login: person.employer for person in config.person if person.employer},
            meter=meter,
            point=point,
            flow=device_flow(config),
            hold=hold_of(config),
        )
        await service.links.sync()
    except BaseException:
        if made is not None:
            made.close()
        ledger.close()
        raise
    local = {name: forge for name, forge in forges.items() if isinstance(forge, LocalGit)}
    listening = listening_of(config, service, forges)
    return Instance(service=service, forges=local, room=room, connections=connections, listening=listening)


def rota_of(config: Config) -> Rota:
    """When people work, by the configuration."""
    return Rota({person.login: _hours_of(person) for person in config.person if person.working_hours})


def _hours_of(person: PersonTable) -> Hours:
    start, _, end = (person.working_hours or "0-24").partition("-")
    return Hours(zone=person.time_zone, start=int(start), end=int(end))


async def open_page(config: Config, instance: Instance, clock: Clock) -> Site:
    """Serve the playground's page on this machine. Raises OSError if the port is taken."""
    if instance.room is None:
        raise ValueError("the playground is not switched on")
    return await open_room(config, room=instance.room, service=instance.service, forges=instance.forges, clock=clock)
