"""From a request of Slack's to the desk and back: who, where, when. Nothing is said before the desk has answered."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import structlog

from adapters.slack.codes import NAME
from adapters.slack.errors import SlackError
from adapters.slack.members import Claim, Members, Outsider
from adapters.slack.words import turned_away, unchecked
from bot.core.cards import Card
from bot.ports import Clock, Filled, Front, Inbound, Pressed, Typed

log = structlog.get_logger("folkmoot.slack")
PATIENCE: Final = 2.0
"""Seconds that a request is held for its answer: Slack waits three. What takes longer is answered by itself."""
_TS: Final = re.compile(r"[0-9]{9,11}(\.[0-9]{1,9})?")


@dataclass
class Channels:
    """What Slack's channels are called by the configuration, also after Slack has given one another id."""

    moved: dict[str, str] = field(default_factory=dict)

    def ours(self, channel: str) -> str:
        """A channel as the bot calls it; empty for direct messages and for none."""
        if not channel or channel.startswith("D"):
            return ""
        old = next((old for old, new in self.moved.items() if new == channel), channel)
        return f"{NAME}:{old}"

    def theirs(self, channel: str) -> str:
        """Slack's id today of a configured channel."""
        return self.moved.get(channel, channel)

    def move(self, old: str, new: str) -> None:
        """Slack has renamed a channel's id."""
        first = next((name for name, now in self.moved.items() if now == old), old)
        self.moved[first] = new


class Asking:
    """Puts requests to the desk. Never raises an Exception: what cannot be asked is answered too."""

    def __init__(self, members: Members, front: Callable[[], Front], clock: Clock) -> None:
        self._members, self._front, self._clock = members, front, clock

    async def ask(
        self,
        request: str,
        user: str,
        claim: Claim,
        channel: str,
        act: Typed | Pressed | Filled,
        acted_at: datetime | None = None,
    ) -> Card:
        """The desk's answer, or why the desk was not asked."""
        try:
            who = await self._members.who(user, claim)
        except SlackError as error:
            log.warning("membership not checked", user=user, error=error.what)
            return unchecked()
        if isinstance(who, Outsider):
            return turned_away(who)
        inbound = Inbound(request=request, who=who, channel=channel, act=act, acted_at=acted_at or self._clock.now())
        return await self._front().desk.ask(inbound)


async def in_time(asking: asyncio.Task[Card]) -> Card | None:
    """The answer, if it comes while Slack waits; else None, and it goes on."""
    done, _ = await asyncio.wait({asking}, timeout=PATIENCE)
    return asking.result() if done else None


def claim_of(body: Mapping[str, Any]) -> Claim:
    """What a request says of its sender's workspace: a typed command, or a press or form."""
    user, team, enterprise = body.get("user"), body.get("team"), body.get("enterprise")
    if not isinstance(user, dict):
        return Claim(team=str(body.get("team_id") or ""), enterprise=str(body.get("enterprise_id") or ""))
    named = user.get("team_id") or (team.get("id") if isinstance(team, dict) else "")
    return Claim(
        team=str(named or ""), enterprise=str(enterprise.get("id") or "") if isinstance(enterprise, dict) else ""
    )


def instant(ts: object) -> datetime | None:
    """Slack's time of an action; None for what is none."""
    text = str(ts or "")
    return datetime.fromtimestamp(float(text), UTC) if _TS.fullmatch(text) else None
