"""GitHub's device flow: proves whose account somebody has. The token at its end is used once, and kept nowhere."""

from __future__ import annotations

import json
from typing import Any, Final, Literal

import aiohttp

from bot import __version__
from bot.ports import DeviceCode, ForgeError, ForgeIdentity

_SECONDS: Final = 20.0
_MOST: Final = 1 << 16
_GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"
_ANSWERS: Final[dict[str, Literal["pending", "slower", "denied", "expired"]]] = {
    "authorization_pending": "pending",
    "slow_down": "slower",
    "access_denied": "denied",
    "expired_token": "expired",
    "incorrect_device_code": "expired",
}


class GitHubDeviceFlow:
    """A `DeviceFlow` of one OAuth App or GitHub App, by its client id. No scope is asked for."""

    def __init__(self, *, client_id: str, web_url: str, api_url: str) -> None:
        self._client_id, self._web, self._api = client_id, web_url.rstrip("/"), api_url.rstrip("/")

    async def begin(self) -> DeviceCode:
        """A new code. Raises ForgeError."""
        found = await self._post("/login/device/code", {"client_id": self._client_id})
        try:
            return DeviceCode(
                user_code=str(found["user_code"]),
                url=self._own_page(str(found["verification_uri"])),
                interval=max(1, min(60, int(found.get("interval", 5)))),
                lifetime=max(60, min(3600, int(found["expires_in"]))),
                secret=str(found["device_code"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            said = str(found.get("error", ""))
            remedy = "see that client-id is right, and that the App has the device flow switched on"
            raise ForgeError(f"GitHub gives no device code {said}".strip(), remedy=remedy, retry=False) from error

    async def ask(self, code: DeviceCode) -> ForgeIdentity | Literal["pending", "slower", "denied", "expired"]:
        """Whether they have agreed, and who they are then. Raises ForgeError."""
        data = {"client_id": self._client_id, "device_code": code.secret, "grant_type": _GRANT}
        found = await self._post("/login/oauth/access_token", data)
        token = found.get("access_token")
        if not isinstance(token, str) or not token:
            answer = _ANSWERS.get(str(found.get("error", "")))
            if answer is None:
                raise ForgeError("GitHub's answer in a device flow cannot be read")
            return answer
        who = await self._once("GET", f"{self._api}/user", headers={"authorization": f"Bearer {token}"})
        try:
            return ForgeIdentity(key=f"github:{int(who['id'])}", login=str(who["login"]))
        except (KeyError, TypeError, ValueError) as error:
            raise ForgeError("GitHub does not say who has agreed") from error

    def _own_page(self, url: str) -> str:
        """Only a page of GitHub's own is shown to anybody to type a code into."""
        if not url.startswith(("https://", f"{self._web}/")):
            raise ValueError("a strange page")
        return url

    async def _post(self, path: str, data: dict[str, str]) -> dict[str, Any]:
        return await self._once("POST", self._web + path, data=data)

    async def _once(
        self, method: str, url: str, *, data: dict[str, str] | None = None, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """One exchange; neither redirected nor repeated."""
        sent = {"accept": "application/json", "user-agent": f"folkmoot/{__version__}", **(headers or {})}
        timeout = aiohttp.ClientTimeout(total=_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.request(method, url, data=data, headers=sent, allow_redirects=False) as response,
            ):
                text = await response.content.read(_MOST)
                if response.status != 200:
                    raise ForgeError(f"GitHub answers {response.status} in a device flow")
                found = json.loads(text)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise ForgeError(f"GitHub cannot be asked for a device flow ({type(error).__name__})") from error
        if not isinstance(found, dict):
            raise ForgeError("GitHub's answer in a device flow cannot be read")
        return found
