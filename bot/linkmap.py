"""The link map: a file in the repository that says which chat accounts belong to which forge account.

It is TOML, a table for each person, and it is changed like every other file, by a reviewed pull request:

    [[person]]
    login = "octocat"
    github = 583231
    slack = "T0123456/U0456789"
    discord = "80351110224678912"
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.config import DiscordAccount, SlackAccount
from bot.core.people import PlatformUser
from bot.rulebooks import Mistaken, toml
from bot.toml_lines import KeyLines

MAP_BYTES = 1 << 20
MOST = 10_000


class LinkMapError(Exception):
    """A map that cannot be used, with file and line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One person's accounts. `forge_id` is that of the forge, such as `github:583231`; empty if it is not given."""

    login: str
    accounts: tuple[PlatformUser, ...]
    forge_id: str = ""


class _Person(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    login: Annotated[str, Field(min_length=1, max_length=40)] = ""
    github: Annotated[int, Field(ge=1)] | None = None
    slack: SlackAccount | None = None
    discord: DiscordAccount | None = None

    @model_validator(mode="after")
    def _is_somebody(self) -> _Person:
        if not self.login and self.github is None:
            raise ValueError("names nobody: write their login, or github = and their numeric id")
        return self


class _Map(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    person: Annotated[tuple[_Person, ...], Field(strict=False, max_length=MOST)] = ()


def parse_links(data: bytes, *, path: str) -> Sequence[Link]:
    """The links of a map. Raises LinkMapError for anything that is not understood: then it links nobody anew."""
    if len(data) > MAP_BYTES:
        raise LinkMapError(f"{path}: too large; keep it under 1 MiB")
    text = data.decode("utf-8", errors="replace")
    try:
        found = _Map.model_validate(toml(text, file=path))
    except Mistaken as error:
        raise LinkMapError(str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise LinkMapError(f"{path}:{KeyLines(text).line(where)}: {where}: {first['msg']}") from error
    return [
        Link(
            login=person.login,
            accounts=accounts_of(slack=person.slack, discord=person.discord),
            forge_id=f"github:{person.github}" if person.github is not None else "",
        )
        for person in found.person
    ]


def accounts_of(*, slack: str | None, discord: str | None) -> tuple[PlatformUser, ...]:
    """The accounts that a table of a person names."""
    named = (("slack", slack), ("discord", discord))
    return tuple(PlatformUser.of(f"{platform}:{account}") for platform, account in named if account)
