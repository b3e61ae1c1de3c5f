"""Issues and pull requests as places where one votes, and what is heard from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bot.core.cards import Card
from bot.core.dco import Signer
from bot.core.guard import Verdict
from bot.core.people import PlatformUser


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A comment on a page of a forge, or the page's own text, as it stands now.

    `id` is the forge's own, such as `comment:7` or `body:12`. `edited` is when it was last changed, if it was.
    """

    id: str
    thread: int
    who: PlatformUser
    login: str
    robot: bool
    text: str
    at: datetime
    edited: datetime | None
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An issue or a pull request of a repository."""

    number: int
    url: str
    title: str
    text: str
    author: PlatformUser
    pull: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PullChange:
    """What an open pull request does to one file: its bytes where the branches part, and at the pull request's head.

    None stands for no file. `others` says whether it changes other files too. `unreadable` says why there is no telling
    what it does, and no waiting helps: anybody can make a link, a folder or something huge of the file.
    """

    number: int
    head: str
    base: str
    branch: str
    before: bytes | None
    after: bytes | None
    others: bool
    unreadable: str = ""


class Threads(Protocol):
    """The issues and pull requests of a repository as places where maintainers vote."""

    async def number_of(self, link: str) -> int:
        """The number of the issue or pull request that a link names; 0 for a link to anything else."""
        ...

    async def page(self, number: int) -> Page | None:
        """The issue or pull request of this number. Raises ForgeError."""
        ...

    async def keep(self, number: int, key: str, card: Card) -> str:
        """The bot's one comment with this key, made or brought up to date; its id. Raises ForgeError."""
        ...

    async def mark(self, spoken: Spoken, how: Literal["recorded", "refused"]) -> None:
        """Show the writer, by a reaction, what became of their words. Raises ForgeError."""
        ...

    async def own_words(self, spoken: Spoken) -> bool:
        """Whether nobody but the writer has edited this last. Raises ForgeError where that is not known."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PullCommit:
    """A commit of a pull request. `merge`: it joins branches, and nobody signs that off.

    `who` is the account that the author's mail address belongs to, where the forge knows one.
    """

    commit: str
    message: str
    author: Signer
    merge: bool
    who: PlatformUser | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PullCommits:
    """The commits of a pull request, who opened it, and what is said beneath it."""

    number: int
    author: PlatformUser
    commits: tuple[PullCommit, ...]
    said: tuple[Spoken, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPull:
    """An open pull request onto the default branch, and the commit that it would merge."""

    number: int
    head: str


class PullChanges(Protocol):
    """Looks into pull requests, and shows a verdict on them."""

    async def pulls(self) -> Sequence[OpenPull]:
        """All open pull requests onto the default branch. Raises ForgeError."""
        ...

    async def show(self, pull: OpenPull, verdict: Verdict) -> None:
        """Show the verdict on this very commit, once, and brought up to date. Raises ForgeError."""
        ...

    async def commits(self, number: int) -> PullCommits | None:
        """Its commits and what is said beneath it; None if there is no such pull request. Raises ForgeError."""
        ...

    async def change(self, number: int, path: str) -> PullChange | None:
        """What it does to this file now; None if there is no such open pull request. Raises ForgeError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactedThere:
    """A reaction on the bot's comment `comment`: `id` is the forge's own of it, `name` what it calls the emoji."""

    id: str
    thread: int
    comment: str
    who: PlatformUser
    login: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedPage:
    """A page on which an open motion is voted on. `status` is the id of the bot's comment, empty until it is there."""

    thread: int
    status: str
    reactions: bool


class Ears(Protocol):
    """Where an adapter brings what happens in one repository on its forge. Telling it twice changes nothing.

    It raises NotRecorded, ForgeError or another error where it could not be handled: then it is to be told again.
    """

    async def heard(self, spoken: Spoken) -> None:
        """A comment, or a page's own text, is new or was edited."""
        ...

    async def reacted(self, reacted: ReactedThere) -> None:
        """A reaction was added to a comment of the bot's."""
        ...

    async def watched(self) -> Sequence[WatchedPage]:
        """The pages to look at closely."""
        ...

    async def gone(self, spoken: Spoken) -> None:
        """A comment was deleted, as it stood last; whose ballot was in it is told."""
        ...

    async def missing(self, thread: int, comments: Sequence[str]) -> None:
        """These are all the comments that stand on a page; whose ballot was in another one is told."""
        ...

    async def pushed(self) -> None:
        """The default branch has moved: rosters and links are to be read again."""
        ...
