"""The baselines of durable writing: plain SQLite, and a writer that does the least that a ledger must do."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from concurrent.futures import Future
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final

from tests.bench.measure import Timed, together

BODY: Final = "b" * 260
"""As long as the stored bytes of a ballot."""
_TABLES: Final = (
    "CREATE TABLE raw (id INTEGER PRIMARY KEY, body TEXT NOT NULL)",
    "CREATE TABLE events (seq INTEGER PRIMARY KEY, motion INTEGER, version INTEGER, body TEXT, hash TEXT, "
    "UNIQUE (motion, version))",
    "CREATE TABLE inbox (request TEXT PRIMARY KEY, answer TEXT) WITHOUT ROWID",
    "CREATE TABLE outbox (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, due INTEGER)",
)


def connected(path: Path) -> sqlite3.Connection:
    """A durable connection: WAL, every commit synced, transactions begin where the code says so."""
    conn = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute("PRAGMA synchronous = FULL")
    if not conn.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
        for table in _TABLES:
            conn.execute(table)
    return conn


async def raw_commits(path: Path, *, times: int) -> Timed:
    """One row, one transaction, one after the other: what the disk and SQLite give."""
    conn = connected(path)

    async def insert(number: int) -> None:
        conn.execute("BEGIN IMMEDIATE")
        conn.execute("INSERT INTO raw (body) VALUES (?)", (BODY,))
        conn.execute("COMMIT")

    try:
        return await together(insert, callers=1, times=times)
    finally:
        conn.close()


class BareWriter:
    """A thread that commits what is waiting together: an event with its hash, an answer, an effect. No rules."""

    def __init__(self, path: Path) -> None:
        self._conn = connected(path)
        (self._seq,) = self._conn.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone()
        self._hash = ""
        self._queue: SimpleQueue[Future[str] | None] = SimpleQueue()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    async def write(self, number: int) -> str:
        """Three inserts, answered after the commit."""
        future: Future[str] = Future()
        self._queue.put(future)
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        self._queue.put(None)
        self._thread.join()
        self._conn.close()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            group = [first]
            try:
                while len(group) < 256 and (more := self._queue.get_nowait()) is not None:
                    group.append(more)
            except Empty:
                pass
            self._commit(group)

    def _commit(self, group: list[Future[str]]) -> None:
        run = self._conn.execute
        run("BEGIN IMMEDIATE")
        for _ in group:
            self._seq += 1
            self._hash = hashlib.sha256((BODY + self._hash).encode()).hexdigest()
            run("INSERT INTO events VALUES (?, 1, ?, ?, ?)", (self._seq, self._seq, BODY, self._hash))
            run("INSERT INTO inbox VALUES (?, 'recorded')", (f"request:{self._seq}",))
            run(
                "INSERT INTO outbox (key, due) VALUES ('edit', ?) ON CONFLICT (key) DO UPDATE SET due = excluded.due",
                (self._seq,),
            )
        run("COMMIT")
        for future in group:
            future.set_result(self._hash)


async def bare_writes(path: Path, *, callers: int, times: int) -> Timed:
    """The bare writer with so many callers at once."""
    writer = BareWriter(path)
    try:
        return await together(writer.write, callers=callers, times=times)
    finally:
        writer.close()
