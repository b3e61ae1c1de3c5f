"""A busy bot to be killed: `python -m tests.faults.busy FOLDER ROUND`, many members voting at once on the real parts.

It prints one line for each ballot whose answer the member has: `request login choice instant`.
It never ends by itself.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.clocks import RandomIds, SystemClock
from bot.core.commands import CHOICES, Choice
from bot.ports import Inbound, Pressed, Typed
from bot.wiring import Instance, build
from tests.faults.harness import tone_of
from tests.faults.images import quiet
from tests.faults.script import CANDIDATE, LOGINS, MOTION
from tests.faults.world import CHANNEL, World, account

NEXT: Final[dict[Choice, Choice]] = {"yes": "no", "no": "abstain", "abstain": "yes"}


def tell(*words: str) -> None:
    """Say it so that it outlives a kill: straight into the pipe."""
    os.write(sys.stdout.fileno(), (" ".join(words) + "\n").encode())


async def member(instance: Instance, login: str, number: int, start: Choice, *, patient: bool = True) -> None:
    """Vote, change, vote again: each time another choice, so that each ballot is an event of its own.

    Who is not patient goes at the first ballot that is not recorded.
    """
    choice, count = start, 0
    while True:
        choice, count = NEXT[choice], count + 1
        request = f"busy-{number}-{login}-{count}"
        act = Pressed(verb=choice, motion=MOTION) if count % 2 else Typed(text=f"{choice} {MOTION} {request}")
        acted = datetime.now(UTC)
        card = await instance.service.desk.ask(
            Inbound(request=request, who=account(login), channel=CHANNEL, act=act, acted_at=acted)
        )
        if tone_of(card) == "done":
            tell(request, login, choice, acted.isoformat())
        else:
            tell("not-done", request, str(card).replace("\n", " "))
            if not patient:
                return


async def main(folder: Path, number: int) -> None:
    """Open the world as a process does at its start, propose where nobody has, and let all members vote for ever."""
    quiet()
    world = World(folder)
    clock = SystemClock()
    instance = await build(world.config, clock=clock, ids=RandomIds())
    await instance.service.start()
    if not instance.service.ledger.reader().entries():
        text = f'nominate @{CANDIDATE} --role maintainer --months 9 --evidence "reviews" Kind and careful.'
        nomination = Inbound(
            request="nomination",
            who=account(LOGINS[0]),
            channel=CHANNEL,
            act=Typed(text=text),
            acted_at=datetime.now(UTC),
        )
        await instance.service.desk.ask(nomination)
    chance = random.Random(number)
    await asyncio.gather(*(member(instance, login, number, chance.choice(CHOICES)) for login in LOGINS))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
