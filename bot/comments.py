"""Finds the lines of a comment that are commands: what stands there for readers to see, in the writer's own words.

Must never find one in code, in a quotation, in a list or in a hidden HTML comment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.core.menu import COMMAND

MOST_BYTES: Final = 1 << 17
"""A longer text holds no command: forges take half of that (T36)."""
MOST_LINES: Final = 5
"""How many command lines of one comment are read; who writes more is told nothing, for nobody does."""
_HIDDEN: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_PARSER: Final = MarkdownIt("commonmark", {"maxNesting": 50}).enable(["table", "strikethrough"])


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLine:
    """One command: the `words` after `/moot`, the rest of its paragraph, all that stands below, and all around it."""

    words: str
    paragraph: str
    below: str
    around: str


def command_lines(text: str) -> tuple[CommandLine, ...]:
    """The command lines of a Markdown text in their order."""
    if len(text) > MOST_BYTES or COMMAND not in text:
        return ()
    source = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    lines = source.split("\n")
    tokens = _PARSER.parse(source)
    found: list[CommandLine] = []
    for place, token in enumerate(tokens):
        outer = place > 0 and tokens[place - 1].type == "paragraph_open" and tokens[place - 1].level == 0
        if token.type == "inline" and outer and token.map is not None:
            found += _in_paragraph(token, lines)
    return tuple(found[:MOST_LINES])


def _in_paragraph(token: Token, lines: list[str]) -> list[CommandLine]:
    start, end = token.map or (0, 0)
    shown = _shown(token)
    if len(shown) != end - start:
        return []  # code or a hidden comment runs over several lines here: which is which is not certain
    found = []
    for offset, words in enumerate(shown):
        if words is None:
            continue
        here = start + offset
        found.append(
            CommandLine(
                words=words,
                paragraph=visible("\n".join(lines[here + 1 : end])),
                below=visible("\n".join(lines[here + 1 :])),
                around=visible("\n".join([*lines[:here], *lines[here + 1 :]])),
            )
        )
    return found


def _shown(token: Token) -> list[str | None]:
    """Of each line of a paragraph the words after `/moot`, or None where it does not begin with that as plain text."""
    lines: list[list[Token]] = [[]]
    for child in token.children or []:
        if child.type in {"softbreak", "hardbreak"}:
            lines.append([])
        else:
            lines[-1].append(child)
    return [_words(line) for line in lines]


def _words(line: list[Token]) -> str | None:
    line = [part for part in line if part.type != "text" or part.content]
    if not line or line[0].type != "text" or line[0].level:
        return None
    said = "".join(part.content for part in line if part.type in {"text", "code_inline"}).strip()
    head, _, words = said.partition(" ")
    return words.strip() if head == COMMAND else None


def visible(text: str) -> str:
    """A text without its hidden HTML comments, such as those of issue templates."""
    return _HIDDEN.sub("", text).strip()
