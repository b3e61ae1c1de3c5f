"""Whether the bot lives, and whether it can do its work: reasons in words, without a name or a text of anybody."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final, Protocol

from bot.metrics import Gauge, Metrics
from bot.outbox import kind_of
from bot.ports import Attached, Clock, Connection, Figures, NotRecorded
from bot.service import Service
from bot.upkeep import Upkeep

PROBE_SECONDS: Final = 3.0
RECENTLY: Final = 60.0
"""Seconds for which a ballot that could not be recorded keeps the bot from being ready."""
LITTLE_SPACE: Final = 16 << 20


class WatchedLedger(Protocol):
    """A ledger that tells how it is."""

    path: Path

    def figures(self) -> Figures: ...

    def alive(self) -> bool: ...

    def probe(self) -> Future[Any]: ...


class Vitals(Metrics):
    """The metrics, which also remember when the ledger could last not be written."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._broken: float | None = None

    def committed(self, seconds: float, *, stored: bool) -> None:
        super().committed(seconds, stored=stored)
        if not stored:
            self._broken = self._clock.now().timestamp()

    @property
    def unrecorded(self) -> float | None:
        """Seconds since something could not be recorded; None if that never happened."""
        return None if self._broken is None else self._clock.now().timestamp() - self._broken


class Health:
    """Looks at the parts of a running bot. `alive` and `ready` give the reasons why not; none: all is well."""

    def __init__(
        self,
        *,
        service: Service,
        ledger: WatchedLedger,
        connections: Mapping[str, Connection],
        upkeep: Upkeep,
        vitals: Vitals,
        clock: Clock,
    ) -> None:
        self._service, self._ledger, self._connections = service, ledger, connections
        self._upkeep, self._vitals, self._clock = upkeep, vitals, clock
        vitals.watch(self._gauges)

    def alive(self) -> list[str]:
        """Why the process should be ended and started again."""
        reasons = []
        if not self._ledger.alive():
            reasons.append("the ledger's writer has ended")
        if not self._service.delivering:
            reasons.append("the outbox has ended")
        return reasons

    async def ready(self) -> list[str]:
        """Why members should not rely on the bot just now."""
        reasons = self.alive() or await self._writable()
        reasons += self._connected()
        shut = self._service.outbox.breaker.closed()
        reasons += [f"{place} takes no posts: {why}" for place, why in sorted(shut.items())]
        overdue = self._service.alarm.overdue()
        if overdue:
            reasons.append(f"not counted in time: motion {', '.join(map(str, overdue))}")
        if self._upkeep.last is not None and not self._upkeep.last.ok:
            tables = sorted({problem.split()[0].rstrip(":") for problem in self._upkeep.last.problems})
            reasons.append(f"the ledger does not verify: {', '.join(tables)} (folkmoot verify names the rows)")
        return reasons

    async def metrics(self) -> bytes:
        """The metrics; they are read beside the event loop."""
        return await asyncio.to_thread(self._vitals.text)

    async def _writable(self) -> list[str]:
        path = self._ledger.path
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                await asyncio.wrap_future(self._ledger.probe())
        except NotRecorded as error:
            return [str(error)]
        except TimeoutError:
            return [f"{path} was not written within {PROBE_SECONDS:.0f} seconds"]
        ago = self._vitals.unrecorded
        if ago is not None and ago < RECENTLY:
            return [f"{path}: something could not be recorded {ago:.0f} seconds ago"]
        try:
            free = shutil.disk_usage(path.parent).free
        except OSError as error:
            return [f"{path.parent}: {error.strerror}"]
        return [f"{path.parent}: only {free >> 20} MiB are free"] if free < LITTLE_SPACE else []

    def _connected(self) -> list[str]:
        """A platform that never answered since the start, or that says itself that it is not connected."""
        reasons = []
        for name, connection in self._connections.items():
            if name not in self._service.connected:
                reasons.append(f"{name} has not connected yet")
            elif isinstance(connection, Attached) and not connection.attached:
                reasons.append(f"{name} is not connected")
        return reasons

    def _gauges(self) -> Iterator[Gauge]:
        figures, last = self._ledger.figures(), self._upkeep.last
        yield Gauge(name="outbox_pending", help="Deliveries on their way", value=figures.pending)
        yield Gauge(name="outbox_retried", help="Of these, tried and failed", value=figures.retried)
        yield Gauge(name="outbox_parked", help="Deliveries that a person has to look at", value=figures.parked)
        yield Gauge(name="outbox_age_seconds", help="How late the latest delivery is", value=figures.overdue)
        yield Gauge(name="closes_overdue", help="Not counted in time", value=len(self._service.alarm.overdue()))
        yield Gauge(name="motions_open", help="Motions on their way to a count", value=figures.voting)
        yield Gauge(name="motions_unfinished", help="Motions that have not ended", value=figures.unfinished)
        yield Gauge(name="chain_events", help="Events in the chain", value=figures.events)
        yield from self._places()
        help = "How long the whole check under way has taken so far; 0: none is"
        yield Gauge(name="verification_running_seconds", help=help, value=self._upkeep.running)
        if last is not None:
            yield Gauge(name="verification_ok", help="Whether the last whole check found nothing", value=last.ok)
            at = last.at.timestamp()
            yield Gauge(name="verification_timestamp_seconds", help="When the last whole check ended", value=at)
            yield Gauge(name="verification_seconds", help="How long it took", value=last.seconds)

    def _places(self) -> Iterator[Gauge]:
        paused: dict[str, int] = {}
        for place in self._service.outbox.breaker.open():
            paused[kind_of(place)] = paused.get(kind_of(place), 0) + 1
        for platform, count in sorted(paused.items()):
            yield Gauge(name="places_paused", help="Places left in peace", value=count, label=("platform", platform))
        shut = [kind_of(place) for place in self._service.outbox.breaker.closed()]
        for platform in sorted(set(shut)):
            value = shut.count(platform)
            help = "Of these, channels that take no posts until a person has mended that"
            yield Gauge(name="places_shut", help=help, value=value, label=("platform", platform))
        for name in self._connections:
            up = name in self._service.connected
            yield Gauge(name="platform_connected", help="Connected since", value=up, label=("platform", name))
