"""A visitor without a browser: opens the page's address, sends what the page would send, reads its events."""

from __future__ import annotations

import uuid
from typing import Any

from aiohttp import ClientResponse, ClientSession

NOMINATION = "/moot nominate @newperson --months 7 Reviews with care."
POSTS = ("say", "press", "form", "react", "delete", "dismiss", "clock", "merge")


class Client:
    """A visitor who has opened the address with the token."""

    def __init__(self, session: ClientSession, base: str) -> None:
        self.session, self.base = session, base

    async def state(self, login: str = "ada") -> dict[str, Any]:
        async with self.session.get(f"{self.base}/state?as={login}") as response:
            assert response.status == 200
            data: dict[str, Any] = await response.json()
            return data

    async def post(
        self, path: str, /, *, request: str = "", who: str = "ada", **body: object
    ) -> tuple[int, dict[str, Any]]:
        full = {"as": who, "place": "maintainers", "request": request or str(uuid.uuid4()), **body}
        async with self.session.post(f"{self.base}/{path}", json=full, headers={"Origin": self.base}) as response:
            return response.status, await response.json()

    async def poll(self) -> int:
        """Nominate somebody; the number of the poll message."""
        status, _ = await self.post("say", text=NOMINATION)
        assert status == 200
        found: int = next(m["id"] for m in (await self.state())["messages"] if m["card"] and m["card"]["_"] == "Poll")
        return found


class Events:
    """The events of one stream, one at a time."""

    def __init__(self, response: ClientResponse) -> None:
        self._response = response

    async def next(self) -> dict[str, str]:
        fields: dict[str, str] = {}
        async for raw in self._response.content:
            line = raw.decode().rstrip("\n")
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "event" in fields:
                return fields
        raise EOFError
