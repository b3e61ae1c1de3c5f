"""What Slack makes of typed words, turned back into what was typed: links, mentions, the three escaped characters."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from bot.core.grammar import parse
from bot.core.menu import BY_NAME, FORMS, Verb
from bot.ports import Clock

_MARK: Final = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_MAIL: Final = "mailto:"


def as_typed(text: str) -> str:
    """The words with links and marks as they were typed. Mentions of people stay as they are, for the desk to read."""

    def one(match: re.Match[str]) -> str:
        mark, target, label = match[1], match[2], match[3]
        if mark == "@":
            return f"\0{target}\1"
        if mark == "#":
            return f"#{label or target}"
        if mark == "!":
            return label or f"@{target.partition('^')[0]}"
        return target.removeprefix(_MAIL)

    shown = _MARK.sub(one, text.replace("\0", "").replace("\1", ""))
    shown = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return shown.replace("\0", "<@").replace("\1", ">")


def with_logins(text: str, login_of: Callable[[str], str]) -> str:
    """Mentions of linked accounts as `@login`, to be shown in a form; `login_of` gives "" for an unknown one."""

    def one(match: re.Match[str]) -> str:
        login = login_of(match[2]) if match[1] == "@" else ""
        return f"@{login}" if login else match[0]

    return _MARK.sub(one, text)


def form_wanted(text: str, clock: Clock) -> tuple[Verb, int, dict[str, str]] | None:
    """The verb whose form helps here: typed alone, or with its first word, where it needs more than that."""
    parts = text.split()
    verb = BY_NAME.get(parts[0].casefold()) if parts and parts[0].casefold() in FORMS else None
    if verb is None:
        return None
    rest, given, motion = parts[1:], {}, 0
    first = next((field for field in verb.fields if field.place == "first"), None)
    if rest and first is not None:
        given[first.name] = rest.pop(0)
    if rest and verb.about == "motion" and (number := rest[0].removeprefix("#")).isdecimal() and len(number) < 10:
        motion = int(number)
        rest.pop(0)
    if rest or any(value.startswith("-") for value in given.values()):
        return None
    read = parse(text, via="command", acted_at=clock.now())
    lacks = getattr(read, "code", "") == "value-missing" or (verb.about == "motion" and not motion)
    return (verb, motion, given) if lacks else None
