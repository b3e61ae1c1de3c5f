"""`folkmoot github check`: every right that is missing or too many is named, and nothing is written."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest
from typer.testing import CliRunner

from adapters.github.check import FOR_COMMENTS, FOR_GUARD, NEEDED, TOLD, check, classic, granted
from adapters.github.shape import EVENTS
from bot.cli import app as folkmoot
from tests.adapters.github_workshop import GitHubWorkshop
from tests.contract.test_forge import OLD
from tests.fakes.github import FakeTime, Fault, GitHub, serve


async def said(
    shop: GitHubWorkshop, labels: tuple[str, ...] = (), *, comments: bool = False, hooks: bool = False
) -> dict[str, str]:
    """The findings: what, and its mark."""
    before = shop.everything()
    found = await check(shop.forge(), app=shop.kind == "app", labels=labels, comments=comments, hooks=hooks)
    assert shop.everything() == before
    assert all(each.remedy for each in found if each.mark != "ok")
    return {each.what: each.mark for each in found}


def marks(found: dict[str, str], words: str) -> list[str]:
    return [mark for what, mark in found.items() if words in what]


async def test_all_is_well_where_all_is_well(either: GitHubWorkshop) -> None:
    either.repo.protected = {"main"}
    assert set((await said(either)).values()) == {"ok"}


@pytest.mark.parametrize("name", ["contents", "pull_requests"])
async def test_a_missing_permission_is_named_with_what_it_is_for(either: GitHubWorkshop, name: str) -> None:
    either.app.permissions[name] = "read"
    either.hub.tokens[either.token].permissions[name] = "read"
    found = await said(either)
    assert marks(found, f"The bot lacks {name}: write, to ") == ["wrong"]


@pytest.mark.parametrize("level", ["read", "write"])
async def test_whether_a_token_may_answer_comments_is_tried_where_it_has_to(
    by_token: GitHubWorkshop, level: Literal["read", "write"]
) -> None:
    by_token.hub.tokens[by_token.token].permissions["issues"] = level
    found = await said(by_token, comments=True)
    assert marks(found, "The bot lacks issues: write, to read and answer") == ["wrong"] * (level == "read")
    assert marks(await said(by_token), "The bot lacks") == []


async def test_a_permission_beyond_need_is_named(shop: GitHubWorkshop) -> None:
    """T41."""
    shop.app.permissions["administration"] = "write"
    shop.app.permissions["issues"] = "write"
    assert marks(await said(shop), "administration: write, issues: write") == ["warning"]


async def test_a_classic_token_is_told_what_it_reaches(by_token: GitHubWorkshop) -> None:
    by_token.token = by_token.hub.token(scopes="public_repo, admin:org")
    found = await said(by_token)
    assert marks(found, "classic one") == ["warning"]
    assert marks(found, "admin:org") == ["warning"]
    assert [each.mark for each in classic({"gist"}, private=False)] == ["wrong"]
    assert [each.mark for each in classic({"public_repo"}, private=True)] == ["wrong"]


async def test_an_open_default_branch_is_warned_about(shop: GitHubWorkshop) -> None:
    assert marks(await said(shop), "is not protected") == ["warning"]
    shop.repo.rules = ["pull_request"]
    assert marks(await said(shop), "is not protected") == []


async def test_rules_that_forbid_the_bots_branches_are_told(shop: GitHubWorkshop) -> None:
    shop.repo.rules = ["creation", "pull_request"]
    assert marks(await said(shop), "keep the bot from making its branches") == ["wrong"]


async def test_webhooks_that_the_app_has_not_asked_for_are_named_with_what_comes_late(shop: GitHubWorkshop) -> None:
    shop.app.events = ["issue_comment", "pull_request", "star"]
    assert marks(await said(shop), "GitHub does not tell") == [], "nobody waits for them"
    found = await said(shop, hooks=True)
    late = "issues, push: calls for a resolution, changes of the maintainers file are found by looking"
    assert marks(found, f"GitHub does not tell the App of {late}") == ["warning"]
    shop.app.events = sorted(EVENTS)
    assert marks(await said(shop, hooks=True), "all that the webhook waits for") == ["ok"]


def test_every_webhook_that_is_read_is_asked_for_and_no_other() -> None:
    assert set(TOLD) == EVENTS


async def test_a_token_is_told_nothing_of_webhooks_that_it_cannot_see(by_token: GitHubWorkshop) -> None:
    assert not any("webhook" in what for what in await said(by_token, hooks=True))


async def test_a_label_that_is_missing_and_a_limit_that_is_low_are_told(shop: GitHubWorkshop) -> None:
    shop.hub.used = shop.hub.limit - 50
    found = await said(shop, ("governance",))
    assert marks(found, "no label “governance”") == ["warning"]
    assert marks(found, "requests are left") == ["warning"]


async def test_what_cannot_be_reached_is_said_once(shop: GitHubWorkshop) -> None:
    shop.app.installations.clear()
    (mark,) = (await said(shop)).values()
    assert mark == "wrong"


async def test_one_look_that_fails_does_not_hide_the_others(shop: GitHubWorkshop) -> None:
    shop.hub.faults.append(Fault("502", "/rules/", times=100))
    found = await said(shop)
    assert marks(found, "does not work") == ["wrong"]
    assert marks(found, "requests are left") == ["ok"]


def written(folder: Path, hub: GitHub, *, key: str = "key.pem", more: str = "") -> Path:
    """A configuration with the App's key beside it."""
    (app,) = hub.apps.values()
    (folder / "key.pem").write_text(app.private_key)
    (folder / "key.pem").chmod(0o600)
    file = folder / "config.toml"
    file.write_text(
        f'[[repository]]\nname = "lantern"\nforge = "github"\npath = "lantern/lantern"\n'
        f'channels = ["playground:x"]\n\n[playground]\nenabled = true\n\n[github]\napi-url = "{serve(hub)}"\n'
        f'app-id = {app.id}\nprivate-key-file = "{key}"\n{more}'
    )
    return file


@pytest.fixture
def hub() -> GitHub:
    """A forge whose clock shows the machine's time, as the command line has no other."""
    made = GitHub(FakeTime(datetime.now(UTC)))
    repo = made.repository(protected={"main"})
    rights = {"contents": "write", "pull_requests": "write", "issues": "write"}
    made.install(made.app(permissions=rights), repo)  # type: ignore[arg-type]
    repo.push({"MAINTAINERS": OLD})
    return made


def test_the_command_prints_every_finding(hub: GitHub, tmp_path: Path) -> None:
    done = CliRunner().invoke(folkmoot, ["github", "check", "--config", str(written(tmp_path, hub))])
    assert done.exit_code == 0, done.output
    assert "✓ lantern: GitHub knows the bot as folkmoot[bot]" in done.output
    hub.app().permissions["contents"] = "read"


def test_the_command_fails_where_something_has_to_be_mended(hub: GitHub, tmp_path: Path) -> None:
    (app,) = hub.apps.values()
    app.permissions["contents"] = "read"
    done = CliRunner().invoke(folkmoot, ["github", "check", "--config", str(written(tmp_path, hub))])
    assert done.exit_code == 1
    assert "✗ lantern: The bot lacks contents: write" in done.output


def test_the_command_names_what_to_subscribe_to_where_webhooks_are_waited_for(hub: GitHub, tmp_path: Path) -> None:
    (app,) = hub.apps.values()
    app.events = ["issue_comment", "issues", "pull_request"]
    file = written(tmp_path, hub, more='webhook-listen = "127.0.0.1:0"\n')
    done = CliRunner().invoke(folkmoot, ["github", "check", "--config", str(file)])
    assert done.exit_code == 0, done.output
    said = " ".join(done.output.split())
    assert "! lantern: GitHub does not tell the App of push" in said
    assert "subscribe under Permissions & events to Push" in said


def test_a_key_that_is_missing_is_told_without_a_trace(hub: GitHub, tmp_path: Path) -> None:
    file = written(tmp_path, hub, key="missing.pem")
    done = CliRunner().invoke(folkmoot, ["github", "check", "--config", str(file)])
    assert done.exit_code == 1
    assert "GITHUB_APP_PRIVATE_KEY cannot be read from" in done.output


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('path = "lantern/lantern"', 'path = "lantern"', 1, "rite OWNER/NAME"),
        ('path = "lantern/lantern"', 'path = "lantern/.."', 1, "rite OWNER/NAME"),
        ('api-url = "', 'api-url = "http://example.org', 11, "https://HOST/PATH"),
        ('api-url = "', 'api-url = "https://:key@', 11, "https://HOST/PATH"),
        ("app-id", "installation-id", 10, "app-id"),
        ("app-id = ", 'without-drafts = "never"\napp-id = ', 12, "'open' or 'refuse'"),
        ("app-id = ", 'token-file = "t"\napp-id = ', 10, "emove app-id or token-file"),
    ],
)
def test_a_mistake_in_the_configuration_is_told_with_its_line(
    hub: GitHub, tmp_path: Path, old: str, new: str, line: int, words: str
) -> None:
    file = written(tmp_path, hub)
    file.write_text(file.read_text().replace(old, new))
    done = CliRunner().invoke(folkmoot, ["github", "check", "--config", str(file)])
    assert done.exit_code == 2
    assert words in done.output
    assert f"config.toml:{line}:" in done.output


def test_without_a_repository_on_github_there_is_nothing_to_check(hub: GitHub, tmp_path: Path) -> None:
    file = written(tmp_path, hub)
    file.write_text(file.read_text().replace('"github"\npath', '"localgit"\npath'))
    done = CliRunner().invoke(folkmoot, ["github", "check", "--config", str(file)])
    assert done.exit_code == 2
    assert "no repository is on GitHub" in done.output


def test_comments_and_the_merge_guard_need_more_and_nothing_that_is_needed_is_too_much() -> None:
    wide = {"metadata": "read", "contents": "write", "pull_requests": "write", "issues": "write", "checks": "write"}
    assert [each.mark for each in granted(wide)] == ["warning"]
    assert [each.mark for each in granted(wide, {**NEEDED, **FOR_COMMENTS, **FOR_GUARD})] == ["ok"]
    narrow = {"metadata": "read", "contents": "write", "pull_requests": "write", "issues": "read"}
    assert [each.mark for each in granted(narrow)] == ["ok"]
    lacks = " ".join(each.what for each in granted(narrow, {**NEEDED, **FOR_COMMENTS, **FOR_GUARD}))
    assert "issues" in lacks.casefold()
    assert "checks" in lacks.casefold()
