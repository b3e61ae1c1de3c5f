"""The verbs that keep the record: verify, export, backup, restore, erase. They only read arguments and print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from bot.cli_shared import (
    DEFAULT_CONFIG,
    FAILED,
    MISUSED,
    AsJson,
    ConfigFile,
    DryRun,
    LedgerFile,
    fail,
    ledger_file,
    print_report,
    sure,
    told,
)

keeping_app = typer.Typer(rich_markup_mode=None)


@keeping_app.command()
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
    from bot.progress import bars

    with told():
        try:
            with bars() as step:
                report = (
                    proofs.verified_bundle(bundle, against)
                    if bundle is not None
                    else proofs.verified(ledger_file(config, ledger), against, progress=step("Checking the ledger"))
                )
        except ValueError as error:
            fail(str(error), MISUSED)
        else:
            print_report(report, as_json)
            if not report.good:
                raise typer.Exit(FAILED)


@keeping_app.command()
def export(
    number: Annotated[
        Optional[int],  # noqa: UP045
        typer.Argument(min=1, metavar="N", help="Only this motion, as data that proves nothing by itself."),
    ] = None,
    config: ConfigFile = DEFAULT_CONFIG,
    ledger: LedgerFile = None,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            "--out",
            "--output",
            "-o",
            metavar="FILE",
            help="A new file to write; else it is printed.",
        ),
    ] = None,
    without_texts: Annotated[
        bool, typer.Option("--without-texts", help="Leave out names and everything that was typed.")
    ] = False,
    format: Annotated[
        str, typer.Option("--format", help="With N: json, the motion and its events, or csv, one ballot a row.")
    ] = "json",
) -> None:
    """Export the ledger as one JSON document that `folkmoot verify BUNDLE` checks with no database.

    It holds names, reasons and every ballot, those of blinded votes too: keep it as private as the ledger. Without
    texts the ballots stand under random ids. Works while the bot runs.
    """
    if format not in {"json", "csv"}:
        fail(f"--format {format}: write json or csv", MISUSED)
    with told():
        if number is not None:
            from bot import files, reports

            text = reports.export(ledger_file(config, ledger), number, format)
            if out is None:
                typer.echo(text, nl=False)
            else:
                with files.new(out) as file:
                    file.write(text)
            return
        from bot import proofs

        said = proofs.exported(ledger_file(config, ledger), out, texts=not without_texts)
        if said:
            typer.echo(said)


@keeping_app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The copy to make; must not exist.")],
    config: ConfigFile = DEFAULT_CONFIG,
    ledger: LedgerFile = None,
) -> None:
    """Copy the ledger while the bot runs. The copy is whole, and checked."""
    from bot.wiring import copy_ledger

    with told():
        copy_ledger(ledger_file(config, ledger), file)
        typer.echo(f"{file}: a whole copy, checked.")


@keeping_app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A copy that folkmoot backup made.")],
    config: ConfigFile = DEFAULT_CONFIG,
    ledger: LedgerFile = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Put a backup in the ledger's place. Stop the bot first; the ledger that is there is kept aside.

    The backup is checked before anything is touched.
    """
    from bot import keeping

    with told():
        target = ledger_file(config, ledger, there=False)
        keeping.restored(file, target, tell=typer.echo, sure=sure(yes), dry=dry_run)


@keeping_app.command()
def erase(
    who: Annotated[str, typer.Argument(metavar="WHO", help="@login, an account such as slack:T0123/U0456, or an id.")],
    config: ConfigFile = DEFAULT_CONFIG,
    ledger: LedgerFile = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Erase a person: names, logins, mail, accounts and reasons. Stop the bot first; it cannot be undone.

    The log still verifies, and their ballots stay counted. Refused while a motion that has not ended needs them.
    """
    from bot import config as configs
    from bot import keeping

    with told():
        loaded = None if ledger is not None else configs.load(config)
        keeping.erased(who, ledger_file(config, ledger), loaded, tell=typer.echo, sure=sure(yes), dry=dry_run)
