"""GitHub's API for one repository, as small as the adapter needs it. Everything that fails comes out as ForgeError."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import quote, urlencode

import aiohttp
from gidgethub import GitHubException, HTTPException

from adapters.github.auth import Auth
from adapters.github.errors import Rejected, rejected
from adapters.github.timing import Pacer, Timing
from adapters.github.wire import Etags, Wire, graphql_url
from bot.ports import ForgeError

API: Final = "https://api.github.com"
SECONDS: Final = 30.0

Json = Any


class Client:
    """Asks GitHub about one repository, named `OWNER/NAME`.

    The connection is there while somebody is in `use`, and gone after the last one: nothing has to be closed.
    """

    def __init__(
        self,
        *,
        repository: str,
        auth: Auth,
        api_url: str = API,
        timing: Timing | None = None,
        pacer: Pacer | None = None,
        seconds: float = SECONDS,
    ) -> None:
        self.repository, self.owner = repository, repository.partition("/")[0]
        self.timing = timing or Timing()
        self._auth, self._api_url, self._seconds = auth, api_url.rstrip("/"), seconds
        self._pacer = pacer or Pacer(self.timing)
        self._cache = Etags()
        self._session: aiohttp.ClientSession | None = None
        self._wire: Wire | None = None
        self._users = 0

    @asynccontextmanager
    async def use(self) -> AsyncIterator[None]:
        """Hold the connection; it is opened by the first and closed by the last."""
        self._users += 1
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession()
            self._wire = self._on(self._session)
        try:
            yield
        finally:
            self._users -= 1
            session = self._session
            if self._users == 0 and session is not None:
                self._session = self._wire = None
                await session.close()

    def _on(self, session: aiohttp.ClientSession) -> Wire:
        return Wire(
            session,
            auth=self._auth,
            pacer=self._pacer,
            timing=self.timing,
            api_url=self._api_url,
            cache=self._cache,
            seconds=self._seconds,
        )

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the last answer: scopes, limits."""
        return self._wire.last if self._wire is not None else {}

    def repo(self, path: str = "") -> str:
        """A path of the repository."""
        return f"/repos/{self.repository}{path}"

    async def get(self, path: str, **query: object) -> Json:
        """What is there; a repeated question costs nothing while the answer stays the same. Raises ForgeError."""
        return await self._ask("GET", path, query=query)

    async def find(self, path: str, **query: object) -> Json | None:
        """What is there, or None for a 404."""
        try:
            return await self.get(path, **query)
        except Rejected as error:
            if error.status == 404:
                return None
            raise

    async def pages(self, path: str, *, key: str = "items", **query: object) -> AsyncGenerator[Json, None]:
        """Every item of a list, page by page as they are taken; `key` names the list where it is inside something."""
        url = _with({"per_page": 100, **query}, path)
        async with self.use():
            items = self._connected().getiter(url, iterable_key=key)
            while True:
                try:
                    item = await anext(items)
                except StopAsyncIteration:
                    return
                except (GitHubException, ValueError) as error:
                    raise _told(error, f"GET {path}") from error
                yield item

    async def post(self, path: str, data: object) -> Json:
        return await self._ask("POST", path, data=data)

    async def patch(self, path: str, data: object) -> Json:
        return await self._ask("PATCH", path, data=data)

    async def graphql(self, query: str, variables: Mapping[str, object]) -> Json:
        """What a GraphQL query finds; for what the rest of the API does not tell. Raises ForgeError."""
        answer = await self._ask("POST", graphql_url(self._api_url), data={"query": query, "variables": variables})
        if not isinstance(answer, dict) or answer.get("errors") or "data" not in answer:
            raise ForgeError("GitHub does not answer a GraphQL query", remedy="see: folkmoot github check")
        return answer["data"]

    async def _ask(
        self, method: str, path: str, *, query: Mapping[str, object] | None = None, data: object = b""
    ) -> Json:
        async with self.use():
            wire, url = self._connected(), _with(query or {}, path)
            try:
                match method:
                    case "GET":
                        return await wire.getitem(url)
                    case "POST":
                        return await wire.post(url, data=data)
                    case _:
                        return await wire.patch(url, data=data)
            except (GitHubException, ValueError) as error:
                raise _told(error, f"{method} {path}") from error

    def _connected(self) -> Wire:
        if self._wire is None:
            raise RuntimeError("not in use")
        return self._wire


def part(text: str) -> str:
    """A name as a part of a path; slashes stay, as branches have them."""
    return quote(text, safe="/")


def _with(query: Mapping[str, object], path: str) -> str:
    given = {key: value for key, value in query.items() if value is not None}
    return f"{path}?{urlencode(given)}" if given else path


def _told(error: Exception, request: str) -> ForgeError:
    if isinstance(error, HTTPException):
        return rejected(error, request)
    return ForgeError(f"GitHub's answer to {request} cannot be read", remedy="see that api-url is that of the API")
