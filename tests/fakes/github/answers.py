"""The registry of what the fake answers, and the small things that all answers share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode

from tests.fakes.github.state import App, GitHub, Issue, Repository, Token

Json = Any


class Refused(Exception):
    """An answer that is an error."""

    def __init__(
        self, status: int, message: str, *, errors: Sequence[Any] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.errors, self.headers = status, message, list(errors), dict(headers or {})


@dataclass(slots=True, kw_only=True)
class Call:
    """One request, authenticated."""

    hub: GitHub
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: dict[str, Any]
    token: Token | None
    app: App | None
    url: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def repo(self) -> Repository:
        """The repository in the path; one that the token may not see is not there."""
        name = f"{self.path['owner']}/{self.path['repo']}"
        if name in self.hub.moved:
            raise Refused(301, "Moved Permanently", headers={"location": self.url.replace(name, self.hub.moved[name])})
        found = next(
            (each for each in self.hub.repositories.values() if each.full_name.casefold() == name.casefold()), None
        )
        if found is None or not self._sees(found):
            raise Refused(404, "Not Found")
        return found

    def _sees(self, repo: Repository) -> bool:
        token = self.token
        if token is None:
            return self.app is not None or not repo.private
        return token.repositories is None or repo.full_name in token.repositories or not repo.private

    @property
    def actor(self) -> Token:
        if self.token is None:
            raise Refused(401, "Requires authentication")
        return self.token

    def issue(self, *, pull: bool = False) -> Issue:
        number = int(self.path["pull_number" if pull else "issue_number"])
        found = self.repo.issues.get(number)
        if found is None or (pull and found.pull is None):
            raise Refused(404, "Not Found")
        return found

    def page(self, items: Sequence[Any]) -> list[Any]:
        """The page that was asked for; the link to the next goes into the headers."""
        size, page = int(self.query.get("per_page", 30)), int(self.query.get("page", 1))
        if not 1 <= size <= 100:
            size = 100
        if page * size < len(items):
            more = urlencode({**self.query, "page": page + 1})
            self.headers["link"] = f'<{self.url}?{more}>; rel="next"'
        return list(items[(page - 1) * size : page * size])


Answer = Callable[[Call], tuple[int, Json]]
_A = TypeVar("_A", bound=Answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How an operation is answered, and the permissions of which one is enough."""

    answer: Answer
    needs: tuple[tuple[str, str], ...]


ROUTES: dict[str, Route] = {}


def answers(operation: str, *needs: str) -> Callable[[_A], _A]:
    """Register the answer to an operation; `needs` are permissions such as `contents:write`, one of which is enough."""

    def register(answer: _A) -> _A:
        pairs = tuple((name, level) for name, _, level in (each.partition(":") for each in needs))
        ROUTES[operation] = Route(answer=answer, needs=pairs)
        return answer

    return register
