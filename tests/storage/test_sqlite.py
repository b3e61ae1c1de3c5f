"""What only a file can suffer: a second process, a full disk, a lock, a kill, damage found at the start."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event as Flag

import pytest

from bot.core.events import Event
from bot.core.motion import Motion
from bot.ports import NotRecorded, Transaction
from storage import chain, queries, sqlite, writer
from storage.chain import Head, Link
from storage.errors import LedgerDamaged, LedgerError, LedgerLocked
from storage.reader import SqliteReader
from storage.sqlite import SqliteLedger
from storage.verify import verify
from tests.storage.conftest import furnish
from tests.storage.samples import ADA, BOB, CAT, DAN, FIVE, NOW, StoppedClock, ballot, closed, edit, notice, opened

ROOT = Path(__file__).parent.parent.parent


def open_ledger(path: Path) -> SqliteLedger:
    return SqliteLedger(path, clock=StoppedClock())


def start(ledger: SqliteLedger) -> None:
    ledger.transact(lambda tx: tx.append(1, [opened(), notice()], at=NOW)).result()


def vote(tx: Transaction) -> None:
    tx.append(1, [ballot()], at=NOW)
    tx.intend([edit(1)], at=NOW)


def adding(*events: Event, number: int = 1) -> Callable[[Transaction], object]:
    return lambda tx: tx.append(number, events, at=NOW)


def motion_of(ledger: SqliteLedger) -> Motion:
    motion = ledger.reader().motion(1)
    assert motion is not None
    return motion


@contextmanager
def writing_process(path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.storage.writing", str(path)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


# --------------------------------------------------------------------------- the file and its lock


def test_the_file_is_its_owner_s_only_and_written_ahead_with_full_syncs(ledger: SqliteLedger, path: Path) -> None:
    start(ledger)
    for name in ("", "-wal", "-shm", ".lock"):
        assert stat.S_IMODE(path.with_name(path.name + name).stat().st_mode) & 0o077 == 0, name
    conn = ledger._writer._conn
    assert conn.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert conn.execute("PRAGMA synchronous").fetchone() == (2,)
    assert conn.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_a_second_process_is_refused_and_told_who_has_the_ledger(ledger: SqliteLedger, path: Path) -> None:
    with writing_process(path) as process:
        _, error = process.communicate()
    assert process.returncode == 3
    assert f"{path} is in use by another process (pid {os.getpid()})" in error


def test_a_second_ledger_in_the_same_process_is_refused_too(ledger: SqliteLedger, path: Path) -> None:
    with pytest.raises(LedgerLocked, match=str(os.getpid())):
        open_ledger(path)
    with path.with_name(f"{path.name}.lock").open() as lock, pytest.raises(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    start(ledger)


def test_another_process_can_read_while_one_writes(path: Path) -> None:
    with writing_process(path) as process:
        assert process.stdout is not None
        process.stdout.readline()
        reader = SqliteReader(path)
        motion = reader.motion(1)
        assert motion is not None
        assert motion.yes >= 1
        again = reader.motion(1)
        assert again is not None
        assert again.version >= motion.version
        assert reader.entries()[0].stage == "open"
        assert reader.head() != reader.genesis()
        assert len(reader.events(1)) >= 3
        assert process.poll() is None
        reader.close()


def test_a_reader_cannot_write_and_makes_no_ledger(path: Path) -> None:
    with pytest.raises(LedgerError, match="cannot be read"):
        SqliteReader(path)
    assert not path.exists()
    open_ledger(path).close()
    reader = SqliteReader(path)
    with reader._pool.connection() as conn, pytest.raises(sqlite3.OperationalError, match="readonly"):
        conn.execute("DELETE FROM meta")
    reader.close()


def test_a_path_that_cannot_be_written_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match=r"nowhere/ledger\.db cannot be opened for writing"):
        open_ledger(tmp_path / "nowhere" / "ledger.db")
    (tmp_path / "folder").mkdir()
    with pytest.raises(LedgerError, match="folder cannot be opened for writing"):
        open_ledger(tmp_path / "folder")


def test_a_file_of_something_else_is_left_alone(path: Path) -> None:
    path.write_bytes(b"Dear diary, " * 1000)
    with pytest.raises(LedgerDamaged, match="not a database"):
        open_ledger(path)
    assert path.read_bytes() == b"Dear diary, " * 1000


# --------------------------------------------------------------------------- commits that fail


def test_a_full_disk_records_nothing_says_so_and_heals(ledger: SqliteLedger, path: Path) -> None:
    start(ledger)
    conn = ledger._writer._conn
    pages = conn.execute("PRAGMA page_count").fetchone()[0]
    conn.execute(f"PRAGMA max_page_count = {pages}")
    wordy = [ballot(reason=f"{number} " + "x" * 400) for number in range(300)]
    futures = [ledger.transact(adding(event)) for event in wordy]
    failed = [future for future in futures if future.exception() is not None]
    assert failed
    with pytest.raises(NotRecorded, match=rf"{path} could not be written: the disk is full"):
        failed[0].result()
    conn.execute("PRAGMA max_page_count = 1073741823")
    acknowledged = len(futures) - len(failed)
    assert motion_of(ledger).version == 2 + acknowledged
    ledger.transact(vote).result()
    assert len(ledger.reader().events(1)) == 3 + acknowledged
    assert verify(path).ok


def test_a_disk_that_fills_up_in_the_middle_of_a_unit_halves_nothing(ledger: SqliteLedger, path: Path) -> None:
    conn = ledger._writer._conn
    conn.execute(f"PRAGMA max_page_count = {conn.execute('PRAGMA page_count').fetchone()[0]}")

    def big(tx: Transaction) -> None:
        tx.append(1, [opened(subject=DAN)], at=NOW)
        for number in range(500):
            tx.intend([edit(1, channel=f"{number}-" + "x" * 200)], at=NOW)

    with pytest.raises(NotRecorded, match="the disk is full"):
        ledger.transact(big).result()
    conn.execute("PRAGMA max_page_count = 1073741823")
    assert list(ledger.reader().entries()) == []
    ledger.transact(big).result()
    assert verify(path).ok


def test_a_read_only_file_records_nothing_and_names_the_path(ledger: SqliteLedger, path: Path) -> None:
    start(ledger)
    ledger._writer._conn.execute("PRAGMA query_only = ON")
    with pytest.raises(NotRecorded, match=rf"{path} could not be written: the file is read-only"):
        ledger.transact(vote).result()
    ledger._writer._conn.execute("PRAGMA query_only = OFF")
    assert motion_of(ledger).version == 2
    ledger.transact(vote).result()
    assert motion_of(ledger).yes == 1


def test_a_database_that_another_program_locks_fails_everyone_who_waits_at_once(
    ledger: SqliteLedger, path: Path
) -> None:
    start(ledger)
    ledger._writer._conn.execute("PRAGMA busy_timeout = 50")  # as the real two seconds, only shorter
    intruder = sqlite3.connect(path, isolation_level=None)
    intruder.execute("BEGIN IMMEDIATE")
    futures = [ledger.transact(vote) for _ in range(3)]
    for future in futures:
        with pytest.raises(NotRecorded, match="another program holds it locked"):
            future.result(timeout=2.5)
    intruder.execute("ROLLBACK")
    intruder.close()
    ledger.transact(vote).result()
    assert motion_of(ledger).version == 3


def test_the_wait_for_a_lock_is_shorter_than_the_answer_may_take(ledger: SqliteLedger) -> None:
    assert ledger._writer._conn.execute("PRAGMA busy_timeout").fetchone() == (2000,)


def test_who_gives_up_before_the_writer_gets_to_it_changes_nothing(ledger: SqliteLedger) -> None:
    go = Flag()
    holding = ledger.transact(lambda tx: go.wait())
    given_up = ledger.transact(lambda tx: tx.append(1, [opened()], at=NOW))
    assert given_up.cancel()
    go.set()
    holding.result()
    assert ledger.transact(lambda tx: tx.motion(1)).result() is None


def test_more_than_one_group_waiting_is_committed_group_by_group(path: Path) -> None:
    commits: list[str] = []
    ledger = SqliteLedger(path, clock=StoppedClock(), point=commits.append)
    start(ledger)
    go = Flag()
    holding = ledger.transact(lambda tx: go.wait())
    futures = [ledger.transact(vote) for _ in range(2 * writer.GROUP + 1)]
    go.set()
    holding.result()
    for future in futures:
        future.result()
    assert motion_of(ledger).version == 2 + len(futures)
    assert commits.count("ledger.after.commit") <= 2 + 3
    ledger.close()


# --------------------------------------------------------------------------- kills


def test_a_killed_process_loses_nothing_that_it_had_acknowledged(path: Path) -> None:
    seen: dict[int, str] = {}
    for _ in range(4):
        with writing_process(path) as process:
            assert process.stdout is not None
            for _ in range(25):
                seq, own = process.stdout.readline().split()
                seen[int(seq)] = own
            process.kill()
            for line in process.stdout:
                if line.endswith("\n"):
                    seen[int(line.split()[0])] = line.split()[1]
    ledger = open_ledger(path)
    stored = {row.seq: row.hash for row in ledger.reader().events(1)}
    assert seen.items() <= stored.items()
    ledger.close()
    assert verify(path).ok


# --------------------------------------------------------------------------- starting


def test_damage_since_the_last_mark_stops_the_start_and_names_the_row(path: Path) -> None:
    ledger = open_ledger(path)
    furnish(ledger)
    ledger._writer._finish = lambda: None  # type: ignore[method-assign]
    ledger.close()
    conn = sqlite3.connect(path)
    conn.execute("UPDATE events SET body = replace(body, 'p-bob', 'p-cat') WHERE seq = 9")
    conn.commit()
    conn.close()
    with pytest.raises(LedgerDamaged, match="event 9 was changed after it was stored"):
        open_ledger(path)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("DELETE FROM events WHERE seq = 27", "event 27 is missing"),
        ("UPDATE events SET hash = 'x' WHERE seq = 27", "event 27 was changed"),
        ("UPDATE events SET at = 'x' WHERE seq = 27", "event 27 was changed"),
        ("UPDATE meta SET value = 'x' WHERE key = 'checkpoint_hash'", "event 27 was changed"),
        ("UPDATE meta SET value = 'x' WHERE key = 'checkpoint_seq'", "checkpoint_seq is no number"),
        ("DELETE FROM meta WHERE key = 'checkpoint_seq'", "checkpoint_seq is no number"),
    ],
)
def test_a_log_that_does_not_reach_its_mark_stops_the_start(furnished: Path, sql: str, said: str) -> None:
    conn = sqlite3.connect(furnished)
    conn.execute(sql)
    conn.commit()
    conn.close()
    with pytest.raises(LedgerDamaged, match=said):
        open_ledger(furnished)


def test_a_refused_start_leaves_the_ledger_to_others(furnished: Path) -> None:
    before = furnished.read_bytes()
    conn = sqlite3.connect(furnished)
    conn.execute("UPDATE events SET hash = 'x' WHERE seq = 27")
    conn.commit()
    conn.close()
    with pytest.raises(LedgerDamaged):
        open_ledger(furnished)
    furnished.write_bytes(before)
    open_ledger(furnished).close()


def test_the_chain_is_checked_from_the_last_mark_only(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "CHECKPOINT_EVERY", 10)
    ledger = open_ledger(path)
    start(ledger)
    for _ in range(25):
        ledger.transact(vote).result()
    ledger._writer._finish = lambda: None  # type: ignore[method-assign]
    ledger.close()
    conn = sqlite3.connect(path)
    (mark,) = conn.execute("SELECT value FROM meta WHERE key = 'checkpoint_seq'").fetchone()
    conn.close()
    assert mark == "20"
    checked: list[int] = []

    def flaw(row: Link, before: Head) -> str | None:
        checked.append(row.seq)
        return chain.flaw(row, before)

    monkeypatch.setattr(sqlite, "flaw", flaw)
    open_ledger(path).close()
    assert checked == list(range(20, 28))


def test_nothing_is_loaded_before_it_is_asked_for(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = open_ledger(path)
    for number, subject in enumerate(FIVE, start=1):
        votes = (ballot(), ballot(BOB), ballot(CAT))
        ledger.transact(adding(opened(subject=subject), notice(), *votes, number=number)).result()
    ledger.transact(lambda tx: tx.append(1, [closed("lost", yes=3)], at=NOW)).result()
    ledger.close()
    loaded: list[int] = []
    original = queries.load_motion

    def load(conn: sqlite3.Connection, number: int, base: Motion | None = None) -> Motion | None:
        loaded.append(number)
        return original(conn, number, base)

    monkeypatch.setattr(writer, "load_motion", load)
    again = open_ledger(path)
    assert len(again.reader().entries(unfinished=True)) == 4
    assert len(again._writer.motions) == 0
    for _ in range(3):
        again.transact(lambda tx: tx.append(3, [ballot(ADA, "no")], at=NOW)).result()
    assert loaded == [3]
    assert len(again._writer.motions) == 1
    again.close()


def test_a_motion_that_ended_leaves_the_cache_of_open_ones(ledger: SqliteLedger) -> None:
    start(ledger)
    assert len(ledger._writer.motions) == 1
    ledger.transact(lambda tx: tx.append(1, [closed("lost", yes=0)], at=NOW)).result()
    assert len(ledger._writer.motions) == 0
    motion = motion_of(ledger)
    assert motion.ended
    assert ledger.transact(lambda tx: tx.motion(1)).result() == motion


def test_closing_leaves_one_file_without_a_log_beside_it(path: Path) -> None:
    ledger = open_ledger(path)
    start(ledger)
    ledger.reader().motion(1)
    ledger.close()
    ledger.close()
    assert sorted(found.name for found in path.parent.iterdir()) == ["ledger.db", "ledger.db.lock"]


def test_readers_do_not_pile_up_connections(ledger: SqliteLedger) -> None:
    start(ledger)
    for _ in range(50):
        ledger.reader().entries()
        ledger.reader().directory().everyone()
        ledger.row("nothing")
    assert ledger._pool._free.qsize() == 1
