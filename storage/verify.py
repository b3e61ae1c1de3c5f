"""Checks a whole ledger: every stored event against the chain, every projection against a replay. It changes nothing.

Works while the writer runs: everything is read in one transaction, so it sees the ledger of one moment.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final

from bot.core.events import PeopleEvent
from bot.core.prose import digest
from storage.chain import PEOPLE, Head, flaw, hash_of, is_number
from storage.codec import EVENTS, nothing_kept
from storage.errors import Conflict, LedgerDamaged, LedgerError, LedgerTooNew
from storage.migrations import STEPS, furniture, own_furniture, schema_of
from storage.projections import People
from storage.queries import meta, outbox_gaps, texts_from
from storage.reader import connect_read_only
from storage.replayed import Replayed
from storage.rows import (
    DOCKET_COLUMNS,
    EVENT_COLUMNS,
    INBOX_COLUMNS,
    OUTBOX_COLUMNS,
    Row,
    account_rows,
    crc,
    docket_row,
    link_of,
    people_rows,
)
from storage.shapes import ShapeError, instant

Progress = Callable[[int, int], None]
_STEP: Final = 10_000
_NAMED: Final = 20
_META: Final = {"genesis", "checkpoint_seq", "checkpoint_hash"}
_ACCOUNTS: Final = ("account", "person", "source", "held_until")
_PEOPLE: Final = ("person", "login", "login_folded", "name", "forge_id", "pings")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A row that is not what was stored, or not what the events make; `row` is its primary key."""

    table: str
    row: str
    what: str

    def __str__(self) -> str:
        return f"{self.table} {self.row}: {self.what}" if self.row else f"{self.table}: {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What `verify` found. `head` is the log's head, to compare with one that was published (T45, T46).

    No event says why a text was erased: `erased` is how many of the `texts` were, for whoever knows of it or does not.
    """

    events: int
    motions: int
    head: str
    problems: tuple[Problem, ...]
    texts: int = 0
    erased: int = 0

    @property
    def ok(self) -> bool:
        """Whether everything is as it was stored."""
        return not self.problems


def verify(path: str | Path, *, progress: Progress | None = None) -> Report:
    """Check the ledger at `path`. Raises LedgerError if it cannot be read at all; all else is in the report.

    `progress` is told now and then how many events of how many were read; each is read twice.
    """
    where = Path(path).resolve()
    conn = connect_read_only(where)
    conn.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        schema = schema_of(conn)
        if schema > len(STEPS):
            raise LedgerTooNew(f"{where} has schema {schema}, this program knows up to {len(STEPS)}: upgrade it")
        if schema < len(STEPS):
            raise LedgerError(f"{where} has schema {schema}: start the bot once to migrate it, then verify")
        return _Verification(conn, progress).report()
    except sqlite3.DatabaseError as error:
        problem = Problem(table="file", row="", what=f"{where} cannot be read: {error}")
        return Report(events=0, motions=0, head="", problems=(problem,))
    finally:
        conn.close()


class _Verification:
    """One run: reads in one transaction, collects problems."""

    def __init__(self, conn: sqlite3.Connection, progress: Progress | None) -> None:
        self._conn, self._tell = conn, progress
        self._problems: list[Problem] = []
        self._done = self._total = self._motions = 0
        self._digests: dict[str, tuple[int, int]] = {}
        self._kept = self._erased = 0

    def report(self) -> Report:
        self._conn.execute("BEGIN")
        self._total = 2 * int(self._conn.execute("SELECT count(*) FROM events").fetchone()[0])
        head = self._chain()
        self._people()
        self._replay()
        self._texts()
        self._checksums("inbox", INBOX_COLUMNS, "request")
        self._checksums("outbox", OUTBOX_COLUMNS, "id")
        for gap in outbox_gaps(self._conn)[:_NAMED]:
            self._found("outbox", gap, "is missing")
        self._file()
        self._conn.execute("COMMIT")
        return Report(
            events=self._total // 2,
            motions=self._motions,
            head=head,
            problems=tuple(self._problems),
            texts=self._kept,
            erased=self._erased,
        )

    def _found(self, table: str, row: object, what: str) -> None:
        problem = Problem(table=table, row=str(row), what=what)
        if problem not in self._problems[-3:]:
            self._problems.append(problem)

    def _tick(self) -> None:
        self._done += 1
        if self._tell is not None and self._done % _STEP == 0:
            self._tell(self._done, self._total)

    # ----------------------------------------------------------------------- the chain

    def _chain(self) -> str:
        """Recompute every hash from the genesis on. A bad row is named once and does not taint those after it."""
        genesis = meta(self._conn, "genesis")
        before, accepted = Head(0, genesis), {genesis}
        sql = f"SELECT {EVENT_COLUMNS} FROM events ORDER BY seq"  # noqa: S608 - the columns are ours
        for row in map(link_of, self._conn.execute(sql)):
            self._tick()
            if row.prev in accepted:
                before = Head(before.seq, row.prev)
            what, accepted = flaw(row, before), {row.hash}
            if what is not None:
                accepted.add(hash_of(row.body, row.prev))
                moved = row.seq == 1 and row.prev != genesis and row.hash in accepted and len(accepted) == 1
                self._found("meta" if moved else "events", "genesis" if moved else row.seq, what)
            before = Head(row.seq, row.hash)
        self._meta(before)
        return before.hash

    def _meta(self, head: Head) -> None:
        keys = {key for (key,) in self._conn.execute("SELECT key FROM meta")}
        for key in sorted(keys ^ _META):
            self._found("meta", key, "is missing" if key in _META else "does not belong here")
        seq, own = meta(self._conn, "checkpoint_seq"), meta(self._conn, "checkpoint_hash")
        marked = (meta(self._conn, "genesis"),) if seq == "0" else None
        if is_number(seq) and seq != "0":
            marked = self._conn.execute("SELECT hash FROM events WHERE seq = ?", (int(seq),)).fetchone()
        if marked is None:
            self._found("meta", "checkpoint_seq", f"no event has this number; the last is {head.seq}")
        elif marked[0] != own:
            self._found("meta", "checkpoint_hash", f"is not the hash of event {seq}")

    # ----------------------------------------------------------------------- projections

    def _people(self) -> None:
        people, texts = People(), texts_from(self._conn)
        rows = self._conn.execute("SELECT seq, version, body FROM events WHERE motion = ? ORDER BY version", (PEOPLE,))
        for expected, (seq, version, body) in enumerate(rows, start=1):
            self._tick()
            if version != expected:
                self._found("events", seq, f"a version of the stream of people is missing before {version}")
            try:
                event = EVENTS.decode(body, texts, row=seq).event
                for prose in EVENTS.texts(event):
                    self._mention(prose.digest, seq, PEOPLE)
                if isinstance(event, PeopleEvent):
                    people.take(event)
            except (LedgerDamaged, LedgerTooNew, Conflict, ValueError) as error:
                self._found("events", seq, str(error))
        self._compare("people", _PEOPLE, {row[0]: row for row in people_rows(people)})
        self._compare(
            "accounts", ("account", "person", "source", "held_until"), {row[0]: row for row in account_rows(people)}
        )

    def _replay(self) -> None:
        """Make every motion again from its events, one at a time, and compare it with the tables."""
        expected: dict[object, Row] = {}
        sql = "SELECT motion, seq, version, hash, body FROM events WHERE motion <> ? ORDER BY motion, version"
        for number, rows in groupby(self._conn.execute(sql, (PEOPLE,)), key=itemgetter(0)):
            self._motions += 1
            replayed = Replayed(number)
            for flawed in replayed.run(self._ticked(rows), nothing_kept):
                self._found("events", flawed.seq, flawed.what)
            for name, seq in replayed.digests:
                self._mention(name, seq, number)
            entry = replayed.entry()
            if entry is not None:
                expected[number] = docket_row(entry)
        self._compare("docket", tuple(DOCKET_COLUMNS.split(", ")), expected)

    def _ticked(self, rows: Iterable[Row]) -> Iterator[tuple[int, int, str, str]]:
        for _, seq, version, own, body in rows:
            self._tick()
            yield seq, version, own, body

    def _compare(self, table: str, columns: tuple[str, ...], expected: dict[object, Row]) -> None:
        """The table against the rows that the events make, by primary key."""
        sql = f"SELECT {', '.join(columns)} FROM {table}"  # noqa: S608 - both are ours
        stored = {row[0]: row for row in self._conn.execute(sql)}
        for key in expected.keys() - stored.keys():
            self._found(table, key, "is missing: the events make it")
        for key in stored.keys() - expected.keys():
            self._found(table, key, "no event makes it")
        for key in stored.keys() & expected.keys():
            wrong = [name for name, is_, be in zip(columns, stored[key], expected[key], strict=True) if is_ != be]
            if wrong:
                self._found(table, key, f"{', '.join(wrong)}: not what the events make")

    # ----------------------------------------------------------------------- what no event vouches for

    def _mention(self, name: str, seq: int, motion: int) -> None:
        known = self._digests.get(name)
        if known is None or seq < known[0]:
            self._digests[name] = (seq, motion)

    def _texts(self) -> None:
        sql = "SELECT digest, motion, salt, text, erased_at FROM texts"
        for name, motion, salt, text, erased in self._conn.execute(sql):
            mention = self._digests.pop(name, None)
            if mention is None:
                self._found("texts", name, "no event mentions it")
            elif mention[1] != motion:
                self._found("texts", name, f"belongs to motion {mention[1]}, not {motion}")
            self._kept, self._erased = self._kept + (text is not None), self._erased + (text is None)
            if text is None:
                self._erasure(name, erased)
            elif _digest_of(text, salt) != name:
                self._found("texts", name, "its text and salt do not give its digest")
            elif erased is not None:
                self._found("texts", name, "is marked as erased, and is not")
        for name, (seq, _) in self._digests.items():
            self._found("texts", name, f"is missing, and not marked as erased: event {seq} mentions it")

    def _erasure(self, name: str, erased: str) -> None:
        try:
            instant(erased)
        except (ShapeError, ValueError):
            self._found("texts", name, "erased_at is no instant")

    def _checksums(self, table: str, columns: str, key: str) -> None:
        sql = f"SELECT {columns}, crc FROM {table} ORDER BY {key}"  # noqa: S608 - all are ours
        for *values, stored in self._conn.execute(sql):
            if crc(*values) != stored:
                self._found(table, values[0], "its columns do not give its checksum")

    def _file(self) -> None:
        made, found = own_furniture(), furniture(self._conn)
        for name in sorted(made.keys() | found.keys()):
            if made.get(name) != found.get(name):
                what = "is missing" if name not in found else "is not what this program makes"
                self._found("schema", name, what)
        for (line,) in self._conn.execute("PRAGMA integrity_check(20)"):
            if line != "ok":
                self._found("file", "", line)


def _digest_of(text: str, salt: str) -> str:
    try:
        return digest(text, salt)
    except UnicodeEncodeError:
        return ""
