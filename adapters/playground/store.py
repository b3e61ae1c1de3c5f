"""The room's own SQLite file: messages and reactions, each with the revision that changed it last.

It plays the outside world, so it outlives a kill of the bot; it must never be opened by the ledger.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, cast

from sqlite_utils import Database

Kind = Literal["card", "chat", "private", "typed"]
_COLUMNS: Final = "id, place, audience, kind, author, at, edited_at, card, text, key, gone, revision"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One message. `place` is a channel's name or "direct"; `audience` the only reader's login, or "" for all.

    `gone` means deleted (or, for a private one, dismissed). `key` is None for what no key was given for.
    """

    id: int
    place: str
    audience: str
    kind: Kind
    author: str
    at: str
    edited_at: str
    card: str
    text: str
    key: str | None
    gone: bool
    revision: int


class Store:
    """Messages in the order they came. Every method is one durable transaction."""

    def __init__(self, path: Path | None) -> None:
        self._connection = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
        self._db = Database(self._connection)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA busy_timeout = 5000")
        with self._transaction():
            self._create()
        self.epoch: str = self._meta("epoch")

    def close(self) -> None:
        self._db.close()

    @property
    def revision(self) -> int:
        """How many changes there have been; each message holds the number of its last one."""
        return int(self._meta("revision"))

    def find(self, key: str) -> Row | None:
        """The message that was added with this key."""
        return self._one("key = ?", [key])

    def get(self, number: int) -> Row | None:
        return self._one("id = ?", [number])

    def add(
        self,
        *,
        place: str,
        kind: Kind,
        at: str,
        audience: str = "",
        author: str = "",
        card: str = "",
        text: str = "",
        key: str | None = None,
    ) -> Row:
        """Add a message, or find the one that has this key."""
        with self._transaction():
            found = self.find(key) if key is not None else None
            if found is not None:
                return found
            values = (place, audience, kind, author, at, card, text, key, self._bump())
            cursor = self._connection.execute(
                "INSERT INTO messages (place, audience, kind, author, at, card, text, key, revision)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values,
            )
            row = self.get(cast("int", cursor.lastrowid))
        assert row is not None  # noqa: S101  # it was inserted in this transaction
        return row

    def replace(self, number: int, *, card: str, at: str) -> None:
        """Give a message another card."""
        with self._transaction():
            values = [card, at, self._bump(), number]
            self._connection.execute("UPDATE messages SET card = ?, edited_at = ?, revision = ? WHERE id = ?", values)

    def remove(self, number: int) -> None:
        """Mark a message as deleted."""
        with self._transaction():
            values = [self._bump(), number]
            self._connection.execute(
                "UPDATE messages SET gone = 1, card = '', text = '', revision = ? WHERE id = ?", values
            )

    def react(self, number: int, *, login: str, emoji: str, added: bool) -> bool:
        """Add or remove a reaction; whether that changed anything."""
        statement = (
            "INSERT OR IGNORE INTO reactions (message, login, emoji) VALUES (?, ?, ?)"
            if added
            else "DELETE FROM reactions WHERE message = ? AND login = ? AND emoji = ?"
        )
        with self._transaction():
            changed = self._connection.execute(statement, (number, login, emoji)).rowcount > 0
            if changed:
                self._connection.execute("UPDATE messages SET revision = ? WHERE id = ?", (self._bump(), number))
        return changed

    def since(self, revision: int, reader: str) -> Sequence[Row]:
        """What this reader may see and what changed after the revision, in the order of posting."""
        return [
            _row(row)
            for row in self._db.query(
                f"SELECT {_COLUMNS} FROM messages WHERE revision > ? AND audience IN ('', ?) ORDER BY id",  # noqa: S608
                [revision, reader],
            )
        ]

    def reactions(self, number: int) -> Sequence[tuple[str, str]]:
        """(emoji, login) of a message, oldest first."""
        rows = self._db.query("SELECT emoji, login FROM reactions WHERE message = ? ORDER BY rowid", [number])
        return [(row["emoji"], row["login"]) for row in rows]

    def mail(self) -> dict[str, int]:
        """The number of the latest direct message of everyone who has one."""
        rows = self._db.query(
            "SELECT audience, max(id) AS latest FROM messages"
            " WHERE place = 'direct' AND kind = 'card' AND gone = 0 GROUP BY audience"
        )
        return {row["audience"]: row["latest"] for row in rows}

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def _create(self) -> None:
        for statement in (
            "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
            "CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY, place TEXT NOT NULL, audience TEXT NOT NULL,"
            " kind TEXT NOT NULL, author TEXT NOT NULL, at TEXT NOT NULL, edited_at TEXT NOT NULL DEFAULT '',"
            " card TEXT NOT NULL, text TEXT NOT NULL, key TEXT UNIQUE, gone INTEGER NOT NULL DEFAULT 0,"
            " revision INTEGER NOT NULL) STRICT",
            "CREATE INDEX IF NOT EXISTS messages_revision ON messages (revision)",
            "CREATE TABLE IF NOT EXISTS reactions (message INTEGER NOT NULL REFERENCES messages, login TEXT NOT NULL,"
            " emoji TEXT NOT NULL, UNIQUE (message, login, emoji)) STRICT",
        ):
            self._connection.execute(statement)
        for name, value in (("revision", "0"), ("epoch", secrets.token_hex(6))):
            self._connection.execute("INSERT OR IGNORE INTO meta (name, value) VALUES (?, ?)", (name, value))

    def _bump(self) -> int:
        revision = self.revision + 1
        self._connection.execute("UPDATE meta SET value = ? WHERE name = 'revision'", (str(revision),))
        return revision

    def _meta(self, name: str) -> str:
        row = self._connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row[0])

    def _one(self, where: str, values: list[Any]) -> Row | None:
        rows = self._db.query(f"SELECT {_COLUMNS} FROM messages WHERE {where}", values)  # noqa: S608
        return next((_row(row) for row in rows), None)


def _row(row: dict[str, Any]) -> Row:
    return Row(**{**row, "gone": bool(row["gone"])})
