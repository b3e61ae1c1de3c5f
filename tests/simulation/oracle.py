"""What has to hold of the log after a run: read as it is, and counted again by somebody else."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from bot.core.events import ElectorateExtended, ElectorateReduced, Event, PersonBound, RemovalProposed
from bot.core.people import PersonId
from bot.ports import Recorded
from bot.wiring import read_ledger, verify
from storage.rebuild import rebuild
from tests.simulation.naive import Book, book_of
from tests.simulation.town import Place, holders
from tests.simulation.world import World


@dataclass(slots=True)
class Findings:
    """What is wrong, in words; and figures of the run."""

    problems: list[str] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)

    def wrong(self, what: str) -> None:
        self.problems.append(what)


@dataclass(slots=True)
class Log:
    """The ledger as it is at the end. `logins` are all that a person was ever bound to."""

    streams: dict[int, Sequence[Recorded]]
    books: dict[int, Book]
    logins: dict[PersonId, set[str]]

    @classmethod
    def read(cls, world: World) -> Log:
        reader = read_ledger(world.ledger)
        streams = {entry.number: reader.events(entry.number) for entry in reader.entries()}
        logins: dict[PersonId, set[str]] = defaultdict(set)
        for recorded in reader.events(0):
            if isinstance(recorded.event, PersonBound) and recorded.event.kind == "login":
                logins[recorded.event.person].add(str(recorded.event.value).casefold())
        books = {number: book_of(number, events) for number, events in streams.items()}
        return cls(streams, books, dict(logins))

    def is_of(self, person: PersonId, login: str) -> bool:
        return login.casefold() in self.logins.get(person, set())

    def events(self, number: int) -> Iterator[Event]:
        return (recorded.event for recorded in self.streams[number])


def check_log(world: World, log: Log, found: Findings) -> None:
    """The log by itself, and against the maintainers files."""
    for book in log.books.values():
        found.problems += book.problems
        _check_electorate(world, log, book, found)
        _check_end(log, book, found)
    found.figures["motions"] += len(log.books)
    found.figures["events"] += sum(map(len, log.streams.values()))
    found.figures["closed"] += sum(1 for book in log.books.values() if book.counted is not None)
    for problem in verify(world.ledger).problems:
        found.wrong(f"verify: {problem}")


def check_rebuild(world: World, found: Findings) -> None:
    """The projections made anew are those that are there; this changes the file, so it comes last."""
    before = _projections(world)
    rebuild(world.ledger)
    after = _projections(world)
    for table, rows in before.items():
        if rows != after[table]:
            found.wrong(f"rebuild: {table} differs")


def _projections(world: World) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(world.ledger)) as conn:
        return {
            table: conn.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()  # noqa: S608
            for table in ("docket", "people", "accounts", "outbox")
        }


# --------------------------------------------------------------------------- electorates


def _check_electorate(world: World, log: Log, book: Book, found: Findings) -> None:
    """The pinned electorate is the maintainers file at its commit, without those whom the rules leave out (R4, R22)."""
    place = next(place for place in world.town.places if place.name == book.opened.repository)
    opened = book.opened
    pinned = next((e.electorate for e in log.events(book.number) if isinstance(e, RemovalProposed)), None)
    for electorate in (opened.electorate, pinned):
        if electorate is None:
            continue
        names = {login.casefold() for login in holders(place.rosters[electorate.roster_commit], "maintainer")}
        out = [opened.subject] if opened.policy.kind == "add" or "subject" in opened.policy.exclude else []
        out += [opened.proposer] if "proposer" in opened.policy.exclude else []
        gone = {name for name in names for person in out if person is not None and log.is_of(person, name)}
        voters = {name for name in names for person in electorate.members if log.is_of(person, name)}
        if voters != names - gone or len(electorate.members) != len(voters):
            found.wrong(f"motion {book.number}: the electorate is {sorted(voters)}, the file says {sorted(names)}")
        barred = {name for name in names for person in electorate.barred if log.is_of(person, name)}
        if barred != (gone if opened.policy.exclude_in_denominator else set()):
            found.wrong(f"motion {book.number}: barred are {sorted(barred)}")
    _check_changes(log, book, place, found)


def _check_changes(log: Log, book: Book, place: Place, found: Findings) -> None:
    """Who left had left the file, who joined had joined it (R5)."""
    for event in log.events(book.number):
        if not isinstance(event, ElectorateReduced | ElectorateExtended):
            continue
        names = {login.casefold() for login in holders(place.rosters[event.roster_commit], "maintainer")}
        for person in event.people:
            there = any(log.is_of(person, name) for name in names)
            if there != isinstance(event, ElectorateExtended):
                found.wrong(f"motion {book.number}: {event}, against the file of that commit")


def _check_end(log: Log, book: Book, found: Findings) -> None:
    kinds = Counter(type(event).__name__ for event in log.events(book.number))
    for kind in ("MotionOpened", "MotionClosed", "MotionWithdrawn", "MotionVoided", "RoleBegan", "RoleEnded"):
        if kinds[kind] > 1:
            found.wrong(f"motion {book.number}: {kind} happened {kinds[kind]} times")
    if book.closes_at is not None and not book.endings:
        found.wrong(f"motion {book.number}: it was never counted, though its window ended {book.closes_at}")
