"""Slack's Web API for this app: each call once, at a fair pace, its errors as one kind of exception.

The library would repeat a call whose connection broke, also one that posts: here nothing is ever repeated unasked.
"""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errors import SlackError, lost, refusal
from adapters.slack.pacing import Pace

SECONDS: Final = 20.0
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_KNOWN: Final = "As `installation_store` or `authorize` has been used"
"""A warning of the library's that the token of the environment is not for it: so it is meant."""
_SECRETS: Final = re.compile(r"(xox[a-z]-|xapp-|ticket=)[^\s&'\"]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who this app is in Slack. `org` is the organisation of an Enterprise Grid, else the workspace."""

    team: str
    enterprise: str
    bot_user: str
    bot: str
    scopes: frozenset[str] = frozenset()
    workspace: str = ""
    url: str = ""

    @property
    def org(self) -> str:
        return self.enterprise or self.team


class Web:
    """One session with the Web API. Its calls raise SlackError and nothing else."""

    def __init__(self, *, token: str, app_token: str = "", api_url: str, pace: Pace) -> None:
        self.token, self.app_token, self.pace = token, app_token, pace
        self.log = quiet_logger()
        self.client = AsyncWebClient(token=token, base_url=api_url, retry_handlers=[], logger=self.log, timeout=30)
        if urlsplit(api_url).hostname in LOOPBACK:
            self.client.proxy = None  # a proxy of the environment does not lead back to this machine
        self._session: aiohttp.ClientSession | None = None
        self._identity: Identity | None = None
        self._closed = False

    async def call(self, method: str, *, channel: str = "", **given: Any) -> dict[str, Any]:
        """Call a method once. `channel` is what its pace is kept for, and its argument of that name."""
        seconds = self.pace.wait(method, channel)
        if seconds:
            await asyncio.sleep(seconds)
        if self._closed:
            raise SlackError("the app is stopping", code="stopped", retry_after=1.0)
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS))
        self.client.session = self._session
        if channel:
            given["channel"] = channel
        try:
            response = await getattr(self.client, method.replace(".", "_"))(**given)
        except SlackApiError as error:
            raise self._refused(method, channel, error) from None
        except aiohttp.ClientConnectorError as error:
            raise SlackError(f"Slack cannot be reached: {type(error).__name__}", code="") from None
        except (aiohttp.ClientError, TimeoutError, OSError, SlackClientError, ValueError) as error:
            raise lost(method, type(error).__name__) from None
        data: dict[str, Any] = dict(response.data)
        scopes = str(response.headers.get("x-oauth-scopes", ""))
        return {**data, "scopes": scopes} if method == "auth.test" else data

    def _refused(self, method: str, channel: str, error: SlackApiError) -> SlackError:
        """Slack's answer, in our words."""
        response = error.response
        status = int(getattr(response, "status_code", None) or getattr(response, "status", None) or 0)
        data = getattr(response, "data", None)
        code = str(data.get("error", "")) if isinstance(data, dict) else ""
        if status == 429 or code == "ratelimited":
            seconds = _seconds(str((getattr(response, "headers", None) or {}).get("Retry-After", "")))
            self.pace.close(method, channel, seconds)
            return refusal(method, "ratelimited", retry_after=seconds)
        if status >= 500 or not code:
            return lost(method, f"HTTP {status}")
        return refusal(method, code)

    async def identity(self) -> Identity:
        """Who this app is, asked once."""
        if self._identity is None:
            said = await self.call("auth.test")
            scopes = {scope.strip() for scope in str(said.get("scopes", "")).split(",")}
            self._identity = Identity(
                team=str(said.get("team_id") or ""),
                enterprise=str(said.get("enterprise_id") or ""),
                bot_user=str(said.get("user_id") or ""),
                bot=str(said.get("bot_id") or ""),
                scopes=frozenset(scopes - {""}),
                workspace=str(said.get("team") or ""),
                url=str(said.get("url") or ""),
            )
        return self._identity

    async def socket_url(self) -> str:
        """The address of a new Socket Mode connection; it proves the app-level token."""
        said = await self.call("apps.connections.open", app_token=self.app_token)
        return str(said["url"])

    async def close(self) -> None:
        """End the session; whatever is called afterwards has to wait for another process."""
        self._closed = True
        if self._session is not None:
            await self._session.close()
            self._session = None


def _seconds(given: str) -> float:
    """What `Retry-After` says; half a minute where it says nothing."""
    return float(given) if re.fullmatch(r"[0-9]{1,6}", given.strip()) else 30.0


class _Redacted(logging.Filter):
    """No tokens, no bodies and no tracebacks of the libraries in the log (T40)."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.getMessage().startswith(_KNOWN):
            return False
        record.msg = _SECRETS.sub(r"\1…", record.getMessage())[:300]
        record.args, record.exc_info, record.exc_text = (), None, None
        return True


def quiet_logger() -> logging.Logger:
    """The logger that the libraries are given: warnings only, redacted."""
    logger = logging.getLogger("folkmoot.slack.library")
    logger.setLevel(logging.WARNING)
    if not any(isinstance(each, _Redacted) for each in logger.filters):
        logger.addFilter(_Redacted())
    return logger
