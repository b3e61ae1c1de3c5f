"""Looks whether a repository on this machine can be read, and drafts be written into it. It writes nothing."""

from __future__ import annotations

import os
from pathlib import Path

from adapters.localgit.repository import default_base, opened
from bot.ports import Finding


def check(path: Path, branch: str | None) -> list[Finding]:
    """Every finding, the good ones too. Raises ForgeError where the repository cannot be read at all."""
    with opened(path) as repo:
        base = default_base(repo, branch)
        folder = Path(repo.commondir())
    found = [Finding(mark="ok", what=f"The default branch is {base.branch}, at {base.commit.decode()[:12]}")]
    closed = [name for name in ("objects", "refs", "refs/heads") if not _writable(folder / name)]
    if closed:
        what = f"Drafts cannot be written: {', '.join(str(folder / name) for name in closed)}"
        found.append(Finding(mark="wrong", what=what, remedy="give the bot's user write access to these folders"))
    else:
        found.append(Finding(mark="ok", what="Branches for drafts can be written"))
    return found


def _writable(folder: Path) -> bool:
    return not folder.exists() or os.access(folder, os.W_OK | os.X_OK)
