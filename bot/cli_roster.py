"""`folkmoot roster`: shows a maintainers file and edits one record of it. It only reads arguments and prints."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Optional

import typer

from bot.cli_help import Verbs

roster_app = typer.Typer(
    cls=Verbs,
    no_args_is_help=True,
    help="Show a maintainers file, or edit one record of it.",
    rich_markup_mode=None,
)

MISUSED, FAILED, REFUSED = 2, 1, 3
ACTIONS = ("add", "remove", "move")
File = Annotated[Path, typer.Argument(metavar="FILE", help="The maintainers file. A symbolic link is refused.")]
Format = Annotated[
    str, typer.Option("--format", metavar="F", help="Its format; auto: found by the file's name and content.")
]


@contextmanager
def _told() -> Iterator[None]:
    """Turn a refusal into a sentence with file, line and remedy, and exit code 3."""
    from bot.ports import RosterError

    try:
        yield
    except RosterError as error:
        _fail(f"{error}. Nothing was changed. {error.remedy[:1].upper()}{error.remedy[1:]}.", REFUSED)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _fail(f"{where}{error.strerror or error}", FAILED)


def _fail(text: str, code: int) -> None:
    typer.echo(f"folkmoot: {text}", err=True)
    raise typer.Exit(code)


@roster_app.command("show")
def show(
    file: File,
    format: Format = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")] = False,
) -> None:
    """Show who is in a maintainers file, section by section, as Folkmoot reads it. Exit code 3 if it cannot be read."""
    from bot import rosterfiles

    with _told():
        shown = rosterfiles.show(file, named=format)
        typer.echo(json.dumps(shown.data, ensure_ascii=False, indent=2) if as_json else shown.text)


@roster_app.command("apply")
def apply(
    file: File,
    action: Annotated[str, typer.Option("--action", metavar="A", help="add, remove or move.")],
    role: Annotated[
        Optional[list[str]],  # noqa: UP045 - typer reads the annotation at run time
        typer.Option("--role", metavar="SECTION", help="The section, as the file calls it; repeat it for several."),
    ] = None,
    from_role: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--from-role", metavar="SECTION", help="With move: the section they leave; repeatable."),
    ] = None,
    to: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--to", metavar="FILE", help="With move: the other file that they go to."),
    ] = None,
    github: Annotated[str, typer.Option("--github", metavar="LOGIN", help="The person's forge login.")] = "",
    name: Annotated[str, typer.Option("--name", metavar="N", help="Their name.")] = "",
    email: Annotated[str, typer.Option("--email", metavar="E", help="Their mail address.")] = "",
    company: Annotated[str, typer.Option("--company", metavar="C", help="Their company.")] = "",
    format: Format = "auto",
    in_place: Annotated[bool, typer.Option("--in-place", help="Write the file instead of printing it.")] = False,
) -> None:
    """Add, remove or move one person, changing no other byte; prints the new file, or writes it with --in-place.

    Exit code 3, and nothing is changed, where the edit is not certain: the reason is on standard error.
    With --to and without --in-place both files are printed, each under a line with its name.
    """
    from bot import rosterfiles
    from bot.ports import RosterChange

    if action not in ACTIONS:
        _fail(f"--action {action}: write {', '.join(ACTIONS[:-1])} or {ACTIONS[-1]}", MISUSED)
    if action != "move" and (to is not None or from_role):
        _fail(f"--{'to' if to is not None else 'from-role'} belongs to --action move", MISUSED)
    change = RosterChange(
        action="add" if action == "add" else "remove" if action == "remove" else "move",
        sections=tuple(role or ()),
        sources=tuple(from_role or ()),
        login=github,
        name=name,
        email=email,
        company=company,
    )
    with _told():
        edited = rosterfiles.apply(file, change, to=to, named=format)
        for each in edited:
            for field in each.unheld:
                typer.echo(f"folkmoot: {each.path}: the format has no place for the {field}; it is left out.", err=True)
        if in_place:
            rosterfiles.write(edited)
            return
        for each in edited:
            if len(edited) > 1:
                typer.echo(f"==> {each.path} <==")
            typer.echo(each.data, nl=False)
