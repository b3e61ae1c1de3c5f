"""What members do: commands, completion, presses, forms, reactions; and the private answers that they get.

Only what Discord itself would let a member do can be done: registered commands, buttons that are on a message.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from tests.fakes.discord import reading, validate
from tests.fakes.discord.state import DIRECT, EVERYONE_MAY, Channel, Data, User

if TYPE_CHECKING:
    from tests.fakes.discord.server import FakeDiscord

PATIENCE: Final = 60.0
"""A bound against hanging for ever; no test depends on how long anything takes."""
EPHEMERAL: Final = 64


@dataclass(eq=False)
class Interaction:
    """One interaction and what came of it."""

    id: int
    user: User
    channel: Channel
    type: int
    data: Data
    message: Data | None = None
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

    # ------------------------------------------------------------------- members

    async def slash(
        self, user: int, path: str, *, channel: int | None = None, at: datetime | None = None, **given: Any
    ) -> Interaction:
        """Use a command: `path` is `yes` or `more snooze`, options by their names with `_` for `-`."""
        place = self._place(channel)
        data = self._command(place, path, given, focus=None)
        return await self._made(user, place, 2, data, at=at)

    async def complete(
        self, user: int, path: str, option: str, typed: str, *, channel: int | None = None
    ) -> list[Data]:
        """Type into an option and see what is offered."""
        place = self._place(channel)
        data = self._command(place, path, {option.replace("-", "_"): typed}, focus=option)
        made = await self._made(user, place, 4, data)
        assert made.choices is not None
        return made.choices

    async def menu(self, user: int, name: str, message: Data, *, channel: int | None = None) -> Interaction:
        """A command in a message's own menu."""
        place = self._place(channel)
        known = next(each for each in self._fake.rest.registered[place.guild] if each["name"] == name)
        resolved = {"messages": {message["id"]: message}}
        data = {"id": known["id"], "name": name, "type": 3, "guild_id": str(place.guild), "resolved": resolved}
        return await self._made(user, place, 2, {**data, "target_id": message["id"]})

    async def press(
        self, user: int, message: Data, label: str, *, at: datetime | None = None, wait: bool = True
    ) -> Interaction:
        """Press a button that is on a message."""
        custom_id = reading.buttons(message)[label]
        data = {"custom_id": custom_id, "component_type": 2, "id": 1}
        place = self._fake.channels[int(message["channel_id"])]
        return await self._made(user, place, 3, data, message=message, at=at, wait=wait)

    async def submit(self, user: int, opened: Interaction, **given: str) -> Interaction:
        """Fill in a form and send it. What is not given stays as the form showed it."""
        assert opened.modal is not None
        labels = [self._filled(label, given) for label in opened.modal["components"]]
        assert not given, f"the form has no {sorted(given)}"
        data = {"custom_id": opened.modal["custom_id"], "components": labels, "resolved": {}}
        return await self._made(user, opened.channel, 5, data, message=opened.message)

    async def react(
        self, user: int, message: Data, emoji: str, *, added: bool = True, custom: int = 0, lost: bool = False
    ) -> None:
        """Add or take away a reaction; with `lost`, its event reaches nobody."""
        number = int(message["id"])
        who = self.reacted.setdefault((number, emoji), set())
        if (user in who) == added:
            return
        who.symmetric_difference_update({user})
        mine = {name: people for (each, name), people in self.reacted.items() if each == number and people}
        message["reactions"] = [_reaction(name, len(people), custom) for name, people in mine.items()]
        if lost:
            return
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
        await self._fake.gateway.emit("MESSAGE_REACTION_ADD" if added else "MESSAGE_REACTION_REMOVE", event)

    # ------------------------------------------------------------------- how it is made

    def _place(self, channel: int | None) -> Channel:
        return self._fake.channels[channel if channel is not None else 200]

    async def _made(
        self,
        user: int,
        place: Channel,
        kind: int,
        data: Data,
        *,
        message: Data | None = None,
        at: datetime | None = None,
        wait: bool = True,
    ) -> Interaction:
        made = self.prepared(user, place, kind, data, message=message, at=at)
        await self._fake.gateway.emit("INTERACTION_CREATE", self.payload(made))
        if wait:
            async with asyncio.timeout(PATIENCE):
                await made.done.wait()
        return made

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
        made = Interaction(self._fake.snowflake(at), self._fake.users[user], place, kind, data, message)
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
        options = _options(node.get("options") or [], given, focus)
        for each in reversed(chain):
            options = [{"name": each["name"], "type": each["type"], "options": options}]
        where = {"guild_id": str(place.guild)} if place.guild else {}
        return {"id": root["id"], "name": "moot", "type": 1, "options": options, **where}

    def _filled(self, label: Data, given: dict[str, str]) -> Data:
        item = label["component"]
        name = item["custom_id"]
        if item["type"] == 3:
            picked = [option["value"] for option in item["options"] if option.get("default")]
            values = [given.pop(name)] if name in given else picked
            assert all(value in {option["value"] for option in item["options"]} for value in values)
            assert values or not item.get("required", True), f"{name} is required"
            return {"type": 18, "id": 1, "component": {"type": 3, "id": 2, "custom_id": name, "values": values}}
        value = given.pop(name, item.get("value") or "")
        assert value or not item.get("required", True), f"{name} is required"
        assert len(value) <= item.get("max_length", 4000), f"{name} is too long to be typed"
        return {"type": 18, "id": 1, "component": {"type": 4, "id": 2, "custom_id": name, "value": value}}

    # ------------------------------------------------------------------- the bot's answers

    async def answer(self, method: str, path: str, body: Any, files: list[Data]) -> tuple[int, Any]:
        from tests.fakes.discord.rest import Refused

        parts = path.strip("/").split("/")
        if parts[0] == "interactions":
            return self._called_back(self.all.get(parts[2]), body, files)
        made = self.all.get(parts[2])
        if made is None or not made.callbacks:
            raise Refused(404, 10015)
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


def _options(known: Sequence[Data], given: Mapping[str, Any], focus: str | None) -> list[Data]:
    options: list[Data] = []
    names = {option["name"].replace("-", "_"): option for option in known}
    assert set(given) <= set(names), f"no such options: {sorted(set(given) - set(names))}"
    for name, option in names.items():
        if name not in given:
            assert focus is not None or not option.get("required"), f"{name} is required"
            continue
        value = given[name]
        if focus is None:
            if option["type"] == 4:
                assert option.get("min_value", 0) <= value <= option.get("max_value", 1 << 53)
            else:
                assert option.get("min_length", 0) <= len(value) <= option.get("max_length", 6000)
            choices = {choice["value"] for choice in option.get("choices") or []}
            assert not choices or value in choices
        else:
            assert option.get("autocomplete"), f"{name} offers nothing"
        made = {"name": option["name"], "type": option["type"], "value": value}
        options.append({**made, "focused": True} if focus == option["name"] else made)
    return options


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
