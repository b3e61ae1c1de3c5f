"""`folkmoot doctor` and `folkmoot links`: what has to be well before and while it runs. It only reads arguments."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli_shared import DEFAULT_CONFIG, FAILED, AsJson, ConfigFile, print_report, told

setup_app = typer.Typer(rich_markup_mode=None)


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
