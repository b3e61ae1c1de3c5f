"""Writes a ledger as one JSON document that can be checked with no database: chain, texts, results.

The format is `docs/explanation/evidence.md`; a change that an older reader would misread gets a new VERSION.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TextIO

from storage.migrations import check_schema
from storage.queries import load_head, meta
from storage.reader import connect_read_only
from storage.shapes import stamp

FORMAT: Final = "folkmoot-bundle"
VERSION: Final = 1
CLAIMED: Final = ("outcome", "eligible", "needed", "yes", "no", "abstain", "not_voted")
"""What is said of a motion that was counted, and counted again by whoever checks it."""
_LINE: Final = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What went into a bundle."""

    events: int
    texts: int
    head: str


def write_bundle(ledger: str | Path, out: TextIO, *, at: datetime, program: str, texts: bool = True) -> Written:
    """Write the ledger of one moment to `out`, beside a running bot. Raises LedgerError if it cannot be read.

    Without `texts` names and everything typed stay out: people are random ids, and the digests cannot be checked.
    """
    where = Path(ledger).resolve()
    conn = connect_read_only(where)
    try:
        check_schema(conn, where)
        conn.execute("BEGIN")
        head = load_head(conn)
        about = {
            "format": FORMAT,
            "version": VERSION,
            "made_at": stamp(at),
            "program": program,
            "genesis": meta(conn, "genesis"),
            "head": head.hash,
        }
        out.write("{\n" + ",\n".join(f"{_LINE(key)}: {_LINE(value)}" for key, value in about.items()))
        _list(out, "motions", _motions(conn))
        events = _list(out, "events", _events(conn))
        count = _list(out, "texts", _texts(conn) if texts else ())
        out.write("\n}\n")
        conn.execute("COMMIT")
    finally:
        conn.close()
    return Written(events=events, texts=count, head=head.hash)


def _list(out: TextIO, name: str, items: Iterable[Any]) -> int:
    """A list, one item a line; returns how many."""
    out.write(f',\n"{name}": [')
    count = 0
    for count, item in enumerate(items, start=1):
        out.write(("\n" if count == 1 else ",\n") + _LINE(item))
    out.write("]")
    return count


def _events(conn: sqlite3.Connection) -> Iterator[dict[str, str]]:
    for own, body in conn.execute("SELECT hash, body FROM events ORDER BY seq"):
        yield {"hash": own, "body": body}


def _texts(conn: sqlite3.Connection) -> Iterator[dict[str, str]]:
    """Every text, or that it was erased."""
    for name, salt, text, erased in conn.execute("SELECT digest, salt, text, erased_at FROM texts ORDER BY digest"):
        yield {"digest": name, "erased_at": erased} if text is None else {"digest": name, "salt": salt, "text": text}


def _motions(conn: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """What the ledger says of each motion, with the count of its close."""
    counts: dict[int, dict[str, Any]] = {}
    for number, body in conn.execute("SELECT motion, body FROM events WHERE type = 'MotionClosed' ORDER BY seq"):
        data = json.loads(body)["data"]
        counts[number] = {key: data.get(key) for key in CLAIMED}
    sql = "SELECT motion, repository, policy, kind, role, stage, head FROM docket ORDER BY motion"
    for number, repository, policy, kind, role, stage, head in conn.execute(sql):
        yield {
            "motion": number,
            "repository": repository,
            "policy": policy,
            "kind": kind,
            "role": role,
            "stage": stage,
            "head": head,
            **counts.get(number, {}),
        }
