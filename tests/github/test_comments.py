"""Votes in comments on issues and pull requests (R14, R40, R50): what counts, what does not, what is said there."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.cards import Note
from bot.core.plain import plain_card
from tests.fakes.github import Fault
from tests.github.council import Council, maintainers


@pytest.fixture
def council(tmp_path: Path) -> Council:
    return Council(tmp_path)


def marks(council: Council, comment: int) -> list[str]:
    """The bot's reactions on a comment."""
    own = council.shop.app.bot
    return [each.content for each in council.repo.comments[comment].reactions if each.user is own]


# --------------------------------------------------------------------------- ballots


async def test_r14_a_comment_is_a_ballot_and_the_last_one_counts_from_any_venue(council: Council) -> None:
    page = await council.dispute()
    made = await council.says("ada", "I thought about it.\n\n/moot yes it is stable\n", page)
    assert council.choices() == {"ada": "yes"}
    assert marks(council, made.id) == ["eyes"]
    council.hub.time.move(60)
    await council.ask("ada", "no 1")
    assert council.choices() == {"ada": "no"}
    await council.says("ada", "/moot yes", page)
    assert council.choices() == {"ada": "yes"}
    await council.says("ada", "/moot retract", page)
    assert council.choices() == {"ada": None}
    assert len(council.bots(page)) == 1


async def test_a_comment_that_is_read_again_casts_nothing_anew(council: Council) -> None:
    page = await council.dispute()
    await council.says("ada", "/moot yes", page)
    council.hub.time.move(60)
    await council.ask("ada", "no 1")
    events = len(council.ledger.reader().events(1))
    council.reopen()
    await council.settle()
    await council.settle()
    assert council.choices() == {"ada": "no"}
    assert len(council.ledger.reader().events(1)) == events
    assert len(council.bots(page)) == 1


async def test_an_edited_ballot_is_a_new_action_and_an_unchanged_one_is_none(council: Council) -> None:
    page = await council.dispute()
    made = await council.says("ada", "/moot yes\n\nBecuase.", page)
    council.hub.time.move(60)
    await council.ask("ada", "no 1")
    council.hub.time.move(60)
    council.repo.edit_comment(made.id, "/moot yes\n\nBecause.")
    await council.settle()
    assert council.choices() == {"ada": "no"}
    for choice in ("no", "yes", "no", "yes"):
        council.hub.time.move(60)
        council.repo.edit_comment(made.id, f"/moot {choice}\n")
        await council.settle()
        assert council.choices() == {"ada": choice}
        ballot = next(iter(council.motion().ballots.values()))
        assert ballot.acted_at == council.clock.now()


async def test_what_somebody_else_has_edited_is_nobodys_ballot(council: Council) -> None:
    page = await council.dispute()
    made = await council.says("ada", "/moot yes", page)
    council.hub.time.move(60)
    council.repo.edit_comment(made.id, "/moot no", by="bob")
    await council.settle()
    assert council.choices() == {"ada": "yes"}
    assert "somebody else has edited that comment" in council.bots(page)[-1]


async def test_a_comment_that_cannot_be_judged_now_is_read_again_and_holds_up_no_other(council: Council) -> None:
    page = await council.dispute()
    council.hub.time.move(60)
    await council.says("bob", "/moot no", page)
    council.hub.time.move(60)
    council.repo.comment(page.number, "/moot yes", by="ada")
    council.repo.react(council.status(page), "+1", by="bob")
    council.hub.faults.append(Fault("401", "POST /graphql", times=100))
    assert not await council.poller.look()
    assert council.choices() == {"bob": "yes"}
    council.hub.faults.clear()
    await council.settle()
    assert council.choices() == {"ada": "yes", "bob": "yes"}


async def test_removing_or_rewriting_a_comment_retracts_nothing_and_its_voter_is_told(council: Council) -> None:
    page = await council.dispute()
    first = await council.says("ada", "/moot yes", page)
    second = await council.says("bob", "/moot yes", page)
    council.repo.delete_comment(first.id)
    council.hub.time.move(60)
    council.repo.edit_comment(second.id, "Never mind.")
    council.reopen()
    await council.settle()
    await council.settle()
    assert council.choices() == {"ada": "yes", "bob": "yes"}
    for login in ("ada", "bob"):
        told = [plain_card(card) for card in council.room.letters(login) if isinstance(card, Note)]
        assert len([text for text in told if "the ballot stands" in text]) == 1
    assert len(council.bots(page)) == 1


async def test_reactions_on_the_status_are_ballots_of_maintainers_alone(council: Council) -> None:
    page = await council.dispute()
    status = next(c for c in council.repo.comments.values() if c.user is council.shop.app.bot)
    council.hub.time.move(60)
    up = council.repo.react(status, "+1", by="ada")
    council.repo.react(status, "-1", by="bob")
    council.repo.react(status, "heart", by="cleo")
    council.repo.react(status, "+1", by="outsider")
    await council.settle()
    assert council.choices() == {"ada": "yes", "bob": "no"}
    council.repo.unreact(status, up)
    await council.settle()
    assert council.choices() == {"ada": "yes", "bob": "no"}
    assert len(council.bots(page)) == 1


async def test_one_votes_on_the_motion_of_the_page_and_on_no_other(council: Council) -> None:
    await council.dispute()
    other = council.repo.open_issue(by="ada", title="Another")
    await council.says("ada", "/moot yes 1", other)
    assert council.choices() == {}
    assert "no motion is voted on here" in council.bots(other)[0]
    first = council.repo.issues[min(council.repo.issues)]
    await council.says("ada", "/moot yes 7", first)
    assert council.choices() == {}
    assert "here motion 1 is voted on, not motion 7" in council.bots(first)[-1]


# --------------------------------------------------------------------------- who


async def test_others_get_a_polite_note_once_and_bots_none(council: Council) -> None:
    page = await council.dispute()
    made = [await council.says("outsider", words, page) for words in ("/moot yes", "/moot no", "/moot yes please")]
    assert [marks(council, each.id) for each in made] == [["confused"], [], []]
    notes = council.bots(page)[1:]
    assert len(notes) == 1
    assert "only the 5 maintainers of lantern" in notes[0]
    council.hub.user("helper[bot]", type="Bot")
    await council.says("helper[bot]", "/moot yes", page)
    council.hub.time.move(60)
    council.repo.add_comment(page.number, "/moot yes", council.shop.app.bot)
    await council.settle()
    assert council.choices() == {}
    assert len(council.bots(page)) == 3


async def test_t3_the_numeric_id_votes_whatever_its_login_is(council: Council) -> None:
    page = await council.dispute()
    await council.says("ada", "/moot yes", page)
    council.hub.rename("ada", "ada-l")
    council.hub.register("ada")
    await council.says("ada", "/moot no", page)
    assert council.choices() == {"ada": "yes"}
    assert "this login belonged to another account" in council.bots(page)[-1]
    await council.says("ada-l", "/moot no", page)
    assert council.choices() == {"ada": "no"}


# --------------------------------------------------------------------------- time


async def test_a_comment_in_time_counts_though_it_is_read_after_the_close(council: Council) -> None:
    page = await council.dispute()
    closes = council.motion().closes_at
    assert closes is not None
    council.hub.time.move((closes - council.clock.now()).total_seconds() - 1)
    council.repo.comment(page.number, "/moot yes", by="ada")
    council.hub.time.move(1)
    late = council.repo.comment(page.number, "/moot yes", by="bob")
    council.service.alarm.hear_first(lambda motion: council.poller.look())
    council.hub.time.move(60)
    await council.service.settle()
    assert council.motion().closed is not None
    assert council.choices() == {"ada": "yes"}
    await council.settle()
    assert marks(council, late.id) == ["confused"]


async def test_the_count_waits_for_a_forge_that_cannot_be_read_but_not_for_ever(council: Council) -> None:
    await council.dispute()
    due = council.service.alarm.close_due(council.motion())
    assert due is not None
    council.service.alarm.hear_first(lambda motion: council.poller.look())
    council.hub.time.move((due - council.clock.now()).total_seconds())
    council.hub.faults.append(Fault("502", "GET /repos/.*/issues", times=100))
    await council.service.settle()
    assert council.motion().open
    council.hub.faults.clear()
    council.hub.faults.append(Fault("502", "GET /repos/.*/issues", times=100))
    council.hub.time.move(7 * 3600)
    await council.service.settle()
    assert not council.motion().open


# --------------------------------------------------------------------------- what is said


async def test_t22_the_page_says_counts_and_neither_voters_nor_reasons(council: Council) -> None:
    page = await council.dispute(body="Keep the TAINTED api\n\n/moot resolve")
    for login, choice in zip(("ada", "bob", "cleo", "dan"), ("yes", "yes", "yes", "yes"), strict=True):
        await council.says(login, f"/moot {choice} SECRETREASON", page)
    await council.says("outsider", "/moot yes SECRETREASON @team #1", page)
    await council.end()
    said = "\n".join(council.bots(page)[:1] + council.bots(page)[2:])
    for word in ("ada", "bob", "cleo", "dan", "SECRETREASON", "TAINTED", "@", "#1"):
        assert word not in said
    assert "SECRETREASON" not in "\n".join(council.bots(page))


async def test_r53_the_result_is_on_the_issue_beside_the_decision_record(council: Council) -> None:
    page = await council.dispute()
    for login in ("ada", "bob", "cleo", "dan"):
        await council.says(login, "/moot yes", page)
    await council.end()
    status, result = council.bots(page)
    assert "Motion 1** is **carried**" in status
    assert "Motion 1** is **carried**" in result
    assert "4 yes · ○ 0 no" in result
    assert council.motion().draft is not None
    (draft,) = [issue for issue in council.repo.issues.values() if issue.pull is not None]
    files = council.repo.objects.changed(council.repo.head("main"), draft.pull.head_sha)  # type: ignore[union-attr]
    assert b"The v2 API stays until 5." in files[0][3]


async def test_a_blinded_vote_takes_no_comments(council: Council, tmp_path: Path) -> None:
    page = await council.dispute()
    from dataclasses import replace

    motion = council.motion()
    policy = replace(motion.policy, secrecy="blinded")
    opened = replace(motion.opened, policy=policy)
    assert "nothing here counts" in _status(replace(motion, opened=opened), council)
    assert page.number


def _status(motion: object, council: Council) -> str:
    from adapters.github.markdown import drawn
    from bot.core.motion import Motion
    from bot.core.wording import Scene, thread_status
    from bot.names import DirectoryNames

    assert isinstance(motion, Motion)
    scene = Scene(names=DirectoryNames(council.ledger.reader().directory()), now=council.clock.now())
    return drawn(thread_status(motion, scene))


# --------------------------------------------------------------------------- resolutions


async def test_r50_any_contributor_calls_for_a_resolution_in_an_issue(council: Council) -> None:
    page = await council.dispute()
    motion = council.motion()
    assert (str(motion.opened.title), str(motion.text)) == ("Keep the v2 API", "The v2 API stays until 5.")
    assert str(motion.opened.link).endswith(f"/issues/{page.number}")
    assert motion.stage == "open"
    await council.says("bob", "/moot resolve\n\nSomething else.", page)
    assert council.motions() == 1


async def test_r50_a_resolution_is_called_for_in_a_comment_with_the_text_that_follows(council: Council) -> None:
    page = await council.dispute(body="<!-- template -->A long story.")
    assert council.motions() == 0
    await council.says("newperson", "/moot resolve\n\nWe keep the v2 API.\n\n```\n/moot yes\n```", page)
    assert str(council.motion().text) == "We keep the v2 API.\n\n```\n/moot yes\n```"
    assert council.choices() == {}


async def test_a_resolution_needs_an_issue_and_a_text_within_its_bounds(council: Council) -> None:
    page = await council.dispute(body="/moot resolve")
    assert council.motions() == 0
    assert "there is no text to decide" in council.bots(page)[0]
    long = await council.dispute(body="x" * 3001 + "\n\n/moot resolve")
    assert council.motions() == 0
    assert "3,001" in council.bots(long)[0] or "3001" in council.bots(long)[0]


# --------------------------------------------------------------------------- rosters


async def test_a_push_to_the_default_branch_makes_the_roster_be_read_at_once(council: Council) -> None:
    await council.dispute()
    council.shop.put({"MAINTAINERS": maintainers("ada", "bob", "cleo", "dan")})
    assert await council.poller.look()
    await council.service.alarm.rested()
    assert len(council.motion().members) == 4
