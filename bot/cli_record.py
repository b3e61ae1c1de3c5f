"""The verbs that take the record out of the ledger: `site`, `calendar`, `data`. They only read it, beside the bot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Optional

import typer

from bot.cli_shared import DEFAULT_CONFIG, MISUSED, AsJson, ConfigFile, LedgerFile, fail, ledger_file, told

record_app = typer.Typer(rich_markup_mode=None)
Output = Annotated[
    Optional[Path],  # noqa: UP045 - typer reads the annotation at run time
    typer.Option("--output", "-o", metavar="FILE", help="Write this file, in one step, instead of printing."),
]
Private = Annotated[
    bool, typer.Option("--private", help="Also what may not leave the maintainers' channels. Keep it as private.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be written, and write nothing.")]


@record_app.command()
def site(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="An empty folder, or one that this verb has written.")],
    config: ConfigFile = DEFAULT_CONFIG,
    ledger: LedgerFile = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Write the public governance record as web pages. Works while the bot runs; run it again to bring them up to date.

    Motions, counts, arithmetic, turnout, a feed and the deadlines: never who voted how, nor why, nor a motion that may
    not leave the maintainers' channels.
    """
    from bot import config as configs
    from bot.clocks import SystemClock
    from bot.progress import bars
    from bot.wiring.site import of_file, write_record

    with told():
        loaded = configs.load(config)
        source = of_file(ledger_file(config, ledger))
        with bars() as step:
            done = write_record(loaded, source, SystemClock().now, folder, dry=dry_run, progress=step)
        if as_json:
            data = {"written": done.written, "unchanged": len(done.unchanged), "removed": done.removed}
            typer.echo(json.dumps({**data, "dry_run": dry_run}, ensure_ascii=False, indent=2))
            return
        if dry_run:
            for path in done.written:
                typer.echo(f"Would write {path}")
            for path in done.removed:
                typer.echo(f"Would remove {path}")
        verb = "would be " if dry_run else ""
        typer.echo(
            f"{folder}: {len(done.written)} files {verb}written, {len(done.unchanged)} unchanged, "
            f"{len(done.removed)} {verb}removed."
        )


@record_app.command()
def calendar(
    config: ConfigFile = DEFAULT_CONFIG, ledger: LedgerFile = None, output: Output = None, private: Private = False
) -> None:
    """Print the deadlines as iCalendar: of the public motions, or with --private of all."""
    from bot import config as configs
    from bot.clocks import SystemClock
    from bot.files import put
    from bot.wiring.site import deadlines, of_file

    with told():
        source = of_file(ledger_file(config, ledger))
        base = configs.load(config).site.url if config.is_file() else ""
        put(deadlines(source, SystemClock().now(), base=base, private=private), output, private=private)


@record_app.command()
def data(
    format: Annotated[
        str, typer.Option("--format", metavar="F", help="json: one document. csv: one motion, or one ballot, a row.")
    ] = "json",
    config: ConfigFile = DEFAULT_CONFIG,
    ledger: LedgerFile = None,
    output: Output = None,
    private: Private = False,
    ballots: Annotated[
        bool,
        typer.Option("--ballots", help="With each ballot, by login; as CSV the ballots alone. Keep it private."),
    ] = False,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of the document instead.")] = False,
) -> None:
    """Print motions, windows and tallies as data: what is public, with --private all. The columns are documented.

    Reasons are never in it, nor who voted how in a blinded vote. To verify a result, use `folkmoot export`.
    """
    from bot import data as rows
    from bot.datacolumns import json_schema
    from bot.files import put
    from bot.progress import bars
    from bot.wiring.site import of_file

    if format not in {"json", "csv"}:
        fail(f"--format {format}: write json or csv", MISUSED)
    with told():
        if schema:
            put((json.dumps(json_schema(), indent=2) + "\n").encode(), output)
            return
        source = of_file(ledger_file(config, ledger))
        with bars() as step:
            found = rows.read(
                source.reader(), source.head(), private=private, ballots=ballots, progress=step("Reading the ledger")
            )
        put(rows.as_csv(found) if format == "csv" else rows.as_json(found), output, private=private or ballots)
