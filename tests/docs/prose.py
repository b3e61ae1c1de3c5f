"""Reads Markdown for the tests of the documentation: its links, its headings, and what it shows as code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_FENCE: Final = re.compile(r"^(?P<mark>`{3,}|~{3,})(?P<language>[^\n`]*)\n(?P<text>.*?)^(?P=mark)[ \t]*$", re.M | re.S)
_SPAN: Final = re.compile(r"(?<!`)(?P<mark>`+)(?!`)(?P<text>.+?)(?<!`)(?P=mark)(?!`)", re.S)
_LINK: Final = re.compile(r"\]\(\s*<?(?P<target>[^)\s>]+)>?(?:\s+[\"'][^)]*)?\)")
_NAMED: Final = re.compile(r"^\[[^\]]+\]:\s*<?(?P<target>\S+?)>?(?:\s|$)", re.M)
_HTML: Final = re.compile(r"<(?:a|img)\b[^>]*?\b(?:href|src)\s*=\s*[\"'](?P<target>[^\"']+)")
_ANCHOR: Final = re.compile(r"<a\b[^>]*?\b(?:id|name)\s*=\s*[\"'](?P<id>[^\"']+)")
_HEADING: Final = re.compile(r"^#{1,6}[ \t]+(?P<text>.*?)[ \t]*#*[ \t]*$", re.M)
_COMMENT: Final = re.compile(r"<!--.*?-->", re.S)
SHELL: Final = {"", "sh", "bash", "shell", "console", "text"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A line of code that a reader may type, and whether it stands in a block."""

    text: str
    block: bool


def links(text: str) -> Iterator[str]:
    """The target of every link and picture outside of code."""
    bare = _without_code(text)
    for pattern in (_LINK, _NAMED, _HTML):
        for match in pattern.finditer(bare):
            yield match["target"]


def anchors(text: str) -> frozenset[str]:
    """What a link to this page may have behind its `#`: the headings as forges name them, and anchors set by hand."""
    bare = _COMMENT.sub("", _FENCE.sub("", text))
    found: list[str] = [match["id"] for match in _ANCHOR.finditer(bare)]
    for match in _HEADING.finditer(bare):
        name, count = _slug(match["text"]), 0
        while (f"{name}-{count}" if count else name) in found:
            count += 1
        found.append(f"{name}-{count}" if count else name)
    return frozenset(found)


def shown(text: str) -> Iterator[Shown]:
    """Every line of the blocks that may be typed, without prompt and continued lines joined, and every code span."""
    for match in _FENCE.finditer(text):
        if match["language"].strip().split(" ")[0] in SHELL:
            for line in match["text"].replace("\\\n", " ").splitlines():
                yield Shown(text=line.strip().removeprefix("$ "), block=True)
    for match in _SPAN.finditer(_FENCE.sub("", text)):
        yield Shown(text=" ".join(match["text"].split()), block=False)


def _without_code(text: str) -> str:
    return _COMMENT.sub("", _SPAN.sub("", _FENCE.sub("", text)))


def _slug(heading: str) -> str:
    """A heading as forges make an anchor of it."""
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"<[^>]*>", "", heading))
    return re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
