"""Writing what a verb prints: to standard output, or to a file in one step."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def put(data: bytes, path: Path | None) -> None:
    """Print the bytes as they are, or replace the file with them: a reader sees the old or the new one."""
    if path is None:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return
    half = path.with_name(f".{path.name}.part")
    try:
        with half.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(half, path)
    finally:
        half.unlink(missing_ok=True)
