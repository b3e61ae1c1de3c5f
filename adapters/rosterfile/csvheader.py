"""CSV with a header row that names its columns: one list, called as the file is. Edits one line of text.

Must never re-serialise: a row that is moved keeps its own cells' text where the columns are the same.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final

from adapters.rosterfile.columns import COLUMNS, columns_of
from adapters.rosterfile.editing import SpliceFormat
from adapters.rosterfile.placing import LOGINS_FIRST, NAMES_FIRST, successor
from adapters.rosterfile.records import Record, Section, Sheet, Who
from adapters.rosterfile.text import MAX_BYTES, Splice, Text, lines_in, opened, refuse
from bot.core.people import fold_login
from bot.ports import PersonField, RosterError

_CELL: Final = re.compile(r'[ \t]*"((?:[^"]|"")*)"[ \t]*(,|$)|([^",]*)(,|$)')
_LOGIN: Final = re.compile(r"@?[A-Za-z0-9_-]{1,39}")
_WIDEST: Final = 100


class CsvHeader(SpliceFormat):
    """`github_username,email,name` above one row a person, as conda has it."""

    name: str = "csv-header"
    needs: frozenset[PersonField] = frozenset()
    holds: frozenset[PersonField] = frozenset({"login", "name", "email", "company"})
    delimiters: str = ",;"

    def recognises(self, *, path: str, data: bytes) -> bool:
        """Whether the first line names columns, with one for logins or names among them."""
        if len(data) > MAX_BYTES or data.lstrip()[:1] in (b"#", b"|", b"[", b"<", b"*", b"-"):
            return False
        if not path.endswith(".csv") and b"," not in data.partition(b"\n")[0]:
            return False
        try:
            text = opened(path, data)
            return bool(text.lines) and _header(text) is not None
        except RosterError:
            return False

    def parse(self, path: str, data: bytes) -> Sheet:
        """The header's columns and everyone below. Raises RosterError for a row that is none."""
        text = opened(path, data)
        header = _header(text) if text.lines else None
        if header is None:
            known = "name, github, email or company"
            refuse(path, 1, "the first line names no column for logins or names", f"name the columns: {known}")
        name = PurePosixPath(path).stem
        section = Section(name=name, index=0, body=1, details=tuple(header), aliases=("",))
        seen: dict[str, int] = {}
        for index in range(1, len(text.lines)):
            if text.bare(index).strip():
                record = _row(text, index, name, header)
                _once(text, record, seen)
                section.records.append(record)
        return Sheet(text=text, sections=(section,))

    def put(self, sheet: Sheet, section: Section, who: Who, like: Record | None) -> list[Splice]:
        """A row in the order the list has, else its last, with a cell for each column of the header."""
        if "login" in section.details and not who.login:
            refuse(sheet.text.path, 1, "the file has a column for logins, and none is given", "give the login")
        style = section.records[-1] if section.records else None
        quoted = style is not None and all(
            cell.startswith('"') for cell in _raw(sheet.text.bare(style.index)) if cell.strip()
        )
        cells = []
        for column in section.details:
            cell = getattr(who, column) if column in COLUMNS else ""
            cells.append('"' + cell.replace('"', '""') + '"' if quoted or '"' in cell or "," in cell else cell)
        keys = LOGINS_FIRST if section.details[0] == "login" else NAMES_FIRST
        before = successor(section.records, who, keys)
        last = section.records[-1].index + 1 if section.records else section.body
        at = before.index if before is not None else last
        return [lines_in(sheet.text, at, [",".join(cells)], like=style.index if style is not None else 0)]


def _header(text: Text) -> list[str] | None:
    """What each column is of: a field of a person, or its own title; None if no person is in it."""
    titles = _cells(text.bare(0))
    if titles is None or len(titles) < 2 or not all(title.strip() for title in titles):
        return None
    found = columns_of(titles)
    return found if "login" in found or "name" in found else None


def _cells(line: str) -> list[str] | None:
    """A line's cells without quotes and the space around them; None where a quote is out of place."""
    found: list[str] = []
    at = 0
    while len(found) < _WIDEST:
        match = _CELL.match(line, at)
        if match is None:
            return None
        quoted = match[1]
        found.append(quoted.replace('""', '"') if quoted is not None else match[3].strip())
        at = match.end()
        if not (match[2] or match[4]):
            return found
    return None


def _raw(line: str) -> list[str]:
    """A line's cells as they stand there; only for a line that `_cells` takes."""
    found: list[str] = []
    at = 0
    while match := _CELL.match(line, at):
        found.append(match[0].removesuffix(","))
        at = match.end()
        if not (match[2] or match[4]):
            break
    return found


def _row(text: Text, index: int, section: str, header: list[str]) -> Record:
    cells = _cells(text.bare(index))
    if cells is None:
        refuse(text.path, index + 1, "a quote is out of place in this row", "quote whole cells with straight quotes")
    said = dict(zip(header, cells, strict=False))
    login, name = said.get("login", ""), said.get("name", "")
    if login and not _LOGIN.fullmatch(login):
        refuse(text.path, index + 1, f"{login[:40]!r} is not a forge login", "write the login alone")
    if not login and not name:
        refuse(text.path, index + 1, "this row names nobody", "write a login or a name, or delete the row")
    extra = [cell for column, cell in zip(header, cells, strict=False) if column not in COLUMNS]
    return Record(
        section=section,
        login=login.removeprefix("@"),
        name=name,
        email=said.get("email", ""),
        company=said.get("company", ""),
        extra=(*extra, *cells[len(header) :]),
        index=index,
    )


def _once(text: Text, record: Record, seen: dict[str, int]) -> None:
    key = fold_login(record.login)
    if key and key in seen:
        what = f"{record.login} is in the file twice (first: line {seen[key]})"
        refuse(text.path, record.index + 1, what, "delete one of the two rows")
    seen[key] = record.index + 1
