"""Figures of a ledger for whoever watches it: what waits, what is open, how long the chain is. It only reads."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from bot.core.docket import VOTING_STAGES
from bot.ports import Figures
from storage.queries import load_head
from storage.shapes import instant


def figures(conn: sqlite3.Connection, now: datetime) -> Figures:
    """The figures now; ages in seconds."""
    head = load_head(conn)
    pending, retried, oldest = conn.execute(
        "SELECT count(*), coalesce(sum(attempts > 0), 0), min(due) FROM outbox WHERE state = 'pending'"
    ).fetchone()
    (parked,) = conn.execute("SELECT count(*) FROM outbox WHERE state = 'parked'").fetchone()
    stages = ", ".join("?" * len(VOTING_STAGES))
    sql = f"SELECT count(*), coalesce(sum(stage IN ({stages})), 0) FROM docket WHERE ended = 0"  # noqa: S608
    unfinished, voting = conn.execute(sql, VOTING_STAGES).fetchone()
    return Figures(
        events=head.seq,
        unfinished=unfinished,
        voting=voting,
        pending=pending,
        retried=retried,
        parked=parked,
        overdue=max(0.0, (now - instant(oldest)).total_seconds()) if oldest is not None else 0.0,
    )
