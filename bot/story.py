"""The main job as a story that runs by itself: a candidacy from the nomination to the draft pull request.

It asks through the same desk as everybody else, with a simulated clock; what it tells is what really happened.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clocks import ManualClock
from bot.core.cards import Card, Moment
from bot.core.motion import Motion
from bot.core.people import PlatformUser
from bot.core.plain import plain_card, plain_line
from bot.core.reactions import SHOWN
from bot.core.teller import tally
from bot.ports import Filled, Inbound, Pressed, Reacted, Typed
from bot.service import Service

Say = Callable[[str, str], None]
"""Told of each step: a caption, and the words that were read."""


class Stumbled(Exception):
    """The story did not go as it has to."""


@dataclass(slots=True, kw_only=True)
class Story:
    """Who acts, on which service, in which channel. `maintainers` and `outsiders` are logins with an account."""

    service: Service
    clock: ManualClock
    channel: str
    account: Callable[[str], PlatformUser]
    maintainers: Sequence[str]
    outsider: str
    candidate: str
    say: Say
    role: str = "maintainer"
    number: int = 0
    requests: itertools.count[int] = field(default_factory=itertools.count)

    async def run(self) -> Motion:
        """From the nomination to the draft. Raises Stumbled if anything on the way fails."""
        await self.nominate()
        await self.vote()
        await self.pings()
        await self.close()
        await self.invite()
        motion = self.motion()
        if motion.draft is None:
            raise Stumbled("no draft pull request was made")
        return motion

    async def nominate(self) -> None:
        """One maintainer proposes, another one sponsors if there is one."""
        proposer, *others = self.maintainers
        sponsor = f"--sponsor @{others[0]} " if others else ""
        text = (
            f"nominate @{self.candidate} --role {self.role} {sponsor}--months 7 "
            '--evidence "41 reviews since May, triage every week, the storage rewrite" '
            "Knows the storage drivers better than most of us, and is kind in reviews."
        )
        before = {entry.number for entry in self.service.ledger.reader().entries()}
        await self.ask(proposer, Typed(text=text))
        new = {entry.number for entry in self.service.ledger.reader().entries()} - before
        if len(new) != 1:
            raise Stumbled("the nomination opened no motion")
        self.number = new.pop()
        motion = self.motion()
        if motion.closes_at is None:
            raise Stumbled("the announcement was not delivered")

    async def vote(self) -> None:
        """Ballots by button, command and reaction; a change of mind, a retraction, an objection, a refusal."""
        motion = self.motion()
        needed = tally(motion).needed
        voters = list(self.maintainers)
        await self.ask(self.outsider, Typed(text=f"yes {self.number}"), expect="refused")
        for index, login in enumerate(voters[: needed - 1]):
            self.pass_time(minutes=10)
            act = self.ballot(index)
            await self.ask(login, act)
        spare = voters[needed:]
        if spare:
            await self.ask(spare[0], Typed(text=f"abstain {self.number} I do not know their work."))
            await self.ask(spare[0], Typed(text=f"no {self.number}"))
            await self.ask(spare[0], Filled(verb="object", motion=self.number, values={"reason": "Too soon for me."}))
        if len(spare) > 1:
            await self.ask(spare[1], Pressed(verb="yes", motion=self.number))
            await self.ask(spare[1], Pressed(verb="retract", motion=self.number))

    def ballot(self, index: int) -> Pressed | Typed | Reacted:
        """Each in turn: a button, a command, a reaction."""
        ways: tuple[Pressed | Typed | Reacted, ...] = (
            Pressed(verb="yes", motion=self.number),
            Typed(text=f"yes {self.number} They have earned it."),
            Reacted(emoji=SHOWN[0], motion=self.number, added=True),
        )
        return ways[index % len(ways)]

    async def pings(self) -> None:
        """48 and 24 hours before the close, those who have not voted are reminded; then the deciding ballot."""
        closes = self.motion().closes_at
        if closes is None:
            raise Stumbled("the window has no end")
        for hours in (48, 24):
            await self.go_to(closes - timedelta(hours=hours), f"{hours} hours before the close")
        if 24 not in self.motion().pinged:
            raise Stumbled("nobody was reminded")
        deciding = list(self.maintainers)[tally(self.motion()).needed - 1]
        await self.ask(deciding, Pressed(verb="yes", motion=self.number))

    async def close(self) -> None:
        """The window ends by itself."""
        due = self.service.alarm.close_due(self.motion())
        if due is None:
            raise Stumbled("nothing is going to close the motion")
        await self.go_to(due, "the window has ended")
        if self.motion().outcome != "carried":
            raise Stumbled(f"the motion is {self.motion().outcome}")

    async def invite(self) -> None:
        """A maintainer takes the invitation, and records the candidate's answer a day later."""
        inviter = self.maintainers[0]
        await self.ask(inviter, Pressed(verb="invite", motion=self.number))
        self.pass_time(minutes=26 * 60)
        values = {"name": "New Person", "email": f"{self.candidate}@example.org"}
        await self.ask(inviter, Filled(verb="accepted", motion=self.number, values=values))

    # ------------------------------------------------------------------ steps

    def motion(self) -> Motion:
        """The motion of the story as it stands."""
        motion = self.service.ledger.reader().motion(self.number)
        if motion is None:
            raise Stumbled(f"there is no motion {self.number}")
        return motion

    def pass_time(self, *, minutes: int) -> None:
        self.clock.move(timedelta(minutes=minutes))

    async def go_to(self, at: datetime, what: str) -> None:
        """Move the clock and let the bot do what is due."""
        self.clock.move_to(at)
        self.say(plain_line((Moment(at=at, zone="UTC"),)), what)
        await self.service.settle()

    async def ask(self, login: str, act: Typed | Pressed | Filled | Reacted, *, expect: str = "done") -> Card:
        """One member does something; the private answer has to be as expected."""
        inbound = Inbound(
            request=f"story:{self.number}:{next(self.requests)}",
            who=self.account(login),
            channel=self.channel,
            act=act,
            acted_at=self.clock.now(),
        )
        answer = await self.service.desk.ask(inbound)
        self.say(f"@{login} {_act(act)}", plain_card(answer))
        if getattr(answer, "tone", "info") != expect:
            raise Stumbled(f"@{login} {_act(act)}: {plain_card(answer)}")
        await self.service.settle()
        await asyncio.sleep(0)
        return answer


def _act(act: Typed | Pressed | Filled | Reacted) -> str:
    """What a member did, in a few words."""
    match act:
        case Typed():
            return f"types /moot {act.text}"
        case Pressed():
            return f"presses {act.verb} on motion {act.motion}"
        case Filled():
            return f"fills in {act.verb} for motion {act.motion}"
        case Reacted():
            return f"reacts {act.emoji} to motion {act.motion}"
