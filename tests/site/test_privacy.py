"""What may not leave the maintainers' channels is in no file of the site: not a name, not a reason, not a number."""

from __future__ import annotations

import pytest

from adapters.site import Pages
from bot.core.commands import Confirm
from bot.core.motion import Motion
from bot.core.record import record_of
from tests.core.builders import Moot, Removal, dispute, leaving, named, people, policy, text_moot
from tests.site.scene import AWAY, LEAVER, SECRETS
from tests.world import logins

PUBLIC = {1, 4, 5, 7, 9}


def everything(pages: Pages) -> str:
    files = [pages.render(path) for path in pages.paths()]
    return "\n".join(file.data.decode() for file in files if file is not None)


def test_only_public_motions_and_those_with_a_pull_request_are_there(pages: Pages) -> None:
    there = {int(path[8:-5]) for path in pages.paths() if path.startswith("motions/") and path.endswith(".html")}
    assert there == PUBLIC


@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_is_in_any_file(pages: Pages, secret: str) -> None:
    assert secret not in everything(pages)


def test_nobody_is_named_but_whom_a_pull_request_names(pages: Pages) -> None:
    text = everything(pages)
    inviter = logins()[1]
    assert "newperson" in text
    assert LEAVER in text
    assert AWAY not in text
    for login in set(logins()) - {LEAVER, inviter}:
        assert login not in text, login
    index = pages.render("motions/1.html")
    assert index is not None
    assert text.count(inviter) == index.data.decode().count(inviter) * 2, "in the minutes, as in the pull request"


@pytest.mark.parametrize("number", [2, 3, 6, 8, 99])
def test_what_is_private_looks_like_what_does_not_exist(pages: Pages, number: int) -> None:
    assert pages.render(f"motions/{number}.html") is None
    assert pages.render(f"motions/{number}.md") is None


# ---------------------------------------------------------------------- motion by motion


def shown(motion: Motion) -> bool:
    return record_of(motion) is not None


def test_a_private_candidacy_is_known_once_its_pull_request_is_made() -> None:
    moot = Moot()
    assert not shown(moot.motion)
    moot.carry()
    assert not shown(moot.motion), "carried, and nobody has asked the candidate"
    moot.accept()
    assert not shown(moot.motion), "accepted, and no pull request yet"
    moot.draft()
    assert shown(moot.motion)


def test_a_private_candidacy_that_is_handed_over_as_a_patch_is_known_once_it_is_merged() -> None:
    moot = Moot(rules=policy(enactment="invite"))
    moot.carry()
    moot.accept()
    assert not shown(moot.motion)
    moot.read_roster(*moot.members, role="maintainer")
    assert shown(moot.motion)


def test_a_public_candidacy_is_known_from_its_announcement_on() -> None:
    moot = Moot(rules=policy(visibility="public"), announced=False)
    assert not shown(moot.motion)
    moot.announce()
    assert shown(moot.motion)


def test_a_removal_is_known_with_its_draft_and_not_before() -> None:
    removal = Removal()
    assert not shown(removal.motion)
    assert not shown(removal.proposed().motion)
    assert shown(Removal().voting().motion)
    public = Removal(rules={"visibility": "public"})
    assert not shown(public.proposed().motion), "whatever its policy says"


def test_a_step_down_is_known_with_its_draft_and_not_before() -> None:
    moot = leaving()
    assert not shown(moot.motion)
    moot.does(people(12)[11], Confirm())
    assert not shown(moot.motion)
    moot.draft()
    assert shown(moot.motion)


def test_a_text_is_known_where_its_policy_makes_it_public() -> None:
    assert shown(dispute().motion)
    private = text_moot(rules=named("decision", visibility="private"))
    assert not shown(private.motion)
    private.carry()
    assert not shown(private.motion)


def test_no_running_count_is_ever_told() -> None:
    moot = dispute()
    for person in people(5):
        moot.vote(person, "yes")
    record = record_of(moot.motion)
    assert record is not None
    assert record.count is None
    assert record.arithmetic == "2/3 of 12 = 8, so 8"


def test_a_blinded_count_that_would_reveal_the_ballots_is_withheld() -> None:
    moot = dispute(rules={"secrecy": "blinded"})
    moot.votes(yes=9)
    moot.close()
    record = record_of(moot.motion)
    assert record is not None
    assert record.withheld
    assert record.count is None


def test_a_vote_that_was_declared_void_tells_no_numbers() -> None:
    removal = Removal().voting()
    removal.votes(yes=3)
    removal.read_roster(*removal.members[:-1])
    record = record_of(removal.motion)
    assert record is not None
    assert record.state == "void"
    assert record.count is None
