"""The tables of people in a TOML maintainers file: finds them, adds one, removes one with the space it took."""

from __future__ import annotations

from adapters.rosterfile.records import Who
from adapters.rosterfile.text import Splice, Text, lines_in
from adapters.rosterfile.tomlscan import Scan, Table

People = dict[str, Table]


def people(found: Scan) -> People:
    """Every `[people.key]` by its key, in the file's order."""
    return {table.path[1]: table for table in found.tables if len(table.path) == 2 and table.path[0] == "people"}


def referred(found: Scan, key: str, *, but: tuple[int, int]) -> bool:
    """Whether anything outside the table of people has this key, except the place `but`."""
    if any(word.value == key and (word.start, word.stop) != but for array in found.arrays for word in array.words):
        return True
    return any(key in table.values.values() for table in found.tables if table.path[:1] != ("people",))


def added(text: Text, found: Scan, key: str, who: Who) -> Splice:
    """A table for this person, in the order of the others if they have one, else behind the last."""
    present = people(found)
    tables = list(present.values())
    before = next((each for each in tables if key.casefold() < each.path[1].casefold()), None)
    if len(tables) < 2 or [*present] != sorted(present, key=str.casefold):
        before = None
    at = tables.index(before) if before is not None else len(tables)
    style = tables[max(at - 1, 0)] if tables else None
    block = _block(text, style, key, who)
    if before is not None:
        return lines_in(text, before.line, [*block, ""], like=before.line)
    if style is None:
        table = next((each for each in found.tables if each.path == ("people",)), found.tables[-1])
        return lines_in(text, _end(text, table), ["", *block], like=table.line)
    return lines_in(text, style.last + 1, ["", *block], like=style.last)


def removed(text: Text, found: Scan, table: Table) -> Splice:
    """Without this table, its comment and the blank lines up to the next; the last one takes those above it."""
    stop = table.last + 1
    while stop < len(text.lines) and not text.bare(stop).strip():
        stop += 1
    start = table.line
    followed = any(each.line == stop for each in found.tables) or _comment_of_next(text, stop)
    if not followed:
        stop = table.last + 1
        while start > 0 and not text.bare(start - 1).strip():
            start -= 1
    begin = text.start(start)
    if stop >= len(text.lines) and start and not text.lines[-1].endswith("\n"):
        begin = text.start(start - 1) + len(text.bare(start - 1))
    return Splice(start=begin, stop=text.start(stop))


def _comment_of_next(text: Text, index: int) -> bool:
    return index < len(text.lines) and text.bare(index).lstrip().startswith("#")


def _block(text: Text, style: Table | None, key: str, who: Who) -> list[str]:
    """The lines of a table: indented, and its fields called and ordered, as the neighbour's are."""
    said = {"name": who.name or who.login, "email": who.email, "github": who.login}
    if style is None:
        names = ["Name", "Email", "GitHub"]
        head, indent = f"\t[people.{key}]", "\t"
        return [head, *(f'{indent}{name} = "{said[name.casefold()]}"' for name in names if said[name.casefold()])]
    header = text.bare(style.line)
    head = header[: len(header) - len(header.lstrip())] + f"[people.{key}]"
    lines = [head]
    names = [name for name in style.order if name.casefold() in said]
    names += [
        name for name in ("Name", "Email", "GitHub") if name.casefold() not in {each.casefold() for each in names}
    ]
    sample = next((text.bare(index) for index in range(style.line + 1, style.last + 1) if "=" in text.bare(index)), "")
    indent = sample[: len(sample) - len(sample.lstrip())]
    lines += [f'{indent}{name} = "{said[name.casefold()]}"' for name in names if said[name.casefold()]]
    return lines


def _end(text: Text, table: Table) -> int:
    """The line behind a table and the comments in it."""
    index = table.last + 1
    while index < len(text.lines) and (not text.bare(index).strip() or text.bare(index).lstrip().startswith("#")):
        index += 1
    while index > table.last + 1 and not text.bare(index - 1).strip():
        index -= 1
    return index
