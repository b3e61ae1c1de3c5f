"""What a kill at this very moment would leave behind, as one short text. It looks from outside and changes nothing.

Two worlds of one digest differ only in what is random: salts, hashes, and what follows from those.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from pathlib import Path
from typing import Final

from tests.faults.world import World

_RANDOM: Final = re.compile(
    r"[0-9a-f]{64}|\b(?:[0-9a-f]{40}|[0-9a-f]{16}|[0-9a-f]{12})\b|(?<=folkmoot/)[0-9]+-[0-9a-f]{6}|(?<=/)[0-9]{4}-[0-9a-f]{6}"
)
_EVENTS: Final = "SELECT seq, motion, version, at, type, body FROM events WHERE seq > ? ORDER BY seq"
_TABLES: Final = (
    "SELECT request, at, ok, code, params, motion FROM inbox ORDER BY request",
    "SELECT id, key, lane, kind, params, state, attempts, due, generation, ref, error FROM outbox ORDER BY id",
    "SELECT * FROM docket ORDER BY motion",
    "SELECT * FROM people ORDER BY person",
    "SELECT * FROM accounts ORDER BY account",
    "SELECT value FROM meta WHERE key = 'checkpoint_seq'",
)
_MESSAGES: Final = (
    "SELECT id, place, audience, kind, author, at, edited_at, card, text, key, gone, revision FROM messages"
    " WHERE revision > ? ORDER BY revision"
)


class Digester:
    """Reads the ledger and the room as any other process could: only what is committed."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._ledger, self._room = _reading(world.ledger), _reading(world.folder / "room.sqlite3")
        self._versions: tuple[int, int, int] | None = None
        self._last = self._files = ""
        self._outside = 0
        self._chain, self._seq = hashlib.sha256(), 0
        self._messages: dict[int, str] = {}
        self._revision = 0

    def digest(self, point: str) -> str:
        """The digest at this point; computed anew only where something can have changed since the last one."""
        if not self._files or point.startswith("forge.after"):
            self._outside += 1
            self._files = _plain("\n".join(files_of(self._world.folder)))
        versions = (_version(self._ledger), _version(self._room), self._outside)
        if versions != self._versions:
            self._versions, self._last = versions, self._compute()
        return self._last

    def close(self) -> None:
        self._ledger.close()
        self._room.close()

    def _compute(self) -> str:
        """Events are only ever added and messages carry a revision, so only what is new is read."""
        events = self._ledger.execute(_EVENTS, (self._seq,)).fetchall()
        if events:
            texts = dict(self._ledger.execute("SELECT digest, text FROM texts").fetchall())
            for event in events:
                self._chain.update(_plain(repr(event), texts).encode())
            self._seq = events[-1][0]
        for row in self._room.execute(_MESSAGES, (self._revision,)):
            self._messages[row[0]] = _plain(repr(row[:-1]))
            self._revision = row[-1]
        tables = [repr(self._ledger.execute(sql).fetchall()) for sql in _TABLES]
        messages = [text for _, text in sorted(self._messages.items())]
        whole = (self._chain.hexdigest(), _plain("\n".join(tables)), *messages, self._files)
        return hashlib.sha256("\n".join(whole).encode()).hexdigest()


def _plain(text: str, texts: dict[str, str] | None = None) -> str:
    """A text for its digest, and one sign for everything that is random."""
    known = texts or {}
    return _RANDOM.sub(lambda found: known.get(found[0], "#"), text)


def files_of(folder: Path) -> list[str]:
    """Every file outside of the databases by name and size; git's objects are only counted."""
    found = []
    for file in folder.rglob("*"):
        if ".sqlite3" not in file.name and file.is_file():
            name = file.relative_to(folder).as_posix()
            found.append("object" if "/objects/" in name else f"{name} {file.stat().st_size}")
    return sorted(found)


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False)


def _version(conn: sqlite3.Connection) -> int:
    return int(conn.execute("PRAGMA data_version").fetchone()[0])
