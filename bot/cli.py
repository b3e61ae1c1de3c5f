"""The command line. It only reads arguments and prints: everything heavy is imported inside the verb that needs it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from bot.cli_discord import discord_app
from bot.cli_github import github_app
from bot.cli_help import AllVerbs, Verbs
from bot.cli_keeping import keeping_app
from bot.cli_policy import policy_app
from bot.cli_record import record_app
from bot.cli_roster import roster_app
from bot.cli_setup import setup_app
from bot.cli_shared import DEFAULT_CONFIG, FAILED, MISUSED, AsJson, ConfigFile, LedgerFile, Number
from bot.cli_shared import fail as _fail
from bot.cli_shared import ledger_file as _ledger
from bot.cli_shared import print_report as _print
from bot.cli_shared import told as _told
from bot.cli_slack import slack_app

app = typer.Typer(
    name="folkmoot",
    cls=AllVerbs,
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Folkmoot runs a project's written governance in its maintainers' channel: it announces, polls, reminds, "
    "counts exactly, records, and writes each result back as a draft pull request.\n\n"
    "Begin with `folkmoot demo`: no tokens, nothing to set up. "
    "For your project: `folkmoot init`, then `folkmoot doctor`.",
)
config_app = typer.Typer(cls=Verbs, no_args_is_help=True, help="Check the configuration.", rich_markup_mode=None)
pr_app = typer.Typer(
    cls=Verbs, no_args_is_help=True, help="The draft pull requests of local repositories.", rich_markup_mode=None
)
app.add_typer(config_app, name="config")
app.add_typer(pr_app, name="pr")
app.add_typer(policy_app, name="policy")
app.add_typer(roster_app, name="roster")
app.add_typer(github_app, name="github")
app.add_typer(slack_app, name="slack")
app.add_typer(discord_app, name="discord")
app.add_typer(keeping_app)
app.add_typer(record_app)
app.add_typer(setup_app)


def _version(wanted: bool) -> None:
    if wanted:
        from bot import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def folkmoot(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version, and nothing else.")
    ] = False,
) -> None:
    """What holds for every verb; the help is that of the application."""


def main() -> None:
    """The `folkmoot` command."""
    app()


# --------------------------------------------------------------------------- running


@app.command()
def demo(
    headless: Annotated[bool, typer.Option("--headless", help="No browser: play the story, in seconds.")] = False,
    dir: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--dir", metavar="DIR", help="Where to put everything; must be empty. Default: a new folder."),
    ] = None,
    repository: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            "--repository",
            metavar="PATH",
            help="A clone of yours, instead of a sample. Only a new branch is written to it.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="With --headless: end with one line of JSON.")] = False,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The page's port; 0 takes a free one.")] = 8733,
) -> None:
    """Try a whole candidacy, from the nomination to the draft pull request, with no tokens.

    Without --headless it opens the maintainers' channel as a page on this machine and prints its address.
    """
    import asyncio

    from bot import demo as demos
    from bot.logs import configure

    configure("text", level="error" if headless else "warning")
    with _told():
        stage = demos.prepare(dir, repository, port=port)
        typer.echo(f"Folder: {stage.folder}")
        if not headless:
            asyncio.run(demos.require_roster(stage))
            _serve_until_interrupted(
                stage.config, "Stop with Ctrl-C. Everything stays in the folder.", accept_lost=True
            )
            return
        summary = asyncio.run(demos.headless(stage, typer.echo))
        typer.echo(demos.ending(stage, summary))
        if as_json:
            typer.echo(json.dumps(summary, ensure_ascii=False))


@app.command()
def serve(
    config: ConfigFile = DEFAULT_CONFIG,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Print every post and every draft instead, from a copy of the ledger."),
    ] = False,
    accept_lost: Annotated[
        bool,
        typer.Option("--accept-lost", help="Start although something was published that the ledger has not got."),
    ] = False,
) -> None:
    """Run the bot until it is stopped (SIGTERM or Ctrl-C): it finishes what it is doing, within ten seconds.

    With --dry-run it works on a copy of the ledger, connects to no platform and writes nothing anywhere: it prints what
    it would post and which drafts it would open. Repositories are read. It can run beside the bot.
    """
    from bot import config as configs
    from bot.logs import configure

    with _told():
        loaded = configs.load(config)
        configure(loaded.folkmoot.log)
        _serve_until_interrupted(loaded, "Stop with Ctrl-C.", dry=dry_run, accept_lost=accept_lost)


def _serve_until_interrupted(config: object, hint: str, *, dry: bool = False, accept_lost: bool = False) -> None:
    """Serve until a signal comes."""
    import asyncio
    import signal

    from bot.config import Config

    if not isinstance(config, Config):
        raise TypeError("not a configuration")

    async def run() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        typer.echo(hint)
        tell = typer.echo
        if dry:
            from bot.wiring.rehearsal import rehearse_until

            await rehearse_until(config, tell=tell, stop=stop)
        else:
            from bot.serving import run_until

            await run_until(config, tell=tell, stop=stop, accept_lost=accept_lost)

    asyncio.run(run())


# --------------------------------------------------------------------------- reading


@config_app.command("check")
def config_check(config: ConfigFile = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Check the configuration, its policies and its rosters; every mistake with file, line and what to write."""
    import asyncio

    from bot.checking import check

    with _told():
        findings = asyncio.run(check(config))
        if as_json:
            typer.echo(json.dumps({"ok": findings.good, "lines": findings.lines}, ensure_ascii=False, indent=2))
        else:
            typer.echo("\n".join(findings.lines))
        if not findings.good:
            raise typer.Exit(FAILED)


@app.command()
def status(config: ConfigFile = DEFAULT_CONFIG, ledger: LedgerFile = None, as_json: AsJson = False) -> None:
    """Show the motions that have not ended, and what could not be delivered. Works while the bot runs."""
    from bot import reports

    with _told():
        _print(reports.status(_ledger(config, ledger)), as_json)


@app.command()
def show(
    number: Number, config: ConfigFile = DEFAULT_CONFIG, ledger: LedgerFile = None, as_json: AsJson = False
) -> None:
    """Show a motion: the poll as members see it, and every event of it."""
    from bot import reports

    with _told():
        _print(reports.show(_ledger(config, ledger), number), as_json)


@app.command()
def tally(
    number: Number, config: ConfigFile = DEFAULT_CONFIG, ledger: LedgerFile = None, as_json: AsJson = False
) -> None:
    """Count a motion again from every ballot, with the arithmetic."""
    from bot import reports

    with _told():
        _print(reports.count(_ledger(config, ledger), number), as_json)


@app.command()
def minutes(
    number: Number, config: ConfigFile = DEFAULT_CONFIG, ledger: LedgerFile = None, as_json: AsJson = False
) -> None:
    """Print the minutes of a motion that has carried: the body of its pull request, in Markdown."""
    from bot import reports

    with _told():
        body = reports.minutes(_ledger(config, ledger), number)
        typer.echo(
            json.dumps({"motion": number, "body": body}, ensure_ascii=False) + "\n" if as_json else body, nl=False
        )


@app.command()
def activity(
    which: Annotated[
        str, typer.Argument(metavar="WHAT", help="review: the maintainers. candidates: who else is regular.")
    ] = "review",
    repository: Annotated[
        str, typer.Option("--repository", metavar="NAME", help="Which one; the first if not said.")
    ] = "",
    config: ConfigFile = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Show who did what in the repository's history, as /moot review and /moot candidates do. Keep it private."""
    import asyncio

    from bot import activities

    if which not in {"review", "candidates"}:
        _fail(f"{which}: write review or candidates", MISUSED)
    with _told():
        _print(asyncio.run(activities.shown(config, repository, which)), as_json)


@pr_app.command("show")
def pr_show(number: Number, config: ConfigFile = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Print a draft's title, branch, state, body and diff."""
    import asyncio

    from bot import drafts

    with _told():
        _print(asyncio.run(drafts.shown(config, number)), as_json)


@pr_app.command("patch")
def pr_patch(number: Number, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Print a draft as a patch for `git am`."""
    import asyncio

    from bot import drafts

    with _told():
        sys.stdout.write(asyncio.run(drafts.patch(config, number)))
