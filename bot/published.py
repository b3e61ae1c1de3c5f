"""Compares a ledger with what was published from it: an old copy, or an empty file, must not go on (F9, F44, T46)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import structlog

from bot.core.docket import DocketEntry
from bot.ports import ForgeError, Publication, PublishedHeads, Recorded

log = structlog.get_logger("folkmoot.published")
SECONDS: Final = 20.0
_HEAD: Final = re.compile(r"(?:^Folkmoot-Log-Head: |log head `)([0-9a-f]{64})\b", re.MULTILINE)
_GO_ON: Final = "Only if you know why: start it once with folkmoot serve --accept-lost"


def head_in(text: str) -> str:
    """The log head that a commit message or a pull request's body names; empty if none."""
    found = _HEAD.search(text)
    return found[1] if found is not None else ""


def lost(
    path: Path,
    publications: Iterable[Publication],
    *,
    genesis: str,
    empty: bool,
    entry: Callable[[int], DocketEntry | None],
    events: Callable[[int], Sequence[Recorded]],
) -> str:
    """What was published and this ledger has not got, with the remedy; empty if it has everything.

    What another ledger published counts only against an empty one: that is a wrong path, or a file that was lost.
    """
    for each in publications:
        if each.mark != genesis[: len(each.mark)]:
            if empty:
                return (
                    f"{path} is empty, and {each.where} is of a motion in another ledger: the path is wrong, the "
                    f"file was lost, or a demo was played there. Name the right file, restore the newest backup "
                    f"(folkmoot restore), or delete the demo's branch. {_GO_ON}"
                )
            continue
        found = entry(each.motion)
        if found is None:
            return _behind(path, f"it knows no motion {each.motion}, which {each.where} is about")
        if each.head and not any(row.hash == each.head for row in events(each.motion)):  # the docket only repeats it
            ends = f"ended with the log head {found.head[:16]}" if found.head else "has not ended"
            return _behind(path, f"its motion {each.motion} {ends}, and {each.where} says {each.head[:16]}")
    return ""


def _behind(path: Path, why: str) -> str:
    return (
        f"{path} is an older copy, or its past was written anew: {why}. "
        f"Restore the newest backup (folkmoot restore). {_GO_ON}, then compare every result since with its pull request"
    )


async def publications(forges: Mapping[str, object]) -> Sequence[Publication]:
    """All that the forges show of motions. One that cannot be asked now is not waited for: ballots go first."""
    found: list[Publication] = []
    for name, forge in forges.items():
        if not isinstance(forge, PublishedHeads):
            continue
        try:
            async with asyncio.timeout(SECONDS):
                found += await forge.published()
        except (ForgeError, TimeoutError) as error:
            log.warning("not compared with what was published", repository=name, error=str(error) or "no answer")
    return found
