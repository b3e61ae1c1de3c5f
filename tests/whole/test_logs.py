"""Logs: JSON a line, the motion's number where a line is about one, and no secret in any of them."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot import secrecy
from bot.core.cards import Card
from bot.logs import Form, configure
from bot.ports import Delivery, PlatformError, Pressed
from tests.world import World, logins

TOKEN = "xoxb-canary-0123456789"


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.CaptureFixture[str]]:
    monkeypatch.setattr(secrecy, "_known", set())
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    yield capsys
    structlog.reset_defaults()
    root.handlers[:] = before


def read(lines: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in lines.readouterr().err.splitlines()]


def test_t40_a_secret_that_was_read_is_in_no_line_and_no_traceback(lines: pytest.CaptureFixture[str]) -> None:
    configure("json")  # here: between the fixture and the test the captured stream is another one
    secrecy.keep_secret(TOKEN)
    log = structlog.get_logger()
    log.warning("request failed", url=f"https://x.example/?token={TOKEN}")
    try:
        raise ValueError(f"bad {TOKEN}")
    except ValueError as error:
        log.error("broke", exc_info=error)
        logging.getLogger("library").error("it broke: %s", TOKEN, exc_info=error)
    found = lines.readouterr().err
    assert TOKEN not in found
    assert found.count(secrecy.HIDDEN) == 4  # the address, the two errors, and the library's words
    assert [json.loads(line)["level"] for line in found.splitlines()] == ["warning", "error", "error"]


@pytest.mark.parametrize("form", ["json", "text"])
async def test_t49_a_request_that_breaks_leaves_no_words_of_its_member_in_the_log(
    form: Form, lines: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(form)
    world = await World.make(tmp_path)
    await world.nominate()
    lines.readouterr()

    async def breaks(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(world.service.desk._lookups, "facts", breaks)
    assert "incident" in await world.ask(logins()[2], "no 1 Because of the canary.", settle=False)
    found = lines.readouterr().err
    assert "ZeroDivisionError" in found
    assert "breaks" in found  # where it broke
    assert "canary" not in found


def test_the_lines_of_a_key_are_hidden_and_short_words_are_not(lines: pytest.CaptureFixture[str]) -> None:
    secrecy.keep_secret("-----BEGIN KEY-----\nMIIEpAIBAAKCAQEA1234\n-----END KEY-----\n")
    secrecy.keep_secret("short")
    assert secrecy.redact("a short MIIEpAIBAAKCAQEA1234") == "a short [secret]"


async def test_lines_about_a_delivery_or_a_request_carry_the_motion(
    lines: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure("json")
    world = await World.make(tmp_path)
    await world.nominate()
    lines.readouterr()

    async def fails(*, channel: str, ref: str, card: Card) -> Delivery:
        raise PlatformError("503")

    monkeypatch.setattr(world.room, "edit", fails)
    await world.ask(logins()[1], Pressed(verb="yes", motion=1))
    (line,) = read(lines)
    assert (line["event"], line["motion"]) == ("will retry", 1)
    assert str(line["key"]).startswith("m1:poll-edit:")

    async def breaks(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(world.service.desk._lookups, "facts", breaks)
    assert "incident" in await world.ask(logins()[2], "yes", settle=False)
    (line,) = read(lines)
    assert (line["event"], line["motion"]) == ("request failed", 1)
