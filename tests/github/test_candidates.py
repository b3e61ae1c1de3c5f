"""Candidates whose account is gone, renamed or somebody else's by the time they are to be added (F39, T3)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.outbox import LONG_PATIENCE
from bot.threads.guard import Guard
from tests.fakes.github import Fault
from tests.fakes.github.state import Issue, User
from tests.github.council import NAMES, Council

NOMINATION = 'nominate @newperson --months 7 --evidence "41 reviews" Kind and thorough.'


@pytest.fixture
def council(tmp_path: Path) -> Council:
    return Council(tmp_path)


async def carried(council: Council) -> User:
    """A candidacy that waits for the candidate's answer."""
    await council.ask("ada", NOMINATION)
    for login in NAMES:
        await council.ask(login, "yes 1")
    await council.end()
    await council.ask("ada", "invite 1")
    found = council.hub.find("newperson")
    assert found is not None
    return found


def ask_anew(council: Council) -> None:
    """As much time as an answer about an account is believed for."""
    council.shop.machine.move(601)


async def waited(council: Council, seconds: float) -> None:
    ask_anew(council)
    await council.later(seconds)


async def accepted(council: Council) -> None:
    ask_anew(council)
    await council.ask("ada", 'accepted 1 --name "New Person" --email n@example.org')
    for _ in range(4):
        await waited(council, 601)


def pulls(council: Council) -> list[Issue]:
    return [issue for issue in council.repo.issues.values() if issue.pull is not None]


def branches(council: Council) -> list[str]:
    return [name for name in council.repo.refs if "folkmoot/" in name]


def troubles(council: Council) -> list[str]:
    return [notice for notice in council.notices() if "No draft yet" in notice]


async def test_f39_nothing_is_written_about_a_candidate_whose_account_is_gone_until_it_is_back(
    council: Council,
) -> None:
    user = await carried(council)
    council.hub.delete("newperson")
    await accepted(council)
    assert (pulls(council), branches(council)) == ([], [])
    (told,) = troubles(council)
    assert "the account @newperson is gone from the forge" in told
    assert "The result stands" in told
    assert council.motion().answered is not None
    row = council.ledger.row("m1:draft")
    assert row is not None
    council.ledger.transact(lambda txn: txn.settle(replace(row, attempts=LONG_PATIENCE))).result()
    await waited(council, 1300)  # tried once more than anything else would be
    assert (pulls(council), len(troubles(council))) == ([], 1)
    council.hub.users[user.id] = user
    await waited(council, 1300)
    (page,) = pulls(council)
    assert page.title == "Add newperson to MAINTAINERS"
    assert council.motion().draft is not None


async def test_f39_t3_a_login_that_another_has_registered_gets_no_draft(council: Council) -> None:
    user = await carried(council)
    council.hub.rename("newperson", "renamed")
    council.hub.register("newperson")
    await accepted(council)
    assert (pulls(council), branches(council)) == ([], [])
    (told,) = troubles(council)
    assert f"than the one voted on (github:{user.id}); their login is @renamed now" in told
    await council.ask("bob", "void 1 The name has changed hands.")
    await council.ask("cleo", "second 1")
    await waited(council, 1300)
    assert council.motion().outcome == "void"
    assert pulls(council) == []


async def test_f39_who_renamed_their_account_is_added_by_the_name_of_now(council: Council) -> None:
    await carried(council)
    council.hub.rename("newperson", "renamed")
    await accepted(council)
    (page,) = pulls(council)
    assert page.title == "Add renamed to MAINTAINERS"
    assert troubles(council) == []


async def test_f39_an_outage_before_hides_nothing_of_an_account_that_is_gone(council: Council) -> None:
    await carried(council)
    council.hub.delete("newperson")
    council.hub.faults.append(Fault("502", "GET .*/users/newperson", times=8))
    await accepted(council)
    outage, gone = troubles(council)
    assert "does not work at the moment" in outage
    assert "is gone from the forge" in gone


async def test_f39_whoever_is_gone_from_the_forge_can_be_removed(council: Council) -> None:
    await council.ask("ada", "contact @eve")
    await council.ask("bob", "contact-take 1")
    await council.ask("bob", "contact-cannot 1")
    await council.ask("ada", "remove 1")
    council.hub.delete("eve")
    for _ in range(4):
        await council.later(24 * 3600)
    (page,) = pulls(council)
    assert page.title == "Remove eve from MAINTAINERS"
    for login in ("ada", "bob", "cleo", "dan"):
        await council.says(login, "/moot yes", page)
    await council.end()
    guard = council.service.guard(council.service.repositories.all()[0])
    assert isinstance(guard, Guard)
    await guard.sweep()
    (run,) = council.repo.check_runs.values()
    assert run.conclusion == "success"
    council.repo.merge(page.number, by="ada")
    await council.settle()
    assert council.motion().effective is not None


async def test_f39_the_check_does_not_pass_for_an_account_that_is_gone(council: Council) -> None:
    await carried(council)
    await accepted(council)
    council.hub.delete("newperson")
    ask_anew(council)
    guard = council.service.guard(council.service.repositories.all()[0])
    assert isinstance(guard, Guard)
    await guard.sweep()
    (run,) = council.repo.check_runs.values()
    assert (run.conclusion, run.output["title"]) == ("failure", "The account is gone")


async def test_a_candidate_without_an_account_is_not_put_to_the_vote(council: Council) -> None:
    said = await council.ask("ada", NOMINATION.replace("newperson", "newpersom"))
    assert "@newpersom is the login of no account on the forge" in said
    assert council.motions() == 0


async def test_a_candidate_is_not_put_to_the_vote_while_nobody_says_whose_account_it_is(council: Council) -> None:
    council.hub.faults.append(Fault("502", "GET .*/users/newperson", times=8))
    said = await council.ask("ada", NOMINATION)
    assert "cannot be told from others" in said
    assert council.motions() == 0


async def test_t3_a_candidate_known_by_a_login_that_has_changed_hands_is_not_put_to_the_vote(council: Council) -> None:
    await council.ask("ada", NOMINATION)
    await council.ask("ada", "withdraw 1 Not now.")
    council.hub.rename("newperson", "renamed")
    council.hub.register("newperson")
    ask_anew(council)
    said = await council.ask("ada", NOMINATION)
    assert "is another account now" in said
    assert council.motions() == 1


async def test_a_candidate_who_has_renamed_their_account_is_the_same_person(council: Council) -> None:
    await council.ask("ada", NOMINATION)
    await council.ask("ada", "withdraw 1 Not now.")
    council.hub.rename("newperson", "renamed")
    await council.ask("ada", NOMINATION.replace("newperson", "renamed"))
    assert council.motion(2).subject == council.motion(1).subject
    known = council.ledger.reader().directory().by_login("renamed")
    assert known is not None
    assert known.id == council.motion(1).subject
