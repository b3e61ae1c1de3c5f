"""One unit of a group commit: its reads and writes inside the writer's transaction. It never begins or commits one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from bot.core.answers import Answer
from bot.core.docket import Docket, entry_of
from bot.core.effects import Effect
from bot.core.events import AccountReleased, Event, MotionOpened, PeopleEvent, PersonBound, PingsChosen
from bot.core.motion import Motion, evolve
from bot.core.people import fold_login
from bot.ports import Directory, OutboxRow, Recorded
from storage.chain import PEOPLE, Head, Link, check_text, link, recorded
from storage.codec import EVENTS, plain_json
from storage.errors import Conflict
from storage.projections import ends_count, same_line, taken
from storage.queries import SqliteDirectory, SqliteDocket, load_answer, load_outbox
from storage.rows import (
    DOCKET_COLUMNS,
    OUTBOX_COLUMNS,
    Row,
    crc,
    docket_row,
    held_text,
    inbox_row,
    outbox_row,
    pings_text,
)
from storage.shapes import stamp

_EVENT: Final = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_TEXT: Final = "INSERT INTO texts (digest, motion, salt, text) VALUES (?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING"
FORGET: Final = "UPDATE texts SET salt = NULL, text = NULL, erased_at = ?1 WHERE digest = ?2 AND text IS NOT NULL"
_INBOX: Final = "INSERT INTO inbox (request, at, ok, code, params, motion, crc) VALUES (?, ?, ?, ?, ?, ?, ?)"
_OUTBOX: Final = (
    f"INSERT INTO outbox ({OUTBOX_COLUMNS}, crc) "  # noqa: S608 - the columns are ours
    "SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE key = ?2)"
)
"""Not ON CONFLICT: an insert that comes to nothing would use up an id all the same, and `verify` would miss the row."""
_BY_KEY: Final = f"SELECT {OUTBOX_COLUMNS} FROM outbox WHERE key = ?"  # noqa: S608
_SETTLE: Final = (
    "UPDATE outbox SET params = ?, state = ?, attempts = ?, due = ?, generation = ?, ref = ?, error = ?, crc = ? "
    "WHERE id = ?"
)
_OPENED: Final = (
    f"INSERT INTO docket ({DOCKET_COLUMNS}) "  # noqa: S608 - the columns are ours
    f"VALUES ({', '.join('?' for _ in DOCKET_COLUMNS.split(','))})"
)
_CHANGED: Final = (
    "UPDATE docket SET stage = ?, closes_at = ?, closed_at = ?, ended = ?, "
    "head = CASE head WHEN '' THEN ? ELSE head END WHERE motion = ?"
)
_CHANGING: Final = tuple(
    DOCKET_COLUMNS.split(", ").index(name) for name in ("stage", "closes_at", "closed_at", "ended", "head")
)


@dataclass(slots=True)
class Group:
    """What the units of one commit have made so far; thrown away if the commit fails.

    Events, texts and answers wait here and are written in one go by `flush`: a unit that fails then has nothing to
    take back. `fresh` are the keys of `latest` rows that this very transaction has made pending and due: nobody can
    have read their new generation yet, so asking for them again changes nothing.
    """

    head: Head
    people: int
    outbox: int
    motions: dict[int, Motion] = field(default_factory=dict)
    fresh: set[str] = field(default_factory=set)
    forgotten: dict[int, None] = field(default_factory=dict)
    events: list[Link] = field(default_factory=list)
    texts: list[Row] = field(default_factory=list)
    answers: dict[str, tuple[Answer, Row]] = field(default_factory=dict)

    def flush(self, conn: sqlite3.Connection) -> None:
        """Write what waits."""
        conn.executemany(_TEXT, self.texts)
        conn.executemany(_EVENT, self.events)
        conn.executemany(_INBOX, [row for _, row in self.answers.values()])


class SqliteTransaction:
    """Implements `bot.ports.Transaction` for one unit; `keep` hands its results to the group.

    `inside` says that the unit has written to tables: then there is a savepoint to release or to go back to.
    """

    __slots__ = (
        "_answers",
        "_conn",
        "_events",
        "_forgotten",
        "_fresh",
        "_group",
        "_head",
        "_load",
        "_motions",
        "_outbox",
        "_people",
        "_stale",
        "_texts",
        "inside",
    )

    def __init__(self, conn: sqlite3.Connection, group: Group, load: Callable[[int], Motion | None]) -> None:
        self._conn, self._group, self._load = conn, group, load
        self._head, self._people, self._outbox = group.head, group.people, group.outbox
        self._motions: dict[int, Motion] = {}
        self._answers: dict[str, tuple[Answer, Row] | None] = {}
        self._events: list[Link] = []
        self._texts: list[Row] = []
        self._fresh: set[str] = set()
        self._stale: set[str] = set()
        self._forgotten: dict[int, None] = {}
        self.inside = False

    def keep(self) -> None:
        """The unit is in: what it made is what the next one finds."""
        group = self._group
        group.head, group.people, group.outbox = self._head, self._people, self._outbox
        group.motions.update(self._motions)
        group.events += self._events
        group.texts += self._texts
        for request, made in self._answers.items():
            if made is not None:
                group.answers[request] = made
        group.forgotten |= self._forgotten
        group.fresh -= self._stale
        group.fresh |= self._fresh
        if self.inside:
            self._conn.execute("RELEASE unit")

    def drop(self) -> None:
        """The unit failed: take back what it has written, unless SQLite has done so already."""
        if self.inside and self._conn.in_transaction:
            self._conn.execute("ROLLBACK TO unit")
            self._conn.execute("RELEASE unit")

    def _write(self, sql: str, values: Row) -> sqlite3.Cursor:
        """Write to a table at once, inside the unit's savepoint."""
        if not self.inside:
            self._conn.execute("SAVEPOINT unit")
            self.inside = True
        return self._conn.execute(sql, values)

    # ----------------------------------------------------------------------- reading

    def answer(self, request: str) -> Answer | None:
        made = self._answers.get(request) or self._group.answers.get(request)
        if made is not None:
            return made[0]
        found = load_answer(self._conn, request)
        if found is None:
            self._answers[request] = None
        return found

    def motion(self, number: int) -> Motion | None:
        found = self._motions.get(number) or self._group.motions.get(number)
        return found if found is not None else self._load(number)

    def docket(self) -> Docket:
        return SqliteDocket(self._conn)

    def directory(self) -> Directory:
        return SqliteDirectory(lambda: nullcontext(self._conn))

    # ----------------------------------------------------------------------- events

    def append(self, number: int, events: Sequence[Event], *, at: datetime) -> tuple[Recorded, ...]:
        if number == PEOPLE:
            return tuple(self._bind(event, at) for event in events)
        before = motion = self.motion(number)
        rows, head = [], ""
        for event in events:
            if motion is not None and isinstance(event, MotionOpened):
                raise Conflict(f"motion {number} was opened already")
            motion = evolve(motion, event, number=number, at=at)
            row = self._add(event, motion=number, version=motion.version, at=at)
            head = row.hash if ends_count(event) and not head else head
            rows.append(row)
        if motion is not None and motion is not before:
            self._motions[number] = motion
            self._enter(before, motion, head)
        return tuple(rows)

    def _add(self, event: Event, *, motion: int, version: int, at: datetime) -> Recorded:
        row = link(self._head, event, motion=motion, version=version, at=at)
        for prose in EVENTS.texts(event):
            if prose.text is not None:
                check_text(prose)
                self._texts.append((prose.digest, motion, prose.salt, prose.text))
        self._events.append(row)
        self._head = Head(row.seq, row.hash)
        return recorded(row, at, event)

    def _enter(self, before: Motion | None, after: Motion, head: str) -> None:
        """Bring the docket up to date, where the motion's line has changed."""
        if before is None:
            entry = entry_of(after, head=head)
            try:
                self._write(_OPENED, docket_row(entry))
            except sqlite3.IntegrityError as error:
                raise taken(entry) from error
        elif not same_line(before, after):
            row = docket_row(entry_of(after, head=head))
            self._write(_CHANGED, (*[row[place] for place in _CHANGING], row[0]))

    def _bind(self, event: Event, at: datetime) -> Recorded:
        if not isinstance(event, PeopleEvent):
            raise ValueError(f"{type(event).__name__} does not belong into the stream of people")
        self._people += 1
        row = self._add(event, motion=PEOPLE, version=self._people, at=at)
        try:
            take_person(self._write, event)
        except sqlite3.IntegrityError as error:
            raise Conflict(f"what is bound to {event.person} belongs to another person already") from error
        return row

    def forget(self, texts: Sequence[tuple[int, str]], answers: Sequence[str], *, at: datetime) -> int:
        """Erase texts, given by motion and digest, and answers, by their requests; returns how many there were."""
        gone = sum(self._write(FORGET, (stamp(at), digest)).rowcount for _, digest in texts)
        gone += sum(self._write("DELETE FROM inbox WHERE request = ?", (request,)).rowcount for request in answers)
        self._forgotten |= dict.fromkeys(motion for motion, _ in texts)
        return gone

    # ----------------------------------------------------------------------- answers and effects

    def remember(self, request: str, answer: Answer, *, at: datetime, motion: int) -> None:
        known_new = request in self._answers and self._answers[request] is None
        if not known_new and self.answer(request) is not None:
            raise Conflict("the request has an answer already")
        self._answers[request] = (answer, inbox_row(request, answer, stamp(at), motion))

    def intend(self, effects: Sequence[Effect], *, at: datetime) -> None:
        for effect in effects:
            key = effect.key
            if effect.lane == "latest":
                if key in self._fresh or (key in self._group.fresh and key not in self._stale):
                    continue
                self._fresh.add(key)
                if self._again(effect, at):
                    continue
            due = effect.after or at
            row = outbox_row(OutboxRow(id=self._outbox + 1, effect=effect, state="pending", attempts=0, due=due))
            self._outbox += self._write(_OUTBOX, row).rowcount

    def _again(self, effect: Effect, at: datetime) -> bool:
        """Make the row of a `latest` effect due again; False if there is none yet."""
        row = self._conn.execute(_BY_KEY, (effect.key,)).fetchone()
        if row is None:
            return False
        values = (*row[:6], plain_json(effect.params), "pending", 0, stamp(at), row[10] + 1, row[11], "")
        self._write(_SETTLE, (*values[6:], crc(*values), row[0]))
        return True

    def settle(self, row: OutboxRow) -> None:
        stored = load_outbox(self._conn, row=row.id)
        if stored is None:
            raise ValueError(f"there is no outbox row {row.id}")
        self._fresh.discard(stored.effect.key)
        self._stale.add(stored.effect.key)
        values = outbox_row(settled(stored, row))
        self._write(_SETTLE, (*values[6:], row.id))


def settled(stored: OutboxRow, row: OutboxRow) -> OutboxRow:
    """What settling makes of a stored row: asked for again meanwhile, it stays due and only learns its reference."""
    ref = row.ref or stored.ref
    if stored.generation > row.generation:
        return replace(stored, ref=ref)
    return replace(stored, state=row.state, attempts=row.attempts, due=row.due, ref=ref, error=row.error)


def take_person(write: Callable[[str, Row], object], event: PeopleEvent) -> None:
    """Take an event into `people` and `accounts`. Raises IntegrityError where a value belongs to somebody else."""
    person = event.person
    write("INSERT INTO people (person, name) VALUES (?, '') ON CONFLICT (person) DO NOTHING", (person,))
    match event:
        case PersonBound():
            _bind_person(write, event)
        case AccountReleased(account=account):
            write("DELETE FROM accounts WHERE account = ? AND person = ?", (account.text, person))
        case PingsChosen(pings=pings):
            write("UPDATE people SET pings = ? WHERE person = ?", (pings_text(pings), person))


def _bind_person(write: Callable[[str, Row], object], event: PersonBound) -> None:
    person, text = event.person, event.value.text
    match event.kind:
        case "login":
            folded = None if text is None else fold_login(text)
            sql = "UPDATE people SET login = ?, login_folded = ? WHERE person = ?"
            write(sql, (text, folded, person))
        case "name":
            write("UPDATE people SET name = ? WHERE person = ?", (text or "", person))
        case "forge":
            write("UPDATE people SET forge_id = ? WHERE person = ?", (text, person))
        case "account":
            sql = (
                "INSERT INTO accounts (account, person, source, held_until) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (account) DO UPDATE SET person = excluded.person, source = excluded.source, "
                "held_until = excluded.held_until"
            )
            if text is not None:
                write(sql, (text, person, event.source, held_text(event.held_until)))
