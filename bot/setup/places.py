"""Where the maintainers talk: the platforms and the channels of a new configuration."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from pydantic import TypeAdapter

from bot.config import ChannelName
from bot.setup.talking import Given, Talk, answer, must, valid

PLATFORMS: Final = ("slack", "discord", "playground")
_HINTS: Final = {
    "slack": "The channel's id in Slack (its name, About, at the bottom: C0123456)",
    "discord": "Server and channel id on Discord (Developer Mode on, right-click, Copy ID), as GUILD/CHANNEL",
    "playground": "The channel's name in the playground",
}

_IDS: Final = {
    "slack": "it begins with C or G, as C0123456 does, and is not the channel's name",
    "discord": "it is two numbers, as in 80351110224678000/80351110224679000",
    "playground": "write small letters, digits and -, such as maintainers",
}


def channels(given: Given, talk: Talk) -> tuple[str, ...]:
    for channel in given.channels:
        must(channel, _channel, "--channel")
    named = [channel.partition(":")[0] for channel in given.channels]
    chosen = list(dict.fromkeys([*given.platforms, *named]))
    if not chosen:
        question = "Where do the maintainers talk? slack, discord, both with a comma, or playground to try it first"
        text = talk.ask(question, default="playground", check=_platforms, option="--platform")
        chosen = text.split(",")
    must(",".join(chosen), _platforms, "--platform")
    found = list(given.channels)
    for platform in chosen:
        if platform in named:
            continue
        default = "maintainers" if platform == "playground" else ""
        option = f"--channel {platform}:ID"
        found.append(talk.ask(_HINTS[platform], default=default, check=partial(_channel_on, platform), option=option))
    return tuple(dict.fromkeys(found))


def _channel_on(platform: str, text: str) -> str:
    name = text.strip().removeprefix(f"{platform}:")
    try:
        return _channel(f"{platform}:{name}")
    except ValueError:
        raise ValueError(f'"{name}" is no such id: {_IDS[platform]}') from None


def _platforms(text: str) -> str:
    chosen = [each.strip().casefold() for each in text.split(",") if each.strip()]
    unknown = [each for each in chosen if each not in PLATFORMS]
    if unknown or not chosen:
        raise ValueError(f"{', '.join(unknown) or 'nothing'}: write {', '.join(PLATFORMS)}, or several with commas")
    if "playground" in chosen and len(chosen) > 1:
        raise ValueError("the playground lets anybody act as anybody: choose it alone, or the others without it")
    return ",".join(chosen)


def application(given: Given, talk: Talk) -> str:
    def check(text: str) -> str:
        if text and not re.fullmatch(r"[0-9]{1,20}", text):
            raise ValueError(f"{text}: write the number under General Information, or - for none")
        return text

    question = "The id of your Discord application, for the invite link (- if there is none yet)"
    said = answer(
        talk,
        question,
        given.discord_application,
        default="-",
        check=lambda text: check(text.strip("- ")),
        option="--discord-application",
    )
    return said.strip("- ")


def _channel(name: str) -> str:
    return valid(TypeAdapter(ChannelName), name)
