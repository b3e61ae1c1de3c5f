"""What a payload of Slack's has to look like before anything reads it: the types of all that the handlers look at.

Only Slack can send one, so this is no defence against members: it keeps a payload that is new, broken or not Slack's
from failing somewhere inside (T36). What nobody here reads may be anything.
"""

from __future__ import annotations

from typing import Any, Final

from bot.shape import Check, anything, each, either, fields, insist, many, matching, text

CODE: Final = 255
"""Characters of a code: Slack's own limit of the longest."""
TEXT: Final = 40_000
"""Characters of a text: Slack's own limit of a message."""

_CODE: Final = text(CODE)
_WORDS: Final = text(TEXT)
_ID: Final = matching("[A-Z0-9]{0,64}")
_ONE: Final = matching("[A-Z0-9]{1,64}")
"""An id of a person, a channel or a workspace."""
_ACCOUNT: Final = fields("id", id=_ONE, team_id=_ID)
_PLACE: Final = fields(id=_ID, enterprise_id=_ID)
_CHOSEN: Final = fields(value=_WORDS)
_INPUT: Final = fields(value=anything, selected_option=_CHOSEN)
_VIEW: Final = fields(
    id=_CODE,
    type=_CODE,
    hash=_CODE,
    callback_id=_CODE,
    private_metadata=_WORDS,
    app_installed_team_id=_ID,
    state=fields(values=each(each(_INPUT))),
    blocks=many(fields(type=_CODE, block_id=_CODE)),
)
_ACTION: Final = fields(
    "action_id", action_id=_CODE, block_id=_CODE, type=_CODE, action_ts=_CODE, value=_WORDS, selected_option=_CHOSEN
)
_NAMED: Final = either(_CODE, fields(id=_CODE))
_ANYWHERE: Final[dict[str, Check]] = {
    "user": _NAMED,
    "team": _NAMED,
    "channel": _NAMED,
    "enterprise": _NAMED,
    "team_id": _ID,
    "enterprise_id": _ID,
    "authorizations": many(fields(team_id=_ID, enterprise_id=_ID)),
    "response_urls": many(fields()),
    "function_data": fields(),
    "event": fields(),
    "thread_ts": _CODE,
}
"""What the library looks at in everything."""
_TYPED: Final = fields(
    "command",
    "user_id",
    "trigger_id",
    command=_CODE,
    user_id=_ONE,
    trigger_id=_CODE,
    channel_id=_ID,
    text=_WORDS,
    **_ANYWHERE,
)
_MEMBERS: Final[dict[str, Check]] = {
    **_ANYWHERE,
    "type": _CODE,
    "callback_id": _CODE,
    "action_id": _CODE,
    "trigger_id": _CODE,
    "user": _ACCOUNT,
    "team": _PLACE,
    "enterprise": _PLACE,
    "channel": _PLACE,
    "container": fields(channel_id=_ID),
    "message": fields(text=_WORDS, ts=_CODE, thread_ts=_CODE),
    "view": _VIEW,
}
_INTERACTION: Final = fields(**_MEMBERS)
_PRESSED: Final = fields("user", actions=many(_ACTION, least=1), **_MEMBERS)
_SENT: Final = fields("user", "view", **_MEMBERS)
_SHORTCUT: Final = fields(
    "user",
    "trigger_id",
    "channel",
    "message",
    **{**_MEMBERS, "channel": fields("id", id=_ONE), "message": fields("ts", text=_WORDS, ts=_CODE)},
)
_BY_TYPE: Final = {
    "block_actions": _PRESSED,
    "view_submission": _SENT,
    "view_closed": _SENT,
    "message_action": _SHORTCUT,
}
_REACTION: Final = fields(
    "user",
    "reaction",
    "item",
    user=_ONE,
    reaction=_CODE,
    item=fields(type=_CODE, channel=_ID, ts=_CODE),
    item_user=_ID,
    event_ts=_CODE,
)
_EVENTS: Final = {
    "reaction_added": _REACTION,
    "reaction_removed": _REACTION,
    "app_home_opened": fields("user", user=_ONE, tab=_CODE),
    "channel_id_changed": fields(old_channel_id=_ID, new_channel_id=_ID),
    "channel_archive": fields("channel", channel=_ID),
    "tokens_revoked": fields(tokens=fields(oauth=many(_ONE), bot=many(_ONE))),
}
_HAPPENED: Final = fields("type", **{**_ANYWHERE, "type": _CODE, "bot_id": _CODE})
_EVENT: Final = fields("event", **{**_ANYWHERE, "event": _HAPPENED, "event_id": _CODE})


def check(body: object) -> None:
    """Let it pass, or raise NotUnderstood."""
    insist(_checked(body))


def _checked(body: object) -> str | None:
    if not isinstance(body, dict):
        return ""
    if "command" in body:
        return _TYPED(body)
    kind = body.get("type")
    if kind != "event_callback":
        return _BY_TYPE.get(kind, _INTERACTION)(body) if isinstance(kind, str) else "type"
    wrong = _EVENT(body)
    if wrong is not None:
        return wrong
    event: dict[str, Any] = body["event"]
    known = _EVENTS.get(event["type"])
    inner = known(event) if known is not None else None
    return None if inner is None else f"event.{inner}"
