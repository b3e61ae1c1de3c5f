"""What is handed to a candidate who opens the pull request themselves (R26)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A change whose pull request somebody opens themselves (R26): as a patch, and where on the forge they do it.

    `link` is empty where the forge has no such place. `held` says that a branch there holds the change already, so that
    the link opens the pull request; else it leads to where the file is edited.
    """

    patch: str
    link: str = ""
    held: bool = False
