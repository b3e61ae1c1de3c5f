"""What Slack's errors mean for a delivery: wait, give up, post again. One table, used everywhere."""

from __future__ import annotations

from typing import Final

from bot.ports import PlatformError

WAIT: Final = 600.0
"""Seconds between tries where a person has to mend something: nothing is lost, and there is no storm (F32, F33)."""

TOKENS: Final = {
    "invalid_auth": "Slack does not accept the token: install the app again and set SLACK_BOT_TOKEN to its bot token",
    "not_authed": "no token was sent: set SLACK_BOT_TOKEN",
    "token_revoked": "the token was revoked: install the app again and set SLACK_BOT_TOKEN",
    "token_expired": "the token has expired: install the app again and set SLACK_BOT_TOKEN",
    "account_inactive": "the app's account is switched off: install the app again and set SLACK_BOT_TOKEN",
    "org_login_required": "the workspace is being moved to an organisation: wait, then install the app again",
    "ekm_access_denied": "the workspace's administrators have suspended access: ask them",
    "not_allowed_token_type": "a token of another kind: SLACK_BOT_TOKEN begins with xoxb-, SLACK_APP_TOKEN with xapp-",
    "missing_scope": "the app lacks a scope: `folkmoot slack check` names it; add it and install the app again",
    "no_permission": "the app may not do this: `folkmoot slack check` says what it lacks",
    "access_denied": "the app may not do this: ask the workspace's administrators",
    "team_access_not_granted": "the app is not approved in this workspace: ask its administrators",
}
PLACES: Final = {
    "not_in_channel": "the bot is not in the channel: /invite it there",
    "is_archived": "the channel is archived: unarchive it, or configure another one",
    "restricted_action": "the workspace's settings do not let the bot post there: ask its administrators",
    "restricted_action_read_only_channel": "only some may post in this channel: let the bot, too",
    "restricted_action_non_threadable_channel": "one cannot answer in threads in this channel: allow it",
    "restricted_action_thread_only_channel": "one can only answer in threads in this channel: allow posts",
    "channel_not_found": "the bot cannot see the channel: /invite it there, and check the channel's id",
}
GONE: Final = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
NOBODY: Final = frozenset(
    {
        "user_not_found",
        "users_not_found",
        "user_not_visible",
        "user_disabled",
        "cannot_dm_bot",
        "messages_tab_disabled",
        "not_enough_users",
        "invalid_user_combination",
        "invalid_users",
    }
)
LOST: Final = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org", "unknown_error"}
)
"""Errors after which nobody knows whether it was done."""
TOO_LONG: Final = frozenset({"msg_blocks_too_long", "msg_too_long", "invalid_blocks", "invalid_blocks_format"})


class SlackError(PlatformError):
    """A call that Slack refused, with Slack's own code for it; `unknown` where it may have been done all the same."""

    def __init__(
        self,
        what: str,
        *,
        code: str,
        retry_after: float | None = None,
        gone: bool = False,
        final: bool = False,
        unknown: bool = False,
        shut: bool = False,
    ) -> None:
        super().__init__(what, retry_after=retry_after, gone=gone, final=final, shut=shut)
        self.code, self.unknown = code, unknown


def refusal(method: str, code: str, *, retry_after: float | None = None) -> SlackError:
    """What a code means. A code that is not in the tables is tried again: Slack adds new ones."""
    what = f"Slack refused {method}: {code}"
    if code in {"ratelimited", "rate_limited", "message_limit_exceeded"}:
        return SlackError(what, code=code, retry_after=retry_after if retry_after is not None else 30.0)
    if code in TOKENS:
        return SlackError(f"{what}; {TOKENS[code]}", code=code, retry_after=WAIT, shut=True)
    if code in PLACES:
        return SlackError(f"{what}; {PLACES[code]}", code=code, retry_after=WAIT, shut=True)
    if code in GONE:
        return SlackError(what, code=code, gone=True)
    if code in NOBODY:
        return SlackError(f"{what}; nobody can be reached there", code=code, final=True)
    return SlackError(what, code=code, unknown=code in LOST)


def lost(method: str, why: str) -> SlackError:
    """No answer, or none that can be understood: it may have been done."""
    return SlackError(f"no answer from Slack to {method}: {why}", code="", unknown=True)
