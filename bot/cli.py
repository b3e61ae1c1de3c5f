"""The command line. It only reads arguments and prints: everything heavy is imported inside the verb that needs it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Optional

import typer

from bot.cli_discord import discord_app
from bot.cli_github import github_app
from bot.cli_policy import policy_app
from bot.cli_record import record_app
from bot.cli_roster import roster_app
from bot.cli_shared import DEFAULT_CONFIG, FAILED, MISUSED, AsJson, ConfigFile, LedgerFile, Number
from bot.cli_shared import fail as _fail
from bot.cli_shared import ledger_file as _ledger
from bot.cli_shared import print_report as _print
from bot.cli_shared import told as _told

app = typer.Typer(
    name="folkmoot",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Folkmoot runs a project's written governance in its maintainers' channel: it announces, polls, reminds, "
    "counts exactly, records, and writes each result back as a draft pull request.\n\n"
    "Begin with `folkmoot demo`: no tokens, nothing to set up.",
)
config_app = typer.Typer(no_args_is_help=True, help="Check the configuration.", rich_markup_mode=None)
pr_app = typer.Typer(no_args_is_help=True, help="The draft pull requests of local repositories.", rich_markup_mode=None)
app.add_typer(config_app, name="config")
app.add_typer(pr_app, name="pr")
app.add_typer(policy_app, name="policy")
app.add_typer(roster_app, name="roster")
app.add_typer(github_app, name="github")
app.add_typer(discord_app, name="discord")
app.add_typer(record_app)


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
            _serve_until_interrupted(stage.config, "Stop with Ctrl-C. Everything stays in the folder.")
            return
        summary = asyncio.run(demos.headless(stage, typer.echo))
        typer.echo(demos.ending(stage, summary))
        if as_json:
            typer.echo(json.dumps(summary, ensure_ascii=False))


@app.command()
def serve(config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Run the bot until it is stopped (SIGTERM or Ctrl-C): it finishes what it is doing, within ten seconds."""
    from bot import config as configs
    from bot.logs import configure

    with _told():
        loaded = configs.load(config)
        configure(loaded.folkmoot.log)
        _serve_until_interrupted(loaded, "Stop with Ctrl-C.")


def _serve_until_interrupted(config: object, hint: str) -> None:
    """Serve until a signal comes."""
    import asyncio
    import signal

    from bot.config import Config
    from bot.serving import run_until

    if not isinstance(config, Config):
        raise TypeError("not a configuration")

    async def run() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        typer.echo(hint)
        await run_until(config, tell=lambda text: typer.echo(text), stop=stop)

    asyncio.run(run())


# --------------------------------------------------------------------------- reading


@config_app.command("check")
def config_check(config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Check the configuration, its policies and its rosters; every mistake with file, line and what to write."""
    import asyncio

    from bot.checking import check

    with _told():
        findings = asyncio.run(check(config))
        for finding in findings.lines:
            typer.echo(finding)
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
def minutes(number: Number, config: ConfigFile = DEFAULT_CONFIG, ledger: LedgerFile = None) -> None:
    """Print the minutes of a motion that has carried: the body of its pull request, in Markdown."""
    from bot import reports

    with _told():
        typer.echo(reports.minutes(_ledger(config, ledger), number), nl=False)


@app.command()
def verify(
    bundle: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Argument(metavar="BUNDLE", help="A file that folkmoot export wrote, instead of the ledger."),
    ] = None,
    against: Annotated[
        str,
        typer.Option("--against", metavar="HEAD", help="A published log head, or its first 12 digits or more."),
    ] = "",
    config: ConfigFile = DEFAULT_CONFIG,
    ledger: LedgerFile = None,
    as_json: AsJson = False,
) -> None:
    """Check the whole ledger: the hash chain, every text, every result recomputed, every projection replayed.

    With a BUNDLE the same is done with nothing but that file. Exit code 1 if anything differs, or if HEAD is not in
    the chain; each difference is named with its table and row.
    """
    from bot import proofs

    with _told():
        try:
            report = (
                proofs.verified_bundle(bundle, against)
                if bundle is not None
                else proofs.verified(_ledger(config, ledger), against)
            )
        except ValueError as error:
            _fail(str(error), MISUSED)
        else:
            _print(report, as_json)
            if not report.good:
                raise typer.Exit(FAILED)


@app.command()
def export(
    number: Annotated[
        Optional[int],  # noqa: UP045
        typer.Argument(min=1, metavar="N", help="Only this motion, as data that proves nothing by itself."),
    ] = None,
    config: ConfigFile = DEFAULT_CONFIG,
    ledger: LedgerFile = None,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--out", metavar="FILE", help="The file to write, which must not exist; else it is printed."),
    ] = None,
    without_texts: Annotated[
        bool, typer.Option("--without-texts", help="Leave out names and everything that was typed.")
    ] = False,
    format: Annotated[
        str, typer.Option("--format", help="With N: json, the motion and its events, or csv, one ballot a row.")
    ] = "json",
) -> None:
    """Export the ledger as one JSON document that `folkmoot verify BUNDLE` checks with no database.

    It holds names and reasons: keep it as private as the channel, or leave them out. Works while the bot runs.
    """
    if format not in {"json", "csv"}:
        _fail(f"--format {format}: write json or csv", MISUSED)
    with _told():
        if number is not None:
            from bot import reports

            typer.echo(reports.export(_ledger(config, ledger), number, format), nl=False)
            return
        from bot import proofs

        said = proofs.exported(_ledger(config, ledger), out, texts=not without_texts)
        if said:
            typer.echo(said)


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


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The copy to make; must not exist.")],
    config: ConfigFile = DEFAULT_CONFIG,
    ledger: LedgerFile = None,
) -> None:
    """Copy the ledger while the bot runs. The copy is whole, and checked."""
    from bot.wiring import copy_ledger

    with _told():
        copy_ledger(_ledger(config, ledger), file)
        typer.echo(f"{file}: a whole copy, checked.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A copy that folkmoot backup made.")],
    config: ConfigFile = DEFAULT_CONFIG,
    ledger: LedgerFile = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Put a backup in the ledger's place. Stop the bot first; the ledger that is there is kept aside.

    The backup is checked before anything is touched.
    """
    from bot import keeping

    with _told():
        keeping.restored(file, _ledger(config, ledger, there=False), tell=typer.echo, sure=_sure(yes))


@pr_app.command("show")
def pr_show(number: Number, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Print a draft's title, branch, state, body and diff."""
    import asyncio

    from bot import drafts

    with _told():
        typer.echo(asyncio.run(drafts.shown(config, number)), nl=False)


@pr_app.command("patch")
def pr_patch(number: Number, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Print a draft as a patch for `git am`."""
    import asyncio

    from bot import drafts

    with _told():
        sys.stdout.write(asyncio.run(drafts.patch(config, number)))


def _sure(yes: bool) -> Callable[[str], bool]:
    """How the operator is asked: with --yes the answer is known; whoever cannot answer has not agreed."""

    def ask(question: str) -> bool:
        try:
            return yes or typer.confirm(question)
        except typer.Abort:
            typer.echo()
            return False

    return ask
