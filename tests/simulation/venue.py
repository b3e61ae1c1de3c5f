"""What the simulation asks of a place where members talk, and what it remembers of it for the oracle.

`chat.py` is the one in memory. An adapter on a fake of its platform joins by implementing `Venue`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.core.cards import Card
from bot.core.people import PlatformUser
from bot.ports import Filled, Front, Platform, Point, Pressed, Reacted, Typed

LONGEST: Final = timedelta(minutes=5)
"""How long the bot may be about one request, waiting for a forge."""
Act = Typed | Pressed | Filled | Reacted


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One delivery of a request to the bot, from its arrival to its answer by the bot's clock.

    `answer` is None where it died over it.
    """

    at: datetime
    until: datetime
    answer: Card | None

    def spans(self, at: datetime) -> bool:
        """Whether something may have been recorded over this delivery then."""
        return self.at <= at <= (self.until if self.answer is not None else self.at + LONGEST)


@dataclass(slots=True, kw_only=True)
class Sent:
    """One thing that a member did. `acted_at` is the platform's time of it, None where it gives none.

    A reaction has the message's `ref`. `login` is who really did it, whatever account they used.
    """

    request: str
    login: str
    who: PlatformUser
    venue: str
    channel: str
    act: Act
    acted_at: datetime | None
    ref: str = ""
    tries: list[Try] = field(default_factory=list)

    @property
    def answers(self) -> list[Card]:
        return [each.answer for each in self.tries if each.answer is not None]


@dataclass(slots=True, kw_only=True)
class Message:
    """A message of the bot: in a channel (`place`), or for one reader (`audience`, an account)."""

    ref: str
    place: str
    audience: str
    key: str
    card: Card
    at: datetime
    gone: bool = False
    edits: int = 0
    shown: list[Card] = field(default_factory=list)
    reactions: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def react(self, sent: Sent, at: datetime, *, added: bool) -> bool:
        """A member's reaction stands here from now on, or no more; whether that changes anything."""
        assert isinstance(sent.act, Reacted)
        place = (sent.who.key, sent.act.emoji)
        if self.gone or added == (place in self.reactions):
            return False
        if added:
            self.reactions[place] = at
        else:
            del self.reactions[place]
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Caught:
    """A reaction that stood on a poll when the bot caught up, by the bot's clock."""

    at: datetime
    motion: int
    who: str
    emoji: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Whisper:
    """Words that one reader alone was shown: whose account, what it says, and in which channel, if in one."""

    account: str
    text: str
    place: str = ""


class Venue(Protocol):
    """A platform with its members, on the other side of whatever network there is. It outlives every crash."""

    name: str
    sent: list[Sent]
    caught: list[Caught]

    async def open(self, point: Point) -> Platform:
        """The bot's side for a new life: an adapter that has not connected yet."""
        ...

    async def start(self, front: Front) -> None:
        """Connect the bot and let it catch up, if the platform can be reached."""
        ...

    async def leave_off(self) -> None:
        """The bot disconnects in good order."""
        ...

    async def stop(self) -> None:
        """The bot is gone, in good order or by a crash."""
        ...

    def send(self, sent: Sent) -> None:
        """A member does something now."""
        ...

    def next_at(self) -> datetime | None:
        """When something arrives at the bot next."""
        ...

    async def step(self) -> None:
        """Bring the bot all that has arrived by now, all at once, and keep its answers."""
        ...

    async def change(self, what: str) -> None:
        """The network changes: `down`, `up`, `fine` (no more faults)."""
        ...

    def messages(self) -> list[Message]:
        """Everything that the bot ever posted or sent, as it is now."""
        ...

    def delete(self, message: Message) -> None:
        """An administrator deletes a message."""
        ...

    def react(self, message: Message, sent: Sent, *, added: bool) -> None:
        """A member adds a reaction to a message, or takes it away."""
        ...

    def leave(self, account: str) -> None:
        """An account is closed: nothing can be delivered to it any more."""
        ...

    def whispers(self) -> list[Whisper]:
        """What single readers were shown, besides the messages and the answers."""
        ...

    def problems(self) -> list[str]:
        """What the platform has found wrong with the bot."""
        ...
