"""The server lets in the page that was opened with this start's token, and nothing else; what it sends is checked."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar

from adapters.playground.actions import BODY_CAP, TEXT_CAP
from adapters.playground.room import Room
from adapters.playground.web import Site
from bot.ports import Filled, Pressed, Reacted, Typed
from tests.playground.scene import ScriptedDesk, Stagehand, draft, members, result

ADA = members()[0]
POSTS = ("say", "press", "form", "react", "delete", "dismiss", "clock", "merge")
NOMINATION = "/moot nominate @newperson --months 7 Reviews with care."


class Client:
    """A visitor who has opened the address with the token."""

    def __init__(self, session: ClientSession, base: str) -> None:
        self.session, self.base = session, base

    async def state(self, login: str = "ada") -> dict[str, Any]:
        async with self.session.get(f"{self.base}/state?as={login}") as response:
            assert response.status == 200
            data: dict[str, Any] = await response.json()
            return data

    async def post(
        self, path: str, /, *, request: str = "", who: str = "ada", **body: object
    ) -> tuple[int, dict[str, Any]]:
        full = {"as": who, "place": "maintainers", "request": request or str(uuid.uuid4()), **body}
        async with self.session.post(f"{self.base}/{path}", json=full, headers={"Origin": self.base}) as response:
            return response.status, await response.json()

    async def poll(self) -> int:
        """Nominate somebody; the number of the poll message."""
        status, _ = await self.post("say", text=NOMINATION)
        assert status == 200
        found: int = next(m["id"] for m in (await self.state())["messages"] if m["card"] and m["card"]["_"] == "Poll")
        return found


@pytest.fixture
async def stranger() -> AsyncIterator[ClientSession]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        yield session


@pytest.fixture
async def client(site: Site, stranger: ClientSession) -> Client:
    async with stranger.get(site.url) as response:
        assert response.status == 200
    return Client(stranger, f"http://127.0.0.1:{site.port}")


# --------------------------------------------------------------------------- the door


async def test_the_first_visit_trades_the_token_for_a_cookie(site: Site, stranger: ClientSession) -> None:
    async with stranger.get(site.url, allow_redirects=False) as response:
        assert response.status == 303
        assert response.headers["Location"] == "/"
        cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


@pytest.mark.parametrize("path", ["/", "/state", "/events?as=ada", "/static/js/main.js", "/?token=wrong", "/?token=é"])
async def test_without_the_token_nothing_is_shown(site: Site, stranger: ClientSession, path: str) -> None:
    async with stranger.get(f"http://127.0.0.1:{site.port}{path}") as response:
        assert response.status == 403
        assert "terminal" in await response.text()


@pytest.mark.parametrize("path", POSTS)
async def test_without_the_token_nothing_is_done(site: Site, stranger: ClientSession, path: str) -> None:
    base = f"http://127.0.0.1:{site.port}"
    async with stranger.post(f"{base}/{path}", json={}, headers={"Origin": base}) as response:
        assert response.status == 403


async def test_another_host_name_is_refused_even_with_the_token(site: Site, client: Client) -> None:
    for host in ("evil.example", f"evil.example:{site.port}", "127.0.0.1", f"127.0.0.1:{site.port + 1}"):
        async with client.session.get(f"{client.base}/state", headers={"Host": host}) as response:
            assert response.status == 421


async def test_localhost_is_another_name_of_the_same_place(site: Site, stranger: ClientSession) -> None:
    url = f"http://127.0.0.1:{site.port}/?token={site.token}"
    async with stranger.get(url, headers={"Host": f"localhost:{site.port}"}, allow_redirects=False) as response:
        assert response.status == 303


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1", None])
@pytest.mark.parametrize("path", POSTS)
async def test_a_request_from_another_page_is_refused(client: Client, path: str, origin: str | None) -> None:
    headers = {"Origin": origin} if origin else {}
    async with client.session.post(f"{client.base}/{path}", json={}, headers=headers) as response:
        assert response.status == 403


@pytest.mark.parametrize("path", ["/", "/state", "/static/js/main.js", "/nowhere", "/events?as=ada"])
async def test_every_response_carries_the_headers_that_keep_others_out(client: Client, path: str) -> None:
    async with client.session.get(f"{client.base}{path}") as response:
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_page_holds_no_inline_script_and_names_no_other_host(client: Client) -> None:
    async with client.session.get(f"{client.base}/") as response:
        html = await response.text()
    assert "http://" not in html
    assert "https://" not in html
    assert html.count("<script") == html.count('src="/static/') - html.count('<img src="/static/')
    assert "style=" not in html


async def test_files_outside_the_static_folder_are_not_served(client: Client) -> None:
    for path in ("/static/../web.py", "/static/%2e%2e/web.py", "/static/", "/static/js/"):
        async with client.session.get(f"{client.base}{path}") as response:
            assert response.status in (403, 404)


# --------------------------------------------------------------------------- what may be sent


@pytest.mark.parametrize(
    "body",
    [
        {"as": "nobody"},
        {"request": "7"},
        {"request": 7},
        {"place": "elsewhere"},
        {"text": ""},
        {"text": "  "},
        {"text": 5},
        {"text": "\ud800"},
    ],
)
async def test_a_malformed_request_is_refused_and_reaches_nobody(
    client: Client, desk: ScriptedDesk, body: dict[str, object]
) -> None:
    full = {"as": "ada", "place": "maintainers", "request": str(uuid.uuid4()), "text": "/moot help", **body}
    async with client.session.post(f"{client.base}/say", json=full, headers={"Origin": client.base}) as response:
        assert response.status == 400
        assert set(await response.json()) == {"error"}
    assert desk.asked == []
    assert (await client.state())["messages"] == []


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000, b"null"])
async def test_what_is_no_json_object_is_refused(client: Client, raw: bytes) -> None:
    headers = {"Origin": client.base, "Content-Type": "application/json"}
    async with client.session.post(f"{client.base}/say", data=raw, headers=headers) as response:
        assert response.status == 400
        assert "Traceback" not in await response.text()


async def test_a_form_of_another_content_type_is_refused(client: Client) -> None:
    headers = {"Origin": client.base}
    async with client.session.post(f"{client.base}/say", data={"text": "x"}, headers=headers) as response:
        assert response.status == 415


async def test_a_text_or_body_that_is_too_long_is_refused_with_the_count(client: Client, desk: ScriptedDesk) -> None:
    status, answer = await client.post("say", text="x" * (TEXT_CAP + 1))
    assert status == 413
    assert "20,001" in answer["error"]
    status, _ = await client.post("say", text="x" * (BODY_CAP + 1))
    assert status == 413
    assert desk.asked == []


async def test_a_desk_that_breaks_gives_an_incident_and_no_traceback(client: Client, desk: ScriptedDesk) -> None:
    desk.fault = RuntimeError("secret detail")
    status, answer = await client.post("say", text="/moot help")
    assert status == 500
    assert "incident" in answer["error"]
    assert "secret" not in json.dumps(answer)


# --------------------------------------------------------------------------- what reaches the desk


async def test_a_command_reaches_the_desk_as_typed_and_is_seen_by_nobody_else(
    client: Client, desk: ScriptedDesk
) -> None:
    request = str(uuid.uuid4())
    await client.post("say", text="/moot help   me", request=request)
    (inbound,) = desk.asked
    assert inbound.act == Typed(text="help   me")
    assert inbound.request == f"playground:{request}"
    assert inbound.channel == "playground:maintainers"
    assert inbound.who == ADA.account
    assert inbound.acted_at == desk.room.clock.now()
    assert [m["kind"] for m in (await client.state())["messages"]] == ["typed", "private"]
    assert (await client.state("grace"))["messages"] == []


async def test_plain_talk_is_seen_by_all_and_never_reaches_the_desk(client: Client, desk: ScriptedDesk) -> None:
    await client.post("say", text="Good morning")
    assert desk.asked == []
    assert [m["text"] for m in (await client.state("grace"))["messages"]] == ["Good morning"]


@pytest.mark.parametrize("text", ["/mot nominate @secret", "/mootnominate @secret", "/"])
async def test_a_mistyped_command_is_not_blurted_out(client: Client, desk: ScriptedDesk, text: str) -> None:
    status, _ = await client.post("say", text=text)
    assert status == 200
    assert desk.asked == []
    assert (await client.state("grace"))["messages"] == []
    assert (await client.state())["messages"][-1]["card"]["tone"] == "refused"


async def test_a_request_that_is_sent_again_is_done_once(client: Client, desk: ScriptedDesk) -> None:
    request = str(uuid.uuid4())
    for _ in range(3):
        status, _ = await client.post("say", text="/moot help", request=request)
        assert status == 200
    assert len(desk.asked) == 1
    assert len((await client.state())["messages"]) == 2
    for _ in range(2):
        await client.post("say", text="once", request=request)
    assert len((await client.state())["messages"]) == 3


async def test_a_press_names_the_verb_the_motion_and_the_key_of_the_message(client: Client, desk: ScriptedDesk) -> None:
    message = await client.poll()
    await client.post("press", message=message, verb="yes")
    assert desk.asked[-1].act == Pressed(verb="yes", motion=1, key="m1:poll")
    assert desk.ballots == {"ada": "yes"}


async def test_a_form_brings_its_fields_by_name(client: Client, desk: ScriptedDesk) -> None:
    await client.poll()
    await client.post("form", verb="object", motion=1, values={"reason": "Because."})
    assert desk.asked[-1].act == Filled(verb="object", motion=1, values={"reason": "Because."})


async def test_a_reaction_that_means_a_choice_reaches_the_desk_and_another_does_not(
    client: Client, desk: ScriptedDesk
) -> None:
    message = await client.poll()
    asked = len(desk.asked)
    await client.post("react", message=message, emoji="🎉", added=True)
    assert len(desk.asked) == asked
    await client.post("react", message=message, emoji="👍", added=True)
    assert desk.asked[-1].act == Reacted(emoji="👍", motion=1, added=True)
    await client.post("react", message=message, emoji="👍", added=False)
    assert desk.asked[-1].act == Reacted(emoji="👍", motion=1, added=False)
    found = {m["id"]: m for m in (await client.state("grace"))["messages"]}
    assert found[message]["reactions"] == [{"char": "🎉", "by": ["ada"]}]


async def test_a_reaction_to_talk_is_no_ballot(client: Client, desk: ScriptedDesk) -> None:
    await client.post("say", text="Lunch?")
    await client.post("react", message=1, emoji="👍", added=True)
    assert desk.asked == []


async def test_a_message_that_one_cannot_see_cannot_be_pressed_or_dismissed(client: Client, desk: ScriptedDesk) -> None:
    await client.post("say", text="/moot help")
    for path in ("press", "dismiss", "react", "delete"):
        status, _ = await client.post(path, who="grace", message=2, verb="yes", emoji="👍", added=True)
        assert status == 404
    status, _ = await client.post("dismiss", message=2)
    assert status == 200
    assert [m["gone"] for m in (await client.state())["messages"]] == [False, True]


async def test_a_deleted_poll_leaves_no_words_behind(client: Client) -> None:
    message = await client.poll()
    status, _ = await client.post("delete", message=message)
    assert status == 200
    (left,) = [m for m in (await client.state("grace"))["messages"] if m["id"] == message]
    assert (left["gone"], left["card"], left["text"]) == (True, None, "")
    status, _ = await client.post("press", message=message, verb="yes")
    assert status == 404


async def test_in_direct_messages_one_speaks_about_the_first_channel(client: Client, desk: ScriptedDesk) -> None:
    await client.post("say", text="/moot help", place="direct")
    assert desk.asked[-1].channel == "playground:maintainers"
    assert [m["place"] for m in (await client.state())["messages"]] == ["direct", "direct"]


# --------------------------------------------------------------------------- backstage


async def test_the_clock_moves_and_says_so(client: Client, stage: Stagehand) -> None:
    before = stage.clock.at
    status, answer = await client.post("clock", move="day")
    assert status == 200
    assert "01 Jul" in answer["what"]
    assert (stage.clock.at - before).days == 1
    assert (await client.post("clock", move="year"))[0] == 400


async def test_a_clock_that_cannot_be_moved_is_not_moved(client: Client, stage: Stagehand) -> None:
    stage.movable = False
    before = stage.clock.at
    assert (await client.post("clock", move="hour"))[0] == 400
    assert stage.clock.at == before


async def test_only_a_draft_that_may_be_merged_here_is_merged(client: Client, stage: Stagehand) -> None:
    stage.panels = [replace(draft(), mergeable=False, command="git merge it")]
    assert (await client.post("merge", branch=draft().branch))[0] == 400
    stage.panels = [draft()]
    assert (await client.post("merge", branch="main"))[0] == 400
    assert (await client.post("merge", branch=draft().branch))[0] == 200
    assert (await client.state())["drafts"][0]["state"] == "merged"
    assert (await client.post("merge", branch=draft().branch))[0] == 400


# --------------------------------------------------------------------------- events


class Events:
    """The events of one stream, one at a time."""

    def __init__(self, response: ClientResponse) -> None:
        self._response = response

    async def next(self) -> dict[str, str]:
        fields: dict[str, str] = {}
        async for raw in self._response.content:
            line = raw.decode().rstrip("\n")
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "event" in fields:
                return fields
        raise EOFError


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
