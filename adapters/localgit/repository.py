"""Reads a git repository on this machine and moves a ref by compare-and-set.

Must never touch a work tree or an index, run a hook, a filter or a git program (T26), or follow a symlink (T25).
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dulwich.errors import ApplyDeltaError, ChecksumMismatch, FileFormatException, NotGitRepository, RefFormatError
from dulwich.file import FileLocked
from dulwich.graph import find_merge_base
from dulwich.objects import ZERO_SHA, Blob, Commit, ObjectID, Tree
from dulwich.refs import HEADREF, DiskRefsContainer, Ref, SymrefLoop
from dulwich.repo import InvalidWorktreeConfiguration, Repo, UnsupportedExtension, UnsupportedVersion

from bot.git.checks import BRANCH
from bot.ports import ForgeError

MAX_BLOB: Final = 1 << 20
_HEADS: Final = "refs/heads/"
_ORIGIN: Final = "refs/remotes/origin/"
_SYMREF: Final = b"ref: "
_USUAL: Final = ("main", "master", "trunk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """The default branch and the commit it stands at."""

    branch: str
    commit: ObjectID


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A regular file in a commit."""

    mode: int
    blob: ObjectID
    data: bytes


NOTHING: Final = Entry(mode=0o100644, blob=ZERO_SHA, data=b"")
"""No file: what stands at a path before a draft creates it. git writes its id as zeros too."""


@contextmanager
def opened(path: Path) -> Iterator[Repo]:
    """The repository in exactly this directory, closed afterwards. What goes wrong inside comes out as ForgeError."""
    try:
        with Repo(str(path)) as repo:
            if repo.object_format.name != "sha1":
                raise ForgeError(
                    "the repository uses SHA-256 object names, which are not supported",
                    remedy="use a repository with SHA-1 object names",
                    retry=False,
                )
            if not isinstance(repo.refs, DiskRefsContainer):
                raise ForgeError(
                    "the repository keeps its refs as a reftable, which is not supported",
                    remedy="convert it: git refs migrate --ref-format=files",
                    retry=False,
                )
            repo.object_store.fsync_object_files = True
            yield repo
    except FileLocked as error:
        raise ForgeError(
            "another program holds a lock in the repository",
            remedy=f"if no git runs there, delete {Path(_text(error.lockfilename)).name}",
        ) from error
    except NotGitRepository as error:
        raise ForgeError(
            "there is no git repository at the configured path", remedy="correct `path`", retry=False
        ) from error
    except (InvalidWorktreeConfiguration, UnsupportedExtension, UnsupportedVersion) as error:
        remedy = "use a repository in git's usual format (no reftable, no unusual extension)"
        raise ForgeError(f"the repository's format is not supported: {error}", remedy=remedy, retry=False) from error
    except (ChecksumMismatch, FileFormatException, ApplyDeltaError, RefFormatError, SymrefLoop) as error:
        remedy = "run `git fsck` in the repository"
        raise ForgeError(f"the repository is damaged: {error}", remedy=remedy, retry=False) from error
    except OSError as error:
        what = f"the repository cannot be read or written: {error.strerror or error}"
        raise ForgeError(what, remedy="see that the disk has room and the files may be written") from error


def default_base(repo: Repo, configured: str | None) -> Base:
    """The default branch (R1) and its commit: as configured, else `origin/HEAD`, else HEAD's branch.

    Where both a local and a remote-tracking branch have that name, the one that is ahead counts: merges on this
    machine show in the first, fetched ones in the second; of two that have parted, the local one. Never a topic
    branch silently.
    """
    name = configured or _origin_head(repo) or _head_branch(repo)
    if name.startswith("folkmoot/"):
        raise ForgeError(
            f"{name} is a draft's branch, not a default branch", remedy="set `branch` in the configuration", retry=False
        )
    local, remote = head_of(repo, _HEADS + name), head_of(repo, _ORIGIN + name)
    if local is not None and remote is not None and local != remote and is_ancestor(repo, local, remote):
        return Base(branch=name, commit=remote)
    for commit in (local, remote):
        if commit is not None:
            return Base(branch=name, commit=commit)
    raise ForgeError(
        f"the branch {name} does not exist or has no commit yet",
        remedy="make a first commit on it, or set `branch` in the configuration",
        retry=False,
    )


def head_of(repo: Repo, name: str) -> ObjectID | None:
    """The commit that a ref stands at, or None if there is none."""
    ref = Ref(name.encode())
    if not repo.refs.read_ref(ref):
        return None
    try:
        return repo.refs[ref]
    except KeyError:
        return None


def branch_head(repo: Repo, branch: str) -> ObjectID | None:
    """A topic branch's commit, or None. A branch that is another name of a second one is refused (R48)."""
    raw = repo.refs.read_loose_ref(Ref((_HEADS + branch).encode()))
    if raw is not None and raw.startswith(_SYMREF):
        raise ForgeError(f"{branch} is a symbolic ref", remedy="delete that ref by hand", retry=False)
    return head_of(repo, _HEADS + branch)


def draft_branches(repo: Repo) -> Iterator[tuple[str, ObjectID]]:
    """Every branch that is named like a draft's, and its commit."""
    for ref in sorted(repo.refs.keys(base=Ref((_HEADS + "folkmoot").encode()))):
        branch = f"folkmoot/{ref.decode('utf-8', 'replace')}"
        head = branch_head(repo, branch) if BRANCH.fullmatch(branch) else None
        if head is not None:
            yield branch, head


def commit_at(repo: Repo, commit: ObjectID) -> Commit:
    """The commit object. Raises ForgeError where a shallow or partial clone does not hold it."""
    found = _object(repo, commit)
    if not isinstance(found, Commit):
        raise ForgeError(f"{_text(commit)} is not a commit", retry=False)
    return found


def trees_to(repo: Repo, commit: ObjectID, path: str) -> list[Tree]:
    """The trees from the root down to the one that holds the path's file; a folder that is not there is empty.

    Raises ForgeError if a file, a symlink (T25) or a submodule stands where a folder would have to be.
    """
    tree = _tree(repo, commit_at(repo, commit).tree, path)
    trees = [tree]
    for part in path.encode().split(b"/")[:-1]:
        if part in tree:
            mode, sha = tree[part]
            if not stat.S_ISDIR(mode):
                raise ForgeError(f"{path} leads through something that is not a directory", retry=False)
            tree = _tree(repo, sha, path)
        else:
            tree = Tree()
        trees.append(tree)
    return trees


def file_at(repo: Repo, commit: ObjectID, path: str) -> Entry:
    """The regular file at this path. Raises ForgeError if it is missing, a symlink (T25), or over 1 MiB (T36)."""
    found = entry_at(repo, commit, path)
    if found is NOTHING:
        raise ForgeError(f"there is no file {path} on the default branch", remedy="correct the path", retry=False)
    return found


def entry_at(repo: Repo, commit: ObjectID, path: str) -> Entry:
    """The regular file at this path, or NOTHING where it or a folder on the way is missing. Raises like `file_at`."""
    tree, name = trees_to(repo, commit, path)[-1], path.encode().rsplit(b"/", 1)[-1]
    if name not in tree:
        return NOTHING
    mode, sha = tree[name]
    if not stat.S_ISREG(mode):
        kind = "a symbolic link" if stat.S_ISLNK(mode) else "not a regular file"
        raise ForgeError(f"{path} is {kind}", remedy="configure the path of the file itself", retry=False)
    blob = _object(repo, sha)
    if not isinstance(blob, Blob):
        raise ForgeError(f"{path} is not a file", retry=False)
    if blob.raw_length() > MAX_BLOB:
        raise ForgeError(f"{path} has {blob.raw_length()} bytes", remedy=f"keep it under {MAX_BLOB}", retry=False)
    return Entry(mode=mode, blob=sha, data=blob.data)


def merge_base(repo: Repo, one: ObjectID, other: ObjectID) -> ObjectID | None:
    """The newest commit that both stand on, or None (also where a shallow clone does not reach it)."""
    try:
        found = find_merge_base(repo, [one, other])
    except KeyError:
        return None
    return found[0] if found else None


def is_ancestor(repo: Repo, commit: ObjectID, head: ObjectID) -> bool:
    """Whether the head contains the commit."""
    return merge_base(repo, commit, head) == commit


def set_branch(repo: Repo, branch: str, *, old: ObjectID | None, new: ObjectID, who: str, when: int, why: str) -> None:
    """Create the branch, or move it from `old`, by compare-and-set. Raises ForgeError(retry) if someone was faster."""
    ref = Ref((_HEADS + branch).encode())
    if old is not None and ref in _checked_out(repo):
        raise ForgeError(f"{branch} is checked out in a work tree", remedy="check out another branch there")
    try:
        if old is None:
            done = repo.refs.add_if_new(ref, new, who.encode(), when, 0, why.encode())
        else:
            done = repo.refs.set_if_equals(ref, old, new, who.encode(), when, 0, why.encode())
    except (NotADirectoryError, FileExistsError, IsADirectoryError) as error:
        what = f"{branch} cannot be created: another branch's name is in the way"
        raise ForgeError(what, remedy="delete or rename the branch `folkmoot`", retry=False) from error
    if not done:
        raise ForgeError(f"{branch} was changed by someone else at the same moment")


def _origin_head(repo: Repo) -> str | None:
    raw = repo.refs.read_ref(Ref((_ORIGIN + "HEAD").encode())) or b""
    target = _text(raw.removeprefix(_SYMREF).strip())
    return target.removeprefix(_ORIGIN) if raw.startswith(_SYMREF) and target.startswith(_ORIGIN) else None


def _head_branch(repo: Repo) -> str:
    raw = repo.refs.read_ref(HEADREF) or b""
    target = _text(raw.removeprefix(_SYMREF).strip())
    remedy = "set `branch` in the configuration"
    if not raw.startswith(_SYMREF) or not target.startswith(_HEADS):
        raise ForgeError("HEAD is detached, so the default branch is unknown", remedy=remedy, retry=False)
    name = target.removeprefix(_HEADS)
    usual = [each for each in _USUAL if head_of(repo, _HEADS + each) is not None]
    if usual and name not in _USUAL:
        what = f"HEAD is on {name}, which looks like a topic branch beside {usual[0]}"
        raise ForgeError(what, remedy=remedy, retry=False)
    return name


def _checked_out(repo: Repo) -> set[Ref]:
    """The branches that work trees of this repository stand on."""
    common = Path(repo.commondir())
    found: set[Ref] = set()
    heads = [common / "HEAD", *sorted(common.glob("worktrees/*/HEAD"))]
    for head in heads if not repo.bare else heads[1:]:
        raw = head.read_bytes()
        if raw.startswith(_SYMREF):
            found.add(Ref(raw.removeprefix(_SYMREF).strip()))
    return found


def _object(repo: Repo, sha: ObjectID) -> object:
    with holding():
        return repo.object_store[sha]


@contextmanager
def holding() -> Iterator[None]:
    """Turns a missing object into a ForgeError: a shallow or partial clone, or a damaged one."""
    try:
        yield
    except KeyError as error:
        raise ForgeError(
            f"the repository does not hold the object {_text(error.args[0])}",
            remedy="if it is a shallow or partial clone, fetch the rest",
            retry=False,
        ) from error


def _tree(repo: Repo, sha: ObjectID, path: str) -> Tree:
    found = _object(repo, sha)
    if not isinstance(found, Tree):
        raise ForgeError(f"{path} leads through something that is not a directory", retry=False)
    return found


def _text(raw: object) -> str:
    return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
