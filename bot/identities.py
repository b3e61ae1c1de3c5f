"""Binds the people of a roster to their accounts on the forge: by numeric ids, as logins change hands (T3).

Whoever renames an account stays the person they were. Whoever takes a login that has become free is somebody else: the
roster is refused until a person has corrected it. Must never let a stranger inherit what belongs to another (R5).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import structlog

from bot.core.events import PersonBound
from bot.core.people import Person, PersonId, RosterRow, fold_login
from bot.core.prose import Prose
from bot.ports import Clock, Directory, ForgeError, ForgeIdentity, Identities, Ids, Ledger, RosterError, Transaction

log = structlog.get_logger("folkmoot.identities")

AT_ONCE: Final = 8
"""How many accounts are looked up at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """Something to be known of a person from now on; `person` is None for somebody new, named by the same login."""

    person: PersonId | None
    login: str
    kind: Literal["login", "forge"]
    value: str


class AccountGone(ForgeError):
    """Somebody's account is gone, or its login is another's now: to be waited for, however long that takes (F39)."""


class Recogniser:
    """Keeps the directory as the forge has it. What a person should know, and nothing hangs on, is logged once."""

    def __init__(self, *, ledger: Ledger, clock: Clock, ids: Ids) -> None:
        self._ledger, self._clock, self._ids = ledger, clock, ids
        self._told: set[tuple[str, str, str]] = set()

    async def recognise(self, identities: Identities, path: str, rows: Sequence[RosterRow]) -> None:
        """Bring the directory up to date with who the logins of a roster are now. Raises RosterError or ForgeError."""
        named = {fold_login(row.login): row for row in rows}
        found = await _looked_up(identities, list(named))
        directory = self._ledger.reader().directory()
        await self._refuse_strangers(identities, path, named, found, directory)
        await self._learn(found)

    async def follow(self, identities: Identities, person: Person) -> None:
        """See that a person's account is there under their login; one that was renamed is remembered by its new name.

        Raises AccountGone where the account is gone, or its login somebody else's (T3); ForgeError if that is unknown.
        """
        login, known = person.login, person.forge_id
        found = await identities.by_login(login)
        if found is not None and known in {None, found.key}:
            return
        own = await identities.by_id(known) if known is not None else None
        if found is not None:
            now = f"their login is @{own.login} now" if own is not None else "their own is gone"
            what = f"@{login} is another account now ({found.key}) than the one voted on ({known}); {now}"
            raise AccountGone(what, remedy="it waits until the name is theirs again; else declare the motion void")
        if own is None:
            what, remedy = f"the account @{login} is gone from the forge", "it waits until it is back; else declare"
            raise AccountGone(what, remedy=f"{remedy} the motion void")
        await self._learn({fold_login(own.login): own})

    async def _learn(self, found: Mapping[str, ForgeIdentity | None]) -> None:
        if not plan(found, self._ledger.reader().directory()):
            return

        def work(txn: Transaction) -> None:
            txn.append(0, self.bindings(found, txn.directory()), at=self._clock.now())

        await asyncio.wrap_future(self._ledger.transact(work))

    def bindings(self, found: Mapping[str, ForgeIdentity | None], directory: Directory) -> list[PersonBound]:
        """What is to be remembered of these logins, as events."""
        return _events(plan(found, directory), self._ids)

    async def _refuse_strangers(
        self,
        identities: Identities,
        path: str,
        named: Mapping[str, RosterRow],
        found: Mapping[str, ForgeIdentity | None],
        directory: Directory,
    ) -> None:
        """Raise RosterError for a login that is another account's now than the person's who is known by it (T3)."""
        here = {identity.key for identity in found.values() if identity is not None}
        for login, identity in found.items():
            person, line = directory.by_login(login), named[login].line
            if person is None or person.forge_id is None:
                if identity is None:
                    self._tell("no such account on the forge", path, line, login)
                continue
            if identity is None:
                self._tell("account renamed or gone", path, line, person.forge_id)
                continue
            if identity.key == person.forge_id or person.forge_id in here:
                continue
            now = await identities.by_id(person.forge_id)
            remedy = (
                f"write @{now.login}, their login now" if now is not None else "their account is gone: remove the row"
            )
            what = f"@{login} is another account now ({identity.key}) than the person's ({person.forge_id}) known by it"
            raise RosterError(path=path, line=line, what=what, remedy=remedy)

    def _tell(self, what: str, path: str, line: int, whom: str) -> None:
        if (what, path, whom) not in self._told:
            self._told.add((what, path, whom))
            log.warning("a login of the maintainers file", what=what, path=path, line=line, account=whom)


def plan(found: Mapping[str, ForgeIdentity | None], directory: Directory) -> list[Binding]:
    """What has to be bound so that each login stands for the person of its account: first who makes room, then who
    has a new login, then who is new. Strangers (`_refuse_strangers`) get nothing.
    """
    owners = {person.forge_id: person for person in directory.everyone() if person.forge_id}
    here = {identity.key for identity in found.values() if identity is not None}
    aside: list[Binding] = []
    renamed: list[Binding] = []
    new: list[Binding] = []
    for login, identity in found.items():
        if identity is None:
            continue
        person, owner = directory.by_login(login), owners.get(identity.key)
        if person is not None and person.forge_id not in {None, identity.key} and person.forge_id not in here:
            continue
        if (
            person is not None
            and (owner is None or person.id != owner.id)
            and (owner is not None or person.forge_id is not None)
        ):
            name = f"{login} (until it was {identity.key})"
            aside.append(Binding(person=person.id, login=login, kind="login", value=name))
            person = None
        if owner is None and person is None:
            new.append(Binding(person=None, login=login, kind="login", value=identity.login))
        elif owner is not None and (person is None or person.id != owner.id):
            renamed.append(Binding(person=owner.id, login=login, kind="login", value=identity.login))
        if owner is None:
            who = person.id if person is not None else None
            new.append(Binding(person=who, login=login, kind="forge", value=identity.key))
    return aside + renamed + new


def _events(bindings: Sequence[Binding], ids: Ids) -> list[PersonBound]:
    fresh: dict[str, PersonId] = {}
    events = []
    for each in bindings:
        person = each.person or fresh.setdefault(each.login, ids.person())
        value = Prose.of(each.value, salt=ids.salt(), label=each.kind)
        events.append(PersonBound(person=person, kind=each.kind, value=value))
    return events


async def _looked_up(identities: Identities, logins: Sequence[str]) -> dict[str, ForgeIdentity | None]:
    few = asyncio.Semaphore(AT_ONCE)

    async def one(login: str) -> ForgeIdentity | None:
        async with few:
            return await identities.by_login(login)

    answers = await asyncio.gather(*(one(login) for login in logins))
    return dict(zip(logins, answers, strict=True))
