"""What is done once a day and soon after a start, beside everything else: the whole check of the ledger, retention."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from typing import Final

import structlog

from bot.ports import Clock

log = structlog.get_logger("folkmoot.upkeep")
AFTER_START: Final = 20.0
"""Seconds: first the members, and what has to be delivered after an outage."""
EVERY: Final = timedelta(days=1)
AGAIN: Final = timedelta(hours=1)
"""Between the two looks that have to agree on what is old enough to be erased, at the first: what is erased is gone."""
_SAID: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What came of a whole check: nothing in `problems` means that everything is as it was stored."""

    at: datetime
    seconds: float
    events: int
    head: str
    problems: Sequence[str]

    @property
    def ok(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a check of the ledger says, wherever it is done."""

    events: int
    head: str
    problems: Sequence[str]


class Upkeep:
    """Runs until it is cancelled. What fails is logged, and tried again the next time."""

    def __init__(
        self,
        *,
        clock: Clock,
        check: Callable[[], Awaitable[Findings]],
        forget: Callable[[datetime], int] | None = None,
        keep: timedelta | None = None,
        after: float = AFTER_START,
    ) -> None:
        self._clock, self._check, self._forget, self._keep, self._after = clock, check, forget, keep, after
        self._old: datetime | None = None
        self.last: Checked | None = None
        self._began: float | None = None

    @property
    def running(self) -> float:
        """Seconds that the present check has taken so far; 0 where there is none. Nothing ends one that is slow."""
        return 0.0 if self._began is None else perf_counter() - self._began

    async def run(self) -> None:
        """Soon after the start, then once a day; what is old is looked for an hour after the start again."""
        await asyncio.sleep(self._after)
        while True:
            await self.once()
            await asyncio.sleep(AGAIN.total_seconds())
            await self._safely(self._let_go())
            await asyncio.sleep((EVERY - AGAIN).total_seconds())

    async def once(self) -> None:
        """Retention first: what it erases is then part of what is checked."""
        await self._safely(self._let_go())
        await self._safely(self._look())

    async def _look(self) -> None:
        self.last = await self._checked()

    async def _safely(self, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception as error:  # the top of a daily loop: it is tried again tomorrow, and said today
            log.error("upkeep failed", error=repr(error), exc_info=error)

    async def _let_go(self) -> None:
        """Erase what this look and the one before it both find old: a clock that runs ahead erases nothing (F14)."""
        if self._forget is None or self._keep is None:
            return
        now, before = self._clock.now() - self._keep, self._old
        self._old = now
        if before is None:
            return
        gone = await asyncio.to_thread(self._forget, min(before, now))
        if gone:
            log.info("retention applied", erased=gone, days=self._keep.days)

    async def _checked(self) -> Checked:
        self._began = perf_counter()
        log.info("checking the whole ledger")
        try:
            found = await self._check()
            seconds = round(self.running, 3)
        finally:
            self._began = None
        for problem in found.problems[:_SAID]:
            log.error("the ledger does not verify", problem=problem, remedy="stop the bot and run: folkmoot verify")
        if not found.problems:
            log.info("the whole ledger verifies", events=found.events, seconds=seconds, head=found.head)
        return Checked(
            at=self._clock.now(), seconds=seconds, events=found.events, head=found.head, problems=tuple(found.problems)
        )
