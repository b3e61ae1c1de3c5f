"""What the fake Discord holds: servers, roles, members, channels, messages, reactions."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

EPOCH_MS: Final = 1420070400000
EVERYONE_MAY: Final = 1 << 10 | 1 << 11 | 1 << 14 | 1 << 16 | 1 << 31
"""See channels, write, embed, read the history, use commands."""
VIEW, SEND, EMBED, ATTACH, HISTORY = 1 << 10, 1 << 11, 1 << 14, 1 << 15, 1 << 16
MAKE_THREADS, SEND_IN_THREADS = 1 << 35, 1 << 38
ADD_REACTIONS: Final = 1 << 6
ADMINISTRATOR: Final = 1 << 3
BOT_MAY: Final = VIEW | SEND | EMBED | HISTORY | MAKE_THREADS | SEND_IN_THREADS | ADD_REACTIONS
TEXT, DIRECT, THREAD = 0, 1, 11
Data = dict[str, Any]


def real_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Snowflakes:
    """Ids that carry the time: strictly increasing, whatever the clock does."""

    now: Callable[[], datetime] = real_now
    _count: Iterator[int] = field(default_factory=itertools.count)
    _last: int = 0

    def __call__(self, at: datetime | None = None) -> int:
        moment = at or self.now()
        made = (int(moment.timestamp() * 1000) - EPOCH_MS) << 22 | (next(self._count) & 0xFFF)
        if at is None:
            made = max(made, self._last + 1)
            self._last = made
        return made


@dataclass
class User:
    """Somebody with an account."""

    id: int
    name: str
    bot: bool = False
    takes_letters: bool = True

    @property
    def data(self) -> Data:
        made: Data = {
            "id": str(self.id),
            "username": self.name,
            "discriminator": "0",
            "avatar": None,
            "global_name": None,
        }
        return {**made, "bot": True} if self.bot else made


@dataclass
class Role:
    """A role of a server. `flags` 1: anybody can take it in the onboarding."""

    id: int
    name: str
    permissions: int = 0
    flags: int = 0
    managed: bool = False
    tags: Data | None = None
    count: int = 1

    @property
    def data(self) -> Data:
        colors = {"primary_color": 0, "secondary_color": None, "tertiary_color": None}
        made: Data = {
            "id": str(self.id),
            "name": self.name,
            "color": 0,
            "colors": colors,
            "hoist": False,
            "position": 0 if self.name == "@everyone" else 1,
            "permissions": str(self.permissions),
            "managed": self.managed,
            "mentionable": False,
            "flags": self.flags,
        }
        return {**made, "tags": self.tags} if self.tags is not None else made


@dataclass
class Channel:
    """A channel, a thread, or the direct messages with one member."""

    id: int
    guild: int
    name: str
    type: int = TEXT
    parent: int = 0
    overwrites: dict[int, tuple[int, int]] = field(default_factory=dict)
    locked: bool = False
    recipient: User | None = None
    messages: dict[int, Data] = field(default_factory=dict)
    nonces: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    @property
    def data(self) -> Data:
        if self.type == DIRECT and self.recipient is not None:
            return {"id": str(self.id), "type": DIRECT, "recipients": [self.recipient.data], "last_message_id": None}
        made: Data = {
            "id": str(self.id),
            "type": self.type,
            "guild_id": str(self.guild),
            "name": self.name,
            "position": 0,
            "nsfw": False,
            "flags": 0,
            "parent_id": str(self.parent) if self.parent else None,
            "permission_overwrites": [
                {"id": str(who), "type": 0, "allow": str(allow), "deny": str(deny)}
                for who, (allow, deny) in self.overwrites.items()
            ],
        }
        if self.type == THREAD:
            made |= {
                "owner_id": "900",
                "message_count": 0,
                "member_count": 1,
                "thread_metadata": {
                    "archived": False,
                    "auto_archive_duration": 10080,
                    "archive_timestamp": "2026-01-01T00:00:00+00:00",
                    "locked": self.locked,
                },
            }
            del made["permission_overwrites"]
        return made


@dataclass
class Guild:
    """A server."""

    id: int
    name: str
    owner: int
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, tuple[User, tuple[int, ...]]] = field(default_factory=dict)
    size: int = 10

    @property
    def data(self) -> Data:
        empty: Mapping[str, Sequence[Any]] = {
            name: [] for name in ("emojis", "stickers", "features", "presences", "voice_states", "stage_instances")
        }
        return {
            "id": str(self.id),
            "name": self.name,
            "icon": None,
            "splash": None,
            "discovery_splash": None,
            "owner_id": str(self.owner),
            "afk_channel_id": None,
            "afk_timeout": 60,
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "system_channel_id": None,
            "system_channel_flags": 0,
            "rules_channel_id": None,
            "public_updates_channel_id": None,
            "vanity_url_code": None,
            "description": None,
            "banner": None,
            "premium_tier": 0,
            "preferred_locale": "en-US",
            "nsfw_level": 0,
            "premium_progress_bar_enabled": False,
            "roles": [role.data for role in self.roles.values()],
            **empty,
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }

    def member(self, user: User) -> Data:
        roles = self.members[user.id][1]
        return {
            "user": user.data,
            "roles": [str(role) for role in roles],
            "joined_at": "2024-01-01T00:00:00+00:00",
            "deaf": False,
            "mute": False,
            "flags": 0,
            "permissions": str(EVERYONE_MAY),
        }

    def permissions(self, user: int, channel: Channel) -> int:
        """What a member may do in a channel, by Discord's own arithmetic."""
        if user not in self.members:
            return 0
        mine = self.members[user][1]
        base = self.roles[self.id].permissions
        for role in mine:
            base |= self.roles[role].permissions
        if base & ADMINISTRATOR or user == self.owner:
            return (1 << 53) - 1
        allow, deny = channel.overwrites.get(self.id, (0, 0))
        base = base & ~deny | allow
        together = [channel.overwrites.get(role, (0, 0)) for role in mine]
        for _, denied in together:
            base &= ~denied
        for allowed, _ in together:
            base |= allowed
        return base
