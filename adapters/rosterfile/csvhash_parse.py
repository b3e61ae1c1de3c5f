"""Reads a csv-hash maintainers file into sections and rows. Must never guess: an odd line is an error (R6, T9)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from adapters.rosterfile.records import Record, Section, Sheet
from adapters.rosterfile.text import Text, refuse
from bot.core.people import fold_login

_LOGIN: Final = re.compile(r"[A-Za-z0-9_-]{1,39}")
_TITLE: Final = re.compile(r"([A-Z][A-Z0-9]{2,}(?:(?: & | |/|-)[A-Z][A-Z0-9]+)*) ?:?(?: ?\([^()]*\))?:?")
_TITLE_MAX: Final = 200
_ROLE_WORD: Final = re.compile(
    r"\b(maintainer|reviewer|committer|approver|owner|lead|emeritus|emeriti|alumn|former|inactive|past)", re.IGNORECASE
)
_WELL_KNOWN: Final = frozenset(
    ("MAINTAINERS", "REVIEWERS", "COMMITTERS", "APPROVERS", "OWNERS", "EMERITUS", "ALUMNI", "ADMINS", "LEADS")
)


def title_of(comment: str) -> tuple[str, bool] | None:
    """The heading that a comment is, if it is one, and whether it is one that needs no blank line above it."""
    words = " ".join(comment.lstrip("#").split())
    title = _TITLE.fullmatch(words) if len(words) <= _TITLE_MAX else None
    return (title[1], title[1] in _WELL_KNOWN) if title is not None else None


def parse(text: Text) -> Sheet:
    """The file's sections and rows. Raises RosterError with path, line, what and remedy for anything odd."""
    reader = _Reader(path=text.path)
    for index in range(len(text.lines)):
        reader.line(index, text.bare(index))
    return Sheet(text=text, sections=reader.finish())


def cells(text: str) -> tuple[list[str], str] | str:
    """The cells of a row and the gap between the first two, or what is wrong with it. Linear in its length."""
    found: list[str] = []
    gap, at, size = ",", 0, len(text)
    while True:
        if at >= size or text[at] != '"':
            return "a cell is not in straight double quotes"
        cell, at = _quoted(text, at + 1)
        if cell is None:
            return "a quote is never closed"
        found.append(cell)
        start = at
        while at < size and text[at] in " \t":
            at += 1
        if at >= size:
            return found, gap
        if text[at] != ",":
            return "there is something other than a comma between two cells"
        at += 1
        while at < size and text[at] in " \t":
            at += 1
        if len(found) == 1:
            gap = text[start:at]


def _quoted(text: str, at: int) -> tuple[str | None, int]:
    parts: list[str] = []
    while True:
        close = text.find('"', at)
        if close < 0:
            return None, at
        parts.append(text[at:close])
        if text[close + 1 : close + 2] != '"':
            return "".join(parts), close + 1
        parts.append('"')
        at = close + 2


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Goes through the lines once. `doubt` is a comment that may be a heading which is not written as one."""

    path: str
    sections: list[Section] = field(default_factory=list)
    logins: dict[str, int] = field(default_factory=dict)
    doubt: int = 0
    after_row: bool = False

    def line(self, index: int, text: str) -> None:
        stripped = text.strip(" \t")
        if not stripped or stripped.startswith("#"):
            self._comment(index, stripped)
        else:
            self._row(index, stripped)

    def finish(self) -> tuple[Section, ...]:
        if not self.sections:
            refuse(
                self.path, 0, "there is no section", "put an upper-case comment such as `# MAINTAINERS` above the rows"
            )
        named: dict[str, Section] = {}
        for section in self.sections:
            other = named.get(section.name)
            if other is not None and other.records and section.records:
                remedy = "join the two lists under one heading"
                refuse(
                    self.path,
                    section.index + 1,
                    f"a second section {section.name} (first: line {other.index + 1})",
                    remedy,
                )
            if other is None or section.records or not other.records:
                named[section.name] = section
        return tuple(section for section in self.sections if named[section.name] is section)

    def _comment(self, index: int, stripped: str) -> None:
        words, title = stripped.lstrip("#").strip(), title_of(stripped)
        section = self.sections[-1] if self.sections else None
        if title is not None and (title[1] or not self.after_row):
            self.sections.append(Section(name=title[0], index=index, body=index + 1))
            self.logins, self.doubt = {}, 0
        elif section is not None and section.records and words and not self.doubt:
            if title is not None or _ROLE_WORD.search(words):
                self.doubt = index + 1
        elif section is not None and not section.records and words and section.body == index:
            section.body = index + 1
        self.after_row = False

    def _row(self, index: int, text: str) -> None:
        line = index + 1
        if self.doubt:
            remedy = "write it in capitals if it starts a section, else move it above the section's rows"
            refuse(self.path, self.doubt, "this comment may be a heading, and rows follow it", remedy)
        if not self.sections:
            refuse(self.path, line, "a row before any section", "put a comment such as `# MAINTAINERS` above it")
        row = self._parsed(index, text)
        key = fold_login(row.login)
        if key in self.logins:
            what = f"{row.login} is in {row.section} twice (first: line {self.logins[key]})"
            refuse(self.path, line, what, "delete one of the two rows")
        self.logins[key] = line
        self.sections[-1].records.append(row)
        self.after_row = True

    def _parsed(self, index: int, text: str) -> Record:
        line, shape = index + 1, 'write it as "login","Name","mail" with straight quotes'
        result = cells(text)
        if isinstance(result, str):
            refuse(self.path, line, f"not a row: {result}", shape)
        found, _ = result
        if not 3 <= len(found) <= 4:
            refuse(self.path, line, f"a row of {len(found)} cells", shape)
        if not _LOGIN.fullmatch(found[0]):
            refuse(self.path, line, "the first cell is not a forge login", shape)
        login, name, email, *extra = found
        section = self.sections[-1].name
        return Record(section=section, login=login, name=name, email=email, extra=tuple(extra), index=index)
