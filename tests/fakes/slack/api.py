"""The Web API of the fake: strict about arguments, scopes of tokens, channels and blocks."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.fakes.slack import kit
from tests.fakes.slack.kit import Wrong
from tests.fakes.slack.state import BOT, BOT_ID, Channel, Message, Workspace

Body = dict[str, Any]


class Refused(Exception):
    """`ok: false` with this code."""


def need(condition: object, code: str) -> None:
    if not condition:
        raise Refused(code)


class Api:
    """One method each, as Slack has it. What only a faulty app would send is noted in `problems`."""

    def __init__(self, space: Workspace) -> None:
        self.space = space
        self.problems: list[str] = []
        self.base = ""

    def methods(self) -> dict[str, Callable[[Body], Body]]:
        """By Slack's names."""
        return {
            "auth.test": self.auth_test,
            "chat.postMessage": self.post,
            "chat.update": self.update,
            "chat.postEphemeral": self.ephemeral,
            "chat.getPermalink": self.permalink,
            "conversations.history": self.history,
            "conversations.replies": self.replies,
            "conversations.info": self.info,
            "conversations.members": self.members,
            "conversations.open": self.open,
            "users.info": self.user,
            "reactions.get": self.reactions,
            "reactions.add": self.react,
            "views.open": self.view_open,
            "views.update": self.view_update,
            "views.publish": self.publish,
        }

    def call(self, method: str, body: Body) -> Body:
        """The answer to a call."""
        known = self.methods().get(method)
        if known is None:
            self.problems.append(f"{method}: no such method")
            return {"ok": False, "error": "unknown_method"}
        try:
            return {"ok": True, **known(body)}
        except Refused as error:
            return {"ok": False, "error": str(error)}
        except Wrong as error:
            self.problems.append(f"{method}: {error}")
            return {"ok": False, "error": "invalid_blocks", "response_metadata": {"messages": [str(error)]}}
        except KeyError as error:
            self.problems.append(f"{method}: argument {error} is missing")
            return {"ok": False, "error": "invalid_arguments"}

    def auth_test(self, body: Body) -> Body:
        space = self.space
        company = {"enterprise_id": space.enterprise} if space.enterprise else {}
        about = {"url": "https://folk.slack.com/", "team": "Folk", "user": "folkmoot", "team_id": space.team}
        return {**about, "user_id": BOT, "bot_id": BOT_ID, "is_enterprise_install": False, **company}

    # ------------------------------------------------------------------- messages

    def _channel(self, body: Body, *, write: bool = False) -> Channel:
        found = self.space.channels.get(body["channel"])
        need(found, "channel_not_found")
        assert found is not None
        need(BOT in found.members, "channel_not_found" if found.private else "not_in_channel")
        need(not (write and found.archived), "is_archived")
        return found

    def _content(self, body: Body) -> tuple[str, list[dict[str, Any]]]:
        text, blocks = body.get("text", ""), body.get("blocks") or []
        need(text or blocks, "no_text")
        need(len(text) <= 40_000, "msg_too_long")
        kit.check_blocks(blocks, "message")
        need(kit.size(blocks) <= kit.TOTAL, "msg_blocks_too_long")
        if not text:
            raise Wrong("no text for notifications and screen readers")
        if any(mark in text for mark in ("<!", "<@", "<#")):
            raise Wrong("the text rings somebody")
        return text, blocks

    def post(self, body: Body) -> Body:
        channel = self._channel(body, write=True)
        text, blocks = self._content(body)
        thread = body.get("thread_ts", "")
        need(not thread or self.space.find(channel.id, thread), "thread_not_found")
        metadata = body.get("metadata") or {}
        if metadata:
            kit.need(set(metadata) == {"event_type", "event_payload"}, "metadata")
        made = Message(
            channel=channel.id,
            ts=self.space.ts(),
            user=BOT,
            text=text,
            blocks=blocks,
            metadata=metadata,
            thread=thread,
        )
        self.space.messages.append(made)
        return {"channel": channel.id, "ts": made.ts, "message": made.info(metadata=True)}

    def update(self, body: Body) -> Body:
        channel = self._channel(body, write=True)
        found = self.space.find(channel.id, body["ts"])
        need(found, "message_not_found")
        assert found is not None
        need(found.user == BOT, "cant_update_message")
        found.text, found.blocks = self._content(body)
        found.edits += 1
        if "metadata" in body:
            found.metadata = body["metadata"]
        return {"channel": channel.id, "ts": found.ts, "text": found.text}

    def ephemeral(self, body: Body) -> Body:
        channel = self._channel(body, write=True)
        need(body["user"] in channel.members, "user_not_in_channel")
        text, blocks = self._content(body)
        ts, thread = self.space.ts(), body.get("thread_ts", "")
        made = Message(
            channel=channel.id, ts=ts, user=BOT, text=text, blocks=blocks, only_for=body["user"], thread=thread
        )
        self.space.messages.append(made)
        return {"message_ts": made.ts}

    def permalink(self, body: Body) -> Body:
        channel = self._channel(body)
        need(self.space.find(channel.id, body["message_ts"]), "message_not_found")
        return {"permalink": f"https://folk.slack.com/archives/{channel.id}/p{body['message_ts'].replace('.', '')}"}

    def history(self, body: Body) -> Body:
        channel = self._channel(body)
        return self._page([m for m in self.space.messages if m.channel == channel.id and not m.thread], body)

    def members(self, body: Body) -> Body:
        everyone = sorted(self._channel(body).members)
        start, limit = int(body.get("cursor") or 0), int(body.get("limit", 100))
        after = str(start + limit) if start + limit < len(everyone) else ""
        return {"members": everyone[start : start + limit], "response_metadata": {"next_cursor": after}}

    def replies(self, body: Body) -> Body:
        channel = self._channel(body)
        thread = body["ts"]
        need(self.space.find(channel.id, thread), "thread_not_found")
        found = [m for m in self.space.messages if m.channel == channel.id and thread in {m.ts, m.thread}]
        return self._page(found, body)

    def _page(self, messages: list[Message], body: Body) -> Body:
        oldest, limit = float(body.get("oldest", 0)), int(body.get("limit", 100))
        kit.need(1 <= limit <= 999, "limit")
        inclusive = body.get("inclusive") in {"1", "true", True}
        seen = [
            m for m in messages if not m.only_for and (float(m.ts) > oldest or (inclusive and float(m.ts) == oldest))
        ]
        seen.sort(key=lambda m: float(m.ts), reverse=True)
        start = int(body.get("cursor") or 0)
        metadata = body.get("include_all_metadata") in {"1", "true", True}
        more = {"response_metadata": {"next_cursor": str(start + limit)}} if len(seen) > start + limit else {}
        return {"messages": [m.info(metadata=metadata) for m in seen[start : start + limit]], **more}

    # ------------------------------------------------------------------- channels, people, reactions

    def info(self, body: Body) -> Body:
        found = self.space.channels.get(body["channel"])
        need(found and (not found.private or BOT in found.members), "channel_not_found")
        assert found is not None
        return {"channel": found.info()}

    def open(self, body: Body) -> Body:
        (user,) = body["users"].split(",")
        found = self.space.users.get(user)
        need(found, "user_not_found")
        assert found is not None
        need(not found.deleted, "user_disabled")
        need(not found.no_direct and not found.bot, "cannot_dm_bot")
        return {"channel": {"id": self.space.direct(user).id}}

    def user(self, body: Body) -> Body:
        found = self.space.users.get(body["user"])
        need(found, "user_not_found")
        assert found is not None
        return {"user": found.info()}

    def reactions(self, body: Body) -> Body:
        channel = self._channel(body)
        found = self.space.find(channel.id, body["timestamp"])
        need(found, "message_not_found")
        assert found is not None
        return {"type": "message", "channel": channel.id, "message": found.info(metadata=False)}

    def react(self, body: Body) -> Body:
        channel = self._channel(body, write=True)
        found = self.space.find(channel.id, body["timestamp"])
        need(found, "message_not_found")
        assert found is not None
        users = found.reactions.setdefault(body["name"], [])
        need(BOT not in users, "already_reacted")
        users.append(BOT)
        return {}

    # ------------------------------------------------------------------- views

    def view_open(self, body: Body) -> Body:
        view = self._view(body)
        fresh = self.space.triggers.get(body["trigger_id"])
        need(fresh is not None, "invalid_trigger_id")
        need(fresh, "exchanged_trigger_id")
        self.space.triggers[body["trigger_id"]] = False
        made = {**view, "id": self.space.id("V"), "hash": self.space.id("h"), "state": {"values": {}}}
        self.space.views[made["id"]] = made
        self.space.opened[body["trigger_id"]] = made["id"]
        return {"view": made}

    def view_update(self, body: Body) -> Body:
        view = self._view(body)
        found = self.space.views.get(body["view_id"])
        need(found, "not_found")
        assert found is not None
        need("hash" not in body or body["hash"] == found["hash"], "hash_conflict")
        found.update(view, hash=self.space.id("h"))
        return {"view": found}

    def publish(self, body: Body) -> Body:
        view = self._view(body)
        need(body["user_id"] in self.space.users, "user_not_found")
        self.space.homes[body["user_id"]] = {**view, "id": self.space.id("V"), "hash": self.space.id("h")}
        return {"view": self.space.homes[body["user_id"]]}

    def _view(self, body: Body) -> Body:
        view = body["view"]
        view = json.loads(view) if isinstance(view, str) else view
        kit.check_view(view)
        return dict(view)
