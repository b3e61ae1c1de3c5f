"""What members do: commands, completion, presses, forms, reactions; and the private answers that they get.

Only what Discord itself would let a member do can be done: registered commands, buttons that are on a message.
What a member does is made first, and then delivered: a network may lie in between.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from tests.fakes.discord import reading, validate
from tests.fakes.discord.clients import filled_in, options_of
from tests.fakes.discord.state import DIRECT, EVERYONE_MAY, Channel, Data, User

if TYPE_CHECKING:
    from tests.fakes.discord.server import FakeDiscord

PATIENCE: Final = 60.0
"""A bound against hanging for ever; no test depends on how long anything takes."""
EPHEMERAL: Final = 64
ANSWERED_IN, TOKEN_LIVES = timedelta(seconds=3), timedelta(minutes=15)
"""How long Discord waits for the first answer to an interaction, and takes more of them."""


@dataclass(eq=False)
class Interaction:
    """One interaction and what came of it."""

    id: int
    user: User
    channel: Channel
    type: int
    data: Data
    at: datetime
    message: Data | None = None
    payload: Data = field(default_factory=dict)
    callbacks: list[Data] = field(default_factory=list)
    shown: Data | None = None
    modal: Data | None = None
    choices: list[Data] | None = None
    refused: list[int] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def token(self) -> str:
        return f"tok-{self.id}"

    @property
    def deferred(self) -> bool:
        """Whether the member first saw that it is being done."""
        return bool(self.callbacks) and self.callbacks[0]["type"] in {5, 6}

    @property
    def text(self) -> str:
        """The private answer; empty where there is none."""
        if self.shown is None:
            return ""
        assert self.shown["flags"] & EPHEMERAL, "an answer that everybody sees"
        return reading.read(self.shown)

    @property
    def buttons(self) -> dict[str, str]:
        return reading.buttons(self.shown) if self.shown is not None else {}

    @property
    def fields(self) -> dict[str, Data]:
        """The inputs of the form that was opened, by name."""
        assert self.modal is not None, f"no form was opened: {self.text}"
        return {label["component"]["custom_id"]: label for label in self.modal["components"]}


class Interactions:
    """Makes interactions and takes the bot's answers to them."""

    def __init__(self, fake: FakeDiscord) -> None:
        self._fake = fake
        self.all: dict[str, Interaction] = {}
        self.reacted: dict[tuple[int, str], set[int]] = {}
        self.customs: dict[tuple[int, str], int] = {}

    # ------------------------------------------------------------------- members

    async def slash(
        self, user: int, path: str, *, channel: int | None = None, at: datetime | None = None, **given: Any
    ) -> Interaction:
        """Use a command: `path` is `yes` or `more snooze`, options by their names with `_` for `-`."""
        return await self.deliver(self.slashed(user, path, channel=channel, at=at, **given))

    async def complete(
        self, user: int, path: str, option: str, typed: str, *, channel: int | None = None
    ) -> list[Data]:
        """Type into an option and see what is offered."""
        place = self._place(channel)
        data = self._command(place, path, {option.replace("-", "_"): typed}, focus=option)
        made = await self.deliver(self.prepared(user, place, 4, data))
        assert made.choices is not None
        return made.choices

    async def menu(self, user: int, name: str, message: Data, *, channel: int | None = None) -> Interaction:
        """A command in a message's own menu."""
        place = self._place(channel)
        known = next(each for each in self._fake.rest.registered[place.guild] if each["name"] == name)
        resolved = {"messages": {message["id"]: message}}
        data = {"id": known["id"], "name": name, "type": 3, "guild_id": str(place.guild), "resolved": resolved}
        return await self.deliver(self.prepared(user, place, 2, {**data, "target_id": message["id"]}))

    async def press(
        self, user: int, message: Data, label: str, *, at: datetime | None = None, wait: bool = True
    ) -> Interaction:
        """Press a button that is on a message."""
        return await self.deliver(self.pressed(user, message, reading.buttons(message)[label], at=at), wait=wait)

    async def submit(self, user: int, opened: Interaction, **given: str) -> Interaction:
        """Fill in a form and send it. What is not given stays as the form showed it."""
        return await self.deliver(self.submitted(user, opened, given))

    async def react(
        self, user: int, message: Data, emoji: str, *, added: bool = True, custom: int = 0, lost: bool = False
    ) -> None:
        """Add or take away a reaction; with `lost`, its event reaches nobody."""
        event = self.reaction(user, message, emoji, added=added, custom=custom)
        if event is not None and not lost:
            await self._fake.gateway.emit("MESSAGE_REACTION_ADD" if added else "MESSAGE_REACTION_REMOVE", event)

    async def deliver(self, made: Interaction, *, wait: bool = True) -> Interaction:
        """Bring it to the bot, and wait for what it answers."""
        await self._fake.gateway.emit("INTERACTION_CREATE", made.payload)
        if wait:
            async with asyncio.timeout(PATIENCE):
                await made.done.wait()
        return made

    # ------------------------------------------------------------------- how it is made

    def slashed(
        self, user: int, path: str, *, channel: int | None = None, at: datetime | None = None, **given: Any
    ) -> Interaction:
        """A command that was sent."""
        place = self._place(channel)
        return self.prepared(user, place, 2, self._command(place, path, given, focus=None), at=at)

    def pressed(self, user: int, message: Data, custom_id: str, *, at: datetime | None = None) -> Interaction:
        """A button of a message that was pressed."""
        assert custom_id in reading.buttons(message).values(), "no such button"
        data = {"custom_id": custom_id, "component_type": 2, "id": 1}
        place = self._fake.channels[int(message["channel_id"])]
        return self.prepared(user, place, 3, data, message=message, at=at)

    def submitted(
        self, user: int, opened: Interaction, given: Mapping[str, str], *, at: datetime | None = None
    ) -> Interaction:
        """A form that was filled in."""
        assert opened.modal is not None
        left = dict(given)
        labels = [filled_in(label, left) for label in opened.modal["components"]]
        assert not left, f"the form has no {sorted(left)}"
        data = {"custom_id": opened.modal["custom_id"], "components": labels, "resolved": {}}
        return self.prepared(user, opened.channel, 5, data, message=opened.message, at=at)

    def reaction(self, user: int, message: Data, emoji: str, *, added: bool = True, custom: int = 0) -> Data | None:
        """Add or take away a reaction: the event of it, None where nothing has changed."""
        number = int(message["id"])
        who = self.reacted.setdefault((number, emoji), set())
        if (user in who) == added:
            return None
        who.symmetric_difference_update({user})
        self.customs[number, emoji] = custom
        mine = {name: people for (each, name), people in self.reacted.items() if each == number and people}
        message["reactions"] = [
            _reaction(name, len(people), self.customs[number, name]) for name, people in mine.items()
        ]
        place = self._fake.channels[int(message["channel_id"])]
        event: Data = {
            "user_id": str(user),
            "channel_id": str(place.id),
            "message_id": message["id"],
            "emoji": {"id": str(custom) if custom else None, "name": emoji},
            "burst": False,
            "type": 0,
        }
        if place.guild:
            event["guild_id"] = str(place.guild)
        if added and place.guild:
            event["member"] = self._fake.guilds[place.guild].member(self._fake.users[user])
        return event

    def _place(self, channel: int | None) -> Channel:
        return self._fake.channels[channel if channel is not None else 200]

    def prepared(
        self,
        user: int,
        place: Channel,
        kind: int,
        data: Data,
        *,
        message: Data | None = None,
        at: datetime | None = None,
    ) -> Interaction:
        """One that can be answered, and that nobody has been told of."""
        who, seen = self._fake.users[user], None if message is None else dict(message)
        made = Interaction(self._fake.snowflake(at), who, place, kind, data, self._fake.snowflake.now(), seen)
        made.payload = self.payload(made)
        self.all[made.token] = made
        return made

    def payload(self, made: Interaction) -> Data:
        """What Discord tells of it."""
        place = made.channel
        payload: Data = {
            "id": str(made.id),
            "application_id": str(self._fake.bot.id),
            "type": made.type,
            "token": made.token,
            "version": 1,
            "channel_id": str(place.id),
            "channel": {**place.data, "permissions": str(EVERYONE_MAY)},
            "data": made.data,
            "locale": "en-US",
            "app_permissions": str(EVERYONE_MAY),
            "entitlements": [],
            "authorizing_integration_owners": {"0": str(place.guild)},
            "context": 1 if place.type == DIRECT else 0,
            "attachment_size_limit": 10485760,
        }
        if place.guild:
            guild = self._fake.guilds[place.guild]
            payload |= {"guild_id": str(place.guild), "guild_locale": "en-US", "member": guild.member(made.user)}
        else:
            payload["user"] = made.user.data
        return {**payload, "message": made.message} if made.message is not None else payload

    def _command(self, place: Channel, path: str, given: Mapping[str, Any], *, focus: str | None) -> Data:
        """The nested options, as a client builds them from what is registered."""
        known = self._fake.rest.registered.get(place.guild, [])
        root = next((each for each in known if each["name"] == "moot"), None)
        assert root is not None, "the command is not registered here"
        names, node, chain = path.split(), root, []
        for name in names:
            node = next(option for option in node["options"] if option["name"] == name)
            chain.append(node)
        options = options_of(node.get("options") or [], given, focus)
        for each in reversed(chain):
            options = [{"name": each["name"], "type": each["type"], "options": options}]
        where = {"guild_id": str(place.guild)} if place.guild else {}
        return {"id": root["id"], "name": "moot", "type": 1, "options": options, **where}

    # ------------------------------------------------------------------- the bot's answers

    async def answer(self, method: str, path: str, body: Any, files: list[Data]) -> tuple[int, Any]:
        from tests.fakes.discord.rest import Refused

        parts = path.strip("/").split("/")
        if parts[0] == "interactions":
            return self._called_back(self.all.get(parts[2]), body, files)
        made = self.all.get(parts[2])
        if made is None or not made.callbacks:
            raise Refused(404, 10015)
        if self._fake.snowflake.now() - made.at > TOKEN_LIVES:
            raise Refused(401, 50027)
        if method == "DELETE":
            made.shown = None
            made.done.set()
            return 204, None
        if method == "PATCH":
            validate.message(body, files=len(files), create=False)
            validate.need(body.get("content") or body.get("embeds") or files, "empty message")
            self._show(made, body, files)
        return 200, made.shown or self._fake.rest.make(Channel(made.channel.id, 0, ""), {}, [])

    def _called_back(self, made: Interaction | None, body: Data, files: list[Data]) -> tuple[int, Any]:
        from tests.fakes.discord.rest import Refused

        if made is None:
            raise Refused(404, 10062)
        if self._fake.snowflake.now() - made.at > ANSWERED_IN:
            made.refused.append(10062)
            raise Refused(404, 10062)
        if made.callbacks:
            made.refused.append(40060)
            raise Refused(400, 40060)
        kind, data = body["type"], body.get("data") or {}
        if kind == 4:
            validate.message(data, files=len(files))
        elif kind == 9:
            validate.modal(data)
            validate.need(made.type in {2, 3}, "a form cannot open a form")
        elif kind == 8:
            validate.completions(data["choices"])
            validate.need(made.type == 4, "completion")
        elif kind == 6:
            validate.need(made.message is not None, "only what belongs to a message")
        made.callbacks.append(body)
        if kind == 4:
            self._show(made, data, files)
        elif kind == 9:
            made.modal = data
            made.done.set()
        elif kind == 8:
            made.choices = data["choices"]
            made.done.set()
        elif kind == 6:
            made.done.set()
        return 200, {"interaction": {"id": str(made.id), "type": made.type}}

    def _show(self, made: Interaction, data: Data, files: list[Data]) -> None:
        flags = (made.callbacks[0].get("data") or {}).get("flags", 0) if made.callbacks else 0
        place = Channel(made.channel.id, made.channel.guild, "")
        body = {**data, "flags": data.get("flags") or flags}
        made.shown = self._fake.rest.make(place, body, files)
        made.done.set()


def _reaction(name: str, count: int, custom: int) -> Data:
    return {
        "count": count,
        "count_details": {"burst": 0, "normal": count},
        "burst_colors": [],
        "me": False,
        "me_burst": False,
        "burst_count": 0,
        "emoji": {"id": str(custom) if custom else None, "name": name},
    }
