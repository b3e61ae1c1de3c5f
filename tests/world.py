"""A whole bot for tests: a sample repository, a room, a ledger in memory, and a clock that stands still until moved."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.localgit.sample import MAINTAINERS, create_sample
from adapters.playground.room import Room
from bot import lookups
from bot.clocks import CountingIds, ManualClock
from bot.config import Config, General, PersonTable, PlaygroundTable, RepositoryTable
from bot.core.cards import Card, Note, Notice, Poll
from bot.core.motion import Motion
from bot.core.plain import plain_card
from bot.ports import Filled, Inbound, Ledger, Pressed, Reacted, Typed
from bot.repositories import Repositories
from bot.wiring import Instance, build, repository_of
from bot.wiring.playground import members_of
from storage.memory import MemoryLedger

lookups.HISTORY_SECONDS = 600.0
"""A nomination waits for the history as long as it takes: its warning must not hang on how busy the machine is."""
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday."""
CHANNEL = "playground:maintainers"
NOMINATION = 'nominate @newperson --months 7 --evidence "41 reviews" Kind and thorough.'


def logins() -> Sequence[str]:
    """The sample's maintainers, in the room's order."""
    return sorted((login for login, _ in MAINTAINERS), key=str.casefold)


def config_of(folder: Path, **repository: Any) -> Config:
    """The configuration of a playground over the sample repository in the folder."""
    table = {"name": "distribution", "forge": "localgit", "path": "distribution.git", "channels": (CHANNEL,)}
    return Config(
        folkmoot=General(ledger="folkmoot.sqlite3"),
        repository=(RepositoryTable(**{**table, **repository}),),
        person=(PersonTable(login="newperson"), PersonTable(login="outsider")),
        playground=PlaygroundTable(enabled=True, port=0),
        here=folder,
    )


class World:
    """What a test sees and does. `ask` settles the bot afterwards unless told not to."""

    def __init__(self, config: Config, clock: ManualClock, instance: Instance, room: Room) -> None:
        self.config, self.clock, self.instance, self.room = config, clock, instance, room
        self.service, self.forge = instance.service, instance.forges["distribution"]
        self._requests = itertools.count()

    @classmethod
    async def make(
        cls, folder: Path, *, public: bool = False, ledger: Ledger | None = None, **repository: Any
    ) -> World:
        """A world in an empty folder."""
        config = config_of(folder, **repository)
        create_sample(folder / "distribution.git", at=START - timedelta(days=30))
        clock = ManualClock(START)
        return await cls.open(config, clock, public=public, ledger=ledger or MemoryLedger(clock=clock))

    @classmethod
    async def open(
        cls, config: Config, clock: ManualClock, *, public: bool = False, ledger: Ledger, room: Room | None = None
    ) -> World:
        """A world over what is there already."""
        if room is None:
            from bot.wiring import forge_of

            tables = config.repository
            repositories = Repositories(repository_of(table, config, forge_of(table, config)) for table in tables)
            members = await members_of(config, repositories)
            room = Room(path=None, clock=clock, members=members, public=public)
        instance = await build(config, clock=clock, ids=CountingIds(), ledger=ledger, room=room)
        return cls(config, clock, instance, room)

    async def ask(
        self,
        login: str,
        act: str | Typed | Pressed | Filled | Reacted,
        *,
        settle: bool = True,
        request: str = "",
        acted_at: datetime | None = None,
        channel: str = CHANNEL,
    ) -> str:
        """A member does something; the private answer in plain text."""
        member = self.room.member(login)
        assert member is not None, login
        inbound = Inbound(
            request=request or f"test:{next(self._requests)}",
            who=member.account,
            channel=channel,
            act=Typed(text=act) if isinstance(act, str) else act,
            acted_at=acted_at or self.clock.now(),
        )
        answer = await self.service.desk.ask(inbound)
        if settle:
            await self.service.settle()
        return plain_card(answer) if getattr(answer, "lines", True) else ""

    async def nominate(self, text: str = NOMINATION) -> Motion:
        """The first maintainer opens a candidacy."""
        await self.ask(logins()[0], text)
        return self.motion(max(entry.number for entry in self.service.ledger.reader().entries()))

    async def carry(self, number: int = 1) -> None:
        """Everybody votes yes, and the window ends."""
        for login in logins():
            await self.ask(login, f"yes {number}")
        await self.end(number)

    async def end(self, number: int = 1) -> None:
        """Go to where the motion is counted."""
        due = self.service.alarm.close_due(self.motion(number))
        assert due is not None
        await self.go_to(due)

    async def go_to(self, at: datetime) -> None:
        self.clock.move_to(at)
        await self.service.settle()

    def motion(self, number: int = 1) -> Motion:
        motion = self.service.ledger.reader().motion(number)
        assert motion is not None
        return motion

    def cards(self) -> Sequence[Card]:
        """The bot's messages in the channel."""
        return self.room.cards()

    def notices(self) -> list[str]:
        """The notices of the channel in plain text, oldest first."""
        return [plain_card(card) for card in self.cards() if isinstance(card, Notice)]

    def poll(self, number: int = 1) -> str:
        """The poll of a motion as it stands in the channel."""
        polls = [card for card in self.cards() if isinstance(card, Poll) and card.motion == number]
        assert len(polls) == 1
        return plain_card(polls[0])

    def letters(self, login: str) -> list[str]:
        """The direct messages that a member has, in plain text."""
        return [plain_card(card) for card in self.room.letters(login) if isinstance(card, Note)]

    async def roster(self, edit: tuple[str, str]) -> None:
        """Somebody changes the maintainers file on the default branch."""
        from tests.commits import replace_in

        replace_in(self.config.here / "distribution.git", "MAINTAINERS", *edit, at=self.clock.now())
        await self.service.settle()
