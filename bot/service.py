"""The running bot: ledger, desk, clerk, outbox and alarm put together, whatever the adapters are."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta

import structlog

from bot.alarm import Alarm
from bot.clerk import Clerk
from bot.completion import LedgerCompletion
from bot.core.effects import poll_edits
from bot.dcohelp import DcoHelp
from bot.deliveries import Deliveries
from bot.desk import FrontDesk
from bot.hours import Rota
from bot.linking import HOLD, Linking
from bot.linkmap import Link
from bot.links import Links
from bot.lookups import Lookups, folded
from bot.meter import Meter
from bot.outbox import Outbox
from bot.polls import LedgerPolls
from bot.ports import Clock, DeviceFlow, Ears, Front, Ids, Ledger, LivePoll, Platform, Point, no_point
from bot.pullchanges import Diffs
from bot.questions import Questions
from bot.repositories import Repositories, Repository
from bot.rosters import Detect, Rosters
from bot.threads.calls import Calls
from bot.threads.desk import ThreadDesk
from bot.threads.guard import Guard
from bot.threads.pages import Pages

log = structlog.get_logger("folkmoot.service")


class Service:
    """One instance of the bot on one ledger. `start` runs it by the machine's time; `settle` steps it by hand."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        clock: Clock,
        ids: Ids,
        repositories: Repositories,
        platforms: Mapping[str, Platform],
        detect: Detect,
        employers: Mapping[str, str] | None = None,
        links: Sequence[Link] = (),
        rota: Rota | None = None,
        meter: Meter | None = None,
        point: Point = no_point,
        flow: DeviceFlow | None = None,
        hold: timedelta = HOLD,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.ledger, self.clock, self.repositories = ledger, clock, repositories
        self.rota = rota or Rota()
        self.rosters = Rosters(ledger=ledger, clock=clock, ids=ids, detect=detect)
        self.links = Links(
            ledger=ledger, clock=clock, ids=ids, rosters=self.rosters, repositories=repositories, configured=links
        )
        self._ids, self._platforms = ids, platforms
        self.clerk = Clerk(
            ledger=ledger,
            clock=clock,
            repositories=repositories,
            rosters=self.rosters,
            rota=self.rota,
            wake=lambda: self.outbox.wake(),
        )
        self.lookups = Lookups(
            ledger=ledger,
            clock=clock,
            ids=ids,
            rosters=self.rosters,
            platforms=platforms,
            employers=folded(employers or {}),
            rota=self.rota,
        )
        self._questions = Questions(ledger=ledger, clock=clock, rosters=self.rosters, rota=self.rota)
        self.linking = Linking(
            flow=flow,
            hold=hold,
            ledger=ledger,
            clock=clock,
            ids=ids,
            repositories=repositories,
            rosters=self.rosters,
            platforms=platforms,
            wake=lambda: self.outbox.wake(),
            sleep=sleep,
        )
        self.desk = FrontDesk(
            clerk=self.clerk,
            ledger=ledger,
            clock=clock,
            repositories=repositories,
            lookups=self.lookups,
            questions=self._questions,
            linking=self.linking,
            dco=DcoHelp(ledger=ledger, clock=clock, rosters=self.rosters, wake=lambda: self.outbox.wake()),
            meter=meter,
        )
        self.deliveries = Deliveries(
            ledger=ledger, clock=clock, repositories=repositories, rosters=self.rosters, platforms=platforms
        )
        self.outbox = Outbox(
            ledger=ledger,
            clock=clock,
            clerk=self.clerk,
            deliveries=self.deliveries,
            repositories=repositories,
            meter=meter,
            point=point,
        )
        self.alarm = Alarm(
            ledger=ledger,
            clock=clock,
            clerk=self.clerk,
            desk=self.desk,
            repositories=repositories,
            rosters=self.rosters,
            links=self.links,
        )
        self._running: asyncio.Task[None] | None = None
        self.connected: set[str] = set()

    def front(self, platform: str) -> Front:
        """What a connected platform is given of the bot."""
        channels = [channel for repository in self.repositories.all() for channel in repository.channels]
        reader = self.ledger.reader
        return Front(
            desk=self.desk,
            polls=LedgerPolls(ledger=self.ledger, repositories=self.repositories),
            completion=LedgerCompletion(
                ledger=self.ledger, clock=self.clock, repositories=self.repositories, questions=self._questions
            ),
            people=lambda: reader().directory(),
            channels=tuple(dict.fromkeys(name for name in channels if name.startswith(f"{platform}:"))),
            connected=lambda: self._greeted(platform),
            zone=self.rota.learn,
            gone=self.repost,
            shut=self._shut,
            opened=self._opened,
        )

    def ears(self, repository: Repository) -> Ears | None:
        """What listens to a repository's issues and pull requests; None where its forge has none."""
        if repository.threads is None:
            return None
        return ThreadDesk(
            repository=repository,
            threads=repository.threads,
            ledger=self.ledger,
            clock=self.clock,
            ids=self._ids,
            clerk=self.clerk,
            lookups=self.lookups,
            calls=Calls(repository=repository, threads=repository.threads, diffs=Diffs(self.rosters)),
            pages=Pages(ledger=self.ledger, rosters=self.rosters),
            platforms=self._platforms,
            reread=self.alarm.soon,
            wake=self.outbox.wake,
        )

    def guard(self, repository: Repository) -> Guard | None:
        """What looks at a repository's pull requests; None where its forge has none."""
        if repository.changes is None:
            return None
        return Guard(repository=repository, changes=repository.changes, ledger=self.ledger, rosters=self.rosters)

    async def repost(self, poll: LivePoll) -> None:
        """A poll message was deleted: its next edit fails, and posts it again (T1)."""
        edits = poll_edits(poll.motion, (poll.channel,))
        for edit in edits:
            self.deliveries.forget(edit.key)
        await asyncio.wrap_future(self.ledger.transact(lambda txn: txn.intend(edits, at=self.clock.now())))
        self.outbox.wake()

    async def _shut(self, channels: Sequence[str], why: str) -> None:
        """A platform says that the bot cannot post there any more (F32-F36)."""
        for channel in channels:
            await self.outbox.shut(channel, why)

    async def _opened(self, channels: Sequence[str]) -> None:
        """A platform says that the bot can post there again."""
        for channel in channels:
            await self.outbox.opened(channel)

    async def _greeted(self, platform: str) -> None:
        """A platform is there, for the first time or again."""
        self.connected.add(platform)
        log.info("connected", platform=platform)
        await self.alarm.connected()

    @property
    def delivering(self) -> bool:
        """Whether the outbox runs."""
        return self._running is not None and not self._running.done()

    async def start(self) -> None:
        """Deliver and wake by the machine's time until `stop`."""
        self._running = asyncio.create_task(self.outbox.run(), name="outbox")
        await self.alarm.start()

    async def stop(self) -> None:
        """Stop waking, finish what is being delivered, close the ledger."""
        self.alarm.stop()
        await self.linking.stop()
        await self.desk.quiet()
        if self._running is not None:
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running
            self._running = None
        await asyncio.to_thread(self.ledger.close)

    async def settle(self) -> None:
        """Reconcile and deliver until nothing is due at this instant: how simulated time runs the bot."""
        await self.outbox.drain()
        await self.alarm.reconcile()
        while await self.outbox.drain():
            pass
        self.alarm.plan()
