"""The bot as its operator runs it: two processes, one after the other, on one ledger and one server."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.localgit.sample import create_sample
from tests.discord.world import PEOPLE
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.reading import read
from tests.fakes.discord.server import TOKEN
from tests.world import logins

CONFIG = """
[[repository]]
name = "distribution"
forge = "localgit"
path = "distribution.git"
channels = ["discord:100/200"]

{people}

[discord]
enabled = true
api-url = "{api}"
gateway-url = "{gateway}"
"""
PERSON = '[[person]]\nlogin = "{login}"\ndiscord = "{user}"\n'


@asynccontextmanager
async def process(folder: Path, fake: FakeDiscord) -> AsyncIterator[None]:
    """A running bot; it ends by SIGTERM, and by itself then."""
    came = fake.gateway.identified
    command = [sys.executable, "-c", "from bot.cli import main; main()", "serve", "-c", str(folder / "config.toml")]
    with (folder / "log.txt").open("a") as log:
        bot = await asyncio.create_subprocess_exec(
            *command, env={**os.environ, "DISCORD_TOKEN": TOKEN}, stdout=log, stderr=log
        )
        try:
            await fake.gateway.until(identified=came + 1)
            yield
            bot.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(bot.wait(), 60) == 0, (folder / "log.txt").read_text()
        finally:
            if bot.returncode is None:
                bot.kill()
                await bot.wait()


async def test_two_processes_one_after_the_other_serve_the_same_poll(tmp_path: Path) -> None:
    fake = await FakeDiscord().start()
    for login, user in PEOPLE.items():
        fake.add_member(user, login)
    people = "\n".join(PERSON.format(login=login, user=user) for login, user in PEOPLE.items())
    text = CONFIG.format(people=people, api=fake.api_url, gateway=fake.gateway_url)
    (tmp_path / "config.toml").write_text(text)
    create_sample(tmp_path / "distribution.git", at=datetime.now(UTC) - timedelta(days=30))
    act, (ann, ben, cat) = fake.interactions, [PEOPLE[login] for login in logins()[:3]]
    stirred = asyncio.Event()
    fake.stirred = stirred.set

    async def until(count: int, words: str) -> None:
        async with asyncio.timeout(60):
            while len(fake.posts()) < count or not any(words in read(message) for message in fake.posts()):
                stirred.clear()
                await stirred.wait()

    async with process(tmp_path, fake):
        async with asyncio.timeout(60):
            while not fake.rest.registered.get(100):
                stirred.clear()
                await stirred.wait()
        form = await act.slash(ann, "nominate", login="newperson", months=7)
        await act.submit(ann, form, evidence="41 reviews", text="Kind and thorough.")
        await until(1, "0 of 8 needed")
        assert "Recorded: yes" in (await act.press(ben, fake.posts()[0], "Yes")).text
    await act.react(cat, fake.posts()[0], "👍", lost=True)
    async with process(tmp_path, fake):
        await until(1, "● 2 yes")
        assert "Recorded: no" in (await act.press(ben, fake.posts()[0], "No")).text
    assert TOKEN not in (tmp_path / "log.txt").read_text()
    await fake.stop()
    assert len(fake.posts()) == 1
    assert fake.problems == []
