"""Walks the history with dulwich, for where there is no git program. Must never run a program or write anything."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dulwich.errors import ObjectFormatException
from dulwich.objects import Commit, ObjectID
from dulwich.repo import Repo

from adapters.localgit.repository import holding
from bot.git.commits import ONE_PARENT, RECORD, Counting, Window, printed
from bot.ports import ForgeError

_PACE: Final = 250


def walk(repo: Repo, head: ObjectID, window: Window, counting: Counting) -> Iterator[None]:
    """Count every commit that `git rev-list --max-age` gives; a turn of the iterator every few hundred commits.

    A commit older than the window, or without a date, ends its path: what lies behind it is reached only otherwise.
    """
    shallow = repo.get_shallow()
    seen, left, passed = {head}, [head], 0
    while left:
        sha = left.pop()
        record = _record(repo, sha)
        found = RECORD.match(record)
        passed += 1
        if passed % _PACE == 1:
            yield
        if found is None or int(found[4]) < window.since:
            continue
        counting.add(record)
        if sha not in shallow:
            for parent in _parents(found[1]):
                if parent not in seen:
                    seen.add(parent)
                    left.append(parent)


def _parents(lines: bytes) -> Iterator[ObjectID]:
    return (ObjectID(lines[start + 7 : start + 47]) for start in range(0, len(lines), ONE_PARENT))


def _record(repo: Repo, sha: ObjectID) -> bytes:
    with holding():
        try:
            kind, data = repo.object_store.get_raw(sha)
        except ObjectFormatException:
            kind, data = Commit.type_num, _loose(repo, sha)
    if kind != Commit.type_num:
        raise ForgeError(f"{sha.decode()} is not a commit", remedy="run `git fsck` in the repository", retry=False)
    return printed(sha, data)


def _loose(repo: Repo, sha: ObjectID) -> bytes:
    """A commit in a file of its own, which dulwich reads only if it likes its dates."""
    name = sha.decode()
    data = zlib.decompress(Path(repo.commondir(), "objects", name[:2], name[2:]).read_bytes())
    kind, _, body = data.partition(b"\0")
    if not kind.startswith(b"commit "):
        raise ForgeError(f"{name} is not a commit", remedy="run `git fsck` in the repository", retry=False)
    return body
