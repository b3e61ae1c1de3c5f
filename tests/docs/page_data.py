"""docs/reference/data.md and its JSON Schema: the columns of `folkmoot data`, from bot/datacolumns.py."""

from __future__ import annotations

import json

from bot.datacolumns import BALLOTS, MOTIONS, TALLIES, VERSION, WINDOWS, Column, json_schema
from tests.docs.markdown import choices, code, page, table

_HEAD = ("Column", "Type", "Can be empty", "Meaning")


def data() -> str:
    """The page."""
    return page(
        "Data",
        "bot/datacolumns.py",
        "`folkmoot data` gives motions, windows and tallies for spreadsheets and programs: without options what may be "
        "known outside the maintainers' channels, with `--private` all but contacts and practice. Ballots are in it "
        "only with `--ballots`: by login, without reasons, and never those of a blinded vote.",
        f"This is version {VERSION} of the schema. A new column does not change the version; a column that goes away "
        "or changes its meaning does. Instants are RFC 3339 in UTC.",
        "`--format json` is one document, held to [data.schema.json](data.schema.json) (`folkmoot data --schema` "
        "prints it): `schema`, `log_head`, `motions` with a `window` and a `tally` each, and `ballots`. `--format csv` "
        "has one motion a row, with all the columns below in this order; with `--ballots` one ballot a row. A text "
        "that a spreadsheet would take for a formula begins with an apostrophe there.",
        _section("Motions", MOTIONS),
        _section("Windows", WINDOWS),
        _section("Tallies", TALLIES),
        _section("Ballots", BALLOTS),
    )


def data_schema() -> str:
    """The JSON Schema's file."""
    return json.dumps(json_schema(), indent=2) + "\n"


def _section(name: str, columns: tuple[Column, ...]) -> str:
    rows = [
        (code(each.name), choices(each.choices) if each.choices else each.type, "yes" if each.empty else "", each.help)
        for each in columns
    ]
    return f"## {name}\n\n{table(_HEAD, rows)}"
