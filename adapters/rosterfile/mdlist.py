"""Markdown lists, a person an item: `* Name <mail> ([login](url))`, or several behind a label. Edits one item.

Must never add a label: where it belongs among the others only a person knows.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import PurePosixPath
from typing import Final

from adapters.rosterfile.editing import SpliceFormat
from adapters.rosterfile.mdblocks import MAX_BYTES
from adapters.rosterfile.mdlist_parse import Listed, dash_of, dashed, next_dash, own_shape, parse, shape_at
from adapters.rosterfile.placing import NAMES_FIRST, successor
from adapters.rosterfile.records import Record, Section, Sheet, Who
from adapters.rosterfile.shapes import MARKS, best, pronounced, rendered
from adapters.rosterfile.text import Splice, lines_in, lines_out, opened, refuse
from bot.ports import PersonField, RosterError

_PLAIN: Final = "\x02 <\x03> ([\x01](https://github.com/\x01))"


class MdList(SpliceFormat):
    """A list under a heading, each item a person; a label such as `tsdb` before people is a section of its own."""

    name: str = "md-list"
    needs: frozenset[PersonField] = frozenset()
    holds: frozenset[PersonField] = frozenset({"login", "name", "email", "company"})
    delimiters: str = "<>[]()`*_|\\@,;:/"
    largest: int = MAX_BYTES

    def recognises(self, *, path: str, data: bytes) -> bool:
        """Whether it is Markdown with a list that has a person's login or mail address in it."""
        if len(data) > MAX_BYTES:
            return False
        suffix = PurePosixPath(path).suffix
        if suffix not in {".md", ".markdown"} and (suffix or b"](https://git" not in data):
            return False
        try:
            return any(record.login or record.email for record in self.parse(path, data).records)
        except RosterError:
            return False

    def parse(self, path: str, data: bytes) -> Sheet:
        """Every list with people in it, called by its heading, and by what leads it in or labels it."""
        return parse(opened(path, data))

    def put(self, sheet: Sheet, section: Section, who: Who, like: Record | None) -> list[Splice]:
        """An item in the order that the list has, else its last, in the shape of its neighbours."""
        if not (who.name or who.login):
            refuse(sheet.text.path, 0, "a list names people, and neither name nor login is given", "give the name")
        records, text = section.records, sheet.text
        own = [shape_at(text, each) for each in reversed(records)]
        everyone = [shape_at(text, each) for each in reversed(sheet.records)]
        if not any(own) or (like is None and who.login and not any(MARKS["login"] in shape for shape in own)):
            own += everyone
        shape = best([each for each in own if each], who)
        written = rendered(shape or _PLAIN, who)
        if like is not None and (shape is None or pronounced(own_shape(like), shape)):
            written = rendered(own_shape(like) or _PLAIN, who)
        if Listed.LABEL in section.details:
            unclear = next((each for each in records if each.fixed), None)
            if unclear is not None:
                refuse(text.path, unclear.index + 1, unclear.fixed, "edit this line by hand")
            return [_behind_label(sheet, section, written)]
        before = successor(records, who, NAMES_FIRST)
        dash = dash_of(text, records[-1] if records else None, sheet, like)
        if not records:
            return [_first(sheet, section, (dash + written).split("\n"))]
        last = records[-1]
        if before is None:
            dash = next_dash(dash, dashed(text, records[-2].index) if len(records) > 1 else "")
        at = before.index if before is not None else last.index + last.height
        gap = _loose(sheet, records)
        lines = (dash + written).split("\n")
        if gap:
            lines = [*lines, ""] if before is not None else ["", *lines]
        return [lines_in(text, at, lines, like=last.index)]

    def cut(self, sheet: Sheet, record: Record) -> list[Splice]:
        """Without the item and what is below it, or without the person and a comma where several share it."""
        text = sheet.text
        section = next(each for each in sheet.sections if each.name == record.section)
        if record.start < 0:
            if not _loose(sheet, section.records):
                return [lines_out(text, record.index, record.height)]
            last = record is section.records[-1]
            return [lines_out(text, record.index - last, record.height + 1)]
        mates = section.records
        at = mates.index(record)
        if at + 1 < len(mates):
            return [Splice(start=record.start, stop=mates[at + 1].start)]
        if at:
            return [Splice(start=mates[at - 1].stop, stop=record.stop)]
        if Listed.PARENT in section.details:
            return [Splice(start=section.start, stop=record.stop)]
        return [lines_out(text, section.index, record.height)]


def _loose(sheet: Sheet, records: list[Record]) -> bool:
    """Whether a blank line stands between the items."""
    text = sheet.text
    gaps = [b.index == a.index + a.height + 1 and not text.bare(b.index - 1).strip() for a, b in pairwise(records)]
    return bool(gaps) and all(gaps)


def _behind_label(sheet: Sheet, section: Section, written: str) -> Splice:
    """One more person behind a label: after the last there, or the first."""
    if section.records:
        at = section.records[-1].stop
        return Splice(start=at, stop=at, text=f", {written}")
    colon = sheet.text.text[section.start - 1 : section.start] == ":"
    return Splice(start=section.start, stop=section.start, text=f" {written}" if colon else f": {written}")


def _first(sheet: Sheet, section: Section, item: list[str]) -> Splice:
    """The first item of a list: below its heading, with a blank line above and below."""
    text, at = sheet.text, section.body
    lines = item
    if at >= len(text.lines) or text.bare(at).strip():
        lines = ["", *item, *([""] if at < len(text.lines) else [])]
    else:
        at += 1
        if at < len(text.lines) and text.bare(at).strip():
            lines = [*item, ""]
    return lines_in(text, min(at, len(text.lines)), lines, like=section.index)
