"""Who is behind an account of a forge: its id decides, its login is only shown (T3)."""

from __future__ import annotations

import asyncio

from bot.core.answers import Refused
from bot.core.events import Event, PersonBound
from bot.core.people import PersonId, PlatformUser
from bot.core.prose import Prose
from bot.ports import Clock, Directory, Ids, Ledger, Transaction


class ForgePeople:
    """Finds the person of an account of a forge, and remembers accounts that take part for the first time."""

    def __init__(self, *, ledger: Ledger, clock: Clock, ids: Ids) -> None:
        self._ledger, self._clock, self._ids = ledger, clock, ids

    async def of(self, who: PlatformUser, login: str, *, new: bool) -> PersonId | Refused | None:
        """The person, bound to the account's id if only the login was known; None for a stranger, unless `new`.

        Refused where the login is recorded with another id: the name has changed hands.
        """
        found = _found(self._ledger.reader().directory(), who, login)
        if found is None and not new and self._ledger.reader().directory().by_login(login) is None:
            return None
        if found is not None:
            return found
        return await asyncio.wrap_future(self._ledger.transact(lambda txn: self._bind(txn, who, login)))

    def _bind(self, txn: Transaction, who: PlatformUser, login: str) -> PersonId | Refused:
        directory = txn.directory()
        found = _found(directory, who, login)
        if found is not None:
            return found
        named = directory.by_login(login)
        person = named.id if named is not None else self._ids.person()
        salt = self._ids.salt()
        events: list[Event] = []
        if named is None:
            events.append(PersonBound(person=person, kind="login", value=Prose.of(login, salt=salt, label="login")))
        events.append(PersonBound(person=person, kind="forge", value=Prose.of(who.key, salt=salt, label="forge")))
        txn.append(0, events, at=self._clock.now())
        return person


def _found(directory: Directory, who: PlatformUser, login: str) -> PersonId | Refused | None:
    known = directory.by_account(who.key)
    if known is not None:
        return known.id
    named = directory.by_login(login)
    if named is not None and named.forge_id is not None:
        return Refused(code="comment-login-of-another")
    return None
