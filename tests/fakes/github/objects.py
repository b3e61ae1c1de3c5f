"""Git objects in memory with their real names (SHA-1), as dulwich computes them, and what a forge asks of them."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from dulwich.diff_tree import tree_changes
from dulwich.object_store import MemoryObjectStore
from dulwich.objects import Blob, Commit, ObjectID, ShaFile, Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Who wrote a commit, and when."""

    name: str
    mail: str
    at: datetime


class Objects:
    """The objects of one repository."""

    def __init__(self) -> None:
        self.store = MemoryObjectStore()

    def add(self, thing: ShaFile) -> str:
        self.store.add_object(thing)
        return thing.id.decode()

    def has(self, sha: str) -> bool:
        return len(sha) == 40 and ObjectID(sha.encode()) in self.store

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(sha.decode() for sha in self.store))

    def blob(self, sha: str) -> Blob | None:
        found = self._get(sha)
        return found if isinstance(found, Blob) else None

    def tree(self, sha: str) -> Tree | None:
        found = self._get(sha)
        return found if isinstance(found, Tree) else None

    def commit(self, sha: str) -> Commit | None:
        found = self._get(sha)
        return found if isinstance(found, Commit) else None

    def _get(self, sha: str) -> ShaFile | None:
        return self.store[ObjectID(sha.encode())] if self.has(sha) else None

    def write_blob(self, data: bytes) -> str:
        return self.add(Blob.from_string(data))

    def write_tree(self, base: str | None, entries: Sequence[tuple[str, int, str | None]]) -> str:
        """A tree from another one with these paths set; None removes."""
        sha = base
        for path, mode, target in entries:
            sha = self._with(sha, path.encode().split(b"/"), mode, target)
        return sha or self.add(Tree())

    def write_commit(self, *, tree: str, parents: Sequence[str], message: str, author: Stamp, committer: Stamp) -> str:
        commit = Commit()
        commit.tree, commit.parents = ObjectID(tree.encode()), [ObjectID(each.encode()) for each in parents]
        commit.author, commit.committer = (f"{who.name} <{who.mail}>".encode() for who in (author, committer))
        commit.author_time, commit.commit_time = int(author.at.timestamp()), int(committer.at.timestamp())
        commit.author_timezone = commit.commit_timezone = 0
        commit.message = message.encode()
        return self.add(commit)

    def tree_of(self, commit: str) -> str:
        found = self.commit(commit)
        assert found is not None, commit
        return str(found.tree.decode())

    def parents(self, commit: str) -> tuple[str, ...]:
        found = self.commit(commit)
        return tuple(each.decode() for each in found.parents) if found is not None else ()

    def file(self, commit: str, path: str) -> bytes:
        tree = self.tree(self.tree_of(commit))
        assert tree is not None
        blob = self.store[tree.lookup_path(self.store.__getitem__, path.encode())[1]]
        assert isinstance(blob, Blob)
        return blob.data

    def changed(self, before: str | None, after: str) -> list[tuple[str, str, bytes, bytes]]:
        """Each path that differs: its name, `added`, `removed` or `modified`, and its bytes before and after."""
        trees = (ObjectID(self.tree_of(before).encode()) if before else None, ObjectID(self.tree_of(after).encode()))
        found = []
        for change in tree_changes(self.store, *trees):
            kind = {"add": "added", "delete": "removed"}.get(change.type, "modified")
            side = change.new or change.old
            assert side is not None
            found.append((side.path.decode(), kind, self._bytes(change.old), self._bytes(change.new)))
        return found

    def ancestors(self, commit: str) -> Iterator[str]:
        """The commit and all behind it, newest first."""
        seen, left = {commit}, [commit]
        while left:
            left.sort(key=lambda sha: self._time(sha))
            sha = left.pop()
            yield sha
            for parent in self.parents(sha):
                if parent not in seen:
                    seen.add(parent)
                    left.append(parent)

    def merge_base(self, one: str, other: str) -> str | None:
        mine = set(self.ancestors(one))
        return next((sha for sha in self.ancestors(other) if sha in mine), None)

    def _time(self, sha: str) -> int:
        found = self.commit(sha)
        return int(found.commit_time) if found is not None else 0

    def _bytes(self, entry: object) -> bytes:
        sha = getattr(entry, "sha", None)
        found = self.store[sha] if sha is not None and sha in self.store else None
        return found.data if isinstance(found, Blob) else b""

    def _with(self, tree: str | None, parts: list[bytes], mode: int, target: str | None) -> str:
        found = (self.tree(tree) if tree else None) or Tree()
        made = Tree()
        for entry in found.items():
            made.add(entry.path, entry.mode, entry.sha)
        name, *rest = parts
        if rest:
            below = made[name] if name in made else None  # noqa: SIM401 - trees have no `get`
            inside = below[1].decode() if below is not None and stat.S_ISDIR(below[0]) else None
            made[name] = (0o040000, ObjectID(self._with(inside, rest, mode, target).encode()))
        elif target is None:
            del made[name]
        else:
            made[name] = (mode, ObjectID(target.encode()))
        return self.add(made)
