"""Whether a payload is as Discord takes it: its limits and shapes. Text is counted in UTF-16 units, to be safe."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from tests.fakes.discord.state import Data

NAME: Final = re.compile(r"[-_\w]{1,32}")


class Invalid(Exception):
    """A payload that Discord would answer with 400."""


def need(condition: object, what: str) -> None:
    if not condition:
        raise Invalid(what)


def length(text: str | None) -> int:
    return len((text or "").encode("utf-16-le")) // 2


def message(data: Data, *, files: int = 0, create: bool = True) -> None:
    """A message, or an answer to an interaction."""
    known = {"content", "embeds", "components", "nonce", "enforce_nonce", "allowed_mentions", "flags", "tts"}
    need(not set(data) - known - {"attachments", "poll"}, f"unknown keys {sorted(set(data) - known)}")
    need(length(data.get("content")) <= 2000, "content: 2000 at most")
    _embeds(data.get("embeds") or [])
    _rows(data.get("components") or [])
    nonce = data.get("nonce")
    need(nonce is None or len(str(nonce)) <= 25, "nonce: 25 at most")
    if create:
        empty = not data.get("content") and not data.get("embeds") and not files
        need(not empty, "empty message")
        mentions = data.get("allowed_mentions")
        need(mentions is not None and mentions.get("parse") == [], "everything has to be sent without mentions")


def _embeds(embeds: Sequence[Data]) -> None:
    need(len(embeds) <= 10, "10 embeds at most")
    total = 0
    for embed in embeds:
        text = embed.get("description") or ""
        need(text.strip(), "an embed without a text")
        need(length(text) <= 4096, "description: 4096 at most")
        total += length(text) + length(embed.get("title")) + length((embed.get("footer") or {}).get("text"))
        need(set(embed) <= {"type", "description", "flags"}, f"unexpected {sorted(embed)}")
    need(total <= 6000, "embeds: 6000 in total at most")


def _rows(rows: Sequence[Data]) -> None:
    need(len(rows) <= 5, "5 rows at most")
    seen: set[str] = set()
    for row in rows:
        need(row["type"] == 1 and 1 <= len(row["components"]) <= 5, "a row has 1 to 5 buttons")
        for button in row["components"]:
            need(button["type"] == 2, "only buttons are expected")
            need(button["style"] in {1, 2, 3, 4}, "style of a button")
            need(1 <= length(button.get("label")) <= 80, "label: 1 to 80")
            need(1 <= length(button["custom_id"]) <= 100, "custom_id: 1 to 100")
            need(button["custom_id"] not in seen, "custom_id twice")
            seen.add(button["custom_id"])


def modal(data: Data) -> None:
    """A form."""
    need(1 <= length(data["title"]) <= 45, "title: 1 to 45")
    need(1 <= length(data["custom_id"]) <= 100, "custom_id: 1 to 100")
    need(1 <= len(data["components"]) <= 5, "1 to 5 inputs")
    names = [label["component"]["custom_id"] for label in data["components"]]
    need(len(names) == len(set(names)), "custom_id twice")
    for label in data["components"]:
        need(label["type"] == 18, "inputs have labels")
        need(1 <= length(label["label"]) <= 45, "label: 1 to 45")
        need(length(label.get("description")) <= 100, "description: 100 at most")
        _input(label["component"])


def _input(item: Data) -> None:
    if item["type"] == 4:
        need(item["style"] in {1, 2}, "style of an input")
        need(1 <= item.get("max_length", 4000) <= 4000, "max_length: 1 to 4000")
        need(length(item.get("value")) <= 4000, "value: 4000 at most")
        need(len(item.get("value") or "") <= item.get("max_length", 4000), "value longer than max_length")
        need(item.get("label") is None, "the label stands outside")
    else:
        need(item["type"] == 3, "an input or a choice")
        need(1 <= len(item["options"]) <= 25, "1 to 25 options")
        need(sum(bool(option.get("default")) for option in item["options"]) <= 1, "one default at most")


def commands(data: Sequence[Data], *, guild: bool) -> None:
    """The commands of a scope."""
    for command in data:
        if command["type"] == 3:
            need(1 <= len(command["name"]) <= 32 and not command.get("description"), "a message's command")
        else:
            _option(command)
            need(_size(command) <= 8000, "8000 characters a command at most")
        need(not guild or command.get("contexts") is None, "contexts are for commands of all servers")


def _option(data: Data) -> None:
    need(NAME.fullmatch(data["name"]) and data["name"] == data["name"].lower(), f"name {data['name']}")
    need(1 <= length(data["description"]) <= 100, f"description of {data['name']}: 1 to 100")
    options = data.get("options") or []
    need(len(options) <= 25, f"options of {data['name']}: 25 at most")
    needed = [bool(option.get("required")) for option in options]
    need(needed == sorted(needed, reverse=True), f"options of {data['name']}: required ones first")
    need(len(data.get("choices") or []) <= 25, "25 choices at most")
    need(not (data.get("choices") and data.get("autocomplete")), "choices or completion")
    need(1 <= data.get("max_length", 1) <= 6000, "max_length: 1 to 6000")
    for option in options:
        _option(option)


def _size(data: Data) -> int:
    own = length(data["name"]) + length(data.get("description"))
    choices = sum(length(each["name"]) + length(str(each["value"])) for each in data.get("choices") or [])
    return own + choices + sum(_size(option) for option in data.get("options") or [])


def completions(choices: Sequence[Any]) -> None:
    need(len(choices) <= 25, "25 completions at most")
    for choice in choices:
        need(1 <= length(choice["name"]) <= 100, "completion: 1 to 100")
