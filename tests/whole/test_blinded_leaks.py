"""A blinded vote from the outside: two that differ in the choices alone look the same before they are counted."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot import data, deadlines
from bot.core.cards import Poll
from bot.core.digest import Digest
from bot.core.plain import plain_card
from bot.core.wording import Scene
from bot.core.wording.digest import digest_card
from bot.digests import week_of
from bot.names import DirectoryNames
from bot.ports import Pressed
from tests.world import World, logins

POLICY = """
schema = 1
name = "own"
document = "RULES.md"
[motion.secret]
kind = "generic"
clause = "Secret"
threshold = ">1/2"
window = "5bd"
enactment = "none"
secrecy = "blinded"
objection = "record"
"""
ASKED = ("status 1", "list", "mine", "why", "whoami", "status")
ONLOOKER, PROPOSER, SECOND = logins()[11], logins()[0], logins()[10]
HASHES = re.compile(r"\b[0-9a-f]{12,64}\b")
"""What differs between two ledgers anyhow."""


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """One for each of two worlds, with the policy."""
    made = tmp_path / "one", tmp_path / "other"
    for folder in made:
        folder.mkdir()
        (folder / "own.toml").write_text(POLICY)
    return made


async def voted(folder: Path, choice: str) -> World:
    """Nine of twelve have voted, all the same."""
    world = await World.make(folder, policy="own.toml")
    await world.ask(PROPOSER, 'propose --title "A hard one" Shall we?')
    for login in logins()[:9]:
        await world.ask(login, Pressed(verb=choice, motion=1))
    return world


async def surfaces(world: World) -> dict[str, str]:
    """All that is shown to anybody but the voters themselves."""
    reader, now = world.service.ledger.reader(), world.clock.now()
    shown = {words: await world.ask(ONLOOKER, words) for words in ASKED}
    shown |= {f"{words}, in a direct message": await world.ask(ONLOOKER, words, channel="") for words in ASKED}
    shown["channel"] = "\n".join(plain_card(card) for card in world.cards())
    shown["polls"] = "\n".join(f"{card.bar} {card.tally}" for card in world.cards() if isinstance(card, Poll))
    shown["letters"] = "\n".join(line for login in logins()[9:] for line in world.letters(login))
    week = week_of(reader, world.service.repositories.all()[0], now)
    assert isinstance(week, Digest)
    shown["digest"] = plain_card(digest_card(week, Scene(names=DirectoryNames(reader.directory()), now=now)))
    read = data.read(reader, "", private=True, ballots=True, progress=lambda done, of: None)
    shown["data"] = data.as_json(read).decode() + data.as_csv(read).decode()
    shown["calendar"] = repr(deadlines.appointments(reader, now, private=True))
    return {name: HASHES.sub("#", text) for name, text in shown.items()}


@pytest.mark.parametrize("end", ["", "withdraw 1 Not now.", "void 1 A mistake."])
async def test_t21_nothing_tells_two_blinded_votes_apart_before_they_are_counted(
    folders: tuple[Path, Path], end: str
) -> None:
    seen = []
    for folder, choice in zip(folders, ("yes", "no"), strict=True):
        world = await voted(folder, choice)
        await world.go_to(world.clock.now() + timedelta(days=6))
        if end:
            await world.ask(PROPOSER, end)
            await world.ask(SECOND, "second 1")
        assert world.motion().stage == {"": "open", "w": "withdrawn", "v": "void"}[end[:1]]
        seen.append(await surfaces(world))
        await world.instance.close()
    assert seen[0] == seen[1]
    assert "9 of 12 have voted" in seen[0]["status 1"]
    assert ("there is no count" in seen[0]["status 1"]) is bool(end)
