"""Looks at the files that hold secrets: are they there, and who else can read or change them. It prints no secret."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.config import Config
from bot.credentials import SecretMissing, secret
from bot.health.probing import ok, warning, wrong
from bot.ports import Finding

_TOKENS: Final = re.compile(
    r"xox[a-z]-[\w-]{6,}|xapp-[\w-]{6,}|gh[a-z]_\w{16,}|github_pat_\w{16,}|"
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)|"
    r"(?i:bearer\s+)\S{8,}|[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}"
)
"""How the tokens of the platforms look, whoever has put one into a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A secret that the configuration needs: its variable, and the file that is configured for it."""

    name: str
    file: str


def needed(config: Config) -> Sequence[Named]:
    """The secrets that the bot reads with this configuration."""
    found = []
    if config.slack.enabled:
        found.append(Named(name="SLACK_BOT_TOKEN", file=config.slack.bot_token_file))
        if config.slack.mode == "socket":
            found.append(Named(name="SLACK_APP_TOKEN", file=config.slack.app_token_file))
        else:
            found.append(Named(name="SLACK_SIGNING_SECRET", file=config.slack.signing_secret_file))
    if config.discord.enabled:
        found.append(Named(name="DISCORD_TOKEN", file=config.discord.token_file))
    if any(table.forge == "github" for table in config.repository):
        app = config.github.app_id is not None
        key = Named(name="GITHUB_APP_PRIVATE_KEY", file=config.github.private_key_file)
        found.append(key if app else Named(name="GITHUB_TOKEN", file=config.github.token_file))
        if config.github.webhook_listen is not None:
            found.append(Named(name="GITHUB_WEBHOOK_SECRET", file=config.github.webhook_secret_file))
    return found


def look(config: Config) -> Sequence[Finding]:
    """A line for each secret that is needed, and for the calendar's."""
    found = [_one(each, config.here) for each in needed(config)]
    if config.site.private_calendar_token_file:
        found.append(_modes("the calendar's secret", config.here / config.site.private_calendar_token_file, 0o077))
    return found or [ok("No secrets are needed")]


def _one(each: Named, here: Path) -> Finding:
    try:
        secret(each.name, file=each.file, here=here)
    except SecretMissing as error:
        what, _, remedy = str(error).rpartition(": ")
        return wrong(what, remedy)
    if os.environ.get(each.name, "").strip():
        return ok(f"{each.name} is in the environment")
    named = os.environ.get(f"{each.name}_FILE", "").strip() or each.file
    return _modes(each.name, here / named, 0o022)


def _modes(name: str, path: Path, forbidden: int) -> Finding:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return wrong(f"{path}: {name} cannot be read: {error.strerror}", "name a file that is there")
    if mode & forbidden:
        return wrong(f"{path}: others than its owner can get at {name}", f"chmod 600 {path}")
    if mode & 0o044:
        return warning(f"{path}: others than its owner can read {name}", f"chmod 600 {path}")
    return ok(f"{name} is in {path}, which only its owner can read")


def values(config: Config) -> Sequence[str]:
    """The secrets themselves, so that they can be taken out of whatever is printed."""
    found = []
    for each in needed(config):
        try:
            found.append(secret(each.name, file=each.file, here=config.here))
        except SecretMissing:
            continue
    if config.site.private_calendar_token_file:
        with contextlib.suppress(OSError):
            found.append((config.here / config.site.private_calendar_token_file).read_text(errors="replace").strip())
    return [value for value in found if len(value) >= 8]


def without(text: str, secrets: Iterable[str]) -> str:
    """The text with every secret, and everything that looks like a token, taken out."""
    for value in secrets:
        text = text.replace(value, "…")
    return _TOKENS.sub("…", text)
