"""Payloads as an enemy, a bug or a new version of a platform would change them: from one that is real, in a few places.

What is changed is drawn by hypothesis, so that a failing payload is made small, and every run draws the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from copy import deepcopy
from typing import Any, Final

from hypothesis import strategies as st

Path = tuple[str | int, ...]
HUGE: Final = "A" * 40_000
DEEP: Final = 300
"""Levels: what a JSON reader still takes."""


def names(words: str) -> frozenset[str]:
    """The names in a line."""
    return frozenset(words.split())


def _deep() -> Any:
    found: Any = "x"
    for level in range(DEEP):
        found = [found] if level % 2 else {"a": found}
    return found


ODD_TEXTS: Final = (
    "",
    " ",
    "\0",
    "\ud800",
    "\udfff\ud800x",
    "\u202egnp.exe",
    "\u2028",
    "​‍﻿",
    "é" * 300,
    "👩‍👩‍👧‍👦" * 50,
    "٣",
    "²",
    "-1",
    "1e9",
    "99999999999999999999",
    "NaN",
    "0",
    "null",
    "true",
    "{}",
    "[]",
    '{"m":1}',
    '{"c":"slack:C0001","m":1,"h":true}',
    '{"m":1e400}',
    "[" * 3000,
    '{"a":' * 600,
    "<!channel> <@U0001> &lt;",
    "@everyone <@300>",
    "%s %n {0} {x.__class__} ${jndi:ldap://x}",
    "'; DROP TABLE events; --",
    "../../etc/passwd",
    "https://evil.example/\r\nSet-Cookie: x",
    "yes 1",
    "yes",
    HUGE,
)
"""Texts that some program has once stumbled over."""
ODD_VALUES: Final[tuple[Any, ...]] = (
    None,
    True,
    False,
    0,
    1,
    -1,
    2**31,
    2**63,
    10**40,
    0.5,
    1e308,
    float("nan"),
    float("inf"),
    [],
    {},
    [None],
    [[]],
    [{}],
    {"": None},
    {"id": None},
    {"id": {}},
    {"id": 7},
    [{"id": []}],
)


def places(found: Any, at: Path = ()) -> Iterator[tuple[Path, Any]]:
    """All places of a payload with what is there, from the outside in."""
    yield at, found
    inner: Any = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    for key, value in inner:
        yield from places(value, (*at, key))


def at(found: Any, path: Path) -> Any:
    """What is at a place."""
    for key in path:
        found = found[key]
    return found


def _texts() -> st.SearchStrategy[str]:
    return st.sampled_from(ODD_TEXTS) | st.text(st.characters(exclude_categories=()), max_size=20)


def values(foreign: Collection[Any]) -> st.SearchStrategy[Any]:
    """Anything that JSON can carry; often one of these foreign ids and codes."""
    leaves = st.sampled_from(ODD_VALUES) | _texts() | st.builds(_deep)
    return st.sampled_from(list(foreign)) | leaves | st.integers() if foreign else leaves | st.integers()


def hostile(
    draw: Callable[[st.SearchStrategy[Any]], Any],
    payload: Any,
    *,
    foreign: Collection[Any] = (),
    telling: Collection[str] = (),
    keep: Collection[Path] = (),
    most: int = 3,
) -> Any:
    """A copy of a payload with one to `most` changes. `telling`: keys that are changed more often than others.

    What is at one of the places in `keep`, and what is around it, stays.
    """
    made = deepcopy(payload)
    for _ in range(draw(st.integers(1, most))):
        found = [(path, value) for path, value in places(made) if path and not _kept(path, keep)]
        if not found:
            return made
        chosen = [each for each in found if each[0][-1] in telling]
        path, old = draw(st.sampled_from(chosen if chosen and draw(st.booleans()) else found))
        _change(draw, made, path, old, foreign)
    return made


def _kept(path: Path, keep: Collection[Path]) -> bool:
    """Whether a change at this place would change one that is kept."""
    return any(each[: len(path)] == path for each in keep)


def _change(
    draw: Callable[[st.SearchStrategy[Any]], Any], made: Any, path: Path, old: Any, foreign: Collection[Any]
) -> None:
    around, key = at(made, path[:-1]), path[-1]
    match draw(st.sampled_from(["put", "put", "put", "drop", "wrap", "retype", "move", "add", "twice"])):
        case "put":
            around[key] = deepcopy(draw(values(foreign)))
        case "drop":
            del around[key]
        case "wrap":
            around[key] = draw(st.sampled_from([[old], {"id": old}, {"value": old}, [old, old]]))
        case "retype":
            around[key] = _retyped(old)
        case "move":
            around[key] = deepcopy(draw(st.sampled_from([value for _, value in places(made)])))
        case "add" if isinstance(old, dict):
            old[draw(_texts())] = deepcopy(draw(values(foreign)))
        case _ if isinstance(around, list):
            around.append(deepcopy(old))
        case _:
            around[f"{key}_"] = old


def _retyped(old: Any) -> Any:
    """The same, as another type: a number as text, text as a number, a list as a mapping."""
    match old:
        case bool() | None:
            return str(old).lower()
        case int() | float():
            return str(old)
        case str():
            return int(old) if old.isascii() and old.isdigit() else [old]
        case list():
            return {str(number): value for number, value in enumerate(old)}
        case dict():
            return json.dumps(old) if len(old) % 2 else list(old.values())
        case _:
            raise TypeError(f"not of JSON: {type(old)}")


def odd_texts() -> st.SearchStrategy[str]:
    """Texts that mean something somewhere, and any others."""
    parts = st.sampled_from([*CODES, *ODD_TEXTS[:30]])
    return st.lists(parts, max_size=4).map(":".join) | st.lists(parts, max_size=4).map(" ".join) | _texts()


CODES: Final = (
    "press",
    "form",
    "moot",
    "open",
    "again",
    "yes",
    "step-down",
    "ballot",
    "nominate",
    "1",
    "12",
    "kind",
    "",
)
