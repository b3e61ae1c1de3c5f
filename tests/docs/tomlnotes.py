"""What the comments of a TOML file say about its keys. It reads comments only; the values are tomllib's business."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_TABLE: Final = re.compile(r"\[{1,2}(?P<name>[A-Za-z0-9_.-]+)\]{1,2}\Z")
_KEY: Final = re.compile(r"(?P<key>[a-z0-9][a-z0-9-]*)\s*=\s*\S")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """The notes by dotted path (`repository.roster.path`), and the keys whose line is commented out."""

    tables: Mapping[str, str]
    keys: Mapping[str, str]
    switched_off: frozenset[str]


def notes(text: str) -> Notes:
    """Read the comments: the one behind a key, and the lines above a table or behind its name.

    A line such as `# holidays = "US"   # days off` is a key that is switched off, with its note.
    """
    tables: dict[str, str] = {}
    keys: dict[str, str] = {}
    off: set[str] = set()
    above: list[str] = []
    table = last = ""
    for line in text.splitlines():
        code, comment = _split(line)
        commented = re.match(r"#\s?(?P<rest>.*)", line)
        if header := _TABLE.match(code):
            table, last = header["name"], ""
            tables.setdefault(table, " ".join(filter(None, [*above, comment])))
        elif key := _KEY.match(code):
            last = f"{table}.{key['key']}".lstrip(".")
            keys.setdefault(last, comment)
        elif commented and (header := _TABLE.match(_split(commented["rest"])[0])):
            table, last = header["name"], ""
            tables.setdefault(table, " ".join(filter(None, [*above, _split(commented["rest"])[1]])))
        elif commented and (key := _KEY.match(commented["rest"])) and table:
            _, comment = _split(commented["rest"])
            last = f"{table}.{key['key']}"
            keys.setdefault(last, comment)
            off.add(last)
        elif comment and not code:
            if line[:1] == " " and last in keys:
                keys[last] = f"{keys[last]} {comment}"
            else:
                above.append(comment)
                continue
        above = []
    return Notes(tables=tables, keys=keys, switched_off=frozenset(off))


def switched_on(text: str) -> str:
    """The same text with every commented-out key and table in force."""
    lines = text.splitlines(keepends=True)
    begun = False
    for index, line in enumerate(lines):
        begun = begun or line.startswith("[")
        match = re.match(r"#\s?(?P<rest>.*)", line, re.DOTALL)
        if begun and match and (_KEY.match(match["rest"]) or _TABLE.match(_split(match["rest"])[0])):
            lines[index] = match["rest"]
    return "".join(lines)


def _split(line: str) -> tuple[str, str]:
    """A line's code and its comment; a `#` inside quotes begins none."""
    quote = ""
    for index, char in enumerate(line):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char == "#":
            return line[:index].strip(), line[index:].lstrip("#").strip()
    return line.strip(), ""
