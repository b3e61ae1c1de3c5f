"""Writes a configuration with comments, from the answers. It holds no secret, and no setting that is not explained."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """All that a configuration needs. A role whose section is None is left to the bot."""

    name: str
    forge: str
    path: str
    channels: tuple[str, ...]
    roster: str
    format: str = "auto"
    maintainers: str | None = None
    reviewers: str | None = None
    emeritus: str = ""
    policy: str
    time_zone: str
    api_url: str = ""
    discord_application: str = ""

    def on(self, platform: str) -> bool:
        return any(channel.startswith(f"{platform}:") for channel in self.channels)


def written(answers: Answers) -> str:
    """The configuration's text."""
    parts = [_HEAD.format(zone=_toml(answers.time_zone)), _repository(answers)]
    if answers.on("slack") or answers.on("discord"):
        parts.append(_people(answers))
    for platform, text in (("slack", _SLACK), ("discord", _DISCORD), ("playground", _PLAYGROUND)):
        if answers.on(platform):
            parts.append(text)
    if answers.forge == "github":
        api = f"api-url = {_toml(answers.api_url)}\n" if answers.api_url else ""
        parts.append(_GITHUB.replace("API", api))
    return "\n".join(parts)


def _repository(answers: Answers) -> str:
    lines = [
        "# The repository whose governance this is. Another one gets another [[repository]] table.",
        "[[repository]]",
        f"name = {_toml(answers.name)}",
        f"forge = {_toml(answers.forge)}",
        f"path = {_toml(answers.path)}",
        f"policy = {_toml(answers.policy)}   # the rules: a shipped name, a file beside this one, or repo:PATH",
        f"channels = {_list(answers.channels)}   # the first is where announcements start the clock",
        '# holidays = "US"                   # days that are no business days: a country, or a part such as DE-BY',
        '# links = ".folkmoot/links.toml"    # a file of the repository that says whose chat accounts are whose',
        "",
        "[repository.roster]",
        f"path = {_toml(answers.roster)}",
        f"format = {_toml(answers.format)}",
    ]
    if answers.emeritus:
        lines.append(f"emeritus = {_toml(answers.emeritus)}   # people move here when their last role ends")
    if answers.maintainers is not None:
        lines += [
            "",
            "[repository.roster.roles]",
            f"maintainer = {_toml(answers.maintainers)}   # the section that votes",
        ]
        if answers.reviewers is not None:
            lines.append(f"reviewer = {_toml(answers.reviewers)}")
    return "\n".join(lines) + "\n"


def _people(answers: Answers) -> str:
    lines = [
        "# One table for each maintainer: who is who in chat. `folkmoot links` says who is missing, and what to send.",
        "# [[person]]",
        '# login = "octocat"                # their login on the forge',
    ]
    if answers.on("slack"):
        lines.append('# slack = "T0123456/U0456789"      # the workspace and the member')
    if answers.on("discord"):
        lines.append('# discord = "80351110224678912"    # the user id, in quotes')
    return "\n".join(lines) + "\n"


def _toml(text: str) -> str:
    """A basic string: JSON's escapes are TOML's too, apart from DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_toml, values))}]"


_HEAD = """\
# Folkmoot's configuration, made by `folkmoot init`. Paths are relative to this file. No secret belongs in here.
# All settings: docs/reference/configuration.md. After a change: folkmoot config check

[folkmoot]
ledger = "folkmoot.sqlite3"        # the one file that holds everything; back it up with: folkmoot backup FILE
time-zone = {zone}   # whose midnight ends a vote
"""
_SLACK = """\
# Tokens come from the environment: SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or files named by SLACK_BOT_TOKEN_FILE, ...
[slack]
enabled = true
"""
_DISCORD = """\
# The token comes from the environment: DISCORD_TOKEN, or a file named by DISCORD_TOKEN_FILE.
[discord]
enabled = true
"""
_PLAYGROUND = """\
# The maintainers' channel as a page on this machine, where anybody can act as anybody: to try it, not for real votes.
[playground]
enabled = true
clock = "movable"                  # the page can move the time to the next deadline
"""
_GITHUB = """\
# The bot on GitHub: a GitHub App (better), or a token in GITHUB_TOKEN. See docs/how-to/connect-a-repository.md.
[github]
API# app-id = 123456                  # the App's id; its key is read from GITHUB_APP_PRIVATE_KEY or from this file:
# private-key-file = "folkmoot.pem"
"""
