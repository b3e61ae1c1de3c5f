"""What Discord's own clients make of what members type: options and inputs, held to what was declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.fakes.discord.state import Data


def options_of(known: Sequence[Data], given: Mapping[str, Any], focus: str | None) -> list[Data]:
    """The options of a command as they are sent; with `focus`, one of them is still being typed."""
    options: list[Data] = []
    names = {option["name"].replace("-", "_"): option for option in known}
    assert set(given) <= set(names), f"no such options: {sorted(set(given) - set(names))}"
    for name, option in names.items():
        if name not in given:
            assert focus is not None or not option.get("required"), f"{name} is required"
            continue
        value = given[name]
        if focus is None:
            if option["type"] == 4:
                assert option.get("min_value", 0) <= value <= option.get("max_value", 1 << 53)
            else:
                assert option.get("min_length", 0) <= len(value) <= option.get("max_length", 6000)
            choices = {choice["value"] for choice in option.get("choices") or []}
            assert not choices or value in choices
        else:
            assert option.get("autocomplete"), f"{name} offers nothing"
        made = {"name": option["name"], "type": option["type"], "value": value}
        options.append({**made, "focused": True} if focus == option["name"] else made)
    return options


def filled_in(label: Data, given: dict[str, str]) -> Data:
    """One input of a form as it is sent; what was given for it is taken from `given`."""
    item = label["component"]
    name = item["custom_id"]
    if item["type"] == 3:
        picked = [option["value"] for option in item["options"] if option.get("default")]
        values = [given.pop(name)] if name in given else picked
        assert all(value in {option["value"] for option in item["options"]} for value in values)
        assert values or not item.get("required", True), f"{name} is required"
        return {"type": 18, "id": 1, "component": {"type": 3, "id": 2, "custom_id": name, "values": values}}
    value = given.pop(name, item.get("value") or "")
    assert value or not item.get("required", True), f"{name} is required"
    assert len(value) <= item.get("max_length", 4000), f"{name} is too long to be typed"
    return {"type": 18, "id": 1, "component": {"type": 4, "id": 2, "custom_id": name, "value": value}}
