"""Plays the script on a world, life after life: each life is one instance of the bot, ended by a kill or by the end.

Members behave as a real platform does: a request that was not acknowledged is sent again with the same id, one that
was acknowledged never.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot import lookups
from bot.core.cards import Card, Reply
from bot.core.motion import Motion
from bot.core.plain import plain_card
from bot.ports import Inbound, Ledger
from bot.wiring import Instance, build
from storage.sqlite import SqliteLedger
from tests.faults.lockstep import Inline, LockStep, bury
from tests.faults.points import Killed, Points
from tests.faults.script import MOTION, Step, story
from tests.faults.world import CHANNEL, REPOSITORY, LedgerIds, World, account

SCRIPT = story()
lookups.HISTORY_SECONDS = 600.0
"""A nomination waits for the history as long as it takes: its warning must not hang on how busy the machine is."""


class Stumbled(Exception):
    """The bot did not answer as it has to; no kill excuses that."""


@dataclass(slots=True)
class Life:
    """One instance of the bot on a world. `lock_step` makes its points the same in every run.

    `eager` members send again before the bot has caught up with what it missed.
    """

    world: World
    points: Points
    lock_step: bool = False
    eager: bool = False

    def run(self) -> bool:
        """Live until the script's end, or a kill; whether it came to the end."""
        try:
            asyncio.run(self._run())
        except Killed:
            self.world.kills.append(self.points.died_at)
            return False
        return True

    async def _run(self) -> None:
        if self.lock_step:
            asyncio.get_running_loop().set_default_executor(Inline(max_workers=1))
        world, point = self.world, self.points.reach
        room = world.room(point)
        ids = LedgerIds(world.ledger)
        ledger = SqliteLedger(world.ledger, clock=world.clock, point=point)
        used: Ledger = LockStep(ledger) if self.lock_step else ledger
        try:
            instance = await build(world.config, clock=world.clock, ids=ids, ledger=used, room=room, point=point)
            await self._play(instance)
            await instance.service.stop()
        except BaseException:
            bury(ledger, self.points)
            raise
        finally:
            room.close()

    async def _play(self, instance: Instance) -> None:
        world, position = self.world, self.world.position
        if not self.eager:
            await instance.service.settle()
        while position.step < len(SCRIPT):
            step = SCRIPT[position.step]
            world.clock.move_to(max(world.clock.now(), step.at))
            if step.count:
                due = instance.service.alarm.close_due(_motion(instance))
                world.clock.move_to(max(world.clock.now(), due or step.at))
            if step.act is not None and not position.answered:
                await self._ask(instance, step)
                world.acknowledged.append(request_of(position.step))
                position.answered = True
            if step.merge:
                await self._merge(instance, step)
            await instance.service.settle()
            position.step, position.answered = position.step + 1, False

    async def _merge(self, instance: Instance, step: Step) -> None:
        forge = instance.forges[REPOSITORY]
        drafts = await forge.drafts()
        if len(drafts) != 1:
            raise Stumbled(f"there are {len(drafts)} drafts")
        await forge.merge(drafts[0].branch, at=step.at)

    async def _ask(self, instance: Instance, step: Step) -> None:
        card = await instance.service.desk.ask(inbound_of(self.world.position.step))
        if tone_of(card) != step.tone:
            raise Stumbled(f"step {self.world.position.step}, {step.act}: {plain_card(card)}")


def _motion(instance: Instance) -> Motion:
    motion = instance.service.ledger.reader().motion(MOTION)
    if motion is None:
        raise Stumbled(f"there is no motion {MOTION}")
    return motion


def tone_of(card: Card) -> str:
    """Whether an answer says done, refused, failed, or nothing of the kind."""
    return card.tone if isinstance(card, Reply) else ""


def request_of(step: int) -> str:
    """The platform's id of a step's request."""
    return f"playground:step-{step}"


def inbound_of(number: int) -> Inbound:
    """A step's request, as the platform sends it every time."""
    step = SCRIPT[number]
    if step.act is None:
        raise ValueError(f"step {number} asks for nothing")
    return Inbound(request=request_of(number), who=account(step.login), channel=CHANNEL, act=step.act, acted_at=step.at)
