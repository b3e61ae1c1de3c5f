"""Whatever Discord's gateway brings: nothing breaks, the connection stays, and nobody acts for somebody else (T39)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.codes import form_of, mark_in, place_of, snowflake
from adapters.discord.forms import values_in
from bot.core.menu import BY_NAME
from tests.discord.world import OUTSIDER, PEOPLE
from tests.fakes.discord.server import GOV, GUILD
from tests.fakes.discord.state import Data
from tests.fuzz.discord_town import ANN, TELLING, Sent, Town, discord
from tests.fuzz.mutating import hostile, odd_texts, values
from tests.fuzz.watching import Watch, examples

FLOOD = 4
"""So many events at once, at the most."""


@pytest.fixture(scope="module")
def gateway(runner: asyncio.Runner, watch: Watch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    context = discord(tmp_path_factory.mktemp("discord"), watch)
    yield runner.run(context.__aenter__())
    runner.run(context.__aexit__(None, None, None))


@examples(140)
@given(data=st.data())
def test_t36_any_event_of_the_gateway_breaks_nothing_and_casts_nobodys_ballot(
    runner: asyncio.Runner, gateway: Town, data: st.DataObject
) -> None:
    found: list[Sent] = []
    for _ in range(data.draw(st.integers(1, FLOOD))):
        kind, payload = data.draw(st.sampled_from(gateway.seeds))
        fresh = gateway.fresh(kind, payload)
        found.append((kind, hostile(data.draw, fresh, foreign=gateway.foreign, telling=TELLING)))
    runner.run(gateway.send(found))


@examples(60)
@given(data=st.data())
def test_t39_whatever_a_stranger_writes_into_an_interaction_they_stay_a_stranger(
    runner: asyncio.Runner, gateway: Town, data: st.DataObject
) -> None:
    """Everything is changed but who sends it, and where: ids of maintainers in the options, the custom id, anywhere."""
    mine = [(kind, each) for kind, each in gateway.seeds if _sender(each) == str(OUTSIDER)]
    sent = []
    for _ in range(data.draw(st.integers(1, FLOOD))):
        kind, payload = data.draw(st.sampled_from(mine))
        keep = [("member", "user", "id"), ("user", "id"), ("user_id",), ("guild_id",)]
        fresh = gateway.fresh(kind, payload)
        made = hostile(data.draw, fresh, foreign=gateway.foreign, telling=TELLING, keep=keep, most=6)
        assert gateway.named(kind, made) == set()
        sent.append((kind, made))
    runner.run(gateway.send(sent))


def _sender(event: Data) -> Any:
    who = event["member"]["user"] if "data" in event and "member" in event else event.get("user")
    return who["id"] if isinstance(who, dict) else event.get("user_id")


# --------------------------------------------------------------------------- what buttons, forms and messages carry


@examples(500)
@given(text=odd_texts())
def test_any_text_is_a_code_of_ours_or_none(text: str) -> None:
    form = form_of(text)
    assert form is None or form.verb in {"ballot", *BY_NAME}
    place = place_of(text)
    assert place is None or place_of(place.name) == place
    assert snowflake(text) is None or text.isdigit()
    assert mark_in(text) is None


@examples(300)
@given(found=values(["custom_id", {"custom_id": "reason", "value": "x"}, {"components": [{"component": []}]}]))
def test_anything_is_read_as_a_form_of_texts_by_name(found: Any) -> None:
    for shape in (found, [found], [{"type": 18, "component": found}], [{"components": found}]):
        read = values_in(shape)
        assert {type(each) for pair in read.items() for each in pair} <= {str}


# --------------------------------------------------------------------------- found by the above, one by one


def interaction(gateway: Town, kind: int, data: Any, **more: Any) -> Data:
    """An interaction of a maintainer's in the channel of the bot."""
    hands, place = gateway.world.fake.interactions, gateway.world.fake.channels[GOV]
    made = hands.payload(hands.prepared(PEOPLE[ANN], place, kind, data, message=gateway.world.poll()))
    return {**made, **more}


PRESSED, BUTTON = {"custom_id": "moot:press:yes:1:", "component_type": 2}, {"type": 2, "style": 1, "custom_id": "x"}
CROWDED = "message.components.0.components"
BROKEN: list[tuple[int, Any, dict[str, Any], str]] = [
    (3, {"custom_id": "moot:press:yes:1:", "component_type": {}}, {}, "data.component_type"),
    (3, {"custom_id": 7, "component_type": 2}, {}, "data.custom_id"),
    (3, {"custom_id": "moot:press:yes:1:", "component_type": 2}, {"guild_id": "0"}, "guild_id"),
    (3, {"custom_id": "moot:press:yes:1:", "component_type": 2}, {"token": []}, "token"),
    (3, {"custom_id": "moot:press:yes:1:", "component_type": 2}, {"member": {"user": {}}}, "member.user.id"),
    (5, {"custom_id": "moot:form:ballot:1:", "components": ["x"]}, {}, "data.components.0"),
    (2, None, {}, "data"),
    (2, {"name": "moot", "options": "x"}, {}, "data.options"),
    (2, {"name": "moot", "options": None}, {}, "data.options"),
    (3, PRESSED, {"message": {"id": "1", "components": [{"type": 1, "components": [BUTTON] * 6}]}}, CROWDED),
    (
        2,
        {"name": "moot", "options": [{"name": "run", "type": 1, "options": [{}]}]},
        {},
        "data.options.0.options.0.name",
    ),
    (4, {"name": "moot", "options": [{"name": "why", "type": 3, "value": 1}]}, {}, "data.options.0.value"),
]


@pytest.mark.parametrize(("kind", "data", "more", "where"), BROKEN)
def test_an_interaction_of_another_shape_is_left_out_with_the_place_and_the_connection_stays(
    runner: asyncio.Runner, gateway: Town, kind: int, data: Any, more: dict[str, Any], where: str
) -> None:
    event = interaction(gateway, kind, data, **more)

    async def sent() -> None:
        await gateway.world.fake.gateway.emit("INTERACTION_CREATE", event)
        await gateway.valid()

    runner.run(sent())
    assert [type(event).__name__ for _, event in gateway.book.new()] == ["BallotCast"]
    said = {"kind": "INTERACTION_CREATE", "where": where, "log_level": "warning", "event": "event not understood"}
    assert gateway.watch.lines == [said]
    gateway.watch.none()


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("MESSAGE_REACTION_ADD", {"user_id": "300"}),
        ("CHANNEL_UPDATE", {"id": "x", "type": 0, "guild_id": str(GUILD)}),
        ("GUILD_ROLE_UPDATE", {"guild_id": str(GUILD), "role": None}),
    ],
)
def test_an_event_that_the_library_cannot_read_does_not_end_the_connection(
    runner: asyncio.Runner, gateway: Town, kind: str, data: Data
) -> None:
    before = gateway.world.fake.gateway.identified

    async def sent() -> None:
        await gateway.world.fake.gateway.emit(kind, data)
        await gateway.valid()

    runner.run(sent())
    assert gateway.world.fake.gateway.identified == before
    assert [(line["event"], line["kind"]) for line in gateway.watch.lines] == [("event not understood", kind)]
    gateway.book.new()
    gateway.watch.none()


def test_an_old_form_of_a_command_is_answered_and_completes_nothing(runner: asyncio.Runner, gateway: Town) -> None:
    old = {"name": "option-of-old", "type": 3, "value": "a", "focused": True}
    inside = {"name": "why", "type": 1, "options": [old]}

    async def sent() -> Any:
        hands, place = gateway.world.fake.interactions, gateway.world.fake.channels[GOV]
        data = {"id": "1", "name": "moot", "type": 1, "guild_id": str(GUILD), "options": [inside]}
        await hands.deliver(hands.prepared(PEOPLE[ANN], place, 4, data), wait=False)
        made = await hands.deliver(hands.prepared(PEOPLE[ANN], place, 2, data))
        await gateway.valid()
        return made

    assert "old form of this command" in runner.run(sent()).text
    assert "nothing offered" in [line["event"] for line in gateway.watch.lines]
    gateway.book.new()
    gateway.watch.none()
