"""The branch of a draft: whether it is the clerk's own, and how it is made or follows the default branch (F28, F30).

Must never write to any other branch (R48), or move one that holds a person's commits.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

from adapters.github.accounts import Accounts
from adapters.github.client import Client
from adapters.github.errors import Rejected
from adapters.github.gitdata import NOTHING, Base, Entry, GitData
from bot.git.difftext import blob_id
from bot.ports import DraftRequest, ForgeError, Point, RosterError

_FORGE: Final = "noreply@"
"""How the address begins in whose name GitHub, or GitHub Enterprise, commits for an app."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A request looked at: the default branch, the file there, and its bytes as they should become."""

    base: Base
    entry: Entry
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Tip:
    """A draft's branch as it stands. `strange`: it is not, or not only, the clerk's one commit."""

    commit: str
    base: str
    strange: bool = False


class Branches:
    """The drafts' branches of one repository."""

    def __init__(
        self, client: Client, git: GitData, accounts: Accounts, *, sign_off: Literal["none", "bot"], point: Point
    ) -> None:
        self._client, self._git, self._accounts = client, git, accounts
        self._sign_off, self._point = sign_off, point

    async def wanted(self, request: DraftRequest) -> Wanted | None:
        """What the change comes to now; None where the default branch has it (F30)."""
        base = await self._git.base()
        find = self._git.entry if request.creates else self._git.file
        entry = await find(base.commit, request.path)
        data = request.edit(entry.data)
        return None if data is None or data == entry.data else Wanted(base=base, entry=entry, data=data)

    async def stand(self, request: DraftRequest, wanted: Wanted) -> Tip:
        """The branch, made, moved to the default branch's head, or left as a person has it."""
        head = await self._git.head(request.branch)
        found = await self._found(request, wanted, head) if head is not None else None
        return found if found is not None else await self._make(request, wanted, head)

    async def _found(self, request: DraftRequest, wanted: Wanted, head: str) -> Tip | None:
        """The branch as it is to stay, or None if the clerk may put it at a new commit (F30)."""
        parent = await self._own_parent(request, wanted.base, head)
        if parent is None:
            common = await self._merge_base(head, wanted.base.commit)
            return None if common == head else Tip(commit=head, base=common or head, strange=True)
        if await self._contains(wanted.base.commit, head):
            return Tip(commit=head, base=parent)
        here, there = await self._git.entry(head, request.path), await self._git.entry(parent, request.path)
        same = (there.blob, there.mode) == (wanted.entry.blob, wanted.entry.mode)
        return Tip(commit=head, base=parent) if same and here.data == wanted.data else None

    async def _own_parent(self, request: DraftRequest, base: Base, head: str) -> str | None:
        """The commit that ours stands on, if the branch is one commit of the clerk's on the default branch's history.

        It has to be the bot's account's, not committed anew since, and hold this edit of its parent's file and nothing
        else. Anything beside that is a person's: then None, and it is never moved.
        """
        commit = await self._client.get(self._client.repo(f"/commits/{head}"))
        own = await self._accounts.own()
        if len(commit["parents"]) != 1 or not _touches_only(request.path, commit) or not _is_by(commit, own.id):
            return None
        parent = str(commit["parents"][0]["sha"])
        before, after = await self._git.entry(parent, request.path), await self._git.entry(head, request.path)
        if after is NOTHING or _edited(request.edit, before.data) != after.data:
            return None
        return parent if await self._contains(base.commit, parent) else None

    async def _make(self, request: DraftRequest, wanted: Wanted, head: str | None) -> Tip:
        self._point("forge.before.objects")
        commit = await self._commit(request, wanted)
        self._point("forge.after.objects")
        self._point("forge.before.ref")
        if head is None:
            await self._create(request.branch, commit)
        else:
            await self._move(request.branch, head, commit)
        self._point("forge.after.ref")
        return Tip(commit=commit, base=wanted.base.commit)

    async def _commit(self, request: DraftRequest, wanted: Wanted) -> str:
        """Blob, tree and commit. Nobody is named as author, so that GitHub signs what an app commits."""
        repo, post = self._client.repo, self._client.post
        data = {"content": base64.b64encode(wanted.data).decode(), "encoding": "base64"}
        blob = await post(repo("/git/blobs"), data)
        if blob["sha"] != blob_id(wanted.data):
            raise ForgeError("GitHub stored other bytes than it was given")
        base = await self._git.tree_of(wanted.base.commit)
        mode = "100755" if wanted.entry.mode == "100755" else "100644"
        change = {"path": request.path, "mode": mode, "type": "blob", "sha": blob["sha"]}
        tree = await post(repo("/git/trees"), {"base_tree": base, "tree": [change]})
        message = await self.message(request)
        data = {"message": message, "tree": tree["sha"], "parents": [wanted.base.commit]}  # type: ignore[dict-item]
        commit = str((await post(repo("/git/commits"), data))["sha"])
        await self._prove_one_path(wanted.base.commit, commit, request.path)
        return commit

    async def message(self, request: DraftRequest) -> str:
        """The commit's message; with the bot's own sign-off if that is configured, never a human's (R49)."""
        text = request.message.rstrip("\n")
        if self._sign_off == "none":
            return text + "\n"
        own = await self._accounts.own()
        return f"{text}\nSigned-off-by: {own.login} <{own.mail}>\n"

    async def _prove_one_path(self, before: str, after: str, path: str) -> None:
        """Raise unless the commit changes this one path and nothing else (T25)."""
        found = await self._client.get(self._client.repo(f"/compare/{before}...{after}"), per_page=1)
        if not _touches_only(path, found):
            raise ForgeError(f"the commit would change something other than {path}", retry=False)

    async def _create(self, branch: str, commit: str) -> None:
        data = {"ref": f"refs/heads/{branch}", "sha": commit}
        try:
            await self._client.post(self._client.repo("/git/refs"), data)
        except Rejected as error:
            if error.status == 422 and "already exists" in error.said:
                raise ForgeError(f"{branch} was made by someone else at the same moment") from error
            if error.status == 422:
                what, remedy = f"{branch} cannot be made: {error.said}", "see the repository's rules for branches"
                raise ForgeError(what, remedy=remedy, retry=False) from error
            raise

    async def _move(self, branch: str, old: str, new: str) -> None:
        """Put the branch, which is the clerk's alone, at a new commit. GitHub compares nothing: so look once more."""
        if await self._git.head(branch) != old:
            raise ForgeError(f"{branch} was changed by someone else at the same moment")
        data = {"sha": new, "force": True}
        await self._client.patch(self._client.repo(f"/git/refs/heads/{branch}"), data)

    async def _merge_base(self, one: str, other: str) -> str | None:
        """The newest commit that both stand on, or None."""
        found = await self._client.find(self._client.repo(f"/compare/{one}...{other}"), per_page=1)
        return None if found is None else str(found["merge_base_commit"]["sha"])

    async def _contains(self, head: str, commit: str) -> bool:
        """Whether the head contains the commit."""
        return head == commit or await self._merge_base(commit, head) == commit


def _touches_only(path: str, change: Any) -> bool:
    """Whether a commit or a comparison changes this one path."""
    files = change.get("files", ())
    return [each["filename"] for each in files] == [path] and files[0]["status"] != "renamed"


def _is_by(commit: Any, account: int) -> bool:
    """Whether the bot's account wrote this and nobody has committed it anew, as an amendment or a rebase would."""
    author, committer, said = commit["author"], commit["committer"], commit["commit"]
    forge = str(said["committer"]["email"]).startswith(_FORGE)
    mine = author is not None and author.get("id") == account
    kept = said["author"]["date"] == said["committer"]["date"]
    return mine and kept and (forge or (committer is not None and committer.get("id") == account))


def _edited(edit: Callable[[bytes], bytes | None], data: bytes) -> bytes | None:
    """What our edit makes of these bytes; None where it refuses them."""
    try:
        return edit(data)
    except (RosterError, ForgeError, ValueError, LookupError):
        return None  # a file that cannot be edited any more proves nothing
