"""What Discord's refusals mean for the bot: one table. Nothing here holds a token or a text."""

from __future__ import annotations

from typing import Final

import aiohttp
import discord

from bot.ports import PlatformError

OUTSIDE: Final = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)
"""What a call may raise that is not our own bug."""
UNKNOWN_CHANNEL, UNKNOWN_GUILD, UNKNOWN_MEMBER, UNKNOWN_MESSAGE, UNKNOWN_USER = 10003, 10004, 10007, 10008, 10013
TOO_MANY_EDITS: Final = 30046
THREAD_EXISTS: Final = 160004
CLOSED: Final = frozenset({50007, 50278})
"""Direct messages that a member does not take, or cannot: it is not tried again."""
NO_THREAD: Final = frozenset({UNKNOWN_CHANNEL, 50001, 50013, 50024, 50083, 160005, 160006})
"""Where a message cannot be put beneath another one: it goes beside it."""
FINAL: Final = {
    UNKNOWN_CHANNEL: "the channel is not there",
    UNKNOWN_GUILD: "the server is not there",
    UNKNOWN_USER: "nobody has this account",
    50007: "this member takes no direct messages from the bot",
    50033: "nobody has this account",
    50278: "this member is in no server with the bot",
}
MENDABLE: Final = {
    50001: "the bot does not see the channel: see `folkmoot discord check`",
    50013: "the bot lacks a permission there: see `folkmoot discord check`",
}
"""What a person can mend: what was to be posted waits for it, and nothing is lost (F32-F36)."""
MENDED_AFTER: Final = 600.0
"""Seconds between two tries then: after 10,000 refusals in ten minutes Discord bans the address."""
RETRY_AFTER: Final = 60.0
"""Seconds to wait where Discord says that one is too fast, but not until when."""
EDITS_AFTER: Final = 300.0


def platform_error(error: BaseException) -> PlatformError:
    """The error as the bot knows it."""
    match error:
        case PlatformError():
            return error
        case discord.RateLimited():
            return PlatformError("Discord asks to wait", retry_after=error.retry_after)
        case discord.LoginFailure():
            return PlatformError(
                "DISCORD_TOKEN is not accepted: reset it in Discord's developer portal, and put the new one there",
                final=True,
            )
        case discord.HTTPException():
            return _http(error)
        case TimeoutError():
            return PlatformError("Discord did not answer in time")
        case _:
            return PlatformError(f"Discord cannot be reached: {type(error).__name__}")


def waiting(error: PlatformError) -> PlatformError:
    """The error of a login as it is for a message: that waits until there is a token that is accepted."""
    return PlatformError(error.what, retry_after=MENDED_AFTER, shut=True) if error.final else error


def _http(error: discord.HTTPException) -> PlatformError:
    if error.status == 401:
        return PlatformError("DISCORD_TOKEN is not accepted any more", retry_after=MENDED_AFTER, shut=True)
    if error.status == 429:
        return PlatformError("Discord asks to wait", retry_after=_retry_after(error))
    if error.code == TOO_MANY_EDITS:
        return PlatformError("this old message was edited too often", retry_after=max(EDITS_AFTER, _retry_after(error)))
    if error.code == UNKNOWN_MESSAGE:
        return PlatformError("the message is not there any more", gone=True)
    if error.code in MENDABLE:
        return PlatformError(MENDABLE[error.code], retry_after=MENDED_AFTER, shut=True)
    if error.code in FINAL:
        gone = error.code == UNKNOWN_CHANNEL
        return PlatformError(FINAL[error.code], final=True, gone=gone, shut=gone)
    return PlatformError(f"Discord answers {error.status}, code {error.code}")


def _retry_after(error: discord.HTTPException) -> float:
    """Seconds by the header, for the library keeps nothing of the body."""
    headers = getattr(error.response, "headers", {})
    try:
        return max(0.5, float(headers.get("Retry-After", RETRY_AFTER)))
    except ValueError:
        return RETRY_AFTER


def definite(error: BaseException) -> bool:
    """Whether nothing was done: Discord has refused it. After anything else nobody knows."""
    return isinstance(error, discord.RateLimited) or (
        isinstance(error, discord.HTTPException) and 400 <= error.status < 500
    )
