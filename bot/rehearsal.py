"""A rehearsal: platforms and forges that say what they would do, and do nothing. What is only read, is read."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from textwrap import indent
from typing import Literal

from bot.core.cards import Card, Limits
from bot.core.guard import Verdict
from bot.core.offer import Offer
from bot.core.people import PlatformUser
from bot.core.plain import plain_card
from bot.ports import (
    Clock,
    Delivery,
    Draft,
    DraftRequest,
    FileAt,
    Forge,
    OpenPull,
    Page,
    PullChange,
    PullChanges,
    PullCommits,
    Spoken,
    Threads,
)

Tell = Callable[[str], None]
NOWHERE = "0" * 40
"""The commit of a draft that was not made."""


class QuietPlatform:
    """Says what would be posted. It is connected to nothing, so that no request is taken from the bot that runs."""

    def __init__(self, name: str, *, clock: Clock, tell: Tell) -> None:
        self.name, self.limits = name, Limits()
        self._clock, self._tell = clock, tell
        self._refs = itertools.count(1)

    async def post(self, *, channel: str, card: Card, key: str, thread: str = "") -> Delivery:
        where = f"{self.name}:{channel}{', beneath the poll' if thread else ''}"
        return self._said(f"Would post in {where}:", card)

    async def edit(self, *, channel: str, ref: str, card: Card) -> None:
        self._said(f"Would edit a message in {self.name}:{channel}, to:", card)

    async def direct(self, *, user: PlatformUser, card: Card, key: str) -> Delivery:
        return self._said(f"Would send to {user.key}, privately:", card)

    async def is_public(self, channel: str) -> bool:
        return False

    def _said(self, what: str, card: Card) -> Delivery:
        self._tell(f"{what}\n{indent(plain_card(card), '  | ', lambda line: True)}\n")
        return Delivery(ref=f"rehearsed-{next(self._refs)}", at=self._clock.now())


class QuietForge:
    """Says which draft would be opened, with its body and its diff."""

    def __init__(self, forge: Forge, *, tell: Tell) -> None:
        self._forge, self._tell = forge, tell

    async def read(self, path: str) -> FileAt:
        return await self._forge.read(path)

    async def patch(self, request: DraftRequest) -> str:
        return await self._forge.patch(request)

    async def offer(self, request: DraftRequest) -> Offer | None:
        patch = await self._forge.patch(request)
        if patch:
            self._tell(
                f"Would make the branch {request.branch}, if the forge has pages, and offer a link to open it.\n"
            )
        return Offer(patch=patch) if patch else None

    async def open(self, request: DraftRequest) -> Draft | None:
        patch = await self._forge.patch(request)
        if not patch:
            return None
        whole = f"{request.title}\n\n{request.body}\n{patch}"
        self._tell(f"Would open the draft pull request {request.branch}:\n{indent(whole, '  | ', lambda line: True)}\n")
        return Draft(branch=request.branch, commit=NOWHERE, base=NOWHERE, number=0, url="")


class QuietThreads:
    """Says what would be written on issues and pull requests."""

    def __init__(self, threads: Threads, *, tell: Tell) -> None:
        self._threads, self._tell = threads, tell

    async def number_of(self, link: str) -> int:
        return await self._threads.number_of(link)

    async def page(self, number: int) -> Page | None:
        return await self._threads.page(number)

    async def own_words(self, spoken: Spoken) -> bool:
        return await self._threads.own_words(spoken)

    async def keep(self, number: int, key: str, card: Card) -> str:
        self._tell(f"Would keep a comment on #{number}:\n{indent(plain_card(card), '  | ', lambda line: True)}\n")
        return f"rehearsed-{number}"

    async def mark(self, spoken: Spoken, how: Literal["recorded", "refused"]) -> None:
        self._tell(f"Would mark {spoken.url} as {how}.\n")


class QuietChanges:
    """Looks into pull requests, and says which verdict would be shown."""

    def __init__(self, changes: PullChanges, *, tell: Tell) -> None:
        self._changes, self._tell = changes, tell

    async def pulls(self) -> Sequence[OpenPull]:
        return await self._changes.pulls()

    async def commits(self, number: int) -> PullCommits | None:
        return await self._changes.commits(number)

    async def change(self, number: int, path: str) -> PullChange | None:
        return await self._changes.change(number, path)

    async def show(self, pull: OpenPull, verdict: Verdict) -> None:
        self._tell(f"Would show a verdict on #{pull.number}.\n")
