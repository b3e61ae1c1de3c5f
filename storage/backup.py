"""Copies a ledger while it is in use, and checks the copy. It never overwrites anything."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from storage.errors import LedgerError
from storage.migrations import migrate, schema_of
from storage.reader import connect_read_only
from storage.verify import Report, verify


def backup(source: str | Path, target: str | Path) -> Report:
    """Copy the ledger to `target`, readable by its owner only, and verify the copy.

    Raises LedgerError if the target exists, cannot be written, or does not verify; then there is no target.
    """
    whence, whither = Path(source).resolve(), Path(target).resolve()
    if whither.exists():
        raise LedgerError(f"{whither} exists already: name a new file")
    half = whither.with_name(f"{whither.name}.part")
    try:
        report = copy_checked(whence, half)
        os.link(half, whither)  # unlike a rename, this fails where somebody else made the target meanwhile
        flush(whither.parent)
    except OSError as error:
        raise LedgerError(f"{whither} cannot be written: {_why(error)}") from error
    finally:
        half.unlink(missing_ok=True)
    return report


def _why(error: Exception) -> str:
    """What the system said, without the name of the half-made file, which nobody knows."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def copy_checked(whence: Path, half: Path, *, upgrade: bool = False) -> Report:
    """Copy a ledger to `half`, verified and on the disk. Raises LedgerError; then there is no `half`.

    With `upgrade` a copy of an older schema is brought to this program's; what it is made from stays as it is.
    """
    try:
        half.unlink(missing_ok=True)
        os.close(os.open(half, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        _copy(whence, half, upgrade=upgrade)
        report = verify(half)
        if not report.ok:
            raise LedgerError(f"{whence} does not verify: {report.problems[0]}")
        flush(half)
    except (OSError, sqlite3.Error) as error:
        half.unlink(missing_ok=True)
        raise LedgerError(f"{half.with_suffix('')} cannot be written: {_why(error)}") from error
    except BaseException:
        half.unlink(missing_ok=True)
        raise
    finally:
        for suffix in ("-wal", "-shm"):
            half.with_name(f"{half.name}{suffix}").unlink(missing_ok=True)
    return report


def _copy(whence: Path, half: Path, *, upgrade: bool) -> None:
    """The online backup of SQLite, in one step: what is committed at that moment, whoever writes on."""
    reader, copy = connect_read_only(whence), sqlite3.connect(half, isolation_level=None)
    try:
        reader.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        if upgrade and schema_of(copy):
            migrate(copy, half, keep=False)
    finally:
        copy.close()
        reader.close()


def flush(path: Path) -> None:
    """Have the disk keep what was written to a file or a folder."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
