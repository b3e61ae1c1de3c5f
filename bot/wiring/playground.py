"""The playground around an instance: who is in the room, and the hands behind its page."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from adapters.localgit import DraftView, LocalGit
from adapters.playground.backstage import DraftPanel, Move, Summary
from adapters.playground.room import Member, Room
from adapters.playground.web import Site, serve
from bot.clocks import MovableClock
from bot.config import Config
from bot.core.cards import Moment
from bot.core.people import MAINTAINER
from bot.core.plain import plain_line
from bot.linkmap import Link
from bot.ports import Clock, ForgeError, Point, RosterError
from bot.repositories import Repositories, Repository
from bot.service import Service
from bot.wiring.repositories import roster_rows


async def make_room(config: Config, repositories: Repositories, clock: Clock, point: Point) -> Room:
    """The room, with everyone of the rosters and the configuration in it, and the file it is kept in."""
    path = config.ledger.with_suffix(".playground.sqlite3")
    named = [channel.partition(":")[2] for repository in repositories.all() for channel in repository.channels]
    channels = list(dict.fromkeys(named))
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


def seats_of(room: Room) -> Sequence[Link]:
    """Who speaks by which account in the room: everybody by their own."""
    return [Link(login=member.login, accounts=(member.account,)) for member in room.members]


_RANK = {"maintainer": 0, "reviewer": 1, "outsider": 2}


async def _people(repository: Repository) -> list[tuple[str, str, str]]:
    try:
        _, rows = await roster_rows(repository)
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


async def open_room(
    config: Config, *, room: Room, service: Service, forges: Mapping[str, LocalGit], clock: Clock
) -> Site:
    """Serve the room's page on this machine. Raises OSError if the port is taken."""
    stage = Stage(config=config, room=room, service=service, forges=forges, clock=clock)
    await stage.refresh()
    service.outbox.listen(stage.refresh)
    return await serve(room, service.desk, stage, port=config.playground.port)


class Stage:
    """The `Backstage` of a running service: the clock, the drafts, and the sample repository's Merge button."""

    def __init__(
        self, *, config: Config, room: Room, service: Service, forges: Mapping[str, LocalGit], clock: Clock
    ) -> None:
        self._config, self._room, self._service, self._forges = config, room, service, forges
        self._clock = clock
        self._drafts: tuple[DraftPanel, ...] = ()

    @property
    def movable(self) -> bool:
        return isinstance(self._clock, MovableClock)

    @property
    def summary(self) -> Summary:
        tables = self._config.repository
        return Summary(
            repository=", ".join(table.name for table in tables),
            policy=", ".join(sorted({table.policy for table in tables})),
            ledger=self._config.folkmoot.ledger,
        )

    def clock_now(self) -> datetime:
        return self._clock.now()

    async def move(self, how: Move) -> str:
        """Move the clock; the bot does what has fallen due on the way."""
        if not isinstance(self._clock, MovableClock):
            raise ValueError("this clock cannot be moved")
        service = self._service
        if how == "deadline":
            due = service.alarm.next_due()
            if due is None:
                return "Nothing is due by itself: open a motion first."
            self._clock.move(max(timedelta(), due - self._clock.now()) + timedelta(seconds=1))
        else:
            self._clock.move(timedelta(hours=1) if how == "hour" else timedelta(days=1))
        await service.settle()
        await self.refresh()
        return f"It is {plain_line((Moment(at=self._clock.now(), zone='UTC'),))} now."

    def drafts(self) -> Sequence[DraftPanel]:
        return self._drafts

    async def merge(self, branch: str) -> str:
        """Merge a draft of the sample repository, as a person would; the role begins when the roster shows it."""
        for forge in self._forges.values():
            if any(draft.branch == branch for draft in await forge.drafts()):
                try:
                    commit = await forge.merge(branch, at=self._clock.now())
                except ForgeError as error:
                    raise ValueError(f"{error.what}. {error.remedy}") from error
                await self._service.settle()
                self._room.reseat(await members_of(self._config, self._service.repositories))
                await self.refresh()
                return f"Merged as {commit[:12]}."
        raise ValueError("there is no such draft")

    async def refresh(self) -> None:
        """Look at the drafts again."""
        panels: list[DraftPanel] = []
        for table in self._config.repository:
            forge = self._forges.get(table.name)
            if forge is None:
                continue  # its drafts are seen where they are
            sample = await forge.is_sample()
            path = self._config.here / table.path
            panels.extend([_panel(draft, sample=sample, path=path) for draft in await forge.drafts()])
        if tuple(panels) != self._drafts:
            self._drafts = tuple(panels)
            self._room.stir()


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
