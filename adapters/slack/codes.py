"""What buttons, forms and requests carry: small codes that are checked when they come back.

Nothing in them says who acts: that is always the account that Slack names, and the desk authorises it anew (T39).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.core.cards import Button
from bot.core.menu import BY_NAME

NAME: Final = "slack"
BALLOT: Final = "ballot"
"""The form that asks for a choice and a reason: one of the verbs yes, no and abstain."""
PRESS, FORM, KIND = "press", "form", "kind"
START: Final = "start-motion"
"""The message shortcut."""
REFRESH: Final = "home:refresh"
_VERB: Final = re.compile(r"[a-z][a-z-]{0,39}")
_KEY: Final = re.compile(r"[!-~]{1,200}")
_CHANNEL: Final = re.compile(r"slack:[A-Z0-9]{2,30}")
_NUMBER: Final = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """A button that came back: what it does, for which motion, and the key of its message if it is known."""

    what: str
    verb: str
    motion: int
    key: str = ""


def action_of(button: Button, index: int) -> str:
    """A button's action id, unique in its message."""
    return f"{FORM if button.form else PRESS}:{button.verb}:{index}"


def value_of(motion: int, key: str) -> str:
    return f"{motion} {key}" if key else str(motion)


def pushed(action: str, value: str) -> Pushed | None:
    """The button with this action id and value; None for one that is not ours."""
    what, _, rest = action.partition(":")
    verb = rest.partition(":")[0]
    number, _, key = value.partition(" ")
    known = what in {PRESS, FORM} and _VERB.fullmatch(verb) and _NUMBER.fullmatch(number)
    if not known or (key and not _KEY.fullmatch(key)):
        return None
    return Pushed(what=what, verb=verb, motion=int(number), key=key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a form was opened, kept in the form: the channel as the bot calls it, and the thread to answer in."""

    channel: str = ""
    motion: int = 0
    thread: str = ""
    home: bool = False
    link: str = ""

    def packed(self) -> str:
        given = {"c": self.channel, "m": self.motion, "t": self.thread, "h": self.home, "l": self.link}
        kept = {name: value for name, value in given.items() if value}
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))

    @staticmethod
    def unpacked(text: str) -> Origin | None:
        """What was packed; None for anything else."""
        try:
            data = json.loads(text or "{}")
        except (ValueError, RecursionError):
            return None
        if not isinstance(data, dict):
            return None
        channel, motion = data.get("c", ""), data.get("m", 0)
        texts = {name: data.get(name, "") for name in ("t", "l")}
        if not all(isinstance(value, str) for value in (channel, *texts.values())) or type(motion) is not int:
            return None
        if (channel and not _CHANNEL.fullmatch(channel)) or not 0 <= motion < 10**9:
            return None
        return Origin(
            channel=channel,
            motion=motion,
            thread=texts["t"],
            home=data.get("h") is True,
            link=texts["l"],
        )


def form_of(callback: str) -> str | None:
    """The verb that a form is for; None where it is no form of ours."""
    what, _, verb = callback.partition(":")
    return verb if what == FORM and (verb in BY_NAME or verb == BALLOT) else None


def event_request(body: Mapping[str, Any]) -> str:
    """The id of an event; Slack keeps it when it brings the event again."""
    event = body.get("event") or {}
    named = body.get("event_id") or f"{event.get('type')}:{event.get('user')}:{event.get('event_ts')}"
    return f"{NAME}:{named}"


def command_request(body: Mapping[str, Any]) -> str:
    """The id of a typed command: Slack makes a trigger for each."""
    return f"{NAME}:typed:{body.get('user_id', '')}:{body.get('trigger_id', '')}"


def press_request(body: Mapping[str, Any], action: Mapping[str, Any]) -> str:
    """The id of a press: who, and when by Slack's clock, to the microsecond."""
    user = body.get("user", {}).get("id", "")
    at = action.get("action_ts") or body.get("trigger_id") or ""
    return f"{NAME}:press:{user}:{at}:{action.get('action_id', '')}"


def submit_request(view: str, values: Mapping[str, str], attempt: int) -> str:
    """The id of a form that was sent: the same content of the same form is the same request, until it was refused."""
    content = json.dumps(sorted(values.items()), ensure_ascii=False).encode()
    return f"{NAME}:form:{view}:{hashlib.sha256(content).hexdigest()[:32]}:{attempt}"
