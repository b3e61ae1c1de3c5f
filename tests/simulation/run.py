"""Plays one seed to its end: life after life of the bot, each ended by a crash, a restart or the end of the days."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import sqlite3
import time
from collections.abc import Coroutine
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot import lookups
from bot.service import Service
from storage.sqlite import SqliteLedger
from tests.faults.lockstep import Inline, LockStep, bury
from tests.faults.points import Killed, Points
from tests.faults.world import scratch
from tests.simulation.assembly import assemble
from tests.simulation.chaos import Chaos, Turn
from tests.simulation.deeds import Deeds
from tests.simulation.timeloop import loops
from tests.simulation.world import START, World

lookups.HISTORY_SECONDS = 600.0
BREATH = timedelta(seconds=20)
"""The least pause between two looks at what waits: retries in an outage are not played one by one."""
CALM = timedelta(days=45)
"""How long the world goes on without anybody doing anything: every window ends, everything is delivered."""


@dataclass(slots=True)
class Simulation:
    """One seed. `lives` counts the bot's lives; `git` makes the repositories real ones, `wired` the adapters."""

    world: World
    days: int = 30
    lives: int = 0
    crashes: int = 0
    seconds: float = 0.0
    size_before: int = 0
    over: bool = False
    points: Points = field(default_factory=Points)

    @classmethod
    def of(
        cls, seed: int, *, days: int = 30, git: bool = False, wired: bool = False, parent: Path | None = None
    ) -> Simulation:
        world = World.of(seed, scratch(parent), git=git, wired=wired)
        SqliteLedger(world.ledger, clock=world.clock).close()
        with closing(sqlite3.connect(world.ledger, isolation_level=None)) as conn:
            genesis = hashlib.sha256(f"genesis of {seed}".encode()).hexdigest()
            conn.execute("UPDATE meta SET value = ? WHERE key IN ('genesis', 'checkpoint_hash')", (genesis,))
        return cls(world, days=days, size_before=world.ledger.stat().st_size)

    def run(self) -> None:
        """Live until the end of the calm."""
        began = time.perf_counter()
        chaos = Chaos(self.world, self.days)
        chaos.plan()
        while not self.over:
            self.points = points = Points(None if chaos.over else chaos.lifetime())
            self.lives += 1
            try:
                with asyncio.Runner(loop_factory=loops(self.world.clock.elapsed)) as runner:
                    runner.run(self._live(points, chaos))
            except Killed:
                self.crashes += 1
                self.world.say(f"crash at {points.died_at}")
                self.world.counts[f"crash at {points.died_at.partition('.')[0]}"] += 1
            if not self.over:
                self.world.skip(chaos.downtime())
        self.seconds = time.perf_counter() - began

    def remove(self) -> None:
        shutil.rmtree(self.world.folder, ignore_errors=True)

    # ------------------------------------------------------------------- one life

    async def _live(self, points: Points, chaos: Chaos) -> None:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(Inline(max_workers=1))
        loop.set_exception_handler(self._broken)
        world, point = self.world, points.reach
        ledger = SqliteLedger(world.ledger, clock=world.clock, point=point)
        try:
            if world.hub is not None:
                await world.hub.open()
            platforms = {name: await venue.open(point) for name, venue in world.venues.items()}
            forges = {place.name: place.yard.forge(point) for place in world.town.places}
            service = assemble(
                world.town,
                clock=world.clock,
                ids=world.ids,
                ledger=LockStep(ledger),
                platforms=platforms,
                forges=forges,
                weather=world.weathers["forge"],
                point=point,
            )
            if world.talk is not None:
                world.talk.open(service, forges)
            await service.links.sync()
            for name, venue in world.venues.items():
                await venue.start(service.front(name))
            await self._days(service, chaos)
            for venue in world.venues.values():
                await venue.leave_off()
            await service.stop()
        except BaseException:
            bury(ledger, points)
            raise
        finally:
            for venue in world.venues.values():
                await venue.stop()
            if world.hub is not None:
                await world.hub.close()

    async def _days(self, service: Service, chaos: Chaos) -> None:
        world, deeds = self.world, Deeds(self.world, service)
        end = START + timedelta(days=self.days)
        await service.settle()
        while True:
            if self.points.dead:  # it died where nobody was waiting for it
                raise Killed(self.points.died_at)
            at = self._next(service)
            if at > end + CALM or (chaos.over and at > end and self._quiet(service)):
                break
            await world.move_to(at)
            if at >= end and not chaos.over:
                await chaos.calm()
            for what in world.due():
                done = what()
                if isinstance(done, Coroutine):
                    await done
            if world.true >= deeds.next_at and world.true < end:
                deeds.do()
            if chaos.restart_now():
                world.say("restart")
                await self._step(service, how="ask")
                return
            await self._step(service, how=chaos.turn(service.alarm.next_due()))
        self.over = True

    async def _step(self, service: Service, *, how: Turn) -> None:
        """All that has arrived, at once; with it what is to be delivered, and the sweep that happens once a minute."""
        work: list[Coroutine[Any, Any, object]] = [venue.step() for venue in self.world.venues.values()]
        if self.world.talk is not None:
            work.append(self.world.talk.step())
        if how != "ask":
            work.append(service.settle() if how == "settle" else service.outbox.drain())
        for done in await asyncio.gather(*work, return_exceptions=True):
            if isinstance(done, BaseException):
                raise done

    def _broken(self, _: asyncio.AbstractEventLoop, about: dict[str, Any]) -> None:
        """A task of somebody's has broken; that it died with the bot is no news."""
        error = about.get("exception")
        if not isinstance(error, Killed) and not self.points.dead:
            self.world.broken.append(f"{about.get('message')}: {error!r}")

    def _next(self, service: Service) -> datetime:
        """The next instant, in true time, at which anything may happen."""
        world = self.world
        soonest = [world.true + timedelta(hours=12 if world.true > START + timedelta(days=self.days) else 3)]
        if world.agenda:
            soonest.append(world.agenda[0][0])
        soonest += [at for venue in world.venues.values() if (at := venue.next_at()) is not None]
        if world.talk is not None:
            soonest.append(world.talk.next_at())
        alarm = service.alarm.next_due()
        if alarm is not None:
            soonest.append(max(alarm - world.offset, world.true + timedelta(seconds=1)))
        waiting = service.ledger.reader().due(world.clock.now() + timedelta(days=1), limit=50)
        if waiting:
            soonest.append(max(min(row.due for row in waiting) - world.offset, world.true + BREATH))
        return max(min(soonest), world.true)

    def _quiet(self, service: Service) -> bool:
        """Whether nothing is left that could still happen by itself."""
        with closing(sqlite3.connect(self.world.ledger)) as conn:
            left = conn.execute("SELECT count(*) FROM outbox WHERE state = 'pending'").fetchone()[0]
        return not left and service.alarm.next_due() is None and not self.world.agenda
