"""What the pages are made from: the public record and nothing else of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.core.record import Record
from bot.core.wording import Names


class Source(Protocol):
    """The public record. It never hands out what may not leave the maintainers' channels."""

    @property
    def genesis(self) -> str:
        """What the ledger's chain starts from: it tells two ledgers apart for ever."""
        ...

    @property
    def head(self) -> str:
        """The hash of the last event: nothing that is shown changes while it stands."""
        ...

    @property
    def names(self) -> Names: ...

    def all(self) -> Sequence[Record]:
        """Every motion that may be known, the newest first."""
        ...

    def minutes(self, number: int) -> str:
        """The minutes as they stand in the pull request; empty where there are none."""
        ...

    def calendar(self) -> bytes:
        """The public deadlines, as iCalendar."""
        ...
