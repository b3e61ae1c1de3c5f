"""Delivers effects: at least once, in order per motion and venue, idempotent by key. It decides nothing.

A venue that is down never holds back another; an effect that cannot be delivered is parked and reported.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.clerk import Clerk
from bot.core.effects import LONGEST_RETRY, trouble
from bot.deliveries import Delivered, Deliveries, NotYet
from bot.identities import AccountGone
from bot.meter import Meter
from bot.ports import (
    Clock,
    ForgeError,
    Ledger,
    OutboxRow,
    PlatformError,
    Point,
    RosterError,
    Transaction,
    no_point,
)
from bot.repositories import Repositories
from bot.secrecy import redact

log = structlog.get_logger("folkmoot.outbox")
PATIENCE = 12
"""Attempts before an effect that breaks on our side is parked; with the back-off that is over half an hour."""
LONG_PATIENCE = 1000
"""The same for what the outside refuses, which may be down or wait for a person: with the back-off about a week."""
OUTSIDE = (PlatformError, ForgeError, RosterError, TimeoutError)
SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=1), timedelta(minutes=10)
TOGETHER = 50
IDLE_SECONDS = 30.0
CALL_SECONDS = 60.0


class Outbox:
    """The loop that takes what is due to where it belongs."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        clock: Clock,
        clerk: Clerk,
        deliveries: Deliveries,
        repositories: Repositories,
        meter: Meter | None = None,
        point: Point = no_point,
    ) -> None:
        self._ledger, self._clock, self._clerk = ledger, clock, clerk
        self._deliveries, self._repositories, self._point = deliveries, repositories, point
        self._meter, self.breaker = meter or Meter(), deliveries.breaker
        self._elsewhere = deliveries.elsewhere
        self._open: set[str] = set()
        self._woken = asyncio.Event()
        self._listeners: list[Callable[[], Awaitable[None]]] = []
        self._draining = asyncio.Lock()

    def wake(self) -> None:
        """There may be something to deliver."""
        self._woken.set()

    def listen(self, listener: Callable[[], Awaitable[None]]) -> None:
        """Call this after each turn that delivered something."""
        self._listeners.append(listener)

    async def run(self) -> None:
        """Deliver for ever; cancel it to stop. A turn that fails is logged and tried again."""
        while True:
            self._woken.clear()
            try:
                await self.drain()
            except Exception as error:  # the top of the outbox loop
                log.error("outbox turn failed", error=repr(error), exc_info=error)
            with contextlib.suppress(TimeoutError):
                # Not `wait_for`: before Python 3.12 it swallows a cancellation that meets the wake, and never stops.
                async with asyncio.timeout(self._pause()):
                    await self._woken.wait()

    def _pause(self) -> float:
        """Seconds until the next retry is due, by this clock; a second at least where one waits."""
        waiting = self._ledger.reader().due(self._clock.now() + timedelta(seconds=IDLE_SECONDS), limit=1)
        if not waiting:
            return IDLE_SECONDS
        return min(IDLE_SECONDS, max(0.05, (waiting[0].due - self._clock.now()).total_seconds()))

    async def shut(self, place: str, why: str) -> None:
        """A channel takes no posts until a person has mended that: left in peace, and told elsewhere (F32-F36)."""
        self._open.discard(place)
        if self.breaker.shut(place, why, self._clock.now()):
            self._meter.paused(kind_of(place))
            log.error("a channel takes no posts; what is meant for it waits", channel=place, error=redact(why))
            await self._elsewhere.changed(place)
            self.wake()

    async def opened(self, place: str) -> None:
        """Something got through, or the platform says that it may again: whoever was told of it is told so."""
        if self.breaker.succeeded(place):
            log.info("delivers again", place=kind_of(place))
        if place not in self._open:
            self._open.add(place)
            if self._elsewhere.told(place):
                await self._elsewhere.changed(place)
                self.wake()

    async def drain(self) -> int:
        """Deliver all that is due now, and what follows from it; returns how many were delivered."""
        delivered = 0
        async with self._draining:
            while rows := self._ledger.reader().due(self._clock.now(), limit=TOGETHER):
                lanes: dict[str, list[OutboxRow]] = {}
                for row in rows:
                    lanes.setdefault(row.effect.venue, []).append(row)
                done = await asyncio.gather(*(self._lane(lane) for lane in lanes.values()), return_exceptions=True)
                for result in done:
                    if isinstance(result, BaseException):
                        raise result
                    delivered += result
        if delivered:
            for listener in self._listeners:
                await listener()
        return delivered

    async def _lane(self, rows: Sequence[OutboxRow]) -> int:
        done = 0
        for row in rows:
            done += await self._one(row)
        return done

    async def _one(self, row: OutboxRow) -> int:
        """One delivery, with its motion in every line that is logged meanwhile; nothing goes to a paused place."""
        place = self._deliveries.place(row.effect)
        until = self.breaker.paused(place, self._clock.now())
        with structlog.contextvars.bound_contextvars(motion=row.effect.motion, key=row.effect.key):
            if until is not None:
                await self._settle(replace(row, due=until))
                return 0
            return await self._try(row, place)

    async def _try(self, row: OutboxRow, place: str) -> int:
        """One delivery and its settlement, in that order; the point between is where a kill must not matter."""
        try:
            async with asyncio.timeout(CALL_SECONDS):
                delivered = await self._deliveries.deliver(row)
        except NotYet:
            await self._settle(replace(row, due=self._clock.now() + timedelta(seconds=1)))
            return 0
        except OUTSIDE as error:
            if isinstance(error, PlatformError) and error.shut and row.effect.venue.startswith("channel:"):
                self._meter.failed(kind_of(place))
                await self.shut(place, error.what)
            else:
                self._count(place, error)
            await self._failed(row, error)
            return 0
        except Exception as error:  # a poison effect: reported with an incident, others flow
            incident = secrets.token_hex(2)
            log.error("delivery broke", incident=incident, error=repr(error), exc_info=error)
            await self._failed(row, error)
            return 0
        self._point(f"outbox.delivered.{row.effect.kind}")
        self._meter.delivered(kind_of(place))
        if delivered.sent:
            await self.opened(place)
        await self._done(row, delivered)
        return 1

    def _count(self, place: str, error: Exception) -> None:
        """A place that fails again and again is paused; one that asked to wait, or will never take this, is well."""
        self._meter.failed(kind_of(place))
        answers = isinstance(error, PlatformError) and (error.final or error.gone or error.retry_after is not None)
        if answers or isinstance(error, RosterError) or (isinstance(error, ForgeError) and not error.retry):
            return
        known = place in self.breaker.open()
        pause = self.breaker.failed(place, self._clock.now())
        if pause is not None and not known:
            self._meter.paused(kind_of(place))
            log.warning("paused: it keeps failing", place=kind_of(place), seconds=int(pause.total_seconds()))

    async def _done(self, row: OutboxRow, delivered: Delivered) -> None:
        settled = replace(row, state="done", ref=delivered.ref or row.ref, error="")
        if delivered.command is not None:
            await self._clerk.tell(row.effect.motion, delivered.command, settle=settled)
        else:
            await self._settle(settled)

    async def _settle(self, row: OutboxRow) -> None:
        await asyncio.wrap_future(self._ledger.transact(lambda txn: txn.settle(row)))

    async def _failed(self, row: OutboxRow, error: Exception) -> None:
        """Try again later, or park; a draft that fails is told to the channel once, whatever the reason."""
        now = self._clock.now()
        attempts = row.attempts + (0 if _told_when(error) else 1)
        parked = _hopeless(error, attempts)
        after = replace(
            row,
            state="parked" if parked else "pending",
            attempts=attempts,
            due=_next_try(error, attempts, now),
            error=_why(error),
        )
        paused = self._deliveries.place(row.effect) in self.breaker.open()
        level = log.error if parked else log.debug if paused else log.warning
        level("parked" if parked else "will retry", attempts=attempts, error=_why(error))

        def work(txn: Transaction) -> None:
            txn.settle(after)
            if row.effect.kind in {"draft", "patch"}:
                motion = txn.motion(row.effect.motion)
                repository = self._repositories.named(motion.opened.repository) if motion else None
                if repository is not None:
                    about = "account" if isinstance(error, AccountGone) else ""
                    txn.intend(trouble(row.effect.motion, row.effect.kind, repository.channels, about=about), at=now)

        await asyncio.wrap_future(self._ledger.transact(work))


def _told_when(error: Exception) -> bool:
    """Whether the platform has said when to come back: it was only asked too early, and that is no failure."""
    return isinstance(error, PlatformError) and error.retry_after is not None and not error.final


def _hopeless(error: Exception, attempts: int) -> bool:
    """Whether to give up: an outage is no reason to, or every announcement of that time would be lost (F24, F41)."""
    if isinstance(error, PlatformError) and (error.final or _told_when(error)):
        return error.final
    if isinstance(error, AccountGone):
        return False
    return attempts >= (LONG_PATIENCE if isinstance(error, OUTSIDE) else PATIENCE)


def _next_try(error: Exception, attempts: int, now: datetime) -> datetime:
    """When to try again: when the platform said so, else after a doubling wait of ten minutes at most (F24)."""
    if isinstance(error, PlatformError) and error.retry_after is not None:
        return now + max(SHORTEST_WAIT, min(LONGEST_RETRY, timedelta(seconds=error.retry_after)))
    return now + min(LONGEST_WAIT, timedelta(seconds=2 ** min(attempts, 16)))


def _why(error: Exception) -> str:
    """What the operator, and for a draft the channel, is told; no secret is in it."""
    if isinstance(error, RosterError):
        return redact(f"{error}; {error.remedy}")
    if isinstance(error, ForgeError):
        return redact(f"{error.what}; {error.remedy}" if error.remedy else error.what)
    return redact(str(error)) or type(error).__name__


def kind_of(place: str) -> str:
    """The platform or the forge of a place: all that logs and metrics say of it."""
    return place.partition(":")[0]
