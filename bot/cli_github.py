"""`folkmoot github`: looks at the bot's rights on GitHub. It only reads arguments and prints."""

from __future__ import annotations

import json
from dataclasses import asdict

import typer

from bot.cli_help import Verbs
from bot.cli_shared import DEFAULT_CONFIG, FAILED, MISUSED, AsJson, ConfigFile, fail, told

github_app = typer.Typer(cls=Verbs, no_args_is_help=True, help="Repositories on GitHub.", rich_markup_mode=None)


@github_app.callback()
def github() -> None:
    """Repositories on GitHub."""


@github_app.command("check")
def github_check(
    config: ConfigFile = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Check each repository on GitHub: is it reached, which rights are missing or too many, is its branch protected.

    It writes nothing. Exit code 1 if something has to be mended.
    """
    import asyncio

    from bot import config as configs
    from bot.findings import shown
    from bot.wiring.github import check_github

    with told():
        found = asyncio.run(check_github(configs.load(config)))
    if not found:
        fail('no repository is on GitHub: write forge = "github" under [[repository]]', MISUSED)
    if as_json:
        data = {name: [asdict(each) for each in findings] for name, findings in found.items()}
        typer.echo(json.dumps(data, ensure_ascii=False, indent=2))
    for name, findings in () if as_json else found.items():
        for each in findings:
            typer.echo(shown(each, name))
    if any(each.mark == "wrong" for findings in found.values() for each in findings):
        raise typer.Exit(FAILED)
