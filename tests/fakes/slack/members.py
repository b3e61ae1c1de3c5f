"""What members do in the fake: type, press, fill in forms, react, look at Home. As Slack's client would let them."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Mapping
from typing import Any, Final

from tests.fakes.slack.kit import Data, buttons, read
from tests.fakes.slack.server import Ack, FakeSlack
from tests.fakes.slack.state import APP, BOT, Message

_NUMBERS: Final = itertools.count(1)


def slack_text(text: str) -> str:
    """What Slack makes of typed words where the command asks for escapes: `{U1}` is a mention, links get angles."""
    escaped = html.escape(text, quote=False)
    escaped = re.sub(r"(https?://[^\s<>\"]+)", r"<\1>", escaped)
    return re.sub(r"\{([UW][A-Z0-9]+)\}", r"<@\1|somebody>", escaped)


class Hand:
    """One member's hands."""

    def __init__(self, slack: FakeSlack, user: str) -> None:
        self.slack, self.user = slack, user

    @property
    def _space(self) -> Any:
        return self.slack.space

    def _about(self) -> dict[str, Any]:
        """Who and where from, as interactions say it."""
        profile = self._space.users[self.user]
        company = {"id": profile.enterprise, "name": "Grid"} if profile.enterprise else None
        return {
            "team": {"id": profile.team, "domain": "folk"},
            "enterprise": company,
            "user": {"id": self.user, "username": profile.name, "team_id": profile.team},
            "api_app_id": APP,
            "token": "x",
            "trigger_id": self._space.trigger(),
        }

    # ------------------------------------------------------------------- commands

    def command(self, text: str, channel: str, name: str = "/moot") -> dict[str, Any]:
        """The payload of a typed command."""
        profile = self._space.users[self.user]
        company = {"enterprise_id": profile.enterprise} if profile.enterprise else {}
        return {
            "token": "x",
            "team_id": profile.team,
            "team_domain": "folk",
            "channel_id": channel,
            "channel_name": "somewhere",
            "user_id": self.user,
            "user_name": profile.name,
            "command": name,
            "text": slack_text(text),
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "response_url": f"{self.slack.api_url}response",
            "trigger_id": self._space.trigger(),
            **company,
        }

    async def types(self, text: str, channel: str, name: str = "/moot") -> str:
        """Type a command; the private answer in the acknowledgement, if there is one."""
        return self.answer(await self.slack.send("slash_commands", self.command(text, channel, name)))

    def answer(self, ack: Ack | None) -> str:
        """What the member reads of an acknowledgement."""
        assert ack is not None
        if not ack.payload:
            return ""
        assert ack.payload.get("response_type", "ephemeral") == "ephemeral"
        return read(ack.payload.get("blocks") or [], ack.payload.get("text", ""))

    # ------------------------------------------------------------------- buttons

    def pressed(self, message: Message, label: str) -> dict[str, Any]:
        """The payload of a press on the button with this label."""
        found = next(each for each in buttons(message.blocks) if each["text"]["text"] == label)
        container = {"type": "message", "message_ts": message.ts, "channel_id": message.channel}
        return {
            "type": "block_actions",
            **self._about(),
            "container": {**container, "is_ephemeral": bool(message.only_for)},
            "channel": {"id": message.channel, "name": "somewhere"},
            **({} if message.only_for else {"message": message.info(metadata=True)}),
            "state": {"values": {}},
            "response_url": f"{self.slack.api_url}response",
            "actions": [self._action(found)],
        }

    def _action(self, found: Data) -> dict[str, Any]:
        kept = {name: found[name] for name in ("type", "action_id", "value") if name in found}
        return {**kept, "block_id": "b1", "action_ts": self._space.ts()}

    async def presses(self, message: Message, label: str) -> Ack | None:
        """Press a button of a message."""
        return await self.slack.send("interactive", self.pressed(message, label))

    async def presses_home(self, label: str) -> Ack | None:
        """Press a button of the Home tab."""
        view = self._space.homes[self.user]
        found = next(each for each in buttons(view["blocks"]) if each["text"]["text"] == label)
        payload = {
            "type": "block_actions",
            **self._about(),
            "container": {"type": "view", "view_id": view["id"]},
            "view": view,
            "actions": [self._action(found)],
        }
        return await self.slack.send("interactive", payload)

    # ------------------------------------------------------------------- forms

    @property
    def form(self) -> dict[str, Any]:
        """The form that is open last."""
        views: dict[str, dict[str, Any]] = self._space.views
        return views[list(views)[-1]]

    def filled(self, values: Mapping[str, str], view: dict[str, Any] | None = None) -> dict[str, Any]:
        """The payload of a form with these fields by name; others have what they show."""
        view = view or self.form
        return {
            "type": "view_submission",
            **self._about(),
            "view": {**view, "state": {"values": self._state(view, values)}},
            "response_urls": [],
        }

    def _state(self, view: Data, values: Mapping[str, str]) -> dict[str, Any]:
        state: dict[str, Any] = {}
        left = dict(values)
        for block in view["blocks"]:
            if block["type"] != "input":
                continue
            name, element = block["block_id"].removeprefix("field:"), block["element"]
            state[block["block_id"]] = {element["action_id"]: _typed(element, left.pop(name, None))}
        assert not left, f"the form has no {list(left)}"
        return state

    async def submits(self, _view: dict[str, Any] | None = None, /, **values: str) -> dict[str, str]:
        """Send the open form; the errors beside its fields, by field."""
        view = _view or self.form
        given = {name.replace("_", "-"): value for name, value in values.items()}
        ack = await self.slack.send("interactive", self.filled(given, view))
        assert ack is not None
        action = ack.payload.get("response_action")
        if action == "errors":
            names = {block.get("block_id") for block in view["blocks"] if block["type"] == "input"}
            errors: dict[str, str] = ack.payload["errors"]
            assert set(errors) <= names, "an error beside no field"
            return {name.removeprefix("field:"): words for name, words in errors.items()}
        if action == "update":
            from tests.fakes.slack.kit import check_view

            check_view(ack.payload["view"])
            view.clear()
            view.update(ack.payload["view"], id=view.get("id"), hash="h0")
            return {}
        self._space.views.pop(view["id"], None)
        return {}

    async def chooses(self, block: str, value: str) -> None:
        """Choose in a field that tells the app at once."""
        view = self.form
        found = next(each for each in view["blocks"] if each.get("block_id") == block)
        assert found.get("dispatch_action")
        option = next(each for each in found["element"]["options"] if each["value"] == value)
        found["element"]["initial_option"] = option
        action = {"type": "static_select", "action_id": found["element"]["action_id"], "selected_option": option}
        payload = {
            "type": "block_actions",
            **self._about(),
            "container": {"type": "view", "view_id": view["id"]},
            "view": {**view, "state": {"values": self._state(view, {})}},
            "actions": [{**action, "block_id": block, "action_ts": self._space.ts()}],
        }
        await self.slack.send("interactive", payload)

    async def starts_from(self, message: Message) -> Ack | None:
        """The message shortcut."""
        payload = {
            "type": "message_action",
            "callback_id": "start-motion",
            **self._about(),
            "channel": {"id": message.channel, "name": "somewhere"},
            "message": message.info(metadata=False),
            "message_ts": message.ts,
            "action_ts": self._space.ts(),
            "response_url": f"{self.slack.api_url}response",
        }
        return await self.slack.send("interactive", payload)

    # ------------------------------------------------------------------- events

    def event(self, event: dict[str, Any]) -> dict[str, Any]:
        """An event as Slack sends it."""
        return {
            "type": "event_callback",
            "token": "x",
            "team_id": self._space.team,
            "api_app_id": APP,
            "event_id": f"Ev{next(_NUMBERS):06d}",
            "event_time": int(self._space.now()),
            "event": event,
        }

    def reaction(self, message: Message, name: str, *, added: bool = True) -> dict[str, Any]:
        """React, or take it back, in the state alone; the event that follows from it."""
        users = message.reactions.setdefault(name, [])
        if added and self.user not in users:
            users.append(self.user)
        if not added and self.user in users:
            users.remove(self.user)
        return self.event(
            {
                "type": "reaction_added" if added else "reaction_removed",
                "user": self.user,
                "reaction": name,
                "item": {"type": "message", "channel": message.channel, "ts": message.ts},
                "item_user": message.user,
                "event_ts": self._space.ts(),
            }
        )

    async def reacts(self, message: Message, name: str, *, added: bool = True) -> Ack | None:
        return await self.slack.send("events_api", self.reaction(message, name, added=added))

    async def opens_home(self) -> None:
        """Look at the Home tab."""
        event = {"type": "app_home_opened", "user": self.user, "channel": "D1", "tab": "home"}
        await self.slack.send("events_api", self.event({**event, "event_ts": self._space.ts()}))

    @property
    def home(self) -> str:
        """What the Home tab shows."""
        return read(self._space.homes[self.user]["blocks"])

    @property
    def private(self) -> list[str]:
        """What only this member has been shown in channels."""
        return [message.words for message in self._space.private(self.user)]

    @property
    def directs(self) -> list[str]:
        """The bot's direct messages."""
        return [message.words for message in self._space.directs(self.user)]


def _typed(element: Data, value: str | None) -> dict[str, Any]:
    """What Slack says of a field: what was typed, or what it showed."""
    if element["type"] == "plain_text_input":
        shown = value if value is not None else element.get("initial_value")
        assert shown is None or len(shown) <= element.get("max_length", 3000), "Slack lets nobody type that much"
        return {"type": "plain_text_input", "value": shown or None}
    option = element.get("initial_option")
    if value is not None:
        option = next(each for each in element["options"] if each["value"] == value)
    return {"type": element["type"], "selected_option": option}


__all__ = ["BOT", "Hand", "slack_text"]
