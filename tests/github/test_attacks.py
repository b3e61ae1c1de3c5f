"""Attempts to get at a vote through the forge: by pages, pull requests and comments that were made for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.github.checks import NAME
from bot.core.guard import WAITING
from tests.fakes.github.state import CheckRun, Issue
from tests.github.council import NAMES, Council, maintainers
from tests.github.test_pull_requests import FAILURE, JOINED, SUCCESS, WAITS, WORDS, adding, check, guard_of, removal


@pytest.fixture
def council(tmp_path: Path) -> Council:
    return Council(tmp_path)


def link_to(council: Council, page: Issue, tail: str = "") -> str:
    return f"https://forge.example/{council.repo.full_name}/issues/{page.number}{tail}"


# --------------------------------------------------------------------------- the guard


@pytest.mark.parametrize("how", ["symlink", "executable", "folder", "huge", "gone"])
async def test_a_pull_request_that_cannot_be_judged_is_never_green_and_holds_up_no_other(
    council: Council, how: str
) -> None:
    page = adding(council, body=WORDS)
    await council.settle()
    council.hub.time.move(60)
    repo = council.repo
    match how:
        case "symlink":
            repo.push({"MAINTAINERS": b"/etc/passwd"}, branch="evil", by="outsider", mode=0o120000)
        case "executable":
            repo.push({"MAINTAINERS": maintainers(*NAMES)}, branch="evil", by="outsider", mode=0o100755)
        case "folder":
            repo.push({"MAINTAINERS": None}, branch="evil", by="outsider")
            repo.push({"MAINTAINERS/x": b""}, branch="evil", by="outsider")
        case "huge":
            repo.push({"MAINTAINERS": b"#" * (1 << 20) + b"#\n"}, branch="evil", by="outsider")
        case _:
            repo.push({"MAINTAINERS": None}, branch="evil", by="outsider")
    evil = repo.open_pull(head="evil", by="outsider")
    for login in NAMES:
        await council.says(login, "/moot yes", page)
    await council.end()
    await guard_of(council).sweep()
    assert check(council, page) == SUCCESS
    assert check(council, evil) == (SUCCESS if how == "executable" else FAILURE)


async def test_a_check_of_the_same_name_by_somebody_else_is_neither_believed_nor_changed(council: Council) -> None:
    page = adding(council)
    assert page.pull is not None
    other = council.hub.app("impostor", permissions={"checks": "write"})
    for status in ("in_progress", "completed"):
        said = {"title": WAITING.title, "summary": WAITING.summary}
        conclusion = "success" if status == "completed" else None
        forged = CheckRun(
            next(council.hub.numbers) + 10**6,
            NAME,
            page.pull.head_sha,
            status,
            conclusion,
            dict(said),
            f"folkmoot:{page.number}",
            None,
            council.hub.now,
            None,
            other.bot,
        )
        council.repo.check_runs[forged.id] = forged
    await guard_of(council).sweep()
    await guard_of(council).sweep()
    mine = [run for run in council.repo.check_runs.values() if run.maker is council.shop.app.bot]
    assert [(run.status, run.conclusion) for run in mine] == [WAITS]
    assert council.hub.violations == []


async def test_nobody_is_nominated_in_a_pull_request_that_makes_a_link_of_the_file(council: Council) -> None:
    council.hub.time.move(60)
    council.repo.push({"MAINTAINERS": b"OTHER"}, branch="topic", by="ada", mode=0o120000)
    page = council.repo.open_pull(head="topic", by="ada", body=WORDS)
    await council.settle()
    assert council.motions() == 0
    assert "does not add exactly one person" in council.bots(page)[0]


async def test_a_candidacy_for_less_is_no_way_to_take_a_maintainers_role(council: Council) -> None:
    page = adding(
        council,
        body=WORDS.replace("nominate", "nominate --role reviewer"),
        data=maintainers(*NAMES, reviewers=["newperson"]),
    )
    await council.settle()
    for login in NAMES:
        await council.says(login, "/moot yes", page)
    await council.end()
    assert council.motion().outcome == "carried"
    council.repo.push({"MAINTAINERS": JOINED}, by="ada")
    await council.settle()
    council.repo.push({"MAINTAINERS": maintainers(*NAMES, reviewers=["newperson"])}, branch="demote", by="ada")
    evil = council.repo.open_pull(head="demote", by="ada")
    await guard_of(council).sweep()
    assert check(council, evil) == WAITS


# --------------------------------------------------------------------------- pages


async def test_a_second_motion_that_names_a_page_takes_no_ballots_from_the_first(council: Council) -> None:
    page = await council.dispute()
    link = link_to(council, page, "#top")
    await council.ask("bob", f'resolve --link {link} --title "Something else" Quite another text.')
    assert council.motions() == 2
    await council.says("ada", "/moot yes", page)
    council.hub.time.move(60)
    council.repo.react(council.status(page), "+1", by="cleo")
    await council.settle()
    council.reopen()
    await council.says("dan", "/moot no", page)
    assert council.choices(1) == {"ada": "yes", "cleo": "yes", "dan": "no"}
    assert council.choices(2) == {}
    assert len(council.bots(page)) == 1


async def test_when_the_first_motion_of_a_page_has_ended_the_next_is_voted_on_there(council: Council) -> None:
    page = await council.dispute()
    await council.ask("bob", f'resolve --link {link_to(council, page, "#top")} --title "Again" Quite another text.')
    first = council.status(page)
    await council.ask("bob", "withdraw 1 Once more.")
    await council.ask("cleo", "second 1")
    council.hub.time.move(60)
    await council.says("ada", "/moot yes", page)
    council.repo.react(first, "+1", by="dan")
    await council.later(60)
    assert council.choices(2) == {"ada": "yes"}
    assert "**Motion 2** is about this page" in council.bots(page)[-1]


async def test_a_motion_that_names_a_removals_draft_has_no_place_there(council: Council) -> None:
    number = council.repo.next_number
    link = f"https://forge.example/{council.repo.full_name}/pull/{number}"
    await council.ask("bob", f'resolve --link {link} --title "Eve is lazy" Opened before the draft is there.')
    page = await removal(council, 2)
    assert page.number == number
    await council.ask("bob", f'resolve --link {link}#x --title "Eve is lazy" And after.')
    await council.says("ada", "/moot yes", page)
    removals = [n for n in (1, 2, 3) if council.motion(n).policy.kind == "remove"]
    assert [council.choices(n) for n in (1, 2, 3)] == [{"ada": "yes"} if n in removals else {} for n in (1, 2, 3)]
    assert len(council.bots(page)) == 1


# --------------------------------------------------------------------------- comments


async def test_what_somebody_else_edits_within_the_second_is_nobodys_ballot(council: Council) -> None:
    page = await council.dispute()
    council.hub.time.move(60)
    made = council.repo.comment(page.number, "I have to think.", by="ada")
    council.repo.edit_comment(made.id, "/moot yes", by="bob")
    await council.settle()
    assert council.choices() == {}


async def test_who_edits_a_comment_and_deletes_their_account_gives_nobody_a_ballot(council: Council) -> None:
    page = await council.dispute()
    made = await council.says("ada", "I have to think.", page)
    council.hub.time.move(60)
    council.hub.user("sacrifice")
    council.repo.edit_comment(made.id, "/moot yes", by="sacrifice")
    council.hub.delete("sacrifice")
    await council.settle()
    assert council.choices() == {}


async def test_a_command_of_an_account_that_was_deleted_holds_up_nothing(council: Council) -> None:
    page = await council.dispute()
    council.hub.time.move(60)
    council.hub.user("passing")
    council.repo.comment(page.number, "/moot yes", by="passing")
    council.hub.delete("passing")
    await council.says("ada", "/moot yes", page)
    assert await council.poller.look()
    assert council.choices() == {"ada": "yes"}


async def test_a_comment_that_is_older_than_the_motion_is_no_ballot_on_it(council: Council) -> None:
    page = council.repo.open_issue(by="outsider", title="Keep the v2 API", body="It stays until 5.")
    council.hub.time.move(60)
    council.repo.comment(page.number, "/moot yes", by="ada")
    council.hub.time.move(30 * 24 * 3600)
    council.reopen()
    council.repo.comment(page.number, "/moot resolve", by="outsider")
    await council.settle()
    assert council.motions() == 1
    await council.settle()
    assert council.choices() == {}


async def test_who_floods_a_page_costs_one_note_and_one_mark_and_no_person_is_made_of_them(council: Council) -> None:
    page = await council.dispute()
    people = len(council.ledger.reader().directory().everyone())
    council.hub.time.move(60)
    for number in range(30):
        council.repo.comment(page.number, f"/moot yes {number}\n\n/moot nominate", by="flooder")
    council.repo.comment(page.number, "/moot yes", by="ada")
    before = len(council.hub.seen)
    await council.settle()
    assert council.choices() == {"ada": "yes"}
    marks = [seen for seen in council.hub.seen[before:] if seen.method == "POST" and seen.path.endswith("/reactions")]
    assert len(marks) == 2
    assert len(council.bots(page)) == 2
    assert len(council.ledger.reader().directory().everyone()) == people


async def test_a_page_that_is_not_there_holds_up_no_other_and_costs_no_retries(council: Council) -> None:
    nowhere = f"https://forge.example/{council.repo.full_name}/issues/999"
    await council.ask("bob", f'resolve --link {nowhere} --title "Nowhere" A motion about no page.')
    page = await council.dispute()
    council.hub.time.move(60)
    council.repo.react(council.status(page), "+1", by="cleo")
    await council.says("ada", "/moot yes", page)
    assert council.choices(2) == {"ada": "yes", "cleo": "yes"}
    del council.repo.issues[page.number]
    await council.later(60)
    other = council.repo.open_issue(by="ada", title="Another", body="It stays.\n\n/moot resolve")
    await council.settle()
    await council.says("ada", "/moot no", other)
    assert council.choices(3) == {"ada": "no"}
