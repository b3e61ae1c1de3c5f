"""Markdown tables, a person a row: `| Name | [@login](url) | Company |`. Edits one row and pads no other.

Must never invent what a column is about: a column that says nothing of the person stays empty, unless all rows agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from adapters.rosterfile.columns import COLUMNS, columns_of
from adapters.rosterfile.editing import SpliceFormat
from adapters.rosterfile.mdblocks import MAX_BYTES, Grid, Place, blocks
from adapters.rosterfile.mdpeople import person
from adapters.rosterfile.placing import NAMES_FIRST, successor
from adapters.rosterfile.records import Record, Section, Sheet, Who
from adapters.rosterfile.shapes import MARKS, best, rendered
from adapters.rosterfile.text import Splice, Text, lines_in, opened, refuse
from bot.ports import PersonField, RosterError

_CELL: Final = re.compile(r"((?:[^|\\]|\\.)*)(\||$)", re.DOTALL)
_LINK: Final = re.compile(r"\[([^\[\]]*)\]\(([^()]*)\)")
_BARE: Final = re.compile(r"@?([A-Za-z0-9_-]{1,39})")
AGREED: Final = 3
"""From how many rows on a cell that is the same in all of them is taken over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row's cells as they stand, with the space around them, and whether pipes enclose it."""

    indent: str
    cells: tuple[str, ...]
    opens: bool
    closes: bool
    tail: str = ""


class MdTable(SpliceFormat):
    """A table under a heading, its columns known by their titles."""

    name: str = "md-table"
    needs: frozenset[PersonField] = frozenset()
    holds: frozenset[PersonField] = frozenset({"login", "name", "email", "company"})
    delimiters: str = "|<>[]`*_\\@"
    largest: int = MAX_BYTES

    def recognises(self, *, path: str, data: bytes) -> bool:
        """Whether it is Markdown with a table that has a person in it."""
        if len(data) > MAX_BYTES or b"|" not in data or b"--" not in data:
            return False
        if PurePosixPath(path).suffix not in {"", ".md", ".markdown"}:
            return False
        try:
            return any(record.login or record.email for record in self.parse(path, data).records)
        except RosterError:
            return False

    def parse(self, path: str, data: bytes) -> Sheet:
        """Every table with a column for names or logins. Raises RosterError for a row without anybody."""
        text = opened(path, data)
        grids = blocks(text).grids
        sections: list[Section] = []
        for grid in grids:
            columns = columns_of([cell.strip() for cell in row_of(text.bare(grid.index)).cells])
            if "login" in columns or "name" in columns:
                shared = sum(other.place.heading == grid.place.heading for other in grids) > 1
                sections.append(_section(text, grid, columns, name=section_name(grid.place, lead=shared)))
        return Sheet(text=text, sections=tuple(sections))

    def put(self, sheet: Sheet, section: Section, who: Who, like: Record | None) -> list[Splice]:
        """A row in the order that the table has, else its last; each cell in the shape of the cells above it."""
        if "login" in section.details and not who.login:
            refuse(sheet.text.path, section.index + 1, "the table has a column for logins", "give the login")
        rows = [row_of(sheet.text.bare(record.index)) for record in section.records]
        header = row_of(sheet.text.bare(section.start))
        others = rows or [row for each in sheet.sections for row in _rows(sheet.text, each)]
        cells = [_cell(section, at, who, rows or others, sheet, like) for at in range(len(section.details))]
        line = _line(cells, rows, header, sheet.text.bare(section.start + 1))
        keys = NAMES_FIRST if "name" in section.details else NAMES_FIRST[2:]
        before = successor(section.records, who, keys)
        last = section.records[-1].index + 1 if section.records else section.body
        at = before.index if before is not None else last
        return [lines_in(sheet.text, at, [line], like=last - 1)]


def section_name(place: Place, *, lead: bool) -> str:
    """What a table or list is called: its heading, and with it the line that leads it in where that tells it apart."""
    return f"{place.heading} / {place.lead}" if lead and place.lead else place.heading


def aliases_of(place: Place, name: str) -> tuple[str, ...]:
    """Other names of what stands there."""
    path = " / ".join((*place.parents, place.heading))
    names = (place.heading, place.lead, path, f"{path} / {place.lead}" if place.lead else "")
    return tuple(dict.fromkeys(each for each in names if each and each != name))


def row_of(line: str) -> Row:
    """A line of a table, cut at its pipes. Linear in its length."""
    body = line.lstrip(" \t")
    indent, opens = line[: len(line) - len(body)], body.startswith("|")
    at, cells, closes = int(opens), [], False
    while at < len(body):
        match = _CELL.match(body, at)
        if match is None:
            cells.append(body[at:])
            break
        at = match.end()
        closes = match[2] == "|"
        if closes or match[1].strip():
            cells.append(match[1])
    tail = body[len(body.rstrip()) :] if closes else ""
    return Row(indent=indent, cells=tuple(cells), opens=opens, closes=closes, tail=tail)


def _rows(text: Text, section: Section) -> list[Row]:
    return [row_of(text.bare(record.index)) for record in section.records]


def _section(text: Text, grid: Grid, columns: list[str], *, name: str) -> Section:
    section = Section(
        name=name,
        index=grid.place.index if grid.place.heading else grid.index,
        body=grid.index + 2,
        aliases=aliases_of(grid.place, name),
        details=tuple(columns),
        start=grid.index,
    )
    for index in range(grid.index + 2, grid.stop):
        row = row_of(text.bare(index))
        if any(cell.strip() for cell in row.cells):
            section.records.append(_record(text, index, row, section))
    return section


def _record(text: Text, index: int, row: Row, section: Section) -> Record:
    said: dict[str, str] = {}
    extra: list[str] = []
    for at, cell in enumerate(row.cells):
        column = section.details[at] if at < len(section.details) else ""
        if column not in COLUMNS:
            extra.append(cell.strip())
            continue
        who = person(cell.strip()) or Who()
        value = getattr(who, column)
        if column == "company" or (not value and column != "login"):
            value = _LINK.sub(r"\1", cell.strip()).strip("*_` ")
        if column == "login" and _BARE.fullmatch(who.name):
            value = who.name.removeprefix("@")
        elif column == "login" and not value:
            bare = _BARE.fullmatch(cell.strip().strip("`"))
            value = bare[1] if bare is not None else ""
            extra += [] if bare is not None else [cell.strip()]
        said[column] = value
        if column in ("name", "login"):
            said.setdefault("email", who.email)
            said["login"] = said.get("login") or who.login
    if not any(said.get(column) for column in ("login", "name", "email")):
        refuse(text.path, index + 1, "this row names nobody", "write a name or a login, or delete the row")
    return Record(
        section=section.name,
        login=said.get("login", ""),
        name=said.get("name", ""),
        email=said.get("email", ""),
        company=said.get("company", ""),
        extra=tuple(extra),
        index=index,
    )


def _cell(section: Section, at: int, who: Who, rows: list[Row], sheet: Sheet, like: Record | None) -> str:
    """What this column says of the person, in the shape that it says it of others."""
    column = section.details[at]
    present = [row.cells[at].strip() for row in reversed(rows) if at < len(row.cells)]
    if column not in COLUMNS:
        carried = _carried(sheet, section, at, like)
        same = len(present) >= AGREED and len(set(present)) == 1
        return carried or (present[0] if same else "")
    if column == "company":
        return _company(who.company, present)
    if column == "email":
        shapes = [shape for cell in present if (found := person(cell)) and (shape := found.shape)]
        return rendered(best(shapes, who) or "\x03", who) if who.email else ""
    shapes = [found.shape for cell in present if (found := person(cell))]
    if column == "login":
        shapes = [shape for shape in shapes if MARKS["name"] not in shape]
    if column == "name":
        return rendered(best(shapes, who) or "\x02", who) if shapes else who.name or who.login
    bare = next((cell for cell in present if _BARE.fullmatch(cell)), "")
    return rendered(best(shapes, who) or ("@\x01" if bare.startswith("@") or not bare else "\x01"), who)


def _carried(sheet: Sheet, section: Section, at: int, like: Record | None) -> str:
    """The cell of the row that is moved, if its table has the column too."""
    if like is None:
        return ""
    source = next((each for each in sheet.sections if each.name == like.section), None)
    title = section.details[at]
    if source is None or title not in source.details:
        return ""
    known = [column for column in source.details if column not in COLUMNS]
    place = known.index(title)
    return like.extra[place] if place < len(like.extra) else ""


def _company(company: str, present: list[str]) -> str:
    """The company as another row has it, with its link; else as it is."""
    same = next((cell for cell in present if _LINK.sub(r"\1", cell).casefold() == company.casefold()), "")
    return same or company


def _line(cells: list[str], rows: list[Row], header: Row, rule: str) -> str:
    """The row, padded to the columns' widths where all rows keep to them, else spaced as the last row is."""
    style = rows[-1] if rows else header
    widths = [len(cell) for cell in header.cells]
    ruled = [len(cell) for cell in row_of(rule).cells]
    alike = [[len(cell) for cell in row.cells] == widths for row in rows]
    aligned = len(set(widths)) > 1 and (2 * sum(alike) > len(rows) if rows else ruled == widths)
    parts = []
    for at, cell in enumerate(cells):
        padded = f" {cell} "
        parts.append(padded.ljust(widths[at]) if aligned and at < len(widths) else padded)
    opens, closes = style.opens or not rows, style.closes or not rows
    line = style.indent + ("|" if opens else "") + "|".join(parts)
    return f"{line}|" if closes else line.rstrip()
