"""`folkmoot discord`: the invite link of the app, and a look at what it may do. It only reads arguments and prints."""

from __future__ import annotations

import json
from typing import Annotated, Optional

import typer

from bot.cli_help import Verbs
from bot.cli_shared import DEFAULT_CONFIG, FAILED, AsJson, ConfigFile, told

discord_app = typer.Typer(
    cls=Verbs, no_args_is_help=True, help="The Discord app: invite it, and check what it may do.", rich_markup_mode=None
)


@discord_app.command("invite")
def discord_invite(
    config: ConfigFile = DEFAULT_CONFIG,
    application: Annotated[
        Optional[int],  # noqa: UP045 - typer reads the annotation at run time
        typer.Option("--application", metavar="ID", help="The application's id; without it the token is asked."),
    ] = None,
) -> None:
    """Print the link that adds the app to your server, with the least permissions it can work with."""
    import asyncio

    from bot import config as configs
    from bot.wiring.discord import invite_to_discord

    with told():
        typer.echo(asyncio.run(invite_to_discord(configs.load(config), application)))


@discord_app.command("check")
def discord_check(
    config: ConfigFile = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Check the token, the server, each channel, and the permissions there: missing ones, and such as are too many.

    It changes nothing. Exit code 1 if something has to be mended.
    """
    import asyncio
    from dataclasses import asdict

    from bot import config as configs
    from bot.findings import shown
    from bot.wiring.discord import check_discord

    with told():
        findings = asyncio.run(check_discord(configs.load(config)))
        if as_json:
            typer.echo(json.dumps([asdict(each) for each in findings], ensure_ascii=False, indent=2))
        else:
            for each in findings:
                typer.echo(shown(each))
        if any(each.mark == "wrong" for each in findings):
            raise typer.Exit(FAILED)
