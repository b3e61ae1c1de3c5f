"""Erases a person (T49): what names them leaves the tables beside the chain, with a tombstone in its place.

No event is touched, so the chain and every count verify as before. The bot must not be running.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from bot.core.docket import DocketEntry
from bot.core.erasure import needed, owned, takes_part
from bot.core.events import AccountReleased, CandidateAnswered, PersonBound
from bot.core.people import Person, PersonId, fold_login
from bot.names import ERASED
from storage.chain import PEOPLE
from storage.codec import EVENTS
from storage.errors import LedgerError
from storage.lock import WriterLock
from storage.migrations import migrate
from storage.queries import SqliteDirectory, load_entries, load_motion, texts_from
from storage.rebuild import rebuild_people
from storage.rows import INBOX_COLUMNS, OUTBOX_COLUMNS, crc
from storage.shapes import stamp
from storage.sqlite import connect
from storage.transaction import FORGET

_AGAIN: Final = (
    "UPDATE outbox SET state = 'pending', attempts = 0, due = ?, generation = generation + 1, error = '' WHERE id = ?"
)
_AT_END: Final = re.compile(r":((?:github|slack|discord):[0-9A-Za-z/]+)$")
"""The account that a delivery to somebody on a forge's page is called after."""
_SHORT: Final = 3
"""Values of fewer characters are not looked for inside of other texts, which hold them by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """What the ledger has of a person: `words` names them, `open` are unfinished motions that need them, and why."""

    person: PersonId
    login: str
    words: tuple[str, ...]
    digests: tuple[str, ...]
    motions: tuple[int, ...]
    open: tuple[tuple[int, str], ...]
    mentions: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """How many rows were changed."""

    texts: int
    answers: int
    deliveries: int
    polls: int


class Erasure:
    """One run on a ledger whose lock it holds: look (`dossier`), then `erase`. Use it as a context (`closing`)."""

    def __init__(self, ledger: str | Path) -> None:
        self._path = Path(ledger).resolve()
        self._lock = WriterLock(self._path)
        try:
            self._conn = connect(self._path)
            migrate(self._conn, self._path)
        except BaseException:
            self._lock.release()
            raise

    def close(self) -> None:
        """Let go of the ledger."""
        self._conn.close()
        self._lock.release()

    # ----------------------------------------------------------------------- looking

    def find(self, name: str) -> Person | None:
        """The person of this login (`@login`), account (`slack:T/U`) or internal id."""
        directory = SqliteDirectory(lambda: nullcontext(self._conn))
        return directory.by_login(fold_login(name)) or directory.by_account(name) or directory.person(PersonId(name))

    def stranger(self, name: str) -> Dossier | None:
        """Somebody who is no person here, and was answered on a page of the forge: what names them; None if nothing."""
        sought = pattern_of([fold_login(name)])
        rows = self._conn.execute("SELECT key, params FROM outbox").fetchall()
        keys = [key for key, params in rows if sought.search(key) or sought.search(params)]
        if not keys:
            return None
        words = {fold_login(name), *(found[1] for key in keys if (found := _AT_END.search(key)))}
        nobody = PersonId("")
        return Dossier(
            person=nobody, login=name, words=tuple(sorted(words)), digests=(), motions=(), open=(), mentions=()
        )

    def dossier(self, person: Person) -> Dossier:
        """Everything that would go, and what stands against it."""
        known = {value.casefold() for value in (person.login, person.forge_id or "", *person.accounts) if value}
        words, digests = {word for word in (person.login, person.name, *known) if word}, list[str]()
        for event, text, digest in self._bindings():
            if event.person == person.id:
                words.add(text)
                digests.append(digest)
            elif text.casefold() in known:
                digests.append(digest)
        involved, blocked = [], []
        for entry in load_entries(self._conn, unfinished=False):
            found, reason = self._in_motion(entry, person.id, digests, words)
            if found:
                involved.append(entry.number)
            if reason:
                blocked.append((entry.number, reason))
        kept = tuple(sorted(words, key=lambda word: (-len(word), word)))
        return Dossier(
            person=person.id,
            login=person.login,
            words=kept,
            digests=tuple(digests),
            motions=tuple(involved),
            open=tuple(blocked),
            mentions=tuple(self._mentions(kept, set(digests))),
        )

    def _bindings(self) -> Iterator[tuple[PersonBound | AccountReleased, str, str]]:
        """Everything that was ever bound to anybody and is not erased yet: event, value, digest."""
        texts = texts_from(self._conn)
        sql = "SELECT seq, body FROM events WHERE motion = ? ORDER BY version"
        for seq, body in self._conn.execute(sql, (PEOPLE,)).fetchall():
            event = EVENTS.decode(body, texts, row=seq).event
            if isinstance(event, PersonBound | AccountReleased):
                prose = event.value if isinstance(event, PersonBound) else event.account
                if prose.text is not None:
                    yield event, prose.text, prose.digest

    def _in_motion(self, entry: DocketEntry, person: PersonId, digests: list[str], words: set[str]) -> tuple[bool, str]:
        """Add what goes of a motion, and what names them in it; whether they are in it, and why it needs them."""
        sql = "SELECT seq, body FROM events WHERE motion = ? AND instr(body, ?) ORDER BY version"
        quoted = json.dumps(person)
        about = entry.subject == person
        rows = self._conn.execute(sql, (entry.number, "" if about else quoted)).fetchall()
        if not rows:
            return False, ""
        for seq, body in rows:
            event = EVENTS.decode(body, texts_from(self._conn), row=seq).event
            if owned(event, person, subject=entry.subject):
                digests += [prose.digest for prose in EVENTS.texts(event) if prose.text is not None]
            if about and isinstance(event, CandidateAnswered):
                words.update(prose.text for prose in EVENTS.texts(event) if prose.text)
        if entry.ended:
            return True, ""
        motion = load_motion(self._conn, entry.number)
        return True, needed(motion, person) if motion is not None else ""

    def _mentions(self, words: Sequence[str], going: set[str]) -> Iterator[tuple[int, str]]:
        """Texts that stay and name the person: the motion, and what it is a text of. Only a person can judge them."""
        found = pattern_of(words)
        for digest, motion, text in self._conn.execute("SELECT digest, motion, text FROM texts WHERE text IS NOT NULL"):
            if digest not in going and motion != PEOPLE and found.search(text):
                yield motion, text

    # ----------------------------------------------------------------------- erasing

    def erase(self, dossier: Dossier, *, at: datetime) -> Erased:
        """Erase, in one transaction; afterwards the file is written anew, so that no free page holds the old text."""
        if dossier.open:
            raise LedgerError(f"motion {dossier.open[0][0]} has not ended: {dossier.open[0][1]}")
        conn = self._conn
        conn.execute("PRAGMA secure_delete = ON")
        conn.execute("BEGIN IMMEDIATE")
        try:
            texts = sum(conn.execute(FORGET, (stamp(at), digest)).rowcount for digest in dossier.digests)
            rebuild_people(conn)
            done = Erased(
                texts=texts,
                answers=self._scrub_answers(dossier.words),
                deliveries=self._scrub_outbox(dossier.words),
                polls=sum(self._show_again(number, dossier.person, at) for number in dossier.motions),
            )
            conn.execute("COMMIT")
        except BaseException:
            if conn.in_transaction:
                conn.execute("ROLLBACK")
            raise
        conn.execute("VACUUM")
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return done

    def _scrub_answers(self, words: Sequence[str]) -> int:
        """Answers that name them, and requests that are called after an account of theirs."""
        found, changed = pattern_of(words), 0
        rows = self._conn.execute(f"SELECT {INBOX_COLUMNS} FROM inbox").fetchall()  # noqa: S608 - the columns are ours
        for request, *values in rows:
            named, params = found.sub(ERASED, request), _scrubbed(values[3], found)
            if (named, params) == (request, values[3]):
                continue
            changed += 1
            if named != request:
                named = f"{named}:{changed}:{crc(request)}"
            row = (named, *values[:3], params, values[4])
            self._conn.execute("DELETE FROM inbox WHERE request = ?", (request,))
            marks = ", ".join("?" * (len(row) + 1))
            self._conn.execute(f"INSERT INTO inbox ({INBOX_COLUMNS}, crc) VALUES ({marks})", (*row, crc(*row)))  # noqa: S608
        return changed

    def _scrub_outbox(self, words: Sequence[str]) -> int:
        found, changed = pattern_of(words), 0
        rows = self._conn.execute(f"SELECT {OUTBOX_COLUMNS} FROM outbox").fetchall()  # noqa: S608
        places = (OUTBOX_COLUMNS.split(", ").index(name) for name in ("key", "params", "state", "error"))
        key, params, state, error = places
        for row in rows:
            after = list(row)
            after[error] = found.sub(ERASED, row[error])
            if row[state] != "pending":  # what is still on its way is of a motion that has not ended
                after[params] = _scrubbed(row[params], found)
                named = found.sub(ERASED, row[key])
                after[key] = row[key] if named == row[key] else f"{named}:{row[0]}"
            if after != list(row):
                changed += 1
                sql = "UPDATE outbox SET key = ?, params = ?, error = ?, crc = ? WHERE id = ?"
                self._conn.execute(sql, (after[key], after[params], after[error], crc(*after), row[0]))
        return changed

    def _show_again(self, number: int, person: PersonId, at: datetime) -> int:
        """Have the polls of the motion drawn again: they show `erased-person` then."""
        motion = load_motion(self._conn, number)
        if motion is None or not takes_part(motion, person):
            return 0
        where = "WHERE motion = ? AND kind = 'poll-edit' AND lane = 'latest' AND state = 'done'"
        rows = self._conn.execute(f"SELECT id FROM outbox {where}", (number,)).fetchall()  # noqa: S608
        for (row,) in rows:
            self._conn.execute(_AGAIN, (stamp(at), row))
            values = self._conn.execute(f"SELECT {OUTBOX_COLUMNS} FROM outbox WHERE id = ?", (row,)).fetchone()  # noqa: S608
            self._conn.execute("UPDATE outbox SET crc = ? WHERE id = ?", (crc(*values), row))
        return len(rows)


def pattern_of(words: Iterable[str]) -> re.Pattern[str]:
    """Finds any of these words, whole and in any case, very short ones where there is nothing else; no others."""
    long: list[str] = []
    short: list[str] = []
    for word in words:
        (long if len(word) >= _SHORT else short).append(re.escape(word))
    parts = [rf"(?<![\w-])(?:{'|'.join(long)})(?![\w-])"] if long else []
    parts += [rf"\A@?(?:{'|'.join(short)})\Z"] if short else []
    return re.compile("|".join(parts) or r"(?!)", re.IGNORECASE)


def _scrubbed(params: str, found: re.Pattern[str]) -> str:
    """Parameters with the words exchanged inside of their texts; the very same where there are none."""
    values: dict[str, Any] = json.loads(params)
    after = {key: found.sub(ERASED, value) if isinstance(value, str) else value for key, value in values.items()}
    return params if after == values else json.dumps(after, separators=(",", ":"))
