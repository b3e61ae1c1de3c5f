"""The fake GitHub on a loopback socket: every request and answer is held to the description.

One server serves many forges, each under a prefix of its own, as GitHub Enterprise serves its API under one.
"""

from __future__ import annotations

import asyncio
import atexit
import hashlib
import itertools
import json
import threading
from datetime import timedelta
from typing import Any, Final

import jwt
from aiohttp import web

from tests.fakes.github import answers_accounts, answers_git, answers_graphql, answers_talk
from tests.fakes.github.answers import ROUTES, Call, Refused, Route
from tests.fakes.github.description import Operation, Undescribed, description
from tests.fakes.github.faults import Fault, Seen
from tests.fakes.github.state import App, GitHub, Token

_MODULES: Final = (answers_accounts, answers_git, answers_talk)
_STATUSES: Final = {
    "secondary": 403,
    "secondary-429": 429,
    "primary": 403,
    "401": 401,
    "head": 422,
    "502": 502,
    "503": 503,
}
WRITES: Final = frozenset({"POST", "PATCH", "PUT", "DELETE"})


class Forges:
    """What serves forges in the loop that starts it. `url_of` gives a forge's API address."""

    def __init__(self) -> None:
        self._hubs: dict[str, GitHub] = {}
        self._names = itertools.count(1)
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application(client_max_size=1 << 26)
        app.router.add_route("*", "/{forge}/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def url_of(self, hub: GitHub) -> str:
        """The API address of this forge, served from now on."""
        assert self._runner is not None
        name = next((name for name, known in self._hubs.items() if known is hub), None)
        if name is None:
            name = f"forge{next(self._names)}"
            self._hubs[name] = hub
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/{name}"

    def fault(self, hub: GitHub, request: str) -> Fault | None:
        """What goes wrong with this request (`METHOD /path`)."""
        with hub.lock:
            return next((each for each in hub.faults if each.hits(request)), None)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        hub = self._hubs.get(request.match_info["forge"])
        if hub is None:
            return web.json_response({"message": "no such forge"}, status=404)
        path, raw = "/" + request.match_info["path"], await request.read()
        if path.startswith("/login/"):
            form = {key: str(value) for key, value in (await request.post()).items()}
            flow = answers_accounts.device_code if path == "/login/device/code" else answers_accounts.device_token
            with hub.lock:
                return web.json_response(flow(hub, form))
        fault = self.fault(hub, f"{request.method} {path}")
        if fault is not None and fault.kind not in ("lost", "garbage", "huge"):
            return await _failed(hub, request, path, raw, fault)
        with hub.lock:
            answer = _Exchange(hub, request, path, raw).answer()
        if fault is not None and fault.kind == "lost":
            _cut(request)
        if fault is not None and fault.kind in ("garbage", "huge"):
            text = "<html>" if fault.kind == "garbage" else '"' + "x" * (40 << 20) + '"'
            return web.Response(text=text, content_type="application/json")
        return answer


class Server:
    """Forges, served from a thread of their own."""

    def __init__(self) -> None:
        self._forges = Forges()
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="fake-github", daemon=True)
        self._thread.start()
        self._ready.wait()

    def url_of(self, hub: GitHub) -> str:
        """The API address of this forge, served from now on."""
        return self._forges.url_of(hub)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(10)

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stopping = asyncio.Event()
        await self._forges.start()
        self._ready.set()
        await self._stopping.wait()
        await self._forges.stop()


async def _failed(hub: GitHub, request: web.Request, path: str, raw: bytes, fault: Fault) -> web.StreamResponse:
    """A request that is not carried out."""
    status = _STATUSES.get(fault.kind, 0)
    hub.seen.append(
        Seen(method=request.method, path=path, query=dict(request.query), at=hub.now, status=status, actor="")
    )
    if fault.kind == "timeout":
        await asyncio.sleep(3600)
    if status == 0:
        _cut(request)
    message, headers = "Server Error", {}
    if fault.kind.startswith("secondary"):
        message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
        headers = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
    elif fault.kind == "primary":
        reset = hub.now + timedelta(seconds=fault.retry_after or 30)
        message = "API rate limit exceeded for installation."
        headers = _limits(hub.limit, 0, int(reset.timestamp()))
    elif fault.kind == "401":
        message = "Bad credentials"
    body: dict[str, Any] = {"message": message}
    if fault.kind == "head":
        errors = [{"resource": "PullRequest", "field": "head", "code": "invalid"}]
        body = {"message": "Validation Failed", "errors": errors}
    return web.json_response(body, status=status, headers=headers)


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


def _limits(limit: int, remaining: int, reset: int) -> dict[str, str]:
    names = {"limit": limit, "remaining": remaining, "used": limit - remaining, "reset": reset}
    return {**{f"x-ratelimit-{name}": str(value) for name, value in names.items()}, "x-ratelimit-resource": "core"}


class _Exchange:
    """One request and its answer."""

    def __init__(self, hub: GitHub, request: web.Request, path: str, raw: bytes) -> None:
        self.hub, self.request, self.path = hub, request, path
        self.query = dict(request.query)
        self.body: Any = json.loads(raw) if raw else None
        self.headers: dict[str, str] = {}
        self.actor = ""

    def answer(self) -> web.Response:
        try:
            status, body = self._answered()
        except Undescribed as error:
            self.hub.violations.append(str(error))
            status, body = 400, {"message": f"not as GitHub describes it: {error}"}
        except Refused as error:
            status, body = error.status, _refusal(error)
            self.headers.update(error.headers)
        etag = 'W/"' + hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest() + '"'
        conditional = self.request.headers.get("if-none-match") == etag and status == 200
        self._account(304 if conditional else status, conditional)
        self.headers.update(_limits(self.hub.limit, self.hub.limit - self.hub.used, int(self.hub.reset.timestamp())))
        if self.request.method == "GET" and status == 200:
            self.headers["etag"] = etag
        if conditional:
            return web.Response(status=304, headers=self.headers)
        text = json.dumps(body)
        return web.Response(status=status, text=text, content_type="application/json", headers=self.headers)

    def _account(self, status: int, conditional: bool) -> None:
        """Note the request; what has not changed is free."""
        hub = self.hub
        hub.used += not conditional
        method = self.request.method
        hub.seen.append(
            Seen(
                method=method,
                path=self.path,
                query=self.query,
                body=self.body,
                at=hub.now,
                status=status,
                actor=self.actor,
                conditional=conditional,
            )
        )

    def _answered(self) -> tuple[int, Any]:
        if (self.request.method, self.path) == ("POST", "/graphql"):
            token, _ = self._who()
            if token is None:
                raise Refused(401, "Requires authentication")
            self.actor = token.actor.login
            return 200, answers_graphql.answered(self.hub, self.body)
        operation, path = description().operation(self.request.method, self.path)
        description().check_request(operation, self.query, self.body)
        route = ROUTES.get(operation.name)
        if route is None:
            raise Undescribed(f"{operation.name} is described, and not served by the fake")
        token, app = self._who()
        self.actor = token.actor.login if token else f"app:{app.slug}" if app else ""
        call = Call(
            hub=self.hub,
            path=path,
            query=self.query,
            body=self.body or {},
            token=token,
            app=app,
            url=str(self.request.url.with_query(None)),
            headers=self.headers,
        )
        if token is not None:
            self._permitted(call, token, route, operation)
        try:
            status, body = route.answer(call)
        except Refused as error:
            if str(error.status) in operation.responses and error.status != 301:
                description().check_response(operation, error.status, _refusal(error))
            raise
        description().check_response(operation, status, body)
        return status, body

    def _who(self) -> tuple[Token | None, App | None]:
        """Whose request this is. A JWT is checked with the app's key."""
        kind, _, value = self.request.headers.get("authorization", "").partition(" ")
        if not kind and self.request.method == "GET":
            return None, None
        if not kind:
            raise Refused(401, "Requires authentication")
        if value.count(".") == 2:
            return None, self._app_of(value)
        token = self.hub.tokens.get(value)
        if token is None or token.revoked or (token.expires is not None and token.expires <= self.hub.now):
            raise Refused(401, "Bad credentials")
        if token.scopes is not None:
            self.headers["x-oauth-scopes"] = token.scopes
        return token, None

    def _app_of(self, value: str) -> App:
        try:
            number = int(jwt.decode(value, options={"verify_signature": False})["iss"])
            app = self.hub.apps[number]
            claims = jwt.decode(
                value, app.public_key, algorithms=["RS256"], options={"verify_exp": False, "verify_iat": False}
            )
        except (jwt.PyJWTError, KeyError, ValueError) as error:
            raise Refused(401, "A JSON web token could not be decoded") from error
        now = self.hub.now.timestamp()
        if not claims["iat"] <= now < claims["exp"]:
            raise Refused(401, "'Expiration time' claim ('exp') must be a numeric value representing the future time")
        if claims["exp"] - now > 600:
            raise Refused(401, "'Expiration time' claim ('exp') is too far in the future")
        return app

    def _permitted(self, call: Call, token: Token, route: Route, operation: Operation) -> None:
        if not route.needs:
            return
        repo = call.repo
        if token.scopes is not None:
            fits = {"repo", "public_repo"} if not repo.private else {"repo"}
            if not fits & {each.strip() for each in token.scopes.split(",")} and self.request.method in WRITES:
                raise Refused(404, "Not Found")
            return
        granted = {"metadata": "read", **token.permissions}
        mine = token.repositories is None or repo.full_name in token.repositories
        for name, level in route.needs:
            if (granted.get(name) in (level, "write") and mine) or (level == "read" and not repo.private):
                return
        self.headers["x-accepted-github-permissions"] = "; ".join(f"{name}={level}" for name, level in route.needs)
        kind = "integration" if token.installation is not None else "personal access token"
        raise Refused(403, f"Resource not accessible by {kind}")


def _refusal(error: Refused) -> dict[str, Any]:
    body: dict[str, Any] = {"message": error.message, "documentation_url": "https://forge.example/docs"}
    return {**body, **({"errors": error.errors} if error.errors else {})}


_server: Server | None = None


def serve(hub: GitHub) -> str:
    """Serve this forge until the process ends; the address of its API."""
    global _server
    if _server is None:
        _server = Server()
        atexit.register(_server.stop)
    return _server.url_of(hub)
