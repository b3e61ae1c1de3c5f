"""The app's manifest, made from the menu: what is pasted into Slack to create the app. YAML, written by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from adapters.slack.codes import START
from adapters.slack.scopes import EVENTS, SCOPES
from adapters.slack.webhook import PATH
from bot.core.menu import COMMAND, VERBS

HINT: Final = 1000
LONG: Final = (
    "Folkmoot runs a project's written governance in its maintainers' channel. It announces motions, polls, reminds, "
    "counts exactly, records, and writes each result back as a draft pull request. It decides nothing and merges "
    "nothing: a person does. Votes are cast by button, by reaction or by command, and can be changed until the close. "
    "Type /moot help."
)
_FIRST: Final = ("nominate", "propose", "resolve", "yes", "no", "mine", "status", "list", "help")


def manifest(*, url: str = "") -> Mapping[str, Any]:
    """The manifest as data. With `url` for HTTP mode, else for Socket Mode."""
    address = {"url": f"{url.rstrip('/')}{PATH}"} if url else {}
    target = {"request_url": address["url"]} if url else {}
    command = {
        "command": COMMAND,
        **address,
        "description": "Vote on motions, and open them",
        "usage_hint": _hint(),
        "should_escape": True,
    }
    shortcut = {
        "name": "Start a motion",
        "type": "message",
        "callback_id": START,
        "description": "Start a motion from this message",
    }
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Folkmoot",
            "description": "Runs the project's written governance",
            "long_description": LONG,
            "background_color": "#2f3e46",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "Folkmoot", "always_online": True},
            "shortcuts": [shortcut],
            "slash_commands": [command],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**target, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **target},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }


def _hint() -> str:
    """The verbs that one begins with, and how many more there are."""
    names = [verb.name for verb in VERBS]
    shown = [name for name in _FIRST if name in names]
    return f"[{' | '.join(shown)} | … {len(names) - len(shown)} more]"[:HINT]


def as_yaml(data: Mapping[str, Any]) -> str:
    """The manifest as YAML, with what each scope and event is for as a comment."""
    return "\n".join(_lines(data, "")) + "\n"


def _lines(data: Mapping[str, Any], indent: str) -> Iterator[str]:
    for name, value in data.items():
        if isinstance(value, Mapping):
            yield f"{indent}{name}:"
            yield from _lines(value, f"{indent}  ")
        elif isinstance(value, Sequence) and not isinstance(value, str):
            yield f"{indent}{name}:"
            yield from _items(value, f"{indent}  ")
        else:
            yield f"{indent}{name}: {_scalar(value)}"


def _items(values: Sequence[Any], indent: str) -> Iterator[str]:
    for value in values:
        if isinstance(value, Mapping):
            first, *rest = _lines(value, "")
            yield f"{indent}- {first}"
            yield from (f"{indent}  {line}" for line in rest)
        else:
            why = SCOPES.get(value) or EVENTS.get(value)
            yield f"{indent}- {_scalar(value)}{f'  # {why}' if why else ''}"


def _scalar(value: object) -> str:
    """JSON's scalars are YAML's too."""
    return json.dumps(value, ensure_ascii=False)
