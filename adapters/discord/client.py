"""The discord.py client: the least intents, nothing that rings, and each event with its place in the stream.

discord.py keeps its addresses in classes, so all clients of a process speak to one Discord.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

import discord
import structlog
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.shape import check
from bot.ports import PlatformError
from bot.shape import NotUnderstood

log = structlog.get_logger("folkmoot.discord")
GREETINGS: Final = frozenset({"READY", "RESUMED"})
PATIENCE: Final = 30.0
"""Seconds that the library may wait by itself when Discord says that it is too fast."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tempo:
    """Seconds that depend on Discord, not on us; tests against a server of their own shorten them."""

    identify: float = 5.0
    guilds: float = 2.0
    reconnect: float = 5.0
    longest: float = 600.0
    answer: float = 1.5
    finish: float = 5.0
    sweep: float = 600.0
    silence: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A reaction that was added or removed, and where that stands in the stream of the session.

    `replayed`: it may have happened while the connection was away, nobody knows when.
    """

    added: bool
    replayed: bool
    payload: discord.RawReactionActionEvent
    session: str
    sequence: int


class Ears(Protocol):
    """Who is told what happens on Discord. The first two neither raise nor wait."""

    def came_back(self) -> None: ...

    def heard(self, heard: Heard) -> None: ...

    async def interacted(self, interaction: discord.Interaction[Any]) -> None: ...

    async def left(self, guild: int) -> None: ...

    async def joined(self, guild: int) -> None: ...


class Client(discord.Client):
    """One login. A client that Discord has closed is replaced, never opened again."""

    def __init__(self, *, ears: Ears, tempo: Tempo) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody speaks here
        super().__init__(
            intents=discord.Intents(guilds=True, guild_reactions=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=PATIENCE,
            guild_ready_timeout=tempo.guilds,
            heartbeat_timeout=tempo.silence,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )
        self.ears, self._tempo = ears, tempo
        self.presses: object = None
        self._away = False
        self.tree = Tree(self)
        self._connection.parsers = {name: _read(name, read) for name, read in self._connection.parsers.items()}

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Discord takes one IDENTIFY in five seconds."""
        if not initial:
            await asyncio.sleep(self._tempo.identify)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Called while the event is read, when its number in the stream is still known."""
        if event == "disconnect":
            self._away = True
        elif event in {"ready", "resumed"}:
            self._away = False
        if event in {"raw_reaction_add", "raw_reaction_remove"}:
            socket = self.ws
            heard = Heard(
                added=event == "raw_reaction_add",
                replayed=self._away,
                payload=args[0],
                session=str(socket.session_id),
                sequence=socket.sequence or 0,
            )
            self.ears.heard(heard)
        super().dispatch(event, *args, **kwargs)

    async def on_ready(self) -> None:
        self.ears.came_back()

    async def on_resumed(self) -> None:
        self.ears.came_back()

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed from a server, or the server was deleted; not: the server is unavailable."""
        await self.ears.left(guild.id)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self.ears.joined(guild.id)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """All interactions come by here; those of commands and of buttons are served elsewhere."""
        await self.ears.interacted(interaction)


def _read(name: str, read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The library's reader of an event: one that it cannot read is left out, and does not end the connection for all.

    Without the greeting there is no session: that one still ends it.
    """
    if name in GREETINGS:
        return read

    def careful(data: Any) -> None:
        try:
            if name == "INTERACTION_CREATE":
                check(data)
            read(data)
        except NotUnderstood as error:
            log.warning("event not understood", kind=name, where=str(error))
        except Exception as error:  # the top of the inbound side; what was sent is not logged
            log.warning("event not understood", kind=name, error=type(error).__name__)

    return careful


class Tree(app_commands.CommandTree[Client]):
    """The commands of the client. One that Discord still shows, and that there is no more, is answered all the same."""

    unknown: Callable[[discord.Interaction[Any]], Awaitable[None]] | None = None

    async def _call(self, interaction: discord.Interaction[Client]) -> None:
        """What the library cannot read as a command is one that is not known, and no failure of a task."""
        try:
            await super()._call(interaction)
        except app_commands.AppCommandError:
            raise
        except Exception as error:  # the top of an inbound handler
            raise app_commands.AppCommandError(type(error).__name__) from error

    async def on_error(self, interaction: discord.Interaction[Client], error: app_commands.AppCommandError, /) -> None:
        log.warning("command not understood", error=type(error).__name__)
        if self.unknown is not None and interaction.type is discord.InteractionType.application_command:
            await self.unknown(interaction)


# --------------------------------------------------------------------------- addresses


class _Addresses:
    """Which Discord this process speaks to, as long as somebody does."""

    def __init__(self) -> None:
        self._urls: tuple[str, str] | None = None
        self._held = 0

    def hold(self, api_url: str, gateway_url: str) -> None:
        urls = (api_url.rstrip("/"), gateway_url)
        if self._held and urls != self._urls:
            raise PlatformError("one process can speak to one Discord only: give all the same addresses", final=True)
        self._urls = urls
        self._held += 1
        Route.BASE = urls[0]
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)

    def release(self) -> None:
        self._held = max(0, self._held - 1)


ADDRESSES: Final = _Addresses()
