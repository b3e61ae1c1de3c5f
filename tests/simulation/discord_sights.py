"""What there is to be read on the fake Discord of a simulation: by everybody, and by one alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from adapters.discord.codes import Place
from adapters.discord.words import NOT_READY, OLD_COMMAND
from tests.fakes.discord.reading import Alive, buttons, read, small_print
from tests.fakes.discord.state import THREAD, Channel, Data
from tests.simulation.discord_net import Net

WORD: Final = re.compile(r"tok\d+x\d+z")
ACCOUNT: Final = re.compile(r" \(<@\d+>\)")
BAD: Final = ("Something is wrong on my side", OLD_COMMAND, NOT_READY)
"""What no member should ever have to read here."""


def seen(message: Data) -> object:
    """What a reader sees of a message, but for the accounts beside the logins: those may change meanwhile."""
    content = str(message["content"]).removesuffix(small_print(message)).strip("\n")
    embeds = [ACCOUNT.sub("", embed["description"]) for embed in message["embeds"]]
    files = [each["text"] for each in message["attachments"]]
    return (ACCOUNT.sub("", content), embeds, list(buttons(message)), files)


def place_of(channel: Channel) -> str:
    """The channel as the bot calls it, that of a thread too; none for direct messages."""
    if channel.recipient is not None:
        return ""
    return Place(guild=channel.guild, channel=channel.parent if channel.type == THREAD else channel.id).name


def private_words(net: Net) -> Iterator[tuple[int, str, str]]:
    """Who was shown what, and in which channel: private answers and direct messages.

    Without a member's own words: they are given back where a form was refused.
    """
    own: dict[int, set[str]] = defaultdict(set)
    for made in net.interactions.all.values():
        own[made.user.id] |= set(WORD.findall(str(made.data)))
    for made in net.interactions.all.values():
        if made.shown is not None:
            yield made.user.id, place_of(made.channel), _without(own[made.user.id], _text(made.shown))
    for channel in net.channels.values():
        for message in channel.messages.values() if channel.recipient is not None else ():
            assert channel.recipient is not None
            yield channel.recipient.id, "", _without(own[channel.recipient.id], _text(message))


def wrong_words(net: Net) -> list[str]:
    """Markup that nobody meant, and answers that say that something is broken."""
    answers = [made.shown for made in net.interactions.all.values() if made.shown is not None]
    posts = [message for channel in net.channels.values() for message in channel.messages.values()]
    alive = [str(text) for text in map(_read, [*answers, *posts]) if isinstance(text, Alive)]
    return [*alive, *(text for text in map(_text, answers) if any(word in text for word in BAD))]


def _read(message: Data) -> str | Alive:
    try:
        return read(message)
    except Alive as error:
        return error


def _text(message: Data) -> str:
    return str(_read(message))


def _without(words: Iterable[str], text: str) -> str:
    """A text without these words."""
    for word in words:
        text = text.replace(word, "")
    return text
