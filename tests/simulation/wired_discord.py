"""Discord in a simulation: discord.py over gateway and REST, against the fake, in a network that has its weather."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import discord as library

from adapters.discord.app import Discord
from adapters.discord.client import Client, Tempo
from adapters.discord.codes import BALLOT, NAME, OPEN, PRESS, mark_of
from adapters.discord.commands import FIRST
from adapters.discord.drawing import draw
from adapters.discord.forms import asks_first
from adapters.discord.words import closed_doors
from bot.core.cards import Card
from bot.core.menu import BY_NAME
from bot.ports import Clock, Connection, Filled, Inbound, Point, Pressed, Reacted, Typed
from tests.fakes.discord.interactions import Interaction
from tests.fakes.discord.reading import buttons, small_print
from tests.fakes.discord.server import TOKEN
from tests.fakes.discord.state import Channel, Data
from tests.simulation.discord_net import Event, Net
from tests.simulation.discord_sights import place_of, private_words, seen, wrong_words
from tests.simulation.town import DISCORD, Human
from tests.simulation.venue import Sent, Whisper
from tests.simulation.weather import Weather
from tests.simulation.wired import Held, Parcel, Wired

TEMPO: Final = Tempo(guilds=0.05, sweep=4 * 3600.0, silence=float(10**9))
"""Weeks pass in a minute here: what is done by the clock alone is done less often."""
BALLOTS: Final = frozenset({"yes", "no", "abstain"})
PATIENCE: Final = 3.0
"""Seconds for which Discord waits for an answer."""
GUILD: Final = int(DISCORD)
CUSTOM: Final = 7700
"""The id of an emoji that the server has made itself."""


class DiscordVenue(Wired):
    """A server that everybody is on but the guests of the others."""

    def __init__(
        self,
        *,
        people: Sequence[Human],
        channels: Sequence[str],
        clock: Clock,
        now: Callable[[], datetime],
        weather: Weather,
    ) -> None:
        super().__init__(NAME, now=now, bot_now=clock.now, weather=weather)
        self._clock = clock
        self.net = Net(now, weather)
        self.net.add_guild(GUILD)
        for channel in channels:
            self.net.add_channel(int(channel.rpartition("/")[2]), GUILD)
        self._accounts = {int(human.accounts[NAME].user): human.accounts[NAME].key for human in people}
        for human in people:
            user = self.net.add_member(int(human.accounts[NAME].user), human.login, guild=GUILD)
            if human.guest:
                del self.net.guilds[GUILD].members[user.id]
        self._keys: dict[str, str] = {}
        self._answers: dict[int, Data] = {}
        self._broken: list[str] = []

    # ------------------------------------------------------------------- the network

    async def _connect(self, point: Point) -> Connection:
        self.net.port = 0
        await self.net.start()
        adapter = Discord(
            token=TOKEN,
            clock=self._clock,
            api_url=self.net.api_url,
            gateway_url=self.net.gateway_url,
            point=point,
            tempo=TEMPO,
            now=asyncio.get_running_loop().time,
        )
        made = adapter.gateway._made

        def listened(client: Client) -> None:
            made(client)
            setattr(client, "on_error", self._on_error)  # noqa: B010

        adapter.gateway._made = listened
        return adapter

    async def _on_error(self, event: str, *_: Any, **__: Any) -> None:
        self._broken.append(f"an error in {event}")

    async def _unplug(self) -> None:
        self.net.gateway.cut()
        self.net.gateway.sessions.clear()
        await self.net.stop()

    async def _cut(self) -> None:
        self.net.gateway.cut()

    async def change(self, what: str) -> None:
        await super().change(what)
        if what == "up" and self.weather.chance(0.5):
            self.net.gateway.sessions.clear()

    @property
    def _listening(self) -> bool:
        return bool(self.net.gateway.sessions)

    # ------------------------------------------------------------------- what members do

    def _pack(self, sent: Sent) -> Parcel | None:
        """As Discord's clients do it. A button that is nowhere to be seen is typed instead."""
        user, channel = int(sent.who.user), self._channel(sent)
        sent.acted_at = None
        if channel is None or not self.net.users[user].takes_letters:
            return None
        match sent.act:
            case Reacted():
                return self._reaction(sent, user, channel)
            case Pressed(verb=verb, motion=motion):
                found = self._button(user, channel, PRESS, verb, motion)
                if found is not None:
                    return self._asked(sent, self.net.interactions.pressed(user, *found, at=self.net.moment()))
                sent.act = Typed(text=f"{verb} {motion}")
            case Filled():
                opener = self._opener(user, channel, sent.act) if len(self.sent) % 2 else None
                if opener is not None:
                    return self._form(sent, user, sent.act, opener)
                return self._asked(sent, self._slashed(user, channel, sent.act, sent.act.values))
            case Typed():
                pass
        if not sent.act.text:
            return None
        at = self.net.moment()
        made = self.net.interactions.slashed(user, "run", channel=channel.id, at=at, line=sent.act.text)
        return self._asked(sent, made)

    def _channel(self, sent: Sent) -> Channel | None:
        """Where somebody acts: they have to be there."""
        user = int(sent.who.user)
        if not sent.channel:
            channel = self.net.letters(user)
            return channel if self.net.rest.registered.get(0) else None
        channel = self.net.channels[int(sent.channel.rpartition("/")[2])]
        there = user in self.net.guilds[channel.guild].members
        return channel if there and self.net.rest.registered.get(channel.guild) else None

    def _reaction(self, sent: Sent, user: int, channel: Channel) -> Parcel | None:
        assert isinstance(sent.act, Reacted)
        message, emoji = channel.messages.get(int(sent.ref)), sent.act.emoji
        if message is None:
            return None
        custom = CUSTOM if emoji.isascii() else 0
        data = self.net.interactions.reaction(user, message, emoji, added=sent.act.added, custom=custom)
        if data is None:
            return None
        event = Event(kind=f"MESSAGE_REACTION_{'ADD' if sent.act.added else 'REMOVE'}", data=data)

        async def bring() -> None:
            await self.net.shake()
            if event.ever and event.session not in self.net.gateway.sessions.values():
                return  # no session is told what an earlier one was told
            await self.net.gateway.bring(event, lambda number: self._mark(f"reaction:{number}", sent))

        return Parcel(sent=sent, bring=bring)

    def _asked(self, sent: Sent, made: Interaction) -> Parcel:
        event = self._told_of(sent, made)
        return Parcel(sent=sent, bring=lambda: self._bring(made, event))

    def _told_of(self, sent: Sent, made: Interaction) -> Event:
        self._mark(str(made.id), sent)
        sent.acted_at = library.utils.snowflake_time(made.id)
        return Event(kind="INTERACTION_CREATE", data=made.payload)

    async def _bring(self, made: Interaction, event: Event) -> None:
        """Send it, and wait for the answer as long as Discord does."""
        await self.net.shake()
        if not made.done.is_set():
            made.done = asyncio.Event()
        if not await self.net.gateway.bring(event, lambda _: None):
            self.weather.faults["lost with the session"] += 1
            return
        try:
            await asyncio.wait_for(made.done.wait(), PATIENCE)
        except TimeoutError:
            self.weather.faults["not answered in time"] += 1
        if made.shown is not None:
            self._answers[made.user.id] = made.shown

    # ------------------------------------------------------------------- commands and forms

    def _slashed(self, user: int, channel: Channel, act: Filled, values: Mapping[str, str]) -> Interaction:
        """The verb's own command, with its options."""
        kinds = {field.name: field.kind for field in BY_NAME[act.verb].fields}
        given: dict[str, Any] = {"motion": act.motion} if act.motion else {}
        for name, value in values.items():
            given[name.replace("-", "_")] = int(value) if kinds[name] == "number" else value
        path = act.verb if act.verb in FIRST else f"more {act.verb}"
        return self.net.interactions.slashed(user, path, channel=channel.id, at=self.net.moment(), **given)

    def _form(self, sent: Sent, user: int, act: Filled, opener: Callable[[], Interaction]) -> Parcel:
        """Open the form by its button or its command, then send it; a second time just send it."""
        made: list[tuple[Interaction, Event]] = []
        opening = False

        async def bring() -> None:
            nonlocal opening
            if not made:
                if opening:
                    return  # it comes twice at once, and there is one form
                opening = True
                opened = opener()
                try:
                    await self._bring(opened, Event(kind="INTERACTION_CREATE", data=opened.payload))
                finally:
                    opening = False
                if opened.modal is None:
                    return
                values = {"choice": act.verb, **act.values} if act.verb in BALLOTS else act.values
                given = {name: value for name, value in values.items() if name in opened.fields}
                filled = self.net.interactions.submitted(user, opened, given, at=self.net.moment())
                made.append((filled, self._told_of(sent, filled)))
            await self._bring(*made[0])

        return Parcel(sent=sent, bring=bring)

    def _opener(self, user: int, channel: Channel, act: Filled) -> Callable[[], Interaction] | None:
        """What opens a form for this; None where there is no such form, and all is said with the command."""
        found = self._button(user, channel, OPEN, BALLOT if act.verb in BALLOTS else act.verb, act.motion)
        if found is not None:
            seen, custom_id = dict(found[0]), found[1]  # an edit may be on its way while they press
            return lambda: self.net.interactions.pressed(user, seen, custom_id, at=self.net.moment())
        long = {field.name for field in BY_NAME[act.verb].fields if field.kind == "long"}
        short = {name: value for name, value in act.values.items() if name not in long}
        return (lambda: self._slashed(user, channel, act, short)) if asks_first(act.verb, short) else None

    def _button(
        self, user: int, channel: Channel, pattern: re.Pattern[str], verb: str, motion: int
    ) -> tuple[Data, str] | None:
        """The newest message here with a button for this, and its custom id."""
        private = self._answers.get(user)
        mine = [private] if private is not None and int(private["channel_id"]) == channel.id else []
        wanted = f":{verb}:{motion}"
        for message in [*mine, *reversed(channel.messages.values())]:
            for custom_id in buttons(message).values():
                match = pattern.fullmatch(custom_id) if wanted in custom_id else None
                if match is not None and (match["verb"], int(match["motion"])) == (verb, motion):
                    return message, custom_id
        return None

    def _mark_of(self, inbound: Inbound) -> str:
        return inbound.request.removeprefix(f"{NAME}:")

    # ------------------------------------------------------------------- what there is to see

    def asked_to_draw(self, where: str, card: Card, key: str) -> None:
        super().asked_to_draw(where, card, key)
        self._keys.setdefault(mark_of(key), key)

    def _held(self) -> Iterable[Held]:
        """Those that were posted or edited since they were asked for."""
        touched, self.net.rest.touched = self.net.rest.touched, []
        for number, ref in dict.fromkeys(touched):
            channel, mark = self.net.channels[number], self.net.rest.marks[ref]
            message = channel.messages.get(ref)
            if message is None or not mark:
                continue
            place = place_of(channel)
            yield Held(
                ref=str(ref),
                place=place,
                audience=self._accounts[channel.recipient.id] if channel.recipient is not None else "",
                key=self._key(mark, place, message),
                at=library.utils.snowflake_time(ref),
                version=self.net.rest.edits[ref],
                look=seen(message),
            )

    def _key(self, mark: str, place: str, message: Data) -> str:
        """The key that has this mark. One kind of message is the adapter's own."""
        if mark not in self._keys:
            motion = int((re.findall(r"Motion (\d+)", small_print(message)) or ["0"])[0])
            key = f"m{motion}:closed-doors:{place}"
            if mark_of(key) == mark:
                self.asked_to_draw(f"{place}||{key}", closed_doors(motion), key)
        return self._keys.get(mark, "unknown")

    def _look(self, card: Card, key: str) -> object:
        drawn = draw(card)
        labels = [button.label for button in drawn.buttons]
        files = [drawn.file.text] if drawn.file is not None else []
        return (drawn.content.strip("\n"), list(drawn.embeds), labels, files)

    def _remove(self, ref: str) -> None:
        for channel in self.net.channels.values():
            channel.messages.pop(int(ref), None)

    def leave(self, account: str) -> None:
        self.net.close_account(int(account.rpartition(":")[2]))

    def whispers(self) -> list[Whisper]:
        return [
            Whisper(account=self._accounts[user], text=text, place=at) for user, at, text in private_words(self.net)
        ]

    def faults(self) -> list[str]:
        return [*self.net.problems, *self._broken, *wrong_words(self.net)]
