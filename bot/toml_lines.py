"""Finds the line of a key in TOML text, so that a mistake can be shown where it stands. It does not parse values."""

from __future__ import annotations

import re

_TABLE = re.compile(r"\s*\[(?P<name>[^\[\]]+)\]\s*(#.*)?$")
_ARRAY = re.compile(r"\s*\[\[(?P<name>[^\[\]]+)\]\]\s*(#.*)?$")
_KEY = re.compile(r"""\s*(?P<key>(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"))*)\s*=""")


class KeyLines:
    """Where the keys of a TOML text stand; the paths are dotted, elements of arrays of tables by number from 0."""

    def __init__(self, text: str) -> None:
        self._lines: dict[str, int] = {}
        counts: dict[str, int] = {}
        prefix = ""
        for number, line in enumerate(text.splitlines(), start=1):
            if match := _ARRAY.match(line):
                name = _clean(match["name"])
                counts[name] = counts.get(name, -1) + 1
                prefix = f"{_numbered(name, counts, own=False)}.{counts[name]}"
            elif match := _TABLE.match(line):
                prefix = _numbered(_clean(match["name"]), counts)
            elif match := _KEY.match(line):
                self._lines.setdefault(f"{prefix}.{_clean(match['key'])}".lstrip("."), number)
                continue
            else:
                continue
            self._lines.setdefault(prefix, number)

    def line(self, path: str) -> int:
        """The line of the key, or of the nearest table above it, or 1."""
        while path:
            if path in self._lines:
                return self._lines[path]
            path = path.rpartition(".")[0]
        return 1


def _clean(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))


def _numbered(name: str, counts: dict[str, int], *, own: bool = True) -> str:
    """`repository.roster` as `repository.1.roster` where `repository` is an array of tables."""
    parts: list[str] = []
    plain: list[str] = []
    pieces = name.split(".")
    for index, piece in enumerate(pieces):
        parts.append(piece)
        plain.append(piece)
        key = ".".join(plain)
        if key in counts and (own or index < len(pieces) - 1):
            parts.append(str(counts[key]))
    return ".".join(parts)
