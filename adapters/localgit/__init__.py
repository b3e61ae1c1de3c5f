"""Draft pull requests as branches of a git repository on this machine. Must never touch a work tree or run git."""

from __future__ import annotations

from adapters.localgit.forge import LocalGit
from adapters.localgit.records import DraftState, DraftView

__all__ = ["DraftState", "DraftView", "LocalGit"]
