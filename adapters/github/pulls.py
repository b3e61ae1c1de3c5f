"""Pull requests as the drafts need them: found by their branch, made as drafts, kept up to date until a person edits.

Must never reopen, merge, close or retarget one (R47), or replace words that a person has changed.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any, Final, Literal

import structlog

from adapters.github.client import Client, part
from adapters.github.errors import Rejected
from adapters.github.gitdata import Base
from bot.git.checks import BRANCH
from bot.ports import DraftRequest, ForgeError, Point

log = structlog.get_logger("folkmoot.github")

MARK: Final = re.compile(r"\n*<!-- folkmoot ([0-9a-f]{64}) -->\s*\Z")
"""Ends every body that the bot writes: while it fits the words above it, nobody has changed them."""
READY: Final = "This repository takes no draft pull requests, so this one is open. It waits for a person all the same."
STRANGE: Final = (
    "Somebody else has committed to this branch: it may hold more, or less, than the change that was decided."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """A pull request as it is on GitHub."""

    number: int
    url: str
    open: bool
    draft: bool
    head: str
    base: str
    title: str
    body: str
    labels: frozenset[str]
    author: int = 0


class Pulls:
    """The pull requests of one repository."""

    def __init__(
        self, client: Client, *, without_drafts: Literal["open", "refuse"], labels: tuple[str, ...], point: Point
    ) -> None:
        self._client, self._point = client, point
        self._without_drafts, self._labels = without_drafts, labels

    async def of_branch(self, branch: str) -> Pull | None:
        """The pull request of a branch of this repository: the open one, else the newest."""
        query = {"head": f"{self._client.owner}:{branch}", "state": "all", "per_page": 100}
        listed = await self._client.get(self._client.repo("/pulls"), **query)
        name = self._client.repository.casefold()
        mine = [each for each in listed if ((each["head"]["repo"] or {}).get("full_name", "")).casefold() == name]
        found = sorted((_pull(each) for each in mine), key=lambda pull: (pull.open, pull.number))
        return found[-1] if found else None

    async def newest(self) -> list[tuple[str, Pull]]:
        """The drafts' branches of this repository with their pull requests, among the newest hundred of all.

        One from a fork is not looked at: anybody could call a branch there like a draft's.
        """
        listed = await self._client.get(self._client.repo("/pulls"), state="all", per_page=100)
        name = self._client.repository.casefold()
        mine = [each for each in listed if ((each["head"]["repo"] or {}).get("full_name", "")).casefold() == name]
        return [(str(each["head"]["ref"]), _pull(each)) for each in mine if BRANCH.fullmatch(each["head"]["ref"])]

    async def make(self, request: DraftRequest, base: Base, *, strange: bool) -> Pull:
        """A draft pull request of the branch, or the one that somebody was faster with. Raises ForgeError."""
        self._point("forge.before.pull")
        try:
            made = await self._make(request, base, strange=strange, draft=True)
        except Rejected as error:
            if error.status != 422:
                raise
            found = await self.of_branch(request.branch)
            if found is not None:
                return found
            said = error.said.casefold()
            if "already exists" in said or "'head'" in said:
                raise ForgeError("GitHub does not show the branch or its pull request everywhere yet") from error
            if "draft pull requests are not supported" not in said:
                raise
            if self._without_drafts == "refuse":
                remedy = 'make the repository public, change its plan, or write without-drafts = "open" under [github]'
                raise ForgeError("the repository takes no draft pull requests", remedy=remedy, retry=False) from error
            made = await self._make(request, base, strange=strange, draft=False)
        self._point("forge.after.pull")
        return _pull(made)

    async def _make(self, request: DraftRequest, base: Base, *, strange: bool, draft: bool) -> Any:
        body = body_of(request.body, strange=strange, ready=not draft)
        data = {"title": request.title, "head": request.branch, "base": base.branch, "body": body, "draft": draft}
        return await self._client.post(self._client.repo("/pulls"), data)

    async def refresh(self, pull: Pull, request: DraftRequest, *, strange: bool) -> None:
        """Bring title and body up to date, unless a person has edited the body."""
        body = body_of(request.body, strange=strange, ready=not pull.draft and _says(pull.body, READY))
        if not untouched(pull.body) or (_lines(pull.body) == _lines(body) and pull.title == request.title):
            return
        self._point("forge.before.words")
        data = {"title": request.title, "body": body}
        await self._client.patch(self._client.repo(f"/pulls/{pull.number}"), data)
        self._point("forge.after.words")

    async def label(self, pull: Pull) -> None:
        """Put on the configured labels that the repository has. A draft without its labels is a draft all the same."""
        missing = [name for name in self._labels if name.casefold() not in pull.labels]
        try:
            known = [name for name in missing if await self._client.find(self._client.repo(f"/labels/{part(name)}"))]
            if known:
                self._point("forge.before.labels")
                await self._client.post(self._client.repo(f"/issues/{pull.number}/labels"), {"labels": known})
                self._point("forge.after.labels")
        except Rejected as error:
            log.warning("labels not put on", pull=pull.number, why=error.what, remedy=error.remedy)


def body_of(text: str, *, strange: bool, ready: bool) -> str:
    """The body as it is written: the core's minutes, what a reader must know of this pull request, and the mark."""
    remarks = [f"> {remark}" for remark, said in ((READY, ready), (STRANGE, strange)) if said]
    words = "\n\n".join([text.strip("\n"), *remarks])
    return f"{words}\n\n<!-- folkmoot {_digest(words)} -->\n"


def untouched(body: str) -> bool:
    """Whether a body is as the bot wrote it."""
    found = MARK.search(_lines(body))
    return found is not None and _digest(_lines(body)[: found.start()]) == found[1]


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").rstrip("\n")


def _says(body: str, remark: str) -> bool:
    return f"> {remark}" in body


def _pull(found: Any) -> Pull:
    return Pull(
        number=int(found["number"]),
        url=str(found["html_url"]),
        open=found["state"] == "open",
        draft=bool(found.get("draft", False)),
        head=str(found["head"]["sha"]),
        base=str(found["base"]["sha"]),
        title=str(found["title"]),
        body=found["body"] or "",
        labels=frozenset(str(each["name"]).casefold() for each in found["labels"]),
        author=int((found["user"] or {}).get("id", 0)),
    )
