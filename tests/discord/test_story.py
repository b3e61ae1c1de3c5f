"""The main job through Discord, from the nomination to the draft, by commands, forms, buttons and reactions."""

from __future__ import annotations

from tests.discord.world import OUTSIDER, Town
from tests.fakes.discord.reading import buttons, read
from tests.world import logins


async def test_from_the_nomination_to_the_draft(town: Town) -> None:
    await town.nominate()
    poll = read(town.poll())
    assert "Motion 1 · Make @newperson a maintainer of distribution — proposed by @amara-okafor" in poll
    assert "Kind and thorough." in poll
    assert "41 reviews" in poll
    assert town.motion().closes_at is not None, "the delivery has started the window"
    assert list(buttons(town.poll())) == ["Yes", "No", "Abstain", "With a reason…", "Retract", "Object…"]
    for login in logins()[:9]:
        pressed = await town.press(login, town.poll(), "Yes")
        assert "Recorded: yes on motion 1" in pressed.text
    await town.react(logins()[9], town.poll(), "👎")
    assert "9 yes · ○ 1 no" in read(town.poll())
    assert "●●●●●●●●●○··" in read(town.poll())
    await town.end()
    assert "carried" in town.channel()[-1]
    assert buttons(town.poll()) == {}
    thread_or_channel = [*town.fake.posts(), *town.fake.posts(int(town.poll()["id"]))]
    invite = next(message for message in thread_or_channel if "I will invite them" in buttons(message))
    await town.press(logins()[2], invite, "I will invite them")
    drafted = town.letters(logins()[2])[-1]
    opened = await town.press(logins()[2], drafted, "They accepted…")
    await town.submit(logins()[2], opened, name="New Person", email="new@example.org")
    (draft,) = await town.bot.forges["distribution"].drafts()
    assert '+"newperson","New Person","new@example.org"' in draft.diff


async def test_a_members_requests_are_answered_to_them_alone(town: Town) -> None:
    await town.nominate()
    before = len(town.fake.posts())
    for path in ("mine", "status", "list", "whoami", "help", "pings", "more review", "more candidates"):
        made = await town.slash(logins()[1], path)
        assert made.text, path
    assert len(town.fake.posts()) == before


async def test_a_ballot_with_its_reason_by_command_and_by_form(town: Town) -> None:
    await town.nominate()
    typed = await town.slash(logins()[1], "no", motion=1, reason="Too early.")
    assert "Recorded: no" in typed.text
    form = await town.press(logins()[2], town.poll(), "With a reason…")
    sent = await town.submit(logins()[2], form, choice="yes", reason="Long overdue.")
    assert "Recorded: yes" in sent.text
    assert (town.choice(logins()[1]), town.choice(logins()[2])) == ("no", "yes")


async def test_what_was_typed_is_not_lost_when_it_is_refused(town: Town) -> None:
    await town.nominate()
    form = await town.press(OUTSIDER, town.poll(), "Object…")
    refused = await town.submit(OUTSIDER, form, reason="The *driver* has no owner.")
    assert "The *driver* has no owner." in refused.text
    again = await town.fake.interactions.press(OUTSIDER, refused.shown, "Open the form again")  # type: ignore[arg-type]
    assert again.fields["reason"]["component"]["value"] == "The *driver* has no owner."


async def test_details_stand_in_the_thread_of_the_poll(town: Town) -> None:
    await town.nominate()
    form = await town.press(logins()[3], town.poll(), "Object…")
    await town.submit(logins()[3], form, reason="Nobody else reviews the storage.")
    assert len(town.fake.posts()) == 1
    assert "Nobody else reviews the storage." in town.thread()[0]
    here = await town.slash(logins()[4], "yes", motion=1, channel=int(town.poll()["id"]))
    assert "Recorded: yes" in here.text, "a thread is its channel"


async def test_a_motion_from_a_message(town: Town) -> None:
    message = {**town.fake.rest.make(town.fake.channels[200], {"content": "We should drop Go 1.21."}, [])}
    opened = await town.fake.interactions.menu(logins_id(0), "Start a motion from this message", message)
    assert opened.fields["text"]["component"]["value"] == "We should drop Go 1.21."
    assert opened.fields["link"]["component"]["value"].endswith(f"/100/200/{message['id']}")


async def test_completion_offers_people_motions_and_verbs(town: Town) -> None:
    await town.nominate()
    act = town.fake.interactions
    assert [each["value"] for each in await act.complete(logins_id(0), "why", "login", "amar")] == ["amara-okafor"]
    (motion,) = await act.complete(logins_id(0), "yes", "motion", "")
    assert motion == {"name": "1 · Make @newperson a maintainer of distribution", "value": 1}
    assert {"name": "nominate", "value": "nominate"} in await act.complete(logins_id(0), "help", "verb", "nom")


async def test_any_line_can_be_run_as_it_is_typed_elsewhere(town: Town) -> None:
    await town.nominate()
    made = await town.slash(logins()[1], "run", line="yes 1 because of <@300>")
    assert "Recorded: yes" in made.text


async def test_a_deadline_is_reminded_of_directly_with_a_click_to_vote(town: Town) -> None:
    await town.nominate()
    closes = town.motion().closes_at
    assert closes is not None
    ping = town.bot.service.alarm.next_due()
    assert ping is not None
    while not town.letters(logins()[5]):
        town.clock.move_to(town.bot.service.alarm.next_due() or closes)
        await town.settle()
    letter = town.letters(logins()[5])[-1]
    pressed = await town.press(logins()[5], letter, "Yes")
    assert "Recorded: yes" in pressed.text
    assert town.choice(logins()[5]) == "yes"


def logins_id(index: int) -> int:
    from tests.discord.world import PEOPLE

    return PEOPLE[logins()[index]]


async def test_whose_direct_messages_are_closed_is_reminded_of_by_a_note_that_names_nobody(town: Town) -> None:
    await town.nominate()
    for login in logins()[2:5]:
        town.fake.users[logins_id(logins().index(login))].takes_letters = False
    while not any("could not send a direct message" in text for text in _details(town)):
        due = town.bot.service.alarm.next_due()
        assert due is not None
        town.clock.move_to(due)
        await town.settle()
    notes = [text for text in _details(town) if "could not send a direct message" in text]
    assert len(notes) == 1, "once, whoever is meant"
    assert "@" not in notes[0]
    assert not any(login in notes[0] for login in logins())


def _details(town: Town) -> list[str]:
    return town.thread() if int(town.poll()["id"]) in town.fake.channels else []
