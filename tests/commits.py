"""Commits that people make in a bare repository during a test, without the git program."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from dulwich.objects import Blob, Commit, Tree
from dulwich.refs import Ref
from dulwich.repo import Repo

AUTHOR = b"Some Body <some@example.org>"


def replace_in(repository: Path, path: str, old: str, new: str, *, at: datetime, branch: str = "main") -> str:
    """Replace a text in a file of the top level and commit that to a branch; the new commit."""
    data = read(repository, path, branch=branch).decode()
    assert old in data, old
    return write(repository, path, data.replace(old, new, 1).encode(), at=at, branch=branch)


def read(repository: Path, path: str, *, branch: str = "main") -> bytes:
    """A file of the top level as it is on a branch."""
    with Repo(str(repository)) as repo:
        tree = _tree(repo, branch)
        blob = repo[tree[path.encode()][1]]
        assert isinstance(blob, Blob)
        return blob.data


def write(repository: Path, path: str, data: bytes, *, at: datetime, branch: str = "main") -> str:
    """Commit a file of the top level to a branch; the new commit."""
    ref = Ref(b"refs/heads/" + branch.encode())
    with Repo(str(repository)) as repo:
        tree = _tree(repo, branch)
        blob = Blob.from_string(data)
        tree.add(path.encode(), 0o100644, blob.id)
        commit = Commit()
        commit.tree, commit.parents = tree.id, [repo.refs[ref]]
        commit.author = commit.committer = AUTHOR
        commit.author_time = commit.commit_time = int(at.timestamp())
        commit.author_timezone = commit.commit_timezone = 0
        commit.message = b"A change\n"
        for each in (blob, tree, commit):
            repo.object_store.add_object(each)
        repo.refs[ref] = commit.id
        return commit.id.decode()


def drop(repository: Path, branch: str) -> None:
    """Take a branch away."""
    with Repo(str(repository)) as repo:
        del repo.refs[Ref(b"refs/heads/" + branch.encode())]


def _tree(repo: Repo, branch: str) -> Tree:
    commit = repo[repo.refs[Ref(b"refs/heads/" + branch.encode())]]
    assert isinstance(commit, Commit)
    tree = repo[commit.tree]
    assert isinstance(tree, Tree)
    return tree


def message(repository: Path, commit: str) -> str:
    """A commit's message."""
    with Repo(str(repository)) as repo:
        found = repo[commit.encode()]
        assert isinstance(found, Commit)
        text: bytes = found.message
        return text.decode()
