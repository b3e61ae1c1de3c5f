"""What buttons, forms, messages and requests carry: small codes that are checked when they come back.

Nothing in them says who acts: that is always the account that Discord names, and the desk authorises it anew (T39).
No ballot is in any of them, for others can read them.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from bot.core.cards import Button
from bot.core.menu import BY_NAME
from bot.core.people import PlatformUser

NAME: Final = "discord"
BALLOT: Final = "ballot"
"""The form that asks for a choice and a reason: one of the verbs yes, no and abstain."""
CUSTOM_ID: Final = 100
"""Discord's limit."""
_NUMBER: Final = r"(?P<motion>[0-9]{1,9})"
_VERB: Final = r"(?P<verb>[a-z][a-z-]{0,39})"
PRESS: Final = re.compile(rf"moot:press:{_VERB}:{_NUMBER}:(?P<key>[!-~]{{0,90}})")
OPEN: Final = re.compile(rf"moot:open:{_VERB}:{_NUMBER}")
AGAIN: Final = re.compile(r"moot:again:(?P<token>[0-9a-f]{16})")
_FORM: Final = re.compile(rf"moot:form:{_VERB}:{_NUMBER}:(?P<token>([0-9a-f]{{16}})?)")
_MARK: Final = re.compile(r"-# .*· (?P<mark>[0-9a-f]{16})")
_PLACE: Final = re.compile(r"(?:discord:)?(?P<guild>[0-9]{1,20})/(?P<channel>[0-9]{1,20})")
_SNOWFLAKE: Final = re.compile(r"[0-9]{1,20}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A channel of a server, by Discord's ids."""

    guild: int
    channel: int

    @property
    def name(self) -> str:
        """As the configuration calls it."""
        return f"{NAME}:{self.guild}/{self.channel}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormCode:
    """A form that came back: its verb and motion, and the token of what was typed outside of it."""

    verb: str
    motion: int
    token: str


def place_of(channel: str) -> Place | None:
    """The channel of this name, `GUILD/CHANNEL`; None for anything else."""
    found = _PLACE.fullmatch(channel)
    return Place(guild=int(found["guild"]), channel=int(found["channel"])) if found else None


def snowflake(text: str) -> int | None:
    """One of Discord's ids; None for anything else."""
    return int(text) if _SNOWFLAKE.fullmatch(text) and text.isascii() else None


def account(user: int) -> PlatformUser:
    """A member by the id that Discord gave them for ever."""
    return PlatformUser(platform=NAME, team="", user=str(user))


def user_of(user: PlatformUser) -> int | None:
    """Discord's id of an account; None where it is none of Discord's."""
    return snowflake(user.user) if user.platform == NAME and not user.team else None


def mark_of(key: str) -> str:
    """The sign by which a message with this key is found again: in its last line, and as its nonce."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def mark_line(motion: int, key: str) -> str:
    """The small print that ends a message."""
    about = f"Motion {motion}" if motion else "Folkmoot"
    return f"-# {about} · {mark_of(key)}"


def mark_in(content: str) -> str | None:
    """The sign in a message's small print, or None. Only the bot's own messages may be asked."""
    found = _MARK.fullmatch(content.rpartition("\n")[2])
    return found["mark"] if found else None


def press_id(button: Button, motion: int, key: str) -> str:
    """A button's custom id. The message's key is in it where it fits: a press then proves the delivery (T19)."""
    if button.form:
        return f"moot:open:{button.verb}:{motion}"
    whole = f"moot:press:{button.verb}:{motion}:{key}"
    return whole if len(whole) <= CUSTOM_ID and PRESS.fullmatch(whole) else f"moot:press:{button.verb}:{motion}:"


def again_id(token: str) -> str:
    return f"moot:again:{token}"


def form_id(verb: str, motion: int, token: str) -> str:
    return f"moot:form:{verb}:{motion}:{token}"


def form_of(custom_id: str) -> FormCode | None:
    """The form with this custom id; None where it is no form of ours."""
    found = _FORM.fullmatch(custom_id)
    if found is None or (found["verb"] not in BY_NAME and found["verb"] != BALLOT):
        return None
    return FormCode(verb=found["verb"], motion=int(found["motion"]), token=found["token"])


def interaction_request(interaction: int) -> str:
    """The id of a command, a press or a form: Discord's own, the same when it is delivered again."""
    return f"{NAME}:{interaction}"


def reaction_request(session: str, sequence: int) -> str:
    """The id of a reaction: where it stands in the session's stream.

    A resumed session replays an event under the same number; adding a reaction again is another event.
    """
    return f"{NAME}:reaction:{session}:{sequence}"
