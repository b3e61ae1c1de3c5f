"""`folkmoot github`: looks at the bot's rights on GitHub. It only reads arguments and prints."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer

github_app = typer.Typer(no_args_is_help=True, help="Repositories on GitHub.", rich_markup_mode=None)

MISUSED, FAILED = 2, 1
_MARKS: Final = {"ok": "✓", "warning": "!", "wrong": "✗"}
_ConfigFile = Annotated[
    Path,
    typer.Option("--config", "-c", envvar="FOLKMOOT_CONFIG", help="The configuration, as config.example.toml shows."),
]


@github_app.callback()
def github() -> None:
    """Repositories on GitHub."""


@github_app.command("check")
def github_check(
    config: _ConfigFile = Path("config.toml"),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")] = False,
) -> None:
    """Check each repository on GitHub: is it reached, which rights are missing or too many, is its branch protected.

    It writes nothing. Exit code 1 if something has to be mended.
    """
    import asyncio

    from bot import config as configs
    from bot.rulebooks import Mistaken
    from bot.wiring.github import check_github

    try:
        found = asyncio.run(check_github(configs.load(config)))
    except Mistaken as error:
        typer.echo(f"folkmoot: {error}", err=True)
        raise typer.Exit(MISUSED) from error
    if not found:
        typer.echo('folkmoot: no repository is on GitHub: write forge = "github" under [[repository]]', err=True)
        raise typer.Exit(MISUSED)
    if as_json:
        told = {name: [asdict(each) for each in findings] for name, findings in found.items()}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    for name, findings in () if as_json else found.items():
        for each in findings:
            typer.echo(f"{_MARKS[each.mark]} {name}: {each.what}" + (f". {each.remedy}" if each.remedy else ""))
    if any(each.mark == "wrong" for findings in found.values() for each in findings):
        raise typer.Exit(FAILED)
