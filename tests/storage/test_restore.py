"""Restoring: checked before anything is touched, the old file kept, refused beside a bot; and the whole drill."""

from __future__ import annotations

import os
import shutil
import sqlite3
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from threading import Event as Flag
from threading import Thread

import pytest

from bot.core.events import BallotCast
from bot.ports import Recorded
from storage.backup import backup
from storage.errors import LedgerError, LedgerLocked
from storage.migrations import _first
from storage.reader import SqliteReader
from storage.restore import Restoration
from storage.sqlite import SqliteLedger, connect
from storage.verify import verify
from tests.storage.conftest import furnish
from tests.storage.samples import ADA, NOW, StoppedClock, ballot, later, notice, opened
from tests.storage.test_verify import change

STAMP = "before-restore-20260706T093000"


def restore(source: Path, ledger: Path) -> Path | None:
    with Restoration(source, ledger) as ready:
        return ready.finish(at=NOW)


def test_a_backup_takes_the_ledgers_place_and_the_old_one_is_kept(furnished: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    head = backup(furnished, copy).head
    ledger = SqliteLedger(furnished, clock=StoppedClock())
    ledger.transact(lambda tx: tx.append(3, [ballot(choice="no")], at=NOW)).result()
    newer = ledger.head()
    ledger.close()
    with Restoration(copy, furnished) as ready:
        assert (ready.report.head, ready.events, ready.related, ready.newer) == (head, 28, True, 1)
        aside = ready.finish(at=NOW)
    assert aside is not None
    assert aside.name == f"ledger.db.{STAMP}"
    assert verify(furnished).head == head
    assert verify(aside).head == newer
    assert furnished.stat().st_mode & 0o077 == 0
    assert not list(tmp_path.glob("*.restored*"))
    assert verify(copy).head == head


def test_nothing_is_changed_by_a_restore_that_is_not_finished(furnished: Path, tmp_path: Path) -> None:
    backup(furnished, tmp_path / "copy.db")
    before = sorted(path.name for path in tmp_path.iterdir())
    with Restoration(tmp_path / "copy.db", furnished):
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    SqliteLedger(furnished, clock=StoppedClock()).close()


def test_a_restore_beside_a_running_bot_is_refused(ledger: SqliteLedger, path: Path, tmp_path: Path) -> None:
    furnish(ledger)
    backup(path, tmp_path / "copy.db")
    with pytest.raises(LedgerLocked, match=f"pid {os.getpid()}"):
        Restoration(tmp_path / "copy.db", path)


def test_a_backup_that_does_not_verify_is_refused_and_nothing_is_touched(furnished: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    backup(furnished, copy)
    change(copy, "UPDATE events SET hash = 'x' WHERE seq = 3")
    before = furnished.read_bytes()
    with pytest.raises(LedgerError, match=r"copy\.db does not verify: events 3"):
        Restoration(copy, furnished)
    for wrong, said in ((tmp_path / "missing", "no such backup"), (furnished, "is the ledger itself")):
        with pytest.raises(LedgerError, match=said):
            Restoration(wrong, furnished)
    (tmp_path / "text").write_text("not a database, but long enough to look at " * 9)
    with pytest.raises(LedgerError):
        Restoration(tmp_path / "text", furnished)
    assert furnished.read_bytes() == before
    assert not list(tmp_path.glob("*.restored*"))
    SqliteLedger(furnished, clock=StoppedClock()).close()


def test_a_damaged_ledger_is_replaced_and_kept_with_its_log(furnished: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    head = backup(furnished, copy).head
    furnished.write_bytes(b"\xff" * 8192)
    log = furnished.with_name("ledger.db-wal")
    log.write_bytes(b"\xee" * 4096)
    aside = restore(copy, furnished)
    assert aside is not None
    assert aside.read_bytes() == b"\xff" * 8192
    assert not log.exists() or log.read_bytes() != b"\xee" * 4096
    assert verify(furnished).head == head
    SqliteLedger(furnished, clock=StoppedClock()).close()


def test_a_backup_is_restored_where_there_is_no_ledger(furnished: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "new" / "ledger.db"
    elsewhere.parent.mkdir()
    backup(furnished, tmp_path / "copy.db")
    assert restore(tmp_path / "copy.db", elsewhere) is None
    assert verify(elsewhere).ok


def test_a_backup_of_an_older_schema_is_brought_up_to_date_and_itself_left_alone(tmp_path: Path) -> None:
    old, ledger = tmp_path / "old.db", tmp_path / "ledger.db"
    conn = connect(old)
    from sqlite_utils import Database

    _first(Database(conn))
    conn.execute("PRAGMA user_version = 1")
    conn.close()
    before = old.read_bytes()
    restore(old, ledger)
    assert verify(ledger).ok
    assert old.read_bytes() == before


def test_a_reader_that_holds_the_old_ledger_delays_the_restore_and_loses_nothing(
    furnished: Path, tmp_path: Path
) -> None:
    backup(furnished, tmp_path / "copy.db")
    ledger = SqliteLedger(furnished, clock=StoppedClock())
    with closing(sqlite3.connect(furnished, isolation_level=None)) as reading:
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM events").fetchone()
        ledger.transact(lambda tx: tx.append(3, [ballot(choice="no")], at=NOW)).result()
        ledger.close()
        with pytest.raises(LedgerError, match="another program reads"):
            restore(tmp_path / "copy.db", furnished)
        reading.execute("COMMIT")
    assert verify(furnished).events == 28
    assert restore(tmp_path / "copy.db", furnished) is not None


def test_the_drill_a_backup_amid_ballots_is_restored_and_holds_all_that_was_acknowledged_before_it(
    tmp_path: Path,
) -> None:
    """Ballots pour in, a copy is made, more come, the disk is lost, the copy is restored, and the vote goes on."""
    path, copy, acknowledged = tmp_path / "ledger.db", tmp_path / "copy.db", list[int]()
    ledger = SqliteLedger(path, clock=StoppedClock())
    ledger.transact(lambda tx: tx.append(1, [opened(), notice()], at=NOW)).result()
    enough, end = Flag(), Flag()

    def pour() -> None:
        number = 0
        while not end.is_set():
            waiting: list[Future[tuple[Recorded, ...]]] = []
            for _ in range(20):
                number += 1
                cast = ballot(choice=("yes", "no")[number % 2], at=later(number))
                waiting.append(ledger.transact(lambda tx, cast=cast: tx.append(1, [cast], at=NOW)))  # type: ignore[misc]
            acknowledged.extend(future.result()[0].seq for future in waiting)
            if len(acknowledged) > 200:
                enough.set()

    voters = Thread(target=pour)
    voters.start()
    enough.wait(timeout=60)
    before = len(acknowledged)
    report = backup(path, copy)
    end.set()
    voters.join()
    ledger.close()
    assert report.ok
    shutil.move(path, tmp_path / "lost.db")
    restore(copy, path)
    reader = SqliteReader(path)
    kept = {row.seq for row in reader.events(1) if isinstance(row.event, BallotCast)}
    reader.close()
    assert before > 200
    assert set(acknowledged[:before]) <= kept
    again = SqliteLedger(path, clock=StoppedClock())
    (row,) = again.transact(lambda tx: tx.append(1, [ballot(ADA, "abstain", at=later(10**6))], at=NOW)).result()
    assert row.seq == max(kept) + 1
    again.close()
    assert verify(path).ok
