"""The SQL that reads: the same for the writer inside its transaction and for readers beside it. Nothing here writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Final

from bot.core.answers import Answer
from bot.core.docket import VOTING_STAGES, DocketEntry
from bot.core.effects import furthest
from bot.core.events import BoundBy
from bot.core.motion import Motion, evolve
from bot.core.people import Person, PersonId, fold_login
from bot.ports import OutboxRow, Recorded
from storage.chain import PEOPLE, Head
from storage.codec import EVENTS
from storage.rows import DOCKET_COLUMNS, OUTBOX_COLUMNS, Row, answer_at, entry_at, outbox_at, pings_at
from storage.shapes import Texts, instant, stamp

Connections = Callable[[], AbstractContextManager[sqlite3.Connection]]

_DUE: Final = f"""
    SELECT {OUTBOX_COLUMNS} FROM outbox AS row
    WHERE state = 'pending' AND (due <= ? OR due > CASE kind WHEN 'ping' THEN ? ELSE ? END)
    AND (lane = 'latest' OR NOT EXISTS (
        SELECT 1 FROM outbox AS earlier WHERE earlier.state = 'pending' AND earlier.lane = 'once'
        AND earlier.motion = row.motion AND earlier.venue = row.venue AND earlier.id < row.id))
    ORDER BY due, id LIMIT ?"""  # noqa: S608 - the columns are ours
_DOCKET: Final = f"SELECT {DOCKET_COLUMNS} FROM docket"  # noqa: S608
_OUTBOX: Final = f"SELECT {OUTBOX_COLUMNS} FROM outbox"  # noqa: S608
_PERSON: Final = "SELECT person, login, name, forge_id, pings FROM people"


def texts_from(conn: sqlite3.Connection) -> Texts:
    """The look-up of texts by digest; what was erased, or is missing, comes back as None."""

    def look_up(digest: str) -> tuple[str | None, str | None]:
        found = conn.execute("SELECT salt, text FROM texts WHERE digest = ?", (digest,)).fetchone()
        return (None, None) if found is None else (found[0], found[1])

    return look_up


def load_motion(conn: sqlite3.Connection, number: int, base: Motion | None = None) -> Motion | None:
    """The motion after all its stored events, going on from `base` where that is given."""
    if number == PEOPLE:
        return None
    rows = conn.execute(
        "SELECT seq, body FROM events WHERE motion = ? AND version > ? ORDER BY version",
        (number, 0 if base is None else base.version),
    )
    texts = texts_from(conn)
    motion = base
    for seq, body in rows:
        event = EVENTS.decode(body, texts, row=seq)
        motion = evolve(motion, event.event, number=number, at=event.at)
    return motion


def load_events(conn: sqlite3.Connection, motion: int) -> Sequence[Recorded]:
    """The stream in order."""
    texts = texts_from(conn)
    rows = conn.execute("SELECT seq, hash, body FROM events WHERE motion = ? ORDER BY version", (motion,))
    found = []
    for seq, own, body in rows:
        event = EVENTS.decode(body, texts, row=seq)
        found.append(Recorded(seq=seq, motion=motion, version=event.version, at=event.at, event=event.event, hash=own))
    return tuple(found)


def meta(conn: sqlite3.Connection, key: str) -> str:
    """A value of `meta`, empty if it is missing."""
    found = conn.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return "" if found is None else str(found[0])


def load_head(conn: sqlite3.Connection) -> Head:
    """The end of the chain as it is stored."""
    found = conn.execute("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()
    return Head(0, meta(conn, "genesis")) if found is None else Head(found[0], found[1])


def load_answer(conn: sqlite3.Connection, request: str) -> Answer | None:
    """What was answered to this request, or None."""
    found = conn.execute("SELECT ok, code, params FROM inbox WHERE request = ?", (request,)).fetchone()
    return None if found is None else answer_at(*found)


def load_due(conn: sqlite3.Connection, now: datetime, limit: int) -> Sequence[OutboxRow]:
    """Rows that may be delivered now; one that waits holds back later ones of its line, a parked one does not."""
    far = (stamp(furthest("ping", now)), stamp(furthest("", now)))
    return tuple(outbox_at(row) for row in conn.execute(_DUE, (stamp(now), *far, limit)))


def load_outbox(conn: sqlite3.Connection, *, key: str | None = None, row: int | None = None) -> OutboxRow | None:
    """The outbox row with this key, or this id."""
    where, value = ("key", key) if key is not None else ("id", row)
    found = conn.execute(f"{_OUTBOX} WHERE {where} = ?", (value,)).fetchone()
    return None if found is None else outbox_at(found)


def load_stuck(conn: sqlite3.Connection) -> Sequence[OutboxRow]:
    """Rows that were tried and failed, waiting or parked, oldest first."""
    where = "WHERE state = 'parked' OR (state = 'pending' AND attempts > 0)"
    return tuple(outbox_at(row) for row in conn.execute(f"{_OUTBOX} {where} ORDER BY id"))


def load_entry(conn: sqlite3.Connection, number: int) -> DocketEntry | None:
    """A motion's line in the docket."""
    found = conn.execute(f"{_DOCKET} WHERE motion = ?", (number,)).fetchone()
    return None if found is None else entry_at(found)


def outbox_gaps(conn: sqlite3.Connection) -> list[int]:
    """The ids of outbox rows that were stored once and are gone: nothing is ever deleted, and ids have no gaps."""
    newest = conn.execute("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'").fetchone()
    there = {row for (row,) in conn.execute("SELECT id FROM outbox")}
    return [row for row in range(1, max(newest[0] if newest else 0, *there, 0) + 1) if row not in there]


def load_entries(conn: sqlite3.Connection, *, unfinished: bool) -> Sequence[DocketEntry]:
    """The docket by number."""
    where = " WHERE ended = 0" if unfinished else ""
    return tuple(entry_at(row) for row in conn.execute(f"{_DOCKET}{where} ORDER BY motion"))


class SqliteDocket:
    """What rules ask about the other motions, from the table."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn

    def next_number(self) -> int:
        return int(self._conn.execute("SELECT coalesce(max(motion), 0) + 1 FROM docket").fetchone()[0])

    def unfinished_on(self, repository: str, subject: PersonId) -> DocketEntry | None:
        return self._one("WHERE ended = 0 AND repository = ? AND subject = ?", (repository, subject))

    def disputed(self, repository: str, dispute: str) -> DocketEntry | None:
        return self._one("WHERE ended = 0 AND repository = ? AND dispute = ?", (repository, dispute))

    def open_by(self, proposer: PersonId) -> int:
        stages = ", ".join("?" * len(VOTING_STAGES))
        where = f"ended = 0 AND proposer = ? AND kind <> 'practice' AND stage IN ({stages})"
        sql = f"SELECT count(*) FROM docket WHERE {where}"  # noqa: S608
        return int(self._conn.execute(sql, (proposer, *VOTING_STAGES)).fetchone()[0])

    def last_lost(self, repository: str, subject: PersonId, role: str) -> DocketEntry | None:
        where = "WHERE stage = 'lost' AND repository = ? AND subject = ? AND role = ?"
        return self._one(f"{where} ORDER BY closed_at DESC, motion DESC LIMIT 1", (repository, subject, role))

    def _one(self, where: str, values: Row) -> DocketEntry | None:
        found = self._conn.execute(f"{_DOCKET} {where}", values).fetchone()
        return None if found is None else entry_at(found)


class SqliteDirectory:
    """The people, from the tables, as they are at each question."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def person(self, person: PersonId) -> Person | None:
        return self._one("person = ?", person)

    def by_login(self, login: str) -> Person | None:
        return self._one("login_folded = ?", fold_login(login))

    def by_account(self, account: str) -> Person | None:
        linked, own = "SELECT person FROM accounts WHERE account = ?1", "SELECT person FROM people WHERE forge_id = ?1"
        return self._one(f"person = coalesce(({linked}), ({own}))", account)

    def held(self, account: str) -> datetime | None:
        with self._connections() as conn:
            found = conn.execute("SELECT held_until FROM accounts WHERE account = ?", (account,)).fetchone()
            return instant(found[0]) if found is not None and found[0] else None

    def linked(self, source: BoundBy) -> Mapping[str, PersonId]:
        with self._connections() as conn:
            rows = conn.execute("SELECT account, person FROM accounts WHERE source = ?", (source,))
            return {account: PersonId(person) for account, person in rows}

    def everyone(self) -> Sequence[Person]:
        with self._connections() as conn:
            accounts: dict[str, list[str]] = {}
            for account, person in conn.execute("SELECT account, person FROM accounts ORDER BY account"):
                accounts.setdefault(person, []).append(account)
            rows = conn.execute(f"{_PERSON} ORDER BY person").fetchall()
            return tuple(_person(row, accounts.get(row[0], [])) for row in rows)

    def _one(self, where: str, value: str) -> Person | None:
        with self._connections() as conn:
            row = conn.execute(f"{_PERSON} WHERE {where}", (value,)).fetchone()
            if row is None:
                return None
            own = conn.execute("SELECT account FROM accounts WHERE person = ? ORDER BY account", (row[0],))
            return _person(row, [account for (account,) in own])


def _person(row: Row, accounts: Sequence[str]) -> Person:
    return Person(
        id=PersonId(row[0]),
        login=row[1] or "",
        name=row[2],
        forge_id=row[3],
        accounts=tuple(accounts),
        pings=pings_at(row[4]),
    )
