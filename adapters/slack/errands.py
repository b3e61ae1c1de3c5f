"""What goes on beside the requests: answers that are still to be shown, sweeps. A stop waits for them."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

log = structlog.get_logger("folkmoot.slack")


class Errands:
    """Tasks that are finished or cancelled, never forgotten."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Begin something. What it raises is logged."""
        task = asyncio.create_task(work, name=f"slack {name}")
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("errand failed", errand=task.get_name(), error=repr(error), exc_info=error)

    async def settled(self) -> None:
        """Wait until nothing is under way; also for what that begins."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def finish(self, seconds: float) -> None:
        """Wait this long at most, then cancel what is left."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=seconds)
        for task in set(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(set(self._tasks))
