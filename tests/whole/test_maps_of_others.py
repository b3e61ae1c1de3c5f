"""Two repositories with a link map each: whose map may say whose account it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.localgit.sample import create_sample, maintainers_file
from bot.clocks import ManualClock
from bot.config import Config, RepositoryTable
from bot.core.people import PlatformUser
from bot.core.plain import plain_card
from bot.health import outside
from bot.linkreport import report
from bot.ports import Inbound, Typed
from storage.memory import MemoryLedger
from tests.commits import write
from tests.whole.test_links_and_reminders import ENTRY, MAP
from tests.world import CHANNEL, START, World, config_of

BOTH, HERE, THERE = "amara-okafor", "chidi-e", "wanda"
"""Who is a maintainer of both, of `distribution` alone, of `lantern` alone."""
LANTERN = maintainers_file(2, 0).replace("bjornlund", THERE)
SLACK = PlatformUser(platform="slack", team="T01", user="U02")


def configured(folder: Path, *, links_from: tuple[str, ...] = ()) -> Config:
    """`distribution` and `lantern`, each with a map and a channel of its own."""
    config = config_of(folder, links=MAP)
    first = config.repository[0].model_copy(update={"links_from": links_from})
    second = RepositoryTable(
        name="lantern", forge="localgit", path="lantern.git", channels=("playground:lantern",), links=MAP
    )
    return config.model_copy(update={"repository": (first, second)})


async def town(folder: Path, *, links_from: tuple[str, ...] = ()) -> World:
    config = configured(folder, links_from=links_from)
    for table in config.repository:
        create_sample(folder / table.path, at=START - timedelta(days=30))
    write(folder / "lantern.git", "MAINTAINERS", LANTERN.encode(), at=START)
    clock = ManualClock(START)
    world = await World.open(config, clock, ledger=MemoryLedger(clock=clock))
    await put_map(world, "distribution", "")
    await put_map(world, "lantern", "")
    return world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = await town(tmp_path)
    yield made
    await made.instance.close()


async def put_map(world: World, repository: str, text: str) -> None:
    write(world.config.here / f"{repository}.git", MAP, text.encode(), at=world.clock.now())
    await world.service.settle()


def whose(world: World) -> str | None:
    found = world.service.ledger.reader().directory().by_account(SLACK.key)
    return found.login if found is not None else None


async def asked(world: World, text: str) -> str:
    request = f"slack:{text}:{world.service.ledger.reader().directory().by_account(SLACK.key)}"
    act = Typed(text=text)
    inbound = Inbound(request=request, who=SLACK, channel=CHANNEL, act=act, acted_at=world.clock.now())
    return plain_card(await world.service.desk.ask(inbound))


@pytest.mark.parametrize("login", [HERE, BOTH])
async def test_t4_the_map_of_one_repository_makes_nobody_a_voter_of_another(world: World, login: str) -> None:
    await world.nominate()
    await put_map(world, "lantern", ENTRY.format(login=login))
    assert "I do not know which forge account" in await asked(world, "yes 1")
    assert not world.motion().ballots
    assert world.service.links.disputes() == {
        "lantern": ("slack:T01/U02 is not linked: no map that counts for distribution says the same",)
    }
    await put_map(world, "distribution", ENTRY.format(login=login))
    assert "Recorded: yes" in await asked(world, "yes 1")
    assert world.service.links.disputes() == {}


async def test_t4_a_map_links_its_own_people_and_those_of_no_roster(world: World) -> None:
    for login in (THERE, "somebody-new"):
        await put_map(world, "lantern", ENTRY.format(login=login))
        assert whose(world) == login
    await put_map(world, "distribution", ENTRY.format(login=THERE))
    await put_map(world, "lantern", "")
    assert whose(world) is None, "it is for lantern's map to say"


async def test_t4_who_becomes_a_maintainer_elsewhere_is_linked_by_both_maps_or_by_none(world: World) -> None:
    await put_map(world, "lantern", ENTRY.format(login=THERE))
    assert whose(world) == THERE
    await world.roster(('"chidi-e"', f'"{THERE}"'))
    assert whose(world) is None
    await put_map(world, "distribution", ENTRY.format(login=THERE))
    assert whose(world) == THERE


async def test_t4_a_repository_takes_the_word_of_a_map_that_its_operator_names(tmp_path: Path) -> None:
    world = await town(tmp_path, links_from=("lantern",))
    await put_map(world, "lantern", ENTRY.format(login=BOTH))
    assert whose(world) == BOTH
    await world.nominate()
    assert "Recorded: yes" in await asked(world, "yes 1")
    await world.instance.close()


async def test_t4_while_a_roster_cannot_be_read_the_maps_change_nothing(world: World) -> None:
    await put_map(world, "lantern", ENTRY.format(login=THERE))
    write(world.config.here / "distribution.git", "MAINTAINERS", b"nobody\n", at=world.clock.now())
    await put_map(world, "lantern", ENTRY.format(login=HERE))
    assert whose(world) == THERE


async def test_t4_an_account_that_two_maps_give_to_two_people_is_nobodys_and_both_are_told(world: World) -> None:
    await put_map(world, "distribution", ENTRY.format(login=HERE))
    assert whose(world) == HERE
    await put_map(world, "lantern", ENTRY.format(login=THERE))
    assert whose(world) is None
    what = ("slack:T01/U02 is nobody's: the maps give it to two people",)
    assert world.service.links.disputes() == {"distribution": what, "lantern": what}
    said = await report(world.config)
    assert "! lantern: slack:T01/U02 is nobody's: the maps give it to two people" in said.text
    assert said.data["disputes"] == {"distribution": list(what), "lantern": list(what)}
    lines = [finding for finding in await outside.links(world.config) if what[0] in finding.what]
    assert [finding.mark for finding in lines] == ["warning", "warning"]


async def test_a_letter_to_who_is_missing_in_two_repositories_names_both_maps(world: World) -> None:
    slack = {"channels": ("slack:C0001",)}
    tables = tuple(table.model_copy(update=slack) for table in world.config.repository)
    said = await report(world.config.model_copy(update={"repository": tables}))
    assert f"adds this to {MAP} of distribution and to {MAP} of lantern:" in said.data["messages"][BOTH]
    assert f"adds this to {MAP}:" in said.data["messages"][THERE]


@pytest.mark.parametrize("names", [("lantern",), ("distribution",), ("nowhere",)])
def test_links_are_taken_from_other_repositories_that_have_a_map(tmp_path: Path, names: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="name other repositories that have links"):
        config_of(tmp_path, links=MAP, links_from=names)
