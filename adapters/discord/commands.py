"""`/moot` on Discord, made from the menu: subcommands with typed options, and a message's own command.

Discord takes 25 subcommands: those that members type most stand in `/moot` itself, the rest in `/moot more`, and
`/moot run` takes any line as it is typed elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol

import discord
import structlog
from discord import app_commands

from adapters.discord.buttons import Interaction
from adapters.discord.client import Client
from adapters.discord.errors import OUTSIDE, platform_error
from adapters.discord.options import LONGEST, MOTION, Completions, Option, declared, options_of
from bot.core.menu import VERBS, Verb

log = structlog.get_logger("folkmoot.discord")
GROUP: Final = "moot"
MORE: Final = "more"
RUN: Final = "run"
START: Final = "Start a motion from this message"
MOST: Final = 25
FIRST: Final = (
    "mine",
    "status",
    "list",
    "yes",
    "no",
    "abstain",
    "retract",
    "object",
    "nominate",
    "propose",
    "resolve",
    "second",
    "withdraw",
    "correct",
    "extend",
    "step-down",
    "invite",
    "accepted",
    "contact",
    "pings",
    "why",
    "whoami",
    "help",
)
"""What members type most; a test sees to it that the rest fits into `more`."""


class Serves(Protocol):
    """Who serves the commands."""

    async def commanded(self, interaction: Interaction, verb: str, motion: int, values: Mapping[str, str]) -> None: ...

    async def typed(self, interaction: Interaction, text: str) -> None: ...

    async def from_message(self, interaction: Interaction, message: discord.Message) -> None: ...


def group_of(serves: Serves, completions: Completions, *, direct: bool) -> app_commands.Group:
    """The `/moot` group: for the servers, or for direct messages with the bot."""
    contexts = app_commands.AppCommandContext(guild=False, dm_channel=True, private_channel=False) if direct else None
    installs = app_commands.AppInstallationType(guild=True, user=False) if direct else None
    group = app_commands.Group(
        name=GROUP, description="The project's governance", allowed_contexts=contexts, allowed_installs=installs
    )
    for verb in VERBS:
        if verb.name in FIRST:
            group.add_command(_command(verb, serves, completions))
    more = app_commands.Group(name=MORE, description="What is needed more rarely", parent=group)
    rare = [verb for verb in VERBS if verb.name not in FIRST]
    for verb in rare[:MOST]:
        more.add_command(_command(verb, serves, completions))
    group.add_command(_run(serves))
    return group


class Command(app_commands.Command[Any, ..., Any]):
    """A command that offers nothing where Discord still shows an old form of it, or no longer waits."""

    async def _invoke_autocomplete(self, interaction: Interaction, name: str, namespace: Any) -> None:
        try:
            await super()._invoke_autocomplete(interaction, name, namespace)
        except (KeyError, app_commands.AppCommandError, *OUTSIDE) as error:
            log.info("nothing offered", error=type(error).__name__)


def _command(verb: Verb, serves: Serves, completions: Completions) -> app_commands.Command[Any, ..., Any]:
    async def serve(interaction: Interaction, given: Mapping[str, Any]) -> None:
        values = {name: str(value) for name, value in given.items() if name != MOTION}
        await serves.commanded(interaction, verb.name, int(given.get(MOTION, 0)), values)

    callback = declared(options_of(verb, completions), serve)
    return Command(name=verb.name, description=verb.summary, callback=callback)


def _run(serves: Serves) -> app_commands.Command[Any, ..., Any]:
    async def serve(interaction: Interaction, given: Mapping[str, Any]) -> None:
        await serves.typed(interaction, str(given["line"]))

    line = Option(
        name="line",
        parameter="line",
        annotation=app_commands.Range[str, 1, LONGEST],
        description="As the help has it, without /moot: yes 12 because of the tests",
        required=True,
    )
    return app_commands.Command(name=RUN, description="Any verb as one line", callback=declared([line], serve))


def message_command(serves: Serves) -> app_commands.ContextMenu:
    """The command in a message's own menu."""

    async def start(interaction: Interaction, message: discord.Message) -> None:
        await serves.from_message(interaction, message)

    return app_commands.ContextMenu(name=START, callback=start)


# --------------------------------------------------------------------------- registering


def fill(
    tree: app_commands.CommandTree[Client], serves: Serves, completions: Completions, guilds: Sequence[int]
) -> None:
    """Put the commands into the tree: on the servers, and in direct messages."""
    tree.add_command(group_of(serves, completions, direct=True))
    for guild in guilds:
        where = discord.Object(guild)
        tree.add_command(group_of(serves, completions, direct=False), guild=where)
        tree.add_command(message_command(serves), guild=where)
    for scope in (None, *map(discord.Object, guilds)):
        group = tree.get_command(GROUP, guild=scope)
        if isinstance(group, app_commands.Group):
            group.description = f"The project's governance (menu {menu_hash(tree, scope)})"


def menu_hash(tree: app_commands.CommandTree[Client], scope: discord.Object | None) -> str:
    """A hash of the commands of a scope. It stands where nobody looks: in the group's description."""
    made = [command.to_dict(tree) for command in tree.get_commands(guild=scope)]
    for command in made:
        command.pop("description", None)
    return hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()[:12]


async def register(tree: app_commands.CommandTree[Client], guilds: Sequence[int]) -> int:
    """Register the commands where those that are registered are others; how many scopes were written."""
    written = 0
    for scope in (None, *map(discord.Object, guilds)):
        group = tree.get_command(GROUP, guild=scope)
        wanted = group.description if isinstance(group, app_commands.Group) else ""
        try:
            known = await tree.fetch_commands(guild=scope)
            if any(command.name == GROUP and command.description == wanted for command in known):
                continue
            await tree.sync(guild=scope)
            written += 1
        except OUTSIDE as error:
            where = scope.id if scope is not None else "direct messages"
            log.warning("commands not registered", where=where, error=str(platform_error(error)))
    return written


# --------------------------------------------------------------------------- completion


def completions_of(
    people: Callable[[Interaction, str], Sequence[str]],
    motions: Callable[[Interaction, str], Sequence[tuple[int, str]]],
) -> Completions:
    """Discord's form of what the bot offers."""

    async def some_people(interaction: Interaction, typed: str) -> list[app_commands.Choice[Any]]:
        return _choices((login, login) for login in people(interaction, typed.removeprefix("@")))

    async def some_motions(interaction: Interaction, typed: str) -> list[app_commands.Choice[Any]]:
        return _choices((f"{number} · {title}", number) for number, title in motions(interaction, str(typed)))

    async def some_verbs(interaction: Interaction, typed: str) -> list[app_commands.Choice[Any]]:
        wanted = typed.strip().casefold()
        return _choices((verb.name, verb.name) for verb in VERBS if wanted in verb.name)

    return Completions(people=some_people, motions=some_motions, verbs=some_verbs)


def _choices(found: Any) -> list[app_commands.Choice[Any]]:
    return [app_commands.Choice(name=name[:100], value=value) for name, value in list(found)[:MOST]]
