"""Whatever Slack brings, over its socket or signed over HTTP: nothing breaks, nobody acts for somebody else (T39)."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack import forms
from adapters.slack.codes import Origin, form_of, pushed
from adapters.slack.shape import check
from bot.core.menu import BY_NAME
from bot.shape import NotUnderstood
from tests.fakes.slack.server import Kind
from tests.fuzz.mutating import hostile, odd_texts, values
from tests.fuzz.slack_town import ANN, BEN, STRANGER, TELLING, WHO, Sent, Town, town
from tests.fuzz.watching import Watch, examples
from tests.slack.world import CHANNEL, ids

FLOOD = 4
"""So many payloads at once, at the most."""


@pytest.fixture(scope="module")
def socket(runner: asyncio.Runner, watch: Watch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    context = town(tmp_path_factory.mktemp("slack"), watch)
    yield runner.run(context.__aenter__())
    runner.run(context.__aexit__(None, None, None))


@pytest.fixture(scope="module")
def web(runner: asyncio.Runner, watch: Watch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    context = town(tmp_path_factory.mktemp("slack"), watch, "http")
    yield runner.run(context.__aenter__())
    runner.run(context.__aexit__(None, None, None))


def some(data: st.DataObject, made: Town) -> list[Sent]:
    """Some real payloads with some changes."""
    found: list[Sent] = []
    for _ in range(data.draw(st.integers(1, FLOOD))):
        kind, payload = data.draw(st.sampled_from(made.seeds))
        fresh = made.fresh(kind, payload)
        found.append((kind, hostile(data.draw, fresh, foreign=made.foreign, telling=TELLING)))
    return found


@examples(110)
@given(data=st.data())
def test_t36_any_payload_over_the_socket_breaks_nothing_and_casts_nobodys_ballot(
    runner: asyncio.Runner, socket: Town, data: st.DataObject
) -> None:
    runner.run(socket.send(some(data, socket)))


@examples(70)
@given(data=st.data())
def test_t36_any_signed_request_breaks_nothing_and_casts_nobodys_ballot(
    runner: asyncio.Runner, web: Town, data: st.DataObject
) -> None:
    runner.run(web.send(some(data, web)))


@examples(60)
@given(data=st.data())
def test_t39_whatever_a_stranger_writes_into_a_payload_they_stay_a_stranger(
    runner: asyncio.Runner, socket: Town, data: st.DataObject
) -> None:
    """Everything is changed but who sends it: ids of maintainers in the value, the metadata, the message, anywhere."""
    mine = [(kind, each) for kind, each in socket.seeds if _sender(kind, each) == ids()[STRANGER]]
    sent = []
    for _ in range(data.draw(st.integers(1, FLOOD))):
        kind, payload = data.draw(st.sampled_from(mine))
        made = hostile(
            data.draw, socket.fresh(kind, payload), foreign=socket.foreign, telling=TELLING, keep=[WHO[kind]], most=6
        )
        assert socket.named(kind, made) is None
        sent.append((kind, made))
    runner.run(socket.send(sent))


def _sender(kind: Kind, payload: Any) -> Any:
    for key in WHO[kind]:
        payload = payload.get(key, {})
    return payload


def test_the_watch_would_see_a_ballot_that_nobody_has_asked_for_and_a_fault(
    runner: asyncio.Runner, socket: Town
) -> None:
    runner.run(socket.valid())
    with pytest.raises(AssertionError, match="was nobody's request"):
        socket.book.only_by(set())
    logging.getLogger("anybody").error("it broke")
    with pytest.raises(AssertionError, match="it broke"):
        socket.watch.none()


# --------------------------------------------------------------------------- what is no payload at all

FRAMES = (
    "",
    "{",
    "[]",
    "null",
    "7",
    '"x"',
    "{}",
    "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    '{"type":"hello"}',
    '{"type":"interactive"}',
    '{"type":"interactive","envelope_id":"e","payload":null}',
    '{"type":"interactive","envelope_id":"e","payload":[]}',
    '{"type":"interactive","envelope_id":7,"payload":"x"}',
    '{"type":"interactive","envelope_id":{},"payload":{}}',
    '{"type":[],"envelope_id":"e","payload":{"command":[]}}',
)


@pytest.mark.parametrize("frame", FRAMES)
def test_a_frame_that_is_no_envelope_is_left_alone(runner: asyncio.Runner, socket: Town, frame: str) -> None:
    async def sent() -> None:
        await socket.world.fake.sockets[-1].send_str(frame)
        await socket.valid()

    runner.run(sent())
    assert [type(event).__name__ for _, event in socket.book.new()] == ["BallotCast"]
    assert {line["event"] for line in socket.watch.lines if line["log_level"] != "info"} <= {"request not understood"}
    socket.watch.lines.clear()
    socket.watch.faults.clear()


BODIES = st.binary(max_size=200) | st.builds(
    lambda made: b"payload=" + json.dumps(made).encode(), values(["payload", "block_actions"])
)


@examples(60)
@given(body=BODIES | st.builds(lambda made: json.dumps(made).encode(), values(["event_callback"])), form=st.booleans())
def test_any_signed_bytes_are_answered_and_record_nothing(
    runner: asyncio.Runner, web: Town, body: bytes, form: bool
) -> None:
    async def sent() -> None:
        content = "application/x-www-form-urlencoded" if form else "application/json"
        ack = await web.world.fake.raw(body, content)
        assert ack.status in {200, 400, 401, 404}
        await web.valid()

    runner.run(sent())
    assert [type(event).__name__ for _, event in web.book.new()] == ["BallotCast"]
    web.watch.none()


# --------------------------------------------------------------------------- what buttons and forms carry


@examples(500)
@given(action=odd_texts(), value=odd_texts())
def test_a_button_with_any_code_is_one_of_ours_or_none(action: str, value: str) -> None:
    found = pushed(action, value)
    assert found is None or (found.what in {"press", "form"} and 0 <= found.motion < 10**9 and len(found.key) <= 200)


@examples(500)
@given(text=odd_texts() | st.builds(json.dumps, values(["slack:C0001", {"c": "slack:C0001", "m": 1}])))
def test_any_metadata_of_a_form_is_an_origin_or_none(text: str) -> None:
    found = Origin.unpacked(text)
    assert found is None or Origin.unpacked(found.packed()) == found
    assert form_of(text) in {None, "ballot", *BY_NAME}


@examples(300)
@given(data=st.data())
def test_what_passes_the_check_can_be_read_as_a_form(socket: Town, data: st.DataObject) -> None:
    kind, payload = data.draw(st.sampled_from([each for each in socket.seeds if "view" in each[1]]))
    body = hostile(data.draw, payload, foreign=socket.foreign, telling=TELLING)
    try:
        check(body)
    except NotUnderstood:
        return
    view = body.get("view") or {}
    assert all(isinstance(value, str) for value in forms.values_of(view).values())
    assert kind == "interactive"


# --------------------------------------------------------------------------- found by the above, one by one

PRESSED: dict[str, Any] = {"type": "button", "action_id": "press:yes:0", "value": "1", "action_ts": "1772442000.000100"}
BROKEN: list[tuple[Kind, dict[str, Any], str]] = [
    ("interactive", {"type": "block_actions", "channel": CHANNEL, "actions": [PRESSED]}, "channel"),
    ("interactive", {"type": "block_actions", "actions": []}, "actions"),
    ("interactive", {"type": "block_actions", "actions": [{**PRESSED, "action_id": None}]}, "actions.0.action_id"),
    ("interactive", {"type": "block_actions", "actions": [{**PRESSED, "value": 1}]}, "actions.0.value"),
    ("interactive", {"type": "block_actions", "container": [], "actions": [PRESSED]}, "container"),
    ("interactive", {"type": "view_submission", "view": {"callback_id": "form:ballot", "state": []}}, "view.state"),
    ("interactive", {"type": "view_submission", "view": {"callback_id": 7}}, "view.callback_id"),
    ("interactive", {"type": "view_submission", "view": {"state": {"values": {"a": []}}}}, "view.state.values"),
    ("interactive", {"type": "message_action", "callback_id": "start-motion", "trigger_id": "1"}, "channel"),
    ("interactive", {"type": "view_submission"}, "view"),
    ("interactive", {"type": "block_actions", "event": "x", "actions": [PRESSED]}, "event"),
    ("interactive", {"type": ["block_actions"]}, "type"),
    ("slash_commands", {"command": "/moot", "text": "yes 1", "user_id": "U0001", "channel_id": CHANNEL}, "trigger_id"),
    ("slash_commands", {"command": "/moot", "text": "yes 1", "user_id": "<@U0001>", "trigger_id": "1"}, "user_id"),
    ("slash_commands", {"command": "/moot", "text": "no \ud800", "user_id": "U0001", "trigger_id": "1"}, "text"),
    ("events_api", {"type": "event_callback", "event": "x"}, "event"),
    ("events_api", {"type": "event_callback", "event": {"type": "pin_added", "channel": 7}}, "event.channel"),
    ("events_api", {"type": "event_callback", "event": {"type": "reaction_added", "user": "U0001"}}, "event.reaction"),
    ("events_api", {"type": "event_callback", "event": {"type": "app_home_opened", "user": {}}}, "event.user"),
    ("events_api", {"type": "event_callback", "event": {"type": "channel_archive"}}, "event.channel"),
    ("events_api", {"type": "event_callback", "event": {"type": "tokens_revoked", "tokens": "x"}}, "event.tokens"),
]


@pytest.mark.parametrize(("kind", "payload", "where"), BROKEN)
def test_what_has_another_shape_is_refused_with_the_place_and_not_with_what_stands_there(
    runner: asyncio.Runner, socket: Town, kind: Kind, payload: dict[str, Any], where: str
) -> None:
    body = {"user": {"id": ids()[ANN], "team_id": "T0001"}, **payload} if kind == "interactive" else payload

    async def sent() -> None:
        await socket.world.fake.send(kind, body, wait=False)
        await socket.valid()

    runner.run(sent())
    assert [type(event).__name__ for _, event in socket.book.new()] == ["BallotCast"]
    said = {"event": "request not understood", "where": where, "log_level": "warning"}
    assert [line for line in socket.watch.lines if line["log_level"] != "info"] == [said]
    socket.watch.none()


def test_what_has_another_shape_gets_400_over_http(runner: asyncio.Runner, web: Town) -> None:
    ack = runner.run(web.world.fake.http("events_api", {"type": "event_callback", "event": "x"}))
    assert (ack.status, ack.payload) == (400, {"error": "bad request"})
    deep = b'{"type":' + b"[" * 100_000
    assert runner.run(web.world.fake.raw(deep, "application/json")).status == 400
    web.watch.lines.clear()


def test_metadata_that_is_nested_too_deeply_is_none_of_ours() -> None:
    assert Origin.unpacked("[" * 3000) is None
    assert Origin.unpacked('{"c":' * 600) is None


def test_a_form_that_is_closed_and_a_shortcut_from_nowhere_are_acknowledged(
    runner: asyncio.Runner, socket: Town
) -> None:
    hand = socket.world.hand(BEN)
    view = {"id": "V1", "callback_id": "form:ballot", "private_metadata": "{}"}
    closed = {"type": "view_closed", **hand._about(), "view": view}
    assert runner.run(socket.world.fake.send("interactive", closed)) is not None
    nowhere = {"type": "shortcut", "callback_id": "start-motion", **hand._about()}
    assert runner.run(socket.world.fake.send("interactive", nowhere)) is not None
    assert socket.book.new() == []
    socket.watch.none()
