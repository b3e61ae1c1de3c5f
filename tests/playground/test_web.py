"""What the page sends is checked, reaches the desk once, and is seen by nobody who should not see it."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace

import pytest

from adapters.playground.actions import BODY_CAP, TEXT_CAP
from bot.ports import Filled, Pressed, Reacted, Typed
from tests.contract.test_platform import blinded
from tests.playground.client import Client
from tests.playground.scene import CHANNEL, ScriptedDesk, Stagehand, draft, members

ADA = members()[0]


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


async def test_a_reaction_to_a_poll_that_takes_none_is_shown_and_never_reaches_the_desk(
    client: Client, desk: ScriptedDesk
) -> None:
    await desk.room.post(channel=CHANNEL, card=blinded(), key="m1:poll")
    status, _ = await client.post("react", message=1, emoji="👍", added=True)
    assert status == 200
    assert desk.asked == []
    assert (await client.state("grace"))["messages"][0]["reactions"] == [{"char": "👍", "by": ["ada"]}]


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
