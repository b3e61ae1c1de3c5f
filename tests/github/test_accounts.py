"""Logins and numeric ids (T3), asked of GitHub as seldom as may be."""

from __future__ import annotations

import pytest

from bot.ports import ForgeError
from tests.adapters.github_workshop import GitHubWorkshop
from tests.fakes.github import Fault


async def test_a_login_is_resolved_whatever_its_case_and_an_id_to_the_login_of_now(either: GitHubWorkshop) -> None:
    ann, accounts = either.hub.user("Ann"), either.forge().accounts
    found = await accounts.by_login("aNN")
    assert found is not None
    assert (found.key, found.login) == (f"github:{ann.id}", ann.login)
    either.hub.rename(ann.login, "ann-new")
    again = await either.forge().accounts.by_id(found.key)
    assert again is not None
    assert again.login == "ann-new"


async def test_nobody_is_nobody(shop: GitHubWorkshop) -> None:
    accounts = shop.forge().accounts
    for login in ("nobody", "", "a/b", "../user", "a b", "x" * 60):
        assert await accounts.by_login(login) is None
    for key in ("github:1", "github:x", "gitlab:7", ""):
        assert await accounts.by_id(key) is None


async def test_an_answer_is_believed_for_ten_minutes(shop: GitHubWorkshop) -> None:
    accounts = shop.forge().accounts
    first = await accounts.by_login("ann")
    shop.hub.rename("ann", "bea")
    stranger = shop.hub.register("ann")
    assert await accounts.by_login("ann") == first
    shop.machine.move(601)
    found = await accounts.by_login("ann")
    assert found is not None
    assert found.key == f"github:{stranger.id}"


async def test_not_to_know_is_not_to_be_gone(shop: GitHubWorkshop) -> None:
    """T9."""
    shop.hub.faults.append(Fault("502", "/users/", times=100))
    with pytest.raises(ForgeError):
        await shop.forge().accounts.by_login("ann")


async def test_the_bot_knows_its_own_account(either: GitHubWorkshop) -> None:
    own = await either.forge().accounts.own()
    assert own.login == ("folkmoot[bot]" if either.kind == "app" else "folkmoot-bot")
    assert own.mail.startswith(f"{own.id}+")
