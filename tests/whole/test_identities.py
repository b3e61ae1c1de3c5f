"""Who is behind a login: renames keep the person, and nobody inherits a login that has become free (T3)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.rosterfile import detect
from bot.clocks import CountingIds, ManualClock
from bot.core.people import Person, Roster
from bot.core.rules import RosterFault
from bot.ports import ForgeError, ForgeIdentity
from bot.repositories import Repository
from bot.rosters import Rosters
from bot.wiring import create_sample, forge_of, repository_of
from storage.memory import MemoryLedger
from tests.commits import replace_in
from tests.world import START, config_of, logins


class Forge:
    """Accounts by id, as an `Identities`."""

    def __init__(self, *names: str) -> None:
        self.accounts = dict(enumerate(names, start=1))
        self.down = False

    def rename(self, old: str, new: str) -> None:
        number = next(number for number, name in self.accounts.items() if name == old)
        self.accounts[number] = new

    def register(self, name: str) -> None:
        self.accounts[max(self.accounts) + 1] = name

    async def by_login(self, login: str) -> ForgeIdentity | None:
        if self.down:
            raise ForgeError("GitHub does not answer")
        found = (number for number, name in self.accounts.items() if name.casefold() == login.casefold())
        return next((ForgeIdentity(key=f"github:{number}", login=self.accounts[number]) for number in found), None)

    async def by_id(self, key: str) -> ForgeIdentity | None:
        name = self.accounts.get(int(key.removeprefix("github:")))
        return None if name is None else ForgeIdentity(key=key, login=name)


class Scene:
    """A sample repository whose people have accounts on a forge."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "distribution.git"
        create_sample(self.path, at=START)
        config = config_of(folder)
        table = config.repository[0]
        self.repository: Repository = repository_of(table, config, forge_of(table, config))
        self.everyone = [*logins()]
        self.ledger = MemoryLedger(clock=ManualClock(START))
        self.rosters = Rosters(ledger=self.ledger, clock=ManualClock(START), ids=CountingIds(), detect=detect)

    def on(self, forge: Forge) -> None:
        self.repository = replace(self.repository, identities=forge)

    async def read(self) -> Roster:
        found = await self.rosters.read(self.repository)
        assert isinstance(found, Roster), found
        return found

    async def fault(self) -> RosterFault:
        found = await self.rosters.read(self.repository)
        assert isinstance(found, RosterFault)
        return found

    def edit(self, old: str, new: str) -> None:
        replace_in(self.path, "MAINTAINERS", f'"{old}"', f'"{new}"', at=START)

    def person(self, login: str) -> Person:
        found = self.ledger.reader().directory().by_login(login)
        assert found is not None, login
        return found


@pytest.fixture
async def scene(tmp_path: Path) -> Scene:
    made = Scene(tmp_path)
    names = [row.login for row in await made.rosters.rows(made.repository)]
    made.on(Forge(*names))
    await made.read()
    return made


def forge_in(scene: Scene) -> Forge:
    assert isinstance(scene.repository.identities, Forge)
    return scene.repository.identities


async def test_everyone_of_the_roster_is_bound_to_their_id_once(scene: Scene) -> None:
    length = len(scene.ledger.reader().events(0))
    assert scene.person(scene.everyone[0]).forge_id is not None
    await scene.read()
    assert len(scene.ledger.reader().events(0)) == length


async def test_people_known_by_their_login_alone_stay_who_they_are(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    before = await scene.read()
    scene.on(Forge(*[row.login for row in await scene.rosters.rows(scene.repository)]))
    assert (await scene.read()).maintainers == before.maintainers
    assert scene.person(scene.everyone[0]).forge_id is not None


async def test_a_renamed_login_keeps_the_person_before_and_after_the_roster_says_so(scene: Scene) -> None:
    before, old = await scene.read(), scene.everyone[0]
    forge_in(scene).rename(old, "brand-new")
    assert (await scene.read()).maintainers == before.maintainers
    scene.edit(old, "brand-new")
    assert (await scene.read()).maintainers == before.maintainers
    assert scene.person("brand-new").id in before.maintainers
    assert scene.ledger.reader().directory().by_login(old) is None


async def test_a_login_that_another_account_has_taken_is_refused_with_the_way_out(scene: Scene) -> None:
    old = scene.everyone[0]
    forge_in(scene).rename(old, "brand-new")
    forge_in(scene).register(old)
    known = scene.person(old)
    fault = await scene.fault()
    assert f"@{old.casefold()} is another account now" in fault.what
    assert "write @brand-new" in fault.remedy
    assert fault.line > 0
    assert scene.person(old) == known
    scene.edit(old, "brand-new")
    assert known.id in (await scene.read()).maintainers


async def test_a_login_whose_owner_is_gone_and_that_is_taken_is_refused(scene: Scene) -> None:
    old, forge = scene.everyone[0], forge_in(scene)
    forge.rename(old, "x")
    forge.register(old)
    forge.accounts = {number: name for number, name in forge.accounts.items() if name != "x"}
    assert "remove the row" in (await scene.fault()).remedy


async def test_two_who_swap_their_logins_stay_who_they_are(scene: Scene) -> None:
    one, two = scene.everyone[:2]
    first, second = scene.person(one).id, scene.person(two).id
    forge = forge_in(scene)
    forge.rename(one, "in-between")
    forge.rename(two, one)
    forge.rename("in-between", two)
    await scene.read()
    assert (scene.person(two).id, scene.person(one).id) == (first, second)


async def test_a_name_that_only_the_configuration_knew_makes_room_for_the_person(scene: Scene) -> None:
    before, old = await scene.read(), scene.everyone[0]
    forge_in(scene).rename(old, "brand-new")
    await scene.rosters.bind(["brand-new"])
    scene.edit(old, "brand-new")
    assert (await scene.read()).maintainers == before.maintainers


async def test_a_forge_that_does_not_answer_leaves_no_electorate(scene: Scene) -> None:
    """T9: never a guess."""
    forge_in(scene).down = True
    assert "does not answer" in (await scene.fault()).what


async def test_an_account_that_is_gone_is_counted_and_nobody_else(scene: Scene) -> None:
    before, forge = await scene.read(), forge_in(scene)
    forge.accounts = {number: name for number, name in forge.accounts.items() if name != scene.everyone[0]}
    assert (await scene.read()).maintainers == before.maintainers
