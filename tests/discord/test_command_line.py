"""`folkmoot discord invite` and `folkmoot discord check`, against a server of their own."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.server import BOT_ROLE, GOV, GUILD, TOKEN
from tests.fakes.discord.state import ADMINISTRATOR, EMBED

CONFIG = """
[[repository]]
name = "distribution"
forge = "localgit"
path = "distribution.git"
channels = ["discord:100/200"]

[discord]
enabled = true
api-url = "{api}"
gateway-url = "{gateway}"
"""


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    made = await FakeDiscord().start()
    yield made
    await made.stop()


@pytest.fixture
def config(fake: FakeDiscord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG.format(api=fake.api_url, gateway=fake.gateway_url))
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.delenv("DISCORD_TOKEN_FILE", raising=False)
    return path


async def run(config: Path, *words: str) -> Result:
    """In a thread, for the command has an event loop of its own."""
    return await asyncio.to_thread(CliRunner().invoke, app, ["discord", *words, "--config", str(config)])


async def test_the_invite_asks_for_the_least(config: Path) -> None:
    result = await run(config, "invite")
    assert result.exit_code == 0
    assert result.stdout.strip() == (
        "https://discord.com/oauth2/authorize?client_id=900&scope=bot+applications.commands&permissions=309237730368"
        "&integration_type=0&guild_id=100&disable_guild_select=true"
    )


async def test_the_invite_needs_no_token_where_the_application_is_named(
    config: Path, fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISCORD_TOKEN")
    result = await run(config, "invite", "--application", "42")
    assert "client_id=42" in result.stdout
    assert fake.calls == []


async def test_a_missing_token_is_a_sentence(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISCORD_TOKEN")
    for words in (["invite"], ["check"]):
        result = await run(config, *words)
        assert result.exit_code == 1
        assert "DISCORD_TOKEN is not set" in result.stderr
        assert "Traceback" not in result.stderr


async def test_a_wrong_token_is_a_sentence_that_does_not_hold_it(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "wrong.token.here")
    result = await run(config, "check")
    assert result.exit_code == 1
    assert "DISCORD_TOKEN is not accepted" in result.stderr
    assert "wrong.token.here" not in result.output


async def test_the_check_is_content_with_what_the_invite_gives(config: Path) -> None:
    result = await run(config, "check")
    assert result.exit_code == 0, result.output
    assert "✓ the token is that of folkmoot (application 900)" in result.stdout
    assert "✓ discord:100/200 (#channel-200): all permissions that are needed" in result.stdout


async def test_the_check_names_what_is_missing_and_what_is_too_much(config: Path, fake: FakeDiscord) -> None:
    role = fake.guilds[GUILD].roles[GUILD + BOT_ROLE]
    fake.guilds[GUILD].roles[GUILD].permissions &= ~EMBED
    role.permissions &= ~EMBED
    result = await run(config, "check", "--json")
    assert result.exit_code == 1
    assert "Embed links (to show long texts in full)" in json.loads(result.stdout)[1]["what"]
    role.permissions |= ADMINISTRATOR
    result = await run(config, "check")
    assert "has more than it needs: Administrator" in result.stdout


async def test_the_check_sees_a_public_channel_a_missing_one_and_a_stolen_way_in(
    config: Path, fake: FakeDiscord
) -> None:
    fake.show(fake.channels[GOV], public=True)
    fake.application |= {"interactions_endpoint_url": "https://elsewhere.example", "bot_public": True}
    result = await run(config, "check")
    assert result.exit_code == 1
    assert "others than the maintainers can read #channel-200" in result.stdout
    assert "interactions endpoint URL" in result.stdout
    assert "Switch off Public Bot" in result.stdout
    del fake.channels[GOV]
    result = await run(config, "check")
    assert "the server has no such channel" in result.stdout
    del fake.guilds[GUILD].members[900]
    result = await run(config, "check")
    assert "the bot does not see the channel" in result.stdout
    assert "https://discord.com/oauth2/authorize" in result.stdout


def test_the_bot_does_not_start_without_its_token_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG.format(api="http://127.0.0.1:1/api/v10", gateway="ws://127.0.0.1:1/"))
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    monkeypatch.delenv("DISCORD_TOKEN_FILE", raising=False)
    command = [sys.executable, "-c", "from bot.cli import main; main()", "serve", "--config", str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 1
    assert "DISCORD_TOKEN is not set" in ended.stderr
    assert "Traceback" not in ended.stderr
