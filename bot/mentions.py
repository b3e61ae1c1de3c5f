"""Mentions that a member typed (`<@U0123>`, `<@!80351>`) become logins through the links; others stay as they are."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.core.people import PlatformUser
from bot.ports import Directory, Filled, Inbound, Typed

_MENTION = re.compile(r"<@!?([A-Z0-9]{2,30})(?:\|[^<>]*)?>")


def named(inbound: Inbound, directory: Directory) -> Inbound:
    """The request with every mention of a linked account written as `@login`."""
    who = inbound.who

    def login(match: re.Match[str]) -> str:
        person = directory.by_account(PlatformUser(platform=who.platform, team=who.team, user=match[1]).key)
        return f"@{person.login}" if person is not None and person.login else f"<@{match[1]}>"

    match inbound.act:
        case Typed(text=text):
            return replace(inbound, act=Typed(text=_MENTION.sub(login, text)))
        case Filled(values=values):
            read = {name: _MENTION.sub(login, value) for name, value in values.items()}
            return replace(inbound, act=replace(inbound.act, values=read))
        case _:
            return inbound
