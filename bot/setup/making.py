"""Makes a configuration from the answers, writes it, and says what comes next. It never replaces a file unasked."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from bot import config as configs
from bot.config import Config
from bot.setup.interview import interview
from bot.setup.steps import steps
from bot.setup.talking import Given, Talk
from bot.setup.writing import written

CONFIG = "config.toml"


def make(given: Given, talk: Talk, folder: Path, *, overwrite: bool) -> Path:
    """Ask, write, and tell what to do next; the file. Raises LookupError where nothing was written."""
    file = folder / CONFIG
    there = file.exists() or file.is_symlink()
    if there and not overwrite and not talk.sure(f"{file} is there already. Replace it? The old one is kept beside it"):
        raise LookupError(f"{file} is there already. Nothing was changed. To replace it: --overwrite")
    answers = interview(given, talk, folder)
    text = written(answers)
    config = configs.parse(text, file=str(file), here=folder)
    folder.mkdir(parents=True, exist_ok=True)
    if there:
        talk.tell(f"The old one is kept as {_aside(file)}.")
    _write(file, text)
    talk.tell("")
    if answers.on("slack"):
        talk.tell(_manifest())
    if answers.discord_application:
        talk.tell(f"The Discord invite: {_invite(config, int(answers.discord_application))}\n")
    talk.tell(f"Written: {file}")
    if answers.forge == "localgit" and file.resolve().is_relative_to((folder / answers.path).resolve()):
        talk.tell(
            "! It is inside the repository, and so is the ledger: never commit them, or use --dir for another folder"
        )
    talk.tell(steps(answers, file))
    return file


def _aside(file: Path) -> Path:
    """Move a file out of the way, to a name that is free."""
    number = 1
    while (aside := file.with_name(f"{file.name}.old-{number}")).exists():
        number += 1
    file.rename(aside)
    return aside


def _write(file: Path, text: str) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)


def _manifest() -> str:
    from bot.wiring.slack import slack_manifest

    return f"--- The Slack manifest, from here\n{slack_manifest('')}--- to here (again: folkmoot slack manifest)\n"


def _invite(config: Config, application: int) -> str:
    from bot.wiring.discord import invite_to_discord

    return asyncio.run(invite_to_discord(config, application))
