"""The ledger in one SQLite file: opened, checked and locked here; written by the writer's thread only."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from bot.ports import Clock, Figures, OutboxRow, Point, Reader, Transaction, no_point
from storage.cache import Shelf
from storage.chain import Head, Link, flaw, is_number
from storage.errors import LedgerDamaged, LedgerError
from storage.figures import figures
from storage.lock import WriterLock
from storage.migrations import check_schema, migrate
from storage.queries import meta
from storage.reader import BUSY_SECONDS, Pool, SqliteReader
from storage.retention import PIECE, old_answers, old_texts
from storage.rows import EVENT_COLUMNS, link_of
from storage.transaction import SqliteTransaction
from storage.writer import Watch, Writer

T = TypeVar("T")

_SHELF: Final = 2048
"""Motions that readers keep: more than are ever open at once, so that a sweep replays none twice."""
_WAL_LIMIT: Final = 64 * 1024 * 1024


class SqliteLedger:
    """Implements `bot.ports.Ledger`. Opening it takes the lock, migrates, and checks the chain since the last mark.

    Raises LedgerLocked, LedgerDamaged, LedgerTooNew, or LedgerError where the file cannot be opened.
    """

    def __init__(self, path: str | Path, *, clock: Clock, point: Point = no_point, watch: Watch | None = None) -> None:
        self.path = Path(path).resolve()
        self._clock = clock
        lock = _locked(self.path)
        try:
            conn = _opened(self.path)
        except BaseException:
            lock.release()
            raise
        self._pool = Pool(self.path)
        self._shelf = Shelf(_SHELF)
        self._genesis = meta(conn, "genesis")
        self._writer = Writer(conn, self.path, point, lock.release, watch)

    def transact(self, work: Callable[[Transaction], T]) -> Future[T]:
        return self._writer.submit(work)

    def reader(self) -> Reader:
        return SqliteReader(self.path, pool=self._pool, live=self._writer.motions.get, shelf=self._shelf)

    def genesis(self) -> str:
        return self._genesis

    def head(self) -> str:
        return self._writer.head.hash

    def row(self, key: str) -> OutboxRow | None:
        return SqliteReader(self.path, pool=self._pool).row(key)

    def figures(self) -> Figures:
        """The ledger in numbers, now."""
        with self._pool.connection() as conn:
            return figures(conn, self._clock.now())

    def alive(self) -> bool:
        """Whether its writer still runs."""
        return self._writer.alive

    def probe(self) -> Future[Any]:
        """Write the least there is. The future raises NotRecorded if nothing can be written."""
        return self._writer.mark()

    def forget(self, before: datetime) -> int:
        """Erase the texts of motions that ended before then, and answers of that time, piece by piece; how many (T49).

        Blocks until it is done: call it beside the event loop. Raises NotRecorded.
        """
        with self._pool.connection() as conn:
            texts, answers = list(old_texts(conn, before)), list(old_answers(conn, before))
        gone = 0
        for start in range(0, len(texts), PIECE):
            gone += self._forget(texts[start : start + PIECE], ())
        for start in range(0, len(answers), PIECE):
            gone += self._forget((), answers[start : start + PIECE])
        return gone

    def _forget(self, texts: Sequence[tuple[int, str]], answers: Sequence[str]) -> int:
        def work(txn: Transaction) -> int:
            if not isinstance(txn, SqliteTransaction):
                raise TypeError("not a transaction of this ledger")
            return txn.forget(texts, answers, at=self._clock.now())

        gone = self._writer.submit(work).result()
        for motion, _ in texts:
            self._shelf.drop(motion)
        return int(gone)

    def close(self) -> None:
        self._writer.close()
        self._pool.close()


def _locked(path: Path) -> WriterLock:
    try:
        return WriterLock(path)
    except OSError as error:
        raise LedgerError(f"{path} cannot be opened for writing: {error.strerror}") from error


def _opened(path: Path) -> sqlite3.Connection:
    """The writing connection, with tables up to date and the chain checked."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        conn = connect(path)
    except (OSError, sqlite3.Error) as error:
        raise LedgerError(f"{path} cannot be opened for writing: {error}") from error
    try:
        check_schema(conn, path)  # before anything is changed in a file that is not for us
        conn.execute("PRAGMA journal_mode = WAL")
        conn.execute("PRAGMA synchronous = FULL")
        conn.execute("PRAGMA foreign_keys = ON")
        conn.execute("PRAGMA secure_delete = FAST")  # what is erased does not stay in the page that held it
        conn.execute(f"PRAGMA journal_size_limit = {_WAL_LIMIT}")
        migrate(conn, path)
        check_since_mark(conn)
    except sqlite3.OperationalError as error:
        conn.close()
        raise LedgerError(f"{path} cannot be opened for writing: {error}") from error
    except sqlite3.DatabaseError as error:
        conn.close()
        raise LedgerDamaged(f"{path} is damaged: {error}. Restore the latest backup") from error
    except BaseException:
        conn.close()
        raise
    return conn


def connect(path: Path) -> sqlite3.Connection:
    """A connection in autocommit mode: transactions begin where the code says so."""
    return sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=128
    )


def check_since_mark(conn: sqlite3.Connection) -> Head:
    """Check the chain from the last mark on; the whole of it is for `verify`. Raises LedgerDamaged."""
    conn.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        return _checked(conn)
    finally:
        conn.text_factory = str


def _checked(conn: sqlite3.Connection) -> Head:
    columns = EVENT_COLUMNS
    seq, own = meta(conn, "checkpoint_seq"), meta(conn, "checkpoint_hash")
    if not is_number(seq):
        raise LedgerDamaged("meta: checkpoint_seq is no number")
    head = Head(int(seq), own)
    if head.seq == 0 and own != meta(conn, "genesis"):
        raise LedgerDamaged("meta: the chain does not start at its genesis")
    first = conn.execute("SELECT prev FROM events WHERE seq = 1").fetchone()
    if first is not None and first[0] != meta(conn, "genesis"):  # what was published is known by it
        raise LedgerDamaged("meta: the genesis is not what the first event follows")
    sql = f"SELECT {columns} FROM events WHERE seq >= ? ORDER BY seq"  # noqa: S608 - the columns are ours
    rows = map(link_of, conn.execute(sql, (max(head.seq, 1),)))
    if head.seq:
        marked = next(rows, None)
        if marked is None or marked.seq != head.seq:
            raise LedgerDamaged(f"event {head.seq} is missing")
        if marked.hash != own:
            raise LedgerDamaged(f"event {head.seq} was changed after it was stored: its hash is not the marked one")
        head = _next(marked, Head(marked.seq - 1, marked.prev))
    for row in rows:
        head = _next(row, head)
    return head


def _next(row: Link, before: Head) -> Head:
    what = flaw(row, before)
    if what is not None:
        raise LedgerDamaged(f"event {row.seq} was changed after it was stored: {what}")
    return Head(row.seq, row.hash)
