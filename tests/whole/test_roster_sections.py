"""What the bot makes of the sections of a maintainers file: promotions are moves, leavers can go to the emeriti."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from adapters.localgit.sample import MAINTAINERS
from adapters.rosterfile import detect
from bot.clocks import CountingIds, ManualClock
from bot.config import RosterTable
from bot.core.offer import Offer
from bot.core.people import Roster, RosterRow
from bot.core.rules import RosterFault
from bot.ports import Draft, DraftRequest, FileAt
from bot.repositories import Repository
from bot.rosters import Rosters
from storage.memory import MemoryLedger
from tests.world import START, World, logins

EMERITI = '#\n# EMERITUS\n"zoe","Zoe","zoe@example.org"\n'
TEAM = "# Team\n\n## Maintainers\n\n* Ann ([ann](https://github.com/ann))\n* Bob ([bob](https://github.com/bob))\n"


class OneFile:
    """A forge with one file, for reading."""

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text

    async def read(self, path: str) -> FileAt:
        return FileAt(path=self.path, branch="main", commit="0" * 40, data=self.text.encode())

    async def open(self, request: DraftRequest) -> Draft | None:
        raise NotImplementedError

    async def patch(self, request: DraftRequest) -> str:
        raise NotImplementedError

    async def offer(self, request: DraftRequest) -> Offer | None:
        raise NotImplementedError


def repository(text: str = "", *, sections: Mapping[str, str] = {}, emeritus: str = "") -> Repository:
    return Repository(
        name="mill",
        forge=OneFile("TEAM.md", text),
        roster_path="TEAM.md",
        rulebook=None,
        sections=sections,
        emeritus=emeritus,
        channels=("playground:mill",),
        announce="playground:mill",
    )


async def roster_of(text: str, *, sections: Mapping[str, str] = {}) -> Roster | RosterFault:
    clock = ManualClock(START)
    rosters = Rosters(ledger=MemoryLedger(clock=clock), clock=clock, ids=CountingIds(), detect=detect)
    return await rosters.read(repository(text, sections=sections))


def changed(diff: str) -> list[str]:
    return [line for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]


async def test_a_step_down_moves_the_person_to_the_emeriti_where_the_configuration_names_them(tmp_path: Path) -> None:
    world = await World.make(tmp_path, roster=RosterTable(emeritus="EMERITUS"))
    await world.roster(('"paula-tee@example.org"\n', '"paula-tee@example.org"\n' + EMERITI))
    leaver, name = MAINTAINERS[4]
    await world.ask(leaver, "step-down")
    await world.ask(leaver, "confirm 1")
    (draft,) = await world.forge.drafts()
    row = f'"{leaver}","{name}","{leaver}@example.org"'
    assert changed(draft.diff) == [f"-{row}", f"+{row}"]
    await world.forge.merge(draft.branch, at=world.clock.now())
    await world.service.settle()
    assert world.motion().ended


async def test_without_such_a_section_the_draft_says_so_and_removes_nobody(tmp_path: Path) -> None:
    world = await World.make(tmp_path, roster=RosterTable(emeritus="EMERITUS"))
    await world.ask(logins()[4], "step-down")
    await world.ask(logins()[4], "confirm 1")
    assert await world.forge.drafts() == ()
    assert "no section 'EMERITUS'" in world.notices()[-1]


@pytest.mark.parametrize("section", ["Emeritus maintainers", "Former Maintainers", "MAINTAINERS (inactive)", "Alumni"])
def test_people_of_a_section_of_former_maintainers_have_no_role(section: str) -> None:
    known = repository()
    row = RosterRow(section=section, login="zoe")
    assert known.role_of(row) is None
    assert known.left(row)


def test_a_configured_section_of_emeriti_is_the_only_one() -> None:
    known = repository(emeritus="Thanks")
    assert known.left(RosterRow(section="thanks", login="zoe"))
    assert not known.left(RosterRow(section="Emeritus", login="zoe"))


async def test_r6_a_maintainer_without_a_login_opens_no_vote_and_the_line_is_named() -> None:
    fault = await roster_of(TEAM + "* Cy\n")
    assert isinstance(fault, RosterFault)
    assert (fault.line, "Cy has no forge login" in fault.what) == (7, True)


async def test_t9_two_sections_that_may_be_the_maintainers_open_no_vote_until_one_is_named() -> None:
    text = TEAM + "\n## Docs maintainers\n\n* Cy ([cy](https://github.com/cy))\n"
    fault = await roster_of(text)
    assert isinstance(fault, RosterFault)
    assert "several sections" in fault.what
    known = await roster_of(text, sections={"maintainer": "Maintainers"})
    assert not isinstance(known, RosterFault)


async def test_emeriti_never_count_as_maintainers() -> None:
    text = TEAM + "\n## Emeritus maintainers\n\n* Cy ([cy](https://github.com/cy))\n"
    known = await roster_of(text)
    assert not isinstance(known, RosterFault)
    assert len(known.maintainers) == 2
