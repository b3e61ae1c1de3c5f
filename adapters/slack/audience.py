"""Who reads a channel without being one of those who vote on what is said there. It names accounts, never people."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from adapters.slack.codes import NAME
from adapters.slack.errors import PLACES, SlackError
from adapters.slack.web import Web
from bot.ports import Finding

PAGE: Final = 200
PAGES: Final = 25
_SHOWN: Final = 8


async def audience(web: Web, channel: str, voters: Collection[str]) -> Finding:
    """The members of a channel (`slack:C…`) who are none of the voters' accounts (`TEAM/USER`)."""
    users = {account.partition("/")[2] for account in voters}
    try:
        bot = (await web.identity()).bot_user
        members = await _members(web, channel.removeprefix(f"{NAME}:"))
    except SlackError as error:
        remedy = "invite the bot there" if error.code in PLACES else "check the network, and try again"
        return Finding(mark="warning", what=f"{channel}: its members cannot be listed: {error.what}", remedy=remedy)
    others = sorted(set(members) - users - {bot})
    if not others:
        return Finding(mark="ok", what=f"Everybody in {channel} is a linked maintainer")
    more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
    what = f"{len(others)} in {channel} are no linked maintainers and read along: {', '.join(others[:_SHOWN])}{more}"
    return Finding(mark="warning", what=what, remedy="link them (folkmoot links), or see whether they belong there")


async def _members(web: Web, channel: str) -> list[str]:
    found, cursor = list[str](), ""
    for _ in range(PAGES):
        more = {"cursor": cursor} if cursor else {}
        said = await web.call("conversations.members", channel=channel, limit=PAGE, **more)
        found += [str(user) for user in said.get("members", [])]
        cursor = str((said.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            break
    return found
