"""Keys in a TOML list of people: puts one in or takes one out. Must keep to its neighbours' commas and indents."""

from __future__ import annotations

from adapters.rosterfile.text import Splice, Text, lines_in
from adapters.rosterfile.tomlscan import Array, Word


def added(text: Text, array: Array, key: str) -> Splice:
    """The key in the order that the list has, else behind its last one."""
    words = array.words
    before = _before(words, key)
    if not _tall(text, array):
        return _in_line(text, array, key, before)
    if not words:
        indent = _indent(text, array.line) + _step(text, array)
        return lines_in(text, array.line + 1, [f'{indent}"{key}"'], like=array.line)
    quote = text.text[words[-1].start]
    spaced = _commented(text, array) and len(words) > 1 and not text.bare(_top(text, words[1]) - 1).strip()
    if before is not None:
        line = f"{_indent(text, before.line)}{quote}{key}{quote},"
        top = _top(text, before) if _commented(text, array) else before.line
        return lines_in(text, top, [line, *([""] if spaced else [])], like=before.line)
    last = words[-1]
    line = f"{_indent(text, last.line)}{quote}{key}{quote}"
    end = text.end_style(last.line)
    gap = end if spaced else ""
    comma = _comma(text, array)
    if comma >= 0:
        at = text.start(last.line) + len(text.bare(last.line))
        return Splice(start=at, stop=at, text=f"{end}{gap}{line},")
    tail = text.text[last.stop : text.start(last.line) + len(text.bare(last.line))]
    stop = last.stop + len(tail)
    return Splice(start=last.stop, stop=stop, text=f",{tail}{end}{gap}{line}")


def removed(text: Text, array: Array, word: Word) -> list[Splice]:
    """Without this key; with it go its line, the comment on it where the list comments each, and a comma too many."""
    at = array.words.index(word)
    if not _alone(text, array, word):
        return [_out_of_line(text, array, at)]
    top = _top(text, word) if _commented(text, array) else word.line
    bottom = word.line + 1
    blank_above = top > 0 and not text.bare(top - 1).strip()
    blank_below = bottom < len(text.lines) and not text.bare(bottom).strip()
    if blank_below and (blank_above or at == 0):
        bottom += 1
    elif blank_above and at == len(array.words) - 1 and at:
        top -= 1
    splices = [Splice(start=text.start(top), stop=text.start(bottom))]
    if at == len(array.words) - 1 and at and _comma(text, array) < 0:
        comma = text.text.index(",", array.words[at - 1].stop)
        splices.append(Splice(start=comma, stop=comma + 1))
    return splices


def _before(words: tuple[Word, ...], key: str) -> Word | None:
    for fold in (str.casefold, str):
        keys = [fold(word.value) for word in words]
        if len(keys) >= 2 and keys == sorted(keys):
            return next((word for word in words if fold(key) < fold(word.value)), None)
    return None


def _tall(text: Text, array: Array) -> bool:
    """Whether the keys stand on lines of their own."""
    inside = text.text[array.start : array.stop]
    return "\n" in inside and all(_alone(text, array, word) for word in array.words)


def _alone(text: Text, array: Array, word: Word) -> bool:
    start = text.start(word.line)
    line = text.bare(word.line)
    behind = line[word.stop - start :].lstrip(" \t,")
    return start >= array.start and not line[: word.start - start].strip() and (not behind or behind[0] == "#")


def _commented(text: Text, array: Array) -> bool:
    """Whether most keys have a comment of their own above them."""
    return 2 * sum(_top(text, word) < word.line for word in array.words) > len(array.words)


def _top(text: Text, word: Word) -> int:
    """The first line of the comment right above a key, or the key's own line."""
    top = word.line
    while top > 0 and text.bare(top - 1).strip().startswith("#"):
        top -= 1
    return top


def _comma(text: Text, array: Array) -> int:
    """Where the comma behind the last key stands, or -1."""
    behind = text.text[array.words[-1].stop : array.stop]
    code = behind.split("#", 1)[0]
    if "," in code:
        return array.words[-1].stop + code.index(",")
    return -1


def _indent(text: Text, index: int) -> str:
    line = text.bare(index)
    return line[: len(line) - len(line.lstrip(" \t"))]


def _step(text: Text, array: Array) -> str:
    return "\t" if "\t" in _indent(text, array.line) or "\n\t" in text.text else "  "


def _in_line(text: Text, array: Array, key: str, before: Word | None) -> Splice:
    if before is not None:
        return Splice(start=before.start, stop=before.start, text=f'"{key}", ')
    if array.words:
        at = array.words[-1].stop
        return Splice(start=at, stop=at, text=f', "{key}"')
    return Splice(start=array.start, stop=array.start, text=f'"{key}"')


def _out_of_line(text: Text, array: Array, at: int) -> Splice:
    words = array.words
    if at + 1 < len(words):
        return Splice(start=words[at].start, stop=words[at + 1].start)
    return Splice(start=words[at - 1].stop if at else words[at].start, stop=words[at].stop)
