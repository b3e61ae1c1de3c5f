"""A bot as it is wired from its configuration: it looks at GitHub by itself, and takes webhooks where told to."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from bot.clocks import CountingIds
from bot.ports import ForgeError
from bot.wiring import build
from storage.memory import MemoryLedger
from tests.fakes.github import webhooks
from tests.github.council import Council


@pytest.fixture
def council(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Council:
    """Reached by a token, which no clock has to agree with."""
    made = Council(tmp_path)
    monkeypatch.setenv("GITHUB_TOKEN", made.shop.token)
    github = made.config.github.model_copy(update={"webhook_listen": "127.0.0.1:0"})
    made.config = made.config.model_copy(update={"github": github})
    return made


async def test_it_is_wired_to_look_and_to_be_called(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_WEBHOOK_SECRET", "hush")
    ledger = MemoryLedger(clock=council.clock)
    instance = await build(council.config, clock=council.clock, ids=CountingIds(), ledger=ledger, room=council.room)
    assert list(instance.listening.pollers) == ["lantern"]
    hooks = instance.listening.hooks
    assert hooks is not None
    await hooks.start()
    council.hub.time.move(60)
    page = council.repo.open_issue(by="outsider", title="Keep v2", body="It stays.\n\n/moot resolve")
    headers, body = webhooks.delivery("issues", webhooks.issues(council.repo, page), secret="hush")
    async with aiohttp.ClientSession() as session, session.post(hooks.url, headers=headers, data=body) as answer:
        assert answer.status == 200
    assert ledger.reader().motion(1) is not None
    await instance.close()


async def test_without_its_secret_the_webhook_does_not_start(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_WEBHOOK_SECRET", raising=False)
    ledger = MemoryLedger(clock=council.clock)
    instance = await build(council.config, clock=council.clock, ids=CountingIds(), ledger=ledger, room=council.room)
    with pytest.raises(ForgeError, match="GITHUB_WEBHOOK_SECRET"):
        await instance.connect()
    await instance.close()
