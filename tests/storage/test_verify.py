"""Whatever is changed in the file behind the ledger's back is found, and named by its table and row."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.chain import hash_of
from storage.errors import LedgerDamaged, LedgerError
from storage.rebuild import rebuild
from storage.sqlite import SqliteLedger
from storage.verify import verify
from tests.storage.conftest import furnish
from tests.storage.samples import StoppedClock

TABLES = ("meta", "events", "texts", "inbox", "outbox", "docket", "people", "accounts")


@contextmanager
def behind_its_back(path: Path) -> Iterator[sqlite3.Connection]:
    conn = sqlite3.connect(path, isolation_level=None)
    try:
        yield conn
    finally:
        conn.close()


def change(path: Path, sql: str, *values: object) -> int:
    with behind_its_back(path) as conn:
        return conn.execute(sql, values).rowcount


def problems(path: Path) -> list[str]:
    return [str(problem) for problem in verify(path).problems]


def test_an_untouched_ledger_has_no_problems(furnished: Path) -> None:
    report = verify(furnished)
    assert report.problems == ()
    assert report.ok
    assert (report.events, report.motions) == (27, 4)
    ledger = SqliteLedger(furnished, clock=StoppedClock())
    assert report.head == ledger.head()
    ledger.close()


def test_a_new_ledger_has_no_problems(ledger: SqliteLedger, path: Path) -> None:
    assert verify(path).problems == ()
    assert verify(path).head == ledger.genesis()


def test_a_ledger_can_be_verified_while_it_is_written_to(ledger: SqliteLedger, path: Path) -> None:
    furnish(ledger)
    assert verify(path).problems == ()


def test_progress_is_told(furnished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.verify._STEP", 10)
    told: list[tuple[int, int]] = []
    verify(furnished, progress=lambda done, total: told.append((done, total)))
    assert told == [(10, 54), (20, 54), (30, 54), (40, 54), (50, 54)]


# --------------------------------------------------------------------------- one cell at a time


def cells(path: Path) -> list[tuple[str, str, Any, str]]:
    """Every cell of every table: table, key column, key, column."""
    found = []
    with behind_its_back(path) as conn:
        for table in TABLES:
            columns = [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]
            for (key,) in conn.execute(f"SELECT {columns[0]} FROM {table}").fetchall():  # noqa: S608
                found += [(table, columns[0], key, column) for column in columns]
    return found


def other(value: object, column: str) -> object:
    """Another value that the table's rules admit."""
    if isinstance(value, int):
        return value + 1000
    if isinstance(value, str):
        return value[:-1] + ("x" if value[-1:] != "x" else "y")
    return "2026-01-01T00:00:00.000000Z" if column.endswith("_at") else "made up"


@pytest.mark.slow
def test_every_changed_cell_is_found_and_named(furnished: Path) -> None:
    whole = furnished.read_bytes()
    silent = []
    for table, key, row, column in cells(furnished):
        with behind_its_back(furnished) as conn:
            conn.execute("PRAGMA ignore_check_constraints = ON")
            (value,) = conn.execute(f"SELECT {column} FROM {table} WHERE {key} = ?", (row,)).fetchone()  # noqa: S608
            try:
                conn.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (other(value, column), row))  # noqa: S608
            except sqlite3.IntegrityError:
                continue
        named = {(problem.table, problem.row) for problem in verify(furnished).problems}
        wanted = {str(row), str(other(row, column))} if column == key else {str(row)}
        if not any(where == table and name in wanted for where, name in named):
            silent.append((table, row, column, named))
        furnished.write_bytes(whole)
    assert silent == []


@pytest.mark.parametrize("table", ["meta", "events", "texts", "outbox", "docket", "people", "accounts"])
def test_every_missing_row_is_found(furnished: Path, table: str) -> None:
    whole = furnished.read_bytes()
    for key, row in {(key, row) for name, key, row, _ in cells(furnished) if name == table}:
        change(furnished, f"DELETE FROM {table} WHERE {key} = ?", row)  # noqa: S608
        assert problems(furnished), f"{table} {row}"
        if table == "outbox":
            rebuild(furnished)
            assert verify(furnished).ok, f"{table} {row}"
        furnished.write_bytes(whole)


def test_a_changed_event_is_named_once_and_does_not_taint_the_others(furnished: Path) -> None:
    change(furnished, "UPDATE events SET body = replace(body, '\"yes\"', '\"no\"') WHERE seq = 9")
    found = verify(furnished).problems
    assert [(p.table, p.row) for p in found if "hash" in p.what or "bytes" in p.what] == [("events", "9")]
    assert "events 9: its bytes do not give its hash" in problems(furnished)


def test_a_ballot_forged_with_all_its_hashes_is_found_by_the_count_at_the_close(furnished: Path) -> None:
    _forge(furnished, seq=9, old='"choice":"yes"', new='"choice":"no"')
    found = problems(furnished)
    assert any("motion 1 was closed with yes 2; its ballots give 1" in line for line in found)
    assert verify(furnished).head != ""


def test_a_forged_chain_has_another_head_than_the_published_one(furnished: Path) -> None:
    published = verify(furnished).head
    _forge(furnished, seq=21, old='"choice":"abstain"', new='"choice":"yes"')
    assert verify(furnished).head != published


def _forge(path: Path, *, seq: int, old: str, new: str) -> None:
    """Change an event and compute every later hash again, as an operator with patience could."""
    with behind_its_back(path) as conn:
        conn.execute("UPDATE events SET body = replace(body, ?, ?) WHERE seq = ?", (old, new, seq))
        (prev,) = conn.execute("SELECT prev FROM events WHERE seq = ?", (seq,)).fetchone()
        for row, body in conn.execute("SELECT seq, body FROM events WHERE seq >= ? ORDER BY seq", (seq,)).fetchall():
            own = hash_of(body, prev)
            conn.execute("UPDATE events SET prev = ?, hash = ? WHERE seq = ?", (prev, own, row))
            prev = own
        conn.execute("UPDATE meta SET value = ? WHERE key = 'checkpoint_hash'", (prev,))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_flipped_bit_in_the_stored_bytes_of_an_event_is_found(furnished: Path, data: st.DataObject) -> None:
    whole = furnished.read_bytes()
    seq = data.draw(st.integers(1, 27))
    column = data.draw(st.sampled_from(["body", "prev", "hash", "at", "type"]))
    with behind_its_back(furnished) as conn:
        (value,) = conn.execute(f"SELECT CAST({column} AS BLOB) FROM events WHERE seq = ?", (seq,)).fetchone()  # noqa: S608
        raw = bytearray(value)
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
        conn.execute(f"UPDATE events SET {column} = CAST(? AS TEXT) WHERE seq = ?", (bytes(raw), seq))  # noqa: S608
    try:
        assert ("events", str(seq)) in {(p.table, p.row) for p in verify(furnished).problems}
    finally:
        furnished.write_bytes(whole)


def test_a_broken_page_is_a_problem_and_no_crash(furnished: Path) -> None:
    raw = bytearray(furnished.read_bytes())
    raw[4096 * 2 : 4096 * 4] = b"\xff" * 8192
    furnished.write_bytes(raw)
    assert not verify(furnished).ok


def test_an_erased_text_is_no_problem_and_a_vanished_one_is(furnished: Path) -> None:
    sql = "UPDATE texts SET salt = NULL, text = NULL, erased_at = '2026-09-01T00:00:00.000000Z' WHERE text = ?"
    assert change(furnished, sql, "yes, gladly") == 1
    assert verify(furnished).ok
    assert change(furnished, "DELETE FROM texts WHERE text IS NULL") == 1
    assert any("not marked as erased" in line for line in problems(furnished))


def test_what_is_no_ledger_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="cannot be read"):
        verify(tmp_path / "missing.db")
    (tmp_path / "empty.db").touch()
    with pytest.raises(LedgerError, match="schema 0"):
        verify(tmp_path / "empty.db")


# --------------------------------------------------------------------------- rebuilding


@pytest.mark.parametrize("table", ["docket", "people", "accounts"])
def test_projections_are_rebuilt_from_the_events(furnished: Path, table: str) -> None:
    with behind_its_back(furnished) as conn:
        before = conn.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()  # noqa: S608
        conn.execute(f"DELETE FROM {table}")  # noqa: S608
    assert not verify(furnished).ok
    rebuild(furnished)
    assert verify(furnished).ok
    with behind_its_back(furnished) as conn:
        assert conn.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() == before  # noqa: S608


def test_outbox_rows_that_vanished_come_back_parked_and_the_others_stay(furnished: Path) -> None:
    assert change(furnished, "DELETE FROM outbox WHERE kind = 'result' AND motion = 1") == 2
    assert len([line for line in problems(furnished) if line.startswith("outbox")]) == 2
    assert rebuild(furnished) > 0
    assert verify(furnished).ok
    with behind_its_back(furnished) as conn:
        states = conn.execute("SELECT DISTINCT state FROM outbox WHERE kind = 'result' AND motion = 1").fetchall()
    assert states == [("parked",)]
    ledger = SqliteLedger(furnished, clock=StoppedClock())
    ledger.close()


def test_a_rebuild_of_a_broken_chain_is_refused(furnished: Path) -> None:
    change(furnished, "UPDATE events SET hash = 'x' WHERE seq = 3")
    with pytest.raises(LedgerDamaged, match="event 3"):
        rebuild(furnished)


def test_a_rebuild_waits_for_nobody(ledger: SqliteLedger, path: Path) -> None:
    with pytest.raises(LedgerError, match="in use by another process"):
        rebuild(path)
