"""How the questions of `folkmoot init` are asked, and what the command line has answered already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from pydantic import TypeAdapter, ValidationError

GITHUB: Final = "https://api.github.com"
Check = Callable[[str], str]


class Talk(Protocol):
    """How the operator is spoken with. `ask` gives the default where nobody is to be asked."""

    def ask(self, question: str, *, default: str, check: Check, option: str) -> str: ...

    def sure(self, question: str) -> bool: ...

    def tell(self, text: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the command line says; what is empty is asked."""

    repository: str = ""
    platforms: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    roster: str = ""
    maintainers: str | None = None
    reviewers: str | None = None
    policy: str = ""
    time_zone: str = ""
    api_url: str = GITHUB
    discord_application: str = ""


def answer(talk: Talk, question: str, given: str, *, default: str, check: Check, option: str) -> str:
    """What was given, checked once; or what is answered. Raises LookupError for something given that cannot be used."""
    return must(given, check, option) if given else talk.ask(question, default=default, check=check, option=option)


def must(given: str, check: Check, option: str) -> str:
    """What the command line says, if it can be used. Raises LookupError."""
    try:
        return check(given)
    except ValueError as error:
        raise LookupError(f"{option}: {error}") from error


def one_of(names: Sequence[str]) -> Check:
    def check(text: str) -> str:
        if text not in names:
            raise ValueError(f"{text}: write one of: {', '.join(names)}")
        return text

    return check


def some(text: str) -> str:
    if not text.strip():
        raise ValueError("write a name")
    return text.strip()


def valid(adapter: TypeAdapter[str], text: str) -> str:
    try:
        return adapter.validate_python(text)
    except ValidationError as error:
        raise ValueError(str(error.errors()[0]["ctx"]["error"])) from error
