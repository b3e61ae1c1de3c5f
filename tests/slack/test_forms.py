"""Forms: which commands open one, what stands beside a field, what stays typed, what is sent twice."""

from __future__ import annotations

import asyncio

import pytest

from adapters.slack import forms
from adapters.slack.codes import BALLOT, Origin
from bot.core.cards import Card
from bot.core.menu import FORMS
from bot.ports import Inbound
from tests.fakes.slack import kit
from tests.slack.world import CHANNEL, OTHER, World
from tests.world import logins

FIELDS = {"login": "@newperson", "months": "7", "evidence": "41 reviews", "text": "Kind and thorough."}


@pytest.mark.parametrize("verb", [*FORMS, BALLOT])
@pytest.mark.parametrize("origin", [Origin(channel="slack:C0001"), Origin(motion=12)])
def test_every_form_of_the_menu_is_one_that_slack_takes(verb: str, origin: Origin) -> None:
    motions = tuple((number, "文" * 200) for number in range(1, 26))
    values = dict.fromkeys(("text", "reason", "title", "evidence", "login"), "&<>文" * 2000)
    kit.check_view(
        forms.form(forms.Filling(verb=verb, origin=origin, motions=motions, values=values, problem="x" * 9000))
    )


@pytest.mark.parametrize("verb", forms.STARTS)
def test_every_form_that_begins_from_a_message_is_one_that_slack_takes(verb: str) -> None:
    kit.check_view(forms.form(forms.Filling(verb=verb, origin=Origin(), starting=True)))


async def test_nominate_alone_opens_a_form_and_the_form_opens_the_motion(world: World) -> None:
    assert await world.types(logins()[0], "nominate") == ""
    assert world.hand(logins()[0]).form["title"]["text"] == "Nominate"
    assert await world.submits(logins()[0], **FIELDS) == {}
    assert "Kind and thorough." in world.poll().words
    assert "motion 1 is open" in world.hand(logins()[0]).private[-1]


async def test_what_was_typed_already_stands_in_the_form(world: World) -> None:
    await world.types(logins()[0], "nominate @newperson")
    assert await world.submits(logins()[0], months="7", evidence="41 reviews", text="Kind.") == {}
    assert "Make @newperson" in world.poll().words


async def test_whoever_types_flags_is_answered_in_words(world: World) -> None:
    answer = await world.types(logins()[0], "nominate @newperson --months 7")
    assert answer
    assert world.fake.called("views.open") == []


@pytest.mark.parametrize("verb", ["propose", "resolve", "object", "remove", "withdraw", "hand-over"])
async def test_verbs_with_awkward_text_open_a_form(world: World, verb: str) -> None:
    await world.nominate()
    assert await world.types(logins()[0], verb) == ""
    assert world.hand(logins()[0]).form["callback_id"] == f"form:{verb}"


async def test_a_form_about_a_motion_offers_the_open_ones(world: World) -> None:
    await world.nominate()
    await world.nominate('nominate @outsider --months 9 --evidence "Much." Also kind.')
    await world.types(logins()[1], "object")
    assert await world.submits(logins()[1], motion="2", reason="Not yet.") == {}
    assert len(world.motion(2).objections) == 1


async def test_a_number_that_was_typed_is_not_asked_for_again(world: World) -> None:
    await world.nominate()
    await world.types(logins()[1], "object 1")
    assert [b["block_id"] for b in world.hand(logins()[1]).form["blocks"] if b["type"] == "input"] == ["field:reason"]
    assert await world.submits(logins()[1], reason="Not yet.") == {}
    assert len(world.motion().objections) == 1


async def test_without_an_open_motion_no_form_opens_and_the_member_is_told(world: World) -> None:
    assert "no motion is open here" in await world.types(logins()[1], "object")
    assert world.fake.called("views.open") == []


async def test_in_a_channel_of_no_repository_no_form_opens(world: World) -> None:
    assert "belongs to no repository" in await world.types(logins()[0], "nominate", channel=OTHER)
    assert world.fake.called("views.open") == []


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("months", "many", "months"),
        ("login", "@" + logins()[1], "already"),
        ("sponsor", "@nobody-known", "sponsor"),
        ("text", "x\u202ey", "U+202E"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field_and_nothing_is_recorded(
    world: World, field: str, value: str, words: str
) -> None:
    await world.types(logins()[0], "nominate")
    errors = await world.submits(logins()[0], **{**FIELDS, field: value})
    assert list(errors) == [field]
    assert words in errors[field]
    assert world.posts() == []
    assert world.hand(logins()[0]).private == []


async def test_a_form_that_was_refused_can_be_mended_and_sent_again(world: World) -> None:
    await world.types(logins()[0], "nominate")
    assert await world.submits(logins()[0], **{**FIELDS, "months": "many"}) != {}
    assert await world.submits(logins()[0], **FIELDS) == {}
    assert "Make @newperson" in world.poll().words


async def test_a_form_that_was_refused_is_asked_anew_when_it_is_sent_unchanged(world: World) -> None:
    """What was in the way may be gone by then."""
    first = await world.nominate()
    await world.types(logins()[1], "nominate")
    assert await world.submits(logins()[1], **FIELDS) != {}
    await world.types(logins()[0], "withdraw 1 Wrong person, sorry.")
    assert await world.submits(logins()[1], **FIELDS) == {}
    assert world.poll(2).ts != first.ts


async def test_the_same_form_sent_twice_opens_one_motion(world: World) -> None:
    await world.types(logins()[0], "nominate")
    hand = world.hand(logins()[0])
    view = dict(hand.form)
    for _ in range(2):
        await world.fake.send("interactive", hand.filled(FIELDS, view))
        await world.settle()
    assert len(world.ledger.reader().entries()) == 1
    assert len([words for words in hand.private if "is open" in words]) == 1


async def test_a_refusal_of_a_form_without_fields_is_shown_in_the_form(world: World) -> None:
    poll = await world.nominate()
    assert poll is not None
    await world.types(logins()[1], "remove")
    hand = world.hand(logins()[1])
    form = hand.form
    errors = await world.submits(logins()[1], motion="1")
    assert "field:motion" in errors or "motion" in errors
    assert form["type"] == "modal"


async def test_a_button_of_a_message_opens_its_form(world: World) -> None:
    poll = await world.nominate()
    await world.presses(logins()[1], poll, "Object…")
    assert await world.submits(logins()[1], reason="Not yet.") == {}
    assert len(world.motion().objections) == 1


async def test_a_message_can_be_the_start_of_a_motion(world: World) -> None:
    user = world.hand(logins()[2]).user
    said = world.fake.space.say(user, CHANNEL, f"Keep the v2 API, &lt;b&gt; as <@{user}> said\nuntil release 5.")
    hand = world.hand(logins()[0])
    await hand.starts_from(said)
    await hand.chooses("kind", "resolve")
    assert hand.form["callback_id"] == "form:resolve"
    assert await world.submits(logins()[0]) == {}
    poll = world.poll()
    assert f"Keep the v2 API, <b> as @{logins()[2]} said" in poll.words
    assert "https://folk.slack.com/archives/C0001/p" in poll.words


async def test_a_message_elsewhere_starts_nothing_and_the_member_is_told(world: World) -> None:
    said = world.fake.space.say(world.hand(logins()[2]).user, OTHER, "Keep the v2 API.")
    await world.hand(logins()[0]).starts_from(said)
    await world.settle()
    assert world.fake.called("views.open") == []
    assert "belongs to no repository" in world.hand(logins()[0]).private[-1]


async def test_a_form_with_foreign_metadata_or_of_no_verb_does_nothing(world: World) -> None:
    await world.types(logins()[0], "nominate")
    hand = world.hand(logins()[0])
    for forged in ({"private_metadata": "[]"}, {"private_metadata": '{"m":-1}'}, {"callback_id": "form:grant-admin"}):
        ack = await world.fake.send("interactive", hand.filled(FIELDS, {**hand.form, **forged}))
        assert ack is not None
        assert ack.payload["response_action"] == "update"
    await world.settle()
    assert world.posts() == []


async def test_an_answer_that_takes_long_comes_into_the_form_afterwards(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.asking.PATIENCE", 0.0)
    held = _hold(world, monkeypatch)
    await world.types(logins()[0], "nominate")
    hand = world.hand(logins()[0])
    assert await hand.submits(**{**FIELDS, "months": "many"}) == {}
    view = hand.form
    assert "Nothing is recorded yet" in kit.read(view["blocks"])
    held.set()
    await world.settle()
    assert "months" in kit.read(view["blocks"])
    monkeypatch.setattr("adapters.slack.asking.PATIENCE", 60.0)
    assert await world.submits(logins()[0], months="7") == {}
    assert "Kind and thorough." in world.poll().words


async def test_a_late_answer_to_a_command_is_shown_privately(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.asking.PATIENCE", 0.0)
    held = _hold(world, monkeypatch)
    assert await world.hand(logins()[0]).types("list", CHANNEL) == ""
    held.set()
    await world.settle()
    assert "No motion is open here." in world.hand(logins()[0]).private[-1]


async def test_a_form_that_slack_does_not_open_is_said_to_be_so(world: World) -> None:
    world.fake.fail("views.open", "expired_trigger_id")
    assert "Slack did not open the form" in await world.types(logins()[0], "nominate")


def _hold(world: World, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """The desk answers when it is let go."""
    held, ask = asyncio.Event(), world.service.desk.ask

    async def slowly(inbound: Inbound) -> Card:
        await held.wait()
        answer: Card = await ask(inbound)
        return answer

    monkeypatch.setattr(world.service.desk, "ask", slowly)
    return held
