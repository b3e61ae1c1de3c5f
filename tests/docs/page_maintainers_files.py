"""docs/reference/maintainers-files.md: every format, from its class, with an example and an edit of it."""

from __future__ import annotations

import difflib
from typing import Final

from adapters.rosterfile import FORMATS
from bot.ports import RosterChange, RosterFormat
from tests.docs.files import ROOT
from tests.docs.markdown import code, fence, page, prose

EXAMPLES: Final = ROOT / "tests" / "data" / "rosters"
_FIELDS: Final = ("login", "name", "email", "company")
_SHOWN: Final[dict[str, tuple[str, str, str]]] = {
    "csv-hash": ("csvhash/MAINTAINERS-moby", "REVIEWERS", "The heading in capitals: `MAINTAINERS`, `REVIEWERS`."),
    "toml-moby": (
        "toml/MAINTAINERS",
        "Org.Curators",
        "The table's path with dots, without quotes: `Org.Core maintainers`. The last part alone will do.",
    ),
    "owners": (
        "owners/OWNERS",
        "approvers",
        "The key, or the path of keys with slashes: `approvers`. The keys `approvers`, `reviewers`, "
        "`emeritus_approvers` and `emeritus_reviewers` are added with their first person. "
        "Entries that are aliases of an `OWNERS_ALIASES` file "
        "are read as logins: point Folkmoot at that file instead.",
    ),
    "aliases": ("aliases/OWNERS_ALIASES", "aliases/mill-leads", "`aliases/` and the alias; the alias alone will do."),
    "codeowners": (
        "codeowners/CODEOWNERS",
        "/wheel",
        "The pattern. A pattern that is not there is never added, because its place decides which others it overrides; "
        "the last owner leaving leaves the pattern with none. Teams are left alone.",
    ),
    "md-table": (
        "mdtable/MAINTAINERS.md",
        "Maintainers",
        "The heading above the table, or the `<summary>` that it is folded under. A column that says nothing of the "
        "person stays empty, unless three rows or more have the same in it.",
    ),
    "md-list": (
        "mdlist/MAINTAINERS.md",
        "Maintainers",
        "The heading above the list; with a line that leads in, ` / ` and that line; behind a label such as `wheel`, "
        "` / ` and the label. The last part alone will do where no other section has it. A label that is not there is "
        "never added; the last person behind a label takes its line along.",
    ),
    "plain": (
        "plain/MAINTAINERS",
        "MAINTAINERS",
        "The comment in capitals above the lines, or a label before a colon; nothing where there is one list without "
        "a heading.",
    ),
    "csv-header": (
        "csvheader/steering.csv",
        "steering",
        "The file's name without its ending. Columns are known by their titles: `github_username`, `login`, `name`, "
        "`email`, `company`, `affiliation` and their likes; others stay empty in a new row.",
    ),
}


def maintainers_files() -> str:
    """The page."""
    return page(
        "Maintainers files",
        "adapters/rosterfile",
        "The formats that Folkmoot reads and edits. It finds a file's format by name and content; where several fit, "
        "or none, it says so and asks for `format` in [the configuration](configuration.md). How to point it at a "
        "file: [your maintainers file](../how-to/maintainers-file.md).",
        _promise(),
        *(_section(form) for form in FORMATS),
    )


def _promise() -> str:
    return (
        "## What every format promises\n\n"
        "- An edit is a splice: every other byte stays, line ends, tabs, padding, quotes, comments and order.\n"
        "- A new record is written as its neighbours are. A sorted list stays sorted; any other is appended to.\n"
        "- The edited file is read again. Unless exactly one person's record differs, nothing is changed, and the "
        "reason is given with file and line.\n"
        "- A value with a control, bidirectional or invisible character, or one that separates values in the format, "
        "is refused. So are symbolic links, files over 1 MiB (Markdown: 256 KiB) and lines over 10 000 characters.\n"
        "- What cannot be read for certain is an error, never a guess: a person without a forge login can be shown and "
        "edited, but as long as they stand among the maintainers no vote opens."
    )


def _section(form: RosterFormat) -> str:
    file, section, called = _SHOWN[form.name]
    text = (EXAMPLES / file).read_text(encoding="utf-8")
    needs = " and ".join(field for field in _FIELDS if field in form.needs)
    needs = needs or "login" + " or name"
    holds = ", ".join(field for field in _FIELDS if field in form.holds)
    return "\n\n".join(
        (
            f"## {code(form.name)}",
            prose(form.__class__.__doc__ or ""),
            f"- Found by: {prose(form.recognises.__doc__ or '').removeprefix('Whether ')}\n"
            f"- A section is called by: {called}\n"
            f"- To add somebody it needs: {needs}. It can hold: {holds}.",
            f"{code(file.rpartition('/')[2])}, and what adding somebody to {code(section)} makes of it:",
            fence(text),
            fence(_diff(form, file, text, section), "diff"),
        )
    )


def _diff(form: RosterFormat, file: str, text: str, section: str) -> str:
    """What one addition changes."""
    change = RosterChange(
        action="add", sections=(section,), login="brita", name="Brita Sund", email="brita@example.org", company="Lind"
    )
    name = file.rpartition("/")[2]
    after = form.edit(path=file, data=text.encode(), change=change).decode()
    return "\n".join(difflib.unified_diff(text.splitlines(), after.splitlines(), name, name, n=1, lineterm=""))
