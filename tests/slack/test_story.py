"""From the nomination to the draft through Slack: typed, pressed, filled in and reacted, by the real Bolt app."""

from __future__ import annotations

from datetime import timedelta

from tests.slack.world import CHANNEL, OTHER, World
from tests.world import logins


async def test_a_candidacy_goes_from_the_nomination_to_the_draft(world: World) -> None:
    first, *others = logins()
    answer = await world.types(first, 'nominate @newperson --months 7 --evidence "41 reviews" Kind and thorough.')
    assert "Recorded: motion 1 is open" in answer
    poll = world.poll()
    assert "Kind and thorough." in poll.words
    assert "Make @newperson a maintainer of distribution" in poll.words
    assert poll.labels == ["Yes", "No", "Abstain", "With a reason…", "Retract", "Object…"]
    assert sorted(poll.reactions) == ["+1", "-1", "shrug"]
    await world.presses(first, poll, "Yes")
    assert "Recorded: yes on motion 1" in world.hand(first).private[-1]
    await world.reacts(others[0], poll, "thumbsup")
    assert "Recorded: yes on motion 1" in world.hand(others[0]).private[-1]
    for login in others[1:]:
        await world.types(login, "yes 1")
    assert "0 have not voted" in world.poll().words
    assert world.poll().ts == poll.ts
    due = world.service.alarm.close_due(world.motion())
    await world.go_to(due)
    assert "Carried" in world.poll().words
    assert world.poll().labels == []
    result = next(m for m in world.fake.space.posts(CHANNEL) if "I will invite them" in m.labels)
    await world.presses(first, result, "I will invite them")
    assert any("invit" in letter.lower() for letter in world.hand(first).directs)
    draft = next(m for m in world.fake.space.posts(CHANNEL) if "They accepted…" in m.labels)
    await world.presses(first, draft, "They accepted…")
    assert await world.submits(first, name="New Person", email="new@example.org") == {}
    (made,) = await world.instance.forges["distribution"].drafts()
    assert "newperson" in made.title


async def test_details_stand_in_the_thread_of_the_poll(world: World) -> None:
    poll = await world.nominate()
    await world.types(logins()[1], "object 1 The storage driver has no other reviewer.")
    (objection,) = [m for m in world.fake.space.posts(CHANNEL) if m.thread]
    assert objection.thread == poll.ts
    assert "no other reviewer" in objection.words


async def test_the_poll_says_when_it_closes_for_the_reader_and_in_utc(world: World) -> None:
    poll = await world.nominate()
    dates = [
        element
        for block in poll.blocks
        if block["type"] == "rich_text"
        for part in block["elements"]
        for element in part["elements"]
        if element["type"] == "date"
    ]
    (closes,) = dates
    at = world.motion().closes_at
    assert at is not None
    assert closes["timestamp"] == int((at - timedelta(minutes=1)).timestamp())
    assert "your time (Mon 9 Mar 2026, 23:59 UTC)" in poll.words


async def test_the_count_is_shown_in_words_and_in_shapes(world: World) -> None:
    poll = await world.nominate()
    assert f"\n{'·' * len(logins())}\n" in poll.words
    for login, label in zip(logins(), ("Yes", "No", "Abstain"), strict=False):
        await world.presses(login, poll, label)
    assert f"\n●○–{'·' * (len(logins()) - 3)}\n" in poll.words
    assert "● 1 yes · ○ 1 no · – 1 abstain" in poll.words


async def test_a_ballot_can_be_given_with_a_reason_which_nobody_else_is_shown(world: World) -> None:
    poll = await world.nominate()
    await world.presses(logins()[1], poll, "With a reason…")
    assert await world.submits(logins()[1], choice="no", reason="Too early for me.") == {}
    assert world.choice(logins()[1]) == "no"
    assert "Recorded: no" in world.hand(logins()[1]).private[-1]
    assert not any("Too early" in text for text in world.posts())


async def test_a_ping_is_a_direct_message_with_buttons_to_vote_to_snooze_and_to_stop(world: World) -> None:
    await world.nominate()
    closes = world.motion().closes_at
    assert closes is not None
    login = logins()[2]
    await world.go_to(closes - timedelta(hours=24) + timedelta(minutes=1))
    assert world.hand(login).directs == []  # it is night where the profile says that they are
    await world.go_to(closes - timedelta(hours=15))
    ping = world.fake.space.directs(world.hand(login).user)[-1]
    assert {"Yes", "No", "Abstain", "Remind me in the morning", "No more pings for this one"} <= set(ping.labels)
    await world.presses(login, ping, "Yes")
    assert world.choice(login) == "yes"
    assert "Recorded: yes on motion 1" in world.hand(login).directs[-1]
    assert world.hand(login).private == []


async def test_a_press_after_the_close_counts_for_nothing_and_says_so(world: World) -> None:
    poll = await world.nominate()
    stale = world.hand(logins()[1]).pressed(poll, "Yes")
    await world.go_to(world.service.alarm.close_due(world.motion()))
    stale["actions"][0]["action_ts"] = world.fake.space.ts()
    await world.fake.send("interactive", stale)
    await world.settle()
    assert world.choice(logins()[1]) is None
    assert "not counted: motion 1 has ended" in world.hand(logins()[1]).private[-1]


async def test_help_lists_every_verb_and_fits(world: World) -> None:
    from bot.core.menu import VERBS

    answer = await world.types("outsider", "help")
    assert [verb.name for verb in VERBS if verb.usage not in answer] == []
    assert "/moot nominate" in await world.types("outsider", "")


async def test_elsewhere_nothing_is_done_and_the_member_is_told_where(world: World) -> None:
    answer = await world.types(logins()[0], "nominate @newperson --months 7 --evidence x Kind.", channel=OTHER)
    assert "belongs to no repository" in answer
    assert world.posts() == []


async def test_in_a_direct_message_one_can_vote_by_the_number(world: World) -> None:
    await world.nominate()
    direct = world.fake.space.direct(world.hand(logins()[1]).user)
    assert "Recorded: yes" in await world.types(logins()[1], "yes 1", channel=direct.id)


async def test_a_mention_becomes_the_login_and_links_and_marks_arrive_as_they_were_typed(world: World) -> None:
    user = world.hand("newperson").user
    words = f'nominate {{{user}}} --months 7 --evidence "see https://example.org/a?b=1&c=2" Good & <b>kind</b>, a < b.'
    assert "is open" in await world.types(logins()[0], words)
    poll = world.poll()
    assert "Make @newperson" in poll.words
    assert "https://example.org/a?b=1&c=2" in poll.words
    assert "Good & <b>kind</b>, a < b." in poll.words


async def test_the_command_may_have_another_name_in_the_apps_settings(world: World) -> None:
    answer = await world.hand(logins()[0]).types("list", CHANNEL, name="/moot-test")
    assert "No motion is open here." in answer
