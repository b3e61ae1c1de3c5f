"""Votes inside pull requests (R27, R40), and the merge guard on them (T20)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.cards import Poll
from bot.core.events import MotionClosed, MotionVoided
from bot.core.plain import plain_card
from bot.published import head_in
from bot.threads.guard import Guard
from tests.fakes.github.state import Issue
from tests.github.council import NAMES, Council, maintainers

WORDS = '/moot nominate --months 7 --evidence "41 reviews" Kind and thorough.'
JOINED = maintainers(*NAMES, "newperson")


@pytest.fixture
def council(tmp_path: Path) -> Council:
    return Council(tmp_path)


def adding(council: Council, *, by: str = "ada", body: str = "", data: bytes = JOINED, branch: str = "topic") -> Issue:
    """A person opens a pull request that changes the maintainers file."""
    council.hub.time.move(60)
    council.repo.push({"MAINTAINERS": data}, branch=branch, by=by)
    return council.repo.open_pull(head=branch, by=by, title="Add newperson", body=body)


def guard_of(council: Council) -> Guard:
    guard = council.service.guard(council.service.repositories.all()[0])
    assert guard is not None
    return guard


def check(council: Council, page: Issue) -> tuple[str, str | None]:
    """The newest check on the pull request's head."""
    assert page.pull is not None
    runs = [run for run in council.repo.check_runs.values() if run.sha == page.pull.head_sha]
    return (runs[-1].status, runs[-1].conclusion) if runs else ("none", None)


WAITS = ("in_progress", None)
SUCCESS = ("completed", "success")
FAILURE = ("completed", "failure")


# --------------------------------------------------------------------------- R27


@pytest.mark.parametrize("where", ["body", "comment"])
async def test_r27_who_opened_the_pull_request_nominates_in_it_and_it_is_the_draft(
    council: Council, where: str
) -> None:
    page = adding(council, body=WORDS if where == "body" else "")
    await council.settle()
    if where == "comment":
        await council.says("ada", WORDS, page)
    motion = council.motion()
    person = council.ledger.reader().directory().by_login("newperson")
    assert person is not None
    assert (motion.subject, motion.role, motion.opened.months) == (person.id, "maintainer", 7)
    for login in ("ada", "bob", "cleo", "dan"):
        await council.says(login, "/moot yes", page)
    assert council.choices() == dict.fromkeys(("ada", "bob", "cleo", "dan"), "yes")
    await council.end()
    assert council.motion().outcome == "carried"
    assert len([issue for issue in council.repo.issues.values() if issue.pull is not None]) == 1
    council.repo.merge(page.number, by="ada")
    await council.settle()
    assert council.motion().effective is not None


@pytest.mark.parametrize(
    ("by", "data", "words", "said"),
    [
        ("bob", JOINED, WORDS, "only the maintainer who has opened this pull request"),
        ("ada", maintainers(*NAMES, "newperson", "outsider"), WORDS, "does not add exactly one person"),
        ("ada", maintainers(*NAMES[:4], "newperson"), WORDS, "does not add exactly one person"),
        ("ada", b"# MAINTAINERS\nbroken\n", WORDS, "does not add exactly one person"),
        ("ada", JOINED, WORDS.replace("nominate", "nominate @outsider"), "adds somebody else"),
        ("ada", JOINED, WORDS.replace("nominate", "nominate --role reviewer"), "adds somebody else"),
        ("ada", JOINED, "/moot nominate", "No motion was opened"),
    ],
)
async def test_r27_any_other_pull_request_opens_no_motion(
    council: Council, by: str, data: bytes, words: str, said: str
) -> None:
    page = adding(council, data=data)
    await council.says(by, words, page)
    assert council.motions() == 0
    assert len(council.bots(page)) == 1


async def test_r27_an_outsider_who_opens_a_pull_request_nominates_nobody(council: Council) -> None:
    page = adding(council, by="newperson", body=WORDS)
    await council.settle()
    assert council.motions() == 0
    assert "only maintainers of lantern may do this" in council.bots(page)[0]


async def test_r24_a_private_candidacy_leaves_no_word_on_github(council: Council) -> None:
    await council.ask("ada", 'nominate @newperson --months 7 --evidence "41 reviews" Kind.')
    page = adding(council, by="newperson")
    await council.says("bob", "/moot yes", page)
    await council.says("bob", "/moot yes 1", page)
    assert council.choices() == {}
    assert ["motion 1" in text or "newperson" in text for text in council.bots(page)] == [False]
    assert await guard_checks(council, page) == WAITS
    (run,) = council.repo.check_runs.values()
    assert "otion 1" not in str(run.output)


async def test_r24_a_link_to_a_page_that_does_not_add_the_candidate_shows_nothing_there(council: Council) -> None:
    page = council.repo.open_issue(by="ada", title="Something else")
    link = f"https://forge.example/{council.repo.full_name}/pull/{page.number}"
    await council.ask("ada", f'nominate @newperson --months 7 --pull-request {link} --evidence "41" Kind.')
    assert council.motions() == 1
    await council.says("bob", "/moot yes", page)
    assert council.choices() == {}
    assert not any("otion 1" in text for text in council.bots(page))


async def test_r27_the_head_and_the_change_are_pinned_at_the_nomination(council: Council) -> None:
    page = adding(council, body=WORDS)
    await council.settle()
    pinned = council.motion().opened.pinned
    assert page.pull is not None
    assert pinned is not None
    assert pinned.head == page.pull.head_sha
    assert pinned.record.text == "MAINTAINERS\tnewperson\tNewperson\tnewperson@example.org\t"


async def test_r27_a_nomination_in_the_channel_pins_the_pull_request_that_it_names(council: Council) -> None:
    page = adding(council)
    link = f"https://forge.example/{council.repo.full_name}/pull/{page.number}"
    await council.ask("ada", f'nominate @newperson --months 7 --pull-request {link} --evidence "41" Kind.')
    pinned = council.motion().opened.pinned
    assert page.pull is not None
    assert pinned is not None
    assert pinned.head == page.pull.head_sha


async def test_t20_a_pull_request_that_does_something_else_is_told_on_its_page_and_in_the_channel(
    council: Council,
) -> None:
    page = adding(council, body=WORDS)
    await council.settle()
    for login in ("ada", "bob", "cleo", "dan"):
        await council.says(login, "/moot yes", page)
    council.repo.push({"MAINTAINERS": maintainers(*NAMES, "outsider")}, branch="topic", by="mallory")
    await council.later(60)
    assert council.motion().pull_does == "other"
    assert "what it does now is not what is voted on" in council.status(page).body
    told = [notice for notice in council.notices() if "was changed" in notice]
    assert len(told) == 1
    assert council.choices() == dict.fromkeys(("ada", "bob", "cleo", "dan"), "yes")
    await council.end()
    assert council.motion().outcome == "carried"
    assert "may not be merged as it is (R27)" in "\n".join(council.notices())
    assert "what it does now is not what is voted on" in council.bots(page)[-1]
    assert await guard_checks(council, page) == WAITS
    council.repo.push({"MAINTAINERS": JOINED}, branch="topic", by="ada")
    await council.later(60)
    assert council.motion().pull_does == "same"
    assert "Do not merge" not in council.status(page).body
    assert await guard_checks(council, page) == SUCCESS


async def test_r27_another_record_of_the_same_person_or_other_files_are_said(council: Council) -> None:
    page = adding(council, body=WORDS)
    await council.settle()
    council.repo.push({"MAINTAINERS": JOINED.replace(b"Newperson", b"New P.")}, branch="topic", by="ada")
    await council.later(60)
    assert council.motion().pull_does == "altered"
    assert "their record or other files have changed" in council.status(page).body
    council.repo.push({"MAINTAINERS": JOINED, "ci.yml": b"run: all\n"}, branch="topic", by="ada")
    await council.later(60)
    assert council.motion().pull_does == "altered"


async def test_r27_a_pull_request_that_cannot_be_read_is_another_and_one_that_is_rebased_the_same(
    council: Council,
) -> None:
    page = adding(council, body=WORDS)
    await council.settle()
    council.repo.push({"README.md": b"# New\n"}, by="bob")
    council.repo.push({"MAINTAINERS": JOINED}, branch="topic", by="ada")
    await council.later(60)
    assert council.motion().pull is None
    council.repo.push({"MAINTAINERS": b"# MAINTAINERS\nbroken\n"}, branch="topic", by="ada")
    await council.later(60)
    assert council.motion().pull_does == "other"
    assert page.pull is not None


# --------------------------------------------------------------------------- R40


async def removal(council: Council, number: int = 1) -> Issue:
    """A removal that is voted on, on its draft."""
    await council.ask("ada", "contact @eve")
    await council.ask("bob", f"contact-take {number}")
    await council.ask("bob", f"contact-cannot {number}")
    await council.ask("ada", f"remove {number}")
    for _ in range(4):
        await council.later(24 * 3600)
    (page,) = [issue for issue in council.repo.issues.values() if issue.pull is not None]
    return page


async def test_r40_the_vote_on_a_removal_is_on_its_draft(council: Council) -> None:
    page = await removal(council)
    assert "here and in their channel" in council.bots(page)[0]
    assert "in comments on this page and in the maintainers' channel" in page.body
    assert "1 of" not in council.bots(page)[0]
    for login in ("ada", "bob", "cleo", "dan"):
        await council.says(login, "/moot yes TAINT has been lazy", page)
    assert council.choices() == dict.fromkeys(("ada", "bob", "cleo", "dan"), "yes")
    status = council.bots(page)[0]
    assert "4 of 5 have voted" in status
    assert "free of reasons" in status
    await council.end()
    assert council.motion().outcome == "carried"
    said = "\n".join([*council.bots(page), page.title, page.body])
    for word in ("TAINT", "lazy", "ada", "bob", "contact"):
        assert word not in said
    assert len(council.bots(page)) == 1


async def test_r40_a_vote_that_is_kept_to_the_pull_request_takes_comments_and_reactions_there_alone(
    tmp_path: Path,
) -> None:
    council = Council(tmp_path, edits=[('kind = "remove"', 'kind = "remove"\nvenues = "pull-request"')])
    page = await removal(council)
    (poll,) = [card for card in council.room.cards() if isinstance(card, Poll)]
    assert page.title == "Remove eve from MAINTAINERS"
    assert f"/pull/{page.number}" in plain_card(poll)
    assert [button.verb for button in poll.buttons] == ["object"]
    said = await council.ask("ada", "yes 1")
    assert "voted on in its pull request alone (R40)" in said
    assert f"/pull/{page.number}" in said
    assert council.choices() == {}
    for login in ("ada", "bob", "cleo"):
        await council.says(login, "/moot yes", page)
    council.repo.react(council.status(page), "+1", by="dan")
    await council.settle()
    assert council.choices() == dict.fromkeys(("ada", "bob", "cleo", "dan"), "yes")
    assert "here and nowhere else" in council.status(page).body
    assert "in comments on this page" in page.body
    await council.end()
    assert council.motion().outcome == "carried"


@pytest.mark.parametrize("words", ["/moot no", "I am against it.\n\n/moot no"])
async def test_r14_neither_a_review_nor_a_comment_on_a_line_of_a_pull_request_is_a_ballot(
    council: Council, words: str
) -> None:
    page = await removal(council)
    await council.says("ada", "/moot yes", page)
    for state in ("APPROVED", "CHANGES_REQUESTED", "COMMENTED"):
        council.repo.review(page.number, state, by="ada", body=words)
        council.repo.review(page.number, state, by="bob", body=words)
    for login in ("ada", "cleo"):
        council.repo.comment(page.number, words, by=login, path="MAINTAINERS")
    await council.later(60)
    assert council.choices() == {"ada": "yes"}
    assert "1 of 5 have voted" in council.status(page).body
    await council.end()
    assert council.motion().outcome == "lost"


# --------------------------------------------------------------------------- the guard


async def guard_checks(council: Council, page: Issue) -> tuple[str, str | None]:
    await guard_of(council).sweep()
    assert council.hub.violations == []
    return check(council, page)


async def test_t20_the_check_waits_for_the_vote_on_exactly_this_change(council: Council) -> None:
    page = adding(council, body=WORDS)
    assert await guard_checks(council, page) == WAITS
    await council.settle()
    for login in ("ada", "bob", "cleo", "dan", "eve"):
        await council.says(login, "/moot yes", page)
        assert await guard_checks(council, page) == WAITS
    await council.end()
    assert await guard_checks(council, page) == SUCCESS
    council.repo.push({"MAINTAINERS": maintainers(*NAMES, "outsider")}, branch="topic", by="ada")
    assert await guard_checks(council, page) == WAITS
    council.repo.push({"MAINTAINERS": maintainers(*NAMES, "newperson", "outsider")}, branch="topic", by="ada")
    assert await guard_checks(council, page) == FAILURE
    council.repo.push({"MAINTAINERS": JOINED}, branch="topic", by="ada")
    assert await guard_checks(council, page) == SUCCESS


async def test_the_check_is_one_a_commit_and_asked_for_only_when_it_changes(council: Council) -> None:
    page = adding(council)
    guard = guard_of(council)
    await guard.sweep()
    await guard.sweep()
    await guard_of(council).sweep()
    await guard.look(page.number)
    assert len(council.repo.check_runs) == 1
    assert [seen.method for seen in council.hub.seen if seen.path.endswith("/check-runs")].count("POST") == 1


async def test_t17_a_motion_that_is_lost_withdrawn_or_void_never_turns_the_check_green(council: Council) -> None:
    page = adding(council, body=WORDS)
    await council.settle()
    await council.says("bob", "/moot no", page)
    await council.end()
    assert council.motion().outcome == "lost"
    assert await guard_checks(council, page) == FAILURE
    await council.ask("ada", "rerun 1")
    assert await guard_checks(council, page) == WAITS
    await council.ask("ada", "withdraw 2 Not now.")
    assert await guard_checks(council, page) == FAILURE


async def test_t17_a_result_that_is_declared_void_is_said_to_be_void_on_its_page_with_a_head_of_its_own(
    council: Council,
) -> None:
    page = adding(council, body=WORDS)
    await council.settle()
    for login in ("ada", "bob", "cleo", "dan"):
        await council.says(login, "/moot yes", page)
    await council.end()
    (row,) = [row for row in council.ledger.reader().events(1) if isinstance(row.event, MotionClosed)]
    assert head_in(council.bots(page)[-1]) == row.hash
    await council.ask("ada", "void 1 The issue was edited.")
    await council.ask("bob", "second 1")
    assert await guard_checks(council, page) == FAILURE
    (row,) = [row for row in council.ledger.reader().events(1) if isinstance(row.event, MotionVoided)]
    status, carried, void = council.bots(page)
    assert "**carried**" in carried
    for said in (status, void):
        assert "Motion 1** is **void**" in said
        assert head_in(said) == row.hash
        assert "edited" not in said, "no reason leaves the channel"
    assert row.hash[:16] in council.notices()[-1]


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (maintainers(*NAMES), SUCCESS),
        (maintainers(*NAMES).replace(b"ada@example.org", b"ada@example.com"), SUCCESS),
        (maintainers(*NAMES[:4]), WAITS),
        (maintainers(*NAMES[:3]), FAILURE),
        (maintainers(*NAMES[1:], "newperson"), FAILURE),
        (b"# MAINTAINERS\nbroken\n", FAILURE),
    ],
)
async def test_the_check_judges_the_change_by_the_files_own_format(
    council: Council, data: bytes, wanted: tuple[str, str]
) -> None:
    council.hub.time.move(60)
    council.repo.push({"README.md": b"# New\n", "MAINTAINERS": data}, branch="topic", by="bob")
    page = council.repo.open_pull(head="topic", by="bob")
    assert await guard_checks(council, page) == wanted


async def test_the_check_on_a_removal_follows_its_vote_and_on_a_step_down_the_persons_word(council: Council) -> None:
    page = await removal(council)
    assert await guard_checks(council, page) == WAITS
    for login in ("ada", "bob", "cleo", "dan"):
        await council.says(login, "/moot yes", page)
    await council.end()
    assert await guard_checks(council, page) == SUCCESS
    await council.ask("dan", "step-down Thanks.")
    await council.ask("dan", "confirm 2")
    (draft,) = [i for i in council.repo.issues.values() if i.pull is not None and i.number != page.number]
    assert await guard_checks(council, draft) == SUCCESS
