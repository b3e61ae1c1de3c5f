"""Reads rosters from the forge and binds the people in them to internal ids; edits them for a draft.

Fails closed: a file that cannot be read is a RosterFault, never an empty or guessed electorate (R6, T9).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.core.events import Event, PersonBound
from bot.core.motion import Motion
from bot.core.people import MAINTAINER, REVIEWER, Person, PersonId, Roster, RosterRow, fold_login
from bot.core.prose import Prose
from bot.core.rules import RosterFault
from bot.identities import Recogniser
from bot.ports import (
    Clock,
    Directory,
    FileAt,
    ForgeError,
    ForgeIdentity,
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
        self._recogniser = Recogniser(ledger=ledger, clock=clock, ids=ids)

    async def read(self, repository: Repository) -> Roster | RosterFault:
        """The roster now, at the head of the default branch."""
        try:
            file = await repository.forge.read(repository.roster_path)
            rows = self._rows(repository, file)
            if repository.identities is not None:
                people = [row for row, _ in rows]
                await self._recogniser.recognise(repository.identities, file.path, people)
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
        certain(file.path, kept, configured=bool(repository.sections))
        return kept

    async def bind(self, logins: list[str]) -> dict[str, PersonId]:
        """The internal ids of these logins, made where they are new; the keys are folded logins."""
        known = self._known(logins)
        missing = list({fold_login(login): login for login in logins if fold_login(login) not in known}.values())
        if not missing:
            return known
        await asyncio.wrap_future(self._ledger.transact(lambda txn: self._bind(txn, missing)))
        return self._known(logins)

    def _known(self, logins: list[str]) -> dict[str, PersonId]:
        """Those of these logins that are bound."""
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

    def accounted(self, directory: Directory, login: str, account: str) -> list[PersonBound]:
        """The events that bind a login to its account on the forge."""
        return self._recogniser.bindings({fold_login(login): ForgeIdentity(key=account, login=login)}, directory)

    async def follow(self, repository: Repository, person: Person) -> None:
        """See that the person's account is still theirs, by whatever login. Raises AccountGone (F39), ForgeError."""
        if repository.identities is not None:
            await self._recogniser.follow(repository.identities, person)

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
        section = repository.section_of(role, rows)
        left = [row.section for row in rows if fold_login(row.login) == fold_login(login) and repository.left(row)]
        sources = [row.section for row in held] + [each for each in left if each != section]
        first = held[0] if held else None
        change = RosterChange(
            action="move" if sources else "add",
            sections=(section,),
            sources=tuple(sources),
            login=login,
            name=name or ("" if sources else login),
            email=email or (first.email if first else ""),
        )
        return form.edit(path=path, data=data, change=change)

    def _dropped(self, repository: Repository, motion: Motion, login: str, data: bytes) -> bytes | None:
        """Without the person's row in the role that ends (R32, R45); among the emeriti, where the file has them.

        Somebody who keeps another role is no emeritus.
        """
        path = repository.roster_path
        form, held = self._held(repository, login, data)
        ending = [row.section for row in held if motion.role in {"", repository.role_of(row)}]
        if not ending:
            return None
        mine = [row for row in form.read(path=path, data=data) if fold_login(row.login) == fold_login(login)]
        moves = len(ending) == len(held) and repository.emeritus and not any(repository.left(row) for row in mine)
        change = RosterChange(action="remove", sections=tuple(ending), login=login)
        if moves:
            sections = (repository.emeritus,)
            change = RosterChange(action="move", sections=sections, sources=tuple(ending), login=login)
        return form.edit(path=path, data=data, change=change)


def certain(path: str, kept: list[tuple[RosterRow, str]], *, configured: bool) -> None:
    """Refuse what would make the electorate a guess: a voter without a login, two lists of maintainers (R6, T9).

    `kept` are the rows that stand for a role, each with it. Raises RosterError.
    """
    for row, _ in kept:
        if not row.login:
            what = f"{row.name or row.email} has no forge login in {row.section or 'the list'}"
            raise RosterError(path=path, line=row.line, what=what, remedy="write their login, or move them elsewhere")
    sections = list(dict.fromkeys(row.section for row, role in kept if role == MAINTAINER))
    if len(sections) > 1 and not configured:
        raise RosterError(
            path=path,
            line=0,
            what=f"several sections may be the maintainers: {', '.join(sections)}",
            remedy="name the right one in the configuration, under [repository.roster.roles]",
        )


def _holders(rows: list[tuple[RosterRow, str]], bound: dict[str, PersonId], role: str) -> tuple[PersonId, ...]:
    return tuple(dict.fromkeys(bound[fold_login(row.login)] for row, held in rows if held == role))
