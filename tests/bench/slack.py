"""How long Slack waits for the acknowledgement with 1,000 motions open, and with one: the real Bolt app, real sockets.

Slack gives three seconds. The commit is within that time: nothing is acknowledged before it.
"""

from __future__ import annotations

import itertools
import random

from adapters.slack.app import Slack
from adapters.slack.pacing import Pace
from bot.clocks import RandomIds, SystemClock
from bot.config import PersonTable
from bot.wiring import Instance, build
from tests.bench.measure import Setting, Timed, middle, together
from tests.bench.result import Aim, Result
from tests.bench.town import Town, login
from tests.fakes.slack.members import Hand
from tests.fakes.slack.server import APP_TOKEN, BOT_TOKEN, FakeSlack
from tests.fakes.slack.state import TEAM, Message

MAINTAINERS = 12
CHANNEL = "C0001"
LIMIT = 3000
"""Milliseconds that Slack waits."""


async def slack(setting: Setting) -> list[Result]:
    """The whole bot runs beside it: every ballot is answered privately, and makes the outbox edit a poll."""
    many = setting.pick(1000, 20)
    found = {count: await _acknowledged(setting, count) for count in (1, many)}
    return [
        Result(
            name=f"Slack's wait, {many:,} motions open, p99",
            unit="ms",
            figure=found[many].percentile(99),
            baseline=found[1].percentile(99),
            against="p99 with one open",
            aim=Aim(of="figure", sign="<=", value=LIMIT),
            detail={"p50 ms": found[many].percentile(50), "p50 with one ms": found[1].percentile(50)},
        )
    ]


async def _acknowledged(setting: Setting, motions: int) -> Timed:
    fake = FakeSlack()
    await fake.start()
    town = _town(setting, motions, fake)
    app = Slack(
        bot_token=BOT_TOKEN, app_token=APP_TOKEN, api_url=fake.api_url, clock=SystemClock(), pace=Pace(rates={})
    )
    instance = await build(town.config, clock=SystemClock(), ids=RandomIds(), connections={"slack": app})
    try:
        await instance.connect()
        await app.caught_up()
        await instance.service.settle()
        await instance.service.start()
        asking = _Members(instance, fake, motions)
        times = setting.pick(300, 20)
        found = middle([await together(asking.press, callers=1, times=times) for _ in range(setting.rounds)])
        await app.errands.settled()
        await instance.service.settle()
        if len(fake.space.posts(CHANNEL)) != motions:
            raise AssertionError("not every motion has its poll")
        return found
    finally:
        await instance.close()
        await fake.stop()


def _town(setting: Setting, motions: int, fake: FakeSlack) -> Town:
    """The folder, with everybody linked to Slack."""
    name = f"slack:{CHANNEL}"
    town = Town(setting.folder / f"slack-{motions}", maintainers=MAINTAINERS, candidates=motions, channel=name)
    people = tuple(PersonTable(login=login(n), slack=f"{TEAM}/{_user(n)}") for n in range(MAINTAINERS))
    town.config = town.config.model_copy(update={"person": people})
    town.create()
    ledger = town.ledger()
    for number in range(1, motions + 1):
        ledger.transact(lambda txn, n=number: town.open_motion(txn, n, announced=False)).result()  # type: ignore[misc]
    ledger.close()
    for number in range(MAINTAINERS):
        fake.space.add_user(_user(number), login(number))
    fake.space.add_channel(CHANNEL, "maintainers", members=tuple(_user(n) for n in range(MAINTAINERS)))
    return town


def _user(number: int) -> str:
    return f"U{number:04}"


class _Members:
    """Members who press a button of some poll, each time another choice than before."""

    def __init__(self, instance: Instance, fake: FakeSlack, motions: int) -> None:
        self._instance, self._fake, self._chance = instance, fake, random.Random(7)
        self._turns = itertools.count()
        self._polls: list[Message] = fake.space.posts(CHANNEL)

    async def press(self, number: int) -> None:
        turn = next(self._turns)
        label = ("Yes", "No", "Abstain")[turn // MAINTAINERS % 3]
        hand = Hand(self._fake, _user(turn % MAINTAINERS))
        ack = await hand.presses(self._chance.choice(self._polls), label)
        if ack is None or ack.payload:
            raise AssertionError(ack)
