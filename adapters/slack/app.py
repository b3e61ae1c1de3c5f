"""The Slack app as the bot knows it: a platform to post to, and a connection to take requests from."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from typing import Final, Literal, TypeVar

import structlog

from adapters.slack.answering import Answers
from adapters.slack.asking import Asking, Channels
from adapters.slack.catching import Standings, Sweep
from adapters.slack.codes import NAME
from adapters.slack.commands import Commands
from adapters.slack.errands import Errands
from adapters.slack.errors import TOKENS, SlackError
from adapters.slack.happening import Happening
from adapters.slack.home import Home
from adapters.slack.listening import bolt_app
from adapters.slack.members import Members
from adapters.slack.messages import Messages
from adapters.slack.opening import Opening
from adapters.slack.pacing import Pace
from adapters.slack.pressing import Pressing
from adapters.slack.sockets import Sockets
from adapters.slack.web import Web
from adapters.slack.webhook import Gate, Webhook
from bot.core.cards import Card, Limits
from bot.core.people import PlatformUser
from bot.ports import Clock, Delivery, Front, PlatformError, Point, no_point

log = structlog.get_logger("folkmoot.slack")
T = TypeVar("T")
FIRST = 1.0
"""Seconds until the second try to connect; later ones wait longer."""
SWEEP = 600.0
"""Seconds between two looks at the open polls."""
SEEN: Final = 60.0
"""Seconds that it is remembered whether a channel is public."""
LONGEST: Final = 60.0
STOP: Final = 3.0


class Slack:
    """A `Connection`. `channels` are those of the configuration, by the bot's names of them."""

    name: str = NAME

    def __init__(
        self,
        *,
        bot_token: str,
        app_token: str = "",
        signing_secret: str = "",
        mode: Literal["socket", "http"] = "socket",
        api_url: str = "https://slack.com/api/",
        listen: str = "127.0.0.1:3000",
        channels: Collection[str] = (),
        clock: Clock,
        point: Point = no_point,
        pace: Pace | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limits = Limits(text=11_000, buttons=25, edits=True, threads=True)
        self._mode, self._listen, self._secret, self._clock, self._now = mode, listen, signing_secret, clock, now
        self.web = Web(token=bot_token, app_token=app_token, api_url=api_url, pace=pace or Pace())
        self.channels = Channels()
        self.messages = Messages(self.web, clock=clock, point=point, here=self.channels.theirs)
        self.messages.configured = tuple(channels)
        self.errands = Errands()
        self.members = Members(self.web, learn=self._learn, now=now)
        self._front: Front | None = None
        self._public: dict[str, tuple[bool, float]] = {}
        self._wire()
        self.sockets = Sockets(self.app, self.web, self.greeted)
        self.webhook: Webhook | None = None
        self._pending, self._turn = asyncio.Event(), asyncio.Event()
        self.greetings, self._served = 0, 0
        self._loops: list[asyncio.Task[None]] = []

    def _wire(self) -> None:
        """The handlers behind the Bolt app."""
        web, members, clock, front = self.web, self.members, self._clock, self.front
        self.home = Home(web, members, front, clock)
        self.answers = Answers(web, self.messages, self.home.show)
        asking, opening, standings = Asking(members, front, clock), Opening(web, front), Standings()
        self.sweep = Sweep(web, members, self.answers, standings, self.channels.theirs)
        commands = Commands(
            asking=asking,
            answers=self.answers,
            opening=opening,
            channels=self.channels,
            errands=self.errands,
            web=web,
            front=front,
            clock=clock,
        )
        pressing = Pressing(
            asking=asking,
            answers=self.answers,
            opening=opening,
            channels=self.channels,
            errands=self.errands,
            web=web,
            theirs=lambda name: self.channels.theirs(name.partition(":")[2]),
        )
        happening = Happening(
            web=web,
            members=members,
            answers=self.answers,
            home=self.home,
            channels=self.channels,
            standings=standings,
            errands=self.errands,
            front=front,
            clock=clock,
        )
        self.app = bolt_app(web, commands=commands, pressing=pressing, happening=happening, trouble=pressing.in_trouble)

    def front(self) -> Front:
        """What the bot has given this platform. Raises RuntimeError before it is started."""
        if self._front is None:
            raise RuntimeError("Slack is not started")
        return self._front

    def _learn(self, user: PlatformUser, zone: str) -> None:
        if self._front is not None:
            self._front.zone(user, zone)

    # ------------------------------------------------------------------- the bot's side: Platform

    async def post(self, *, channel: str, card: Card, key: str, thread: str = "") -> Delivery:
        """Post to a channel or beneath a message, or find the message that has this key."""
        return await self.messages.post(channel=channel, card=card, key=key, thread=thread)

    async def edit(self, *, channel: str, ref: str, card: Card) -> None:
        """Replace a message."""
        await self.messages.edit(channel=channel, ref=ref, card=card)

    async def direct(self, *, user: PlatformUser, card: Card, key: str) -> Delivery:
        """Send a direct message, or find the one that has this key."""
        return await self.messages.direct(user=user, card=card, key=key)

    async def is_public(self, channel: str) -> bool:
        """Whether others than its members can read a channel; one that is shared with strangers counts as public."""
        place = self.channels.theirs(channel.removeprefix(f"{NAME}:"))
        known = self._public.get(place)
        if known is not None and self._now() - known[1] < SEEN:
            return known[0]
        said = (await self.web.call("conversations.info", channel=place))["channel"]
        shared = any(said.get(name) for name in ("is_ext_shared", "is_pending_ext_shared"))
        closed = any(said.get(name) for name in ("is_private", "is_im", "is_mpim"))
        self._public[place] = (shared or not closed, self._now())
        return self._public[place][0]

    # ------------------------------------------------------------------- the members' side: Connection

    async def start(self, front: Front) -> None:
        """Connect, or go on trying. PlatformError (`final`): a token is wrong, or the address cannot be had."""
        self._front = front
        self.messages.configured = tuple(front.channels)
        try:
            await self._connect()
        except SlackError as error:
            if error.final:
                raise
            log.warning("Slack cannot be reached; trying on", error=error.what)
            self._loops.append(asyncio.create_task(self._try_on(), name="slack connect"))
        self._loops.append(asyncio.create_task(self._sweeps(), name="slack sweeps"))

    async def stop(self) -> None:
        """Take no more requests, finish those begun, disconnect."""
        await self.sockets.drain()
        if self.webhook is not None:
            await self.webhook.close()
        for task in self._loops:
            task.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        self._loops.clear()
        await self.errands.finish(STOP)
        await self.sockets.close()
        await self.web.close()

    async def _connect(self) -> None:
        """Prove the tokens, then open. The library would try a wrong token for ever."""
        await _proven("SLACK_BOT_TOKEN", self.web.identity())
        if self._mode == "socket":
            url = await _proven("SLACK_APP_TOKEN", self.web.socket_url())
            await self.sockets.connect(url)
            return
        if self.webhook is None:
            webhook = Webhook(self.app, Gate(self._secret, self._clock), self._listen)
            await webhook.open()
            self.webhook = webhook
        self.greeted()

    async def _try_on(self) -> None:
        """Connect some time; a token that turns out wrong is logged, for the start is long over."""
        seconds = FIRST
        while True:
            await asyncio.sleep(seconds)
            seconds = min(LONGEST, seconds * 2)
            try:
                await self._connect()
                return
            except PlatformError as error:
                log.log(40 if error.final else 30, "Slack cannot be reached; trying on", error=error.what)

    def greeted(self) -> None:
        """Connected, or connected again: what was missed is to be taken in."""
        self.greetings += 1
        self._pending.set()

    async def caught_up(self, since: int = 0) -> None:
        """Wait until what was missed is taken in, after a connect that is later than so many `greetings`."""
        while self._served <= since:
            await self._turn.wait()

    async def _sweeps(self) -> None:
        """After each connect, and every ten minutes: take in what stands, then tell the bot that it is up to date."""
        connected = False
        while True:
            timeout = SWEEP if connected else None
            try:
                async with asyncio.timeout(timeout):
                    await self._pending.wait()
            except TimeoutError:
                pass
            greeted, number = self._pending.is_set(), self.greetings
            self._pending.clear()
            await self._sweep(greeted=greeted)
            connected, self._served = True, number
            turn, self._turn = self._turn, asyncio.Event()
            turn.set()

    async def _sweep(self, *, greeted: bool) -> None:
        """Each step for itself: what fails in one is logged and asked again by the next sweep."""
        front = self.front()
        steps: list[Callable[[], Awaitable[None]]] = [lambda: self.sweep.run(front), self._warm]
        if greeted:
            steps.insert(1, front.connected)
        for step in steps:
            try:
                await step()
            except Exception as error:  # the top of the sweeping loop
                log.error("sweep failed", error=repr(error), exc_info=error)

    async def _warm(self) -> None:
        """Check the linked people ahead of their ballots."""
        org = (await self.web.identity()).org
        keys = [key for person in self.front().people().everyone() for key in person.accounts]
        ours = [PlatformUser.of(key) for key in keys if key.startswith(f"{NAME}:{org}/")]
        await self.members.warm([account.user for account in ours])


async def _proven(name: str, asking: Awaitable[T]) -> T:
    """The answer to a call that proves a token. PlatformError (`final`) for one that Slack does not accept."""
    try:
        return await asking
    except SlackError as error:
        if error.code in TOKENS:
            raise PlatformError(f"{name}: {TOKENS[error.code]}", final=True) from None
        raise
