"""What members ask on a platform, and what a connected platform is given of the bot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.cards import Card
from bot.core.people import PlatformUser
from bot.ports.chat import Platform
from bot.ports.ledger import Directory


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """Words after `/moot`, exactly as typed."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A button of a card: its verb and motion. `key` is that of the message, if known: it proves the delivery."""

    verb: str
    motion: int
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A form of `bot.core.menu`: the verb, the motion (0 for none) and the fields by name.

    Of a verb without a motion, `repo` may be among them: which repository, where several share a channel.
    """

    verb: str
    motion: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reacted:
    """An emoji added to, or removed from, the poll message of a motion."""

    emoji: str
    motion: int
    added: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One request of a member. `request` is the platform's own immutable id of it: a retry has the same.

    `channel` is named as in the configuration (`slack:C0123`); empty in a direct message with the bot.
    `acted_at` is the platform's time of the action, or the time of receipt where it gives none.
    `sighting` is, for a reaction that was added, what `sighting_of` makes of it: so that it is known after an outage.
    """

    request: str
    who: PlatformUser
    channel: str
    act: Typed | Pressed | Filled | Reacted
    acted_at: datetime
    sighting: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePoll:
    """The poll message of a motion that is still open. `reactions` says whether reactions to it are ballots.

    From `closes_at` on, an action whose time nobody knows is none that counts: it is left to `Desk.catch_up`.
    """

    motion: int
    channel: str
    ref: str
    reactions: bool
    closes_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A reaction that stands on a poll message now; nobody knows since when."""

    who: PlatformUser
    emoji: str


def sighting_of(poll: LivePoll, standing: Standing) -> str:
    """The name under which a member's reaction to a poll is remembered."""
    return f"seen:{standing.who.key}:{poll.motion}:{poll.ref}:{standing.emoji}"


class Desk(Protocol):
    """Where adapters bring what members ask; the clerk serves it. Never raises: a fault is an answer too."""

    async def ask(self, inbound: Inbound) -> Card:
        """Handle one request to its end; the card is the private answer. It resolves after the commit.

        A card without lines (`Reply(lines=())`) is the answer to what needs none.
        """
        ...

    async def catch_up(self, poll: LivePoll, found: Sequence[Standing]) -> Sequence[tuple[PlatformUser, Card]]:
        """Take in the reactions that stand on a poll after an outage, those not seen before; whom to tell what."""
        ...


class Polls(Protocol):
    """The poll messages that adapters find reactions on, by the platform's own ids of them."""

    def at(self, channel: str, ref: str) -> LivePoll | None:
        """The open motion's poll with this id in this channel; None for any other message."""
        ...

    def live(self, platform: str) -> Sequence[LivePoll]:
        """All poll messages of open motions on a platform."""
        ...


class Completion(Protocol):
    """What can be typed, offered while a member types. It never tells of a motion that the member may not know of."""

    def people(self, channel: str, account: str, typed: str) -> Sequence[str]:
        """Logins that begin like, or hold, what is typed; the best first, 25 at most."""
        ...

    def motions(self, channel: str, account: str, typed: str) -> Sequence[tuple[int, str]]:
        """Open motions of the channel's repositories with their titles; the newest first, 25 at most."""
        ...


async def _unnoticed(*_: object) -> None:
    """What is done about a poll that is gone, or a channel that is shut, where nobody looks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """All that a connected platform is given of the bot.

    `channels` are its channels by the configuration, `people` reads the directory as it is now. It calls
    `connected` after each (re)connect, when the actions missed meanwhile are with the desk: a window that ended
    during the outage is counted a minute later. `zone` takes the time zone that a member's profile there shows.
    `gone` is told of a poll message that is not there any more: it is posted again.
    `shut` is told of channels that the bot cannot post in any more, and why; `opened`, of those where it can again.
    """

    desk: Desk
    polls: Polls
    completion: Completion
    people: Callable[[], Directory]
    channels: Sequence[str]
    connected: Callable[[], Awaitable[None]]
    zone: Callable[[PlatformUser, str], None]
    gone: Callable[[LivePoll], Awaitable[None]] = _unnoticed
    shut: Callable[[Sequence[str], str], Awaitable[None]] = _unnoticed
    opened: Callable[[Sequence[str]], Awaitable[None]] = _unnoticed


class Connection(Platform, Protocol):
    """A platform that is reached over a network and has to be connected to."""

    async def start(self, front: Front) -> None:
        """Connect, or go on trying in the background. PlatformError (`final`): only a person can mend it."""
        ...

    async def stop(self) -> None:
        """Take no more requests, finish those begun, disconnect. Safe to call twice, or without `start`."""
        ...
