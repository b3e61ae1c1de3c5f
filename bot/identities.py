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
from bot.core.people import PersonId, RosterRow, fold_login
from bot.core.prose import Prose
from bot.ports import Clock, Directory, ForgeIdentity, Identities, Ids, Ledger, RosterError, Transaction

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
        if not plan(found, directory):
            return

        def work(txn: Transaction) -> None:
            txn.append(0, _events(plan(found, txn.directory()), self._ids), at=self._clock.now())

        await asyncio.wrap_future(self._ledger.transact(work))

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
            log.warning(what, path=path, line=line, account=whom)


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
