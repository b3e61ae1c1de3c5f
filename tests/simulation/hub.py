"""GitHub in a simulation: the real forge adapter against the fake one, in a network that has its weather."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

from adapters.github import Client, GitHubForge, TokenAuth
from adapters.github.timing import Pacer, Timing
from bot.core.people import PlatformUser
from bot.ports import PlatformError, Point, no_point
from tests.fakes.github import FakeTime, Fault, GitHub, Repository
from tests.fakes.github.server import Forges
from tests.simulation.town import Town
from tests.simulation.weather import Weather
from tests.simulation.yards import MAIN, Page

OWNER: Final = "town"
RIGHTS: Final = {"contents": "write", "pull_requests": "write", "issues": "write", "checks": "write"}


class _Time(FakeTime):
    """The true time."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__(now())
        self._now = now

    def now(self) -> datetime:
        return self._now()


class _Forges(Forges):
    """The fake behind a network with weather."""

    def __init__(self, weather: Weather) -> None:
        super().__init__()
        self._weather = weather

    def fault(self, hub: GitHub, request: str) -> Fault | None:
        try:
            self._weather.before(request)
        except PlatformError as error:
            if error.retry_after is not None:
                return Fault("secondary", retry_after=int(error.retry_after))
            return Fault("reset" if self._weather.down else "502")
        try:
            self._weather.after(request)
        except PlatformError:
            return Fault("lost")
        return None


class Hub:
    """The forge of a whole town. It outlives the bot's lives; its server and the client's pace do not."""

    def __init__(self, *, now: Callable[[], datetime], weather: Weather) -> None:
        self.state = GitHub(_Time(now))
        self.state.limit = 10**9
        self.weather = weather
        self._token = self.state.token(permissions=RIGHTS)  # type: ignore[arg-type]
        self._forges: _Forges
        self._timing: Timing
        self._pacer: Pacer

    async def open(self) -> None:
        self._forges = _Forges(self.weather)
        await self._forges.start()
        loop = asyncio.get_running_loop()
        self._timing = Timing(now=lambda: self.state.now, monotonic=loop.time)
        self._pacer = Pacer(self._timing)

    async def close(self) -> None:
        await self._forges.stop()

    def yard(self, name: str) -> HubYard:
        """A new repository, that nobody has pushed to."""
        return HubYard(self, self.state.repository(f"{OWNER}/{name}"))

    def settle(self, town: Town) -> None:
        """Everybody has an account."""
        for human in town.people:
            user = self.state.user(human.login)
            human.accounts["github"] = PlatformUser(platform="github", team="", user=str(user.id))
        for login in town.reserve:
            self.state.user(login)

    def forge(self, repository: Repository, point: Point) -> GitHubForge:
        client = Client(
            repository=repository.full_name,
            auth=TokenAuth(lambda: self._token),
            api_url=self._forges.url_of(self.state),
            timing=self._timing,
            pacer=self._pacer,
        )
        return GitHubForge(client, point=point)

    def problems(self) -> list[str]:
        return [f"github: {what}" for what in self.state.violations]


class HubYard:
    """A `Yard` that is a repository on the fake GitHub."""

    def __init__(self, hub: Hub, repository: Repository) -> None:
        self.hub, self.repository = hub, repository

    def forge(self, point: Point = no_point) -> GitHubForge:
        return self.hub.forge(self.repository, point)

    def put(self, files: dict[str, bytes | None], *, branch: str = MAIN) -> str:
        return self.repository.push(files, branch=branch, by="gardener")

    def merge(self, branch: str, path: str) -> str:
        """Press the button, whatever the path."""
        return self.repository.merge(self._number(branch), by="gardener")

    def head(self, branch: str) -> str | None:
        return self.repository.head(branch)

    def file(self, commit: str, path: str) -> bytes:
        return self.repository.objects.file(commit, path)

    def branches(self) -> list[str]:
        prefix = "refs/heads/folkmoot/"
        return sorted(ref.removeprefix("refs/heads/") for ref in self.repository.refs if ref.startswith(prefix))

    def pages(self) -> list[Page]:
        found = []
        for issue in self.repository.issues.values():
            pull, objects = issue.pull, self.repository.objects
            if pull is None or not pull.head.startswith("folkmoot/"):
                continue
            changed = objects.changed(objects.merge_base(pull.base_sha, pull.head_sha), pull.head_sha)
            commit = objects.commit(pull.head_sha)
            assert commit is not None
            found += [
                Page(branch=pull.head, path=path, title=issue.title, body=issue.body, message=commit.message.decode())
                for path, *_ in changed[:1]
            ]
        return found

    def _number(self, branch: str) -> int:
        return next(
            n for n, each in self.repository.issues.items() if each.pull is not None and each.pull.head == branch
        )
