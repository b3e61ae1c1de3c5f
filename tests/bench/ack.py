"""How long a member waits for the private answer with 1,000 motions open, and with one: desk, clerk, ledger, outbox."""

from __future__ import annotations

import itertools
import random

from bot.clocks import RandomIds, SystemClock
from bot.core.cards import Reply
from bot.ports import Inbound, Pressed
from bot.wiring import Instance, build
from tests.bench.council import CHANNEL
from tests.bench.measure import Setting, Timed, middle, together
from tests.bench.result import Aim, Result
from tests.bench.town import Town, account

MAINTAINERS = 12
LIMIT = 300
"""Milliseconds: a tenth of what Slack and Discord wait for an answer."""


async def ack(setting: Setting) -> list[Result]:
    """The whole bot runs beside it: every ballot makes the outbox edit a poll."""
    many = setting.pick(1000, 20)
    found = {count: await _answered(setting, count) for count in (1, many)}
    return [
        Result(
            name=f"answer, {many:,} motions open, p99",
            unit="ms",
            figure=found[many].percentile(99),
            baseline=found[1].percentile(99),
            against="p99 with one open",
            aim=Aim(of="figure", sign="<=", value=LIMIT),
            detail={"p50 ms": found[many].percentile(50), "p50 with one ms": found[1].percentile(50)},
        )
    ]


async def _answered(setting: Setting, motions: int) -> Timed:
    town = Town(setting.folder / f"ack-{motions}", maintainers=MAINTAINERS, candidates=motions)
    town.create()
    ledger = town.ledger()
    for number in range(1, motions + 1):
        ledger.transact(lambda txn, n=number: town.open_motion(txn, n, announced=False)).result()  # type: ignore[misc]
    ledger.close()
    instance = await build(town.config, clock=SystemClock(), ids=RandomIds())
    try:
        await instance.service.settle()
        await instance.service.start()
        asking = _Members(instance, motions)
        times = setting.pick(500, 20)
        found = middle([await together(asking.press, callers=1, times=times) for _ in range(setting.rounds)])
        await instance.service.settle()
        return found
    finally:
        await instance.close()


class _Members:
    """Members who press a button of some motion, each time another choice than before."""

    def __init__(self, instance: Instance, motions: int) -> None:
        self._desk, self._motions, self._chance = instance.service.desk, motions, random.Random(7)
        self._clock, self._turns = SystemClock(), itertools.count()

    async def press(self, number: int) -> None:
        turn = next(self._turns)
        verb = ("yes", "no", "abstain")[turn // MAINTAINERS % 3]
        inbound = Inbound(
            request=f"press:{turn}",
            who=account(turn % MAINTAINERS),
            channel=CHANNEL,
            act=Pressed(verb=verb, motion=self._chance.randint(1, self._motions)),
            acted_at=self._clock.now(),
        )
        answer = await self._desk.ask(inbound)
        if not isinstance(answer, Reply) or answer.tone != "done":
            raise AssertionError(answer)
