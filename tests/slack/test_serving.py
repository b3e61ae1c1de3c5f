"""`folkmoot serve` with Slack switched on: by the machine's time, tokens from the environment, until it is stopped."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.localgit.sample import create_sample
from bot.ports import PlatformError
from bot.serving import run_until
from tests.fakes.slack.members import Hand
from tests.fakes.slack.server import APP_TOKEN, BOT_TOKEN, FakeSlack
from tests.slack.world import CHANNEL, NOMINATION, config_of, ids
from tests.world import logins


async def test_it_connects_serves_and_stops_with_nothing_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", BOT_TOKEN)
    monkeypatch.setenv("SLACK_APP_TOKEN", APP_TOKEN)
    create_sample(tmp_path / "distribution.git", at=datetime.now(UTC) - timedelta(days=30))
    fake = FakeSlack()
    await fake.start()
    for login, user in ids().items():
        fake.space.add_user(user, login.lower())
    fake.space.add_channel(CHANNEL, "maintainers", members=tuple(ids().values()))
    config = config_of(tmp_path, "T0001")
    config = config.model_copy(update={"slack": config.slack.model_copy(update={"api_url": fake.api_url})})
    told: list[str] = []
    stop = asyncio.Event()
    serving = asyncio.create_task(run_until(config, tell=told.append, stop=stop))
    answer = await Hand(fake, ids()[logins()[0]]).types(NOMINATION, CHANNEL)
    assert "motion 1 is open" in answer
    stop.set()
    await serving
    assert "Connecting to Slack." in told
    assert fake.sockets == [] or all(socket.closed for socket in fake.sockets)
    await fake.stop()
    assert fake.api.problems == []


async def test_a_wrong_token_ends_it_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-another")
    monkeypatch.setenv("SLACK_APP_TOKEN", APP_TOKEN)
    create_sample(tmp_path / "distribution.git", at=datetime.now(UTC) - timedelta(days=30))
    fake = FakeSlack()
    await fake.start()
    config = config_of(tmp_path, "T0001")
    config = config.model_copy(update={"slack": config.slack.model_copy(update={"api_url": fake.api_url})})
    with pytest.raises(PlatformError, match="SLACK_BOT_TOKEN"):
        await run_until(config, tell=lambda text: None, stop=asyncio.Event())
    await fake.stop()
