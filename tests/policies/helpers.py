"""Policies by name, and a count in the order of the documents."""

from __future__ import annotations

from pathlib import Path

from bot.core.policy import Policy
from bot.core.teller import Tally, count
from bot.rulebooks import load

LARGEST = 50


def rule(document: str, motion: str) -> Policy:
    """A motion of a shipped policy."""
    found = load(document, beside=Path()).named(motion)
    assert found is not None, (document, motion)
    return found


def counted(policy: Policy, of: int, yes: int, no: int = 0, abstain: int = 0, *, barred: int = 0) -> Tally:
    """These ballots among so many members."""
    return count(policy, eligible=of, barred=barred, yes=yes, no=no, abstain=abstain)


def carries(policy: Policy, of: int, yes: int, no: int = 0, abstain: int = 0) -> bool:
    return counted(policy, of, yes, no, abstain).carried


def needed(policy: Policy, of: int) -> int:
    """The fewest yes that carry when everybody else says no."""
    return next(yes for yes in range(of + 1) if carries(policy, of, yes, of - yes))
