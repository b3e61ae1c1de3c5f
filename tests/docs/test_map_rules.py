"""Rules of the governance map about what the bot does not do, and about what it leaves to a person."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest

from bot.core import commands
from bot.core.policy import PolicyError, read_rulebook
from bot.ports import Forge
from tests.world import NOMINATION, World, logins

_SMALL: Mapping[str, Any] = {
    "kind": "add",
    "role": "maintainer",
    "clause": "Adding maintainers",
    "threshold": ">=66/100",
    "window": "5bd",
}


def test_r2_a_forge_can_be_read_and_given_drafts_and_nothing_else() -> None:
    """No means to grant a permission (R2), and none to merge, close or refuse anything (R47)."""
    means = {name for base in Forge.__mro__ for name in vars(base) if not name.startswith("_")}
    assert means == {"read", "open", "patch"}


def test_r8_only_members_nominate_vote_object_and_answer() -> None:
    own = {kind.__name__ for kind in get_args(commands.BotCommand)}
    assert own == {"ConfirmNotice", "NoteRoster", "Ping", "Close", "NoteDraft"}
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


@pytest.mark.parametrize(
    "key", ["tie", "proxies", "secrecy", "cap", "term", "quorum", "quorum-counts", "on-no-quorum", "veto", "lazy"]
)
def test_r54_what_the_document_does_not_know_is_no_setting_of_a_policy(key: str) -> None:
    table = {**_SMALL, key: "1"}
    with pytest.raises(PolicyError) as caught:
        read_rulebook({"schema": 1, "name": "x", "document": "X.md", "motion": {"add-maintainer": table}})
    assert [problem.key for problem in caught.value.problems] == [f"motion.add-maintainer.{key}"]


def test_r54_the_policy_that_is_asked_for_too_much_is_good_without_it() -> None:
    assert read_rulebook({"schema": 1, "name": "x", "document": "X.md", "motion": {"add-maintainer": _SMALL}}).motions
