"""Slack in a simulation: slack-bolt over Socket Mode, against the fake workspace, in a network that has its weather."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from aiohttp import web

from adapters.slack import app, sockets
from adapters.slack.app import Slack
from adapters.slack.asking import instant
from adapters.slack.codes import BALLOT, FORM, PRESS, pushed
from adapters.slack.drawing import draw
from adapters.slack.messages import EVENT
from adapters.slack.pacing import Pace
from adapters.slack.typed import form_wanted
from bot.core.cards import Card
from bot.ports import Clock, Connection, Filled, Inbound, PlatformError, Point, Pressed, Reacted, Typed
from tests.fakes.slack.api import Api
from tests.fakes.slack.kit import buttons
from tests.fakes.slack.members import Hand
from tests.fakes.slack.server import APP_TOKEN, BOT_TOKEN, FakeSlack, Fault, Kind
from tests.fakes.slack.state import BOT, Workspace
from tests.fakes.slack.state import Message as Shown
from tests.simulation.town import Human
from tests.simulation.venue import Sent, Whisper
from tests.simulation.weather import Weather
from tests.simulation.wired import Held, Parcel, Wired

app.SWEEP = 4 * 3600.0
sockets.PING = 300.0
"""Weeks pass in a minute here: what is done by the clock alone is done less often."""
BALLOTS: Final = frozenset({"yes", "no", "abstain"})


class _Server(FakeSlack):
    """The fake, behind a network with weather."""

    def __init__(self, space: Workspace, weather: Weather) -> None:
        super().__init__(space.now)
        self.space, self.api, self._weather = space, Api(space), weather

    def _fault(self, method: str) -> Fault | None:
        try:
            self._weather.before(method)
        except PlatformError as error:
            if error.retry_after is not None:
                return Fault(how="429", times=1, seconds=int(error.retry_after))
            return Fault(how="reset" if self._weather.down else "500", times=1)
        try:
            self._weather.after(method)
        except PlatformError:
            return Fault(how="reset", times=1, after=True)
        return None

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        if self._weather.down:
            assert request.transport is not None
            request.transport.abort()
        return await super()._link(request)


class SlackVenue(Wired):
    """A workspace that everybody is in; guests come from another one."""

    def __init__(
        self,
        *,
        people: Sequence[Human],
        channels: Sequence[str],
        clock: Clock,
        now: Callable[[], datetime],
        weather: Weather,
    ) -> None:
        super().__init__("slack", now=now, bot_now=clock.now, weather=weather)
        self._clock = clock
        self.space = Workspace(lambda: now().timestamp())
        self.space.team = "T100"
        self._accounts = {human.accounts["slack"].user: human.accounts["slack"].key for human in people}
        for human in people:
            account = human.accounts["slack"]
            self.space.add_user(account.user, human.login, team=account.team, stranger=human.guest)
        members = tuple(human.accounts["slack"].user for human in people)
        for channel in channels:
            self.space.add_channel(channel.removeprefix("slack:"), channel, members=members)
        self._server: _Server
        self._found: list[str] = []
        self._acks: list[Whisper] = []

    # ------------------------------------------------------------------- the network

    async def _connect(self, point: Point) -> Connection:
        self._server = _Server(self.space, self.weather)
        await self._server.start()
        loop = asyncio.get_running_loop()
        return Slack(
            bot_token=BOT_TOKEN,
            app_token=APP_TOKEN,
            api_url=self._server.api_url,
            clock=self._clock,
            point=point,
            pace=Pace(now=loop.time),
            now=loop.time,
        )

    async def _unplug(self) -> None:
        self._found += self._server.api.problems
        await self._server.drop()
        await self._server.stop()

    async def _cut(self) -> None:
        await self._server.drop()

    @property
    def _listening(self) -> bool:
        return bool(self._server.sockets)

    def faults(self) -> list[str]:
        return self._found

    # ------------------------------------------------------------------- what members do

    def _pack(self, sent: Sent) -> Parcel | None:
        """As Slack's clients do it. A button that is nowhere to be seen is typed instead."""
        hand = Hand(self._server, sent.who.user)
        channel = sent.channel.removeprefix("slack:") or self.space.direct(sent.who.user).id
        match sent.act:
            case Reacted():
                return self._reaction(sent, hand, channel)
            case Pressed(verb=verb, motion=motion):
                found = self._button(sent, channel, verb, motion)
                if found is not None:
                    return self._press(sent, hand, *found)
                sent.act = Typed(text=f"{verb} {motion}")
            case Filled() if self._has_form(sent.act):
                sent.acted_at = None
                return self._form(sent, channel)
            case Filled():
                sent.act = Typed(text=_words(sent.act))
            case Typed():
                pass
        sent.acted_at = None
        payload = hand.command(sent.act.text, channel)
        self._mark(f"typed:{payload['trigger_id']}", sent)
        return Parcel(sent=sent, bring=lambda: self._bring("slash_commands", payload))

    def _reaction(self, sent: Sent, hand: Hand, channel: str) -> Parcel | None:
        assert isinstance(sent.act, Reacted)
        message = self.space.find(channel, sent.ref)
        if message is None:
            return None
        payload = hand.reaction(message, sent.act.emoji, added=sent.act.added)
        self._mark(payload["event_id"], sent)
        sent.acted_at = instant(payload["event"]["event_ts"])
        return Parcel(sent=sent, bring=lambda: self._bring("events_api", payload))

    def _press(self, sent: Sent, hand: Hand, message: Shown, label: str) -> Parcel:
        payload = hand.pressed(message, label)
        action = payload["actions"][0]
        self._mark(f"press:{action['action_ts']}", sent)
        sent.acted_at = instant(action["action_ts"])
        return Parcel(sent=sent, bring=lambda: self._bring("interactive", payload))

    def _form(self, sent: Sent, channel: str) -> Parcel:
        """Open the form by typing its verb, or by a button of the poll, then send it; a second time just send it."""
        assert isinstance(sent.act, Filled)
        act, view, opening = sent.act, dict[str, Any](), False

        async def bring() -> None:
            nonlocal opening
            hand = Hand(self._server, sent.who.user)
            if not view and not opening:
                opening = True
                view.update(await self._opened(sent, hand, channel, act))
                opening = False
            if view:
                self._mark(f"form:{view['id']}", sent)
                await self._bring("interactive", hand.filled(_values(act), view))

        return Parcel(sent=sent, bring=bring)

    def _has_form(self, act: Filled) -> bool:
        """Whether Slack shows a form for it, and does not take the verb by itself for all that is wanted."""
        return act.verb in BALLOTS or form_wanted(_words(act), self._clock) is not None

    async def _opened(self, sent: Sent, hand: Hand, channel: str, act: Filled) -> Mapping[str, Any]:
        """The form that was opened; nothing where none came up."""
        found = self._button(sent, channel, BALLOT, act.motion, what=FORM) if act.verb in BALLOTS else None
        if found is not None:
            payload = hand.pressed(*found)
            await self._bring("interactive", payload)
        elif act.verb not in BALLOTS:
            payload = hand.command(_words(act), channel)
            await self._bring("slash_commands", payload)
        else:
            return {}
        return self.space.views.get(self.space.opened.get(payload["trigger_id"], ""), {})

    def _button(
        self, sent: Sent, channel: str, verb: str, motion: int, *, what: str = PRESS
    ) -> tuple[Shown, str] | None:
        """The newest message here with a button for this, and its label."""
        for message in reversed(self.space.messages):
            if message.channel != channel or message.user != BOT or message.only_for not in {"", sent.who.user}:
                continue
            for button in buttons(message.blocks):
                found = pushed(button["action_id"], button["value"])
                if found is not None and (found.what, found.verb, found.motion) == (what, verb, motion):
                    return message, str(button["text"]["text"])
        return None

    async def _bring(self, kind: Kind, payload: dict[str, Any]) -> None:
        """Send it, and wait for the acknowledgement as long as Slack does; what it says is what the member sees."""
        try:
            ack = await asyncio.wait_for(self._server.send(kind, payload), 3.0)
        except (TimeoutError, ConnectionError):
            self.weather.faults["not acknowledged"] += 1
            return
        said = ack.payload if ack is not None else {}
        if kind == "slash_commands" and said:
            words = Shown(channel="", ts="", user=BOT, text=said.get("text", ""), blocks=said.get("blocks") or []).words
            place = self._place(payload["channel_id"])
            self._acks.append(Whisper(account=self._accounts[payload["user_id"]], text=words, place=place))

    def _mark_of(self, inbound: Inbound) -> str:
        parts = inbound.request.split(":")
        match parts[1]:
            case "typed":
                return f"typed:{parts[3]}"
            case "press":
                return f"press:{parts[3]}"
            case "form":
                return f"form:{parts[2]}"
            case event:
                return event

    # ------------------------------------------------------------------- what there is to see

    def _held(self) -> Iterable[Held]:
        for message in self.space.messages:
            if message.user != BOT or message.only_for or message.metadata.get("event_type") != EVENT:
                continue
            channel = self.space.channels[message.channel]
            yield Held(
                ref=message.ts,
                place=self._place(channel.id),
                audience=self._accounts[channel.with_user] if channel.direct else "",
                key=message.metadata["event_payload"]["key"],
                at=datetime.fromtimestamp(float(message.ts), UTC),
                version=message.edits,
                look=(message.text, message.blocks),
            )

    def _look(self, card: Card, key: str) -> object:
        drawn = draw(card, key=key)
        return (drawn.text, list(drawn.blocks))

    def _remove(self, ref: str) -> None:
        for message in [each for each in self.space.messages if each.ts == ref]:
            self.space.delete(message)

    def leave(self, account: str) -> None:
        self.space.users[account.rpartition("/")[2]].deleted = True

    def _place(self, channel: str) -> str:
        return "" if self.space.channels[channel].direct else f"slack:{channel}"

    def whispers(self) -> list[Whisper]:
        private = [
            Whisper(account=self._accounts[m.only_for], text=m.words, place=self._place(m.channel))
            for m in self.space.messages
            if m.only_for
        ]
        direct = [
            Whisper(account=self._accounts[channel.with_user], text=message.words)
            for channel in self.space.channels.values()
            if channel.direct
            for message in self.space.posts(channel.id)
        ]
        return [*self._acks, *private, *direct]


def _words(act: Filled) -> str:
    return f"{act.verb} {act.motion}" if act.motion else act.verb


def _values(act: Filled) -> dict[str, str]:
    return {"choice": act.verb, **act.values} if act.verb in BALLOTS else dict(act.values)
