"""What a request to a forge must be before anything is looked up. Must never repair: it passes or is refused."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from bot.ports import DraftRequest, ForgeError

BRANCH: Final = re.compile(r"folkmoot/([0-9]{1,9})-([0-9a-z]{1,40})")
_IDENTITY: Final = re.compile(r"[^<>\s][^<>\n]* <[^<>\s]+>")


def check_request(request: DraftRequest) -> None:
    """Raise ForgeError(retry=False) unless branch, path and texts are of the fixed shapes (R48, T23, T25, T27)."""
    motion_of(request.branch)
    check_path(request.path)
    if request.at.tzinfo is None:
        raise ForgeError("the draft's instant has no time zone", retry=False)
    if not request.message.strip() or not request.title.strip():
        raise ForgeError("the draft's title or message is empty", retry=False)
    for kind, text, allowed in (("title", request.title, ""), ("message", request.message, "\n")):
        for char in text:
            if char not in allowed and unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp"):
                raise ForgeError(f"the {kind} holds the control character U+{ord(char):04X}", retry=False)


def motion_of(branch: str) -> int:
    """The motion's number in a draft's branch name. Raises ForgeError(retry=False) for any other branch (R48, T27)."""
    return branch_parts(branch)[0]


def branch_parts(branch: str) -> tuple[int, str]:
    """The motion's number and the ledger's mark in a draft's branch name. Raises like `motion_of`."""
    found = BRANCH.fullmatch(branch)
    if found is None:
        raise ForgeError(
            f"{branch!r} is not a draft's branch; no other branch is written to (R48)",
            remedy="a draft's branch is named folkmoot/<motion>-<hex>",
            retry=False,
        )
    return int(found[1]), found[2]


def check_path(path: str) -> None:
    """Raise ForgeError(retry=False) for a path that could leave the repository or reach into `.git` (T25)."""
    parts = [part.casefold().partition(":")[0].rstrip(" .") for part in path.split("/")]  # as Windows would read it
    odd = any(part in ("", ".git", "git~1") for part in parts)
    if odd or "\\" in path or not path.isprintable() or len(path) > 1024:
        raise ForgeError(
            f"{path!r} is not a path inside the repository",
            remedy="write it as `MAINTAINERS` or `dir/FILE`",
            retry=False,
        )


def check_identity(author: str) -> None:
    """Raise ForgeError(retry=False) unless this is `Name <mail>` on one line."""
    if _IDENTITY.fullmatch(author) is None or not author.isprintable():
        raise ForgeError(f"{author!r} is not `Name <mail>`", remedy="correct the author's setting", retry=False)
