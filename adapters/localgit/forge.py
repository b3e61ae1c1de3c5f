"""The forge of a repository on this machine: drafts are branches with a record beside the ledger.

Must never write to the default branch (R48; the marked sample repository's Merge button excepted), move a branch that
holds a person's commits, or touch a work tree, an index, a hook or a git program (T26).
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from dulwich.objects import ObjectID
from dulwich.repo import Repo

from adapters.localgit.changes import Change, build, changed_paths, file_diff
from adapters.localgit.merging import draft_state, is_sample, merge_sample, view
from adapters.localgit.records import DraftState, DraftView, Record, Records
from adapters.localgit.repository import (
    Base,
    Entry,
    branch_head,
    commit_at,
    default_base,
    draft_branches,
    entry_at,
    file_at,
    is_ancestor,
    merge_base,
    opened,
    set_branch,
)
from bot.core.offer import Offer
from bot.git.checks import branch_parts, check_identity, check_path, check_request, motion_of
from bot.git.patchtext import mail_patch
from bot.ports import Draft, DraftRequest, FileAt, Point, Publication, no_point
from bot.published import head_in

AUTHOR: Final = "Folkmoot <folkmoot@localhost>"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """A request looked at: the default branch, the file there, and its bytes as they should become."""

    base: Base
    entry: Entry
    data: bytes


class LocalGit:
    """A `Forge` over a repository directory, bare or with a work tree that is left alone.

    `branch` is the default branch where it is configured. `records` is the folder for titles and bodies. `point` is
    called, in a worker thread, before and after each outward step: objects, record, ref.
    """

    def __init__(
        self, *, path: Path, branch: str | None, records: Path, point: Point = no_point, author: str = AUTHOR
    ) -> None:
        check_identity(author)
        self._path, self._branch, self._author = path, branch, author
        self._records, self._point = Records(records), point
        self._lock = threading.Lock()

    async def read(self, path: str) -> FileAt:
        """The file at the head of the default branch (R1). Raises ForgeError."""
        return await asyncio.to_thread(self._read, path)

    async def open(self, request: DraftRequest) -> Draft | None:
        """The draft, made or found; None if the default branch has the change (F30). Each step looks first (F28).

        Raises ForgeError, and whatever `request.edit` raises, leaving the branch as it was.
        """
        return await asyncio.to_thread(self._open, request)

    async def patch(self, request: DraftRequest) -> str:
        """The change as `git am` takes it, from the default branch's head; empty if it is there already (F30)."""
        return await asyncio.to_thread(self._patch, request)

    async def offer(self, request: DraftRequest) -> Offer | None:
        """The patch alone: there is no page on which somebody could open a pull request. Writes nothing."""
        patch = await self.patch(request)
        return Offer(patch=patch) if patch else None

    async def state(self, branch: str) -> DraftState:
        """Whether the draft is open, merged (R28) or gone. Raises ForgeError."""
        return await asyncio.to_thread(self._state, branch)

    async def drafts(self) -> tuple[DraftView, ...]:
        """Every draft there is a record of, by number. Raises ForgeError."""
        return await asyncio.to_thread(self._drafts)

    async def patch_of(self, branch: str) -> str:
        """A draft that exists, as `git am` takes it. Raises ForgeError; KeyError if there is no such draft."""
        return await asyncio.to_thread(self._patch_of, branch)

    async def published(self) -> Sequence[Publication]:
        """The motions of all draft branches, and of all records, with the heads that they name. Raises ForgeError."""
        return await asyncio.to_thread(self._published)

    async def forget(self, words: Sequence[str]) -> int:
        """Take these words out of what is kept beside the ledger of drafts; the branches stay as they are (T49)."""
        return await asyncio.to_thread(self._records.forget, words)

    async def is_sample(self) -> bool:
        """Whether this is the sample repository, the only one that may be merged from here."""
        return await asyncio.to_thread(self._is_sample)

    async def merge(self, branch: str, *, at: datetime, who: str | None = None) -> str:
        """Merge a draft in the sample repository and return the default branch's new commit. Refused anywhere else."""
        return await asyncio.to_thread(self._merge, branch, at, who or self._author)

    def _published(self) -> Sequence[Publication]:
        found: dict[str, str] = {}
        with opened(self._path) as repo:
            for branch, head in draft_branches(repo):
                found[branch] = head_in(commit_at(repo, head).message.decode("utf-8", "replace"))
        for record in self._records.all():
            found[record.branch] = found.get(record.branch) or head_in(record.message) or head_in(record.body)
        return [
            Publication(motion=number, mark=mark, head=head, where=f"the branch {branch} of {self._path.name}")
            for branch, head in sorted(found.items())
            for number, mark in [branch_parts(branch)]
        ]

    def _read(self, path: str) -> FileAt:
        check_path(path)
        with opened(self._path) as repo:
            base = default_base(repo, self._branch)
            entry = file_at(repo, base.commit, path)
            return FileAt(path=path, branch=base.branch, commit=base.commit.decode(), data=entry.data)

    def _open(self, request: DraftRequest) -> Draft | None:
        check_request(request)
        with self._lock, opened(self._path) as repo:
            wanted = self._wanted(repo, request)
            if wanted is None:
                return None
            head = branch_head(repo, request.branch)
            if head is not None:
                found = self._found(repo, request, wanted, head)
                if found is not None:
                    return found
            elif not request.makes:
                return None
            return self._make(repo, request, wanted, head)

    def _wanted(self, repo: Repo, request: DraftRequest) -> _Wanted | None:
        base = default_base(repo, self._branch)
        find = entry_at if request.creates else file_at
        entry = find(repo, base.commit, request.path)
        data = request.edit(entry.data)
        return None if data is None or data == entry.data else _Wanted(base=base, entry=entry, data=data)

    def _found(self, repo: Repo, request: DraftRequest, wanted: _Wanted, head: ObjectID) -> Draft | None:
        """The draft as the branch holds it, or None if the clerk may put the branch at a new commit (F30)."""
        parent = self._own_parent(repo, request, wanted.base, head)
        if parent is None:
            common = merge_base(repo, head, wanted.base.commit)
            if common == head:
                return None
            return self._draft(repo, request, head, common or head)
        if is_ancestor(repo, head, wanted.base.commit):
            return self._draft(repo, request, head, parent)
        here, there = entry_at(repo, head, request.path), entry_at(repo, parent, request.path)
        if here.data == wanted.data and (there.blob, here.mode) == (wanted.entry.blob, wanted.entry.mode):
            return self._draft(repo, request, head, parent)
        return None

    def _own_parent(self, repo: Repo, request: DraftRequest, base: Base, head: ObjectID) -> ObjectID | None:
        """The commit that ours stands on, if the branch is one commit of the clerk's on the default branch's history.

        Amended, rebased or extended by a person, its committer is that person: then None, and it is never moved.
        """
        commit = commit_at(repo, head)
        ours = commit.author == commit.committer == self._author.encode() and len(commit.parents) == 1
        if not ours:
            return None
        parent = commit.parents[0]
        before = commit_at(repo, parent).tree
        if changed_paths(repo.object_store, before, commit.tree) != [request.path.encode()]:
            return None
        return parent if is_ancestor(repo, parent, base.commit) else None

    def _make(self, repo: Repo, request: DraftRequest, wanted: _Wanted, head: ObjectID | None) -> Draft:
        change = self._build(repo, request, wanted)
        new = change.commit.id
        self._point("forge.before.objects")
        for each in change.objects:
            if each.id not in repo.object_store:
                repo.object_store.add_object(each)
        self._point("forge.after.objects")
        draft = self._draft(repo, request, new, wanted.base.commit)
        self._point("forge.before.ref")
        when = int(request.at.timestamp())
        set_branch(repo, request.branch, old=head, new=new, who=self._author, when=when, why="folkmoot: draft")
        self._point("forge.after.ref")
        return draft

    def _build(self, repo: Repo, request: DraftRequest, wanted: _Wanted) -> Change:
        return build(
            repo,
            parent=wanted.base.commit,
            path=request.path,
            entry=wanted.entry,
            data=wanted.data,
            message=request.message,
            who=self._author,
            at=request.at,
        )

    def _draft(self, repo: Repo, request: DraftRequest, commit: ObjectID, base: ObjectID) -> Draft:
        """The draft at this commit, its record written if it does not say so already."""
        record = Record(
            number=motion_of(request.branch),
            branch=request.branch,
            path=request.path,
            title=request.title,
            body=request.body,
            message=request.message,
            commit=commit.decode(),
            base=base.decode(),
            at=request.at.astimezone(UTC).isoformat(),
        )
        if not self._records.current(record):
            self._point("forge.before.record")
            self._records.save(record)
            self._point("forge.after.record")
        return Draft(
            branch=request.branch,
            commit=record.commit,
            base=record.base,
            number=record.number,
            url=self._records.url(request.branch),
        )

    def _patch(self, request: DraftRequest) -> str:
        check_request(request)
        with opened(self._path) as repo:
            wanted = self._wanted(repo, request)
            if wanted is None:
                return ""
            change = self._build(repo, request, wanted)
            return mail_patch(
                commit=change.commit.id.decode(),
                who=self._author,
                at=request.at,
                message=request.message,
                diff=file_diff(request.path, wanted.entry, wanted.data),
            )

    def _patch_of(self, branch: str) -> str:
        record = self._records.load(branch)
        if record is None:
            raise KeyError(branch)
        with opened(self._path) as repo:
            before = entry_at(repo, ObjectID(record.base.encode()), record.path)
            after = file_at(repo, ObjectID(record.commit.encode()), record.path)
            return mail_patch(
                commit=record.commit,
                who=self._author,
                at=datetime.fromisoformat(record.at),
                message=record.message,
                diff=file_diff(record.path, before, after.data),
            )

    def _state(self, branch: str) -> DraftState:
        with opened(self._path) as repo:
            record = self._records.load(branch)
            return draft_state(repo, default_base(repo, self._branch), branch, record)

    def _drafts(self) -> tuple[DraftView, ...]:
        with opened(self._path) as repo:
            base = default_base(repo, self._branch)
            return tuple(view(repo, base, record) for record in self._records.all())

    def _is_sample(self) -> bool:
        with opened(self._path) as repo:
            return is_sample(repo)

    def _merge(self, branch: str, at: datetime, who: str) -> str:
        check_identity(who)
        motion_of(branch)
        with self._lock, opened(self._path) as repo:
            return merge_sample(repo, default_base(repo, self._branch), branch, at=at, who=who, point=self._point)
