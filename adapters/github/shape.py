"""What a webhook of GitHub's has to look like before anything in it is acted on: the types of all that is read.

Its signature fits by then, so this is no defence against others: it keeps a payload that is new or broken from failing
half way through (T36). What nobody here reads may be anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from bot.shape import Check, fields, insist, matching, text

CODE: Final = 255
ADDRESS: Final = 2000
BODY: Final = 300_000
"""Characters of a comment or a page: more than GitHub takes."""
BIGGEST: Final = 2**53
FIRST, LAST = 2000, 2200


def _number(found: object) -> str | None:
    return None if type(found) is int and 0 < found < BIGGEST else ""


def _page(found: object) -> str | None:
    return None if type(found) is int and 0 < found < 10**9 else ""


def _instant(found: object) -> str | None:
    """An instant with its zone, in our time."""
    try:
        at = datetime.fromisoformat(found) if isinstance(found, str) else None
    except ValueError:
        at = None
    return None if at is not None and at.tzinfo is not None and FIRST <= at.year < LAST else ""


_CODE: Final = text(CODE)
_USER: Final = fields("id", "login", "type", id=_number, login=matching(r"[A-Za-z0-9_.-]{1,100}(\[bot\])?"), type=_CODE)
_WRITTEN: Final[dict[str, Check]] = {
    "user": _USER,
    "body": text(BODY),
    "created_at": _instant,
    "updated_at": _instant,
    "html_url": text(ADDRESS),
}
_ALWAYS: Final = ("created_at", "updated_at", "html_url")
_COMMENT: Final = fields(
    "id", "issue_url", *_ALWAYS, id=_number, issue_url=matching(r"[!-~]{1,1000}/[1-9][0-9]{0,8}"), **_WRITTEN
)
_BODY: Final = fields("number", *_ALWAYS, number=_page, **_WRITTEN)
_KNOWN: Final[Mapping[str, Check]] = {
    "issue_comment": fields("action", "comment", action=_CODE, comment=_COMMENT),
    "issues": fields("action", "issue", action=_CODE, issue=_BODY),
    "pull_request": fields("action", "number", "pull_request", action=_CODE, number=_page, pull_request=_BODY),
    "push": fields("ref", ref=text(ADDRESS)),
}

EVENTS: Final = frozenset(_KNOWN)
"""The webhooks that are read; any other changes nothing."""


def repository_of(payload: object) -> str:
    """The full name of the repository that a webhook is about, folded; "" for one that is about none."""
    insist(fields(repository=fields(full_name=_CODE))(payload))
    found: Any = payload
    return str((found.get("repository") or {}).get("full_name") or "").casefold()


def check(event: str, payload: object) -> None:
    """Let a webhook of this kind pass, or raise NotUnderstood."""
    known = _KNOWN.get(event)
    if known is not None:
        insist(known(payload))
