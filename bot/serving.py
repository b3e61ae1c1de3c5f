"""Runs an instance until it is told to stop, with the pages that are switched on, and what watches over it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from contextlib import AsyncExitStack

import structlog

from bot.clocks import MovableClock, RandomIds, SystemClock
from bot.config import Config
from bot.ports import Clock
from bot.readiness import Vitals
from bot.upkeep import AFTER_START
from bot.wiring import Instance, build, open_page

log = structlog.get_logger("folkmoot")
Tell = Callable[[str], None]


async def run_until(config: Config, *, tell: Tell, stop: asyncio.Event, accept_lost: bool = False) -> None:
    """Serve until `stop` is set; then finish what is being done, within ten seconds. Raises what `build` raises."""
    movable = config.playground.enabled and config.playground.clock == "movable"
    clock = MovableClock() if movable else SystemClock()
    vitals = Vitals(clock)
    instance = await build(config, clock=clock, ids=RandomIds(), meter=vitals, accept_lost=accept_lost)
    await attend(config, instance, clock, vitals, tell=tell, stop=stop)


async def attend(
    config: Config,
    instance: Instance,
    clock: Clock,
    vitals: Vitals,
    *,
    tell: Tell,
    stop: asyncio.Event,
    check_after: float = AFTER_START,
) -> None:
    """Run an instance with everything around it until `stop` is set, and close it."""
    async with AsyncExitStack() as stack:
        stack.push_async_callback(instance.close)
        await instance.service.start()
        await instance.connect()
        for name in instance.connections:
            tell(f"Connecting to {name.capitalize()}.")
        await _open_pages(config, instance, clock, stack, tell)
        await _watch(config, instance, clock, vitals, stack, tell, check_after)
        tell(f"Serving {', '.join(r.name for r in instance.service.repositories.all())}. Ledger: {config.ledger}")
        await stop.wait()
        tell("Stopping.")
        log.info("stopping")


async def _open_pages(config: Config, instance: Instance, clock: Clock, stack: AsyncExitStack, tell: Tell) -> None:
    if instance.room is not None:
        page = await open_page(config, instance, clock)
        stack.push_async_callback(page.close)
        tell(f"The maintainers' channel is open: {page.url}")
    if config.site.listen:
        from bot.wiring.site import open_site

        site = await open_site(config, instance.service.ledger, clock)
        stack.push_async_callback(site.close)
        tell(f"The governance record: {site.url}")


async def _watch(
    config: Config,
    instance: Instance,
    clock: Clock,
    vitals: Vitals,
    stack: AsyncExitStack,
    tell: Tell,
    check_after: float,
) -> None:
    """The daily upkeep, and health over HTTP where it is switched on."""
    from bot.wiring.watching import open_health, upkeep_of

    upkeep = upkeep_of(config, instance, clock, after=check_after)
    if upkeep is None:
        return
    stack.push_async_callback(_end, asyncio.create_task(upkeep.run(), name="upkeep"))
    if config.health.listen:
        health = await open_health(config, instance, upkeep, vitals, clock)
        stack.push_async_callback(health.close)
        tell(f"Health and metrics: {health.url}")


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
