"""What somebody outside of the maintainers learns of a private candidacy by asking about others: nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.people import PlatformUser
from bot.core.plain import plain_card
from bot.ports import Inbound, Typed
from tests.whole.test_links_and_reminders import ENTRY, MAP, put_map
from tests.world import CHANNEL, World, logins

CANDIDATE = "quiet-one"
NOMINATION = f'nominate @{CANDIDATE} --months 7 --evidence "41 reviews" Kind and thorough.'
STRANGER = PlatformUser(platform="slack", team="T01", user="U09")
CONTRIBUTOR = PlatformUser(platform="slack", team="T01", user="U02")
"""Linked by the map as somebody who is in no roster."""


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = await World.make(tmp_path, links=MAP)
    await put_map(made, ENTRY.format(login="helper"))
    yield made
    await made.instance.close()


async def direct(world: World, who: PlatformUser, words: str) -> str:
    request, now = f"{words}:{len(world.cards())}", world.clock.now()
    inbound = Inbound(request=request, who=who, channel="", act=Typed(text=words), acted_at=now)
    return plain_card(await world.service.desk.ask(inbound))


@pytest.mark.parametrize("who", [STRANGER, CONTRIBUTOR])
@pytest.mark.parametrize(
    "words",
    [
        f"why @{CANDIDATE}",
        f"why @{CANDIDATE.upper()}",
        f"unlink @{CANDIDATE}",
        NOMINATION,
        f"contact @{CANDIDATE}",
        f"remove @{CANDIDATE}",
        f"record 1 --voter @{CANDIDATE} --choice yes --link https://example.org/1",
        "step-down",
        "rerun 1",
        "invite 1",
    ],
)
async def test_r24_nobody_learns_of_a_candidacy_by_asking_about_the_candidate(
    world: World, who: PlatformUser, words: str
) -> None:
    before = await direct(world, who, words)
    await world.ask(logins()[0], NOMINATION)
    assert world.motion().stage == "open"
    assert await direct(world, who, words) == before


async def test_r24_completion_names_a_candidate_to_nobody_who_may_not_know_of_them(world: World) -> None:
    offered = world.service.front("playground").completion
    ada = world.room.member(logins()[0])
    assert ada is not None
    await world.ask(logins()[0], NOMINATION)
    for who in (STRANGER, CONTRIBUTOR):
        assert CANDIDATE not in offered.people("", who.key, "")
        assert list(offered.people("", who.key, logins()[1])) == [logins()[1]]
        assert offered.people("", who.key, "quiet") == []
    assert list(offered.people("", ada.account.key, "quiet")) == [CANDIDATE]
    assert list(offered.people(CHANNEL, CONTRIBUTOR.key, "quiet")) == [CANDIDATE]
