"""Help with the DCO on a pull request (R49): what is missing, by whose consent, and nothing posted unasked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.github.state import Issue
from tests.github.council import Council

OWN = "Signed-off-by: Newperson <{mail}>"


@pytest.fixture
def council(tmp_path: Path) -> Council:
    return Council(tmp_path)


def mail(council: Council) -> str:
    return council.hub.user("newperson").mail


def contributed(council: Council, *messages: str) -> Issue:
    """A pull request of newperson's with these commits."""
    for number, message in enumerate(messages):
        council.hub.time.move(60)
        council.repo.push({f"f{number}": b"x"}, branch="topic", by="newperson", message=message)
    return council.repo.open_pull(head="topic", by="newperson")


async def test_r49_what_lacks_a_sign_off_is_named_and_nothing_is_posted(council: Council) -> None:
    page = contributed(council, "Fix a typo\n", f"Signed\n\n{OWN.format(mail=mail(council))}\n")
    answer = await council.ask("ada", f"dco {page.number}")
    assert "1 of 2 commits without their author's sign-off" in answer
    assert "Fix a typo" in answer
    assert "--trivial" in answer
    assert council.bots(page) == []


async def test_r49_all_signed_off_is_said(council: Council) -> None:
    page = contributed(council, f"Signed\n\n{OWN.format(mail=mail(council))}\n")
    assert "all of 1 commit are signed off" in await council.ask("outsider", f"dco {page.number}")


async def test_r49_the_contributors_own_comment_lets_a_maintainer_add_both_sign_offs(council: Council) -> None:
    page = contributed(council, "Fix a typo\n")
    made = await council.says("newperson", OWN.format(mail=mail(council)), page)
    answer = await council.ask("ada", f"dco {page.number}")
    assert f"Signed-off-by: Newperson <{mail(council)}>" in answer
    assert "Signed-off-by: Ada <ada@example.org>" in answer
    assert f"DCO-Consent: https://forge.example/{council.repo.full_name}/issues/{page.number}" in answer
    assert f"#issuecomment-{made.id}" in answer
    assert "Signed-off-by: Ada" not in await council.ask("outsider", f"dco {page.number}")


@pytest.mark.parametrize(
    "how",
    ["somebody else", "another address", "edited by another", "edited at once", "quoted", "code", "folded", "mail"],
)
async def test_r49_no_sign_off_is_taken_from_anybody_else(council: Council, how: str) -> None:
    page = contributed(council, "Fix a typo\n")
    line = OWN.format(mail=mail(council))
    others = {
        "another address": OWN.format(mail="x@example.org"),
        "quoted": f"> {line}",
        "code": f"What is this?\n```\n{line}\n```\n",
        "folded": f"<details>\n\n{line}\n\n</details>",
        "mail": f"No.\n\nFrom: Ada <notifications@github.com>\n\n{line}\n",
    }
    if how.startswith("edited"):
        made = await council.says("newperson", "Fine.", page)
        council.hub.time.move(60 if how == "edited by another" else 0)
        council.repo.edit_comment(made.id, line, by="ada")
    else:
        words = others.get(how, line)
        await council.says("outsider" if how == "somebody else" else "newperson", words, page)
    answer = await council.ask("ada", f"dco {page.number}")
    assert "Signed-off-by: Ada" not in answer


async def test_r49_who_opens_a_pull_request_signs_off_their_own_commits_and_nobody_elses(council: Council) -> None:
    council.repo.push({"f": b"x"}, branch="topic", by="newperson", message="Fix a typo\n")
    page = council.repo.open_pull(head="topic", by="outsider")
    await council.says("outsider", OWN.format(mail=mail(council)), page)
    assert "Signed-off-by: Newperson" not in await council.ask("ada", f"dco {page.number}")


async def test_r49_a_maintainer_says_why_a_change_is_trivial(council: Council) -> None:
    page = contributed(council, "Fix a typo\n")
    words = f'dco {page.number} --trivial "a spelling change"'
    assert "only a maintainer" in await council.ask("outsider", words)
    answer = await council.ask("ada", words)
    assert "DCO-Trivial-Change: a spelling change" in answer
    assert "Signed-off-by: Ada <ada@example.org>" in answer


async def test_r49_the_contributor_is_told_only_when_asked_and_once(council: Council) -> None:
    page = contributed(council, "Fix a typo @team\n")
    assert "only a maintainer" in await council.ask("outsider", f"dco {page.number} --post yes")
    for _ in range(2):
        await council.ask("ada", f"dco {page.number} --post yes")
    (said,) = council.bots(page)
    assert "git rebase --signoff HEAD~1" in said
    assert "@" not in said.replace("your@address", "")
    assert "no such pull request" in await council.ask("ada", "dco 999")
    assert "no number" in await council.ask("ada", "dco next")
