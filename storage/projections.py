"""What is derived from events and kept beside them: people and the docket, in memory. The log can rebuild all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.docket import VOTING_STAGES, DocketEntry, entry_of
from bot.core.events import (
    AccountReleased,
    BoundBy,
    MotionClosed,
    MotionVoided,
    MotionWithdrawn,
    PeopleEvent,
    PersonBound,
    PingsChosen,
)
from bot.core.motion import Motion
from bot.core.people import Person, PersonId, fold_login
from storage.errors import Conflict


class People:
    """The people that the stream of people makes; serves as a Directory.

    A login or forge id belongs to one person at a time: binding it to a second is a Conflict (T3). An account
    belongs to whom it was bound last.
    """

    def __init__(self) -> None:
        self.people: dict[PersonId, Person] = {}
        self._logins: dict[str, PersonId] = {}
        self._forges: dict[str, PersonId] = {}
        self._accounts: dict[str, PersonId] = {}
        self._sources: dict[str, BoundBy] = {}
        self._held: dict[str, datetime] = {}

    def copy(self) -> People:
        """An independent copy, to fall back on."""
        other = People()
        other.people = dict(self.people)
        other._logins = dict(self._logins)
        other._forges = dict(self._forges)
        other._accounts = dict(self._accounts)
        other._sources = dict(self._sources)
        other._held = dict(self._held)
        return other

    def take(self, event: PeopleEvent) -> None:
        """Take in one event."""
        match event:
            case PersonBound():
                self.bind(event)
            case AccountReleased(account=account):
                if account.text is not None and self._accounts.get(account.text) == event.person:
                    self._release(account.text)
            case PingsChosen():
                person = self.people.get(event.person) or Person(id=event.person, login="")
                self.people[person.id] = replace(person, pings=event.pings)

    def bind(self, event: PersonBound) -> None:
        """Take in one binding. An erased value leaves the person without it."""
        person, text = self.people.get(event.person) or Person(id=event.person, login=""), event.value.text
        match event.kind:
            case "login":
                old = fold_login(person.login) if person.login else None
                _move(self._logins, old, None if text is None else fold_login(text), person.id, "login")
                self.people[person.id] = replace(person, login=text or "")
            case "forge":
                _move(self._forges, person.forge_id, text, person.id, "forge id")
                self.people[person.id] = replace(person, forge_id=text)
            case "name":
                self.people[person.id] = replace(person, name=text or "")
            case "account":
                self.people[person.id] = person
                if text is not None:
                    self._give(text, person.id, event)

    def _release(self, account: str) -> None:
        before = self._accounts.pop(account, None)
        self._sources.pop(account, None)
        self._held.pop(account, None)
        if before is not None:
            owner = self.people[before]
            self.people[before] = replace(owner, accounts=tuple(a for a in owner.accounts if a != account))

    def _give(self, account: str, person: PersonId, event: PersonBound) -> None:
        self._release(account)
        self._accounts[account], self._sources[account] = person, event.source
        if event.held_until is not None:
            self._held[account] = event.held_until
        owner = self.people[person]
        self.people[person] = replace(owner, accounts=tuple(sorted((*owner.accounts, account))))

    def accounts(self) -> dict[str, tuple[PersonId, BoundBy, datetime | None]]:
        """Each account, whose it is, what has linked it, and until when it is held."""
        return {
            account: (person, self._sources[account], self._held.get(account))
            for account, person in self._accounts.items()
        }

    def held(self, account: str) -> datetime | None:
        return self._held.get(account)

    def linked(self, source: BoundBy) -> dict[str, PersonId]:
        return {account: person for account, person in self._accounts.items() if self._sources[account] == source}

    def person(self, person: PersonId) -> Person | None:
        return self.people.get(person)

    def by_login(self, login: str) -> Person | None:
        found = self._logins.get(fold_login(login))
        return None if found is None else self.people[found]

    def by_account(self, account: str) -> Person | None:
        found = self._accounts.get(account) or self._forges.get(account)
        return None if found is None else self.people[found]

    def everyone(self) -> Sequence[Person]:
        return tuple(self.people[person] for person in sorted(self.people))


def _move(index: dict[str, PersonId], old: str | None, new: str | None, person: PersonId, what: str) -> None:
    if new is not None and index.get(new, person) != person:
        raise Conflict(f"the {what} belongs to person {index[new]}: it cannot be bound to {person} too")
    if old is not None:
        index.pop(old, None)
    if new is not None:
        index[new] = person


class Entries:
    """Docket entries by number; serves as a Docket. One unfinished motion a subject and repository (T18)."""

    def __init__(self) -> None:
        self.entries: dict[int, DocketEntry] = {}

    def put(self, entry: DocketEntry) -> None:
        """Add or replace a line. Raises Conflict for a second unfinished motion about the same person."""
        other = None
        if not entry.ended and entry.subject is not None:
            other = self.unfinished_on(entry.repository, entry.subject)
        if not entry.ended and entry.dispute and (other is None or other.number == entry.number):
            other = self.disputed(entry.repository, entry.dispute)
        if other is not None and other.number != entry.number:
            raise taken(entry)
        self.entries[entry.number] = entry

    def next_number(self) -> int:
        return max(self.entries, default=0) + 1

    def unfinished_on(self, repository: str, subject: PersonId) -> DocketEntry | None:
        return next(
            (e for e in self.entries.values() if not e.ended and e.repository == repository and e.subject == subject),
            None,
        )

    def disputed(self, repository: str, dispute: str) -> DocketEntry | None:
        return next(
            (e for e in self.entries.values() if not e.ended and (e.repository, e.dispute) == (repository, dispute)),
            None,
        )

    def open_by(self, proposer: PersonId) -> int:
        counted = [entry for entry in self.entries.values() if entry.kind != "practice"]
        return sum(entry.proposer == proposer and entry.stage in VOTING_STAGES for entry in counted)

    def last_lost(self, repository: str, subject: PersonId, role: str) -> DocketEntry | None:
        lost = [
            e
            for e in self.entries.values()
            if e.stage == "lost" and (e.repository, e.subject, e.role) == (repository, subject, role)
        ]
        return max(lost, key=lambda e: (e.closed_at or e.opened_at, e.number), default=None)


def taken(entry: DocketEntry) -> Conflict:
    """What is said when the docket has an unfinished motion about the person already."""
    about = entry.subject or "this dispute"
    return Conflict(f"motion {entry.number}: {entry.repository} has an unfinished motion about {about}")


def same_line(before: Motion, after: Motion) -> bool:
    """Whether both give the same docket line, so that nothing has to be written (a ballot changes none)."""
    return entry_of(before) == entry_of(after)


def ends_count(event: object) -> bool:
    """Whether the event is the one whose hash is the motion's log head."""
    return isinstance(event, MotionClosed | MotionWithdrawn | MotionVoided)
