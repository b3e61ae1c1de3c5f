"""The Discord app as the bot knows it: a platform to post to, and a connection to take requests from."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import discord
import structlog

from adapters.discord import commands
from adapters.discord.answering import Answers
from adapters.discord.asking import Asking
from adapters.discord.buttons import KINDS, Interaction
from adapters.discord.client import Client, Heard, Tempo
from adapters.discord.codes import NAME, account, form_of, place_of
from adapters.discord.forms import values_in
from adapters.discord.gateway import Gateway
from adapters.discord.lanes import Errands, Lanes
from adapters.discord.members import Members
from adapters.discord.messages import Messages
from adapters.discord.publicity import is_public
from adapters.discord.reacting import Reacting
from adapters.discord.words import OLD_COMMAND, closed_doors, said
from bot.core.cards import Card, Limits
from bot.core.people import PersonId, PlatformUser
from bot.ports import Clock, Delivery, Front, PlatformError, Point, no_point

log = structlog.get_logger("folkmoot.discord")
API: Final = "https://discord.com/api/v10"
GATEWAY: Final = "wss://gateway.discord.gg/"


class Discord:
    """A `Connection`. It belongs to the servers whose channels the configuration names, and to no other."""

    name: str = NAME

    def __init__(
        self,
        *,
        token: str,
        clock: Clock,
        api_url: str = API,
        gateway_url: str = GATEWAY,
        point: Point = no_point,
        tempo: Tempo | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limits = Limits(text=4096, buttons=25, edits=True, threads=True)
        self._tempo = tempo or Tempo()
        self._front: Front | None = None
        self._back: asyncio.Task[None] | None = None
        self._sweeping: asyncio.Task[None] | None = None
        self._errands, lanes = Errands(), Lanes()
        self.gateway = Gateway(
            token=token, api_url=api_url, gateway_url=gateway_url, ears=self, tempo=self._tempo, made=self._made
        )
        client = self.gateway.client
        self.messages = Messages(client=client, accounts=self._account, now=clock.now, point=point, ticks=now)
        members = Members(client, self._guilds, now)
        self.reacting = Reacting(
            front=self._given,
            client=client,
            members=members,
            messages=self.messages,
            lanes=lanes,
            errands=self._errands,
            now=clock.now,
        )
        self.asking = Asking(
            front=self._given,
            answers=Answers(self._account, self._tempo.answer),
            members=members,
            lanes=lanes,
            errands=self._errands,
            heard_from=self.messages.opened,
        )

    # ------------------------------------------------------------------- the bot's side: Platform

    async def post(self, *, channel: str, card: Card, key: str, thread: str = "") -> Delivery:
        """Post to a channel or into the thread of a message, or find the message that has this key."""
        return await self.messages.post(channel=channel, card=card, key=key, thread=thread)

    async def edit(self, *, channel: str, ref: str, card: Card) -> None:
        """Replace a message."""
        await self.messages.edit(channel=channel, ref=ref, card=card)

    async def direct(self, *, user: PlatformUser, card: Card, key: str) -> Delivery:
        """Send a direct message, or find the one with this key; where they are closed, a note stands in the thread."""
        try:
            return await self.messages.direct(user=user, card=card, key=key)
        except PlatformError as error:
            if error.final and self.messages.closed(user):
                await self._note_closed(card.motion)
            raise

    async def _note_closed(self, motion: int) -> None:
        """Once for each motion, and only where everybody knows of it: it names nobody and pings nobody."""
        front = self._front
        for poll in front.polls.live(NAME) if front is not None and motion else ():
            if poll.motion == motion:
                try:
                    key = f"m{motion}:closed-doors:{poll.channel}"
                    card = closed_doors(motion)
                    await self.messages.post(channel=poll.channel, card=card, key=key, thread=poll.ref)
                except PlatformError as error:
                    log.warning("closed direct messages not noted", motion=motion, error=error.what)

    async def is_public(self, channel: str) -> bool:
        """Whether others than chosen people can read the channel."""
        place = place_of(channel)
        if place is None:
            raise PlatformError(f"{channel} is no channel of Discord", final=True)
        return await is_public(await self.gateway.client(), place)

    # ------------------------------------------------------------------- the members' side: Connection

    async def start(self, front: Front) -> None:
        """Log in, then listen in the background. PlatformError (`final`): the token is not accepted."""
        self._front = front
        try:
            self._equip(await self.gateway.client())
        except PlatformError as error:
            if error.final:
                raise
            log.warning("Discord cannot be reached; trying on", error=error.what)
        self.gateway.run()
        self._sweeping = asyncio.create_task(self._sweep(front), name="discord sweep")

    async def stop(self) -> None:
        """Take no more requests, finish those begun, disconnect."""
        try:
            await self._errands.finish(self._tempo.finish)
            loops = [task for task in (self._back, self._sweeping) if task is not None]
            for task in loops:
                task.cancel()
            await asyncio.gather(*loops, return_exceptions=True)
            self._back = self._sweeping = None
        finally:
            await self.gateway.close()

    def _given(self) -> Front | None:
        return self._front

    def _guilds(self) -> list[int]:
        names = self._front.channels if self._front is not None else ()
        return sorted({place.guild for place in map(place_of, names) if place is not None})

    def _account(self, person: PersonId) -> int | None:
        known = self._front.people().person(person) if self._front is not None else None
        keys = known.accounts if known is not None else ()
        found = [PlatformUser.of(key) for key in keys if key.startswith(f"{NAME}:")]
        return int(found[0].user) if found and found[0].user.isdecimal() else None

    # ------------------------------------------------------------------- what the client tells

    def _made(self, client: Client) -> None:
        """A new client: what it needs to know to serve buttons and commands."""
        client.presses = self.asking
        client.add_dynamic_items(*KINDS)
        client.tree.unknown = self._unknown
        self._equip(client)

    def _equip(self, client: Client) -> None:
        """Give a client its commands, once it is known on which servers: posts may need it before."""
        if self._front is not None and client.tree.get_command(commands.GROUP) is None:
            completions = commands.completions_of(self._people, self._motions)
            commands.fill(client.tree, self, completions, self._guilds())

    def came_back(self) -> None:
        """Connected, for the first time or again: what was missed is taken in before anything is closed."""
        self.gateway.ready()
        if self._back is not None:
            self._back.cancel()
        self._back = None if self._errands.closed else asyncio.create_task(self._catch_up(), name="discord catch-up")

    async def _catch_up(self) -> None:
        """Both at once: a channel that cannot be read keeps nobody from typing commands."""
        front = self._front
        if front is not None:
            client = await self.gateway.client()
            await asyncio.gather(self._take_in(front), commands.register(client.tree, self._guilds()))

    async def _take_in(self, front: Front) -> None:
        """What was missed, until all of it is with the desk; then the bot is told that it is back."""
        wait = self._tempo.reconnect
        while True:
            try:
                await self.reacting.catch_up(front)
                break
            except PlatformError as error:
                if error.shut:  # only a person can mend that, and the others are not to wait for it
                    log.error("reactions not read: a channel is shut to the bot", error=error.what)
                    break
                wait = error.retry_after or wait
                log.warning("reactions not read; trying again", error=error.what, seconds=wait)
            except Exception as error:  # the top of this task: it must not end before it is done
                log.error("catching up failed", error=repr(error), exc_info=error)
            await asyncio.sleep(wait)
            wait = min(2 * wait, self._tempo.longest)
        await front.connected()

    async def _sweep(self, front: Front) -> None:
        """Look at the polls now and then: an event can be lost without the connection being so."""
        while True:
            await asyncio.sleep(self._tempo.sweep)
            if self._back is not None and not self._back.done():
                continue
            try:
                await self.reacting.catch_up(front)
            except PlatformError as error:
                log.info("reactions not read", error=error.what)
            except Exception as error:  # the top of this task: the next look may go well
                log.error("looking at the polls failed", error=repr(error), exc_info=error)

    def heard(self, heard: Heard) -> None:
        """A reaction, while the event is read."""
        self.reacting.heard(heard)

    async def left(self, guild: int) -> None:
        """Not on this server any more: its channels take no posts, and that is told elsewhere (F34)."""
        if self._front is not None:
            await self._front.shut(self._channels_of(guild), "the bot was removed from the server: invite it again")

    async def joined(self, guild: int) -> None:
        """On this server, for the first time or again: what was missed there is taken in like after a connect."""
        channels = self._channels_of(guild)
        if self._front is not None and channels:
            await self._front.opened(channels)
            self.came_back()

    def _channels_of(self, guild: int) -> list[str]:
        places = {name: place_of(name) for name in (self._front.channels if self._front is not None else ())}
        return [name for name, place in places.items() if place is not None and place.guild == guild]

    async def interacted(self, interaction: Interaction) -> None:
        """Forms come back here: discord.py would only know those that it opened in this process."""
        if interaction.type is discord.InteractionType.modal_submit:
            data: Mapping[str, Any] = interaction.data or {}
            code = form_of(str(data.get("custom_id", "")))
            if code is not None:
                await self.asking.submitted(interaction, code, values_in(data.get("components")))

    # ------------------------------------------------------------------- commands

    async def commanded(self, interaction: Interaction, verb: str, motion: int, values: Mapping[str, str]) -> None:
        """A command of the menu."""
        await self.asking.commanded(interaction, verb, motion, values)

    async def typed(self, interaction: Interaction, text: str) -> None:
        """`/moot run`."""
        await self.asking.typed(interaction, text)

    async def from_message(self, interaction: Interaction, message: discord.Message) -> None:
        """A motion from a message: its text and its address, to be changed at will."""
        values = {"text": message.content, "link": message.jump_url}
        await self.asking.opens(interaction, verb="propose", motion=0, values=values)

    async def _unknown(self, interaction: Interaction) -> None:
        await self.asking.refuse(interaction, said(OLD_COMMAND))

    def _people(self, interaction: Interaction, typed: str) -> list[str]:
        """Logins, for those who are linked: a candidate of a closed channel is among them (never for strangers)."""
        front = self._front
        if front is None or self.asking.elsewhere(interaction) is not None:
            return []
        key, channel = account(interaction.user.id).key, self.asking.channel_of(interaction)
        linked = front.people().by_account(key) is not None
        here = channel in {"", *front.channels}
        return list(front.completion.people(channel, key, typed)) if linked and here else []

    def _motions(self, interaction: Interaction, typed: str) -> list[tuple[int, str]]:
        front = self._front
        if front is None or self.asking.elsewhere(interaction) is not None:
            return []
        key = account(interaction.user.id).key
        return list(front.completion.motions(self.asking.channel_of(interaction), key, typed))
