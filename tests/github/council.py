"""A whole bot whose repository is on the fake GitHub: a room to talk in, issues and pull requests to vote on."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path

import bot.policies
from adapters.github.polling import Poller
from adapters.playground.room import Member, Room
from bot.clocks import CountingIds
from bot.config import Config, General, GitHubTable, PlaygroundTable, RepositoryTable
from bot.core.cards import Note, Notice
from bot.core.motion import Motion
from bot.core.plain import plain_card
from bot.hours import Rota
from bot.ports import Ears, Inbound, Ledger, Typed
from bot.repositories import Repositories
from bot.service import Service
from bot.threads.desk import ThreadDesk
from bot.wiring.formats import detect_roster_format
from bot.wiring.github import device_flow, hold_of
from bot.wiring.playground import seats_of
from bot.wiring.repositories import repository_of
from storage.memory import MemoryLedger
from tests.adapters.github_workshop import GitHubWorkshop
from tests.fakes.github import FakeTime
from tests.fakes.github.state import Comment, Issue

CHANNEL = "playground:maintainers"
NAMES = ("ada", "bob", "cleo", "dan", "eve")
RULES = {"contents": "write", "pull_requests": "write", "issues": "write", "checks": "write"}


def maintainers(*names: str, reviewers: Sequence[str] = ()) -> bytes:
    """A maintainers file with these people, in the format of distribution."""
    rows = [f'"{name}","{name.title()}","{name}@example.org",""\n' for name in names]
    others = [f'"{name}","{name.title()}","{name}@example.org",""\n' for name in reviewers]
    return ("# MAINTAINERS\n" + "".join(rows) + "# REVIEWERS\n" + "".join(others)).encode()


class HubClock:
    """The forge's clock as the bot's."""

    def __init__(self, time: FakeTime) -> None:
        self._time = time

    def now(self) -> datetime:
        return self._time.now()


class Council:
    """Maintainers ada to eve; `newperson` and `outsider` are in no roster."""

    def __init__(
        self,
        folder: Path,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        client_id: str = "",
        edits: Sequence[tuple[str, str]] = (),
    ) -> None:
        """`edits` are made in the shipped policy, which the repository then has as a file of the operator's."""
        self._sleep = sleep
        self.shop = GitHubWorkshop(folder)
        self.hub, self.repo = self.shop.hub, self.shop.repo
        self.shop.app.permissions.update(RULES)  # type: ignore[arg-type]
        for name in (*NAMES, "newperson", "outsider"):
            self.hub.user(name)
        self.shop.put({"MAINTAINERS": maintainers(*NAMES), "README.md": b"# Lantern\n"})
        self.clock = HubClock(self.hub.time)
        self._requests = itertools.count()
        rules = (Path(bot.policies.__file__).parent / "distribution.toml").read_text(encoding="utf-8")
        for old, new in edits:
            assert old in rules
            rules = rules.replace(old, new)
        (folder / "rules.toml").write_text(rules, encoding="utf-8")
        table = RepositoryTable(
            name="lantern",
            forge="github",
            path=self.repo.full_name,
            channels=(CHANNEL,),
            reviews="off",
            policy="rules.toml" if edits else "distribution",
        )
        self.config = Config(
            folkmoot=General(ledger="folkmoot.sqlite3"),
            repository=(table,),
            github=GitHubTable(api_url=self.shop.url, web_url=self.shop.url, client_id=client_id),
            playground=PlaygroundTable(enabled=True, port=0, allow_beside_real=True),
            here=folder,
        )
        members = [
            Member(login=name, name=name.title(), role="maintainer", kind="maintainer")
            for name in (*NAMES, "newperson", "outsider")
        ]
        self.room = Room(path=None, clock=self.clock, members=members, public=False)
        self.ledger: Ledger = MemoryLedger(clock=self.clock)
        self.reopen()

    def reopen(self) -> None:
        """A new process over the same ledger, room and forge."""
        self.forge = self.shop.forge()
        repository = repository_of(self.config.repository[0], self.config, self.forge)
        self.service = Service(
            ledger=self.ledger,
            clock=self.clock,
            ids=CountingIds(),
            repositories=Repositories([repository]),
            platforms={self.room.name: self.room},
            detect=detect_roster_format,
            rota=Rota({}),
            links=list(seats_of(self.room)),
            flow=device_flow(self.config),
            hold=hold_of(self.config),
            sleep=self._sleep,
        )
        ears = self.service.ears(repository)
        assert isinstance(ears, ThreadDesk)
        self.ears: Ears = ears
        self.poller = Poller(
            self.forge.client, self.forge.git, self.forge.threads, since=self.clock.now(), seconds=60.0
        )
        self.poller.listen(self.ears)

    # ------------------------------------------------------------------ members

    async def ask(self, login: str, words: str) -> str:
        """Somebody types in the channel."""
        await self.service.links.sync()
        member = self.room.member(login)
        assert member is not None
        inbound = Inbound(
            request=f"test:{next(self._requests)}",
            who=member.account,
            channel=CHANNEL,
            act=Typed(text=words),
            acted_at=self.clock.now(),
        )
        answer = await self.service.desk.ask(inbound)
        await self.settle()
        return plain_card(answer)

    async def settle(self) -> None:
        """Look at the forge, and do all that follows."""
        assert await self.poller.look()
        await self.service.alarm.rested()
        await self.service.settle()
        assert self.hub.violations == []

    async def says(self, login: str, words: str, page: Issue) -> Comment:
        """A comment, a minute later, read."""
        self.hub.time.move(60)
        made = self.repo.comment(page.number, words, by=login)
        await self.settle()
        return made

    async def later(self, seconds: float) -> None:
        self.hub.time.move(seconds)
        await self.settle()

    async def end(self, number: int = 1) -> None:
        """Go to where the motion is counted."""
        due = self.service.alarm.close_due(self.motion(number))
        assert due is not None
        await self.later((due - self.clock.now()).total_seconds())

    # ------------------------------------------------------------------ what there is

    def motion(self, number: int = 1) -> Motion:
        motion = self.ledger.reader().motion(number)
        assert motion is not None
        return motion

    def motions(self) -> int:
        return len(self.ledger.reader().entries())

    def choices(self, number: int = 1) -> dict[str, str | None]:
        directory = self.ledger.reader().directory()
        found: dict[str, str | None] = {}
        for person, ballot in self.motion(number).ballots.items():
            known = directory.person(person)
            assert known is not None
            found[known.login] = ballot.choice
        return found

    def bots(self, page: Issue) -> list[str]:
        """The bot's comments on a page, oldest first."""
        own = self.shop.app.bot
        return [c.body for c in self.repo.comments.values() if c.number == page.number and c.user is own]

    def status(self, page: Issue) -> Comment:
        """The one status on a page."""
        own = self.shop.app.bot
        mine = [c for c in self.repo.comments.values() if c.number == page.number and c.user is own]
        return next(c for c in mine if "Record" in c.body or "vote" in c.body)

    def letters(self, login: str) -> list[str]:
        return [plain_card(card) for card in self.room.letters(login) if isinstance(card, Note)]

    def notices(self) -> list[str]:
        return [plain_card(card) for card in self.room.cards() if isinstance(card, Notice)]

    async def dispute(self, *, by: str = "outsider", body: str = "The v2 API stays until 5.\n\n/moot resolve") -> Issue:
        """Somebody opens an issue that calls for a resolution."""
        self.hub.time.move(60)
        page = self.repo.open_issue(by=by, title="Keep the v2 API", body=body)
        await self.settle()
        return page
