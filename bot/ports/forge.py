"""Forges: the roster at a commit, drafts, accounts and their proofs, who did what. Several small ports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from bot.core.activity import ActivityReport
from bot.core.offer import Offer


class ForgeError(Exception):
    """The repository could not be read or written; nothing half-done is visible. `retry` says if waiting helps."""

    def __init__(self, what: str, *, remedy: str = "", retry: bool = True) -> None:
        super().__init__(what)
        self.what, self.remedy, self.retry = what, remedy, retry


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAt:
    """A file's bytes at one commit of a branch (never of a topic branch silently)."""

    path: str
    branch: str
    commit: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRequest:
    """A draft pull request to be: one file, one change, on a branch of its own.

    `edit` maps the file's present bytes at the default branch to the wanted ones; it returns None when the
    change is there already. It is called again if the base moves (F30). With `creates` the file may be absent
    (R53): then `edit` is given no bytes, and what it returns is made there, with the folders it needs. Without `makes`
    the words of a draft that is there are brought up to date, and none is made where a person has taken it away.
    `brief` is the body of a pull request that somebody else opens, short enough for an address.
    """

    branch: str
    path: str
    title: str
    body: str
    message: str
    at: datetime
    edit: Callable[[bytes], bytes | None] = field(compare=False)
    creates: bool = False
    makes: bool = True
    brief: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft pull request that exists. `commit` is the branch's head, `base` the commit it stands on.

    `ready` says that it is open and no draft: the forge takes none there, or a person has marked it as ready.
    """

    branch: str
    commit: str
    base: str
    number: int
    url: str
    ready: bool = False


class RosterSource(Protocol):
    """Reads the maintainers file at the head of the default branch (R1)."""

    async def read(self, path: str) -> FileAt:
        """The file now. Raises ForgeError if the repository or the file cannot be read."""
        ...


class Drafts(Protocol):
    """Opens draft pull requests: never on the default branch (R48), idempotent by branch name."""

    async def open(self, request: DraftRequest) -> Draft | None:
        """The draft for this branch, made or found; None when the change is on the default branch already, or there
        is no draft and none is to be made.
        """
        ...

    async def patch(self, request: DraftRequest) -> str:
        """The change as a patch in the form that `git am` takes, writing nothing."""
        ...

    async def offer(self, request: DraftRequest) -> Offer | None:
        """What somebody needs to open the pull request themselves (R26); None when the change is there already.

        Opens none, and writes at most this branch. Asked again, it offers the same.
        """
        ...


class Forge(RosterSource, Drafts, Protocol):
    """Both small ports, as one adapter usually serves them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgeIdentity:
    """An account on a forge: its id, which stays (`github:7`), and the login that it has at the moment."""

    key: str
    login: str


class Identities(Protocol):
    """Tells who is behind a login: accounts are renamed, and a free login is taken by somebody else (T3)."""

    async def by_login(self, login: str) -> ForgeIdentity | None:
        """The account that has this login now; None if nobody has it. Raises ForgeError if that is unknown."""
        ...

    async def by_id(self, key: str) -> ForgeIdentity | None:
        """The account with this id, whatever its login is now; None if it is gone. Raises ForgeError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCode:
    """A device flow that has begun: what its owner types and where, how often to ask, and for how many seconds."""

    user_code: str
    url: str
    interval: int
    lifetime: int
    secret: str = field(repr=False)


class DeviceFlow(Protocol):
    """Proves that somebody has an account on a forge: they type a code there while they are signed in (T4)."""

    async def begin(self) -> DeviceCode:
        """A new code. Raises ForgeError."""
        ...

    async def ask(self, code: DeviceCode) -> ForgeIdentity | Literal["pending", "slower", "denied", "expired"]:
        """Whether they have agreed, and who they are then. Raises ForgeError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A motion as it stands outside of the ledger. `mark` is the beginning of its ledger's genesis.

    `head` may be empty. `where` says where it stands, in words.
    """

    motion: int
    mark: str
    head: str
    where: str


@runtime_checkable
class PublishedHeads(Protocol):
    """Reads what was published of motions: a ledger that has not got it is an old copy (F9, F44)."""

    async def published(self) -> Sequence[Publication]:
        """The motions that have a draft here, the newest among them. Raises ForgeError."""
        ...


class ActivitySource(Protocol):
    """Reads who did what in a repository (R9, R35): counts for humans, never a judgement (R36)."""

    async def activity(
        self, *, since: datetime, until: datetime, progress: Callable[[int, int], None] | None = None
    ) -> ActivityReport:
        """Everyone's activity in commits of the default branch dated `since` up to, not including, `until`.

        `progress` is called in the event loop with how much was read so far and of how much, 0 while that is not
        known. Raises ForgeError; never a part of the numbers.
        """
        ...
