"""`folkmoot policy`: check, explain, compare and lint governance policies. It only reads arguments and prints."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from bot.cli_help import Verbs
from bot.cli_shared import fitted

if TYPE_CHECKING:
    from bot.core.policy import Rulebook
    from bot.policytools.recount import Recounted

policy_app = typer.Typer(
    cls=Verbs,
    no_args_is_help=True,
    help="Check, explain, compare and lint governance policies.",
    rich_markup_mode=None,
)

MISUSED, FAILED = 2, 1
LARGEST = 1_000
Name = Annotated[str, typer.Argument(metavar="FILE|NAME", help="A policy's file, or the name of a shipped one.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")]
Electorate = Annotated[
    Optional[int],  # noqa: UP045 - typer reads the annotation at run time
    typer.Option("--electorate", "-n", min=1, max=LARGEST, metavar="N", help="For a roster of N maintainers."),
]


@contextmanager
def _told() -> Iterator[None]:
    """Turn the errors that an operator can mend into a sentence and an exit code; anything else is our bug."""
    from bot.rulebooks import Mistaken

    try:
        yield
    except Mistaken as error:
        _fail(str(error), MISUSED)
    except LookupError as error:
        _fail(str(error).strip("'\""), MISUSED)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _fail(f"{where}{error.strerror or error}", FAILED)


def _fail(text: str, code: int) -> None:
    typer.echo(f"folkmoot: {text}", err=True)
    raise typer.Exit(code)


def _print(text: str, data: object, as_json: bool) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2) if as_json else fitted(text))


@policy_app.command("check")
def check(policy: Name, as_json: AsJson = False) -> None:
    """Check a policy; every mistake with file, line and what to write. Exit code 2 if there is one."""
    from bot.policytools.source import read

    with _told():
        source = read(policy)
        motions = source.rulebook.motions
        kinds = f"{len(motions)} kinds of motion" if len(motions) != 1 else "1 kind of motion"
        names = [each.motion for each in motions]
        data = {"ok": True, "policy": source.label, "motions": names}
        _print(f"✓ {source.label}: {kinds}: {', '.join(names)}", data, as_json)


@policy_app.command("explain")
def explain(
    policy: Name,
    motion: Annotated[str, typer.Option("--motion", metavar="KIND", help="Only this kind of motion.")] = "",
    electorate: Electorate = None,
    as_json: AsJson = False,
) -> None:
    """Say a policy in plain words, with the number of yes that it takes: for N maintainers, or for 1 to 15."""
    from bot.policytools import explain as explaining
    from bot.policytools.source import read

    with _told():
        explained = explaining.explain(read(policy).rulebook, motion=motion, electorate=electorate)
        _print(explaining.as_text(explained), explaining.as_data(explained), as_json)


@policy_app.command("diff")
def diff(
    old: Annotated[str, typer.Argument(metavar="A", help="The policy that is in force: a file or a shipped name.")],
    new: Annotated[str, typer.Argument(metavar="B", help="The policy to compare it with.")],
    ledger: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--ledger", metavar="FILE", help="Count the past motions of this ledger again, under B."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what differs between two policies, and with a ledger which results would have been others."""
    from bot.policytools import diff as comparing
    from bot.policytools.source import read

    with _told():
        before, after = read(old).rulebook, read(new).rulebook
        changes = comparing.compare(before, after)
        recounted = _recounted(ledger, before.name, after) if ledger is not None else None
        _print(comparing.as_text(changes, recounted), comparing.as_data(changes, recounted), as_json)


def _recounted(ledger: Path, name: str, after: Rulebook) -> Recounted:
    """The past motions under the other policy."""
    from sqlite3 import DatabaseError

    from bot.policytools.recount import recount_all
    from bot.wiring import LedgerError, read_ledger

    if not ledger.is_file():
        _fail(f"{ledger}: there is no ledger. Name the file that the configuration names.", FAILED)
    try:
        return recount_all(read_ledger(ledger), name, after)
    except (LedgerError, DatabaseError) as error:
        _fail(f"{ledger}: {error}", FAILED)
        raise


@policy_app.command("lint")
def lint(
    policy: Name,
    electorate: Electorate = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit code 1 if there is a warning.")] = False,
    as_json: AsJson = False,
) -> None:
    """Warn about what a policy allows and nobody may have meant; each with the reason and a remedy."""
    from bot.policytools import lint as linting
    from bot.policytools.source import read

    with _told():
        source = read(policy)
        found = linting.lint(source.rulebook, electorate=electorate)
        _print(linting.as_text(found, source), linting.as_data(found, source), as_json)
        if found and strict:
            raise typer.Exit(FAILED)
