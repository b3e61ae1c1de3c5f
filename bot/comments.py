"""Finds the lines of a comment that are commands: what stands there for readers to see, in the writer's own words.

Must never find one in code, in a quotation, in a list or in a hidden HTML comment: not in one that HTML makes either,
nor in what a mail program has put below an answer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.core.menu import COMMAND

MOST_BYTES: Final = 1 << 17
"""A longer text holds no command: forges take half of that (T36)."""
MOST_LINES: Final = 5
"""How many command lines of one comment are read; who writes more is told nothing, for nobody does."""
MOST_BRACKETS: Final = 2000
"""A paragraph with more is not read: looking for the ends of so many links takes time with their square (T36)."""
LONGEST: Final = 500
"""Characters of the line above a mail that is answered; a longer one is none, and is not searched for one (T36)."""
_HIDDEN: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HOLDING: Final = re.compile(
    r"<(/?)(blockquote|q|cite|details|code|pre|kbd|samp|tt|del|s|strike|ul|ol|li|dl|dt|dd|table)\b[^>]*>", re.IGNORECASE
)
"""What makes a quotation, code, a list or something folded or struck out of all that stands within."""
_SENDER: Final = r"<(?:notifications|noreply|reply\+[^@>\s]*)@[^>\s]+>"
_ANSWERED: Final = re.compile(
    rf"[*_\s]*-{{2,}}\s*Original Message\s*-{{2,}}[*_\s]*|[*_\s]*\w[\w ]*:.*{_SENDER}.*|.*{_SENDER}.*:\s*",
    re.IGNORECASE,
)
"""The line above a mail that is answered: that of the forge's, as GitHub sends a comment to those who follow a page."""
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
    lines, found = _own(text), list[CommandLine]()
    for token, within in _paragraphs(lines):
        found += _in_paragraph(token, lines, within)
    return tuple(found[:MOST_LINES])


def own_paragraphs(text: str) -> str:
    """What a writer says in plain paragraphs of their own: no code, quotation, list, nor what HTML holds or hides."""
    if len(text) > MOST_BYTES:
        return ""
    said = []
    for token, within in _paragraphs(_own(text)):
        held = within.total() > 0
        for child in token.children or []:
            if child.type == "html_inline":
                _follow(within, child.content)
        if not held:
            said.append(visible(token.content))
    return "\n".join(said)


def _own(text: str) -> list[str]:
    """The lines above a mail that is answered: what stands below was written by somebody else.

    None of a text that only takes time to read.
    """
    source = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    if any(block.count("[") > MOST_BRACKETS for block in source.split("\n\n")):
        return []
    lines = source.split("\n")
    answered = (place for place, line in enumerate(lines) if len(line) <= LONGEST and _ANSWERED.fullmatch(line))
    return lines[: next(answered, len(lines))]


def _paragraphs(lines: list[str]) -> Iterator[tuple[Token, Counter[str]]]:
    """The paragraphs that stand in nothing else, each with the HTML that is open before it."""
    tokens = _PARSER.parse("\n".join(lines))
    within: Counter[str] = Counter()
    for place, token in enumerate(tokens):
        outer = place > 0 and tokens[place - 1].type == "paragraph_open" and tokens[place - 1].level == 0
        if token.type == "html_block" and token.level == 0:
            _follow(within, token.content)
        if token.type == "inline" and outer and token.map is not None:
            yield token, within


def _follow(within: Counter[str], html: str) -> None:
    """Count which elements are open after this piece of HTML."""
    for closes, name in _HOLDING.findall(_HIDDEN.sub("", html)):
        kind = name.casefold()
        within[kind] = max(0, within[kind] - 1) if closes else within[kind] + 1


def _in_paragraph(token: Token, lines: list[str], within: Counter[str]) -> list[CommandLine]:
    start, end = token.map or (0, 0)
    shown = _shown(token, within)
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


def _shown(token: Token, within: Counter[str]) -> list[str | None]:
    """Of each line of a paragraph the words after `/moot`, or None where it does not begin with that as plain text.

    `within` holds the HTML that is open before the paragraph, and is brought up to what is open after it.
    """
    lines: list[list[Token]] = [[]]
    held = [within.total() > 0]
    for child in token.children or []:
        if child.type in {"softbreak", "hardbreak"}:
            lines.append([])
            held.append(within.total() > 0)
        else:
            lines[-1].append(child)
        if child.type == "html_inline":
            _follow(within, child.content)
    return [None if inside else _words(line) for line, inside in zip(lines, held, strict=True)]


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
