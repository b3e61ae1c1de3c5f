"""What a fake GitHub knows: people, tokens, apps, repositories, and what members do there."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from tests.fakes.github.clock import FakeTime
from tests.fakes.github.faults import Fault, Seen
from tests.fakes.github.objects import Objects, Stamp

Level = Literal["read", "write"]


@dataclass(slots=True, eq=False)
class User:
    """An account. Its id stays; its login can change hands."""

    id: int
    login: str
    type: Literal["User", "Bot", "Organization"] = "User"
    name: str = ""

    @property
    def mail(self) -> str:
        return f"{self.id}+{self.login}@users.noreply.github.com"


@dataclass(slots=True, eq=False)
class Token:
    """What a token may do. `scopes` is for classic tokens; `expires` for those of installations."""

    value: str
    actor: User
    permissions: dict[str, Level]
    repositories: frozenset[str] | None = None
    scopes: str | None = None
    expires: datetime | None = None
    installation: int | None = None
    revoked: bool = False


@dataclass(slots=True, eq=False)
class App:
    """A GitHub App with its key, and the installations of it: their account, repositories and permissions.

    `events` are those that its webhook tells.
    """

    id: int
    slug: str
    bot: User
    public_key: str
    private_key: str
    permissions: dict[str, Level]
    events: list[str] = field(default_factory=list)
    installations: dict[int, tuple[User, frozenset[str]]] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Reaction:
    id: int
    user: User
    content: str
    at: datetime


@dataclass(slots=True, eq=False)
class Comment:
    """A comment on an issue or pull request (`path` empty), or on a line of a pull request."""

    id: int
    number: int
    user: User
    body: str
    created: datetime
    updated: datetime
    path: str = ""
    reactions: list[Reaction] = field(default_factory=list)
    editor: User | None = None


@dataclass(slots=True, eq=False)
class Review:
    id: int
    user: User
    state: str
    body: str
    at: datetime
    commit: str


@dataclass(slots=True, eq=False)
class Pull:
    """The half of an issue that makes it a pull request."""

    head: str
    base: str
    base_sha: str
    head_sha: str
    draft: bool
    merged_at: datetime | None = None
    merged_by: User | None = None
    merge_commit: str | None = None
    reviews: list[Review] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Issue:
    number: int
    id: int
    user: User
    title: str
    body: str
    created: datetime
    updated: datetime
    state: Literal["open", "closed"] = "open"
    closed: datetime | None = None
    closed_by: User | None = None
    labels: list[str] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)
    pull: Pull | None = None
    editor: User | None = None


@dataclass(slots=True, eq=False)
class CheckRun:
    id: int
    name: str
    sha: str
    status: str
    conclusion: str | None
    output: dict[str, object]
    external_id: str
    details_url: str | None
    started: datetime
    completed: datetime | None
    maker: User | None = None


@dataclass(slots=True, eq=False)
class DeviceCode:
    device_code: str
    user_code: str
    client: str
    expires: datetime
    interval: int
    asked: datetime | None = None
    approved_by: User | None = None
    denied: bool = False


class GitHub:
    """A whole forge: what the server answers from. `time` stands still until it is moved."""

    def __init__(self, time: FakeTime | None = None) -> None:
        self.time = time or FakeTime()
        self.lock = threading.RLock()
        self.users: dict[int, User] = {}
        self.tokens: dict[str, Token] = {}
        self.apps: dict[int, App] = {}
        self.repositories: dict[str, Repository] = {}
        self.moved: dict[str, str] = {}
        self.device_codes: dict[str, DeviceCode] = {}
        self.faults: list[Fault] = []
        self.seen: list[Seen] = []
        self.violations: list[str] = []
        self.limit, self.used = 5000, 0
        self.poll_interval = 60
        self.reset = self.time.now() + timedelta(hours=1)
        self.numbers = itertools.count(1000)
        self.web_flow = User(19864447, "web-flow", name="GitHub")

    @property
    def now(self) -> datetime:
        return self.time.now()

    # ----------------------------------------------------------------- accounts

    def user(self, login: str, *, type: Literal["User", "Bot", "Organization"] = "User") -> User:
        """The account that has this login now, made if there is none."""
        return self.find(login) or self.register(login, type=type)

    def find(self, login: str) -> User | None:
        return next((user for user in self.users.values() if user.login.casefold() == login.casefold()), None)

    def register(self, login: str, *, type: Literal["User", "Bot", "Organization"] = "User") -> User:
        """A new account, with a new id."""
        assert self.find(login) is None, f"{login} is taken"
        user = User(next(self.numbers), login, type, name=login.title())
        self.users[user.id] = user
        return user

    def rename(self, login: str, new: str) -> User:
        """The account's login changes; the old one is free."""
        user = self.find(login)
        assert user is not None
        assert self.find(new) is None
        user.login = new
        return user

    def delete(self, login: str) -> None:
        """The account is gone; its login is free."""
        user = self.find(login)
        assert user is not None
        del self.users[user.id]

    # ----------------------------------------------------------------- tokens and apps

    def token(
        self,
        login: str = "folkmoot-bot",
        *,
        permissions: Mapping[str, Level] | None = None,
        scopes: str | None = None,
        repositories: frozenset[str] | None = None,
    ) -> str:
        """A personal access token: fine-grained with these permissions, or classic with these scopes."""
        value = f"github_pat_{next(self.numbers)}"
        granted: dict[str, Level] = dict(
            permissions or {"contents": "write", "pull_requests": "write", "issues": "read"}
        )
        self.tokens[value] = Token(value, self.user(login), granted, scopes=scopes, repositories=repositories)
        return value

    def app(self, slug: str = "folkmoot", *, permissions: Mapping[str, Level] | None = None) -> App:
        """A GitHub App with a key of its own."""
        from tests.fakes.github.keys import key_pair

        private, public = key_pair()
        bot = self.user(f"{slug}[bot]", type="Bot")
        granted: dict[str, Level] = dict(
            permissions or {"contents": "write", "pull_requests": "write", "issues": "read"}
        )
        granted["metadata"] = "read"
        app = App(next(self.numbers), slug, bot, public, private, granted)
        self.apps[app.id] = app
        return app

    def install(self, app: App, *repositories: Repository) -> int:
        """Install the app on repositories of one owner; the installation's id."""
        number = next(self.numbers)
        app.installations[number] = repositories[0].owner, frozenset(each.full_name for each in repositories)
        return number

    def installation_token(self, app: App, installation: int, *, repositories: frozenset[str] | None = None) -> Token:
        _, names = app.installations[installation]
        value = f"ghs_{next(self.numbers)}"
        token = Token(
            value,
            app.bot,
            dict(app.permissions),
            repositories=names if repositories is None else names & repositories,
            expires=self.now + timedelta(hours=1),
            installation=installation,
        )
        self.tokens[value] = token
        return token

    # ----------------------------------------------------------------- repositories

    def repository(self, full_name: str = "lantern/lantern", **settings: object) -> Repository:
        """The repository, made if there is none."""
        if full_name not in self.repositories:
            owner = self.user(full_name.partition("/")[0], type="Organization")
            self.repositories[full_name] = Repository(self, owner, full_name, next(self.numbers))
        found = self.repositories[full_name]
        for name, value in settings.items():
            assert hasattr(found, name), name
            setattr(found, name, value)
        return found

    def approve(self, user_code: str, by: str) -> None:
        """A member types the code of the device flow and agrees."""
        next(code for code in self.device_codes.values() if code.user_code == user_code).approved_by = self.user(by)

    def deny(self, user_code: str) -> None:
        next(code for code in self.device_codes.values() if code.user_code == user_code).denied = True


class Repository:
    """A repository and what members do in it. Every act takes place at the forge's present instant."""

    def __init__(self, hub: GitHub, owner: User, full_name: str, id: int) -> None:
        self.hub, self.owner, self.full_name, self.id = hub, owner, full_name, id
        self.name = full_name.partition("/")[2]
        self.default_branch = "main"
        self.private = False
        self.archived = False
        self.drafts_allowed = True
        self.protected: set[str] = set()
        self.rules: list[str] = []
        self.permissions: dict[str, str] = {}
        self.next_number = 1
        self.objects = Objects()
        self.refs: dict[str, str] = {}
        self.issues: dict[int, Issue] = {}
        self.comments: dict[int, Comment] = {}
        self.labels: set[str] = set()
        self.check_runs: dict[int, CheckRun] = {}

    # ----------------------------------------------------------------- git

    def head(self, branch: str) -> str | None:
        return self.refs.get(f"refs/heads/{branch}")

    def push(
        self,
        files: Mapping[str, bytes | None],
        *,
        branch: str = "main",
        by: str = "ann",
        message: str = "A person's change\n",
        mode: int = 0o100644,
        onto: str | None = None,
        at: datetime | None = None,
    ) -> str:
        """A person's commit on a branch (on `onto` instead, by force); None deletes a file."""
        with self.hub.lock:
            parent = onto or self.head(branch) or self.head(self.default_branch)
            base = self.objects.tree_of(parent) if parent else None
            entries = [
                (path, mode, None if data is None else self.objects.write_blob(data)) for path, data in files.items()
            ]
            user = self.hub.user(by)
            who = Stamp(name=user.name, mail=user.mail, at=at or self.hub.now)
            tree = self.objects.write_tree(base, entries)
            commit = self.objects.write_commit(
                tree=tree, parents=[parent] if parent else [], message=message, author=who, committer=who
            )
            self.refs[f"refs/heads/{branch}"] = commit
            self.follow(branch)
            return commit

    def follow(self, branch: str) -> None:
        """Bring the open pull requests of a branch up to its head."""
        head = self.head(branch)
        for issue in self.issues.values():
            if issue.pull is not None and issue.pull.head == branch and issue.state == "open" and head is not None:
                issue.pull.head_sha = head

    def delete_branch(self, branch: str) -> None:
        """As the button does after a merge: open pull requests of it are closed."""
        with self.hub.lock:
            del self.refs[f"refs/heads/{branch}"]
            for issue in self.issues.values():
                if issue.pull is not None and issue.pull.head == branch and issue.state == "open":
                    self._close(issue, self.hub.user("ann"))

    # ----------------------------------------------------------------- issues and pull requests

    def open_issue(self, *, by: str = "ann", title: str = "A question", body: str = "") -> Issue:
        with self.hub.lock:
            return self.add_issue(self.hub.user(by), title, body)

    def add_issue(self, user: User, title: str, body: str) -> Issue:
        number, self.next_number = self.next_number, self.next_number + 1
        now = self.hub.now
        issue = Issue(number, 100_000 + number, user, title, body, now, now)
        self.issues[number] = issue
        return issue

    def open_pull(
        self, *, head: str, by: str = "ann", title: str = "A change", body: str = "", draft: bool = False
    ) -> Issue:
        """A pull request of a branch of this repository."""
        with self.hub.lock:
            return self.add_pull(self.hub.user(by), title, body, head=head, base=self.default_branch, draft=draft)

    def add_pull(self, user: User, title: str, body: str, *, head: str, base: str, draft: bool) -> Issue:
        issue = self.add_issue(user, title, body)
        issue.pull = Pull(head, base, self.refs[f"refs/heads/{base}"], self.refs[f"refs/heads/{head}"], draft)
        return issue

    def comment(self, number: int, body: str, *, by: str = "ann", path: str = "") -> Comment:
        """A comment on an issue or pull request, or on a line of it (`path`)."""
        with self.hub.lock:
            return self.add_comment(number, body, self.hub.user(by), path=path)

    def add_comment(self, number: int, body: str, user: User, *, path: str = "") -> Comment:
        now = self.hub.now
        comment = Comment(next(self.hub.numbers), number, user, body, now, now, path)
        self.comments[comment.id] = comment
        self.issues[number].updated = now
        return comment

    def edit_comment(self, id: int, body: str, *, by: str = "") -> Comment:
        """Its writer changes a comment, or somebody else who may write to the repository."""
        with self.hub.lock:
            comment = self.comments[id]
            comment.body, comment.updated = body, self.hub.now
            comment.editor = self.hub.user(by) if by else comment.user
            return comment

    def delete_comment(self, id: int) -> None:
        with self.hub.lock:
            del self.comments[id]

    def edit_issue(self, number: int, *, title: str | None = None, body: str | None = None, by: str = "") -> Issue:
        """A person changes title or body in the page."""
        with self.hub.lock:
            issue = self.issues[number]
            issue.title = issue.title if title is None else title
            issue.body = issue.body if body is None else body
            issue.editor = (self.hub.user(by) if by else issue.user) if body is not None else issue.editor
            issue.updated = self.hub.now
            return issue

    def react(self, target: Issue | Comment, content: str, *, by: str = "ann") -> Reaction:
        with self.hub.lock:
            return self.add_reaction(target, content, self.hub.user(by))[0]

    def add_reaction(self, target: Issue | Comment, content: str, user: User) -> tuple[Reaction, bool]:
        """The reaction, and whether it is new: the same one twice is one."""
        found = next((each for each in target.reactions if each.user is user and each.content == content), None)
        if found is not None:
            return found, False
        made = Reaction(next(self.hub.numbers), user, content, self.hub.now)
        target.reactions.append(made)
        return made, True

    def unreact(self, target: Issue | Comment, reaction: Reaction) -> None:
        with self.hub.lock:
            target.reactions.remove(reaction)

    def review(self, number: int, state: str = "APPROVED", *, by: str = "ann", body: str = "") -> Review:
        with self.hub.lock:
            issue = self.issues[number]
            assert issue.pull is not None
            made = Review(next(self.hub.numbers), self.hub.user(by), state, body, self.hub.now, issue.pull.head_sha)
            issue.pull.reviews.append(made)
            issue.updated = self.hub.now
            return made

    def merge(self, number: int, *, by: str = "ann") -> str:
        """The merge button: a merge commit on the base, by the forge in the person's name."""
        with self.hub.lock:
            issue, user = self.issues[number], self.hub.user(by)
            pull = issue.pull
            assert pull is not None
            base = self.refs[f"refs/heads/{pull.base}"]
            start = self.objects.merge_base(base, pull.head_sha)
            entries = [
                (path, 0o100644, None if kind == "removed" else self.objects.write_blob(after))
                for path, kind, _, after in self.objects.changed(start, pull.head_sha)
            ]
            commit = self.objects.write_commit(
                tree=self.objects.write_tree(self.objects.tree_of(base), entries),
                parents=[base, pull.head_sha],
                message=f"Merge pull request #{number} from {pull.head}\n",
                author=Stamp(name=user.name, mail=user.mail, at=self.hub.now),
                committer=Stamp(name="GitHub", mail="noreply@github.com", at=self.hub.now),
            )
            self.refs[f"refs/heads/{pull.base}"] = commit
            pull.merged_at, pull.merged_by, pull.merge_commit = self.hub.now, user, commit
            self._close(issue, user)
            return commit

    def close(self, number: int, *, by: str = "ann") -> None:
        with self.hub.lock:
            self._close(self.issues[number], self.hub.user(by))

    def _close(self, issue: Issue, user: User) -> None:
        issue.state, issue.closed, issue.closed_by, issue.updated = "closed", self.hub.now, user, self.hub.now

    def everything(self) -> object:
        """All that is stored, in a form that can be compared."""
        issues = {
            number: (each.title, each.body, each.state, tuple(each.labels), len(each.reactions))
            for number, each in self.issues.items()
        }
        comments = {id: each.body for id, each in self.comments.items()}
        runs = {id: (each.status, each.conclusion) for id, each in self.check_runs.items()}
        return self.objects.names(), dict(self.refs), issues, comments, runs
