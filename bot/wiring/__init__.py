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
from storage.chain import abbreviated as shortened
from storage.erasure import Dossier, Erasure
from storage.errors import LedgerError
from storage.heads import find_head
from storage.reader import SqliteReader
from storage.recheck import recheck
from storage.restore import Restoration
from storage.verify import Report, verify

__all__ = [
    "Dossier",
    "Erasure",
    "Instance",
    "LedgerError",
    "Report",
    "Restoration",
    "build",
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
