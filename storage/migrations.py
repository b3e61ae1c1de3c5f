"""The tables, as numbered steps. Each step is one transaction with the version it leads to; data is never dropped.

Not `sqlite_utils.Migrations`: it makes its own table outside of the step's transaction, begins deferred transactions
and stamps them with the machine's clock. `PRAGMA user_version` changes in the very transaction that made the step.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from storage.chain import new_genesis
from storage.errors import LedgerDamaged, LedgerError, LedgerTooNew

Step = Callable[[Database], None]

_FIRST: Final = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    """CREATE TABLE events (
        seq INTEGER PRIMARY KEY, motion INTEGER NOT NULL, version INTEGER NOT NULL, at TEXT NOT NULL,
        type TEXT NOT NULL, v INTEGER NOT NULL, body TEXT NOT NULL, prev TEXT NOT NULL, hash TEXT NOT NULL,
        UNIQUE (motion, version)) STRICT""",
    """CREATE TABLE texts (
        digest TEXT PRIMARY KEY, motion INTEGER NOT NULL, salt TEXT, text TEXT, erased_at TEXT,
        CHECK ((text IS NULL) = (erased_at IS NOT NULL) AND (text IS NULL) = (salt IS NULL))) STRICT, WITHOUT ROWID""",
    """CREATE TABLE inbox (
        request TEXT PRIMARY KEY, at TEXT NOT NULL, ok INTEGER NOT NULL, code TEXT NOT NULL, params TEXT NOT NULL,
        motion INTEGER NOT NULL, crc INTEGER NOT NULL) STRICT, WITHOUT ROWID""",
    """CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, motion INTEGER NOT NULL, venue TEXT NOT NULL,
        lane TEXT NOT NULL, kind TEXT NOT NULL, params TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL,
        due TEXT NOT NULL, generation INTEGER NOT NULL, ref TEXT NOT NULL, error TEXT NOT NULL,
        crc INTEGER NOT NULL) STRICT""",
    "CREATE INDEX outbox_due ON outbox (due, id) WHERE state = 'pending'",
    "CREATE INDEX outbox_line ON outbox (motion, venue, id) WHERE state = 'pending' AND lane = 'once'",
    """CREATE TABLE docket (
        motion INTEGER PRIMARY KEY, repository TEXT NOT NULL, policy TEXT NOT NULL, kind TEXT NOT NULL,
        role TEXT NOT NULL, subject TEXT, dispute TEXT NOT NULL, proposer TEXT NOT NULL,
        channel TEXT NOT NULL, stage TEXT NOT NULL,
        opened_at TEXT NOT NULL, closes_at TEXT, closed_at TEXT, ended INTEGER NOT NULL, head TEXT NOT NULL) STRICT""",
    "CREATE UNIQUE INDEX docket_subject ON docket (repository, subject) WHERE ended = 0",
    "CREATE UNIQUE INDEX docket_dispute ON docket (repository, dispute) WHERE ended = 0 AND dispute <> ''",
    "CREATE INDEX docket_proposer ON docket (proposer) WHERE ended = 0",
    "CREATE INDEX docket_lost ON docket (repository, subject, role) WHERE stage = 'lost'",
    """CREATE TABLE people (
        person TEXT PRIMARY KEY, login TEXT, login_folded TEXT UNIQUE, name TEXT NOT NULL, forge_id TEXT UNIQUE)
        STRICT, WITHOUT ROWID""",
    "CREATE TABLE accounts (account TEXT PRIMARY KEY, person TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE INDEX accounts_person ON accounts (person)",
)


def _first(db: Database) -> None:
    for statement in _FIRST:
        db.conn.execute(statement)
    genesis = new_genesis()
    db.conn.executemany(
        "INSERT INTO meta (key, value) VALUES (?, ?)",
        (("genesis", genesis), ("checkpoint_seq", "0"), ("checkpoint_hash", genesis)),
    )


def _links(db: Database) -> None:
    """What has linked an account, so that it can be released with it; and how people want to be reminded."""
    db.conn.execute("ALTER TABLE accounts ADD COLUMN source TEXT NOT NULL DEFAULT 'config'")
    db.conn.execute("ALTER TABLE people ADD COLUMN pings TEXT NOT NULL DEFAULT ''")


def _holds(db: Database) -> None:
    """Until when an account that was linked by its owner's proof acts for nobody yet."""
    db.conn.execute("ALTER TABLE accounts ADD COLUMN held_until TEXT NOT NULL DEFAULT ''")


STEPS: Final[Sequence[Step]] = (_first, _links, _holds)
"""Step n leads from schema n to schema n + 1. A step that was released is never changed."""


def schema_of(conn: sqlite3.Connection) -> int:
    """The version of the tables in this file; 0 where there are none yet."""
    return int(conn.execute("PRAGMA user_version").fetchone()[0])


def check_schema(conn: sqlite3.Connection, path: Path, *, steps: Sequence[Step] = STEPS) -> int:
    """The file's schema version. Raises for one that this program does not know, or a file of something else.

    Nor is a trigger or a view believed: what the bot stores or reads there would not be what it says.
    """
    found = schema_of(conn)
    if found > len(steps):
        raise LedgerTooNew(
            f"{path} has schema {found}, this program knows up to {len(steps)}: upgrade it, or use the backup "
            f"that was made before the ledger was migrated"
        )
    if found == 0 and conn.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
        raise LedgerError(f"{path} is a database of something else: name another file for the ledger")
    planted = conn.execute("SELECT type, name FROM sqlite_schema WHERE type IN ('trigger', 'view')").fetchone()
    if found and planted is not None:
        kind, name = planted
        raise LedgerDamaged(f"{path} holds the {kind} {name}, which is not this program's. Restore the latest backup")
    return found


def furniture(conn: sqlite3.Connection) -> dict[str, str]:
    """All that the file is made of, tables, indexes and whatever else there is, by name, as it was written down."""
    rows = conn.execute("SELECT name, type, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
    return {name: " ".join(f"{kind} {sql}".split()) for name, kind, sql in rows}


def own_furniture() -> dict[str, str]:
    """What a new ledger is made of."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrate(conn, Path(":memory:"), keep=False)
        return furniture(conn)
    finally:
        conn.close()


def migrate(conn: sqlite3.Connection, path: Path, *, steps: Sequence[Step] = STEPS, keep: bool = True) -> int:
    """Bring the tables up to date; a backup is made first where there is something to lose (F42). Returns the version.

    The connection must be in autocommit mode. A kill leaves the file at one version or the next, never between.
    """
    found = check_schema(conn, path, steps=steps)
    if keep and 0 < found < len(steps):
        _keep(conn, path.with_name(f"{path.name}.before-{len(steps)}"))
    db = Database(conn, execute_plugins=False, recursive_triggers=False)
    for version in range(found, len(steps)):
        conn.execute("BEGIN IMMEDIATE")
        try:
            steps[version](db)
            conn.execute(f"PRAGMA user_version = {version + 1}")
            conn.execute("COMMIT")
        except BaseException:
            if conn.in_transaction:
                conn.execute("ROLLBACK")
            raise
    return len(steps)


def _keep(conn: sqlite3.Connection, target: Path) -> None:
    """Copy the database as it is to `target`, whole or not at all; one that is there from a killed run is kept."""
    if target.exists():
        return
    half = target.with_name(f"{target.name}.part")
    half.unlink(missing_ok=True)
    copy = sqlite3.connect(half)
    try:
        conn.backup(copy)
    finally:
        copy.close()
    half.chmod(0o600)
    os.replace(half, target)
