"""Threats that no part of the bot meets alone: a lowered policy, an address that is typed, what is installed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
from aiohttp import web

from bot.config import Config
from tests.world import NOMINATION, World, logins

ROOT: Final = Path(__file__).parents[2]
TREES: Final = ("bot", "adapters", "storage")


async def test_t14_a_policy_that_is_lowered_while_the_vote_runs_changes_nothing_of_that_vote(tmp_path: Path) -> None:
    world = await World.make(tmp_path)
    await world.nominate()
    for login in logins()[:4]:
        await world.ask(login, "yes 1")
    shipped = (ROOT / "bot" / "policies" / "distribution.toml").read_text(encoding="utf-8")
    (tmp_path / "lower.toml").write_text(shipped.replace(">=66/100", ">=1/100").replace('"5bd"', '"1bd"'))
    (table,) = world.config.repository
    config = world.config.model_copy(update={"repository": (table.model_copy(update={"policy": "lower.toml"}),)})
    closes, shown = world.motion().closes_at, re.findall(r"\d+ of \d+ needed", world.poll())
    assert shown
    later = await World.open(config, world.clock, ledger=world.service.ledger, room=world.room)
    assert later.motion().closes_at == closes
    await later.ask(logins()[4], "no 1", request="later")
    assert re.findall(r"\d+ of \d+ needed", later.poll()) == shown
    await later.end()
    assert later.motion().outcome == "lost"
    await later.ask(logins()[0], NOMINATION.replace("newperson", "outsider"), request="anew")
    assert later.motion(2).policy.threshold != later.motion(1).policy.threshold, "the next vote is by the new rules"


@pytest.fixture
async def trap() -> AsyncIterator[tuple[str, list[str]]]:
    """An address on this machine, and what was asked of it."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(str(request.rel_url))
        return web.Response(text="<title>secret</title>")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}", asked
    await runner.cleanup()


async def test_t43_no_address_that_somebody_typed_is_ever_fetched(tmp_path: Path, trap: tuple[str, list[str]]) -> None:
    url, asked = trap
    world = await World.make(tmp_path)
    await world.ask("outsider", f'resolve --link {url}/issues/1 --title "See {url}/title" Read {url}/text first.')
    await world.ask(
        logins()[0], f'nominate @newperson --months 7 --evidence "{url}/evidence" --link {url}/pull/2 {url}'
    )
    for words in (f"yes 1 {url}/reason", f"object 1 {url}/objection", f"status {url}/1", f"why @{url}", f"dco {url}/3"):
        await world.ask(logins()[1], words)
    for login in logins():
        await world.ask(login, "yes 1")
    await world.end()
    assert world.motion().outcome == "carried"
    assert len(await world.forge.drafts()) == 1
    assert asked == []


def test_t43_only_what_speaks_to_a_configured_platform_can_open_a_connection_at_all() -> None:
    opening = re.compile(
        r"\bClientSession\(|\burlopen\(|^import requests|\bHTTPS?Connection\(|\bopen_connection\(|\bcreate_connection\("
        r"|\bAsyncWebClient\(|^class \w+\(discord\.Client\)|\bsocket\.socket\(",
        re.MULTILINE,
    )
    found = {
        str(path.relative_to(ROOT))
        for tree in TREES
        for path in (ROOT / tree).rglob("*.py")
        if opening.search(path.read_text(encoding="utf-8"))
    }
    assert found == {
        "adapters/discord/client.py",
        "adapters/github/client.py",
        "adapters/github/device.py",
        "adapters/machine/dates.py",
        "adapters/slack/web.py",
    }


def test_t44_nothing_listens_unless_it_is_switched_on() -> None:
    fields = Config.model_fields
    assert fields["health"].default.listen == ""
    assert fields["site"].default.listen == ""
    assert [fields[name].default.enabled for name in ("slack", "discord", "playground")] == [False] * 3


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_t47_everything_that_is_installed_is_pinned_with_its_hashes_and_from_no_address_of_its_own(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    wanted = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert len(wanted) > 30
    for line in wanted:
        assert re.match(r"[a-z0-9._-]+(\[[a-z0-9,._-]+\])?==[^ ;]+ ", line), line
        assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", line)) >= 1, line
    assert not re.search(r"--(?:extra-)?index-url|--find-links|--trusted-host|https?://|\bfile:", text)


def test_t47_set_up_and_image_install_only_what_has_its_hash() -> None:
    for name in ("Makefile", "docs/deploy/Containerfile"):
        text = (ROOT / name).read_text(encoding="utf-8").replace("$(PIP)", "pip")
        installs = re.findall(r"pip\S* install[^\n]*(?:\\\n[^\n]*)*", text)
        assert installs
        for line in installs:
            assert "--require-hashes" in line or "--no-deps" in line, f"{name}: {line}"
