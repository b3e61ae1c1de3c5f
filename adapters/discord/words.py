"""The few sentences that only this platform needs. All others are the bot's."""

from __future__ import annotations

from typing import Final, Literal

from bot.core.cards import Card, Code, Notice, Plain, Reply

ELSEWHERE: Final = "I take no requests here: I belong to another server. Nothing was done."
NOT_A_MEMBER: Final = "You are not on the server that I belong to, so nothing was done. Join it, and press again."
NOT_READY: Final = "I am just starting, and nothing was done. Please try again in a minute."
UNCHECKED: Final = (
    "I could not see whether you are on my server ({}), so nothing was done. Please try again in a minute."
)
FORGOTTEN: Final = "I have been started again and do not have the form any more. Copy your text, and type the command."
OLD_COMMAND: Final = "Discord still shows you an old form of this command, and nothing was done. Reload it (Ctrl+R)."


def said(text: str, *, tone: Literal["refused", "failed"] = "refused") -> Card:
    return Reply(tone=tone, lines=((Plain(text),),))


def forgotten() -> Card:
    """A form that was opened before a restart, with options that went with it."""
    text = "I was started again while you filled this in, and nothing was recorded. Your text is below: copy it, type "
    return Reply(tone="failed", lines=((Plain(text), Code("/moot"), Plain(" once more, and paste it.")),))


def broken(incident: str) -> Card:
    text = f"Something is wrong on my side (incident {incident}), and I cannot tell whether this was recorded. See "
    return Reply(tone="failed", lines=((Plain(text), Code("/moot mine"), Plain(" before you do it again.")),))


def closed_doors(motion: int) -> Notice:
    """In the thread, once: somebody could not be reminded. It names nobody."""
    text = (
        f"I could not send a direct message about motion {motion}: somebody takes none from me. Whoever misses "
        "reminders: allow direct messages from this server's members. What awaits your ballot is always in "
    )
    return Notice(motion=motion, lines=((Plain(text), Code("/moot mine"), Plain(".")),))
