"""`folkmoot init`, `doctor` and `links`: a configuration, and what has to be well with it. It only reads arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Optional

import typer

from bot.cli_shared import DEFAULT_CONFIG, FAILED, AsJson, ConfigFile, print_report, told

setup_app = typer.Typer(rich_markup_mode=None)


@setup_app.command("init")
def init(
    dir: Annotated[Path, typer.Option("--dir", metavar="DIR", help="Where config.toml is written.")] = Path(),
    repository: Annotated[
        str, typer.Option("--repository", metavar="WHERE", help="A path on this machine, or OWNER/NAME on GitHub.")
    ] = "",
    platform: Annotated[
        Optional[list[str]],  # noqa: UP045 - typer reads the annotation at run time
        typer.Option("--platform", metavar="P", help="slack, discord or playground; repeatable."),
    ] = None,
    channel: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            "--channel", metavar="C", help="slack:C0123456, discord:GUILD/CHANNEL, playground:NAME; repeatable."
        ),
    ] = None,
    roster: Annotated[str, typer.Option("--roster", metavar="FILE", help="The repository's maintainers file.")] = "",
    maintainers: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--maintainers", metavar="SECTION", help="The section of that file whose people vote."),
    ] = None,
    reviewers: Annotated[
        str, typer.Option("--reviewers", metavar="SECTION", help="The section of the reviewers, if there is one.")
    ] = "",
    policy: Annotated[str, typer.Option("--policy", metavar="P", help="A shipped name, a file, or repo:PATH.")] = "",
    time_zone: Annotated[
        str, typer.Option("--time-zone", metavar="Z", help="Whose midnight ends a vote, such as Europe/Berlin.")
    ] = "",
    github_api: Annotated[
        str, typer.Option("--github-api", metavar="URL", help="Of GitHub Enterprise: https://HOST/api/v3.")
    ] = "https://api.github.com",
    discord_application: Annotated[
        str, typer.Option("--discord-application", metavar="ID", help="For the invite link.")
    ] = "",
    yes: Annotated[
        bool, typer.Option("--yes", help="Ask nothing: what is not said here is as it would be offered.")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a config.toml that is there; it is kept under another name.")
    ] = False,
) -> None:
    """Write a commented config.toml for your repository: a few questions, your maintainers file shown, what to do next.

    Every question has an option. It never asks for a token, and never writes one.
    """
    from bot.setup.making import make
    from bot.setup.talking import Given

    _quiet()
    given = Given(
        repository=repository,
        platforms=tuple(platform or ()),
        channels=tuple(channel or ()),
        roster=roster,
        maintainers=maintainers,
        reviewers=reviewers or None,
        policy=policy,
        time_zone=time_zone,
        api_url=github_api,
        discord_application=discord_application,
    )
    with told():
        make(given, _Terminal(yes=yes), dir, overwrite=overwrite)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Terminal:
    """Speaks with whoever sits there; with `yes` nobody is asked."""

    yes: bool

    def ask(self, question: str, *, default: str, check: Callable[[str], str], option: str) -> str:
        if self.yes:
            if not default:
                raise LookupError(f"{question}: say it with {option}")
            return check(default)
        while True:
            try:
                answer = typer.prompt(question, default=default or None)
            except typer.Abort:
                typer.echo()
                raise LookupError("Nothing was written.") from None
            try:
                return check(str(answer).strip())
            except ValueError as error:
                typer.echo(f"  {error}.")

    def sure(self, question: str) -> bool:
        try:
            return not self.yes and typer.confirm(question)
        except typer.Abort:
            typer.echo()
            return False

    def tell(self, text: str) -> None:
        typer.echo(text)


@setup_app.command("doctor")
def doctor(
    config: ConfigFile = DEFAULT_CONFIG,
    as_json: AsJson = False,
    complete: Annotated[
        bool, typer.Option("--complete", help="Check the whole ledger, not only what came since its last mark.")
    ] = False,
    timeout: Annotated[
        float, typer.Option("--timeout", min=1, max=3600, metavar="S", help="Seconds that each check may take.")
    ] = 30.0,
) -> None:
    """Look at everything that a vote needs: configuration, tokens, channels, rights, roster, links, clock, disk, chain.

    Each line has a mark, a sentence and the fix. Exit code 1 if anything is wrong. Works while the bot runs.
    """
    import asyncio

    from bot import doctor as doctors

    _quiet()
    report = asyncio.run(doctors.examined(config, complete=complete, seconds=timeout))
    print_report(report, as_json)
    if not report.good:
        raise typer.Exit(FAILED)


@setup_app.command("links")
def links(config: ConfigFile = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Show how many maintainers are linked to their chat accounts, who is missing, and what to send them.

    Exit code 1 if a roster or a map of links cannot be used. Works while the bot runs.
    """
    import asyncio

    from bot import config as configs
    from bot import linkreport

    _quiet()
    with told():
        report = asyncio.run(linkreport.report(configs.load(config)))
        print_report(report, as_json)
        if not report.good:
            raise typer.Exit(FAILED)


def _quiet() -> None:
    """What a library logs is in the findings in our words, or not for these pages."""
    import logging

    from bot.logs import configure

    configure("text", level="critical")
    logging.disable(logging.CRITICAL)
