"""Where a new record goes: into the order that a list has, else behind its last one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from adapters.rosterfile.records import Record, Who
from bot.core.people import fold_login

Key = Callable[[Who], str]
CHANCE: Final = 3
"""From how many records on an order other than a list's first is no coincidence."""


def by_login(who: Who) -> str:
    """Logins in dictionary order."""
    return fold_login(who.login)


def by_login_exactly(who: Who) -> str:
    """Logins by code point: capitals first, as `sort` has it in the C locale."""
    return who.login


def by_name(who: Who) -> str:
    """Names in dictionary order."""
    return who.name.casefold()


def by_surname(who: Who) -> str:
    """Names by their last word, then whole."""
    return f"{who.name.casefold().rpartition(' ')[2]}\0{who.name.casefold()}"


LOGINS: Final[tuple[Key, ...]] = (by_login, by_login_exactly)
LOGINS_FIRST: Final[tuple[Key, ...]] = (*LOGINS, by_name, by_surname)
NAMES_FIRST: Final[tuple[Key, ...]] = (by_name, by_surname, *LOGINS)


def successor(records: Sequence[Record], who: Who, keys: Sequence[Key]) -> Record | None:
    """The record to insert before, in the first order that the list has; None to append."""
    for place, key in enumerate(keys):
        present = [key(each) for each in records]
        wanted = key(who)
        if not wanted.strip("\0") or not all(each.strip("\0") for each in present):
            continue
        if len(present) >= (2 if place == 0 else CHANCE) and present == sorted(present):
            return next((each for text, each in zip(present, records, strict=True) if wanted < text), None)
    return None


def neighbour(records: Sequence[Record], before: Record | None) -> Record | None:
    """The record whose style a new one takes: the one above its place, else the one below, else none."""
    if not records:
        return None
    if before is None:
        return records[-1]
    at = next(index for index, each in enumerate(records) if each is before)
    return records[max(at - 1, 0)]
