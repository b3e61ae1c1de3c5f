"""What this app asks of Slack, and what each of it is for: once, for the manifest, the check and the documentation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SCOPES: Final[Mapping[str, str]] = {
    "commands": "the command /moot, and “Start a motion from this message”",
    "chat:write": "post polls and notices, answer privately, send reminders",
    "reactions:read": "count reactions on polls as ballots, also those of an outage",
    "reactions:write": "put 👍 👎 🤷 beneath a poll, to react with",
    "users:read": "tell members from guests, strangers and bots; the time zone for reminders",
    "im:write": "open the direct messages that reminders and receipts go to",
    "im:history": "find a direct message that was sent just before a crash, so as not to send it twice",
    "channels:read": "see whether a public channel is archived, shared or left",
    "groups:read": "the same for a private channel",
    "channels:history": "find a post that was made just before a crash, so as not to make it twice",
    "groups:history": "the same in a private channel",
}
"""Scopes of the bot token. No message is read for what it says: only for the key that this app gave it."""
APP_SCOPE: Final = "connections:write"
"""The scope of the app-level token, for Socket Mode."""
EVENTS: Final[Mapping[str, str]] = {
    "app_home_opened": "show the Home tab",
    "reaction_added": "a ballot by reaction",
    "reaction_removed": "say that the ballot stands",
    "channel_id_changed": "follow a channel that is shared",
    "channel_archive": "notice that the channel takes no posts, and say so elsewhere",
    "group_archive": "the same for a private channel",
    "channel_unarchive": "notice that it takes them again",
    "group_unarchive": "the same for a private channel",
    "channel_left": "notice that the app was removed from the channel",
    "group_left": "the same for a private channel",
    "member_joined_channel": "notice that it was invited again",
    "tokens_revoked": "notice that the tokens are gone",
    "app_uninstalled": "the same",
}
