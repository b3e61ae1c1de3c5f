"""The blocks of a Markdown file in which people can stand: items of lists and tables, with the headings above them.

Block structure is markdown-it's; nothing inside a line is parsed here. Must never look into code, quotes or HTML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from adapters.rosterfile.text import Text, refuse

MAX_BYTES: Final = 1 << 18
_SUMMARY: Final = re.compile(r"<summary>(.*?)</summary>", re.IGNORECASE | re.DOTALL)
_TAG: Final = re.compile(r"<[^<>]*>")
_LINK: Final = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_LEAD: Final = re.compile(r"[^\n@<>]{1,80}:")
_LEFT: Final = re.compile(
    r"(?:[\w-]+ ){0,3}(?:emerit|alumn|former|past|inactive|retired)\w*(?: [\w-]+){0,3}", re.IGNORECASE
)
_BOLD: Final = re.compile(r"(\*\*|__)([^\n*_@<>]{1,80})\1:?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What stands above a block: the nearest heading with all those above it, its line, and a line that leads in."""

    heading: str
    parents: tuple[str, ...]
    index: int
    lead: str = ""


@dataclass(slots=True, kw_only=True)
class Item:
    """One item of a list: the lines `index` up to `stop`, of which the first `own` are its own text."""

    index: int
    stop: int
    own: int
    place: Place
    inside: bool
    nested: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table: its header's line, and its rows' lines up to `stop`."""

    index: int
    stop: int
    place: Place


@dataclass(slots=True, kw_only=True)
class Blocks:
    """All lists as their outermost items, all tables, and the headings with nothing below them."""

    lists: list[list[Item]] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    bare: list[Place] = field(default_factory=list)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def blocks(text: Text) -> Blocks:
    """The file's blocks. Raises RosterError for a file that is too large to be one."""
    if len(text.text) > MAX_BYTES:
        refuse(text.path, 0, f"the file has {len(text.text)} characters", f"keep Markdown under {MAX_BYTES}")
    walker = _Walker(text=text, tokens=_parser().parse(text.text))
    walker.walk()
    return walker.found


def plain(written: str) -> str:
    """A heading's words without their marks."""
    return " ".join(_TAG.sub("", _LINK.sub(r"\1", written)).replace("*", "").replace("`", "").split())


@dataclass(slots=True, kw_only=True)
class _Walker:
    """Goes through the tokens once. `level` and `names` are the headings that are open."""

    text: Text
    tokens: list[Token]
    found: Blocks = field(default_factory=Blocks)
    names: list[tuple[int, str]] = field(default_factory=list)
    index: int = 0
    summary: str = ""
    lead: str = ""
    empty: bool = False
    at: int = 0

    def walk(self) -> None:
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.level == 0 and token.nesting >= 0:
                self._block(token)
            self.at += 1
        if self.empty:
            self.found.bare.append(self._place())

    def _block(self, token: Token) -> None:
        first = token.map[0] if token.map else 0
        if token.type == "heading_open":
            if self.empty:
                self.found.bare.append(self._place())
            level = int(token.tag[1:])
            self.names = [each for each in self.names if each[0] < level]
            self.names.append((level, plain(self.tokens[self.at + 1].content)))
            self.index, self.lead, self.summary, self.empty = first, "", "", True
            return
        self.empty = False
        lead, self.lead = self.lead, ""
        match token.type:
            case "paragraph_open":
                self.lead = _lead(self.tokens[self.at + 1].content)
            case "html_block":
                self._html(token.content, first)
            case "bullet_list_open" | "ordered_list_open":
                self.lead = lead
                self.found.lists.append(self._list(self.at, self._place(), inside=False))
                self.lead = ""
            case "table_open":
                self.lead = lead
                grid = Grid(index=first, stop=token.map[1] if token.map else first, place=self._place())
                self.found.grids.append(grid)
                self.lead = ""

    def _html(self, content: str, first: int) -> None:
        summary = _SUMMARY.search(content)
        if summary is not None:
            self.summary, self.index = plain(summary[1]), first
        elif "</details" in content.lower():
            self.summary = ""

    def _place(self) -> Place:
        parents = tuple(name for _, name in self.names)
        if self.summary:
            return Place(heading=self.summary, parents=parents, index=self.index, lead=self.lead)
        heading = parents[-1] if parents else ""
        return Place(heading=heading, parents=parents[:-1], index=self.index, lead=self.lead)

    def _list(self, at: int, place: Place, *, inside: bool) -> list[Item]:
        """The items of the list that opens at this token; items of lists within go to their own item."""
        level, items = self.tokens[at].level, []
        at += 1
        while self.tokens[at].level > level:
            token = self.tokens[at]
            if token.type == "list_item_open" and token.level == level + 1:
                items.append(self._item(at, place, inside=inside))
            elif token.type in {"bullet_list_open", "ordered_list_open"} and token.level == level + 2:
                items[-1].nested += self._list(at, place, inside=True)
            at += 1
        return items

    def _item(self, at: int, place: Place, *, inside: bool) -> Item:
        first, stop = self.tokens[at].map or (0, 0)
        while stop > first + 1 and not self.text.bare(stop - 1).strip():
            stop -= 1
        after = self.tokens[at + 1]
        own = after.map[1] - first if after.type == "paragraph_open" and after.map else 0
        return Item(index=first, stop=stop, own=own, place=place, inside=inside)


def _lead(content: str) -> str:
    """A paragraph that leads in what follows: one line that ends in a colon, is bold, or says that people have left."""
    bold = _BOLD.fullmatch(content.strip())
    if bold is not None:
        return plain(bold[2]).rstrip(":")
    if _LEAD.fullmatch(content.strip()) or _LEFT.fullmatch(content.strip()):
        return plain(content).rstrip(":")
    return ""
