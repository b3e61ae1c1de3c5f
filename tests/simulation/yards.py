"""Repositories with the people who push to them: a real one through dulwich, and a much faster one in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from adapters.localgit.records import Records
from bot.core.offer import Offer
from bot.git.checks import check_path, check_request, motion_of
from bot.ports import Draft, DraftRequest, FileAt, Forge, ForgeError, PlatformError, Point, no_point
from tests.adapters.localgit_workshop import LocalGitWorkshop
from tests.simulation.weather import Weather

MAIN: Final = "main"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A draft as its readers see it."""

    branch: str
    path: str
    title: str
    body: str
    message: str


class Yard(Protocol):
    """A repository, its drafts, and whoever pushes to it."""

    def forge(self, point: Point = no_point) -> Forge:
        """The bot's side, anew for each of its lives."""
        ...

    def put(self, files: dict[str, bytes | None], *, branch: str = MAIN) -> str:
        """A person's commit; returns its id."""
        ...

    def merge(self, branch: str, path: str) -> str:
        """A person merges a draft, which changes this path; the new head of the default branch."""
        ...

    def head(self, branch: str) -> str | None: ...

    def file(self, commit: str, path: str) -> bytes: ...

    def branches(self) -> list[str]:
        """The branches of drafts."""
        ...

    def pages(self) -> list[Page]:
        """Every draft there is."""
        ...


def _taken_over(yard: Yard, branch: str, path: str) -> str:
    """The file of the draft's branch, committed as a squashing merge does it."""
    head = yard.head(branch)
    assert head is not None
    return yard.put({path: yard.file(head, path)})


class GitYard(LocalGitWorkshop):
    """A bare git repository and the records of its drafts."""

    def merge(self, branch: str, path: str) -> str:
        return _taken_over(self, branch, path)

    def branches(self) -> list[str]:
        refs = self.path / "refs" / "heads" / "folkmoot"
        return sorted(f"folkmoot/{ref.name}" for ref in refs.iterdir()) if refs.is_dir() else []

    def pages(self) -> list[Page]:
        found = Records(self.records).all()
        return [Page(branch=r.branch, path=r.path, title=r.title, body=r.body, message=r.message) for r in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Commit:
    id: str
    parent: str
    files: Mapping[str, bytes]
    ours: bool


@dataclass(slots=True)
class MemoryYard:
    """Commits in a dictionary. Its forge keeps a forge's promises: one draft a branch, resumed, made anew, found."""

    commits: dict[str, _Commit] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    records: dict[str, Page] = field(default_factory=dict)

    def forge(self, point: Point = no_point) -> Forge:
        return _MemoryForge(self, point)

    def put(self, files: dict[str, bytes | None], *, branch: str = MAIN) -> str:
        parent = self.head(branch) or self.head(MAIN) or ""
        commit = self._add(parent, files, ours=False, salt=str(len(self.commits)))
        self.refs[branch] = commit
        return commit

    def merge(self, branch: str, path: str) -> str:
        return _taken_over(self, branch, path)

    def head(self, branch: str) -> str | None:
        return self.refs.get(branch)

    def file(self, commit: str, path: str) -> bytes:
        return self.commits[commit].files[path]

    def parents(self, commit: str) -> tuple[str, ...]:
        parent = self.commits[commit].parent
        return (parent,) if parent else ()

    def changed(self, before: str, after: str) -> tuple[str, ...]:
        old, new = self.commits[before].files, self.commits[after].files
        return tuple(sorted(path for path in {*old, *new} if old.get(path) != new.get(path)))

    def everything(self) -> object:
        return dict(self.commits), dict(self.refs), dict(self.records)

    def branches(self) -> list[str]:
        return sorted(branch for branch in self.refs if branch != MAIN)

    def pages(self) -> list[Page]:
        return list(self.records.values())

    def _add(self, parent: str, files: Mapping[str, bytes | None], *, ours: bool, salt: str = "") -> str:
        before = self.commits[parent].files if parent else {}
        whole = {path: data for path, data in {**before, **files}.items() if data is not None}
        said = "\0".join([parent, salt, *(f"{path}\0{data!r}" for path, data in sorted(files.items()))])
        commit = hashlib.sha1(said.encode(), usedforsecurity=False).hexdigest()
        self.commits[commit] = _Commit(id=commit, parent=parent, files=whole, ours=ours)
        return commit

    def older(self, commit: str, than: str) -> bool:
        """Whether a commit is the other one or in its history."""
        while than and than != commit:
            than = self.commits[than].parent
        return than == commit


@dataclass(frozen=True, slots=True)
class _MemoryForge:
    """A `Forge` on a `MemoryYard`."""

    yard: MemoryYard
    point: Point

    async def read(self, path: str) -> FileAt:
        head = self._main(path)
        if path not in head.files:
            raise ForgeError(f"there is no {path} on {MAIN}", retry=False)
        return FileAt(path=path, branch=MAIN, commit=head.id, data=head.files[path])

    async def open(self, request: DraftRequest) -> Draft | None:
        wanted = self._wanted(request)
        if wanted is None:
            return None
        yard, branch, head = self.yard, request.branch, self._main(request.path)
        old = yard.refs.get(branch)
        found = yard.commits[old] if old is not None else None
        if found is not None and (not found.ours or self._fits(found, request.path, wanted, head)):
            return self._draft(request, found.id, found.parent if found.ours else head.id)
        self.point("forge.before.objects")
        new = yard._add(head.id, {request.path: wanted}, ours=True, salt=request.message)
        self.point("forge.after.objects")
        draft = self._draft(request, new, head.id)
        self.point("forge.before.ref")
        if yard.refs.get(branch) != old:
            raise ForgeError(f"{branch} was moved meanwhile")
        yard.refs[branch] = new
        self.point("forge.after.ref")
        return draft

    async def patch(self, request: DraftRequest) -> str:
        wanted = self._wanted(request)
        return "" if wanted is None else f"Subject: [PATCH] {request.message}\n{wanted.decode()}"

    async def offer(self, request: DraftRequest) -> Offer | None:
        patch = await self.patch(request)
        return Offer(patch=patch) if patch else None

    def _main(self, path: str) -> _Commit:
        check_path(path)
        return self.yard.commits[self.yard.refs[MAIN]]

    def _wanted(self, request: DraftRequest) -> bytes | None:
        check_request(request)
        head = self._main(request.path)
        if request.path not in head.files and not request.creates:
            raise ForgeError(f"there is no {request.path} on {MAIN}", retry=False)
        data = head.files.get(request.path, b"")
        wanted = request.edit(data)
        return None if wanted == data else wanted

    def _fits(self, found: _Commit, path: str, wanted: bytes, head: _Commit) -> bool:
        """Whether the draft that is there is what would be made now, or is merged and undone since."""
        base = self.yard.commits[found.parent]
        if self.yard.older(found.id, head.id):
            return True
        return found.files.get(path) == wanted and base.files.get(path) == head.files.get(path)

    def _draft(self, request: DraftRequest, commit: str, base: str) -> Draft:
        branch, records = request.branch, self.yard.records
        page = Page(branch=branch, path=request.path, title=request.title, body=request.body, message=request.message)
        if records.get(branch) != page:
            self.point("forge.before.record")
            records[branch] = page
            self.point("forge.after.record")
        return Draft(branch=branch, commit=commit, base=base, number=motion_of(branch), url=f"memory:{branch}")


@dataclass(frozen=True, slots=True)
class Remote:
    """A forge behind a network: it fails before, or its answer is lost."""

    forge: Forge
    weather: Weather

    async def read(self, path: str) -> FileAt:
        self._before("read")
        return await self.forge.read(path)

    async def open(self, request: DraftRequest) -> Draft | None:
        self._before("open")
        draft = await self.forge.open(request)
        try:
            self.weather.after("open")
        except PlatformError as error:
            raise ForgeError(error.what) from error
        return draft

    async def patch(self, request: DraftRequest) -> str:
        self._before("patch")
        return await self.forge.patch(request)

    async def offer(self, request: DraftRequest) -> Offer | None:
        self._before("patch")
        return await self.forge.offer(request)

    def _before(self, what: str) -> None:
        try:
            self.weather.before(what)
        except PlatformError as error:
            raise ForgeError(error.what) from error


def yard_in(folder: Path, *, git: bool) -> Yard:
    """An empty repository."""
    if git:
        folder.mkdir(parents=True, exist_ok=True)
        return GitYard(folder)
    return MemoryYard()
