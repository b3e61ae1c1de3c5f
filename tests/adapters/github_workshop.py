"""A repository on a fake GitHub that tests can look into and change behind the adapter's back."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from adapters.github import AppAuth, Client, GitHubForge, TokenAuth, Ways
from adapters.github.timing import Timing
from bot.ports import Point, no_point
from tests.fakes.github import FakeTime, GitHub, serve

NUMBER = 12
"""The number of the next issue or pull request: the contract's motion has the same."""


class GitHubWorkshop:
    """A repository of a GitHub App that is installed on it; or, in a subclass, reached by a token."""

    kind: Literal["app", "token"] = "app"

    def __init__(self, folder: Path) -> None:
        self.hub = GitHub(FakeTime())
        self.repo = self.hub.repository(next_number=NUMBER)
        self.app = self.hub.app()
        self.hub.install(self.app, self.repo)
        self.token = self.hub.token()
        self.url = serve(self.hub)
        # The machine waits between writes; the forge's clock stands still, so that equal commits have equal names.
        self.machine = FakeTime()
        self.timing = Timing(now=lambda: self.hub.now, monotonic=self.machine.monotonic, sleep=self.machine.sleep)
        self.auth = self.app_auth()  # shared, because reading a key takes a while

    def client(self, *, seconds: float = 30.0) -> Client:
        auth = TokenAuth(lambda: self.token) if self.kind == "token" else self.auth
        name = self.repo.full_name
        return Client(repository=name, auth=auth, api_url=self.url, timing=self.timing, seconds=seconds)

    def app_auth(self, *, installation: int | None = None) -> AppAuth:
        app, name = self.app, self.repo.full_name
        return AppAuth(
            app=app.id, key=lambda: app.private_key, repository=name, installation=installation, timing=self.timing
        )

    def forge(self, point: Point = no_point, *, branch: str | None = None, ways: Ways | None = None) -> GitHubForge:
        return GitHubForge(self.client(), branch=branch, app=self.kind == "app", ways=ways, point=point)

    def put(self, files: dict[str, bytes | None], *, branch: str = "main", links: bool = False) -> str:
        self.hub.time.move(60)
        return self.repo.push(files, branch=branch, mode=0o120000 if links else 0o100644)

    def head(self, branch: str) -> str | None:
        return self.repo.head(branch)

    def parents(self, commit: str) -> tuple[str, ...]:
        return self.repo.objects.parents(commit)

    def file(self, commit: str, path: str) -> bytes:
        return self.repo.objects.file(commit, path)

    def changed(self, before: str, after: str) -> tuple[str, ...]:
        return tuple(path for path, _, _, _ in self.repo.objects.changed(before, after))

    def everything(self) -> object:
        assert self.hub.violations == []
        return self.repo.everything()


class GitHubTokenWorkshop(GitHubWorkshop):
    kind = "token"
