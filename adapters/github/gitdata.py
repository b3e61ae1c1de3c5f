"""Reads a repository through GitHub's Git Data API: one commit at a time, tree by tree. No clone, no git program (T26).

Must never follow a symbolic link or go into a submodule (T25), or hold more than a bounded number of objects.
"""

from __future__ import annotations

import base64
import binascii
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from adapters.github.client import Client, part
from bot.git.difftext import NO_BLOB, blob_id
from bot.ports import ForgeError

MAX_BLOB: Final = 1 << 20
_KEPT: Final = 64
_REGULAR: Final = "100"
"""How the modes of regular files begin; old repositories have others than 100644 and 100755."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """The default branch and the commit it stands at."""

    branch: str
    commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A regular file in a commit; `mode` as git writes it."""

    mode: str
    blob: str
    data: bytes


NOTHING: Final = Entry(mode="100644", blob=NO_BLOB, data=b"")
"""No file: what stands at a path before a draft creates it."""


class Unfit(ForgeError):
    """What stands at a path is no file that can be read, and waiting does not make it one."""

    def __init__(self, what: str, *, remedy: str = "") -> None:
        super().__init__(what, remedy=remedy, retry=False)


class Recent(OrderedDict[str, T]):
    """The objects last read, by name; a name never gets other content."""

    def keep(self, name: str, value: T) -> T:
        self[name] = value
        while len(self) > _KEPT:
            self.popitem(last=False)
        return value


class GitData:
    """The repository's branches, commits, trees and files. `branch` is the default branch where it is configured."""

    def __init__(self, client: Client, branch: str | None) -> None:
        self._client, self._branch = client, branch
        self._tree_of: Recent[str] = Recent()
        self._trees: Recent[dict[str, Any]] = Recent()
        self._blobs: Recent[bytes] = Recent()

    async def base(self) -> Base:
        """The default branch (R1), configured or GitHub's own, and its commit now. Never a draft's branch."""
        name = await self.default_branch()
        remedy = "set `branch` in the configuration"
        if name.startswith("folkmoot/"):
            raise ForgeError(f"{name} is a draft's branch, not a default branch", remedy=remedy, retry=False)
        commit = await self.head(name)
        if commit is None:
            raise ForgeError(f"the branch {name} does not exist", remedy=remedy, retry=False)
        return Base(branch=name, commit=commit)

    async def default_branch(self) -> str:
        """Its name, configured or GitHub's own."""
        if self._branch is not None:
            return self._branch
        return str((await self._client.get(self._client.repo()))["default_branch"])

    async def web(self) -> str:
        """Where people see the repository."""
        return str((await self._client.get(self._client.repo()))["html_url"]).rstrip("/")

    async def head(self, branch: str) -> str | None:
        """The commit that a branch stands at, or None if there is no such branch."""
        found = await self._client.find(self._client.repo(f"/git/ref/heads/{part(branch)}"))
        if found is None:
            return None
        if found["object"]["type"] != "commit":
            raise ForgeError(f"{branch} does not stand at a commit", retry=False)
        return str(found["object"]["sha"])

    async def tree_of(self, commit: str) -> str:
        """The name of a commit's tree."""
        known = self._tree_of.get(commit)
        if known is not None:
            return known
        found = await self._client.get(self._client.repo(f"/git/commits/{commit}"))
        return self._tree_of.keep(commit, str(found["tree"]["sha"]))

    async def file(self, commit: str, path: str) -> Entry:
        """The regular file at this path. Raises ForgeError if it is missing, a symlink (T25), or over 1 MiB (T36)."""
        found = await self.entry(commit, path)
        if found is NOTHING:
            raise ForgeError(f"there is no file {path} on the default branch", remedy="correct the path", retry=False)
        return found

    async def entry(self, commit: str, path: str) -> Entry:
        """The regular file at this path, or NOTHING where it or a folder on the way is missing. Raises like `file`."""
        tree, (*folders, name) = await self.tree_of(commit), path.split("/")
        for folder in folders:
            found = await self._in_tree(tree, folder)
            if found is None:
                return NOTHING
            if found["type"] != "tree":
                raise Unfit(f"{path} leads through something that is not a directory")
            tree = str(found["sha"])
        found = await self._in_tree(tree, name)
        if found is None:
            return NOTHING
        if found["type"] != "blob" or not str(found["mode"]).startswith(_REGULAR):
            kind = "a symbolic link" if found["mode"] == "120000" else "not a regular file"
            raise Unfit(f"{path} is {kind}", remedy="configure the path of the file itself")
        if found.get("size", 0) > MAX_BLOB:
            raise Unfit(f"{path} has {found['size']} bytes", remedy=f"keep it under {MAX_BLOB}")
        return Entry(mode=str(found["mode"]), blob=str(found["sha"]), data=await self._blob(str(found["sha"]), path))

    async def _in_tree(self, tree: str, name: str) -> Any:
        """The entry of this name in a tree, or None."""
        entries = self._trees.get(tree)
        if entries is None:
            found = await self._client.get(self._client.repo(f"/git/trees/{tree}"))
            entries = {each["path"]: each for each in found["tree"]}
            if found["truncated"]:
                if name not in entries:
                    raise Unfit("a folder has too many files for GitHub to list")
                return entries[name]
            self._trees.keep(tree, entries)
        return entries.get(name)

    async def _blob(self, sha: str, path: str) -> bytes:
        known = self._blobs.get(sha)
        if known is not None:
            return known
        found = await self._client.get(self._client.repo(f"/git/blobs/{sha}"))
        try:
            data = base64.b64decode(found["content"])
        except (binascii.Error, ValueError) as error:
            raise ForgeError(f"GitHub's answer for {path} cannot be read") from error
        if blob_id(data) != sha:
            raise ForgeError(f"{path} came from GitHub with other bytes than its name says")
        return self._blobs.keep(sha, data)
