"""The ledger without a file, for tests and the demonstration: the same chain and the same promises, in dicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import RLock
from typing import TypeVar

from bot.core.answers import Answer
from bot.core.docket import Docket, DocketEntry, entry_of
from bot.core.effects import Effect, furthest
from bot.core.events import BoundBy, Event, MotionOpened, PeopleEvent
from bot.core.motion import Motion, evolve
from bot.core.people import Person, PersonId
from bot.ports import Clock, Directory, NotRecorded, OutboxRow, Point, Reader, Recorded, Transaction, no_point
from storage.chain import PEOPLE, Head, Link, check_text, link, new_genesis, recorded
from storage.codec import EVENTS
from storage.errors import Conflict
from storage.projections import Entries, People, ends_count
from storage.transaction import settled
from storage.writer import AFTER_COMMIT, BEFORE_COMMIT

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


@dataclass(slots=True)
class Store:
    """What outlives a MemoryLedger: hand it to the next one to reopen it."""

    genesis: str = field(default_factory=new_genesis)
    events: list[Link] = field(default_factory=list)
    streams: dict[int, list[Link]] = field(default_factory=dict)
    texts: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    inbox: dict[str, Answer] = field(default_factory=dict)
    outbox: dict[int, OutboxRow] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)
    docket: Entries = field(default_factory=Entries)
    people: People = field(default_factory=People)

    @property
    def head(self) -> Head:
        return Head(self.events[-1].seq, self.events[-1].hash) if self.events else Head(0, self.genesis)

    def look_up(self, digest: str) -> tuple[str | None, str | None]:
        """The salt and text of a digest."""
        return self.texts.get(digest, (None, None))

    def stream(self, motion: int) -> tuple[Recorded, ...]:
        """A stream, read back from its bytes."""
        found = []
        for row in self.streams.get(motion, ()):
            read = EVENTS.decode(row.body, self.look_up, row=row.seq)
            found.append(recorded(row, read.at, read.event))
        return tuple(found)

    def replayed(self, number: int) -> Motion | None:
        """The motion that its stored events make."""
        motion: Motion | None = None
        if number == PEOPLE:
            return None
        for row in self.stream(number):
            motion = evolve(motion, row.event, number=number, at=row.at)
        return motion


class _Directory:
    """The people as they are at each question."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def person(self, person: PersonId) -> Person | None:
        return self._store.people.person(person)

    def by_login(self, login: str) -> Person | None:
        return self._store.people.by_login(login)

    def by_account(self, account: str) -> Person | None:
        return self._store.people.by_account(account)

    def held(self, account: str) -> datetime | None:
        return self._store.people.held(account)

    def linked(self, source: BoundBy) -> Mapping[str, PersonId]:
        return self._store.people.linked(source)

    def everyone(self) -> Sequence[Person]:
        return self._store.people.everyone()


class _Unit:
    """Implements `bot.ports.Transaction`: changes the store at once and knows how to take everything back."""

    def __init__(self, store: Store, motions: dict[int, Motion]) -> None:
        self._store, self._motions = store, motions
        self._undo: list[Callable[[], object]] = []

    def roll_back(self) -> None:
        """Take back what the unit has done, last first."""
        while self._undo:
            self._undo.pop()()

    def answer(self, request: str) -> Answer | None:
        return self._store.inbox.get(request)

    def motion(self, number: int) -> Motion | None:
        found = self._motions.get(number)
        return found if found is not None else self._store.replayed(number)

    def docket(self) -> Docket:
        return self._store.docket

    def directory(self) -> Directory:
        return _Directory(self._store)

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
            _put(self._motions, number, motion, self._undo)
            old = self._store.docket.entries.get(number)
            entry = entry_of(motion, head=(old.head if old else "") or head)
            self._undo.append(_restore(self._store.docket.entries, number))
            self._store.docket.put(entry)
        return tuple(rows)

    def _add(self, event: Event, *, motion: int, version: int, at: datetime) -> Recorded:
        store = self._store
        row = link(store.head, event, motion=motion, version=version, at=at)
        for prose in EVENTS.texts(event):
            check_text(prose)
            if prose.text is not None and prose.digest not in store.texts:
                _put(store.texts, prose.digest, (prose.salt, prose.text), self._undo)
        stream = store.streams.setdefault(motion, [])
        store.events.append(row)
        stream.append(row)
        self._undo += [store.events.pop, stream.pop]
        return recorded(row, at, event)

    def _bind(self, event: Event, at: datetime) -> Recorded:
        if not isinstance(event, PeopleEvent):
            raise ValueError(f"{type(event).__name__} does not belong into the stream of people")
        store = self._store
        row = self._add(event, motion=PEOPLE, version=len(store.streams.get(PEOPLE, ())) + 1, at=at)
        before = store.people
        store.people = before.copy()
        self._undo.append(lambda: setattr(store, "people", before))
        store.people.take(event)
        return row

    def remember(self, request: str, answer: Answer, *, at: datetime, motion: int) -> None:
        if request in self._store.inbox:
            raise Conflict("the request has an answer already")
        _put(self._store.inbox, request, answer, self._undo)

    def intend(self, effects: Sequence[Effect], *, at: datetime) -> None:
        store = self._store
        for effect in effects:
            old = store.keys.get(effect.key)
            if old is None:
                new = len(store.outbox) + 1
                row = OutboxRow(id=new, effect=effect, state="pending", attempts=0, due=effect.after or at)
                _put(store.keys, effect.key, new, self._undo)
                _put(store.outbox, new, row, self._undo)
            elif effect.lane == "latest":
                row = store.outbox[old]
                again = replace(
                    row, state="pending", attempts=0, due=at, generation=row.generation + 1, error="", effect=effect
                )
                _put(store.outbox, old, again, self._undo)

    def settle(self, row: OutboxRow) -> None:
        stored = self._store.outbox.get(row.id)
        if stored is None:
            raise ValueError(f"there is no outbox row {row.id}")
        _put(self._store.outbox, row.id, settled(stored, row), self._undo)


def _restore(table: dict[K, V], key: K) -> Callable[[], object]:
    """What puts a key back to what it is now."""
    if key in table:
        before = table[key]
        return lambda: table.__setitem__(key, before)
    return lambda: table.pop(key, None)


def _put(table: dict[K, V], key: K, value: V, undo: list[Callable[[], object]]) -> None:
    undo.append(_restore(table, key))
    table[key] = value


class _Reader:
    """Implements `bot.ports.Reader` on a store."""

    def __init__(self, store: Store, motions: Mapping[int, Motion], lock: RLock) -> None:
        self._store, self._motions, self._lock = store, motions, lock

    def events(self, motion: int) -> Sequence[Recorded]:
        with self._lock:
            return self._store.stream(motion)

    def motion(self, number: int) -> Motion | None:
        with self._lock:
            return self._motions.get(number) or self._store.replayed(number)

    def entry(self, number: int) -> DocketEntry | None:
        with self._lock:
            return self._store.docket.entries.get(number)

    def entries(self, *, unfinished: bool = False) -> Sequence[DocketEntry]:
        with self._lock:
            entries = self._store.docket.entries
            return tuple(entries[n] for n in sorted(entries) if not (unfinished and entries[n].ended))

    def directory(self) -> Directory:
        return _Directory(self._store)

    def due(self, now: datetime, *, limit: int = 100) -> Sequence[OutboxRow]:
        with self._lock:
            pending = [row for row in self._store.outbox.values() if row.state == "pending"]
        first: dict[tuple[int, str], int] = {}
        for row in pending:
            if row.effect.lane == "once":
                first.setdefault((row.effect.motion, row.effect.venue), row.id)
        ready = [
            row
            for row in pending
            if not now < row.due <= furthest(row.effect.kind, now)
            and (row.effect.lane == "latest" or first[row.effect.motion, row.effect.venue] == row.id)
        ]
        return tuple(sorted(ready, key=lambda row: (row.due, row.id))[:limit])


class MemoryLedger:
    """Implements `bot.ports.Ledger`. Work runs at once in the caller's thread; futures are done when returned."""

    def __init__(self, *, clock: Clock, point: Point = no_point, store: Store | None = None) -> None:
        self.store = store or Store()
        self._clock, self._point = clock, point
        self._motions: dict[int, Motion] = {}
        self._lock = RLock()
        self._end: BaseException | None = None
        self._head = self.store.head.hash

    def transact(self, work: Callable[[Transaction], T]) -> Future[T]:
        future: Future[T] = Future()
        with self._lock:
            try:
                result = self._run(work)
            except BaseException as error:  # a kill reaches the caller through the future, as the other ledger's does
                future.set_exception(error)
            else:
                future.set_result(result)
        return future

    def _run(self, work: Callable[[Transaction], T]) -> T:
        if self._end is not None:
            raise self._end
        unit = _Unit(self.store, self._motions)
        try:
            result = work(unit)
            self._before()
        except BaseException as error:
            unit.roll_back()
            self._end = None if isinstance(error, Exception) else error
            raise
        self._head = self.store.head.hash
        try:
            self._point(AFTER_COMMIT)
        except BaseException as error:
            self._end = error
            raise
        return result

    def _before(self) -> None:
        try:
            self._point(BEFORE_COMMIT)
        except Exception as error:
            raise NotRecorded(f"the ledger could not be written: {error}") from error

    def reader(self) -> Reader:
        return _Reader(self.store, self._motions, self._lock)

    def genesis(self) -> str:
        return self.store.genesis

    def head(self) -> str:
        return self._head

    def row(self, key: str) -> OutboxRow | None:
        with self._lock:
            found = self.store.keys.get(key)
            return None if found is None else self.store.outbox[found]

    def close(self) -> None:
        with self._lock:
            self._end = self._end or NotRecorded("the ledger is closed")
