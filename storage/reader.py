"""Reads what is committed, beside the writer: from its process or another one, without its lock. It never writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from queue import Empty, LifoQueue
from threading import Event
from typing import Final
from urllib.parse import quote

from bot.core.docket import DocketEntry
from bot.core.motion import Motion
from bot.ports import Directory, OutboxRow, Recorded
from storage.cache import Shelf
from storage.errors import LedgerError
from storage.migrations import check_schema
from storage.queries import (
    SqliteDirectory,
    load_due,
    load_entries,
    load_entry,
    load_events,
    load_head,
    load_motion,
    load_outbox,
    load_stuck,
    meta,
)

BUSY_SECONDS: Final = 2.0


def connect_read_only(path: Path) -> sqlite3.Connection:
    """A connection that cannot write. Raises LedgerError if there is no such file."""
    try:
        conn = sqlite3.connect(
            f"file:{quote(str(path))}?mode=ro",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        conn.execute("PRAGMA query_only = ON")
    except sqlite3.OperationalError as error:
        raise LedgerError(f"{path} cannot be read: {error}") from error
    return conn


class Pool:
    """Read-only connections, one at a time for each who asks; as many as were ever wanted at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._free: LifoQueue[sqlite3.Connection] = LifoQueue()
        self._closed = Event()

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        if self._closed.is_set():
            raise LedgerError(f"{self._path} is closed")
        try:
            conn = self._free.get_nowait()
        except Empty:
            conn = connect_read_only(self._path)
        try:
            yield conn
        finally:
            self._free.put(conn)
            if self._closed.is_set():
                self.close()

    def close(self) -> None:
        """Close what is free now, and the others when they come back."""
        self._closed.set()
        while not self._free.empty():
            self._free.get_nowait().close()


class SqliteReader:
    """Implements `bot.ports.Reader` on a file. `live` is the writer's cache, where this process is the writer.

    `shelf` keeps motions that were read, for all readers that are given the same one.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        pool: Pool | None = None,
        live: Callable[[int], Motion | None] | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        self._owned, self._live, self._shelf = pool is None, live, shelf or Shelf()
        if pool is not None:
            self._pool = pool  # opened and checked by whoever made it: a reader is made for every question
            return
        where = Path(path).resolve()
        self._pool = Pool(where)
        with self._pool.connection() as conn:
            if check_schema(conn, where) == 0:
                raise LedgerError(f"{where} is no ledger yet")

    def events(self, motion: int) -> Sequence[Recorded]:
        with self._pool.connection() as conn:
            return load_events(conn, motion)

    def motion(self, number: int) -> Motion | None:
        found = None if self._live is None else self._live(number)
        if found is not None:
            return found
        with self._pool.connection() as conn:
            found = load_motion(conn, number, self._shelf.get(number))
        if found is not None:
            self._shelf.put(found)
        return found

    def entry(self, number: int) -> DocketEntry | None:
        with self._pool.connection() as conn:
            return load_entry(conn, number)

    def entries(self, *, unfinished: bool = False) -> Sequence[DocketEntry]:
        with self._pool.connection() as conn:
            return load_entries(conn, unfinished=unfinished)

    def directory(self) -> Directory:
        return SqliteDirectory(self._pool.connection)

    def due(self, now: datetime, *, limit: int = 100) -> Sequence[OutboxRow]:
        with self._pool.connection() as conn:
            return load_due(conn, now, limit)

    def row(self, key: str) -> OutboxRow | None:
        """The outbox row with this key."""
        with self._pool.connection() as conn:
            return load_outbox(conn, key=key)

    def stuck(self) -> Sequence[OutboxRow]:
        """What was tried and could not be delivered yet, or was parked."""
        with self._pool.connection() as conn:
            return load_stuck(conn)

    def genesis(self) -> str:
        """What the chain starts from."""
        with self._pool.connection() as conn:
            return meta(conn, "genesis")

    def head(self) -> str:
        """The hash of the last committed event, or the genesis."""
        with self._pool.connection() as conn:
            return load_head(conn).hash

    def close(self) -> None:
        """Close the connections, if they are this reader's own."""
        if self._owned:
            self._pool.close()
