"""Issues and pull requests as places where one votes: the bot's comments there, what others wrote, who edited it.

Must never touch a comment that is not the bot's own, or write to a page more than one comment a key.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal

from adapters.github.accounts import Accounts
from adapters.github.checks import Checks
from adapters.github.client import Client
from adapters.github.errors import GONE, Rejected
from adapters.github.gitdata import NOTHING, GitData, Unfit
from adapters.github.markdown import drawn
from bot.core.cards import Card
from bot.core.dco import Signer
from bot.core.guard import Verdict
from bot.core.people import PlatformUser
from bot.ports import (
    OpenPull,
    Page,
    Point,
    PullChange,
    PullCommit,
    PullCommits,
    ReactedThere,
    Spoken,
    no_point,
)

KEPT_NODES: Final = 2000
MAX_FILES: Final = 3000
"""GitHub lists no more files of a pull request."""
_MARKS: Final = {"recorded": "eyes", "refused": "confused"}
EDITOR: Final = """query($id: ID!) { node(id: $id) {
  ... on IssueComment { author { ...who } editor { ...who } lastEditedAt }
  ... on Issue { author { ...who } editor { ...who } lastEditedAt }
  ... on PullRequest { author { ...who } editor { ...who } lastEditedAt } } }
fragment who on Actor { __typename ... on User { databaseId } ... on Bot { databaseId } }"""
"""Whose words these are, and who edited them last."""


class GitHubThreads:
    """`Threads` and `PullChanges` of one repository."""

    def __init__(self, client: Client, git: GitData, accounts: Accounts, *, point: Point = no_point) -> None:
        self._client, self._git, self._accounts, self._point = client, git, accounts, point
        self._checks = Checks(client, git, accounts, point=point)
        self._web = ""
        self._known: dict[str, int] = {}
        self._nodes: dict[str, str] = {}
        self._lock = asyncio.Lock()

    async def number_of(self, link: str) -> int:
        """The number of the issue or pull request that a link names; 0 for a link to anything else."""
        if not self._web:
            self._web = await self._git.web()
        base, rest = link[: len(self._web)], link[len(self._web) :]
        found = re.fullmatch(r"/(?:issues|pull)/([0-9]{1,9})(?:[/?#].*)?", rest)
        return int(found[1]) if found is not None and base.casefold() == self._web.casefold() else 0

    async def page(self, number: int) -> Page | None:
        """The issue or pull request of this number; None if there is none, or it has left. Raises ForgeError."""
        try:
            found = await self._client.get(self._client.repo(f"/issues/{number}"))
        except Rejected as error:
            if error.status in GONE:
                return None
            raise
        if found.get("user") is None:
            return None
        return Page(
            number=int(found["number"]),
            url=str(found["html_url"]),
            title=str(found["title"]),
            text=found.get("body") or "",
            author=user_of(found["user"]),
            pull="pull_request" in found,
        )

    # ------------------------------------------------------------------ the bot's comments

    async def keep(self, number: int, key: str, card: Card) -> str:
        """The bot's one comment with this key: found, made, or brought up to date (F28). Raises ForgeError."""
        body = f"{drawn(card)}\n\n{_mark_of(key)}\n"
        async with self._lock, self._client.use():
            found = await self._own(number, key)
            if found is None:
                self._point("forge.before.comment")
                made = await self._client.post(self._client.repo(f"/issues/{number}/comments"), {"body": body})
                self._point("forge.after.comment")
                self._known[key] = int(made["id"])
                return str(made["id"])
            if _lines(found["body"] or "") != _lines(body):
                self._point("forge.before.comment")
                path = self._client.repo(f"/issues/comments/{found['id']}")
                await self._client.patch(path, {"body": body})
                self._point("forge.after.comment")
            return str(found["id"])

    async def _own(self, number: int, key: str) -> Any | None:
        """The bot's comment with this key; a person's that copies the mark is none."""
        own, mark = await self._accounts.own(), _mark_of(key)
        known = self._known.get(key)
        if known is not None:
            found = await self._client.find(self._client.repo(f"/issues/comments/{known}"))
            if found is not None:
                return found
        async for each in self._client.pages(self._client.repo(f"/issues/{number}/comments")):
            if _id(each.get("user")) == own.id and _lines(each["body"] or "").endswith(mark):
                self._known[key] = int(each["id"])
                return each
        self._known.pop(key, None)
        return None

    async def mark(self, spoken: Spoken, how: Literal["recorded", "refused"]) -> None:
        """Show the writer, by a reaction, what became of their words. Raises ForgeError."""
        kind, _, number = spoken.id.partition(":")
        path = f"/issues/{number}/reactions" if kind == "body" else f"/issues/comments/{number}/reactions"
        await self._client.post(self._client.repo(path), {"content": _MARKS[how]})

    # ------------------------------------------------------------------ what others wrote

    async def own_words(self, spoken: Spoken) -> bool:
        """Whether nobody but the writer edited this last: who may write to a repository may edit others' words.

        Not where an account is gone: of one that edited and was deleted GitHub names nobody. Raises ForgeError.
        """
        node = self._nodes.pop(spoken.id, "") or await self._node_of(spoken)
        found = await self._client.graphql(EDITOR, {"id": node})
        said = (found.get("node") or {}) if isinstance(found, dict) else {}
        author, editor = said.get("author"), said.get("editor")
        if author is None or f"github:{author.get('databaseId')}" != spoken.who.key:
            return False
        return bool(editor.get("databaseId") == author["databaseId"]) if editor else said.get("lastEditedAt") is None

    async def _node_of(self, spoken: Spoken) -> str:
        kind, _, number = spoken.id.partition(":")
        path = f"/issues/{number}" if kind == "body" else f"/issues/comments/{number}"
        return str((await self._client.get(self._client.repo(path)))["node_id"])

    async def own_id(self) -> int:
        """The id of the bot's own account. Raises ForgeError."""
        return (await self._accounts.own()).id

    def spoken(self, found: Any, *, own: int) -> Spoken | None:
        """A comment of GitHub's as it is handed on; None where its account is gone, and with it who they were."""
        if found.get("user") is None:
            return None
        at, edited = datetime.fromisoformat(found["created_at"]), datetime.fromisoformat(found["updated_at"])
        if len(self._nodes) >= KEPT_NODES:
            self._nodes.clear()
        self._nodes[f"comment:{int(found['id'])}"] = str(found.get("node_id") or "")
        return Spoken(
            id=f"comment:{int(found['id'])}",
            thread=int(str(found["issue_url"]).rpartition("/")[2]),
            who=user_of(found["user"]),
            login=str(found["user"]["login"]),
            robot=found["user"]["type"] != "User" or _id(found["user"]) == own,
            text=found.get("body") or "",
            at=at,
            edited=edited if edited != at else None,
            url=str(found["html_url"]),
        )

    def body(self, found: Any, *, own: int) -> Spoken | None:
        """The same for the text of an issue or pull request. `edited` is any change of the page: more is not told."""
        if found.get("user") is None:
            return None
        at = datetime.fromisoformat(found["created_at"])
        changed = datetime.fromisoformat(found["updated_at"])
        return Spoken(
            id=f"body:{int(found['number'])}",
            thread=int(found["number"]),
            who=user_of(found["user"]),
            login=str(found["user"]["login"]),
            robot=found["user"]["type"] != "User" or _id(found["user"]) == own,
            text=found.get("body") or "",
            at=at,
            edited=changed if changed != at else None,
            url=str(found["html_url"]),
        )

    def reaction(self, found: Any, thread: int, comment: str) -> ReactedThere | None:
        """A reaction on this comment as it is handed on."""
        if found.get("user") is None or found["user"]["type"] != "User":
            return None
        return ReactedThere(
            id=f"reaction:{int(found['id'])}",
            thread=thread,
            comment=comment,
            who=user_of(found["user"]),
            login=str(found["user"]["login"]),
            name=str(found["content"]),
            at=datetime.fromisoformat(found["created_at"]),
        )

    # ------------------------------------------------------------------ pull requests

    async def pulls(self) -> Sequence[OpenPull]:
        """All open pull requests onto the default branch. Raises ForgeError."""
        return await self._checks.pulls()

    async def show(self, pull: OpenPull, verdict: Verdict) -> None:
        """Show the verdict on this very commit, as a check run. Raises ForgeError."""
        await self._checks.show(pull, verdict)

    async def commits(self, number: int) -> PullCommits | None:
        """Its commits and what is said beneath it; None if there is no such pull request. Raises ForgeError."""
        async with self._client.use():
            pull = await self._client.find(self._client.repo(f"/pulls/{number}"))
            if pull is None or pull.get("user") is None:
                return None
            own, path = await self.own_id(), self._client.repo(f"/pulls/{number}/commits")
            commits = [_commit_of(each) async for each in self._client.pages(path)]
            talk = self._client.pages(self._client.repo(f"/issues/{number}/comments"))
            found = [self.body(pull, own=own), *[self.spoken(each, own=own) async for each in talk]]
            return PullCommits(
                number=number,
                author=user_of(pull["user"]),
                commits=tuple(commits),
                said=tuple(each for each in found if each is not None),
            )

    async def change(self, number: int, path: str) -> PullChange | None:
        """What an open pull request does to this file, from where the branches part to its head. Raises ForgeError."""
        async with self._client.use():
            pull = await self._client.find(self._client.repo(f"/pulls/{number}"))
            if pull is None or pull["state"] != "open":
                return None
            head, base = str(pull["head"]["sha"]), str(pull["base"]["sha"])
            compared = await self._client.find(self._client.repo(f"/compare/{base}...{head}"), per_page=1) or {}
            start, branch = str(compared.get("merge_base_commit", {}).get("sha", "")), str(pull["head"]["ref"])
            names = {str(each["filename"]) for each in compared.get("files") or ()}
            before = after = NOTHING
            why = "" if start else "it shares no history with the branch that it is for"
            try:
                if start:
                    before, after = await self._git.entry(start, path), await self._git.entry(head, path)
            except Unfit as error:
                why = error.what
            return PullChange(
                number=number,
                head=head,
                base=start,
                branch=branch,
                before=None if before is NOTHING else before.data,
                after=None if after is NOTHING else after.data,
                others=bool(names - {path}),
                unreadable=why,
            )


def _commit_of(found: Any) -> PullCommit:
    who = found["commit"]["author"] or {}
    return PullCommit(
        commit=str(found["sha"]),
        message=str(found["commit"]["message"]),
        author=Signer(name=str(who.get("name") or ""), mail=str(who.get("email") or "")),
        merge=len(found["parents"]) > 1,
        who=user_of(found["author"]) if found.get("author") else None,
    )


def user_of(found: Any) -> PlatformUser:
    """An account of GitHub's by its numeric id."""
    return PlatformUser(platform="github", team="", user=str(int(found["id"])))


def _id(found: Any) -> int | None:
    return int(found["id"]) if found is not None else None


def _mark_of(key: str) -> str:
    """What the bot's comment with this key ends with. It tells nothing: keys name people by their ids."""
    return f"<!-- folkmoot {hashlib.sha256(key.encode()).hexdigest()[:32]} -->"


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").rstrip("\n")
