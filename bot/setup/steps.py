"""What is to be done after the configuration is written: numbered, and to be copied line by line."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot.setup.writing import Answers

TYPED: Final = (
    "/moot practice",
    '/moot nominate @LOGIN --role maintainer --months 6 --evidence "What they have done" Why they should be one.',
)
FIRST: Final = "\n".join(f"     {each}" for each in TYPED)


def steps(answers: Answers, file: Path) -> str:
    """The list."""
    where = "" if file == Path("config.toml") else f" --config {shlex.quote(str(file))}"
    found = [*_slack(answers), *_discord(answers, where), *_github(answers, where)]
    found.append(f"Look whether everything is well; each line says what to mend:\n     folkmoot doctor{where}")
    found.append(f"Start it:\n     folkmoot serve{where}")
    if answers.on("slack") or answers.on("discord"):
        found.append(
            "Link the maintainers to their accounts; this says who is missing and what to send. Then start again:\n"
            f"     folkmoot links{where}"
        )
    found.append(_first(answers))
    return "\n".join(["Next:", *(f"  {number}. {text}" for number, text in enumerate(found, start=1))])


def _slack(answers: Answers) -> Sequence[str]:
    if not answers.on("slack"):
        return []
    channels = ", ".join(each.removeprefix("slack:") for each in answers.channels if each.startswith("slack:"))
    return [
        "Create the Slack app: https://api.slack.com/apps, Create New App, From a manifest; paste the manifest above.\n"
        "     Make an app-level token with the scope connections:write (Basic Information), and install the app.",
        "Give the bot its two tokens, in the shell that will start it:\n"
        "     export SLACK_BOT_TOKEN=xoxb-...\n     export SLACK_APP_TOKEN=xapp-...",
        f"In the channel ({channels}) type: /invite @Folkmoot",
    ]


def _discord(answers: Answers, where: str) -> Sequence[str]:
    if not answers.on("discord"):
        return []
    return [
        "Create the Discord app: https://discord.com/developers/applications, New Application; then Bot, Reset Token:\n"
        "     export DISCORD_TOKEN=...",
        f"Add it to your server by the link that this prints, and let its role see the channel:\n"
        f"     folkmoot discord invite{where}",
    ]


def _github(answers: Answers, where: str) -> Sequence[str]:
    if answers.forge != "github":
        return []
    return [
        "Let the bot into the repository: a GitHub App with contents: write, pull requests: write, issues: write\n"
        "     (app-id and private-key-file in the configuration), or a fine-grained token with the same rights:\n"
        f"     export GITHUB_TOKEN=...\n     folkmoot github check{where}"
    ]


def _first(answers: Answers) -> str:
    if answers.on("slack") or answers.on("discord"):
        return f"In the channel try out a vote from which nothing follows, then hold the first real one:\n{FIRST}"
    return f"Open the address that it prints, and type the one or the other:\n{FIRST}"
