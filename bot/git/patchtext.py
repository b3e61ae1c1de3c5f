"""A change as a mail that `git am` takes. Must never let a message's text act as a header or as a part of the diff."""

from __future__ import annotations

import re
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from typing import Final

_ACTS: Final = re.compile(r"---|diff -|Index: |From |>From ")
_SPECIAL: Final = re.compile(r"""[()<>\[\]:;@\\,."]""")
_HEADER_FIRST: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*:|\[|>")


def mail_patch(*, commit: str, who: str, at: datetime, message: str, diff: bytes) -> str:
    """The patch as text: 8-bit if mail keeps it as it is, else quoted-printable (CRLF, not UTF-8)."""
    subject, _, rest = message.strip("\n").partition("\n")
    added = sum(line.startswith(b"+") and not line.startswith(b"+++ ") for line in diff.split(b"\n"))
    gone = sum(line.startswith(b"-") and not line.startswith(b"--- ") for line in diff.split(b"\n"))
    count = f" 1 file changed, {added} insertions(+), {gone} deletions(-)\n"
    text = _calm(rest.strip("\n"))
    body = (f"{text}\n---\n" if text else "---\n").encode() + count.encode() + b"\n" + diff + b"-- \nfolkmoot\n\n"
    encoding = "8bit"
    if b"\r" in body or not _is_utf8(body) or re.search(rb"^From ", body, re.MULTILINE):
        encoding, body = "quoted-printable", _quoted_printable(body)
    name, _, address = who.removesuffix(">").rpartition(" <")
    head = (
        f"From {commit} Mon Sep 17 00:00:00 2001\n"
        f"From: {_phrase(name)} <{address}>\n"
        f"Date: {format_datetime(at.replace(microsecond=0))}\n"
        f"Subject: [PATCH] {_header(subject)}\n"
        "MIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=UTF-8\n"
        f"Content-Transfer-Encoding: {encoding}\n\n"
    )
    return head + body.decode()


def _calm(text: str) -> str:
    """The message below its subject; a line that a mail reader would act on is moved in by a space (T23, T25)."""
    lines = text.split("\n")
    first = next((index for index, line in enumerate(lines) if line.strip()), 0)
    calmed = []
    for index, line in enumerate(lines):
        acts = _ACTS.match(line) or (index == first and _HEADER_FIRST.match(line))
        calmed.append(" " + line if acts else line)
    return "\n".join(calmed)


def _phrase(name: str) -> str:
    """A name before an address, quoted as git does where it holds what would be read as something else: `x[bot]`."""
    if _SPECIAL.search(name) and name.isascii():
        return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return _header(name)


def _header(text: str) -> str:
    if text.isascii():
        return text
    return Header(text, "utf-8", maxlinelen=10_000).encode(maxlinelen=0)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _quoted_printable(data: bytes) -> bytes:
    """Quoted-printable in which carriage returns are content, so that they survive the way through mail."""
    return b"\n".join(_quoted_line(line) for line in data.split(b"\n"))


def _quoted_line(line: bytes) -> bytes:
    if line.startswith(b"From "):
        return b"=46" + _quoted_line(line[1:])
    out, width = bytearray(), 0
    for index, byte in enumerate(line):
        plain = (0x21 <= byte <= 0x7E and byte != 0x3D) or (byte == 0x20 and index < len(line) - 1)
        piece = bytes((byte,)) if plain else b"=%02X" % byte
        if width + len(piece) > 73:
            out += b"=\n"
            width = 0
        out += piece
        width += len(piece)
    return bytes(out)
