"""OWNERS and OWNERS_ALIASES of Kubernetes and its neighbours: lists of logins under keys. Edits one item.

Must never re-serialise the YAML: an item is a line, its column of comments stays where it is.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final

from adapters.rosterfile import yamllists
from adapters.rosterfile.editing import SpliceFormat
from adapters.rosterfile.placing import LOGINS, neighbour, successor
from adapters.rosterfile.records import Record, Section, Sheet, Who
from adapters.rosterfile.text import MAX_BYTES, Splice, lines_in, lines_out, opened
from bot.ports import PersonField

_ALIASES: Final = re.compile(rb"^aliases:[ \t]*(?:#.*)?\r?$", re.MULTILINE)
_LISTS: Final = re.compile(
    rb"^[ ]*(?:[a-z_]*(?:approver|reviewer|owner|maintainer|emerit|lead)[a-z_]*):"
    rb"[ \t]*(?:\[|(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*[ \t]*- )",
    re.MULTILINE | re.IGNORECASE,
)
_ITEM: Final = re.compile(r"""( *-[ \t]+)(["']?)[^\s"'#]+\2(?:([ \t]+)#.*)?[ \t]*$""")

_KNOWN: Final = ("approvers", "reviewers", "emeritus_approvers", "emeritus_reviewers")
_NEW: Final = "new"


class _YamlFormat(SpliceFormat):
    """What both have in common."""

    needs: frozenset[PersonField] = frozenset({"login"})
    delimiters: str = "#<>:,[]{}()"

    def parse(self, path: str, data: bytes) -> Sheet:
        """Every list of people under its keys. Raises RosterError for what is not understood."""
        return yamllists.parse(opened(path, data))

    def put(self, sheet: Sheet, section: Section, who: Who, like: Record | None) -> list[Splice]:
        """An item in the order the list has, else its last; indented, quoted and commented as its neighbours are."""
        records = section.records
        before = successor(records, who, LOGINS)
        if section.start >= 0:
            return [_in_flow(sheet, section, who, before)]
        style = neighbour(records, before) or next(reversed(sheet.records), None)
        item = _ITEM.match(sheet.text.bare(style.index)) if style is not None and style.start < 0 else None
        dash, quote = (item[1], item[2]) if item is not None else (f"{section.details[0]}  - ", "")
        if not records:
            dash = section.details[0] + (dash.lstrip(" ") if not dash.startswith(" ") else "  - ")
        line = f"{dash}{quote}{who.login}{quote}"
        line += _comment(sheet, records, line, who, like)
        last = records[-1].index + 1 if records else section.body
        at = before.index if before is not None else last
        return [lines_in(sheet.text, at, [line], like=style.index if style is not None else section.index)]

    def cut(self, sheet: Sheet, record: Record) -> list[Splice]:
        """Without the item's line; from a list on one line, without its word and one comma."""
        if record.start < 0:
            return [lines_out(sheet.text, record.index)]
        text = sheet.text.text
        before = text[: record.start].rstrip(" \t")
        if before.endswith(","):
            return [Splice(start=len(before) - 1, stop=record.stop)]
        behind = text[record.stop :].lstrip(" \t")
        if behind.startswith(","):
            return [Splice(start=record.start, stop=len(text) - len(behind[1:].lstrip(" \t")))]
        return [Splice(start=record.start, stop=record.stop)]


class Owners(_YamlFormat):
    """`approvers:` and `reviewers:` with a login an item, as Prow reads them."""

    name: str = "owners"
    holds: frozenset[PersonField] = frozenset({"login", "name", "email"})

    def create(self, sheet: Sheet, name: str) -> Section | None:
        """One of the keys that Prow itself knows, behind the last list there is: most files gain them so."""
        tops = [each for each in sheet.sections if "/" not in each.name and each.records and each.start < 0]
        if name not in _KNOWN or not tops:
            return None
        last = tops[-1].records[-1].index
        return Section(name=name, index=last, body=last + 1, details=("", _NEW))

    def put(self, sheet: Sheet, section: Section, who: Who, like: Record | None) -> list[Splice]:
        """As in every list; a list that is new comes with its key."""
        splices = super().put(sheet, section, who, like)
        if _NEW not in section.details:
            return splices
        text, item = sheet.text, splices[0].text.strip("\r\n")
        tops = [each.index for each in sheet.sections if "/" not in each.name]
        apart = all(not text.bare(index - 1).strip() for index in tops[1:]) and len(tops) > 1
        lines = [*([""] if apart else []), f"{section.name}:", item]
        return [lines_in(text, section.body, lines, like=section.index)]

    def recognises(self, *, path: str, data: bytes) -> bool:
        """Whether a key such as `approvers:` has a list, and it is no OWNERS_ALIASES."""
        name = PurePosixPath(path).name
        if len(data) > MAX_BYTES or name.startswith("OWNERS_ALIASES") or name.endswith((".md", ".csv", ".toml")):
            return False
        return _LISTS.search(data) is not None and _ALIASES.search(data) is None


class Aliases(_YamlFormat):
    """`aliases:` with a name a list, as OWNERS files refer to them."""

    name: str = "aliases"
    holds: frozenset[PersonField] = frozenset({"login"})

    def recognises(self, *, path: str, data: bytes) -> bool:
        """Whether there is a key `aliases:` at the margin."""
        return len(data) <= MAX_BYTES and _ALIASES.search(data) is not None and not path.endswith((".md", ".toml"))


def _comment(sheet: Sheet, records: list[Record], line: str, who: Who, like: Record | None) -> str:
    """The name and mail address behind the login, where most items have them, in their column."""
    lines = [sheet.text.bare(each.index) for each in records or sheet.records if each.start < 0]
    commented = [each for each in lines if (item := _ITEM.match(each)) and item[3]]
    if not (who.name or who.email) or 2 * len(commented) <= len(lines):
        return ""
    columns = [each.index("#") for each in commented]
    column = max(set(columns), key=columns.count)
    mails = [who.email, *(like.extra if like is not None else ())]
    words = " ".join((who.name, *(f"<{mail}>" for mail in mails if mail))).strip()
    return " " * max(1, column - len(line)) + f"# {words}"


def _in_flow(sheet: Sheet, section: Section, who: Who, before: Record | None) -> Splice:
    """A word in a list on one line."""
    if not section.records:
        return Splice(start=section.start, stop=section.stop, text=who.login)
    if before is not None:
        return Splice(start=before.start, stop=before.start, text=f"{who.login}, ")
    last = section.records[-1]
    return Splice(start=last.stop, stop=last.stop, text=f", {who.login}")
