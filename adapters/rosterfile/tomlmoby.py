"""The TOML format of moby and docker/cli: lists of keys by section, and a table of people that the keys refer to.

Must never remove a person's table while anything else in the file refers to it.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any, Final

from adapters.rosterfile import tomlblocks, tomlentries
from adapters.rosterfile.editing import SpliceFormat
from adapters.rosterfile.records import Record, Section, Sheet, Who
from adapters.rosterfile.text import MAX_BYTES, Splice, Text, opened, refuse
from adapters.rosterfile.tomlscan import Array, Scan, scan
from bot.core.people import fold_login
from bot.ports import PersonField

_PEOPLE: Final = re.compile(rb"^[ \t]*\[[ \t]*people(?:[ \t]*\.[^\]\n]*)?\]", re.MULTILINE)
_LIST: Final = re.compile(rb"^[ \t]*\[[ \t]*(?:Org|org)\b|^[ \t]*people[ \t]*=[ \t]*\[", re.MULTILINE)
DEEPEST: Final = 16


class TomlMoby(SpliceFormat):
    """`people = ["key"]` under `[Org."Core maintainers"]`, and `[people.key]` with Name, Email and GitHub."""

    name: str = "toml-moby"
    needs: frozenset[PersonField] = frozenset({"login"})
    holds: frozenset[PersonField] = frozenset({"login", "name", "email"})
    delimiters: str = "\\,;"

    def recognises(self, *, path: str, data: bytes) -> bool:
        """Whether there is a table of people, and a list of them."""
        return len(data) <= MAX_BYTES and _PEOPLE.search(data) is not None and _LIST.search(data) is not None

    def parse(self, path: str, data: bytes) -> Sheet:
        """Every list of people, called by its table. Raises RosterError for what is no TOML, or other TOML."""
        text = opened(path, data)
        found = scan(text)
        _agree(text, found)
        people = tomlblocks.people(found)
        sections = [_section(array, people) for array in found.arrays if _lists_people(array, people)]
        for index, section in enumerate(sections):
            if any(other.name == section.name for other in sections[:index]):
                refuse(path, section.index + 1, f"a second list {section.name}", "join the two")
        rest = [
            (key, *(part for pair in sorted(table.values.items()) for part in pair)) for key, table in people.items()
        ]
        return Sheet(text=text, sections=tuple(sections), rest=tuple(rest))

    def put(self, sheet: Sheet, section: Section, who: Who, like: Record | None) -> list[Splice]:
        """Their key in the list, and their table if they have none yet; both in the order that is there."""
        found = scan(sheet.text)
        people = tomlblocks.people(found)
        key = _key_of(sheet.text.path, people, who, like)
        array = _array(found, section)
        splices = [tomlentries.added(sheet.text, array, key)]
        if key not in people:
            splices.append(tomlblocks.added(sheet.text, found, key, who))
        return splices

    def cut(self, sheet: Sheet, record: Record) -> list[Splice]:
        """Without their key in this list, and without their table if nothing refers to it any more."""
        found = scan(sheet.text)
        splices = self.lift(sheet, record)
        block = tomlblocks.people(found).get(record.anchor)
        if block is not None and not tomlblocks.referred(found, record.anchor, but=(record.start, record.stop)):
            splices.append(tomlblocks.removed(sheet.text, found, block))
        return splices

    def lift(self, sheet: Sheet, record: Record) -> list[Splice]:
        """Without their key in this list; their table stays for where they move to."""
        array = next(each for each in scan(sheet.text).arrays if each.start <= record.start < each.stop)
        word = next(each for each in array.words if each.start == record.start)
        return tomlentries.removed(sheet.text, array, word)


def _agree(text: Text, found: Scan) -> None:
    """Refuse a file that is no TOML, or one that `tomllib` reads otherwise than it was scanned."""
    try:
        data = tomllib.loads(text.text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        match = re.search(r"line (\d+)", str(error))
        refuse(
            text.path, int(match[1]) if match else 0, "not TOML: " + str(error).partition(" (")[0], "mend it by hand"
        )
    for array in found.arrays:
        if _at(data, array.path) != [word.value for word in array.words]:
            refuse(text.path, array.line + 1, "a list is written with escapes", "write its strings plainly")
    for table in found.tables:
        for key, value in table.values.items():
            if _at(data, (*table.path, *key.split("."))) != value and table.path[:1] == ("people",):
                refuse(text.path, table.line + 1, f"{key} is written with escapes", "write it plainly")
    listed = data.get("people")
    tables = {table.path[1] for table in found.tables if len(table.path) == 2 and table.path[0] == "people"}
    if isinstance(listed, dict) and set(listed) != tables:
        refuse(text.path, 0, "a person has no table of their own", "write `[people.key]` for each")


def _at(data: Any, path: tuple[str, ...]) -> Any:
    for part in path:
        data = data.get(part) if isinstance(data, dict) else None
    return data


def _lists_people(array: Array, people: tomlblocks.People) -> bool:
    if array.path[-1] == "people":
        return len(array.path) > 1
    return bool(array.words) and all(word.value in people for word in array.words)


def _section(array: Array, people: tomlblocks.People) -> Section:
    path = array.path[:-1] if array.path[-1] == "people" else array.path
    name = ".".join(path)
    section = Section(name=name, index=array.line, body=array.line, aliases=(path[-1],), start=array.start)
    section.stop = array.stop
    for word in array.words:
        table = people.get(word.value)
        values = {key.casefold(): value for key, value in table.values.items()} if table is not None else {}
        section.records.append(
            Record(
                section=name,
                login=values.get("github", ""),
                name=values.get("name", "") if table is not None else word.value,
                email=values.get("email", ""),
                extra=(word.value,),
                index=word.line,
                start=word.start,
                stop=word.stop,
                aliases=(word.value,),
                anchor=word.value,
            )
        )
    return section


def _array(found: Scan, section: Section) -> Array:
    return next(each for each in found.arrays if each.start == section.start)


def _key_of(path: str, people: tomlblocks.People, who: Who, like: Record | None) -> str:
    """The key of the person: the one they have, else their login, in lower case where all keys are."""
    if like is not None:
        return like.anchor
    wanted = fold_login(who.login)
    for key, table in people.items():
        if any(fold_login(value) == wanted for name, value in table.values.items() if name.casefold() == "github"):
            return key
    taken = next((table for key, table in people.items() if key.casefold() == wanted), None)
    if taken is not None:
        what = f"the key {wanted} is another person's, whose login differs"
        refuse(path, taken.line + 1, what, "add the person by hand, with a key of their own")
    return wanted if all(key == key.lower() for key in people) else who.login
