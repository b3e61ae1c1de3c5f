"""What a member is told privately, as a code and its parameters: stored for retries, put into words later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Params = Mapping[str, str | int | bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The rules said no: nothing was changed, and the member is told why, privately."""

    code: str
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to one request. Parameters hold ids and numbers, never what somebody typed."""

    ok: bool
    code: str
    params: Params = field(default_factory=dict)
