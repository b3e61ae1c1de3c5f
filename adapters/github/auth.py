"""Who the bot is to GitHub: an installation of a GitHub App, or a token. Secrets are never logged or put into errors.

Secrets are read when they are needed, so that a rotated one is taken up without a restart.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

import jwt

from adapters.github.timing import Timing
from bot.ports import ForgeError
from bot.secrecy import keep_secret

SPARE: Final = timedelta(minutes=5)
"""A token is renewed so long before it expires."""
_LIFETIME: Final = timedelta(minutes=9)
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SKEW: Final = timedelta(minutes=1)
"""Clocks differ: the JWT is dated back by this."""

Ask = Callable[[str, str, str, object], Awaitable[Any]]
"""Sends a request with another authorization: method, path, authorization header, body. Raises ForgeError."""


class Auth(Protocol):
    """Gives each request its authorization."""

    async def header(self, path: str, ask: Ask) -> str:
        """The value of the authorization header for a path of the API."""
        ...

    def renew(self) -> bool:
        """GitHub refused what `header` gave: forget it. Whether another attempt may do better."""
        ...


class TokenAuth:
    """A fine-grained or classic personal access token."""

    def __init__(self, secret: Callable[[], str]) -> None:
        self._secret, self._value = secret, ""

    async def header(self, path: str, ask: Ask) -> str:
        self._value = self._value or self._secret()
        return f"Bearer {self._value}"

    def renew(self) -> bool:
        """Read it anew: it may have been rotated."""
        before, self._value = self._value, self._secret()
        return self._value != before


class AppAuth:
    """A GitHub App: a JWT for the app itself, and a token for its installation on one repository.

    `installation` is looked up by the repository unless it is configured. The token is good for the repository alone.
    """

    def __init__(
        self, *, app: int, key: Callable[[], str], repository: str, installation: int | None, timing: Timing
    ) -> None:
        self._app, self._key, self._repository, self._timing = app, key, repository, timing
        self._installation = self._configured = installation
        self._token, self._expires = "", _NEVER
        self._signed, self._signed_until = "", _NEVER
        self._lock = asyncio.Lock()

    async def header(self, path: str, ask: Ask) -> str:
        if path == "/app" or path.startswith("/app/") or path == f"/repos/{self._repository}/installation":
            return self._jwt()
        async with self._lock:
            if self._timing.now() >= self._expires - SPARE:
                await self._refresh(ask)
            return f"Bearer {self._token}"

    def renew(self) -> bool:
        """Ask for a new token; the installation too may be another one now."""
        self._expires = self._signed_until = _NEVER
        self._installation = self._configured
        return True

    async def _refresh(self, ask: Ask) -> None:
        if self._installation is None:
            found = await ask("GET", f"/repos/{self._repository}/installation", self._jwt(), None)
            self._installation = int(found["id"])
        path = f"/app/installations/{self._installation}/access_tokens"
        made = await ask("POST", path, self._jwt(), {"repositories": [self._repository.partition("/")[2]]})
        self._token, self._expires = str(made["token"]), datetime.fromisoformat(made["expires_at"])
        keep_secret(self._token)

    def _jwt(self) -> str:
        """The app's own authorization, good for some minutes: signing takes a while."""
        now = self._timing.now()
        if now >= self._signed_until:
            claims = {"iat": int((now - _SKEW).timestamp()), "exp": int((now + _LIFETIME).timestamp())}
            self._signed = self._sign({**claims, "iss": str(self._app)})
            self._signed_until = now + _LIFETIME - SPARE
        return f"Bearer {self._signed}"

    def _sign(self, claims: dict[str, object]) -> str:
        try:
            return jwt.encode(claims, self._key(), algorithm="RS256")
        except (ValueError, TypeError, jwt.PyJWTError) as error:
            raise ForgeError(
                "the GitHub App's private key is no RSA key in PEM form",
                remedy="download it anew from the App's page and name its file",
                retry=False,
            ) from error
