"""Finds a published head in a ledger's chain. It reads only; whether the chain itself is whole is for `verify`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage.chain import abbreviated
from storage.queries import meta
from storage.reader import connect_read_only
from storage.shapes import instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The event whose hash a published head is; sequence number 0 is the genesis."""

    seq: int
    motion: int
    type: str
    at: datetime | None
    hash: str


def find_head(ledger: str | Path, said: str) -> Found | None:
    """The event that has this hash, whole or abbreviated; None if there is none. Raises ValueError for no hash."""
    beginning = abbreviated(said)
    conn = connect_read_only(Path(ledger).resolve())
    try:
        genesis = meta(conn, "genesis")
        if genesis.startswith(beginning):
            return Found(seq=0, motion=0, type="", at=None, hash=genesis)
        sql = "SELECT seq, motion, type, at, hash FROM events WHERE hash >= ?1 AND hash < ?1 || 'g' LIMIT 1"
        row = conn.execute(sql, (beginning,)).fetchone()
    finally:
        conn.close()
    if row is None:
        return None
    return Found(seq=row[0], motion=row[1], type=row[2], at=instant(row[3]), hash=row[4])
