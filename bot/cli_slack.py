"""`folkmoot slack`: the manifest of the app, and a look at what it may do. It only reads arguments and prints."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from bot.cli_help import Verbs
from bot.cli_shared import DEFAULT_CONFIG, FAILED, MISUSED, AsJson, ConfigFile, fail, told

slack_app = typer.Typer(
    cls=Verbs,
    no_args_is_help=True,
    help="The Slack app: its manifest, and a check of what it may do.",
    rich_markup_mode=None,
)


@slack_app.command("manifest")
def slack_manifest(
    url: Annotated[
        str,
        typer.Option("--url", metavar="URL", help="For HTTP mode: the address at which Slack reaches you."),
    ] = "",
) -> None:
    """Print the app's manifest in YAML, to be pasted into Slack. Without --url it is for Socket Mode."""
    from bot.wiring.slack import slack_manifest as written

    if url and not url.startswith("https://"):
        fail(f"--url {url}: write it like https://moot.example.org", MISUSED)
    typer.echo(written(url), nl=False)


@slack_app.command("check")
def slack_check(config: ConfigFile = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Check the tokens, the scopes, each channel and each linked account: what is missing, and what is too much.

    It changes nothing. Exit code 1 if something has to be mended.
    """
    import asyncio
    from dataclasses import asdict

    from bot import config as configs
    from bot.findings import shown
    from bot.wiring.slack import check_slack

    with told():
        findings = asyncio.run(check_slack(configs.load(config)))
        if as_json:
            typer.echo(json.dumps([asdict(each) for each in findings], ensure_ascii=False, indent=2))
        else:
            for each in findings:
                typer.echo(shown(each))
        if any(each.mark == "wrong" for each in findings):
            raise typer.Exit(FAILED)
