"""What can go wrong on the way to GitHub and back, on purpose; and what was seen on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal[
    "502", "503", "secondary", "secondary-429", "primary", "reset", "lost", "timeout", "401", "head", "garbage", "huge"
]
"""`lost`: it is done, and the answer does not arrive. `reset` and `timeout`: it is not done.
`head`: the branch is not known everywhere yet."""


@dataclass(slots=True, eq=False)
class Fault:
    """Goes wrong for requests whose `METHOD /path` the pattern matches, `times` times."""

    kind: Kind
    pattern: str = ""
    times: int = 1
    retry_after: int | None = None

    def hits(self, request: str) -> bool:
        """Whether this request meets it; it is used up by that."""
        if self.times < 1 or re.search(self.pattern, request) is None:
            return False
        self.times -= 1
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: object = None
    at: datetime
    status: int
    actor: str
    conditional: bool = False
