"""Schema steps: a copy first, whole or not at all, and a newer file is left alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.errors import LedgerError, LedgerTooNew
from storage.migrations import STEPS, migrate, schema_of
from storage.reader import SqliteReader
from storage.sqlite import SqliteLedger, connect
from storage.verify import verify
from tests.storage.samples import StoppedClock

LATEST = len(STEPS)


@pytest.fixture
def conn(furnished: Path) -> Iterator[sqlite3.Connection]:
    connection = connect(furnished)
    yield connection
    connection.close()


def add_column(db: Database) -> None:
    db.conn.execute("ALTER TABLE inbox ADD COLUMN colour TEXT")


def add_half(db: Database) -> None:
    db.conn.execute("ALTER TABLE inbox ADD COLUMN half TEXT")
    raise KeyboardInterrupt


def columns(conn: sqlite3.Connection) -> list[str]:
    return [row[1] for row in conn.execute("PRAGMA table_info(inbox)")]


def backup_of(path: Path, version: int) -> Path:
    return path.with_name(f"{path.name}.before-{version}")


def test_a_new_file_gets_every_step_and_no_backup(path: Path) -> None:
    SqliteLedger(path, clock=StoppedClock()).close()
    conn = connect(path)
    assert schema_of(conn) == LATEST
    tables = conn.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'").fetchall()
    conn.close()
    assert all(strict for name, strict in tables if not name.startswith("sqlite_"))
    assert list(path.parent.glob("*.before-*")) == []


def test_a_step_copies_the_ledger_first_and_then_changes_it(conn: sqlite3.Connection, furnished: Path) -> None:
    assert migrate(conn, furnished, steps=(*STEPS, add_column)) == LATEST + 1
    assert "colour" in columns(conn)
    assert schema_of(conn) == LATEST + 1
    copy = backup_of(furnished, LATEST + 1)
    assert verify(copy).ok
    assert verify(copy).events == 27
    assert copy.stat().st_mode & 0o077 == 0


def test_a_step_that_is_killed_leaves_the_old_schema_and_the_copy(conn: sqlite3.Connection, furnished: Path) -> None:
    steps = (*STEPS, add_column, add_half)
    with pytest.raises(KeyboardInterrupt):
        migrate(conn, furnished, steps=steps)
    assert schema_of(conn) == LATEST + 1
    assert "half" not in columns(conn)
    copy = backup_of(furnished, LATEST + 2)
    kept = copy.read_bytes()
    assert verify(copy).ok
    migrate(conn, furnished, steps=(*STEPS, add_column, add_column_too))
    assert schema_of(conn) == LATEST + 2
    assert copy.read_bytes() == kept


def add_column_too(db: Database) -> None:
    db.conn.execute("ALTER TABLE inbox ADD COLUMN shape TEXT")


def test_nothing_is_done_to_a_ledger_that_is_up_to_date(conn: sqlite3.Connection, furnished: Path) -> None:
    before = furnished.read_bytes()
    assert migrate(conn, furnished) == LATEST
    assert furnished.read_bytes() == before
    assert list(furnished.parent.glob("*.before-*")) == []


def test_a_newer_schema_is_refused_and_left_alone(furnished: Path) -> None:
    conn = connect(furnished)
    conn.execute(f"PRAGMA user_version = {LATEST + 1}")
    conn.close()
    before = furnished.read_bytes()
    for use in (
        lambda: SqliteLedger(furnished, clock=StoppedClock()),
        lambda: SqliteReader(furnished),
        lambda: verify(furnished),
    ):
        with pytest.raises(LedgerTooNew, match=rf"has schema {LATEST + 1}, this program knows up to {LATEST}"):
            use()
    assert furnished.read_bytes() == before


def test_a_database_of_something_else_is_refused_and_left_alone(path: Path) -> None:
    other = Database(path)
    other.table("recipes").insert({"name": "soup"})
    other.close()
    before = path.read_bytes()
    with pytest.raises(LedgerError, match="a database of something else"):
        SqliteLedger(path, clock=StoppedClock())
    assert path.read_bytes() == before
