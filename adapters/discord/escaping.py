"""Text that people typed, made to arrive on Discord as the text that it is: no markup, no mention, no live link.

Lengths are counted in UTF-16 units, the most that Discord may count, so that what fits here fits there.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_MARKUP: Final = re.compile(r"[\\*_~`|<\[\]@]")
_LINE_START: Final = re.compile(r"^([ \t]*)([>#+-])", re.MULTILINE)
_NUMBERED: Final = re.compile(r"^([ \t]*[0-9]+)([.)])", re.MULTILINE)
_SCHEME: Final = re.compile(r":(?=//)")
_DOMAIN: Final = re.compile(r"(?<=[^\W_])\.(?=[^\W\d_]{2})")
_JOINERS: Final = frozenset("\u200c\u200d\ufe0e\ufe0f")
_TONES: Final = range(0x1F3FB, 0x1F400)


def width(text: str) -> int:
    """The length in UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)


def escaped(text: str) -> str:
    """The text so that Discord shows it letter by letter.

    Covers what `discord.utils.escape_markdown` leaves alive: `<t:..>`, `</cmd:..>`, mentions, masked links,
    addresses with a scheme or without, headings, lists and quotations.
    """
    text = _MARKUP.sub(r"\\\g<0>", text)
    text = _LINE_START.sub(r"\1\\\2", text)
    text = _NUMBERED.sub(r"\1\\\2", text)
    return _DOMAIN.sub(r"\\.", _SCHEME.sub(r"\\:", text))


def shown(text: str, limit: int) -> str:
    """The escaped text, or as much of its beginning as fits into `limit` with a note of how much is left out."""
    whole = escaped(text)
    if width(whole) <= limit:
        return whole
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width(_begun(text, middle)) <= limit:
            low = middle
        else:
            high = middle - 1
    return _begun(text, _boundary(text, low))


def _begun(text: str, length: int) -> str:
    note = f"… ({len(text) - length} more characters do not fit here)"
    return f"{escaped(text[:length].rstrip())}{note}"


def _boundary(text: str, length: int) -> int:
    """The length, or a little less, where no sign is torn from what belongs to it."""
    while 0 < length < len(text) and (_joins(text[length]) or text[length - 1] == "\u200d"):
        length -= 1
    return length


def _joins(char: str) -> bool:
    return char in _JOINERS or ord(char) in _TONES or unicodedata.combining(char) > 0


def code(text: str, limit: int = 300) -> str:
    """The text as code to copy: one line, whatever backticks are in it."""
    plain = " ".join(text.split())[:limit]
    if "`" not in plain:
        return f"`{plain}`"
    return f"`` {plain} ``" if "``" not in plain else escaped(plain)


def link(text: str, url: str) -> str:
    """A link that the bot made itself, without a preview."""
    safe = url.replace(" ", "%20").replace("<", "%3C").replace(">", "%3E").replace(")", "%29").replace("(", "%28")
    return f"[{escaped(text)}](<{safe}>)"
