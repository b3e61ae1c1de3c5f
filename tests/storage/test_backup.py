"""A copy of the ledger: whole, checked, its owner's only, and never over something else."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest

from storage.backup import backup
from storage.errors import LedgerError
from storage.sqlite import SqliteLedger
from storage.verify import verify
from tests.storage.conftest import furnish
from tests.storage.samples import NOW, StoppedClock, ballot, notice, opened


def test_a_backup_is_a_whole_ledger_that_can_be_opened(furnished: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    report = backup(furnished, target)
    assert report.ok
    assert report.events == 27
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert not list(tmp_path.glob("*.part*"))
    original, copy = (SqliteLedger(path, clock=StoppedClock()) for path in (furnished, target))
    assert copy.head() == original.head()
    assert copy.genesis() == original.genesis()
    assert copy.reader().entries() == original.reader().entries()
    original.close()
    copy.close()


def test_a_backup_taken_while_ballots_come_in_is_the_ledger_of_one_moment(
    ledger: SqliteLedger, path: Path, tmp_path: Path
) -> None:
    ledger.transact(lambda tx: tx.append(1, [opened(), notice()], at=NOW)).result()
    before = [ledger.transact(lambda tx: tx.append(1, [ballot()], at=NOW)) for _ in range(50)]
    for future in before:
        future.result()
    during = [ledger.transact(lambda tx: tx.append(1, [ballot()], at=NOW)) for _ in range(500)]
    report = backup(path, tmp_path / "copy.db")
    for future in during:
        future.result()
    assert report.ok
    assert 52 <= report.events <= 552
    assert verify(path).events == 552


def test_nothing_is_overwritten(furnished: Path, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("mine")
    with pytest.raises(LedgerError, match="exists already"):
        backup(furnished, target)
    assert target.read_text() == "mine"


def test_a_copy_that_does_not_verify_is_no_backup(furnished: Path, tmp_path: Path) -> None:
    conn = sqlite3.connect(furnished)
    conn.execute("UPDATE events SET at = 'x' WHERE seq = 3")
    conn.commit()
    conn.close()
    with pytest.raises(LedgerError, match=r"does not verify: events 3"):
        backup(furnished, tmp_path / "copy.db")
    assert not list(tmp_path.glob("copy.db*"))


def test_a_target_that_cannot_be_written_is_named(furnished: Path, tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match=r"nowhere/copy\.db cannot be written"):
        backup(furnished, tmp_path / "nowhere" / "copy.db")


def test_what_is_no_ledger_cannot_be_backed_up(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="cannot be read"):
        backup(tmp_path / "missing.db", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


def test_a_backup_of_a_ledger_in_use_has_everything_that_was_recorded(
    ledger: SqliteLedger, path: Path, tmp_path: Path
) -> None:
    furnish(ledger)
    assert backup(path, tmp_path / "copy.db").head == ledger.head()
