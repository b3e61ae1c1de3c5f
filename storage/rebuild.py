"""Makes the projections of a ledger anew from its events: docket, people, and outbox rows that are missing.

It changes no event, text or answer, and no outbox row that is there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final

from bot.core.effects import Effect
from bot.core.events import PeopleEvent
from bot.ports import OutboxRow
from storage.chain import PEOPLE
from storage.codec import EVENTS, nothing_kept
from storage.errors import LedgerDamaged
from storage.lock import WriterLock
from storage.projections import People
from storage.queries import load_outbox, outbox_gaps, texts_from
from storage.replayed import Replayed
from storage.rows import DOCKET_COLUMNS, OUTBOX_COLUMNS, account_rows, docket_row, outbox_row, people_rows
from storage.shapes import instant
from storage.sqlite import connect
from storage.verify import verify


def rebuild(path: str | Path) -> int:
    """Rebuild the projections in one transaction; returns how many rows there are now or were added.

    The bot must not be running (LedgerLocked). Raises LedgerDamaged if the events themselves are not whole. Outbox
    rows that are missing come back parked: nobody knows whether they were delivered, so a person decides.
    """
    where = Path(path).resolve()
    lock = WriterLock(where)
    try:
        broken = [p for p in verify(where).problems if p.table in ("events", "file") or p.row == "genesis"]
        if broken:
            raise LedgerDamaged(f"{where}: event {broken[0].row}: {broken[0].what}. Restore a backup first")
        conn = connect(where)
        try:
            return _rebuilt(conn)
        finally:
            conn.close()
    finally:
        lock.release()


def _rebuilt(conn: sqlite3.Connection) -> int:
    conn.execute("BEGIN IMMEDIATE")
    made = rebuild_people(conn) + _motions(conn)
    conn.execute("COMMIT")
    return made


_PERSON: Final = "INSERT INTO people (person, login, login_folded, name, forge_id, pings) VALUES (?, ?, ?, ?, ?, ?)"


def rebuild_people(conn: sqlite3.Connection) -> int:
    people, texts = People(), texts_from(conn)
    sql = "SELECT seq, body FROM events WHERE motion = ? ORDER BY version"
    for seq, body in conn.execute(sql, (PEOPLE,)):
        event = EVENTS.decode(body, texts, row=seq).event
        if isinstance(event, PeopleEvent):
            people.take(event)
    rows = list(people_rows(people))
    conn.execute("DELETE FROM people")
    conn.execute("DELETE FROM accounts")
    conn.executemany(_PERSON, rows)
    links = list(account_rows(people))
    conn.executemany("INSERT INTO accounts (account, person, source, held_until) VALUES (?, ?, ?, ?)", links)
    return len(rows) + len(links)


def _motions(conn: sqlite3.Connection) -> int:
    made = 0
    gaps = outbox_gaps(conn)
    conn.execute("DELETE FROM docket")
    rows = conn.execute(
        "SELECT motion, seq, version, hash, body FROM events WHERE motion <> ? ORDER BY motion, version", (PEOPLE,)
    )
    for number, stream in groupby(rows, key=itemgetter(0)):
        replayed = Replayed(number, _channels(conn, number) if gaps else None)
        for flaw in replayed.run((row[1:] for row in stream), nothing_kept):
            raise LedgerDamaged(f"event {flaw.seq}: {flaw.what}")
        entry = replayed.entry()
        if entry is not None:
            marks = ", ".join("?" * len(docket_row(entry)))
            conn.execute(f"INSERT INTO docket ({DOCKET_COLUMNS}) VALUES ({marks})", docket_row(entry))  # noqa: S608
            made += 1
        made += _park(conn, replayed.effects, gaps)
    return made


def _channels(conn: sqlite3.Connection, motion: int) -> tuple[str, ...]:
    """The channels that the motion's effects went to, as far as the outbox still knows."""
    sql = "SELECT DISTINCT substr(venue, 9) FROM outbox WHERE motion = ? AND venue LIKE 'channel:%' ORDER BY 1"
    return tuple(channel for (channel,) in conn.execute(sql, (motion,)))


def _park(conn: sqlite3.Connection, wanted: Iterable[Effect], gaps: list[int]) -> int:
    """Put effects of which the events speak and the outbox does not into its gaps, without delivering them.

    Only as many as ids are missing: the others were never intended, their channel was configured later.
    """
    made = 0
    for effect in wanted:
        if not gaps or load_outbox(conn, key=effect.key) is not None:
            continue
        (at,) = conn.execute("SELECT max(at) FROM events WHERE motion = ?", (effect.motion,)).fetchone()
        why = "rebuilt: delivery unknown"
        row = OutboxRow(id=gaps.pop(0), effect=effect, state="parked", attempts=0, due=instant(at), error=why)
        values = outbox_row(row)
        marks = ", ".join("?" * len(values))
        conn.execute(f"INSERT INTO outbox ({OUTBOX_COLUMNS}, crc) VALUES ({marks})", values)  # noqa: S608
        made += 1
    return made
