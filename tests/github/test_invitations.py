"""Candidates who open the pull request themselves: the link that is handed to them, and what comes of it (R26)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.github.links import LONGEST
from bot.core.cards import Link, Note
from bot.ports import ForgeError
from tests.adapters.github_workshop import GitHubWorkshop
from tests.contract.test_forge import BRANCH, request
from tests.fakes.github import Fault
from tests.fakes.github.state import Issue
from tests.github.council import NAMES, Council

INVITE = [('enactment = "draft-pr"            # or', 'enactment = "invite"              # or')]
TAINT = "they were rude to bob once"


@pytest.fixture
def council(tmp_path: Path) -> Council:
    return Council(tmp_path, edits=INVITE)


async def accepted(council: Council) -> None:
    await council.ask("ada", f'nominate @newperson --months 7 --evidence "{TAINT}" Kind, though {TAINT}.')
    for login in NAMES:
        await council.ask(login, f"yes 1 because {TAINT}")
    await council.end()
    await council.ask("ada", "invite 1")
    await council.ask("ada", 'accepted 1 --name "New Person" --email n@example.org')


def handed(council: Council) -> Note:
    """The last direct message to whoever invited them."""
    return [card for card in council.room.letters("ada") if isinstance(card, Note)][-1]


def link_of(note: Note) -> str:
    (url,) = [span.url for words in note.lines for span in words if isinstance(span, Link)]
    return url


def pulls(council: Council) -> list[Issue]:
    return [issue for issue in council.repo.issues.values() if issue.pull is not None]


async def test_r26_the_candidate_opens_the_pull_request_by_a_link_and_is_its_author(council: Council) -> None:
    await accepted(council)
    assert pulls(council) == []
    link = urlsplit(link_of(handed(council)))
    base, _, branch = link.path.partition("/compare/")[2].partition("...")
    assert (base, council.repo.head(branch) is not None) == ("main", True)
    filled = {name: values[0] for name, values in parse_qs(link.query).items()}
    assert filled["quick_pull"] == "1"
    council.hub.time.move(60)
    page = council.repo.open_pull(head=branch, by="newperson", title=filled["title"], body=filled["body"])
    assert page.title == "Add newperson to MAINTAINERS"
    guard = council.service.guard(council.service.repositories.all()[0])
    assert guard is not None
    await guard.sweep()
    (run,) = council.repo.check_runs.values()
    assert run.conclusion == "success"
    assert council.motion().effective is None
    council.repo.merge(page.number, by="bob")
    await council.settle()
    assert council.motion().effective is not None
    assert b'"newperson","New Person","n@example.org"' in council.repo.objects.file(
        council.repo.refs["refs/heads/main"], "MAINTAINERS"
    )


async def test_t22_the_link_holds_counts_and_nothing_that_anybody_said(council: Council) -> None:
    await accepted(council)
    link = link_of(handed(council))
    filled = parse_qs(urlsplit(link).query)
    body = filled["body"][0]
    assert "5 yes, 0 no, 0 abstained, 0 did not vote" in body
    for word in ("rude", "because", "n@example.org", "New Person", *NAMES):
        assert word not in f"{filled['title'][0]} {body}".replace("maintainer", ""), word
    assert "rude" not in repr([seen.body for seen in council.hub.seen])


async def test_r24_nothing_is_prepared_before_the_candidate_has_accepted(council: Council) -> None:
    await council.ask("ada", 'nominate @newperson --months 7 --evidence "41 reviews" Kind.')
    for login in NAMES:
        await council.ask(login, "yes 1")
    await council.end()
    await council.ask("ada", "invite 1")
    assert [name for name in council.repo.refs if "folkmoot/" in name] == []
    await council.ask("ada", "declined 1")
    assert [name for name in council.repo.refs if "folkmoot/" in name] == []


async def test_r26_without_the_right_to_make_a_branch_the_file_is_edited_by_hand(council: Council) -> None:
    council.shop.app.permissions["contents"] = "read"
    council.reopen()
    await accepted(council)
    note = handed(council)
    assert urlsplit(link_of(note)).path.endswith("/edit/main/MAINTAINERS")
    assert '+"newperson","New Person","n@example.org"' in note.code
    assert [name for name in council.repo.refs if "folkmoot/" in name] == []


async def test_r26_an_outage_is_waited_for_and_the_link_comes_once(council: Council) -> None:
    council.hub.faults += [Fault("lost", "POST .*/git/refs"), Fault("502", "POST .*/git/blobs", times=6)]
    await accepted(council)
    for _ in range(6):
        council.shop.machine.move(601)
        await council.later(601)
    links = [card for card in council.room.letters("ada") if isinstance(card, Note) and "folkmoot/" in repr(card.lines)]
    assert len(links) == 1
    assert len([name for name in council.repo.refs if "folkmoot/" in name]) == 1


async def test_a_branch_that_a_person_has_changed_is_not_handed_on(shop: GitHubWorkshop) -> None:
    shop.put({"README.md": b"mine\n"}, branch=BRANCH)
    offer = await shop.forge().offer(request())
    assert offer is not None
    assert not offer.held
    assert offer.link.endswith("/edit/main/MAINTAINERS")


async def test_an_address_is_kept_short_enough_and_loses_its_body_first(shop: GitHubWorkshop) -> None:
    for brief, kept in (("Short.", ["Short."]), ("é" * LONGEST, None)):
        offer = await shop.forge().offer(replace(request(), brief=brief))
        assert offer is not None
        query = parse_qs(urlsplit(offer.link).query)
        assert len(offer.link) <= LONGEST
        assert (query["title"], query.get("body")) == ([request().title], kept)


async def test_what_a_brief_holds_cannot_leave_its_place_in_the_address(shop: GitHubWorkshop) -> None:
    brief = "a&title=evil#x) [y](https://evil.example) <script>\n\"'"
    offer = await shop.forge().offer(replace(request(), brief=brief))
    assert offer is not None
    link = urlsplit(offer.link)
    assert parse_qs(link.query)["body"] == [brief]
    assert (parse_qs(link.query)["title"], link.fragment) == ([request().title], "")
    assert not any(char in offer.link for char in " )(<>\"'[]")


async def test_f44_a_head_that_somebody_else_writes_into_a_pull_request_of_our_branch_says_nothing(
    shop: GitHubWorkshop,
) -> None:
    await shop.forge().offer(request())
    shop.repo.open_pull(head=BRANCH, by="mallory", body=f"log head `{'0b' * 32}`")
    (found,) = await shop.forge().published()
    assert found.head == ""


async def test_an_offer_that_fails_for_another_reason_is_an_error(shop: GitHubWorkshop) -> None:
    shop.hub.faults.append(Fault("502", "POST .*/git/blobs", times=9))
    with pytest.raises(ForgeError) as caught:
        await shop.forge().offer(request())
    assert caught.value.retry
