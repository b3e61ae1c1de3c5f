"""What a forge, or a bot on it, would act upon in a Markdown text: mentions, references, links, tags, commands.

Reads the text as it is rendered, by a parser that the bot's own drawing does not use, and never by its escapes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

PARSER: Final = MarkdownIt("commonmark").enable(["table", "strikethrough"])
OWN: Final = re.compile(r"<!-- (?:folkmoot [0-9a-f]{32,64} )?-->")
"""The comments that the bot writes itself: the mark that it knows its own words by, and the break in a mention."""
ACTED_ON: Final = {
    "a mention": re.compile(r"(?<![\w`])@[A-Za-z0-9]"),
    "a reference": re.compile(r"#\d|\bGH-\d", re.IGNORECASE),
    "a link": re.compile(r"(?:https?|ftp)://|\bwww\.", re.IGNORECASE),
}
STRUCTURE: Final = {"heading_open", "blockquote_open", "hr", "html_block", "code_block", "list_item_open", "image"}
COMMAND: Final = re.compile(r"^[ \t]*/\w+|^\[[^\]]*\]:", re.MULTILINE)
"""What bots on a forge look for at the start of a raw line, and definitions that make links of other lines."""


def live(text: str, *, links: Collection[str] = (), structure: bool = False) -> list[str]:
    """What is live in a text; nothing but these links may be, and headings and the like where `structure` says so."""
    found = [f"a command: {match[0].strip()}" for match in COMMAND.finditer(text)]
    for block in PARSER.parse(text):
        if block.type in STRUCTURE and not (structure and block.type != "html_block"):
            found += [] if block.type == "html_block" and not OWN.sub("", block.content).strip() else [block.type]
        if block.type == "inline":
            found += _inline(block.children or [], links)
    return found


def _inline(tokens: list[Token], links: Collection[str]) -> Iterator[str]:
    for token in tokens:
        match token.type:
            case "html_inline" if OWN.fullmatch(token.content) is None:
                yield f"a tag: {token.content}"
            case "link_open" if str(token.attrs["href"]) not in links:
                yield f"a link: {token.attrs['href']}"
            case "image" | "em_open" | "s_open":
                yield token.type
    for text in _runs(tokens):
        yield from (f"{what}: {text}" for what, pattern in ACTED_ON.items() if pattern.search(text))


def _runs(tokens: list[Token]) -> Iterator[str]:
    """Text that stands together: a tag or a code span ends it, and the text of an allowed link is part of that link."""
    run, linked = "", False
    for token in [*tokens, Token("end", "", 0)]:
        linked = token.type == "link_open" or (linked and token.type != "link_close")
        if token.type in {"text", "text_special"} and not linked:
            run += token.content
        elif token.type in {"softbreak", "hardbreak"}:
            run += "\n"
        elif run:
            yield run
            run = ""


def reads(text: str) -> str:
    """A text as a reader sees it: without markup, tags and escapes."""
    tokens = [token for block in PARSER.parse(text) for token in block.children or []]
    return "".join(
        " " if token.type == "softbreak" else token.content for token in tokens if token.type != "html_inline"
    )
