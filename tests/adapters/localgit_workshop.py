"""A local repository that tests can look into and change behind the adapter's back, made with dulwich alone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from dulwich.diff_tree import tree_changes
from dulwich.objects import Blob, Commit, ObjectID, Tree
from dulwich.refs import Ref
from dulwich.repo import Repo

from adapters.localgit import LocalGit
from bot.ports import Point, no_point

PERSON: Final = b"Ann Person <ann@example.org>"
START: Final = int(datetime(2026, 1, 5, 12, tzinfo=UTC).timestamp())


class LocalGitWorkshop:
    """A bare repository `repo.git` and a folder for records `drafts` in one directory."""

    def __init__(self, folder: Path, *, path: Path | None = None) -> None:
        self.path, self.records = path or folder / "repo.git", folder / "drafts"
        self.count = 0
        if path is None:
            self.path.mkdir(parents=True)
            Repo.init_bare(str(self.path), default_branch=b"main").close()

    def forge(self, point: Point = no_point, *, branch: str | None = None) -> LocalGit:
        return LocalGit(path=self.path, branch=branch, records=self.records, point=point)

    def put(self, files: dict[str, bytes | None], *, branch: str = "main", links: bool = False) -> str:
        ref, mode = Ref(b"refs/heads/" + branch.encode()), 0o120000 if links else 0o100644
        with Repo(str(self.path)) as repo:
            parent = self.head(branch) or self.head("main")
            tree = self._commit(repo, parent).tree if parent is not None else None
            for path, data in files.items():
                tree = self._set(repo, tree, path.encode().split(b"/"), data, mode)
            assert tree is not None
            commit = Commit()
            commit.tree, commit.parents = tree, [ObjectID(parent.encode())] if parent else []
            commit.author = commit.committer = PERSON
            self.count += 1
            commit.author_time = commit.commit_time = START + 60 * self.count
            commit.author_timezone = commit.commit_timezone = 0
            commit.message = b"A person's change\n"
            repo.object_store.add_object(commit)
            repo.refs.set_if_equals(ref, None, commit.id, PERSON, START, 0, b"test")
            return commit.id.decode()

    def head(self, branch: str) -> str | None:
        with Repo(str(self.path)) as repo:
            ref = Ref(b"refs/heads/" + branch.encode())
            return repo.refs[ref].decode() if ref in repo.refs else None

    def parents(self, commit: str) -> tuple[str, ...]:
        with Repo(str(self.path)) as repo:
            return tuple(parent.decode() for parent in self._commit(repo, commit).parents)

    def file(self, commit: str, path: str) -> bytes:
        with Repo(str(self.path)) as repo:
            tree = repo[self._commit(repo, commit).tree]
            assert isinstance(tree, Tree)
            blob = repo[tree.lookup_path(repo.object_store.__getitem__, path.encode())[1]]
            assert isinstance(blob, Blob)
            return blob.data

    def changed(self, before: str, after: str) -> tuple[str, ...]:
        with Repo(str(self.path)) as repo:
            trees = self._commit(repo, before).tree, self._commit(repo, after).tree
            changes = tree_changes(repo.object_store, *trees)
            return tuple(change.new.path.decode() for change in changes if change.new is not None)

    def everything(self) -> object:
        folders = (self.path, self.records)
        return {
            str(file): file.read_bytes() for folder in folders for file in sorted(folder.rglob("*")) if file.is_file()
        }

    def _commit(self, repo: Repo, commit: str) -> Commit:
        found = repo[ObjectID(commit.encode())]
        assert isinstance(found, Commit)
        return found

    def _set(self, repo: Repo, tree: ObjectID | None, parts: list[bytes], data: bytes | None, mode: int) -> ObjectID:
        found = repo[tree] if tree is not None else Tree()
        assert isinstance(found, Tree)
        name, *rest = parts
        if rest:
            below = found[name][1] if name in found else None
            found[name] = (0o040000, self._set(repo, below, rest, data, mode))
        elif data is None:
            del found[name]
        else:
            blob = Blob.from_string(data)
            repo.object_store.add_object(blob)
            found[name] = (mode, blob.id)
        repo.object_store.add_object(found)
        return found.id
