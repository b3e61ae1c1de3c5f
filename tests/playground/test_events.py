"""Changes reach the page as events: only what changed, only what its member may see, and nothing is missed."""

from __future__ import annotations

import asyncio
import json

import pytest

from adapters.playground.room import Room
from adapters.playground.web import Site
from tests.playground.client import Client, Events
from tests.playground.scene import members, result

ADA = members()[0]


async def test_changes_come_as_events_that_hold_only_what_changed(client: Client, room: Room) -> None:
    start = await client.state()
    position = f"{start['epoch']}:{start['revision']}"
    async with client.session.get(f"{client.base}/events?as=ada&since={position}") as response:
        assert response.content_type == "text/event-stream"
        events = Events(response)
        first = await events.next()
        assert json.loads(first["data"])["messages"] == []
        await room.post(channel="playground:maintainers", card=result(), key="m1:result")
        second = await events.next()
        data = json.loads(second["data"])
        assert [m["card"]["_"] for m in data["messages"]] == ["Notice"]
        assert "members" not in data
        assert second["id"] == f"{room.epoch}:{room.revision}"


async def test_a_stream_that_broke_goes_on_after_the_last_event(client: Client, room: Room) -> None:
    room.say(ADA, "one", place="maintainers", key="say:1")
    seen = f"{room.epoch}:{room.revision}"
    room.say(ADA, "two", place="maintainers", key="say:2")
    headers = {"Last-Event-ID": seen}
    async with client.session.get(f"{client.base}/events?as=grace&since=old", headers=headers) as response:
        data = json.loads((await Events(response).next())["data"])
    assert [m["text"] for m in data["messages"]] == ["two"]


@pytest.mark.parametrize("since", ["", "other:3", "{epoch}:99", "{epoch}:x"])
async def test_a_page_of_another_room_is_told_to_begin_anew(client: Client, room: Room, since: str) -> None:
    query = {"as": "ada", "since": since.format(epoch=room.epoch)}
    async with client.session.get(f"{client.base}/events", params=query) as response:
        assert (await Events(response).next())["event"] == "reset"


async def test_the_private_replies_of_others_are_in_no_stream(client: Client, room: Room) -> None:
    query = {"as": "grace", "since": f"{room.epoch}:0"}
    async with client.session.get(f"{client.base}/events", params=query) as response:
        events = Events(response)
        await events.next()
        await client.post("say", text="/moot help")
        data = json.loads((await events.next())["data"])
        assert data["messages"] == []


async def test_closing_the_server_ends_the_streams_at_once(client: Client, site: Site, room: Room) -> None:
    async with client.session.get(f"{client.base}/events?as=ada&since={room.epoch}:0") as response:
        events = Events(response)
        await events.next()
        await asyncio.wait_for(site.runner.shutdown(), 5)
        with pytest.raises(EOFError):
            await events.next()
