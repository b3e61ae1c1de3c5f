"""Reads a csv-hash maintainers file into sections and rows. Must never guess: an odd line is an error (R6, T9)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, NoReturn

from adapters.rosterfile.cells import breaks_text, point
from bot.core.people import fold_login
from bot.ports import RosterError

MAX_BYTES: Final = 1 << 20
_BOM: Final = b"\xef\xbb\xbf"
_LOGIN: Final = re.compile(r"[A-Za-z0-9_-]{1,39}")
_TITLE: Final = re.compile(r"([A-Z][A-Z0-9]{2,}(?:(?: & | |/|-)[A-Z][A-Z0-9]+)*) ?:?(?: ?\([^()]*\))?:?")
_TITLE_MAX: Final = 200
_ROLE_WORD: Final = re.compile(
    r"\b(maintainer|reviewer|committer|approver|owner|lead|emeritus|emeriti|alumn|former|inactive|past)", re.IGNORECASE
)
_WELL_KNOWN: Final = frozenset(
    ("MAINTAINERS", "REVIEWERS", "COMMITTERS", "APPROVERS", "OWNERS", "EMERITUS", "ALUMNI", "ADMINS", "LEADS")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One record: `index` of its line, `line` as people count, `gap` as it stands between its cells."""

    section: str
    login: str
    name: str
    email: str
    extra: tuple[str, ...]
    line: int
    index: int
    gap: str

    @property
    def record(self) -> tuple[str, ...]:
        """What the row says, without where it stands."""
        return (self.section, self.login, self.name, self.email, *self.extra)


@dataclass(slots=True, kw_only=True)
class Section:
    """A heading and its rows. `body` is the index where a first row belongs: below the heading's own comments."""

    name: str
    line: int
    index: int
    body: int
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A whole file: `head` (a byte order mark or nothing) and the lines with their ends make up its bytes."""

    path: str
    head: bytes
    lines: tuple[str, ...]
    sections: tuple[Section, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row of every section, in the file's order."""
        return tuple(row for section in self.sections for row in section.rows)


def parse(path: str, data: bytes) -> Sheet:
    """The file's sections and rows. Raises RosterError with path, line, what and remedy for anything odd."""
    head, text = _text(path, data)
    lines = tuple(re.findall(r"[^\n]*\n|[^\n]+", text))
    reader = _Reader(path=path)
    for index, line in enumerate(lines):
        reader.line(index, line.rstrip("\n").removesuffix("\r"))
    sections = reader.finish()
    return Sheet(path=path, head=head, lines=lines, sections=sections)


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


def _text(path: str, data: bytes) -> tuple[bytes, str]:
    """The byte order mark and the decoded rest, with nothing in it that shows as another line than it is."""
    if len(data) > MAX_BYTES:
        _refuse(path, 0, f"the file has {len(data)} bytes", f"keep it under {MAX_BYTES} bytes")
    head = _BOM if data.startswith(_BOM) else b""
    body = data[len(head) :]
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        _refuse(path, line, f"byte 0x{body[error.start]:02x} is not UTF-8", "save the file as UTF-8")
    if not text.isascii() or "\r" in text.replace("\r\n", "") or re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text):
        _no_breakers(path, text)
    return head, text


def _no_breakers(path: str, text: str) -> None:
    line = 1
    for index, char in enumerate(text):
        if char == "\n":
            line += 1
        elif breaks_text(char) and not (char == "\r" and text[index + 1 : index + 2] == "\n"):
            _refuse(path, line, f"it holds the character {point(char)}", "delete that character")


def _refuse(path: str, line: int, what: str, remedy: str) -> NoReturn:
    raise RosterError(path=path, line=line, what=what, remedy=remedy)


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
            _refuse(
                self.path, 0, "there is no section", "put an upper-case comment such as `# MAINTAINERS` above the rows"
            )
        named: dict[str, Section] = {}
        for section in self.sections:
            other = named.get(section.name)
            if other is not None and other.rows and section.rows:
                remedy = "join the two lists under one heading"
                _refuse(self.path, section.line, f"a second section {section.name} (first: line {other.line})", remedy)
            if other is None or section.rows or not other.rows:
                named[section.name] = section
        return tuple(section for section in self.sections if named[section.name] is section)

    def _comment(self, index: int, stripped: str) -> None:
        words = " ".join(stripped.lstrip("#").split())
        title = _TITLE.fullmatch(words) if len(words) <= _TITLE_MAX else None
        section = self.sections[-1] if self.sections else None
        if title is not None and (title[1] in _WELL_KNOWN or not self.after_row):
            self.sections.append(Section(name=title[1], line=index + 1, index=index, body=index + 1))
            self.logins, self.doubt = {}, 0
        elif section is not None and section.rows and words and not self.doubt:
            if title is not None or _ROLE_WORD.search(words):
                self.doubt = index + 1
        elif section is not None and not section.rows and words and section.body == index:
            section.body = index + 1
        self.after_row = False

    def _row(self, index: int, text: str) -> None:
        line = index + 1
        if self.doubt:
            remedy = "write it in capitals if it starts a section, else move it above the section's rows"
            _refuse(self.path, self.doubt, "this comment may be a heading, and rows follow it", remedy)
        if not self.sections:
            _refuse(self.path, line, "a row before any section", "put a comment such as `# MAINTAINERS` above it")
        row = self._parsed(index, text)
        key = fold_login(row.login)
        if key in self.logins:
            what = f"{row.login} is in {row.section} twice (first: line {self.logins[key]})"
            _refuse(self.path, line, what, "delete one of the two rows")
        self.logins[key] = line
        self.sections[-1].rows.append(row)
        self.after_row = True

    def _parsed(self, index: int, text: str) -> Row:
        line, shape = index + 1, 'write it as "login","Name","mail" with straight quotes'
        result = cells(text)
        if isinstance(result, str):
            _refuse(self.path, line, f"not a row: {result}", shape)
        found, gap = result
        if not 3 <= len(found) <= 4:
            _refuse(self.path, line, f"a row of {len(found)} cells", shape)
        if not _LOGIN.fullmatch(found[0]):
            _refuse(self.path, line, "the first cell is not a forge login", shape)
        login, name, email, *extra = found
        section = self.sections[-1].name
        return Row(
            section=section, login=login, name=name, email=email, extra=tuple(extra), line=line, index=index, gap=gap
        )
