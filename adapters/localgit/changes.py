"""One file's change as git objects in memory, proved to touch exactly one path (T25), and its diffs.

Must never write: the caller stores the objects, or throws them away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from dulwich.diff_tree import tree_changes
from dulwich.object_store import BaseObjectStore, MemoryObjectStore, OverlayObjectStore
from dulwich.objects import Blob, Commit, ObjectID, ShaFile, Tree, TreeEntry
from dulwich.repo import Repo

from adapters.localgit.repository import NOTHING, Entry, commit_at, holding, trees_to
from bot.git import difftext
from bot.ports import ForgeError


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A commit to be and the objects that it needs, blob first, commit last."""

    commit: Commit
    objects: tuple[ShaFile, ...]


def build(
    repo: Repo, *, parent: ObjectID, path: str, entry: Entry, data: bytes, message: str, who: str, at: datetime
) -> Change:
    """The commit that puts these bytes at the path. The same input gives the same commit id.

    Only the trees on the path are made anew, so a large repository costs no more than a small one. Where the entry is
    NOTHING, the file and the folders that it lacks are made.
    """
    blob = Blob.from_string(data)
    objects: list[ShaFile] = [blob]
    mode, sha = entry.mode, blob.id
    names = path.encode().split(b"/")
    for name, old in zip(reversed(names), reversed(trees_to(repo, parent, path)), strict=True):
        tree = cast(Tree, old.copy())
        tree[name] = (mode, sha)
        objects.append(tree)
        mode, sha = 0o040000, tree.id
    commit = make_commit(tree=sha, parents=[parent], message=message, who=who, at=at)
    change = Change(commit=commit, objects=(*objects, commit))
    _prove_one_path(repo, change, path)
    return change


def make_commit(*, tree: ObjectID, parents: list[ObjectID], message: str, who: str, at: datetime) -> Commit:
    """A commit object of this tree, in UTC; whole seconds, as git has it."""
    commit = Commit()
    commit.tree, commit.parents = tree, parents
    commit.author = commit.committer = who.encode()
    commit.author_time = commit.commit_time = int(at.timestamp())
    commit.author_timezone = commit.commit_timezone = 0
    commit.encoding = None
    commit.message = commit_message(message)
    return commit


def commit_message(message: str) -> bytes:
    """The message's bytes as they stand in a commit: with one newline at the end."""
    return (message.rstrip("\n") + "\n").encode()


def changed_paths(store: BaseObjectStore, before: ObjectID, after: ObjectID) -> list[bytes]:
    """The paths that differ between two trees; equal subtrees are not entered."""
    found: set[bytes] = set()
    with holding():
        for change in tree_changes(store, before, after):
            found |= {entry.path for entry in (change.old, change.new) if entry is not None}
    return sorted(found)


def file_diff(path: str, before: Entry, after: bytes) -> bytes:
    """The file as git prints it: header, index line, hunks. A new file comes from /dev/null."""
    return difftext.file_diff(path, mode=before.mode, before=None if before is NOTHING else before.data, after=after)


def tree_diff(repo: Repo, before: ObjectID, after: ObjectID) -> str:
    """Everything that differs between two commits, as text to look at; bytes that are not UTF-8 are replaced."""
    store, parts = repo.object_store, []
    trees = (commit_at(repo, before).tree, commit_at(repo, after).tree)
    with holding():
        for change in tree_changes(store, *trees):
            (old, a), (new, b) = _side(store, "a/", change.old), _side(store, "b/", change.new)
            parts.append(b"".join(difftext.hunks(old, new, a, b)))
    return b"".join(parts).decode("utf-8", "replace")


def _side(store: BaseObjectStore, prefix: str, entry: TreeEntry | None) -> tuple[str, bytes]:
    if entry is None:
        return "/dev/null", b""
    found = store[entry.sha] if entry.sha in store else None  # noqa: SIM401 - the store has no `get`
    return difftext.quoted(prefix + entry.path.decode("utf-8", "replace")), found.data if isinstance(
        found, Blob
    ) else b""


def _prove_one_path(repo: Repo, change: Change, path: str) -> None:
    """Raise unless the commit changes this one path and nothing else (T25)."""
    memory = MemoryObjectStore()
    for each in change.objects:
        memory.add_object(each)
    store = OverlayObjectStore([memory, repo.object_store])
    before = commit_at(repo, change.commit.parents[0]).tree
    if changed_paths(store, before, change.commit.tree) != [path.encode()]:
        raise ForgeError(f"the commit would change something other than {path}", retry=False)
