"""What an operator does: the manifest, the check, the tokens from the environment or from files, the command line."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from adapters.slack.check import check
from adapters.slack.manifest import as_yaml, manifest
from adapters.slack.pacing import Pace
from adapters.slack.scopes import EVENTS, SCOPES
from adapters.slack.web import Web
from bot.cli import app
from bot.config import Config
from bot.core.menu import COMMAND
from bot.credentials import SecretMissing
from bot.ports import Finding
from bot.wiring.platforms import connections_of
from tests.fakes.slack.server import APP_TOKEN, BOT_TOKEN, FakeSlack
from tests.fakes.slack.server import SCOPES as GRANTED
from tests.slack.world import CHANNEL, config_of

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "add-folkmoot-to-slack.md"


@pytest.mark.parametrize("url", ["", "https://moot.example.org", "https://moot.example.org/"])
def test_the_manifest_is_yaml_that_says_what_the_data_says(url: str) -> None:
    assert _read(as_yaml(manifest(url=url))) == manifest(url=url)


def _read(text: str) -> Any:
    """A small and strict reader of what the manifest uses of YAML: mappings, lists, JSON's scalars, comments."""
    lines = [(len(line) - len(line.lstrip()), line.strip()) for line in text.splitlines()]
    value, rest = _node(lines, 0)
    assert rest == []
    return value


def _node(lines: list[tuple[int, str]], depth: int) -> tuple[Any, list[tuple[int, str]]]:
    found: Any = [] if lines[0][1].startswith("- ") else {}
    while lines and lines[0][0] == depth:
        words = lines[0][1]
        if isinstance(found, list):
            words = words.removeprefix("- ")
            if words.startswith('"'):
                found.append(_scalar(words))
                lines = lines[1:]
            else:
                item, lines = _node([(depth + 2, words), *lines[1:]], depth + 2)
                found.append(item)
            continue
        name, _, value = words.partition(":")
        assert re.fullmatch(r"[a-z_]+", name)
        assert name not in found
        if value.strip():
            found[name], lines = _scalar(value.strip()), lines[1:]
        else:
            found[name], lines = _node(lines[1:], lines[1][0])
    return found, lines


def _scalar(text: str) -> Any:
    value, end = json.JSONDecoder().raw_decode(text)
    assert re.fullmatch(r"(  # .*)?", text[end:])
    return value


def test_the_manifest_is_within_slacks_limits() -> None:
    data = manifest()
    (command,), (shortcut,) = data["features"]["slash_commands"], data["features"]["shortcuts"]
    assert command["command"] == COMMAND
    assert command["should_escape"] is True
    assert len(command["description"]) <= 2000
    assert len(command["usage_hint"]) <= 1000
    assert len(shortcut["name"]) <= 24
    assert len(shortcut["description"]) <= 150
    assert len(data["display_information"]["name"]) <= 35
    assert len(data["display_information"]["description"]) <= 140
    assert 175 <= len(data["display_information"]["long_description"]) <= 4000


def test_the_manifest_is_for_one_mode_or_the_other() -> None:
    assert manifest()["settings"]["socket_mode_enabled"] is True
    assert "request_url" not in str(manifest())
    web = manifest(url="https://moot.example.org")
    assert web["settings"]["socket_mode_enabled"] is False
    assert str(web).count("https://moot.example.org/slack/events") == 3


def test_the_manifest_asks_for_nothing_that_is_not_explained_and_used() -> None:
    assert manifest()["oauth_config"]["scopes"]["bot"] == list(SCOPES)
    assert manifest()["settings"]["event_subscriptions"]["bot_events"] == list(EVENTS)
    assert set(GRANTED.split(",")) == set(SCOPES)


def test_the_how_to_explains_every_scope_in_at_most_six_steps() -> None:
    text = HOW_TO.read_text(encoding="utf-8")
    assert [scope for scope in SCOPES if f"| `{scope}` | {SCOPES[scope]} |" not in text] == []
    assert len(re.findall(r"^\d+\. ", text, flags=re.MULTILINE)) <= 6


# --------------------------------------------------------------------------- the check


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    made = FakeSlack()
    await made.start()
    made.space.add_user("U0001", "ada")
    made.space.add_channel(CHANNEL, "maintainers", members=("U0001",))
    yield made
    await made.stop()
    assert made.api.problems == []


async def _found(fake: FakeSlack, *, bot: str = BOT_TOKEN, app: str = APP_TOKEN, **people: str) -> list[Finding]:
    web = Web(token=bot, app_token=app, api_url=fake.api_url, pace=Pace(rates={}))
    try:
        return list(await check(web, mode="socket", listen="", channels=[f"slack:{CHANNEL}"], people=people))
    finally:
        await web.close()


def _wrong(found: list[Finding]) -> str:
    return "\n".join(f"{each.mark}: {each.what} {each.remedy}" for each in found if each.mark != "ok")


async def test_a_good_app_has_nothing_to_mend(fake: FakeSlack) -> None:
    found = await _found(fake, ada="T0001/U0001")
    assert _wrong(found) == ""
    assert len(found) == 5


@pytest.mark.parametrize("which", ["bot", "app"])
async def test_a_wrong_token_is_named_with_what_to_do(fake: FakeSlack, which: str) -> None:
    found = await _found(fake, **{which: "xox-wrong"})
    assert f"SLACK_{which.upper()}_TOKEN" in _wrong(found)
    assert "xox-wrong" not in _wrong(found)


async def test_a_scope_that_is_missing_and_one_too_many_are_named(fake: FakeSlack) -> None:
    fake.scopes = fake.scopes.replace("reactions:read,", "") + ",channels:manage"
    words = _wrong(await _found(fake))
    assert "wrong: The scope reactions:read is missing" in words
    assert "warning: The app has scopes that it does not use: channels:manage" in words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"archived": True}, "is archived"),
        ({"private": False}, "is public"),
        ({"shared": True}, "shared with another organisation"),
        ({"members": {"U0001"}, "private": False}, "/invite"),
        ({"members": {"U0001"}}, "cannot see the channel"),
    ],
)
async def test_what_is_wrong_with_a_channel_is_said(fake: FakeSlack, change: dict[str, object], words: str) -> None:
    for name, value in change.items():
        setattr(fake.space.channels[CHANNEL], name, value)
    assert words in _wrong(await _found(fake))


@pytest.mark.parametrize(
    ("account", "words"),
    [
        ("T0001/U0404", "does not exist here"),
        ("T0002/U0001", 'write slack = "T0001/U0001"'),
        ("T0001/U0002", "is a guest"),
        ("T0001/UBOT", "is a bot"),
    ],
)
async def test_a_linked_account_that_will_not_count_is_named(fake: FakeSlack, account: str, words: str) -> None:
    fake.space.add_user("U0002", "guest", guest=True)
    assert words in _wrong(await _found(fake, ada=account))


async def test_a_slack_that_gives_no_answer_is_said_to_be_so(fake: FakeSlack) -> None:
    fake.fail("auth.test", "500")
    assert "could not be asked" in _wrong(await _found(fake))


# --------------------------------------------------------------------------- tokens and the command line


def _config(tmp_path: Path, **slack: object) -> Config:
    config = config_of(tmp_path, "T0001")
    return config.model_copy(update={"slack": config.slack.model_copy(update=slack)})


def test_a_token_that_is_not_there_is_named_before_anything_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    with pytest.raises(SecretMissing, match="SLACK_BOT_TOKEN"):
        connections_of(_config(tmp_path))
    monkeypatch.setenv("SLACK_BOT_TOKEN", BOT_TOKEN)
    with pytest.raises(SecretMissing, match="SLACK_APP_TOKEN"):
        connections_of(_config(tmp_path))
    with pytest.raises(SecretMissing, match="SLACK_SIGNING_SECRET"):
        connections_of(_config(tmp_path, mode="http"))


async def test_tokens_come_from_files_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SLACK_BOT_TOKEN", raising=False)
    (tmp_path / "bot").write_text(BOT_TOKEN + "\n", encoding="utf-8")
    (tmp_path / "bot").chmod(0o600)
    monkeypatch.setenv("SLACK_APP_TOKEN", APP_TOKEN)
    assert list(connections_of(_config(tmp_path, bot_token_file="bot"))) == ["slack"]


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["slack", *arguments])


def test_the_manifest_is_printed() -> None:
    assert _run("manifest").output == as_yaml(manifest())
    assert "https://moot.example.org/slack/events" in _run("manifest", "--url", "https://moot.example.org").output
    assert _run("manifest", "--url", "http://moot.example.org").exit_code == 2


def _written(tmp_path: Path, api_url: str) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(
        '[[repository]]\nname = "distribution"\nforge = "localgit"\npath = "distribution.git"\n'
        f'channels = ["slack:{CHANNEL}"]\n[slack]\nenabled = true\napi-url = "{api_url}"\n',
        encoding="utf-8",
    )
    return path


def test_a_check_without_a_token_says_which_one_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SLACK_BOT_TOKEN", raising=False)
    result = _run("check", "--config", str(_written(tmp_path, "https://slack.com/api/")))
    assert result.exit_code == 1
    assert "SLACK_BOT_TOKEN is not set" in result.output
    assert "Traceback" not in result.output


async def test_the_check_prints_a_mark_a_sentence_and_the_remedy(
    fake: FakeSlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", BOT_TOKEN)
    monkeypatch.setenv("SLACK_APP_TOKEN", APP_TOKEN)
    path = str(_written(tmp_path, fake.api_url))
    good = await asyncio.to_thread(_run, "check", "--config", path)
    assert good.exit_code == 0, good.output
    assert good.output.count("✓") == 4
    fake.space.channels[CHANNEL].archived = True
    bad = await asyncio.to_thread(_run, "check", "--config", path)
    assert bad.exit_code == 1
    assert "→ The channel is archived: unarchive it" in bad.output
    found = json.loads((await asyncio.to_thread(_run, "check", "--config", path, "--json")).output)
    assert found[-1]["mark"] == "wrong"
    assert BOT_TOKEN not in bad.output
