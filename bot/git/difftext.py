"""One file's change as git prints it. Must never read or write anything: bytes come in, bytes go out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Final

from dulwich.patch import unified_diff

NO_BLOB: Final = "0" * 40
_LINES: Final = re.compile(rb"[^\n]*\n|[^\n]+")
_PLAIN: Final = re.compile(r"[A-Za-z0-9 !#-\[\]-~]*")


def blob_id(data: bytes) -> str:
    """The name that git gives to these bytes."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def file_diff(path: str, *, mode: int, before: bytes | None, after: bytes) -> bytes:
    """A change to one file: header, index line, hunks. A new file (`before` is None) comes from /dev/null."""
    old, new = quoted("a/" + path), quoted("b/" + path)
    ids = f"index {NO_BLOB if before is None else blob_id(before)}..{blob_id(after)}"
    about = f"new file mode {mode:o}\n{ids}" if before is None else f"{ids} {mode:o}"
    head = f"diff --git {old} {new}\n{about}\n"
    return head.encode() + b"".join(hunks("/dev/null" if before is None else old, new, before or b"", after))


def quoted(path: str) -> str:
    """A path as git writes it in a diff: plain, or C-quoted where it holds anything unusual."""
    if _PLAIN.fullmatch(path):
        return path
    special = {0x22: '\\"', 0x5C: "\\\\"}
    return '"' + "".join(special.get(b, chr(b) if 0x20 <= b < 0x7F else f"\\{b:03o}") for b in path.encode()) + '"'


def hunks(old: str, new: str, before: bytes, after: bytes) -> Iterator[bytes]:
    """The hunks between two files' bytes, with their names above."""
    tab_old, tab_new = ("\t" if " " in name and not name.startswith('"') else "" for name in (old, new))
    return unified_diff(
        _LINES.findall(before), _LINES.findall(after), (old + tab_old).encode(), (new + tab_new).encode()
    )
