"""Whether somebody is a full member of this workspace: guests, strangers, bots, the deactivated never count (T10)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import structlog

from adapters.slack.codes import NAME
from adapters.slack.errors import NOBODY, SlackError
from adapters.slack.web import Identity, Web
from bot.core.people import PlatformUser

log = structlog.get_logger("folkmoot.slack")
FRESH: Final = 600.0
"""Seconds that a check is good for."""
STALE: Final = 86_400.0
"""Seconds that it is good for while Slack cannot be asked."""
WARM: Final = 43_200.0
"""Seconds after which the check of a linked account is made anew ahead of time."""
MOST: Final = 20_000

Reason = Literal["guest", "foreign", "bot", "deactivated", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outsider:
    """Somebody who takes no part here, and why."""

    why: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a request says of its sender's workspace; empty where it says nothing."""

    team: str = ""
    enterprise: str = ""


@dataclass(frozen=True, slots=True)
class _Checked:
    found: PlatformUser | Outsider
    at: float


class Members:
    """Asks Slack who somebody is, and remembers it for ten minutes."""

    def __init__(
        self, web: Web, *, learn: Callable[[PlatformUser, str], None], now: Callable[[], float] = time.monotonic
    ):
        self._web, self._learn, self._now = web, learn, now
        self._checked: dict[str, _Checked] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def who(self, user: str, claim: Claim | None = None) -> PlatformUser | Outsider:
        """The account of a full member, or why they are none. Raises SlackError where it cannot be told."""
        identity = await self._web.identity()
        if claim is not None and _foreign(identity, claim):
            return Outsider(why="foreign")
        async with self._asking.setdefault(user, asyncio.Lock()):
            return await self._who(user, identity)

    async def _who(self, user: str, identity: Identity) -> PlatformUser | Outsider:
        """One question at a time about each."""
        known = self._checked.get(user)
        if known is not None and self._now() - known.at < FRESH:
            return known.found
        try:
            found = await self._ask(user, identity)
        except SlackError as error:
            if known is not None and self._now() - known.at < STALE:
                log.warning("membership not checked anew", user=user, error=error.what)
                return known.found
            raise
        if len(self._checked) >= MOST:
            self._checked.clear()
            self._asking = {name: lock for name, lock in self._asking.items() if lock.locked()}
        self._checked[user] = _Checked(found, self._now())
        return found

    async def warm(self, users: Sequence[str]) -> None:
        """Check those whose last check is old, unhurriedly: so that one serves whenever Slack cannot be asked."""
        for user in users:
            known = self._checked.get(user)
            if known is not None and self._now() - known.at < WARM:
                continue
            try:
                await self.who(user)
            except SlackError as error:
                log.info("membership not checked ahead", user=user, error=error.what)
                if error.retry_after is not None:
                    return  # the next sweep goes on

    def forget(self, user: str) -> None:
        """Ask again at the next request, as when a profile was changed."""
        self._checked.pop(user, None)

    async def _ask(self, user: str, identity: Identity) -> PlatformUser | Outsider:
        try:
            said = await self._web.call("users.info", user=user)
        except SlackError as error:
            if error.code in NOBODY:
                return Outsider(why="unknown")
            raise
        profile = said.get("user")
        why = _why_not(profile if isinstance(profile, dict) else {}, user, identity)
        if why is not None:
            return Outsider(why=why)
        account = PlatformUser(platform=NAME, team=identity.org, user=user)
        zone = said["user"].get("tz")
        if isinstance(zone, str) and zone:
            self._learn(account, zone)
        return account


def _why_not(profile: Mapping[str, Any], user: str, identity: Identity) -> Reason | None:
    """Why this profile is no full member's; None if it is."""
    if profile.get("id") != user:
        return "unknown"
    if profile.get("deleted"):
        return "deactivated"
    if profile.get("is_bot") or profile.get("is_workflow_bot") or user == "USLACKBOT":
        return "bot"
    if profile.get("is_stranger"):
        return "foreign"
    if profile.get("is_restricted") or profile.get("is_ultra_restricted") or profile.get("is_invited_user"):
        return "guest"
    company = profile.get("enterprise_user")
    enterprise = str(company.get("enterprise_id") or "") if isinstance(company, dict) else ""
    if identity.enterprise:
        return None if enterprise == identity.enterprise else "foreign"
    return None if profile.get("team_id") == identity.team else "foreign"


def _foreign(identity: Identity, claim: Claim) -> bool:
    """Whether a request says itself that it comes from another workspace or organisation."""
    if identity.enterprise and claim.enterprise:
        return claim.enterprise != identity.enterprise
    if identity.enterprise:
        return bool(claim.team) and claim.team.startswith("E") and claim.team != identity.enterprise
    return bool(claim.team) and claim.team != identity.team
