"""Where a local draft stands, and the sample repository's Merge button. Must never merge anywhere else (R47, R48)."""

from __future__ import annotations

from datetime import datetime
from typing import Final, cast

from dulwich.objects import ObjectID, Tree
from dulwich.repo import Repo

from adapters.localgit.changes import changed_paths, make_commit, tree_diff
from adapters.localgit.records import DraftState, DraftView, Record
from adapters.localgit.repository import (
    Base,
    branch_head,
    commit_at,
    entry_at,
    file_at,
    is_ancestor,
    merge_base,
    set_branch,
    trees_to,
)
from bot.ports import ForgeError, Point

SAMPLE: Final = ((b"folkmoot",), b"sample")
"""The config entry that marks the sample repository."""


def is_sample(repo: Repo) -> bool:
    """Whether this is the sample repository: bare, and marked as such in its own configuration."""
    return repo.bare and repo.get_config().get_boolean(*SAMPLE, default=False) is True


def draft_state(repo: Repo, base: Base, branch: str, record: Record | None) -> DraftState:
    """`merged` if the default branch contains the draft's commit, or (squashed, picked) its file with its change."""
    head = branch_head(repo, branch)
    commit = head or _recorded(repo, record)
    if commit is None:
        return "gone"
    if commit != _started(record) and is_ancestor(repo, commit, base.commit):
        return "merged"
    if record is not None and _same_file(repo, base, commit, record):
        return "merged"
    return "open" if head is not None else "gone"


def view(repo: Repo, base: Base, record: Record) -> DraftView:
    """The draft as it is shown: record, present commit, state and difference."""
    commit = branch_head(repo, record.branch) or _recorded(repo, record)
    state = draft_state(repo, base, record.branch, record)
    start = ObjectID(record.base.encode())
    diff = ""
    if commit is not None:
        if commit.decode() != record.commit and state == "open":
            start = merge_base(repo, commit, base.commit) or start
        diff = tree_diff(repo, start, commit)
    return DraftView(
        number=record.number,
        branch=record.branch,
        path=record.path,
        title=record.title,
        body=record.body,
        commit=commit.decode() if commit is not None else record.commit,
        base=start.decode(),
        diff=diff,
        state=state,
        at=datetime.fromisoformat(record.at),
    )


def merge_sample(repo: Repo, base: Base, branch: str, *, at: datetime, who: str, point: Point) -> str:
    """Put a merge commit on the sample's default branch, or find it there. Raises ForgeError anywhere else.

    Where the default branch changed the same file meanwhile: ForgeError(retry), open the draft again first (F30).
    """
    if not is_sample(repo):
        raise ForgeError(
            "only the sample repository has a Merge button", remedy="merge the branch with your own git", retry=False
        )
    head = branch_head(repo, branch)
    if head is None:
        raise ForgeError(f"there is no branch {branch}", retry=False)
    if is_ancestor(repo, head, base.commit):
        return base.commit.decode()
    common = merge_base(repo, head, base.commit)
    if common is None:
        raise ForgeError(f"{branch} has nothing in common with {base.branch}", retry=False)
    tree, objects = _merged_tree(repo, base.commit, common, head)
    commit = make_commit(
        tree=tree, parents=[base.commit, head], message=f"Merge branch '{branch}' into {base.branch}", who=who, at=at
    )
    point("forge.before.objects")
    for each in (*objects, commit):
        repo.object_store.add_object(each)
    point("forge.after.objects")
    point("forge.before.merge")
    when = int(at.timestamp())
    set_branch(repo, base.branch, old=base.commit, new=commit.id, who=who, when=when, why=f"merge {branch}")
    point("forge.after.merge")
    return commit.id.decode()


def _merged_tree(repo: Repo, ours: ObjectID, common: ObjectID, theirs: ObjectID) -> tuple[ObjectID, list[Tree]]:
    """The default branch's tree with the draft's files in it; each must be as it was where the draft started."""
    start, end = commit_at(repo, common).tree, commit_at(repo, theirs).tree
    paths = [path.decode() for path in changed_paths(repo.object_store, start, end)]
    if len(paths) != 1:
        raise ForgeError("the draft changes more than one file", remedy="merge it with git", retry=False)
    path = paths[0]
    if entry_at(repo, ours, path).blob != entry_at(repo, common, path).blob:
        raise ForgeError(f"{path} has changed meanwhile", remedy="open the draft again, then merge")
    new = file_at(repo, theirs, path)
    mode, sha = new.mode, new.blob
    made: list[Tree] = []
    for name, old in zip(reversed(path.encode().split(b"/")), reversed(trees_to(repo, ours, path)), strict=True):
        tree = cast(Tree, old.copy())
        tree[name] = (mode, sha)
        made.append(tree)
        mode, sha = 0o040000, tree.id
    return sha, made


def _recorded(repo: Repo, record: Record | None) -> ObjectID | None:
    sha = ObjectID(record.commit.encode()) if record is not None else None
    return sha if sha is not None and sha in repo.object_store else None


def _started(record: Record | None) -> ObjectID | None:
    return ObjectID(record.base.encode()) if record is not None else None


def _same_file(repo: Repo, base: Base, commit: ObjectID, record: Record) -> bool:
    """Whether the default branch's file is the draft's, and the draft's differs from where it started."""
    start = ObjectID(record.base.encode())
    if start not in repo.object_store:
        return False
    draft = entry_at(repo, commit, record.path).blob
    return draft == entry_at(repo, base.commit, record.path).blob != entry_at(repo, start, record.path).blob
