"""What the merge guard says of a change, by the motions about its person (T20)."""

from __future__ import annotations

from bot.core.guard import WAITING, verdict
from bot.core.people import RosterRow
from bot.core.roster_diff import RosterDiff, roster_diff
from tests.core.builders import CANDIDATE, HEAD, Moot, policy


def change(before: str, after: str) -> RosterDiff:
    """The candidate moves between sections; an empty one is none."""

    def rows(section: str) -> list[RosterRow]:
        return [RosterRow(section=section, login=str(CANDIDATE), name="New")] if section else []

    return roster_diff(rows(before), rows(after), lambda row: row.section)


def carried(role: str) -> Moot:
    moot = Moot(rules=policy(role))
    moot.carry()
    moot.accept()
    return moot


def test_an_add_that_has_carried_lets_its_own_change_through_and_a_promotion_from_a_lesser_role() -> None:
    moot = carried("maintainer")
    for before in ("", "reviewer"):
        assert verdict(change(before, "maintainer"), CANDIDATE, [moot.motion], head=HEAD).state == "success"
    assert verdict(change("", "reviewer"), CANDIDATE, [moot.motion], head=HEAD) == WAITING


def test_an_add_that_takes_a_maintainers_role_is_no_add() -> None:
    moot = carried("reviewer")
    assert verdict(change("", "reviewer"), CANDIDATE, [moot.motion], head=HEAD).state == "success"
    assert verdict(change("maintainer", "reviewer"), CANDIDATE, [moot.motion], head=HEAD) == WAITING
