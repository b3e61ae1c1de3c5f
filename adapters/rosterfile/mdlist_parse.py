"""Reads the lists of a Markdown file into sections and people.

Must never count an item twice, nor take prose for a person: a list without a login or mail address is no list of
people, unless its heading says that it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from adapters.rosterfile.mdblocks import Item, Place, blocks, plain
from adapters.rosterfile.mdpeople import Found, logins, person, several
from adapters.rosterfile.mdtable import aliases_of
from adapters.rosterfile.records import Record, Section, Sheet
from adapters.rosterfile.text import Text

_DASH: Final = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_LABEL: Final = re.compile(
    r"(`[^`\n]+`[^`:<>@\[\]()\n]*?|\*\*[^*\n]+?\*\*|[^`:<>@\[\]()*\n]{1,60}?)(?::\*\*|\*\*:|:)(?=\s|$)[ \t]*"
)
_NUMBER: Final = re.compile(r"([ \t]*)(\d{1,9})")
_CODE: Final = re.compile(r"`([^`\n]+)`")
_ROLE: Final = re.compile(
    r"\b(maintainers?|reviewers?|committers?|approvers?|owners?|leads?|emerit\w*|alumni|former|past|members?|chairs?)\b",
    re.IGNORECASE,
)
_NAME: Final = re.compile(r"[^\W\d_][^\n,:;()\[\]<>@`|*_/]{1,59}")


class Listed:
    """What is remembered of a section that is a label in a list."""

    LABEL: Final = "label"
    PARENT: Final = "parent"


@dataclass(slots=True, kw_only=True)
class _Piece:
    """An item's own text, and where in the file each of its characters stands."""

    text: str
    places: list[int]


def parse(text: Text) -> Sheet:
    """Every section with people in it, in the file's order."""
    found = blocks(text)
    reader = _Reader(text=text)
    for items in found.lists:
        reader.list(items)
    named = {section.name for section in reader.sections}
    for place in found.bare:
        if place.heading not in named and _ROLE.search(place.heading):
            section = Section(name=place.heading, index=place.index, body=place.index + 1, details=("bare",))
            reader.sections.append(section)
    return Sheet(text=text, sections=tuple(sorted(reader.sections, key=lambda each: each.index)))


def above_of(place: Place) -> str:
    """What a list is called: its heading, and the line that leads it in where there is one."""
    return f"{place.heading} / {place.lead}".strip() if place.lead else place.heading


def dash_of(text: Text, record: Record | None, sheet: Sheet, like: Record | None) -> str:
    """What stands before an item's text: as the record's, else as in the file's first list, else as it came."""
    known = record or next((each for each in sheet.records if each.start < 0), None)
    dash = dashed(text, known.index) if known is not None else ""
    came = _DASH.match(like.written) if like is not None else None
    return dash or (came[0] if came is not None else "* ")


def next_dash(dash: str, above: str) -> str:
    """What stands before the item after the last: a number goes on, unless the list has the same for all."""
    number, before = _NUMBER.match(dash), _NUMBER.match(above)
    if number is None or (before is not None and before[2] == number[2]):
        return dash
    return f"{number[1]}{int(number[2]) + 1}{dash[number.end() :]}"


def own_shape(record: Record) -> str:
    """The shape of the text that a record came with, from another list or from none."""
    match = _DASH.match(record.written)
    found = person(record.written[match.end() :]) if match is not None else None
    return found.shape if found is not None else ""


def dashed(text: Text, index: int) -> str:
    """What stands before an item's text on its first line."""
    match = _DASH.match(text.bare(index))
    return match[0] if match is not None else ""


def shape_at(text: Text, record: Record) -> str:
    """The shape of a record's text; nothing where it has none to follow."""
    if record.start >= 0:
        found = person(text.text[record.start : record.stop])
        return found.shape if found is not None else ""
    written = _written(text, record.index, record.own)
    found = person(written)
    if found is not None:
        return found.shape
    return "\x02" if written.strip() == record.name else ""


def _written(text: Text, index: int, own: int) -> str:
    """An item's own lines without its dash; the others with their indents."""
    line = text.bare(index)
    match = _DASH.match(line)
    lines = [line[match.end() :] if match is not None else line]
    lines += [text.bare(each) for each in range(index + 1, index + own)]
    return "\n".join(each.rstrip() for each in lines)


@dataclass(slots=True, kw_only=True)
class _Reader:
    text: Text
    sections: list[Section] = field(default_factory=list)

    def list(self, items: list[Item]) -> None:
        """One outermost list: its items' people, and those of the labels in it."""
        place = items[0].place if items else None
        if place is None:
            return
        everyone = [item for each in items for item in _flat(each)]
        if not any(logins(self._piece(item).text) or person(self._piece(item).text) for item in everyone):
            if not (_ROLE.search(place.heading) or _ROLE.search(place.lead)) or any(item.nested for item in items):
                return
            if not all(_NAME.fullmatch(self._piece(item).text) for item in items):
                return
        name = above_of(place)
        section = Section(name=name, index=place.index, body=items[0].index, aliases=aliases_of(place, name))
        section.index = place.index if place.heading and not place.lead else max(items[0].index - 1, 0)
        self.sections.append(section)
        for item in items:
            self._item(item, section, place)
        if not section.records:
            self.sections.remove(section)

    def _piece(self, item: Item) -> _Piece:
        """The item's own text on all its lines, without the dash and the indents."""
        parts: list[str] = []
        places: list[int] = []
        for index in range(item.index, item.index + max(item.own, 0)):
            line = self.text.bare(index)
            match = _DASH.match(line) if index == item.index else None
            start = match.end() if match is not None else len(line) - len(line.lstrip())
            stop = max(len(line.rstrip()), start)
            if parts:
                parts.append("\n")
                places.append(places[-1] if places else self.text.start(item.index))
            parts.append(line[start:stop])
            places += range(self.text.start(index) + start, self.text.start(index) + stop)
        return _Piece(text="".join(parts), places=places)

    def _item(self, item: Item, section: Section, place: Place) -> None:
        """One item. People below a label are the label's; people below a person are nobody's but theirs."""
        piece = self._piece(item)
        label = _LABEL.match(piece.text)
        found = several(piece.text) or []
        below = any(logins(self._piece(each).text) for each in _flat(item) if each is not item)
        if label is not None and _is_label(label[1], piece.text[label.end() :]):
            self._below(item, self._labelled(item, piece, label, place), place)
        elif _CODE.fullmatch(piece.text) or (below and not logins(piece.text) and not found):
            self._below(item, self._label(item, piece, plain(piece.text), len(piece.text), place), place)
        elif len(found) == 1:
            section.records.append(self._whole(item, section, found[0], below=below))
        elif found or logins(piece.text):
            self._unclear(item, piece, section)
        elif piece.text and not item.inside:
            name = " ".join(piece.text.split())[:200]
            height = item.stop - item.index
            section.records.append(Record(section=section.name, name=name, index=item.index, height=height))

    def _below(self, item: Item, section: Section, place: Place) -> None:
        for each in item.nested:
            self._item(each, section, place)

    def _whole(self, item: Item, section: Section, found: Found, *, below: bool) -> Record:
        fixed = "other people stand below this item" if below else ""
        return Record(
            section=section.name,
            login=found.login,
            name=found.name,
            email=found.email,
            company=found.company,
            extra=tuple(self.text.bare(index).strip() for index in range(item.index + 1, item.stop)),
            index=item.index,
            height=item.stop - item.index,
            own=max(item.own, 1),
            written=dashed(self.text, item.index) + _written(self.text, item.index, max(item.own, 1)),
            fixed="this person stands below a label" if Listed.LABEL in section.details else fixed,
        )

    def _labelled(self, item: Item, piece: _Piece, label: re.Match[str], place: Place) -> Section:
        section = self._label(item, piece, label[1], len(label[0].rstrip()), place)
        rest, offset = piece.text[label.end() :], label.end()
        found = several(rest)
        if found is None:
            self._unclear(item, piece, section)
            return section
        for each in found:
            stop = each.start + len(rest[each.start : each.stop].rstrip())
            section.records.append(
                Record(
                    section=section.name,
                    login=each.login,
                    name=each.name,
                    email=each.email,
                    company=each.company,
                    index=item.index,
                    height=item.stop - item.index,
                    start=piece.places[offset + each.start],
                    stop=piece.places[offset + stop - 1] + 1,
                )
            )
        return section

    def _label(self, item: Item, piece: _Piece, written: str, stop: int, place: Place) -> Section:
        code = _CODE.search(written)
        short = code[1] if code is not None and written.startswith("`") else plain(written)
        above = above_of(place)
        details = (Listed.LABEL, *((Listed.PARENT,) if item.nested else ()))
        section = Section(
            name=f"{above} / {short}".strip(),
            index=item.index,
            body=item.index,
            aliases=tuple(dict.fromkeys((f"{above} / {plain(written)}", f"{place.heading} / {short}".strip(), short))),
            details=details,
            start=piece.places[stop - 1] + 1 if stop else -1,
        )
        self.sections.append(section)
        return section

    def _unclear(self, item: Item, piece: _Piece, section: Section) -> None:
        """People on a line that cannot be told apart for certain: shown, never edited."""
        for login in dict.fromkeys(logins(piece.text)):
            section.records.append(
                Record(
                    section=section.name,
                    login=login,
                    index=item.index,
                    height=item.stop - item.index,
                    fixed="several people stand here, and where one ends and the next begins is not clear",
                )
            )


def _is_label(written: str, rest: str) -> bool:
    """Whether what stands before a colon is a label: code, bold, or words before a person with a name."""
    if written.startswith(("`", "**")):
        return True
    found = several(rest)
    return found is not None and all(each.name for each in found)


def _flat(item: Item) -> list[Item]:
    """The item and all below it."""
    return [item, *(below for each in item.nested for below in _flat(each))]
