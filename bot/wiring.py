"""Puts a running bot together from its configuration: the only file that names concrete adapters and storage."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import holidays as calendars

from adapters.localgit import DraftView, LocalGit
from adapters.localgit.sample import create_sample
from adapters.playground.backstage import DraftPanel, Move, Summary
from adapters.playground.room import Member, Room
from adapters.playground.web import Site
from adapters.playground.web import serve as serve_playground
from adapters.rosterfile import FORMATS, detect
from bot import rulebooks
from bot.clocks import MovableClock
from bot.config import Config, RepositoryTable
from bot.core.people import MAINTAINER
from bot.ports import (
    Clock,
    ForgeError,
    Ids,
    Ledger,
    Platform,
    Point,
    Reader,
    RosterError,
    no_point,
)
from bot.repositories import Repositories, Repository, no_holidays
from bot.service import Service
from storage.backup import backup as copy_ledger
from storage.errors import LedgerError
from storage.reader import SqliteReader
from storage.sqlite import SqliteLedger
from storage.verify import Report, verify

__all__ = [
    "Instance",
    "LedgerError",
    "Report",
    "build",
    "copy_ledger",
    "create_sample",
    "open_page",
    "read_ledger",
    "verify",
]

YEAR = timedelta(days=370)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """A bot that is ready to start, with the parts that a command line or a page needs to see."""

    service: Service
    forges: dict[str, LocalGit] = field(default_factory=dict)
    room: Room | None = None

    async def close(self) -> None:
        """Stop everything and close every file."""
        await self.service.stop()
        if self.room is not None:
            self.room.close()


async def build(
    config: Config,
    *,
    clock: Clock,
    ids: Ids,
    ledger: Ledger | None = None,
    room: Room | None = None,
    point: Point = no_point,
) -> Instance:
    """Make an instance from a configuration. Raises Mistaken, LedgerError, ForgeError or RosterError.

    A test hands in a ledger, or a room that has outlived an earlier instance.
    """
    forges = {table.name: _forge(table, config, point) for table in config.repository}
    repositories = Repositories(_repository(table, config, forges[table.name]) for table in config.repository)
    ledger = ledger or SqliteLedger(config.ledger, clock=clock, point=point)
    platforms: dict[str, Platform] = {}
    try:
        if config.playground.enabled:
            room = room or await _room(config, repositories, clock, point)
            platforms[room.name] = room
        service = Service(
            ledger=ledger,
            clock=clock,
            ids=ids,
            repositories=repositories,
            platforms=platforms,
            detect=detect,
            point=point,
        )
        if room is not None:
            for member in room.members:
                await service.rosters.link(member.login, member.account)
    except BaseException:
        ledger.close()
        raise
    return Instance(service=service, forges=forges, room=room)


def _forge(table: RepositoryTable, config: Config, point: Point) -> LocalGit:
    records = config.ledger.parent / f"{config.ledger.stem}.drafts" / table.name
    return LocalGit(path=config.here / table.path, branch=table.branch or None, records=records, point=point)


def _repository(table: RepositoryTable, config: Config, forge: LocalGit) -> Repository:
    form = next((form for form in FORMATS if form.name == table.roster.format), None)
    return Repository(
        name=table.name,
        forge=forge,
        roster_path=table.roster.path,
        roster_format=form,
        sections=dict(table.roster.roles),
        rulebook=rulebooks.load(table.policy, beside=config.here),
        zone=table.time_zone or config.folkmoot.time_zone,
        holidays=_holidays(table.holidays),
        channels=table.channels,
        announce=table.announce or table.channels[0],
        limit=table.motions_per_person,
    )


def _holidays(name: str | None) -> Callable[[datetime], tuple[date, ...]]:
    """The holidays of a country, or a part of one, over the year from an instant on."""
    if name is None:
        return no_holidays
    country, _, part = name.partition("-")

    def coming(now: datetime) -> tuple[date, ...]:
        first, last = now.date() - timedelta(days=2), (now + YEAR).date()
        known = calendars.country_holidays(country, subdiv=part or None, years=range(first.year, last.year + 1))
        return tuple(sorted(day for day in known if first <= day <= last))

    return coming


# ------------------------------------------------------------------------------- the playground


async def _room(config: Config, repositories: Repositories, clock: Clock, point: Point) -> Room:
    """The room, with everyone of the rosters and the configuration in it, and the file it is kept in."""
    path = config.ledger.with_suffix(".playground.sqlite3")
    channels = [channel.partition(":")[2] for r in repositories.all() for channel in r.channels]
    return Room(path=path, clock=clock, members=await members_of(config, repositories), channels=channels, point=point)


async def members_of(config: Config, repositories: Repositories) -> Sequence[Member]:
    """Who is in the playground: the rosters' people, then the configured ones; an unreadable roster has nobody."""
    members: dict[str, Member] = {}
    for repository in repositories.all():
        for login, name, role in await _people(repository):
            members.setdefault(login.casefold(), _member(login, name, role))
    for person in config.person:
        members.setdefault(person.login.casefold(), _member(person.login, "", ""))
    return tuple(sorted(members.values(), key=lambda m: (_RANK[m.kind], m.login.casefold())))


_RANK = {"maintainer": 0, "reviewer": 1, "outsider": 2}


async def _people(repository: Repository) -> list[tuple[str, str, str]]:
    try:
        file = await repository.forge.read(repository.roster_path)
        form = repository.roster_format or detect(file.path, file.data)
        rows = form.read(path=file.path, data=file.data)
    except (ForgeError, RosterError):
        return []
    found = [(row.login, row.name, repository.role_of(row)) for row in rows]
    ranked = [(login, name, role) for login, name, role in found if role is not None]
    return sorted(ranked, key=lambda person: person[2] != MAINTAINER)


def _member(login: str, name: str, role: str) -> Member:
    return Member(
        login=login,
        name=name or login,
        role=role or "not in the roster",
        kind="maintainer" if role == MAINTAINER else "reviewer" if role else "outsider",
    )


# ------------------------------------------------------------------------------- reading


def read_ledger(path: Path) -> Reader:
    """Read a ledger beside a running bot, without its lock. Raises LedgerError."""
    return SqliteReader(path)


async def open_page(config: Config, instance: Instance, clock: Clock) -> Site:
    """Serve the playground's page on this machine. Raises OSError if the port is taken."""
    if instance.room is None:
        raise ValueError("the playground is not switched on")
    stage = await Backstage.of(config, instance, clock)
    return await serve_playground(instance.room, instance.service.desk, stage, port=config.playground.port)


class Backstage:
    """The playground's hands behind the scene: the clock, the drafts, and the sample repository's Merge button."""

    def __init__(self, config: Config, instance: Instance, clock: Clock) -> None:
        self._config, self._instance, self._clock = config, instance, clock
        self._drafts: tuple[DraftPanel, ...] = ()

    @classmethod
    async def of(cls, config: Config, instance: Instance, clock: Clock) -> Backstage:
        """With the drafts that are there already, kept up to date by the outbox."""
        stage = cls(config, instance, clock)
        await stage.refresh()
        instance.service.outbox.listen(stage.refresh)
        return stage

    @property
    def movable(self) -> bool:
        return isinstance(self._clock, MovableClock)

    @property
    def summary(self) -> Summary:
        tables = self._config.repository
        return Summary(
            repository=", ".join(table.name for table in tables),
            policy=", ".join(sorted({table.policy for table in tables})),
            ledger=str(self._config.ledger),
        )

    def clock_now(self) -> datetime:
        return self._clock.now()

    async def move(self, how: Move) -> str:
        """Move the clock; the bot does what has fallen due on the way."""
        if not isinstance(self._clock, MovableClock):
            raise ValueError("this clock cannot be moved")
        service = self._instance.service
        if how == "deadline":
            due = service.alarm.next_due()
            if due is None:
                return "Nothing is due by itself: open a motion first."
            self._clock.move(max(timedelta(), due - self._clock.now()) + timedelta(seconds=1))
        else:
            self._clock.move(timedelta(hours=1) if how == "hour" else timedelta(days=1))
        await service.settle()
        await self.refresh()
        return f"It is {self._clock.now():%a %d %b %Y, %H:%M} UTC now."

    def drafts(self) -> Sequence[DraftPanel]:
        return self._drafts

    async def merge(self, branch: str) -> str:
        """Merge a draft of the sample repository, as a person would; the role begins when the roster shows it."""
        for forge in self._instance.forges.values():
            if any(draft.branch == branch for draft in await forge.drafts()):
                try:
                    commit = await forge.merge(branch, at=self._clock.now())
                except ForgeError as error:
                    raise ValueError(f"{error.what}. {error.remedy}") from error
                await self._instance.service.settle()
                if self._instance.room is not None:
                    self._instance.room.reseat(await members_of(self._config, self._instance.service.repositories))
                await self.refresh()
                return f"Merged as {commit[:12]}."
        raise ValueError("there is no such draft")

    async def refresh(self) -> None:
        """Look at the drafts again."""
        panels: list[DraftPanel] = []
        for table in self._config.repository:
            forge = self._instance.forges[table.name]
            sample = await forge.is_sample()
            path = self._config.here / table.path
            panels.extend([_panel(draft, sample=sample, path=path) for draft in await forge.drafts()])
        if tuple(panels) != self._drafts:
            self._drafts = tuple(panels)
            if self._instance.room is not None:
                self._instance.room.stir()


def _panel(draft: DraftView, *, sample: bool, path: Path) -> DraftPanel:
    return DraftPanel(
        number=draft.number,
        branch=draft.branch,
        title=draft.title,
        body=draft.body,
        diff=draft.diff,
        state=draft.state,
        mergeable=sample and draft.state == "open",
        command="" if sample else f"git -C {shlex.quote(str(path))} merge --no-ff {draft.branch}",
    )
