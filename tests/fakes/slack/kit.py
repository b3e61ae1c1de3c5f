"""What Slack demands of Block Kit, strictly: a payload that it would refuse is refused here; and what a reader sees."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

Data = Mapping[str, Any]
TOTAL: Final = 13_200
SURFACES: Final = {"message": 50, "modal": 100, "home": 100}
ELEMENTS: Final = {
    "rich_text_section": {"text", "link", "date", "emoji", "user"},
    "rich_text_quote": {"text", "link", "date"},
    "rich_text_preformatted": {"text", "link"},
}
INPUTS: Final = {"plain_text_input", "static_select", "radio_buttons", "users_select"}


class Wrong(Exception):
    """What is wrong with a payload."""


def need(condition: object, what: str) -> None:
    if not condition:
        raise Wrong(what)


def text_object(data: object, limit: int, *, only: str = "") -> None:
    need(isinstance(data, dict), "no text object")
    assert isinstance(data, dict)
    need(data.get("type") in {"plain_text", "mrkdwn"}, "text object of no type")
    need(not only or data["type"] == only, f"{only} wanted")
    need(set(data) <= {"type", "text", "emoji", "verbatim"}, f"unknown keys {set(data)}")
    need(isinstance(data.get("text"), str) and 1 <= len(data["text"]) <= limit, f"text empty or over {limit}")


def check_blocks(blocks: Sequence[Data], surface: str) -> None:
    """Raises Wrong for what Slack would answer `invalid_blocks` to."""
    need(isinstance(blocks, list), "blocks are no list")
    need(len(blocks) <= SURFACES[surface], f"{len(blocks)} blocks")
    named = [block["block_id"] for block in blocks if "block_id" in block]
    need(len(named) == len(set(named)), "a block_id twice")
    for block in blocks:
        need(len(str(block.get("block_id", "x"))) <= 255, "block_id over 255")
        check_block(block, surface)


def check_block(block: Data, surface: str) -> None:
    match block.get("type"):
        case "header":
            text_object(block.get("text"), 150, only="plain_text")
        case "section":
            text_object(block.get("text"), 3000)
        case "divider":
            need(set(block) <= {"type", "block_id"}, "divider with more")
        case "actions":
            elements = block.get("elements") or []
            need(1 <= len(elements) <= 25, "actions without, or with too many elements")
            ids = [element.get("action_id") for element in elements]
            need(len(ids) == len(set(ids)), "an action_id twice in a block")
            for element in elements:
                button(element)
        case "rich_text":
            rich(block)
        case "input":
            need(surface == "modal", "input outside of a modal")
            field(block)
        case other:
            raise Wrong(f"unknown block {other}")


def button(data: Data) -> None:
    need(data.get("type") == "button", "no button")
    need(set(data) <= {"type", "text", "action_id", "value", "style"}, f"unknown keys {set(data)}")
    text_object(data.get("text"), 75, only="plain_text")
    need(1 <= len(data.get("action_id", "")) <= 255, "action_id")
    need(1 <= len(data.get("value", "x")) <= 2000, "value")
    need(data.get("style", "primary") in {"primary", "danger"}, "style")


def rich(block: Data) -> None:
    need(set(block) <= {"type", "elements", "block_id"}, "rich_text with more")
    need(block.get("elements"), "empty rich_text")
    for part in block["elements"]:
        need(part.get("type") in ELEMENTS, f"unknown rich text {part.get('type')}")
        need(part.get("elements"), "empty part of rich text")
        for element in part["elements"]:
            need(element.get("type") in ELEMENTS[part["type"]], f"{element.get('type')} in {part['type']}")
            if element["type"] == "text":
                need(isinstance(element.get("text"), str) and 0 < len(element["text"]) <= 3000, "text element")
                need(set(element) <= {"type", "text", "style"}, "text element with more")
                need(set(element.get("style", {})) <= {"bold", "italic", "strike", "code"}, "unknown style")
            elif element["type"] == "date":
                need(isinstance(element.get("timestamp"), int), "timestamp")
                need("{" in element.get("format", "") and element.get("fallback"), "date format or fallback")
            elif element["type"] == "link":
                need(str(element.get("url", "")).startswith(("https://", "http://")), "link address")


def field(block: Data) -> None:
    text_object(block.get("label"), 2000, only="plain_text")
    if "hint" in block:
        text_object(block["hint"], 2000, only="plain_text")
    element = block.get("element") or {}
    need(element.get("type") in INPUTS, f"unknown input {element.get('type')}")
    need(1 <= len(element.get("action_id", "")) <= 255, "action_id")
    if element["type"] == "plain_text_input":
        need(1 <= element.get("max_length", 1) <= 3000, "max_length")
        initial = element.get("initial_value", "")
        need(len(initial) <= element.get("max_length", 3000), "initial_value over max_length")
    if element["type"] in {"static_select", "radio_buttons"}:
        options = element.get("options") or []
        need(1 <= len(options) <= (100 if element["type"] == "static_select" else 10), "options")
        for option in options:
            text_object(option.get("text"), 75, only="plain_text")
            need(1 <= len(option.get("value", "")) <= 150, "option value")
        if "initial_option" in element:
            need(element["initial_option"] in options, "initial_option is none of the options")


def check_view(view: Data) -> None:
    """Raises Wrong for a view that Slack would refuse."""
    need(isinstance(view, dict), "no view")
    surface = view.get("type")
    need(surface in {"modal", "home"}, "view of no type")
    check_blocks(view.get("blocks") or [], str(surface))
    need(len(view.get("private_metadata", "")) <= 3000, "private_metadata over 3000")
    need(len(view.get("callback_id", "")) <= 255, "callback_id")
    if surface == "home":
        need(set(view) <= {"type", "blocks", "private_metadata", "callback_id", "external_id"}, "home with more")
        return
    text_object(view.get("title"), 24, only="plain_text")
    for name in ("submit", "close"):
        if name in view:
            text_object(view[name], 24, only="plain_text")
    if any(block["type"] == "input" for block in view["blocks"]):
        need("submit" in view, "a form that cannot be sent")


def size(blocks: object) -> int:
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))


# --------------------------------------------------------------------------- what a reader sees


def read(blocks: Sequence[Data], text: str = "") -> str:
    """The words of a message, as its readers get them; buttons are not among them."""
    if not blocks:
        return html.unescape(text)
    return "\n".join(words for block in blocks if (words := read_block(block)))


def read_block(block: Data) -> str:
    match block["type"]:
        case "header" | "section":
            return mrkdwn(block["text"]) if block["text"]["type"] == "mrkdwn" else str(block["text"]["text"])
        case "rich_text":
            return "\n".join("".join(map(_element, part["elements"])) for part in block["elements"])
        case "input":
            return str(block["label"]["text"])
        case _:
            return ""


def _element(element: Data) -> str:
    return str(element["fallback"] if element["type"] == "date" else element.get("text", ""))


def mrkdwn(data: Data) -> str:
    """What is left of marked-up text: Slack would make bold of stars and links of angles."""
    shown = re.sub(r"<[^<>|]*\|?([^<>]*)>", r"\1", data["text"])
    return html.unescape(re.sub(r"[*_~`]", "", shown))


def buttons(blocks: Sequence[Data]) -> list[Data]:
    """All buttons of a message or view."""
    return [element for block in blocks if block["type"] == "actions" for element in block["elements"]]
