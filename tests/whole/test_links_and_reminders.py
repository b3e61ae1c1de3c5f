"""Who is who on a platform, what a direct message may tell, and how people choose to be reminded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.people import PlatformUser
from bot.core.plain import plain_card
from bot.linkmap import LinkMapError, parse_links
from bot.ports import Inbound, LivePoll, Reacted, Standing, Typed, sighting_of
from tests.commits import write
from tests.world import CHANNEL, World, logins

MAP = "links.toml"
SLACK = PlatformUser(platform="slack", team="T01", user="U02")
ENTRY = '[[person]]\nlogin = "{login}"\nslack = "T01/U02"\n'


@pytest.fixture
async def world(tmp_path: Path) -> World:
    return await World.make(tmp_path, links=MAP)


async def put_map(world: World, text: str) -> None:
    write(world.config.here / "distribution.git", MAP, text.encode(), at=world.clock.now())
    await world.service.settle()


async def asked(world: World, who: PlatformUser, text: str, *, channel: str = CHANNEL) -> str:
    act = Typed(text=text)
    request = f"slack:{who.user}:{text}:{world.clock.now()}"
    inbound = Inbound(request=request, who=who, channel=channel, act=act, acted_at=world.clock.now())
    return plain_card(await world.service.desk.ask(inbound))


# --------------------------------------------------------------------------- links


async def test_the_map_in_the_repository_links_an_account_and_what_leaves_it_is_released(world: World) -> None:
    ada, bob = logins()[:2]
    await world.nominate()
    assert "I do not know which forge account" in await asked(world, SLACK, "yes 1")
    assert f"add it yourself to {MAP}" in await asked(world, SLACK, "no 1")
    await put_map(world, ENTRY.format(login=ada))
    assert "Recorded: yes" in await asked(world, SLACK, "yes 1")
    await put_map(world, ENTRY.format(login=bob))
    assert f"@{bob}" in await asked(world, SLACK, "whoami")
    await put_map(world, "")
    assert "I do not know which forge account" in await asked(world, SLACK, "abstain 1")
    assert world.motion().ballots, "the ballot that was cast stays"


async def test_an_account_that_the_map_gives_to_two_people_is_nobodys(world: World) -> None:
    ada, bob = logins()[:2]
    await put_map(world, ENTRY.format(login=ada) + ENTRY.format(login=bob))
    assert "I do not know which forge account" in await asked(world, SLACK, "whoami")


async def test_a_map_that_cannot_be_read_leaves_every_link_as_it_was(world: World) -> None:
    await put_map(world, ENTRY.format(login=logins()[0]))
    await put_map(world, '[[person]]\nlogin = "x"\nslack = "everybody"\n')
    assert f"You are @{logins()[0]}" in await asked(world, SLACK, "whoami")
    assert "links.toml:3" in world.service.links.faults()["distribution"]


async def test_a_sweep_asks_for_everybody_once_a_source_however_many_the_map_links(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = [f'[[person]]\nlogin = "member{n}"\ngithub = {n + 1}\nslack = "T01/U{n:03}"\n' for n in range(200)]
    await put_map(world, "".join(entries))
    questions: list[str] = []
    kind = type(world.service.ledger.reader().directory())
    for name in ("person", "by_login", "by_account", "linked", "everyone"):
        ask = getattr(kind, name)

        def counted(self: object, *given: object, name: str = name, ask: Any = ask) -> object:
            questions.append(name)
            return ask(self, *given)

        monkeypatch.setattr(kind, name, counted)
    await world.service.links.sync()
    assert len(questions) <= 6, questions
    assert questions.count("everyone") == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[person]]\nlogin = 7\n", ":2:"),
        ('[[person]]\nslack = "T01/U02"\n', "names nobody"),
        ('[[person]]\nlogin = "a"\nmail = "a@example.org"\n', ":3:"),
        ("[[person", "links.toml:1"),
        ('[[person]]\ngithub = "octocat"\n', ":2:"),
        ("#" * (1 << 20) + "\n", "too large"),
    ],
)
def test_a_map_that_is_not_understood_says_where(text: str, said: str) -> None:
    with pytest.raises(LinkMapError, match=r"links\.toml") as caught:
        parse_links(text.encode(), path="links.toml")
    assert said in str(caught.value)


def test_a_map_names_people_by_login_or_by_numeric_id() -> None:
    text = '[[person]]\ngithub = 583231\ndiscord = "80351110"\n[[person]]\nlogin = "ada"\n'
    by_id, by_login = parse_links(text.encode(), path=MAP)
    assert (by_id.login, by_id.forge_id, [a.key for a in by_id.accounts]) == ("", "github:583231", ["discord:80351110"])
    assert (by_login.login, by_login.accounts) == ("ada", ())


# --------------------------------------------------------------------------- mentions


async def test_a_mention_of_a_linked_account_names_its_person_and_a_strangers_stays(world: World) -> None:
    await put_map(world, ENTRY.format(login=logins()[1]))
    linked = PlatformUser(platform="slack", team="T01", user="U02")
    assert logins()[1] in await asked(world, linked, "why <@U02|somebody>")
    assert "do not know that login" in await asked(world, linked, "why <@U77>")


# --------------------------------------------------------------------------- direct messages


async def test_a_direct_message_tells_a_stranger_of_no_private_motion(world: World) -> None:
    await world.nominate()
    await put_map(world, ENTRY.format(login="outsider"))
    for text in ("status 1", "yes 1", "object 1 No."):
        assert "no motion of that number" in await asked(world, SLACK, text, channel="")
    assert "newperson" not in await asked(world, SLACK, "list", channel="")
    assert "No motion is open here" in await asked(world, SLACK, "why @newperson", channel="")


async def test_a_direct_message_takes_a_ballot_of_who_may_vote(world: World) -> None:
    await world.nominate()
    await put_map(world, ENTRY.format(login=logins()[0]))
    assert "Recorded: yes" in await asked(world, SLACK, "yes 1", channel="")
    assert "newperson" in await asked(world, SLACK, "list", channel="")
    assert "you: yes" in await asked(world, SLACK, "mine", channel="")


# --------------------------------------------------------------------------- reactions found after an outage


def standing(world: World, login: str, emoji: str) -> Standing:
    member = world.room.member(login)
    assert member is not None
    return Standing(who=member.account, emoji=emoji)


async def told(world: World, *found: Standing) -> list[str]:
    poll = LivePoll(motion=1, channel=CHANNEL, ref="1", reactions=True)
    cards = await world.service.desk.catch_up(poll, found)
    await world.service.settle()
    return [f"{who.user}: {plain_card(card)}" for who, card in cards]


async def test_a_reaction_found_after_an_outage_is_a_ballot_once(world: World) -> None:
    await world.nominate()
    ada = standing(world, logins()[0], "👍")
    (first,) = await told(world, ada)
    assert "Recorded: yes" in first
    assert await told(world, ada) == []
    assert [ballot.choice for ballot in world.motion().ballots.values()] == ["yes"]


async def test_a_reaction_that_was_seen_live_is_not_taken_again_over_a_later_button(world: World) -> None:
    await world.nominate()
    ada = standing(world, logins()[0], "👍")
    poll = LivePoll(motion=1, channel=CHANNEL, ref="1", reactions=True)
    act = Reacted(emoji="👍", motion=1, added=True)
    seen = Inbound(
        request="slack:Ev1",
        who=ada.who,
        channel=CHANNEL,
        act=act,
        acted_at=world.clock.now(),
        sighting=sighting_of(poll, ada),
    )
    await world.service.desk.ask(seen)
    world.clock.move(timedelta(minutes=1))
    await world.ask(logins()[0], "no 1")
    assert await told(world, ada) == []
    assert [ballot.choice for ballot in world.motion().ballots.values()] == ["no"]


async def test_reactions_that_contradict_each_other_count_for_nothing_and_their_member_is_told_once(
    world: World,
) -> None:
    await world.nominate()
    both = (standing(world, logins()[0], "👍"), standing(world, logins()[0], "👎"))
    (first,) = await told(world, *both)
    assert "cannot tell which came last" in first
    assert await told(world, *both) == []
    assert not world.motion().ballots


async def test_of_a_seen_and_a_new_reaction_the_new_one_counts(world: World) -> None:
    await world.nominate()
    yes, no = standing(world, logins()[0], "👍"), standing(world, logins()[0], "👎")
    await told(world, yes)
    world.clock.move(timedelta(minutes=1))
    (second,) = await told(world, yes, no)
    assert "Recorded: no" in second


async def test_f17_reactions_found_after_the_window_are_listed_and_not_counted(world: World) -> None:
    await world.nominate()
    closes = world.motion().closes_at
    assert closes is not None
    await world.ask(logins()[1], "yes 1")
    world.clock.move_to(closes + timedelta(seconds=5))
    (late, same) = await told(world, standing(world, logins()[0], "👍"), standing(world, logins()[1], "👍"))
    assert "not counted" in late
    assert "not counted" in same
    (notice,) = [text for text in world.notices() if "After an outage" in text]
    assert f"@{logins()[0]}" in notice
    assert f"@{logins()[1]}" not in notice, "their ballot stands as it is"
    assert len(world.motion().ballots) == 1


async def test_strangers_and_other_emojis_are_passed_over(world: World) -> None:
    await world.nominate()
    stranger = Standing(who=PlatformUser(platform="slack", team="T9", user="U9"), emoji="👍")
    assert await told(world, stranger, standing(world, logins()[0], "🎉")) == []
    (refused,) = await told(world, standing(world, "outsider", "👍"))
    assert "not counted" in refused


# --------------------------------------------------------------------------- reminders


async def test_somebody_chooses_their_hours_and_is_reminded_within_them(world: World) -> None:
    late, other = logins()[0], logins()[1]
    assert "as soon as a reminder is due" in await world.ask(late, "pings")
    assert "14:00 and 18:00" in await world.ask(late, "pings --hours 14-18 --zone UTC")
    assert "14:00 and 18:00" in await world.ask(late, "pings")
    await world.nominate()
    closes = world.motion().closes_at
    assert closes is not None
    await world.go_to(closes - timedelta(hours=24))
    assert (len(world.letters(other)), len(world.letters(late))) == (1, 0)
    await world.go_to(datetime(2026, 3, 9, 14, 0, tzinfo=UTC))
    assert len(world.letters(late)) == 1


async def test_who_wants_no_reminders_gets_none_until_they_want_them_again(world: World) -> None:
    quiet, other = logins()[:2]
    assert "I do not remind you" in await world.ask(quiet, "pings-off")
    await world.nominate()
    closes = world.motion().closes_at
    assert closes is not None
    await world.go_to(closes - timedelta(hours=48))
    assert (len(world.letters(other)), len(world.letters(quiet))) == (1, 0)
    assert "I remind you" in await world.ask(quiet, "pings-on")
    await world.go_to(closes - timedelta(hours=24))
    await world.go_to(closes - timedelta(hours=12))
    assert len(world.letters(quiet)) == 1  # of the two that waited for the morning only the later one


async def test_the_zone_of_a_profile_gives_an_offices_hours(world: World) -> None:
    person = logins()[0]
    member = world.room.member(person)
    assert member is not None
    world.service.rota.learn(member.account, "Asia/Tokyo")
    world.service.rota.learn(member.account, "Middle/Earth")
    assert "9:00 and 17:00 on business days (Asia/Tokyo)" in await world.ask(person, "pings")
    assert "8:00 and 12:00 on business days (Asia/Tokyo)" in await world.ask(person, "pings --hours 8-12")


async def test_a_retried_choice_is_stored_once(world: World) -> None:
    before = len(world.service.ledger.reader().events(0))
    first = await world.ask(logins()[0], "pings-off", request="same")
    assert await world.ask(logins()[0], "pings-off", request="same") == first
    assert len(world.service.ledger.reader().events(0)) == before + 1
