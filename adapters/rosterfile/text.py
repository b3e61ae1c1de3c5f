"""A maintainers file as text: decoded, its lines with their ends kept, and edits as splices of it.

Must never normalise anything: what no splice touches stays, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NoReturn

from adapters.rosterfile.cells import breaks_text, point
from bot.ports import RosterError

MAX_BYTES: Final = 1 << 20
LONGEST: Final = 10_000
_BOM: Final = b"\xef\xbb\xbf"
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A whole file: `head` (a byte order mark or nothing) and `text`, cut into `lines` that begin at `starts`."""

    path: str
    head: bytes
    text: str
    lines: tuple[str, ...]
    starts: tuple[int, ...]

    def bare(self, index: int) -> str:
        """A line without its end."""
        return self.lines[index].rstrip("\n").removesuffix("\r")

    def start(self, index: int) -> int:
        """Where a line begins; past the last one, where the text ends."""
        return self.starts[index] if index < len(self.starts) else len(self.text)

    def end_style(self, index: int) -> str:
        """How the line there ends; where it is the unterminated last one, how the one above it does."""
        for line in self.lines[index : index + 1] + (self.lines[index - 1 : index] if index else ()):
            if line.endswith("\n"):
                return "\r\n" if line.endswith("\r\n") else "\n"
        return "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Splice:
    """What stands from `start` up to `stop` is replaced with `text`."""

    start: int
    stop: int
    text: str = ""


def refuse(path: str, line: int, what: str, remedy: str) -> NoReturn:
    """Raise the error that says where, what is wrong and what to do."""
    raise RosterError(path=path, line=line, what=what, remedy=remedy)


def opened(path: str, data: bytes) -> Text:
    """The file as text, with nothing in it that shows as another line than it is (T23, T31, T36).

    Raises RosterError for that, and for a file or a line that is too long.
    """
    if len(data) > MAX_BYTES:
        refuse(path, 0, f"the file has {len(data)} bytes", f"keep it under {MAX_BYTES} bytes")
    head = _BOM if data.startswith(_BOM) else b""
    body = data[len(head) :]
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        refuse(path, line, f"byte 0x{body[error.start]:02x} is not UTF-8", "save the file as UTF-8")
    if not text.isascii() or "\r" in text.replace("\r\n", "") or _CONTROL.search(text):
        _no_breakers(path, text)
    return cut(path, head, text)


def cut(path: str, head: bytes, text: str) -> Text:
    """Text that is known to be clean, cut into lines."""
    lines = tuple(_LINE.findall(text))
    starts, at = [], 0
    for index, line in enumerate(lines):
        if len(line) > LONGEST:
            refuse(path, index + 1, f"this line has {len(line)} characters", f"keep lines under {LONGEST}")
        starts.append(at)
        at += len(line)
    return Text(path=path, head=head, text=text, lines=lines, starts=tuple(starts))


def spliced(text: Text, splices: Iterable[Splice]) -> bytes:
    """The file's bytes with these splices made, which must not overlap."""
    parts: list[str] = []
    at = 0
    for each in sorted(splices, key=lambda splice: (splice.start, splice.stop)):
        if each.start < at:
            refuse(text.path, 0, "two changes of one edit overlap", "edit the file by hand")
        parts += (text.text[at : each.start], each.text)
        at = each.stop
    return text.head + ("".join(parts) + text.text[at:]).encode()


def lines_in(text: Text, at: int, new: Iterable[str], *, like: int) -> Splice:
    """New lines before line `at`, ended as line `like` is. Whether the file ends in a newline stays as it was."""
    end = text.end_style(like)
    block = end.join(new)
    if at >= len(text.lines) and text.lines and not text.lines[-1].endswith("\n"):
        return Splice(start=len(text.text), stop=len(text.text), text=end + block)
    return Splice(start=text.start(at), stop=text.start(at), text=block + end)


def lines_out(text: Text, first: int, height: int = 1) -> Splice:
    """Without these lines. Whether the file ends in a newline stays as it was."""
    last = first + height
    start = text.start(first)
    if last >= len(text.lines) and first and not text.lines[-1].endswith("\n"):
        start = text.start(first - 1) + len(text.bare(first - 1))
    return Splice(start=start, stop=text.start(last))


def _no_breakers(path: str, text: str) -> None:
    line = 1
    for index, char in enumerate(text):
        if char == "\n":
            line += 1
        elif breaks_text(char) and not (char == "\r" and text[index + 1 : index + 2] == "\n"):
            refuse(path, line, f"it holds the character {point(char)}", "delete that character")
