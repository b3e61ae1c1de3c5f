"""Puts a backup in the ledger's place: checked before anything is touched, the old file kept, never beside a bot."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from storage.backup import copy_checked, flush
from storage.errors import LedgerError
from storage.lock import WriterLock
from storage.queries import load_head, meta
from storage.reader import connect_read_only
from storage.verify import Report

_BESIDE: Final = ("-wal", "-shm")


class Restoration:
    """A backup that is ready to take the ledger's place: copied beside it, brought to this schema, and verified.

    Making one takes the ledger's lock (LedgerLocked while a bot runs). Raises LedgerError if the backup cannot be
    read or does not verify; then nothing was changed. Use it as a context: what was not finished is undone.
    """

    def __init__(self, backup: str | Path, ledger: str | Path) -> None:
        whence, self._ledger = Path(backup).resolve(), Path(ledger).resolve()
        if whence == self._ledger:
            raise LedgerError(f"{whence} is the ledger itself: name a backup")
        if not whence.is_file():
            raise LedgerError(f"{whence}: there is no such backup")
        self._lock = WriterLock(self._ledger)
        self._half = self._ledger.with_name(f"{self._ledger.name}.restored")
        try:
            self.report: Report = copy_checked(whence, self._half, upgrade=True)
            self._compare()
        except BaseException:
            self._lock.release()
            raise

    def _compare(self) -> None:
        """What the present ledger has: `events` (None if none can be read), `related` to the backup, and `newer`."""
        self.events: int | None = None
        self.related, self.newer = False, 0
        with suppress(LedgerError, sqlite3.Error), closing(connect_read_only(self._ledger)) as conn:
            self.events = load_head(conn).seq
            with closing(connect_read_only(self._half)) as copy:
                self.related = meta(conn, "genesis") == meta(copy, "genesis")
                end = load_head(copy)
            self.newer = max(0, self.events - end.seq) if self.related else 0

    @property
    def replaces(self) -> bool:
        """Whether there is a file in the place."""
        return self._ledger.exists()

    def finish(self, *, at: datetime) -> Path | None:
        """Replace the ledger; returns where the old one is kept, None if there was none. Raises LedgerError.

        A kill leaves the old ledger or the new one, never a mixture and never none.
        """
        try:
            aside = self._set_aside(at) if self.replaces else None
            os.replace(self._half, self._ledger)
            flush(self._ledger.parent)
        except OSError as error:
            raise LedgerError(f"{self._ledger} cannot be replaced: {error.strerror or error}") from error
        return aside

    def _set_aside(self, at: datetime) -> Path:
        """Give the old ledger a second name. Its log is written into it first; of a damaged one it is kept beside."""
        busy = 0
        with suppress(sqlite3.Error), closing(sqlite3.connect(self._ledger, timeout=2.0, isolation_level=None)) as conn:
            (busy, _, _) = conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise LedgerError(f"another program reads {self._ledger} just now: nothing was changed, try again")
        aside = self._ledger.with_name(f"{self._ledger.name}.before-restore-{at:%Y%m%dT%H%M%S}")
        os.link(self._ledger, aside)  # fails where there is one of that name
        for suffix in _BESIDE:
            beside = self._ledger.with_name(f"{self._ledger.name}{suffix}")
            if beside.exists():
                os.replace(beside, aside.with_name(f"{aside.name}{suffix}"))
        return aside

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._half.unlink(missing_ok=True)
        self._lock.release()
