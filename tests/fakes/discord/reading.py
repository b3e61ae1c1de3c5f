"""A message as its reader gets it. Markup that the bot did not mean is an error: somebody's text has come alive."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from tests.fakes.discord.state import Data

_TOKEN: Final = re.compile(
    r"\\(?P<escaped>[^0-9A-Za-z\s])"
    r"|```\n(?P<block>.*?)\n```"
    r"|(?P<ticks>``?)(?P<code>(?!`).+?)(?P=ticks)"
    r"|(?P<bold>\*\*)"
    r"|<t:(?P<time>-?\d+):[a-zA-Z]>"
    r"|<@(?P<user>\d+)>"
    r"|\[(?P<text>(?:\\.|[^\]\\])*)\]\(<(?P<url>[^<>]*)>\)"
    r"|(?P<live>[*_~`|<\[@\\]|[a-z]+://|(?<=\w)\.(?=com\b|example\b))",
    re.DOTALL,
)
_LINE: Final = re.compile(r"^(?P<mark>[#>+-]|\d+\.)(?= )", re.MULTILINE)


class Alive(AssertionError):
    """Text that was typed acts as markup."""


def words(text: str) -> str:
    """The text that is seen."""

    def shown(match: re.Match[str]) -> str:
        if match["live"]:
            raise Alive(f"{match['live']!r} in {text!r}")
        if match["text"] is not None:
            return words(match["text"])
        return match["escaped"] or match["block"] or (match["code"] or "").strip(" ")

    if text.startswith(">>> "):
        text = text[4:]
    lines = [line.removeprefix("- ") for line in text.split("\n")]
    for line in _outside(lines):
        if _LINE.match(line):
            raise Alive(f"a heading, list or quotation in {line!r}")
    return _TOKEN.sub(shown, "\n".join(lines))


def _outside(lines: Iterable[str]) -> Iterator[str]:
    """The lines that stand in no block of code."""
    inside = False
    for line in lines:
        fence = line == "```"
        inside = inside != fence
        if not inside and not fence:
            yield line


def small_print(message: Data) -> str:
    """The line that only the bot needs."""
    last = str(message["content"]).rpartition("\n")[2]
    return last if last.startswith("-# ") else ""


def read(message: Data) -> str:
    """All that a reader gets, without the small print and the buttons."""
    content = str(message["content"]).removesuffix(small_print(message)).strip("\n")
    texts = [words(content), *(words(embed["description"]) for embed in message["embeds"])]
    files = [str(each.get("text", "")) for each in message.get("attachments") or []]
    return "\n".join(text for text in [*texts, *files] if text)


def buttons(message: Data) -> dict[str, str]:
    """The buttons by their labels: their custom ids."""
    rows = message.get("components") or []
    return {button["label"]: button["custom_id"] for row in rows for button in row["components"]}
