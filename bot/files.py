"""Writing what a verb prints: to standard output, or to a file in one step."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from pathlib import Path
from typing import TextIO


def new(path: Path) -> TextIO:
    """A new file, its owner's only. Raises FileExistsError where there is one."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    return os.fdopen(handle, "w", encoding="utf-8")


def put(data: bytes, path: Path | None, *, private: bool = False) -> None:
    """Print the bytes as they are, or replace the file with them: a reader sees the old or the new one.

    What is `private` can be read by this user alone; else the file keeps the rights that it had, or has a new one's. It
    is made under a name that nobody can have laid a link at.
    """
    if path is None:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return
    handle, half = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fchmod(stream.fileno(), 0o600 if private else _rights(path))
            os.fsync(stream.fileno())
        os.replace(half, path)
    finally:
        Path(half).unlink(missing_ok=True)


def _rights(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0o077)
        os.umask(mask)
        return 0o666 & ~mask
