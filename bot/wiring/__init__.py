"""The wiring: the only place that names concrete adapters and storage. It decides nothing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from adapters.localgit.sample import create_sample
from bot.wiring.formats import detect_roster_format, roster_formats
from bot.wiring.instance import Instance, build, open_page
from bot.wiring.repositories import forge_of, local_forge_of, own_rulebook, repository_of, roster_rows
from storage.backup import backup as copy_ledger
from storage.bundle import write_bundle
from storage.chain import Head
from storage.chain import abbreviated as shortened
from storage.erasure import Dossier, Erasure
from storage.errors import LedgerError
from storage.heads import find_head
from storage.reader import SqliteReader, connect_read_only
from storage.recheck import recheck
from storage.restore import Restoration
from storage.sqlite import check_since_mark as check_connection
from storage.verify import Report, verify

__all__ = [
    "Dossier",
    "Erasure",
    "Instance",
    "LedgerError",
    "Report",
    "Restoration",
    "build",
    "check_since_mark",
    "copy_ledger",
    "create_sample",
    "detect_roster_format",
    "find_head",
    "forge_of",
    "local_forge_of",
    "open_page",
    "own_rulebook",
    "read_ledger",
    "recheck",
    "repository_of",
    "roster_formats",
    "roster_rows",
    "shortened",
    "verify",
    "write_bundle",
]


def read_ledger(path: Path) -> SqliteReader:
    """Read a ledger beside a running bot, without its lock. Raises LedgerError, also for a file that is none."""
    try:
        reader = SqliteReader(path)
        reader.head()
    except sqlite3.DatabaseError as error:
        raise LedgerError(f"{path} is no ledger: {error}") from error
    return reader


def check_since_mark(path: Path) -> Head:
    """Check the chain from its last mark on, as every start does, beside a running bot. Raises LedgerError."""
    conn = connect_read_only(path.resolve())
    try:
        conn.execute("BEGIN")
        return check_connection(conn)
    except sqlite3.DatabaseError as error:
        raise LedgerError(f"{path} cannot be read: {error}") from error
    finally:
        conn.close()
