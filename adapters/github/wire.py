"""One request to GitHub and its answer, on gidgethub: authorised, paced, retried with care, bounded.

Must never send the authorization anywhere but to the configured address, or repeat a write that may have been done.
"""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from gidgethub import HTTPException
from gidgethub.aiohttp import GitHubAPI

from adapters.github.auth import Auth
from adapters.github.errors import rejected
from adapters.github.timing import PATIENCE, Pacer, Timing, too_long
from bot import __version__
from bot.ports import ForgeError

MAX_BYTES: Final = 16 << 20
TRIES: Final = 4
_CACHED: Final = 400
_SECONDARY: Final = 60.0
"""How long to rest after a secondary limit that does not say how long: GitHub's own advice."""
_REPEATABLE: Final = re.compile(r"/git/(blobs|trees|commits)$|/access_tokens$|/graphql$")
"""What may be repeated though it is no GET: objects are named by their content, a token that nobody got harms nobody,
and GraphQL is only asked."""
_VERSION: Final = {"x-github-api-version": "2022-11-28"}

Answer = tuple[int, Mapping[str, str], bytes]
Cached = tuple[str | None, str | None, Any, str | None]


class Etags(OrderedDict[str, Cached]):
    """The answers last got, for conditional requests; the oldest go first."""

    def __setitem__(self, key: str, value: Cached) -> None:
        super().__setitem__(key, value)
        self.move_to_end(key)
        while len(self) > _CACHED:
            self.popitem(last=False)


class Wire(GitHubAPI):
    """gidgethub's API over one session, with what it leaves to others."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        auth: Auth,
        pacer: Pacer,
        timing: Timing,
        api_url: str,
        cache: Etags,
        seconds: float,
    ) -> None:
        super().__init__(session, f"folkmoot/{__version__}", cache=cache, base_url=api_url)
        self._auth, self._pacer, self._timing = auth, pacer, timing
        self._timeout = aiohttp.ClientTimeout(total=seconds, connect=min(10.0, seconds))
        self.last: Mapping[str, str] = {}

    async def _request(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """Authorised; a token that GitHub refuses is renewed once."""
        answer = await self._authorised(method, url, headers, body)
        if answer[0] == HTTPStatus.UNAUTHORIZED and self._auth.renew():
            answer = await self._authorised(method, url, headers, body)
        self.last = answer[1]
        return answer

    async def _authorised(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        header = await self._auth.header(self._path(url), self._ask)
        wanted = {**headers, **_VERSION, **({"authorization": header} if header else {})}
        return await self._tried(method, url, wanted, body)

    async def _ask(self, method: str, path: str, authorization: str, body: object) -> Any:
        """A request of the authorization itself."""
        accept = "application/vnd.github+json"
        headers = {**_VERSION, "user-agent": self.requester, "accept": accept, "authorization": authorization}
        data = b"" if body is None else json.dumps(body).encode()
        if data:
            headers["content-type"] = "application/json"
        status, got, text = await self._tried(method, self.base_url + path, headers, data)
        if status not in (HTTPStatus.OK, HTTPStatus.CREATED):
            error = HTTPException(HTTPStatus(status), _message(text), headers=got)
            raise rejected(error, f"{method} {path}")
        return json.loads(text)

    def _path(self, url: str) -> str:
        if url == graphql_url(self.base_url):
            return "/graphql"
        if not url.startswith(self.base_url + "/"):
            raise ForgeError("GitHub names an address that is not its own", remedy="correct api-url", retry=False)
        return url.removeprefix(self.base_url)

    async def _tried(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Until there is an answer that waiting does not make better. Raises ForgeError where there is none."""
        safe = method == "GET" or _REPEATABLE.search(url) is not None
        attempt = 0
        while True:
            attempt += 1
            await self._pacer.turn(write=method != "GET" and not url.endswith("/graphql"))
            backoff = float(2 ** (attempt - 1))
            try:
                answer = await self._once(method, url, headers, body)
            except (aiohttp.ClientError, TimeoutError) as error:
                unsent = isinstance(error, aiohttp.ClientConnectorError)
                if attempt >= TRIES or not (safe or unsent):
                    raise _unreached(error) from error
                await self._timing.sleep(backoff)
                continue
            limit = self._limit(answer)
            if limit is not None:
                self._pacer.rest(limit)
                if limit > PATIENCE:
                    raise too_long(limit)
            elif not (safe and answer[0] in (500, 502, 503, 504)):
                return answer
            if attempt >= TRIES:
                return answer
            if limit is None:
                await self._timing.sleep(backoff)

    def _limit(self, answer: Answer) -> float | None:
        """How long GitHub wants to be left alone: its primary or a secondary limit; None if it is not that.

        A request that was limited was not carried out, so that writes too may be repeated.
        """
        status, headers, body = answer
        if status not in (HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS):
            return None
        after = headers.get("retry-after", "")
        if after.isdecimal():
            return float(after)
        reset = headers.get("x-ratelimit-reset", "")
        if headers.get("x-ratelimit-remaining") == "0" and reset.isdecimal():
            return max(1.0, int(reset) - self._timing.now().timestamp() + 1.0)
        secondary = status == HTTPStatus.TOO_MANY_REQUESTS or b"secondary rate limit" in body[:2000]
        return _SECONDARY if secondary else None

    async def _once(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """One exchange. Redirects are not followed: the authorization would go along."""
        async with self._session.request(
            method, url, headers=headers, data=body, timeout=self._timeout, allow_redirects=False
        ) as response:
            parts, size = [], 0
            async for part in response.content.iter_chunked(1 << 16):
                size += len(part)
                if size > MAX_BYTES:
                    raise ForgeError(f"GitHub's answer is over {MAX_BYTES >> 20} MiB", retry=False)
                parts.append(part)
            return response.status, response.headers, b"".join(parts)


def graphql_url(api_url: str) -> str:
    """Where GraphQL is asked: beside the API, on an Enterprise server `/api/graphql` beside `/api/v3`."""
    return f"{api_url.removesuffix('/v3') if api_url.endswith('/api/v3') else api_url}/graphql"


def _unreached(error: BaseException) -> ForgeError:
    kind = (
        "did not answer in time" if isinstance(error, TimeoutError) else f"cannot be reached ({type(error).__name__})"
    )
    return ForgeError(f"GitHub {kind}", remedy="see that this machine reaches api-url; it is tried again")


def _message(text: bytes) -> str:
    try:
        found = json.loads(text)["message"]
    except (ValueError, KeyError, TypeError):
        return "no message"
    return str(found)
