"""Where things stand in a TOML file: its tables, its arrays of strings and its plain string values.

It finds places only; whether the file is TOML, and what it says, is for `tomllib` to tell, and both must agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from adapters.rosterfile.text import Text, refuse

Path = tuple[str, ...]
_PART: Final = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_HEADER: Final = re.compile(rf"[ \t]*\[[ \t]*({_PART}(?:[ \t]*\.[ \t]*{_PART})*)[ \t]*\][ \t]*(?:#.*)?$")
_KEY: Final = re.compile(rf"[ \t]*({_PART}(?:[ \t]*\.[ \t]*{_PART})*)[ \t]*=[ \t]*")
_PARTS: Final = re.compile(_PART)
_STRING: Final = re.compile(r'"((?:[^"\\\n]|\\.)*)"|\'([^\'\n]*)\'')
_LONG: Final = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}|\'\'\'(?:[^\']|\'(?!\'\'))*\'{3,5}', re.DOTALL)
_SPACE: Final = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A string in an array: its value and where it stands, quotes included."""

    value: str
    start: int
    stop: int
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Array:
    """An array of strings: `start` is behind its opening bracket, `stop` at its closing one."""

    path: Path
    line: int
    start: int
    stop: int
    words: tuple[Word, ...]


@dataclass(slots=True, kw_only=True)
class Table:
    """A table's header line and its own string values with their keys as written; `last` is its last value's line."""

    path: Path
    line: int
    last: int
    values: dict[str, str] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Scan:
    """All that was found, in the file's order."""

    tables: list[Table] = field(default_factory=list)
    arrays: list[Array] = field(default_factory=list)


def scan(text: Text) -> Scan:
    """The places of everything. Raises RosterError for TOML that maintainers files are not written in."""
    found = Scan(tables=[Table(path=(), line=-1, last=-1)])
    at = index = 0
    while index < len(text.lines):
        line = text.bare(index)
        header = _HEADER.match(line)
        if header is not None:
            found.tables.append(Table(path=_path(header[1]), line=index, last=index))
        elif line.strip() and not line.lstrip().startswith("#"):
            key = _KEY.match(line)
            if key is None or line.lstrip().startswith("[["):
                refuse(
                    text.path, index + 1, "this is not understood here", "write tables, strings and lists of strings"
                )
            at = _value(text, index, text.start(index) + key.end(), _path(key[1]), found)
            index = _line_of(text, at, index)
            found.tables[-1].last = index
        index += 1
    return found


def _value(text: Text, index: int, at: int, key: Path, found: Scan) -> int:
    """Takes the value that begins at `at` in; returns where it ends."""
    table = found.tables[-1]
    whole = text.text
    if whole.startswith(('"""', "'''"), at):
        match = _LONG.match(whole, at)
        if match is None:
            refuse(text.path, index + 1, "a text is never closed", "close it with three quotes")
        return match.end()
    if whole[at : at + 1] == "[":
        return _array(text, index, at + 1, (*table.path, *key), found)
    string = _STRING.match(whole, at)
    if string is not None:
        name = ".".join(key)
        table.values[name] = _unquoted(string)
        table.order.append(name)
    return text.start(index) + len(text.bare(index))


def _array(text: Text, index: int, at: int, path: Path, found: Scan) -> int:
    """An array of strings, or any other array as nothing but a stretch of text."""
    whole, start, line = text.text, at, index
    words: list[Word] = []
    depth, plain = 1, True
    while depth:
        space = _SPACE.match(whole, at)
        line += space[0].count("\n") if space is not None else 0
        at = space.end() if space is not None else at
        string = _LONG.match(whole, at) or _STRING.match(whole, at)
        if string is not None:
            long = whole.startswith(('"""', "'''"), at)
            plain = plain and not long and depth == 1
            if not long:
                words.append(Word(value=_unquoted(string), start=at, stop=string.end(), line=line))
            line, at = line + string[0].count("\n"), string.end()
            continue
        char = whole[at : at + 1]
        if not char:
            refuse(text.path, index + 1, "a list is never closed", "close it with ]")
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(char, 0)
        plain = plain and char in "],"
        at += 1
    if plain:
        found.arrays.append(Array(path=path, line=index, start=start, stop=at - 1, words=tuple(words)))
    return at


def _path(written: str) -> Path:
    return tuple(part if part[0] not in "\"'" else part[1:-1] for part in _PARTS.findall(written))


def _unquoted(match: re.Match[str]) -> str:
    """The value of a string; one with escapes is left as written, so that it is equal to nothing by chance."""
    return match[1] if match[1] is not None else match[2]


def _line_of(text: Text, at: int, index: int) -> int:
    while index + 1 < len(text.lines) and text.start(index + 1) <= at - 1:
        index += 1
    return index
