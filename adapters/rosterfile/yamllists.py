"""The part of YAML that OWNERS and OWNERS_ALIASES are written in: nested keys with lists of logins, and comments.

Must never guess: what is not of that part is refused with its line, or left alone where it can hold no people.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from adapters.rosterfile.records import Record, Section, Sheet
from adapters.rosterfile.text import Text, refuse
from bot.core.people import fold_login

LOGIN: Final = re.compile(r"[A-Za-z0-9_-]{1,39}")
_KEY: Final = re.compile(
    r"""( *)("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#:'"\[\]{},&*!|>%@`-][^#:]*+|-\w[^#:]*+) *:(?: +(.*)|)$"""
)
_ITEM: Final = re.compile(r"""( *)-( +)(["']?)([^\s"'#:,\[\]{}]+)\3(?:([ \t]+)(#.*))?[ \t]*$""")
_ITEM_START: Final = re.compile(r"( *)-(?:[ \t]|$)")
_FLOW: Final = re.compile(r"\[([^\[\]{}#]*)\][ \t]*(?:#.*)?$")
_TEAM: Final = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")
_WORD: Final = re.compile(r"""[ \t]*((["']?)([^"',]*?)\2)[ \t]*(?:,|$)""")
_BLOCK: Final = re.compile(r"[|>][-+0-9]*[ \t]*(?:#.*)?$")
_EMPTY: Final = re.compile(r"[ \t]*(?:#.*)?$")
_COMMENT: Final = re.compile(r"#+ *([^<>()#]*+)((?:<[^<>\s]*> *+)*+)$")
_MAIL: Final = re.compile(r"<([^<>\s]*)>")
_PEOPLE: Final = re.compile(
    r"approver|reviewer|owner|maintainer|emerit|alumni|lead|member|admin|committer|chair|triage|security|steering", re.I
)
_OTHERS: Final = frozenset(("labels", "options", "files", "no_parent_owners", "component", "components", "features"))
DEEPEST: Final = 16


@dataclass(slots=True, kw_only=True)
class _List:
    """A key that may hold a list: its items, and the first line that is no person's."""

    path: tuple[str, ...]
    index: int
    indent: int
    records: list[Record] = field(default_factory=list)
    odd: int = -1
    flow: tuple[int, int] | None = None
    holds_keys: bool = False


def parse(text: Text) -> Sheet:
    """Every list of people, called by its path of keys. Raises RosterError for what is not understood."""
    reader = _Reader(text=text)
    for index in range(len(text.lines)):
        reader.line(index, text.bare(index).rstrip(" \t"))
    return Sheet(text=text, sections=reader.finish())


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Goes through the lines once. `stack` holds the keys that are open; `skip` is a block scalar's indent."""

    text: Text
    lists: list[_List] = field(default_factory=list)
    stack: list[_List] = field(default_factory=list)
    skip: int = -1

    def line(self, index: int, line: str) -> None:
        indent = len(line) - len(line.lstrip(" "))
        if self.skip >= 0 and (not line or indent > self.skip):
            return
        self.skip = -1
        if not line or line.lstrip().startswith("#") or (line == "---" and not self.lists):
            return
        if "\t" in line[: len(line) - len(line.lstrip())]:
            refuse(self.text.path, index + 1, "a tab indents this line", "indent with spaces, as YAML does")
        key = _KEY.match(line)
        if _ITEM_START.match(line):
            self._item(index, line, indent)
        elif key is not None:
            self._key(index, key)
        elif not (self.stack and indent > self.stack[-1].indent and self.stack[-1].odd >= 0):
            refuse(self.text.path, index + 1, "neither a key nor an item of a list", "write `key:` or `- login`")

    def _key(self, index: int, match: re.Match[str]) -> None:
        indent, rest = len(match[1]), match[3] or ""
        while self.stack and self.stack[-1].indent >= indent:
            self.stack.pop()
        if len(self.stack) >= DEEPEST:
            refuse(self.text.path, index + 1, "keys nested too deep", f"at most {DEEPEST} levels")
        if self.stack:
            self.stack[-1].holds_keys = True
        parents = self.stack[-1].path if self.stack else ()
        found = _List(path=(*parents, match[2].strip().strip("\"'")), index=index, indent=indent)
        if any(other.path == found.path for other in self.lists):
            refuse(self.text.path, index + 1, f"the key {'/'.join(found.path)} is there twice", "join the two")
        self.lists.append(found)
        self.stack.append(found)
        if _BLOCK.fullmatch(rest):
            self.skip, found.odd = indent, index
        elif not _EMPTY.fullmatch(rest):
            self._flow(index, match.start(3), rest, found)

    def _flow(self, index: int, at: int, rest: str, found: _List) -> None:
        match = _FLOW.fullmatch(rest)
        if match is None:
            found.odd = index
            return
        offset = self.text.start(index) + at
        found.flow = (offset + match.start(1), offset + match.end(1))
        for word in _WORD.finditer(rest[: match.end(1)], match.start(1)):
            if not word[0].strip(" \t,"):
                continue
            if not LOGIN.fullmatch(word[3]):
                found.odd = index
            section = "/".join(found.path)
            start, stop = offset + word.start(1), offset + word.end(1)
            found.records.append(Record(section=section, login=word[3], index=index, start=start, stop=stop))

    def _item(self, index: int, line: str, indent: int) -> None:
        while self.stack and self.stack[-1].indent > indent:
            self.stack.pop()
        if not self.stack:
            refuse(self.text.path, index + 1, "an item of no list", "put a key such as `approvers:` above it")
        found, match = self.stack[-1], _ITEM.match(line)
        if match is not None and _TEAM.fullmatch(match[4]):
            return
        if match is None or not LOGIN.fullmatch(match[4]):
            found.odd = index if found.odd < 0 else found.odd
            return
        comment = _COMMENT.fullmatch(match[6].strip()) if match[6] else None
        mails = _MAIL.findall(comment[2]) if comment is not None else []
        found.records.append(
            Record(
                section="/".join(found.path),
                login=match[4],
                name=comment[1].strip() if comment is not None else "",
                email=mails[0] if mails else "",
                extra=(match[6].strip(),) if match[6] and comment is None else tuple(mails[1:]),
                index=index,
            )
        )

    def finish(self) -> tuple[Section, ...]:
        sections: list[Section] = []
        for found in self.lists:
            if found.path[-1] in _OTHERS or (found.holds_keys and not found.records):
                continue
            known = _PEOPLE.search(found.path[-1]) is not None or found.path[0] == "aliases"
            if found.odd >= 0 and (known or found.records):
                if found.path[0] in _OTHERS or not (known and self._is_list(found)):
                    continue
                refuse(self.text.path, found.odd + 1, "this is not a login", "write `- login`, one on a line")
            if found.records or known:
                sections.append(self._section(found))
        return tuple(sections)

    def _is_list(self, found: _List) -> bool:
        return bool(found.records) or _ITEM_START.match(self.text.bare(found.odd)) is not None

    def _section(self, found: _List) -> Section:
        seen: dict[str, int] = {}
        for record in found.records:
            key = fold_login(record.login)
            if key in seen:
                what = f"{record.login} is in {record.section} twice (first: line {seen[key]})"
                refuse(self.text.path, record.index + 1, what, "delete one of the two")
            seen[key] = record.index + 1
        start, stop = found.flow or (-1, -1)
        return Section(
            name="/".join(found.path),
            index=found.index,
            body=found.index + 1,
            records=found.records,
            aliases=(found.path[-1],),
            details=(" " * found.indent,),
            start=start,
            stop=stop,
        )
