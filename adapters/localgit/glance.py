"""Files of a repository on this machine that are called as they are wanted: at the top, in `.github` and in `docs`."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from dulwich.objects import Tree
from dulwich.repo import Repo

from adapters.localgit.repository import commit_at, default_base, file_at, opened
from bot.ports import ForgeError

FOLDERS: Final = (".github", "docs")


def glance(path: Path, wanted: Callable[[str], bool]) -> Mapping[str, bytes]:
    """The files by their paths, at the head of the default branch. Raises ForgeError."""
    found: dict[str, bytes] = {}
    with opened(path) as repo:
        base = default_base(repo, None)
        top = repo[commit_at(repo, base.commit).tree]
        for name in _names(repo, top):
            if wanted(name):
                try:
                    found[name] = file_at(repo, base.commit, name).data
                except ForgeError:
                    continue
    return found


def _names(repo: Repo, top: object) -> list[str]:
    """The regular files of the folders that are looked into."""
    if not isinstance(top, Tree):
        return []
    found = []
    for name, mode, sha in top.iteritems():
        text = name.decode("utf-8", errors="replace")
        if stat.S_ISREG(mode):
            found.append(text)
        elif stat.S_ISDIR(mode) and text in FOLDERS:
            inner = repo[sha]
            if isinstance(inner, Tree):
                files = (each for each, kind, _ in inner.iteritems() if stat.S_ISREG(kind))
                found += [f"{text}/{each.decode('utf-8', errors='replace')}" for each in files]
    return found
