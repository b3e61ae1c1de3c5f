"""Whatever a member does wrong: one clear private answer that says what was not done, and nothing is changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.core.people import PlatformUser
from bot.core.plain import plain_card
from bot.ports import Inbound, Pressed, Reacted, Typed
from tests import commits
from tests.world import CHANNEL, NOMINATION, START, World, logins

REVIEWER = "paolo-b"


def events(world: World) -> int:
    reader = world.service.ledger.reader()
    return sum(len(reader.events(entry.number)) for entry in reader.entries())


async def refused(world: World, login: str, text: str) -> str:
    """The answer to something that must change nothing."""
    before = events(world), len(world.cards())
    answer = await world.ask(login, text)
    assert (events(world), len(world.cards())) == before
    assert answer.startswith("✗ ")
    return answer


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (NOMINATION.replace("@newperson", f"@{logins()[0]}"), "nobody proposes themselves"),
        (NOMINATION.replace("@newperson", f"@{logins()[1]}"), "is a maintainer already"),
        (NOMINATION.replace("@newperson", "@not_a_login!"), "that is no login"),
        (NOMINATION.replace("7", "seven"), "whole number"),
        (NOMINATION.replace("--months 7", ""), "months is missing"),
        (NOMINATION.replace("--months", "--role king --months"), "maintainer or reviewer"),
        (NOMINATION.replace("--months", "--window 1h --months"), "no such option"),
        (NOMINATION.replace("--months", "--sponsor @outsider --months"), "sponsor must be a maintainer"),
        (NOMINATION + "x" * 3001, "at most 3000 fit"),
        (NOMINATION + "\u202egnihton", "U+202E"),
        (NOMINATION + "\x07", "U+0007"),
        ("nominat @newperson", "I do not know that verb"),
        ("yes 99", "no motion of that number"),
        ("yes", "no motion is open here"),
        ("status", "no motion is open here"),
    ],
)
async def test_a_bad_request_of_a_maintainer_opens_nothing(world: World, text: str, said: str) -> None:
    assert said in await refused(world, logins()[0], text)


async def test_only_maintainers_propose(world: World) -> None:
    assert "you are not one of them" in await refused(world, "outsider", NOMINATION)
    reviewer = next(member.login for member in world.room.members if member.kind == "reviewer")
    assert "you are a reviewer" in await refused(world, reviewer, NOMINATION)


async def test_only_the_electorate_votes(world: World) -> None:
    await world.nominate()
    reviewer = next(member.login for member in world.room.members if member.kind == "reviewer")
    for login in (reviewer, "outsider"):
        assert "Your ballot was not counted: only the 12 maintainers" in await refused(world, login, "yes 1")
    assert "the candidate is never in the electorate (R22)" in await refused(world, "newperson", "yes 1")


async def test_a_stranger_is_told_how_to_be_linked(world: World) -> None:
    stranger = PlatformUser(platform="playground", team="elsewhere", user=logins()[0])
    inbound = Inbound(
        request="s1", who=stranger, channel=CHANNEL, act=Typed(text=NOMINATION), acted_at=world.clock.now()
    )
    answer = plain_card(await world.service.desk.ask(inbound))
    assert "I do not know which forge account is yours" in answer
    assert stranger.key in answer
    assert list(world.service.ledger.reader().entries()) == []


async def test_a_second_motion_on_the_same_person_is_refused(world: World) -> None:
    await world.nominate()
    assert "motion 1 about @newperson is open" in await refused(world, logins()[1], NOMINATION)
    await world.carry()
    assert "has carried and is not finished" in await refused(world, logins()[1], NOMINATION)


async def test_a_person_cannot_flood_the_channel_with_motions(world: World) -> None:
    for number in range(5):
        await world.ask(logins()[0], NOMINATION.replace("newperson", f"person{number}"))
    assert "which is the limit" in await refused(world, logins()[0], NOMINATION)


async def test_t16_a_ballot_after_the_close_is_refused_and_one_before_it_counts(world: World) -> None:
    await world.nominate()
    closes = world.motion().closes_at
    assert closes is not None
    world.clock.move_to(closes + timedelta(seconds=10))
    late = await world.ask(logins()[0], "yes 1", acted_at=closes, settle=False)
    assert "Your ballot was not counted: motion 1 closed" in late
    await world.ask(logins()[0], "yes 1", acted_at=closes - timedelta(seconds=1), settle=False)
    assert world.motion().yes == 1
    await world.end()
    assert "has ended: it is lost" in await refused(world, logins()[1], "yes 1")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda text: text.replace('"amara-okafor","', '"amara-okafor,"'), "line "),
        (lambda text: "nothing here\n", "MAINTAINERS"),
        (lambda text: "", "MAINTAINERS"),
        (lambda text: text.replace("# MAINTAINERS", "# OTHERS"), "no maintainer"),
    ],
)
async def test_r6_a_broken_roster_opens_no_motion_and_names_the_line(
    world: World, spoil: Callable[[str], str], said: str
) -> None:
    path = world.config.here / "distribution.git"
    broken = spoil(commits.read(path, "MAINTAINERS").decode())
    commits.write(path, "MAINTAINERS", broken.encode(), at=START)
    answer = await refused(world, logins()[0], NOMINATION)
    assert "No motion was opened: I cannot read the roster (R6)." in answer
    assert said in answer
    assert "What to do:" in answer


async def test_r24_a_private_candidacy_is_refused_in_a_public_channel(tmp_path_factory: pytest.TempPathFactory) -> None:
    world = await World.make(tmp_path_factory.mktemp("public"), public=True)
    assert "a channel of this repository is public" in await refused(world, logins()[0], NOMINATION)
    await world.instance.close()


async def test_removing_a_reaction_retracts_nothing_and_says_so(world: World) -> None:
    await world.nominate()
    await world.ask(logins()[0], Reacted(emoji="👍", motion=1, added=True))
    answer = await world.ask(logins()[0], Reacted(emoji="👍", motion=1, added=False))
    assert "your ballot on motion 1 is still yes" in answer
    assert "/moot retract 1" in answer
    assert world.motion().yes == 1


async def test_an_emoji_that_is_no_ballot_is_answered_with_nothing(world: World) -> None:
    await world.nominate()
    assert await world.ask(logins()[0], Reacted(emoji="🎉", motion=1, added=True)) == ""
    assert world.motion().yes == 0


async def test_a_button_of_a_verb_that_is_none_is_refused(world: World) -> None:
    await world.nominate()
    assert "I do not know that verb" in await world.ask(logins()[0], Pressed(verb="carry", motion=1))


async def test_a_retried_request_gets_its_first_answer_and_counts_once(world: World) -> None:
    await world.nominate()
    first = await world.ask(logins()[0], "yes 1", request="same")
    before = events(world)
    assert await world.ask(logins()[0], "yes 1", request="same") == first
    assert events(world) == before


async def test_r24_a_second_channel_that_is_public_refuses_a_private_candidacy_too(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    channels = ("playground:maintainers", "playground:nowhere")
    world = await World.make(tmp_path_factory.mktemp("two"), channels=channels, announce=channels[0])
    assert "I cannot tell whether the maintainers' channel is private" in await refused(world, logins()[0], NOMINATION)
    await world.instance.close()
