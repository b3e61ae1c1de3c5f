"""Reads rosters from the forge and binds the people in them to internal ids; edits them for a draft.

Fails closed: a file that cannot be read is a RosterFault, never an empty or guessed electorate (R6, T9).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.core.events import Event, PersonBound
from bot.core.motion import Motion
from bot.core.people import MAINTAINER, REVIEWER, PersonId, Roster, RosterRow, fold_login
from bot.core.prose import Prose
from bot.core.rules import RosterFault
from bot.ports import (
    Clock,
    Directory,
    FileAt,
    ForgeError,
    Ids,
    Ledger,
    RosterChange,
    RosterError,
    RosterFormat,
    Transaction,
)
from bot.repositories import Repository

Detect = Callable[[str, bytes], RosterFormat]


class Rosters:
    """The rosters of all repositories, each read anew whenever a rule needs it."""

    def __init__(self, *, ledger: Ledger, clock: Clock, ids: Ids, detect: Detect) -> None:
        self._ledger, self._clock, self._ids, self._detect = ledger, clock, ids, detect

    async def read(self, repository: Repository) -> Roster | RosterFault:
        """The roster now, at the head of the default branch."""
        try:
            file = await repository.forge.read(repository.roster_path)
            rows = self._rows(repository, file)
        except RosterError as error:
            return RosterFault(path=error.path, line=error.line, what=error.what, remedy=error.remedy)
        except ForgeError as error:
            remedy = error.remedy or "check the repository and its path in the configuration"
            return RosterFault(path=repository.roster_path, line=0, what=error.what, remedy=remedy)
        bound = await self.bind([row.login for row, _ in rows])
        return Roster(
            repository=repository.name,
            commit=file.commit,
            path=file.path,
            maintainers=_holders(rows, bound, MAINTAINER),
            reviewers=_holders(rows, bound, REVIEWER),
        )

    async def rows(self, repository: Repository) -> tuple[RosterRow, ...]:
        """Everyone in the maintainers file as it is written there. Raises ForgeError or RosterError."""
        file = await repository.forge.read(repository.roster_path)
        return self.format_of(repository, file).read(path=file.path, data=file.data)

    def format_of(self, repository: Repository, file: FileAt) -> RosterFormat:
        """The configured format, or the one that recognises the file. Raises RosterError."""
        return repository.roster_format or self._detect(file.path, file.data)

    def _rows(self, repository: Repository, file: FileAt) -> list[tuple[RosterRow, str]]:
        """The rows that stand for a role, each with it. Raises RosterError where nobody is left to vote."""
        rows = self.format_of(repository, file).read(path=file.path, data=file.data)
        kept = [(row, role) for row in rows if (role := repository.role_of(row)) is not None]
        if not any(role == MAINTAINER for _, role in kept):
            raise RosterError(
                path=file.path,
                line=0,
                what="the file names no maintainer",
                remedy="add the maintainers, or name their section in the configuration",
            )
        return kept

    async def bind(self, logins: list[str]) -> dict[str, PersonId]:
        """The internal ids of these logins, made where they are new; the keys are folded logins."""
        directory = self._ledger.reader().directory()
        known = {fold_login(login): directory.by_login(login) for login in logins}
        missing = list({fold_login(login): login for login in logins if known[fold_login(login)] is None}.values())
        if missing:
            await asyncio.wrap_future(self._ledger.transact(lambda txn: self._bind(txn, missing)))
            directory = self._ledger.reader().directory()
        found = {fold_login(login): directory.by_login(login) for login in logins}
        return {login: person.id for login, person in found.items() if person is not None}

    def _bind(self, txn: Transaction, logins: list[str]) -> None:
        directory = txn.directory()
        events: list[Event] = [
            self.bound(self._ids.person(), login) for login in logins if directory.by_login(login) is None
        ]
        txn.append(0, events, at=self._clock.now())

    def bound(self, person: PersonId, login: str) -> PersonBound:
        """The event that binds a person to a login."""
        value = Prose.of(login.strip().removeprefix("@"), salt=self._ids.salt(), label="login")
        return PersonBound(person=person, kind="login", value=value)

    def editor(self, repository: Repository, motion: Motion, directory: Directory) -> Callable[[bytes], bytes | None]:
        """The edit that enacts a motion on the roster's bytes: one record, or None if it is so already."""
        person = directory.person(motion.subject) if motion.subject is not None else None
        if person is None or not person.login:
            raise ForgeError("the person's login was erased", remedy="record it again", retry=False)
        if motion.policy.kind == "add":
            return lambda data: self._added(repository, motion, person.login, data)
        return lambda data: self._dropped(repository, motion, person.login, data)

    def _held(self, repository: Repository, login: str, data: bytes) -> tuple[RosterFormat, list[RosterRow]]:
        """The format, and the rows of this login that stand for a role. Raises RosterError."""
        path = repository.roster_path
        form = self.format_of(repository, FileAt(path=path, branch="", commit="", data=data))
        rows = form.read(path=path, data=data)
        mine = [row for row in rows if fold_login(row.login) == fold_login(login)]
        return form, [row for row in mine if repository.role_of(row) is not None]

    def _added(self, repository: Repository, motion: Motion, login: str, data: bytes) -> bytes | None:
        answered, role, path = motion.answered, motion.role, repository.roster_path
        name = answered.name.text if answered and answered.name and answered.name.text else ""
        email = answered.email.text if answered and answered.email and answered.email.text else ""
        form, held = self._held(repository, login, data)
        if any(repository.role_of(row) in {role, MAINTAINER} for row in held):
            return None
        rows = form.read(path=path, data=data)
        for row in held:
            drop = RosterChange(action="remove", section=row.section, login=row.login)
            data = form.edit(path=path, data=data, change=drop)
        first = held[0] if held else None
        add = RosterChange(
            action="add",
            section=repository.section_of(role, rows),
            login=login,
            name=name or (first.name if first else "") or login,
            email=email or (first.email if first else ""),
        )
        return form.edit(path=path, data=data, change=add)

    def _dropped(self, repository: Repository, motion: Motion, login: str, data: bytes) -> bytes | None:
        """Without the person's row in the role that ends (R32, R45)."""
        form, held = self._held(repository, login, data)
        ending = [row for row in held if motion.role in {"", repository.role_of(row)}]
        if not ending:
            return None
        for row in ending:
            drop = RosterChange(action="remove", section=row.section, login=row.login)
            data = form.edit(path=repository.roster_path, data=data, change=drop)
        return data


def _holders(rows: list[tuple[RosterRow, str]], bound: dict[str, PersonId], role: str) -> tuple[PersonId, ...]:
    return tuple(dict.fromkeys(bound[fold_login(row.login)] for row, held in rows if held == role))
