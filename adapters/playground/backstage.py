"""What the page can do besides talking: move the clock, read and merge drafts. It holds no state of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

Move = Literal["hour", "day", "deadline"]
MOVES: tuple[Move, ...] = ("hour", "day", "deadline")


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What the page says about itself: the repository, the policy in force and where the ledger is kept."""

    repository: str
    policy: str
    ledger: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPanel:
    """A draft pull request to show. `body` is Markdown, `diff` unified; `command` merges it where no button may."""

    number: int
    branch: str
    title: str
    body: str
    diff: str
    state: Literal["open", "merged", "gone"]
    mergeable: bool = False
    command: str = ""


class Backstage(Protocol):
    """The hands behind the scene. Everything here is refused by a real platform; the minutes mark its use."""

    @property
    def movable(self) -> bool:
        """Whether the clock may be moved."""
        ...

    @property
    def summary(self) -> Summary: ...

    def clock_now(self) -> datetime:
        """The present instant of the bot's clock, aware, in UTC."""
        ...

    async def move(self, how: Move) -> str:
        """Move the clock and let the bot catch up; the sentence says what happened."""
        ...

    def drafts(self) -> Sequence[DraftPanel]:
        """The draft pull requests, oldest first."""
        ...

    async def merge(self, branch: str) -> str:
        """Merge a draft into the default branch; the sentence says what happened. Raises ValueError if refused."""
        ...
