"""The fake workspace's state: people, channels, messages, views. It knows no network."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack.kit import buttons, read

TEAM, BOT, BOT_ID, APP = "T0001", "UBOT", "BBOT", "A0001"


@dataclass(slots=True, kw_only=True)
class User:
    """Somebody's profile, as `users.info` gives it."""

    id: str
    name: str
    team: str = TEAM
    tz: str = "UTC"
    enterprise: str = ""
    deleted: bool = False
    bot: bool = False
    guest: bool = False
    single_channel: bool = False
    stranger: bool = False
    no_direct: bool = False

    def info(self) -> dict[str, Any]:
        """The profile."""
        company = {"enterprise_user": {"id": self.id, "enterprise_id": self.enterprise}} if self.enterprise else {}
        return {
            "id": self.id,
            "team_id": self.team,
            "name": self.name,
            "real_name": self.name.title(),
            "deleted": self.deleted,
            "is_bot": self.bot,
            "is_restricted": self.guest or self.single_channel,
            "is_ultra_restricted": self.single_channel,
            "tz": self.tz,
            **({"is_stranger": True} if self.stranger else {}),
            **company,
        }


@dataclass(slots=True, kw_only=True)
class Channel:
    """A channel, or the direct messages of the bot with somebody."""

    id: str
    name: str = ""
    private: bool = True
    shared: bool = False
    archived: bool = False
    with_user: str = ""
    members: set[str] = field(default_factory=set)

    @property
    def direct(self) -> bool:
        return bool(self.with_user)

    def info(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "is_channel": not self.direct,
            "is_im": self.direct,
            "is_mpim": False,
            "is_private": self.private and not self.direct,
            "is_archived": self.archived,
            "is_ext_shared": self.shared,
            "is_member": BOT in self.members,
        }


@dataclass(slots=True, kw_only=True)
class Message:
    """One message. `only_for` is set for one that a single member sees."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    thread: str = ""
    only_for: str = ""
    edits: int = 0
    reactions: dict[str, list[str]] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """What a reader gets."""
        return read(self.blocks, self.text)

    @property
    def labels(self) -> list[str]:
        """The labels of its buttons."""
        return [str(each["text"]["text"]) for each in buttons(self.blocks)]

    def info(self, *, metadata: bool) -> dict[str, Any]:
        bot = {"bot_id": BOT_ID, "app_id": APP} if self.user == BOT else {}
        shown = [{"name": name, "users": users, "count": len(users)} for name, users in self.reactions.items() if users]
        return {
            "type": "message",
            "ts": self.ts,
            "user": self.user,
            "text": self.text,
            "blocks": self.blocks,
            **bot,
            **({"thread_ts": self.thread} if self.thread else {}),
            **({"metadata": self.metadata} if self.metadata and metadata else {}),
            **({"reactions": shown} if shown else {}),
        }


class Workspace:
    """All that there is. `now` gives seconds since the epoch, from which Slack's own timestamps are made."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.team, self.enterprise = TEAM, ""
        self.users: dict[str, User] = {BOT: User(id=BOT, name="folkmoot", bot=True)}
        self.channels: dict[str, Channel] = {}
        self.messages: list[Message] = []
        self.views: dict[str, dict[str, Any]] = {}
        self.homes: dict[str, dict[str, Any]] = {}
        self.triggers: dict[str, bool] = {}
        self.opened: dict[str, str] = {}
        """By the trigger, which view came up."""
        self._count = itertools.count(1)

    def ts(self) -> str:
        """A timestamp that no other has."""
        return f"{int(self.now())}.{next(self._count):06d}"

    def id(self, kind: str) -> str:
        return f"{kind}{next(self._count):06d}"

    def trigger(self) -> str:
        """A trigger that opens one view."""
        made = f"{next(self._count)}.{self.team}.abc"
        self.triggers[made] = True
        return made

    def add_user(self, id: str, name: str, **more: Any) -> User:
        made = User(id=id, name=name, **{"team": self.team, "enterprise": self.enterprise, **more})
        self.users[id] = made
        return made

    def add_channel(self, id: str, name: str, *, members: tuple[str, ...] = (), **more: Any) -> Channel:
        made = Channel(id=id, name=name, members={BOT, *members}, **more)
        self.channels[id] = made
        return made

    def direct(self, user: str) -> Channel:
        """The direct messages of the bot with somebody, made if need be."""
        found = next((each for each in self.channels.values() if each.with_user == user), None)
        if found is None:
            found = Channel(id=self.id("D"), with_user=user, members={BOT, user})
            self.channels[found.id] = found
        return found

    def find(self, channel: str, ts: str) -> Message | None:
        return next((m for m in self.messages if m.channel == channel and m.ts == ts and not m.only_for), None)

    def say(self, user: str, channel: str, text: str) -> Message:
        """Somebody talks."""
        made = Message(channel=channel, ts=self.ts(), user=user, text=text)
        self.messages.append(made)
        return made

    def delete(self, message: Message) -> None:
        self.messages.remove(message)

    # ------------------------------------------------------------------- what is there

    def posts(self, channel: str) -> list[Message]:
        """The bot's messages that everybody in the channel sees, oldest first."""
        return [m for m in self.messages if m.channel == channel and m.user == BOT and not m.only_for]

    def directs(self, user: str) -> list[Message]:
        """The bot's direct messages to somebody."""
        return [m for each in self.channels.values() if each.with_user == user for m in self.posts(each.id)]

    def private(self, user: str) -> list[Message]:
        """What only this member sees, oldest first."""
        return [m for m in self.messages if m.only_for == user]
