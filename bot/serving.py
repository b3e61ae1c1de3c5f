"""Runs an instance until it is told to stop, with the playground's page where that is switched on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack

import structlog

from bot.clocks import MovableClock, RandomIds, SystemClock
from bot.config import Config
from bot.wiring import build, open_page

log = structlog.get_logger("folkmoot")
STOP_SECONDS = 10.0


async def run_until(config: Config, *, tell: Callable[[str], None], stop: asyncio.Event) -> None:
    """Serve until `stop` is set; then finish what is being done, within ten seconds. Raises what `build` raises."""
    movable = config.playground.enabled and config.playground.clock == "movable"
    clock = MovableClock() if movable else SystemClock()
    instance = await build(config, clock=clock, ids=RandomIds())
    async with AsyncExitStack() as stack:
        stack.push_async_callback(instance.close)
        await instance.service.start()
        await instance.connect()
        for name in instance.connections:
            tell(f"Connected to {name.capitalize()}.")
        if instance.room is not None:
            page = await open_page(config, instance, clock)
            stack.push_async_callback(page.close)
            tell(f"The maintainers' channel is open: {page.url}")
        if config.site.listen:
            from bot.wiring.site import open_site

            site = await open_site(config, instance.service.ledger, clock)
            stack.push_async_callback(site.close)
            tell(f"The governance record: {site.url}")
        tell(f"Serving {', '.join(r.name for r in instance.service.repositories.all())}. Ledger: {config.ledger}")
        await stop.wait()
        tell("Stopping.")
        log.info("stopping")
