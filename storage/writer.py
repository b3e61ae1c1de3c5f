"""The one thread that writes: takes what is waiting, commits it together, and only then says so.

It must never resolve a future before COMMIT, and never commit again once it was killed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import perf_counter
from typing import Any, Final

from bot.core.motion import Motion
from bot.ports import NotRecorded, Point, Transaction
from storage.cache import Motions
from storage.chain import Head
from storage.queries import load_head, load_motion, meta
from storage.transaction import Group, SqliteTransaction

GROUP: Final = 256
CHECKPOINT_EVERY: Final = 50_000
BEFORE_COMMIT: Final = "ledger.before.commit"
AFTER_COMMIT: Final = "ledger.after.commit"

_PLAIN: Final = (
    ("locked", "another program holds it locked"),
    ("full", "the disk is full"),
    ("readonly", "the file is read-only"),
    ("disk I/O", "the disk does not answer"),
)


@dataclass(slots=True, eq=False)
class Unit:
    """One piece of work and who waits for it."""

    work: Callable[[Transaction], Any]
    future: Future[Any] = field(default_factory=Future)
    result: Any = None
    error: BaseException | None = None

    def resolve(self) -> None:
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


Watch = Callable[[float, bool], None]
"""Told of each group, in the writer's thread: how many seconds it took, and whether it is stored."""


class _GroupLost(Exception):
    """SQLite rolled the whole transaction back on its own; `args[0]` is what is told to everyone in it."""


def not_recorded(path: Path, error: BaseException) -> NotRecorded:
    """The reason in plain words, naming the file."""
    said = str(error)
    reason = next((plain for sign, plain in _PLAIN if sign in said), said)
    return NotRecorded(f"{path} could not be written: {reason}")


class Writer:
    """Owns the writing connection and the end of the chain, from the first transaction to the close."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        path: Path,
        point: Point,
        on_end: Callable[[], None],
        watch: Watch | None = None,
    ) -> None:
        self._conn, self._path, self._point, self._on_end = conn, path, point, on_end
        self._watch = watch
        self.motions = Motions()
        self.head = load_head(conn)
        self._people = int(conn.execute("SELECT coalesce(max(version), 0) FROM events WHERE motion = 0").fetchone()[0])
        self._outbox = int(conn.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence").fetchone()[0])
        self._checkpoint = int(meta(conn, "checkpoint_seq") or 0)
        self._queue: SimpleQueue[Unit | None] = SimpleQueue()
        self._gate, self._closed = Lock(), False
        self._dead: BaseException | None = None
        self._thread = Thread(target=self._run, name="ledger-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Transaction], Any]) -> Future[Any]:
        """Queue a unit. The future of a dead or closed writer has failed already."""
        unit = Unit(work)
        with self._gate:
            if self._dead is not None:
                unit.future.set_exception(self._dead)
            elif self._closed:
                unit.future.set_exception(NotRecorded(f"{self._path} is closed"))
            else:
                self._queue.put(unit)
        return unit.future

    def close(self) -> None:
        """Do what is queued, then stop. A writer that is dead is only waited for."""
        with self._gate:
            first, self._closed = not self._closed, True
        if first:
            self._queue.put(None)
        self._thread.join()

    @property
    def alive(self) -> bool:
        """Whether it can still write at all."""
        return self._dead is None and not self._closed

    def mark(self) -> Future[Any]:
        """Store how far the chain is known, as a unit of its own: the least write there is, to see whether one can."""
        return self.submit(lambda _: self._mark(self.head))

    # ----------------------------------------------------------------------- the thread

    def _run(self) -> None:
        units: list[Unit] = []
        try:
            last = False
            while not last:
                units, last = self._take()
                if units:
                    self._group(units)
            self._finish()
            self._let_go()
        except BaseException as death:  # whatever it is, nothing may be committed after it
            self._die(death, units)

    def _take(self, limit: int = GROUP) -> tuple[list[Unit], bool]:
        """What is waiting, up to a group, and whether the end was asked for. Waits for the first."""
        units: list[Unit] = []
        entry = self._queue.get()
        try:
            while entry is not None:
                if entry.future.set_running_or_notify_cancel():
                    units.append(entry)
                if len(units) >= limit:
                    return units, False
                entry = self._queue.get_nowait()
        except Empty:
            return units, False
        return units, True

    def _group(self, units: list[Unit]) -> None:
        began = perf_counter()
        stored = self._stored(units)
        if self._watch is not None:
            self._watch(perf_counter() - began, stored)

    def _stored(self, units: list[Unit]) -> bool:
        """Do these units in one transaction; whether it could be committed."""
        try:
            self._conn.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            self._fail(units, error, waiting=True)
            return False
        group = Group(head=self.head, people=self._people, outbox=self._outbox)
        try:
            self._work(units, group)
            self._commit(group) if any(unit.error is None for unit in units) else self._undo(group)
        except _GroupLost as lost:
            self._undo(group)
            self._fail(units, lost.args[0])
        except Exception as error:
            self._undo(group)
            self._fail(units, error)
        else:
            self._point(AFTER_COMMIT)  # it is committed: whatever is raised here is a death, never "not recorded"
            for unit in units:
                unit.resolve()
            return not any(isinstance(unit.error, NotRecorded) for unit in units)
        return False

    def _work(self, units: Sequence[Unit], group: Group) -> None:
        """Run each unit on its own: one that raises takes back only what it did itself."""
        for unit in units:
            transaction = SqliteTransaction(self._conn, group, self._load)
            try:
                unit.result = unit.work(transaction)
                transaction.keep()
            except Exception as error:
                unit.error = self._reason(error)
                if not self._conn.in_transaction:
                    raise _GroupLost(error) from error
                transaction.drop()

    def _reason(self, error: Exception) -> Exception:
        """What the unit's future says: trouble with the file is told as such, everything else as it is."""
        if isinstance(error, sqlite3.IntegrityError) or not isinstance(error, sqlite3.DatabaseError):
            return error
        told = not_recorded(self._path, error)
        told.__cause__ = error
        return told

    def _commit(self, group: Group) -> None:
        head = group.head
        due = head.seq - self._checkpoint >= CHECKPOINT_EVERY
        group.flush(self._conn)
        if due:
            self._mark(head)
        self._point(BEFORE_COMMIT)
        self._conn.execute("COMMIT")
        self.head, self._people, self._outbox = head, group.people, group.outbox
        self._checkpoint = head.seq if due else self._checkpoint
        for motion in group.motions.values():
            self.motions.publish(motion)
        self.motions.drop(group.forgotten)

    def _load(self, number: int) -> Motion | None:
        """A motion that no unit of this group has touched, from the cache or the file."""
        found = self.motions.get(number)
        if found is None:
            found = load_motion(self._conn, number)
            if found is not None:
                self.motions.publish(found)
        return found

    # ----------------------------------------------------------------------- endings

    def _undo(self, group: Group) -> None:
        if self._conn.in_transaction:
            self._conn.execute("ROLLBACK")
        self.motions.drop(group.motions)

    def _fail(self, units: Sequence[Unit], error: BaseException, *, waiting: bool = False) -> None:
        """Tell everyone that nothing is stored; with `waiting`, also those who queued while the file was locked."""
        told = list(units)
        if waiting:
            told += self._waiting()
        for unit in told:
            unit.error = unit.error or not_recorded(self._path, error)
            unit.error.__cause__ = unit.error.__cause__ or error
            unit.resolve()

    def _waiting(self) -> list[Unit]:
        found: list[Unit] = []
        with self._gate:
            while not self._queue.empty():
                entry = self._queue.get_nowait()
                if entry is None:
                    self._queue.put(None)
                    break
                if entry.future.set_running_or_notify_cancel():
                    found.append(entry)
        return found

    def _mark(self, head: Head) -> None:
        """Note how far the chain is known to be good, so that the next start need not begin at the beginning."""
        pairs = (("checkpoint_seq", str(head.seq)), ("checkpoint_hash", head.hash))
        self._conn.executemany("UPDATE meta SET value = ?2 WHERE key = ?1", pairs)

    def _finish(self) -> None:
        try:
            self._conn.execute("BEGIN IMMEDIATE")
            self._mark(self.head)
            self._conn.execute("COMMIT")
            self._conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error:
            # Nothing is lost: the next start checks a longer piece of the chain.
            if self._conn.in_transaction:
                self._conn.execute("ROLLBACK")

    def _let_go(self) -> None:
        """Leave the file and its lock to whoever comes next."""
        self._conn.close()
        self._on_end()

    def _die(self, death: BaseException, units: Sequence[Unit]) -> None:
        """Like the end of a process: nothing is committed, the lock is gone, and only then does anybody hear of it."""
        with self._gate:
            self._dead = death
        self._let_go()  # closing rolls back
        for unit in (*units, *self._waiting()):
            if not unit.future.done():
                unit.future.set_exception(death)
