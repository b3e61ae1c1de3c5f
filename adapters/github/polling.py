"""Looks again and again whether something was written on GitHub: for a bot that has no public address.

What has not changed costs nothing (ETags). Telling something twice changes nothing: nothing has to be kept here.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from adapters.github.client import Client
from adapters.github.errors import GONE, Rejected
from adapters.github.gitdata import GitData
from adapters.github.threads import GitHubThreads
from bot.ports import Ears, ForgeError, WatchedPage

log = structlog.get_logger("folkmoot.github")
OVERLAP: Final = timedelta(seconds=30)
"""How far back each round looks again: a comment can become visible a little later than its time says."""
LONGEST: Final = 900.0
"""The longest rest after rounds that failed, in seconds."""


class Poller:
    """Tells the ears of one repository what is new there. `since` is how far back the first round looks."""

    def __init__(
        self,
        client: Client,
        git: GitData,
        threads: GitHubThreads,
        *,
        since: datetime,
        seconds: float,
        pulls: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._client, self._git, self._threads = client, git, threads
        self._seconds, self._pulls = seconds, pulls
        self._issues_since = self._comments_since = since
        self._commit = ""
        self._failures, self._asked_for, self._missed = 0, 0.0, 0
        self._task: asyncio.Task[None] | None = None
        self._round = asyncio.Lock()
        self._ears: Ears | None = None

    def listen(self, ears: Ears) -> None:
        """Tell these ears what each round finds."""
        self._ears = ears

    async def start(self, ears: Ears) -> None:
        """Begin, in the background; what was missed while the bot was down is read in the first round."""
        self.listen(ears)
        self._task = asyncio.create_task(self._run(), name=f"github-polling-{self._client.repository}")

    async def stop(self) -> None:
        """No further round. Safe to call twice, or without `start`."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def look(self) -> bool:
        """One round now; whether everything that stands on GitHub has been told. It never raises an Exception."""
        async with self._round:
            self._missed = 0
            try:
                async with self._client.use():
                    await self._look()
            except Exception as error:  # the top of an inbound handler: the next round tells it again
                self._failures += 1
                known = isinstance(error, ForgeError)
                log.warning("polling failed", repository=self._client.repository, error=str(error), exc_info=not known)
                return False
            self._failures = 0
            return not self._missed

    @property
    def running(self) -> bool:
        """Whether it has been started, and not stopped."""
        return self._task is not None

    @property
    def rest(self) -> float:
        """Seconds until the next round: as configured, as GitHub asks for, and longer after rounds that failed."""
        backoff = self._seconds * float(2 ** min(self._failures, 8)) if self._failures else 0.0
        return max(self._seconds, self._asked_for, min(backoff, LONGEST))

    async def _run(self) -> None:
        while True:
            await self.look()
            await self._client.timing.sleep(self.rest)

    async def _look(self) -> None:
        if self._ears is None:
            return
        ears, own = self._ears, await self._threads.own_id()
        await self._branch(ears)
        await self._bodies(ears, own)
        await self._comments(ears, own)
        for page in await ears.watched():
            await self._tell(self._page(ears, page, own))
        if self._pulls is not None:
            await self._pulls()

    async def _tell(self, telling: Awaitable[None]) -> None:
        """Tell one thing. What cannot be handled now is told again in the next round, and holds up nothing else."""
        try:
            await telling
        except Exception as error:  # the top of an inbound handler
            self._missed += 1
            known = isinstance(error, ForgeError)
            log.warning("not handled yet", repository=self._client.repository, error=str(error), exc_info=not known)

    async def _branch(self, ears: Ears) -> None:
        """Whether the default branch has moved; the events say how often GitHub wants to be asked."""
        await self._client.get(self._client.repo("/events"), per_page=1)
        asked = self._client.headers.get("x-poll-interval", "")
        self._asked_for = float(asked) if asked.isdecimal() else 0.0
        commit = (await self._git.base()).commit
        if commit != self._commit:
            if self._commit:
                await ears.pushed()
            self._commit = commit

    async def _bodies(self, ears: Ears, own: int) -> None:
        path, newest = self._client.repo("/issues"), self._issues_since
        query = {"state": "all", "sort": "updated", "direction": "asc", "since": _stamp(self._issues_since - OVERLAP)}
        async for found in self._client.pages(path, **query):
            spoken = self._threads.body(found, own=own)
            if spoken is not None:
                await self._tell(ears.heard(spoken))
                newest = max(newest, spoken.edited or spoken.at)
        self._issues_since = newest if not self._missed else self._issues_since

    async def _comments(self, ears: Ears, own: int) -> None:
        path, newest = self._client.repo("/issues/comments"), self._comments_since
        query = {"sort": "updated", "direction": "asc", "since": _stamp(self._comments_since - OVERLAP)}
        async for found in self._client.pages(path, **query):
            spoken = self._threads.spoken(found, own=own)
            if spoken is not None:
                await self._tell(ears.heard(spoken))
                newest = max(newest, spoken.edited or spoken.at)
        self._comments_since = newest if not self._missed else self._comments_since

    async def _page(self, ears: Ears, page: WatchedPage, own: int) -> None:
        """Every comment of a page that is voted on, so that one that is gone is noticed; and the reactions."""
        there = []
        try:
            async for found in self._client.pages(self._client.repo(f"/issues/{page.thread}/comments")):
                there.append(str(found["id"]))
                spoken = self._threads.spoken(found, own=own)
                if spoken is not None:
                    await self._tell(ears.heard(spoken))
        except Rejected as error:
            if error.status not in GONE:
                raise
            log.info("a page is gone", repository=self._client.repository, page=page.thread)
            return
        await self._tell(ears.missing(page.thread, there))
        if page.status in there and page.reactions:
            async for found in self._client.pages(self._client.repo(f"/issues/comments/{page.status}/reactions")):
                reacted = self._threads.reaction(found, page.thread, page.status)
                if reacted is not None:
                    await self._tell(ears.reacted(reacted))


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
