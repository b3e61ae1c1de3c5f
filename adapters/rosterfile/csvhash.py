"""The csv-hash format of distribution and moby: quoted rows under upper-case comment headings. Edits one line of text.

Must never re-serialise: every byte outside the one changed line stays, or the edit is refused (R6, T24).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final, NoReturn

from adapters.rosterfile.cells import Flaw, email_flaw, login_flaw, name_flaw
from adapters.rosterfile.csvhash_parse import MAX_BYTES, Row, Section, Sheet, parse
from bot.core.people import RosterRow, fold_login
from bot.ports import RosterChange, RosterError

_HEADING: Final = re.compile(rb"^(?:\xef\xbb\xbf)?#+[ \t]*[A-Z][A-Z0-9]{2,}\b(?![ \t]*[a-z])", re.MULTILINE)
_ROW: Final = re.compile(rb'^[ \t]*"[^"\n]*"[ \t]*,[ \t]*"', re.MULTILINE)
_DELIMITERS: Final = ",;"


class CsvHash:
    """`"login","Name","mail"` under `# MAINTAINERS`, `# REVIEWERS`, `# COMMITTERS`, as distribution has it."""

    name: str = "csv-hash"

    def recognises(self, *, path: str, data: bytes) -> bool:
        """Whether there are an upper-case heading and a quoted row; a broken row elsewhere does not hide the format."""
        return len(data) <= MAX_BYTES and _HEADING.search(data) is not None and _ROW.search(data) is not None

    def read(self, *, path: str, data: bytes) -> tuple[RosterRow, ...]:
        """Everyone in every section, in the file's order. Raises RosterError for any line not understood (R6)."""
        return tuple(
            RosterRow(section=row.section, login=row.login, name=row.name, email=row.email, line=row.line)
            for row in parse(path, data).rows
        )

    def edit(self, *, path: str, data: bytes, change: RosterChange) -> bytes:
        """The file with one row added or removed. Raises RosterError, changing nothing, if it cannot (T24)."""
        sheet = parse(path, data)
        section = _section(sheet, change.section)
        if change.action == "remove":
            row = _find(section, change.login)
            if row is None:
                _refuse(path, section.line, f"{change.login} is not in {section.name}", "nothing to remove")
            return _proved(sheet, _without(sheet, row), gone=row, new=None)
        new = _checked(path, section, change)
        return _proved(sheet, _with(sheet, section, new), gone=None, new=new)

    def move(self, *, path: str, data: bytes, login: str, source: str, target: str) -> bytes:
        """The file with one person's row taken out of one section and put into another, with all its cells.

        Raises RosterError, changing nothing, as `edit` does; both steps are proved apart.
        """
        sheet = parse(path, data)
        row = _find(_section(sheet, source), login)
        if row is None:
            _refuse(path, 0, f"{login} is not in {source}", "nothing to move")
        without = parse(path, _proved(sheet, _without(sheet, row), gone=row, new=None))
        section = _section(without, target)
        if _find(section, login) is not None:
            _refuse(path, section.line, f"{login} is in {target} already", f"remove it from {source} only")
        moved = replace(row, section=section.name)
        return _proved(without, _with(without, section, moved), gone=None, new=moved)


def _refuse(path: str, line: int, what: str, remedy: str) -> NoReturn:
    raise RosterError(path=path, line=line, what=what, remedy=remedy)


def _section(sheet: Sheet, name: str) -> Section:
    for section in sheet.sections:
        if section.name == name:
            return section
    known = ", ".join(section.name for section in sheet.sections)
    _refuse(
        sheet.path,
        0,
        f"there is no section {name!r} (the file has: {known})",
        f"add a comment line `# {name}` to the file, or name another section in the configuration",
    )


def _find(section: Section, login: str) -> Row | None:
    wanted = fold_login(login)
    return next((row for row in section.rows if fold_login(row.login) == wanted), None)


def _checked(path: str, section: Section, change: RosterChange) -> Row:
    """The row to add, every cell checked (T23, T24, T31, T32). Without a name the login stands in for it."""
    login, email = change.login.removeprefix("@"), change.email
    name = change.name or login
    flaws: tuple[Flaw | None, ...] = (
        login_flaw(login),
        name_flaw(name, delimiters=_DELIMITERS),
        email_flaw(email, delimiters=_DELIMITERS),
    )
    for flaw in flaws:
        if flaw is not None:
            _refuse(path, 0, flaw.what, flaw.remedy)
    present = _find(section, login)
    if present is not None:
        _refuse(path, present.line, f"{login} is in {section.name} already", "nothing to add")
    return Row(section=section.name, login=login, name=name, email=email, extra=(), line=0, index=-1, gap="")


def _without(sheet: Sheet, row: Row) -> list[str]:
    """The lines without this row; whether the file ends in a newline stays as it was."""
    lines = [*sheet.lines]
    del lines[row.index]
    if row.index == len(lines) and lines and not sheet.lines[row.index].endswith("\n"):
        lines[-1] = lines[-1].removesuffix("\n").removesuffix("\r")
    return lines


def _with(sheet: Sheet, section: Section, row: Row) -> list[str]:
    """The lines with this row put in: into the order if the section has one, else last. Style of the neighbours."""
    style = section.rows[-1] if section.rows else (sheet.rows[-1] if sheet.rows else None)
    gap = style.gap if style is not None else ","
    text = gap.join('"' + cell.replace('"', '""') + '"' for cell in (row.login, row.name, row.email, *row.extra))
    end = _line_end(sheet, style.index if style is not None else section.index)
    at = _place(sheet, section, row)
    lines = [*sheet.lines]
    if at == len(lines) and lines and not lines[-1].endswith("\n"):
        lines[-1] += end
        end = ""
    lines.insert(at, text + end)
    return lines


def _line_end(sheet: Sheet, index: int) -> str:
    """How the line there ends; where it is the unterminated last one, how the one above it does."""
    for line in (sheet.lines[index], sheet.lines[index - 1] if index else ""):
        if line.endswith("\n"):
            return "\r\n" if line.endswith("\r\n") else "\n"
    return "\n"


def _place(sheet: Sheet, section: Section, row: Row) -> int:
    """The index that the new line takes."""
    if not section.rows:
        return section.body
    keys = [fold_login(each.login) for each in section.rows]
    if len(keys) >= 2 and keys == sorted(keys):
        key = fold_login(row.login)
        for present, each in zip(keys, section.rows, strict=True):
            if key < present:
                return each.index
    return section.rows[-1].index + 1


def _proved(sheet: Sheet, lines: list[str], *, gone: Row | None, new: Row | None) -> bytes:
    """The edited bytes, parsed again: exactly one record differs, in the right section (T24)."""
    data = sheet.head + "".join(lines).encode()
    after = [row.record for row in parse(sheet.path, data).rows]
    before = [row.record for row in sheet.rows]
    if gone is not None:
        before.remove(gone.record)
    if new is not None:
        if after.count(new.record) != 1:
            _refuse(sheet.path, 0, "the edit would not add exactly one record", "edit the file by hand")
        after.remove(new.record)
    if before != after:
        _refuse(sheet.path, 0, "the edit would change another record", "edit the file by hand")
    return data
