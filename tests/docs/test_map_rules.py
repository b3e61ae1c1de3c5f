"""Rules of the governance map about what the bot does not do, and about what it leaves to a person."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest

from bot.core import commands
from bot.core.dco import Consent, Signer, sign_off, unsigned
from bot.core.plain import plain_card
from bot.core.schema import LATER, PolicyError, read_rulebook
from bot.core.wording import poll_card
from bot.ports import Forge
from tests.core.builders import Moot
from tests.world import NOMINATION, World, logins

_SMALL: Mapping[str, Any] = {
    "kind": "add",
    "role": "maintainer",
    "clause": "Adding maintainers",
    "threshold": ">=66/100",
    "window": "5bd",
    "enactment": "draft-pr",
}


def test_r2_a_forge_can_be_read_and_given_drafts_and_nothing_else() -> None:
    """No means to grant a permission (R2), and none to merge, close or refuse anything (R47)."""
    means = {name for base in Forge.__mro__ for name in vars(base) if not name.startswith("_")}
    assert means == {"read", "open", "patch", "offer"}


def test_r8_only_members_nominate_vote_object_and_answer() -> None:
    own = {kind.__name__ for kind in get_args(commands.BotCommand)}
    timely = {
        "ConfirmNotice",
        "NoteRoster",
        "NotePullRequest",
        "NoteReactions",
        "Ping",
        "Close",
        "NoteDraft",
        "RemindContact",
        "CallDraft",
    }
    assert own == timely
    assert own.isdisjoint(kind.__name__ for kind in get_args(commands.MemberCommand))


async def test_r11_a_candidacy_is_proposed_and_announced_in_the_maintainers_channel(tmp_path: Path) -> None:
    world = await World.make(tmp_path)
    told = await world.ask(logins()[0], NOMINATION, channel="playground:elsewhere")
    assert "this channel belongs to no repository" in told
    assert list(world.cards()) == []
    await world.nominate()
    assert "Make @newperson a maintainer of distribution" in world.poll()


async def test_r25_r46_a_person_invites_and_the_result_ends_as_a_draft(tmp_path: Path) -> None:
    world = await World.make(tmp_path)
    await world.nominate()
    await world.carry()
    inviter = logins()[3]
    assert "Next: one maintainer invites @newperson" in world.notices()[-1]
    assert not any("A letter to start from" in letter for login in logins() for letter in world.letters(login))
    await world.ask(inviter, "invite 1")
    assert "A letter to start from; change every word" in world.letters(inviter)[-1]
    assert await world.forge.drafts() == ()
    await world.ask(inviter, "accepted 1")
    assert [draft.number for draft in await world.forge.drafts()] == [1]


@pytest.mark.parametrize("key", sorted(LATER))
def test_r54_what_the_document_does_not_know_is_no_setting_of_a_policy(key: str) -> None:
    assert _refused({**_SMALL, key: "1"}) == [f"motion.add-maintainer.{key}"]


def test_r54_no_policy_can_promise_a_secret_ballot() -> None:
    assert _refused({**_SMALL, "secrecy": "secret"}) == ["motion.add-maintainer.secrecy"]


def test_r54_the_policy_that_is_asked_for_too_much_is_good_without_it() -> None:
    assert read_rulebook({"schema": 1, "name": "x", "document": "X.md", "motion": {"add-maintainer": _SMALL}}).motions


@pytest.mark.parametrize(("listed", "warned"), [(False, True), (True, False), (None, False)])
def test_r10_a_candidate_who_is_on_no_list_is_warned_about_and_proposed_all_the_same(
    *, listed: bool | None, warned: bool
) -> None:
    moot = Moot(listed=listed)
    assert ("not-on-list" in moot.motion.opened.warnings) is warned
    poll = plain_card(poll_card(moot.motion, moot.scene()))
    assert ("not on the list of regular contributors" in poll) is warned


async def test_r9_the_list_is_private_and_says_how_it_was_made(tmp_path: Path) -> None:
    world = await World.make(tmp_path)
    told = await world.ask(logins()[0], "candidates")
    assert "Regular: active in at least 3 of the last 4 months." in told
    assert "I nominate nobody (R8)" in told
    assert list(world.cards()) == []
    assert "only the maintainers see this" in await world.ask("outsider", "candidates")


def test_r49_a_recorded_consent_is_what_lets_a_maintainer_add_a_sign_off() -> None:
    author, maintainer = Signer(name="Ann", mail="ann@example.org"), Signer(name="Ada", mail="ada@example.org")
    link = "https://example.org/pr/3#c1"
    signed = sign_off("Fix it\n", author=author, maintainer=maintainer, consent=Consent(link=link))
    assert signed == f"Fix it\n\n{author.trailer}\nDCO-Consent: {link}\n{maintainer.trailer}\n"
    assert sign_off(signed, author=author, maintainer=maintainer, consent=Consent(link=link)) == signed
    trivial = sign_off("Fix it", author=author, maintainer=maintainer, consent=Consent(trivial="a typo"))
    assert "DCO-Trivial-Change: a typo" in trivial


@pytest.mark.parametrize(
    "consent", [Consent(), Consent(link="https://example.org/1", trivial="x"), Consent(trivial="x\nSigned-off-by: y")]
)
def test_r49_no_sign_off_is_made_up(consent: Consent) -> None:
    author, maintainer = Signer(name="Ann", mail="ann@example.org"), Signer(name="Ada", mail="ada@example.org")
    with pytest.raises(ValueError, match=r"sign-off|one line"):
        sign_off("Fix it", author=author, maintainer=maintainer, consent=consent)


def test_r49_a_commit_is_signed_off_by_its_authors_own_address() -> None:
    ann, ada = Signer(name="Ann", mail="ann@example.org"), Signer(name="Ada", mail="ada@example.org")
    commits = (("a1", f"One\n\n{ann.trailer}", ann), ("b2", f"Two\n\n{ada.trailer}", ann))
    assert [each.commit for each in unsigned(commits)] == ["b2"]


def _refused(table: Mapping[str, Any]) -> list[str]:
    """The keys that a policy of this one table is refused for."""
    with pytest.raises(PolicyError) as caught:
        read_rulebook({"schema": 1, "name": "x", "document": "X.md", "motion": {"add-maintainer": table}})
    return [problem.key for problem in caught.value.problems]
