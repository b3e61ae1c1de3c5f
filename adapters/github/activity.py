"""Who did what in a repository on GitHub: an `ActivitySource` over its API. It counts, for humans to judge (R36).

Commits are read as every other source reads them; reviews, and comments on what others opened, come on top. Accounts
are told apart by their numeric ids (T3). Must never take names, mails or messages for more than data.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from adapters.github.client import Client
from adapters.github.gitdata import GitData
from bot.core.activity import REVIEWED, TRIAGED, ActivityReport, Identity
from bot.git.commits import Counting, Window, printed
from bot.git.mailmap import Mailmap, Mapped
from bot.ports import ForgeError

MAX_PULLS: Final = 2_000
MAX_ITEMS: Final = 100_000
_PACE: Final = 100
_SETTLED: Final = timedelta(minutes=5)
"""What has changed since then is asked about again: another change within the same second would not show."""
_FORGE: Final = "noreply@github.com"
_LESS: Final = "ask for a shorter window"

Progress = Callable[[int, int], None]
Review = tuple[Any, str | None]
"""Who reviewed, as GitHub tells it, and when; None for one that was never submitted."""


class GitHubActivity:
    """An `ActivitySource` over one repository. `bots` are logins, names or mails to leave out."""

    def __init__(self, client: Client, git: GitData, *, bots: Iterable[str] = ()) -> None:
        self._client, self._git, self._bots = client, git, tuple(bots)
        self._reviews: Mapping[int, tuple[str, Sequence[Review]]] = {}

    async def activity(self, *, since: datetime, until: datetime, progress: Progress | None = None) -> ActivityReport:
        """Everyone's activity in the window. Raises ForgeError; never a part of the numbers."""
        told = progress or _untold
        async with self._client.use():
            base = await self._git.base()
            mailmap = await self._mailmap(base.commit)
            reading = _Reading(self._client, since, until, mailmap or b"", told, self._reviews)
            await reading.commits(base.commit)
            await reading.discussions()
        counting, self._reviews = reading.counting, reading.reviews
        rows, bots = counting.tally((*self._bots, *reading.bots))
        told(reading.read, reading.read)
        return ActivityReport(
            rows=rows,
            since=since,
            until=until,
            commit=base.commit,
            commits=counting.commits,
            mailmap=mailmap is not None,
            bots=bots,
            discussions=True,
        )

    async def _mailmap(self, commit: str) -> bytes | None:
        """The .mailmap of the commit; None if it is missing, a link (T25) or over 1 MiB (T36)."""
        try:
            return (await self._git.file(commit, ".mailmap")).data
        except ForgeError as error:
            if error.retry:
                raise
            return None


class _Known(Mailmap):
    """A mailmap that knows the accounts behind mail addresses as well, as GitHub tells them."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._accounts: dict[bytes, bytes] = {}

    def learn(self, mail: str, account: Identity) -> None:
        if mail.casefold() != _FORGE:
            self._accounts[mail.encode().lower()] = account.mail.encode()

    def resolve(self, name: bytes, mail: bytes) -> Mapped:
        found, account = super().resolve(name, mail), self._accounts.get(mail.lower())
        if account is None or account == found.mail:
            return found
        return Mapped(name=found.name, mail=found.mail, known=(*found.known, account))


class _Reading:
    """One reading of a window. `before` are the reviews of the last one, by pull request and when it last changed."""

    def __init__(
        self,
        client: Client,
        since: datetime,
        until: datetime,
        mailmap: bytes,
        told: Progress,
        before: Mapping[int, tuple[str, Sequence[Review]]],
    ) -> None:
        self._client, self._since, self._until = client, since, until
        self._told, self._before = told, before
        self.read = 0
        self.reviews: dict[int, tuple[str, Sequence[Review]]] = {}
        self._known = _Known(mailmap)
        self.counting = Counting(Window(since=max(1, _second(since)), until=_second(until)), self._known)
        self.bots: set[str] = set()

    async def commits(self, head: str) -> None:
        """Count the commits of the window that the head contains."""
        query = {"sha": head, "since": _stamp(self._since), "until": _stamp(self._until)}
        async for commit in _bounded(self._client.pages(self._client.repo("/commits"), **query)):
            for side in ("author", "committer"):
                account = self._account(commit[side])
                if account is not None and commit["commit"][side] is not None:
                    self._known.learn(str(commit["commit"][side]["email"]), account)
            self.counting.add(_record(commit))
            self._tick()

    async def discussions(self) -> None:
        """Count reviews, once a pull request, and comments, once an issue or pull request that others opened."""
        repo, since = self._client.repo, _stamp(self._since)
        authors: dict[int, Identity] = {}
        pulls: dict[int, str] = {}
        async for issue in _bounded(self._client.pages(repo("/issues"), state="all", since=since)):
            author = self._account(issue["user"])
            if author is not None:
                authors[int(issue["number"])] = author
                if "pull_request" in issue:
                    pulls[int(issue["number"])] = str(issue["updated_at"])
            self._tick()
        if len(pulls) > MAX_PULLS:
            raise ForgeError(f"over {MAX_PULLS} pull requests were active in the window", remedy=_LESS, retry=False)
        done: dict[tuple[int, int, Identity], list[datetime]] = {}
        for path, link in (("/issues/comments", "issue_url"), ("/pulls/comments", "pull_request_url")):
            async for comment in _bounded(self._client.pages(repo(path), since=since, sort="created", direction="asc")):
                self._note(done, TRIAGED, _number(comment[link]), comment["user"], comment["created_at"])
                self._tick()
        for number, changed in pulls.items():
            for who, at in await self._reviews_of(number, changed):
                self._note(done, REVIEWED, number, who, at)
            self._tick()
        for (kind, number, who), instants in done.items():
            if number in authors:
                self.counting.credit(author=authors[number], who=who, kind=kind, at=instants)

    async def _reviews_of(self, number: int, changed: str) -> Sequence[Review]:
        """The reviews of a pull request. A review changes it: one that has not changed is not asked about again."""
        known = self._before.get(number)
        if known is None or known[0] != changed:
            pages = self._client.pages(self._client.repo(f"/pulls/{number}/reviews"))
            known = changed, [(_brief(each["user"]), each.get("submitted_at")) async for each in pages]
        if changed < _stamp(self._client.timing.now() - _SETTLED):
            self.reviews[number] = known
        return known[1]

    def _tick(self) -> None:
        self.read += 1
        if self.read % _PACE == 0:
            self._told(self.read, 0)

    def _note(
        self, done: dict[tuple[int, int, Identity], list[datetime]], kind: int, number: int, user: Any, at: Any
    ) -> None:
        who = self._account(user)
        when = datetime.fromisoformat(at) if at else None
        if who is not None and when is not None and self._since <= when < self._until:
            done.setdefault((kind, number, who), []).append(when)

    def _account(self, user: Any) -> Identity | None:
        """An account as an identity: GitHub's own mail address of it holds its id and its login."""
        if not user or "login" not in user:
            return None
        login = str(user["login"])
        if user.get("type") == "Bot":
            self.bots.add(login)
        return Identity(name="", mail=f"{int(user['id'])}+{login}@users.noreply.github.com")


async def _bounded(items: AsyncGenerator[Any, None]) -> AsyncIterator[Any]:
    count = 0
    async with aclosing(items):
        async for item in items:
            count += 1
            if count > MAX_ITEMS:
                raise ForgeError(f"the window holds over {MAX_ITEMS} things to read", remedy=_LESS, retry=False)
            yield item


def _record(commit: Any) -> bytes:
    """A commit of the API as git prints it; one without author or date is nothing, and is left out."""
    said = commit["commit"]
    if not said["author"] or not said["committer"]:
        return b""
    parents = [f"parent {each['sha']}" for each in commit["parents"]]
    lines = [
        f"tree {said['tree']['sha']}",
        *parents,
        _side("author", said["author"]),
        _side("committer", said["committer"]),
    ]
    raw = "\n".join(lines) + "\n\n" + said["message"]
    return printed(str(commit["sha"]).encode(), raw.encode("utf-8", "replace"))


def _side(role: str, who: Any) -> str:
    name, mail = ("".join(c for c in str(who.get(key) or "") if c not in "<>\n\0") for key in ("name", "email"))
    return f"{role} {name} <{mail}> {int(datetime.fromisoformat(who['date']).timestamp())} +0000"


def _brief(user: Any) -> Any:
    return user and {key: user[key] for key in ("id", "login", "type") if key in user}


def _number(url: str) -> int:
    last = url.rpartition("/")[2]
    return int(last) if last.isdecimal() else 0


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _second(at: datetime) -> int:
    """The second at or after the instant, as commit dates are whole seconds."""
    whole = at.replace(microsecond=0)
    return int(whole.timestamp()) + (at != whole)


def _untold(done: int, total: int) -> None:
    """Nobody asked about the progress."""
