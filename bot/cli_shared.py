"""What all verbs of the command line share: the common options, the errors in words, the ledger's file, printing."""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn, Optional

import typer

MISUSED, FAILED = 2, 1
ConfigFile = Annotated[
    Path,
    typer.Option("--config", "-c", envvar="FOLKMOOT_CONFIG", help="The configuration, as config.example.toml shows."),
]
LedgerFile = Annotated[
    Optional[Path],  # noqa: UP045 - typer reads the annotation at run time
    typer.Option("--ledger", envvar="FOLKMOOT_LEDGER", help="The ledger's file, instead of the configured one."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")]
Number = Annotated[int, typer.Argument(min=1, help="The motion's number.", metavar="N")]
DEFAULT_CONFIG = Path("config.toml")


@contextmanager
def told() -> Iterator[None]:
    """Turn the errors that an operator can mend into a sentence and an exit code; anything else is our bug."""
    from bot.credentials import SecretMissing
    from bot.demo import DemoError
    from bot.ports import ForgeError, PlatformError, RosterError
    from bot.rulebooks import Mistaken
    from bot.wiring import LedgerError

    try:
        yield
    except Mistaken as error:
        fail(str(error), MISUSED)
    except ForgeError as error:
        fail(f"{error.what}. {error.remedy}".strip(), FAILED)
    except RosterError as error:
        fail(f"{error}. {error.remedy}", FAILED)
    except PlatformError as error:
        fail(error.what, FAILED)
    except (DemoError, LedgerError, LookupError, SecretMissing) as error:
        fail(str(error).strip("'\""), FAILED)
    except OSError as error:
        fail(_of_system(error), FAILED)


def _of_system(error: OSError) -> str:
    """What the system refused, and what can be done about it where that is known."""
    if error.errno == errno.EADDRINUSE:
        where = re.search(r"\('([^']+)', (\d+)", str(error))
        address = f"{where[1]}:{where[2]}" if where else "the address"
        return f"{address} is in use by another program. Stop that one, or choose another port."
    return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error)


def fail(text: str, code: int) -> NoReturn:
    """Say what was wrong, and end with this exit code."""
    from bot.secrecy import redact

    typer.echo(f"folkmoot: {redact(text)}", err=True)
    raise typer.Exit(code)


def ledger_file(config: Path, ledger: Path | None, *, there: bool = True) -> Path:
    """The ledger's file: named, or configured."""
    from bot import config as configs

    path = ledger or configs.load(config).ledger
    if there and not path.is_file():
        raise LookupError(f"{path}: there is no ledger. Name it with --ledger, or the configuration with --config.")
    return path


def print_report(report: object, as_json: bool) -> None:
    """A report, as words or as JSON."""
    from bot.reports import Printed

    if not isinstance(report, Printed):
        raise TypeError("not a report")
    typer.echo(json.dumps(report.data, ensure_ascii=False, indent=2) if as_json else report.text)


def fitted(text: str) -> str:
    """The text as a terminal of this width shows it well: long lines broken between words, beneath their first word.

    What goes into a file or a pipe stays as it is.
    """
    import shutil
    import sys
    import textwrap

    if not sys.stdout.isatty():
        return text
    columns = max(40, shutil.get_terminal_size().columns)
    lines = []
    for line in text.splitlines():
        start = re.match(r" *(?:[A-Z][a-z]+(?: [a-z]+)?: +)?", line)
        hang = " " * (start.end() if start else 0)
        lines += textwrap.wrap(line, columns, subsequent_indent=hang, break_long_words=False) or [""]
    return "\n".join(lines)


DryRun = Annotated[bool, typer.Option("--dry-run", help="Check and say what would be done, and do nothing.")]


def sure(yes: bool) -> Callable[[str], bool]:
    """How the operator is asked: with --yes the answer is known; whoever cannot answer has not agreed."""

    def ask(question: str) -> bool:
        try:
            return yes or typer.confirm(question)
        except typer.Abort:
            typer.echo()
            return False

    return ask
