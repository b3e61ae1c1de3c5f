"""The CODEOWNERS format: a pattern and its owners on a line. Edits one owner's word and nothing else of the line.

Must never add a pattern: its place decides which others it overrides, and only a person knows that.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final

from adapters.rosterfile.editing import SpliceFormat
from adapters.rosterfile.records import Record, Section, Sheet, Who
from adapters.rosterfile.text import MAX_BYTES, Splice, Text, opened, refuse
from bot.ports import PersonField, RosterError

_PATTERN: Final = re.compile(r"[ \t]*((?:\\.|[^\s\\])+)")
_GROUP: Final = re.compile(r"[ \t]*\^?(\[[^\]\n]+\])(?:\[\d+\])?")
_WORD: Final = re.compile(r"[^\s#]\S*")
_LOGIN: Final = re.compile(r"@([A-Za-z0-9_-]{1,39})")
_TEAM: Final = re.compile(r"@[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)+")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")


class CodeOwners(SpliceFormat):
    """`/path  @login @org/team mail@example.org`, a section a pattern."""

    name: str = "codeowners"
    needs: frozenset[PersonField] = frozenset({"login"})
    holds: frozenset[PersonField] = frozenset({"login"})
    delimiters: str = "@#<>,;"

    def recognises(self, *, path: str, data: bytes) -> bool:
        """Whether it is called CODEOWNERS, or every line is a pattern with owners and there is no other name for it."""
        if PurePosixPath(path).name.startswith("CODEOWNERS"):
            return True
        if len(data) > MAX_BYTES or PurePosixPath(path).suffix or b" @" not in data:
            return False
        try:
            sheet = self.parse(path, data)
        except RosterError:
            return False
        return bool(sheet.records) and all(section.records or section.details for section in sheet.sections)

    def parse(self, path: str, data: bytes) -> Sheet:
        """Every pattern with its people. Raises RosterError for a word that is no owner."""
        text = opened(path, data)
        sections: list[Section] = []
        rest: list[tuple[str, ...]] = []
        for index in range(len(text.lines)):
            line = text.bare(index)
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            section, teams = _pattern(text, index, line)
            sections.append(section)
            rest += (("", section.name, team) for team in teams)
        return Sheet(text=text, sections=tuple(sections), rest=tuple(rest))

    def put(self, sheet: Sheet, section: Section, who: Who, like: Record | None) -> list[Splice]:
        """Behind the pattern's last owner; where there is none, in the column in which the others' owners begin."""
        gap = " " if section.details or section.records else _gap(sheet, section)
        return [Splice(start=section.stop, stop=section.stop, text=f"{gap}@{who.login}")]

    def cut(self, sheet: Sheet, record: Record) -> list[Splice]:
        """Without the owner's word and the space before it, or the space behind it if it is the first of several.

        The last owner leaving leaves the pattern, which then has none.
        """
        section = next(each for each in sheet.sections if each.index == record.index)
        line, offset = sheet.text.bare(record.index), sheet.text.start(record.index)
        before, behind = line[: record.start - offset], line[record.stop - offset :]
        first = not line[section.start - offset : record.start - offset].strip()
        if first and record.stop < section.stop:
            return [Splice(start=record.start, stop=record.stop + len(behind) - len(behind.lstrip()))]
        return [Splice(start=offset + len(before.rstrip()), stop=record.stop)]


def _pattern(text: Text, index: int, line: str) -> tuple[Section, list[str]]:
    """One line: the section that it is, and the owners in it that are no people."""
    match = _GROUP.match(line) or _PATTERN.match(line)
    if match is None:
        refuse(text.path, index + 1, "this line has no pattern", "write a pattern, then its owners")
    offset = text.start(index)
    section = Section(name=match[1], index=index, body=index, start=offset + match.end(1), stop=offset + match.end())
    teams: list[str] = []
    for word in _WORD.finditer(line, match.end()):
        if line[word.start() - 1] not in " \t":
            if line[word.start() - 1] == "#":
                break
            refuse(
                text.path, index + 1, f"{word[0][:40]!r} is no owner", "put a space between the pattern and its owners"
            )
        if "#" in line[match.end() : word.start()]:
            break
        start, stop = offset + word.start(), offset + word.end()
        section.stop = stop
        login = _LOGIN.fullmatch(word[0])
        if login is None and _TEAM.fullmatch(word[0]) is None and _EMAIL.fullmatch(word[0]) is None:
            refuse(text.path, index + 1, f"{word[0][:40]!r} is no owner", "write @login, @org/team or a mail address")
        if _TEAM.fullmatch(word[0]):
            teams.append(word[0])
            continue
        section.records.append(
            Record(
                section=section.name,
                login=login[1] if login is not None else "",
                email="" if login is not None else word[0],
                index=index,
                start=start,
                stop=stop,
            )
        )
    section.details = tuple(teams)
    return section, teams


def _gap(sheet: Sheet, section: Section) -> str:
    """The space up to the column in which most other patterns' owners begin, one blank at least."""
    text = sheet.text
    columns = []
    for other in sheet.sections:
        line = text.bare(other.index)
        rest = line[other.start - text.start(other.index) :]
        if rest.strip():
            columns.append(len(line) - len(rest.lstrip()))
    width = max(set(columns), key=columns.count, default=0)
    return " " * max(1, width - (section.start - text.start(section.index)))
