"""A busy bot to be stopped: `python -m tests.faults.calm FOLDER`, served as `folkmoot serve` does, until SIGTERM.

It prints one line for each ballot whose answer the member has, as `tests.faults.busy` does.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.clocks import RandomIds, SystemClock
from bot.ports import Inbound, Typed
from bot.readiness import Vitals
from bot.serving import attend
from bot.wiring import build
from tests.faults.busy import member
from tests.faults.images import quiet
from tests.faults.script import CANDIDATE, LOGINS
from tests.faults.world import CHANNEL, World, account


async def main(folder: Path) -> None:
    """Propose, let all members vote for ever, and stop when told so."""
    quiet()
    stop, clock = asyncio.Event(), SystemClock()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    config = World(folder).config
    config = config.model_copy(update={"playground": config.playground.model_copy(update={"port": 0})})
    vitals = Vitals(clock)
    instance = await build(config, clock=clock, ids=RandomIds(), meter=vitals)
    text = f'nominate @{CANDIDATE} --role maintainer --months 9 --evidence "reviews" Kind and careful.'
    inbound = Inbound(
        request="nomination",
        who=account(LOGINS[0]),
        channel=CHANNEL,
        act=Typed(text=text),
        acted_at=datetime.now(UTC),
    )
    await instance.service.desk.ask(inbound)
    voters = [asyncio.create_task(member(instance, login, 0, "yes", patient=False)) for login in LOGINS]
    await attend(config, instance, clock, vitals, tell=lambda _: None, stop=stop)
    for voter in voters:
        voter.cancel()
    await asyncio.gather(*voters, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
