"""The few pieces of Markdown that generated pages are made of. Nothing here knows what a page is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

_INSIDE: Final = re.compile(r"\b[TF]\d+\b(, )?")
_EMPTY: Final = re.compile(r" ?\((, |\s)*\)")
_RULE: Final = re.compile(r"\bR(\d+)\b")


def banner(source: str) -> str:
    """The comment that every generated page starts with."""
    return f"<!-- Generated from {source} by `make docs` (python -m tests.docs.generate). Do not edit it here. -->"


def page(title: str, source: str, *parts: str) -> str:
    """A whole page: banner, title and parts, one blank line between them."""
    return "\n\n".join([banner(source), f"# {title}", *(part.strip("\n") for part in parts if part)]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; bars and line ends inside a cell are escaped."""
    lines = [_row(head), _row(["---"] * len(head))]
    return "\n".join([*lines, *(_row(row) for row in rows)])


def code(text: str) -> str:
    """A code span, fenced widely enough for what is in it; nothing for an empty text."""
    if not text:
        return ""
    fence = "``" if "`" in text else "`"
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def fence(text: str, language: str = "text") -> str:
    """A block of code."""
    return f"```{language}\n{text.rstrip()}\n```"


def choices(values: Iterable[str]) -> str:
    """`"a"` or `"b"`."""
    return " or ".join(code(f'"{value}"') for value in values)


def prose(text: str) -> str:
    """A docstring or a help text with its line breaks undone; paragraphs stay."""
    paragraphs = [" ".join(part.split()) for part in text.strip().split("\n\n")]
    return "\n\n".join(_escaped(paragraph) for paragraph in paragraphs if paragraph)


def sentence(text: str) -> str:
    """A comment as a cell of a table: it begins with a capital and ends with a full stop."""
    text = " ".join(text.split())
    if not text:
        return ""
    first = text.split(maxsplit=1)[0].rstrip(",;")
    if first.isalpha() and first.islower():
        text = text[0].upper() + text[1:]
    return _escaped(text if text[-1] in ".!?" else f"{text}.")


def cited(text: str) -> str:
    """A docstring's words with links for its rules, and without the numbers of threats and faults."""
    kept = _EMPTY.sub("", _INSIDE.sub("", text)).replace(", )", ")")
    return _RULE.sub(r"[R\1](../governance-map.md#r\1)", kept)


def _escaped(text: str) -> str:
    """Signs that Markdown or HTML would take for its own, outside of code spans."""
    parts = text.split("`")
    parts[::2] = [part.replace("<", "&lt;").replace("*", "\\*") for part in parts[::2]]
    return "`".join(parts)


def _row(cells: Sequence[str]) -> str:
    plain = [cell.replace("|", "\\|").replace("\n\n", "<br>").replace("\n", " ") for cell in cells]
    return "| " + " | ".join(plain) + " |"
