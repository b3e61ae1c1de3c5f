"""T40: tokens from the environment and from files are in nothing that the bot writes, whatever breaks."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from bot import keeping, proofs, reports, secrecy
from bot.core.plain import plain_card
from bot.credentials import SecretMissing, secret
from bot.logs import configure
from bot.ports import Filled, ForgeError, PlatformError, Pressed
from bot.readiness import Vitals
from bot.wiring import copy_ledger
from tests.faults.scene import Scene
from tests.faults.script import LOGINS, MOTION
from tests.faults.test_faults_outside import accepted
from tests.faults.world import World

pytestmark = pytest.mark.faults
TOKENS = ("xoxb-CANARY-slack-5511", "CANARY.discord.9922", "ghp_CANARYgithub7733")


@pytest.fixture
def tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """Read as the adapters read them: one from the environment, one from a named file, one from a configured file."""
    monkeypatch.setattr(secrecy, "_known", set())
    for name, value in (("discord", TOKENS[1]), ("github", TOKENS[2])):
        (tmp_path / name).write_text(value + "\n")
        (tmp_path / name).chmod(0o600)
    monkeypatch.setenv("SLACK_BOT_TOKEN", TOKENS[0])
    monkeypatch.setenv("DISCORD_TOKEN_FILE", str(tmp_path / "discord"))
    return (
        secret("SLACK_BOT_TOKEN", here=tmp_path),
        secret("DISCORD_TOKEN", here=tmp_path),
        secret("GITHUB_TOKEN", file="github", here=tmp_path),
    )


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything that goes to standard error."""
    stream, before = io.StringIO(), structlog.get_config()
    root, handlers, level = logging.getLogger(), logging.getLogger().handlers[:], logging.getLogger().level
    monkeypatch.setattr("sys.stderr", stream)
    configure("json")
    yield stream
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)


async def test_t40_no_secret_shows_in_anything_that_the_bot_writes_in_a_story_full_of_failures(
    tokens: tuple[str, ...], said: io.StringIO, worlds: Path, tmp_path: Path
) -> None:
    assert tokens == TOKENS
    scene = await Scene.on(World.new(worlds))
    leak = f"401 for https://x.example/?token={tokens[0]} with Bearer {tokens[2]}"
    await accepted(scene)
    forge = scene.instance.service.repositories.named("lantern")
    assert forge is not None
    good = forge.forge.open

    async def broken(*_: object) -> None:
        raise ForgeError(leak, remedy=f"renew {tokens[1]}")

    object.__setattr__(forge.forge, "open", broken)
    scene.flaky.fail = lambda what, key: RuntimeError(leak) if "objection" in key else PlatformError(leak)
    answers = [
        await scene.ask(LOGINS[2], Filled(verb="object", motion=MOTION, values={"reason": "Too soon."})),
        await scene.ask(LOGINS[3], Pressed(verb="yes", motion=MOTION)),
    ]
    await scene.settle()
    scene.instance.service.desk._lookups.facts = broken  # type: ignore[method-assign,assignment]
    answers.append(await scene.ask(LOGINS[4], Pressed(verb="no", motion=MOTION)))
    logging.getLogger("library").error("refused: %s", leak)
    stuck = [row.error for row in scene.instance.service.ledger.reader().due(scene.world.clock.now(), limit=99)]
    scene.flaky.fail = None
    object.__setattr__(forge.forge, "open", good)
    scene.world.clock.move(timedelta(minutes=11))
    await scene.settle()
    cards = scene.cards()
    status, vitals = reports.status(scene.world.ledger), Vitals(scene.world.clock)
    proofs.exported(scene.world.ledger, tmp_path / "bundle.json", texts=True)
    copy_ledger(scene.world.ledger, tmp_path / "copy.db")
    lines: list[str] = []
    await scene.close()
    with pytest.raises(keeping.NotAgreed):
        keeping.restored(tmp_path / "copy.db", scene.world.ledger, tell=lines.append, sure=lambda _: False)
    with pytest.raises(SecretMissing) as missing:
        secret("GITHUB_TOKEN", file="nothing", here=tmp_path)
    written = [
        said.getvalue(),
        status.text,
        str(status.data),
        vitals.text().decode(),
        (tmp_path / "bundle.json").read_text(),
        str(missing.value),
        *lines,
        *stuck,
        *map(plain_card, answers),
        *cards,
        *(path.read_bytes().decode("latin-1") for path in scene.world.folder.rglob("*") if path.is_file()),
    ]
    assert "incident" in plain_card(answers[-1])
    assert secrecy.HIDDEN in said.getvalue()
    assert [token for token in TOKENS if any(token in text for text in written)] == []
