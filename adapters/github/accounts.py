"""Accounts on GitHub by their numeric ids: the bot's own, and those that logins stand for at the moment (T3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from adapters.github.client import Client, part
from bot.ports import ForgeError, ForgeIdentity

FRESH: Final = 600.0
"""Seconds for which an answer is believed without asking again."""
_LOGIN: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38})(?:\[bot\])?\Z")
_KEY: Final = re.compile(r"github:([0-9]{1,18})\Z")
_KEPT: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account, and the address that GitHub gives to its commits."""

    id: int
    login: str

    @property
    def mail(self) -> str:
        return f"{self.id}+{self.login}@users.noreply.github.com"


class Accounts:
    """An `Identities`. The answers are kept for ten minutes: a roster is read often, and names change seldom."""

    def __init__(self, client: Client, *, app: bool) -> None:
        self._client, self._app = client, app
        self._own: Account | None = None
        self._known: dict[str, tuple[float, ForgeIdentity | None]] = {}

    async def own(self) -> Account:
        """The bot's own account. Raises ForgeError."""
        if self._own is None:
            path = "/user"
            if self._app:
                path = f"/users/{part((await self._client.get('/app'))['slug'] + '[bot]')}"
            found = await self._client.get(path)
            self._own = Account(id=int(found["id"]), login=str(found["login"]))
        return self._own

    async def by_login(self, login: str) -> ForgeIdentity | None:
        """The account that has this login now; None if there is none. Raises ForgeError."""
        if _LOGIN.match(login) is None:
            return None
        found = await self._looked_up(f"/users/{part(login)}")
        if found is not None and found.login.casefold() != login.casefold():
            raise ForgeError(f"GitHub answers with {found.login} when asked for {login}", retry=False)
        return found

    async def by_id(self, key: str) -> ForgeIdentity | None:
        """The account with this id (`github:7`), whatever its login is now; None if it is gone. Raises ForgeError."""
        number = _KEY.match(key)
        return None if number is None else await self._looked_up(f"/user/{number[1]}")

    async def _looked_up(self, path: str) -> ForgeIdentity | None:
        now, key = self._client.timing.monotonic(), path.casefold()
        known = self._known.get(key)
        if known is not None and now - known[0] < FRESH:
            return known[1]
        answer = await self._client.find(path)
        found = None
        if answer is not None:
            found = ForgeIdentity(key=f"github:{int(answer['id'])}", login=str(answer["login"]))
        if len(self._known) >= _KEPT:
            self._known.clear()
        self._known[key] = (now, found)
        return found
