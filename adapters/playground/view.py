"""What the page draws, as JSON data: messages as one member sees them, the menu, the panels. It decides nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Final

from adapters.playground.backstage import Backstage
from adapters.playground.room import Member, Room
from adapters.playground.store import Row
from bot.core.menu import COMMAND, FORMS, VERBS, Field, Verb
from bot.core.reactions import SHOWN, choice_of

EMOJI: Final = (*SHOWN, "✅", "❌", "⚪", "🎉", "👀", "❤️")
"""What the picker offers; some of these are no ballots, as on any real platform."""


def whole(room: Room, backstage: Backstage, member: Member) -> dict[str, Any]:
    """Everything that the page needs to begin."""
    return {
        "me": member.login,
        "channels": list(room.channels),
        "public": room.public,
        "menu": menu(),
        "emoji": [{"char": char, "choice": choice_of(char)} for char in EMOJI],
        "summary": asdict(backstage.summary),
        "movable": backstage.movable,
        **update(room, backstage, member, since=0),
    }


def update(room: Room, backstage: Backstage, member: Member, *, since: int) -> dict[str, Any]:
    """The messages that changed after a revision, and the panels as they are."""
    revision = room.revision
    return {
        "epoch": room.epoch,
        "revision": revision,
        "messages": [message(room, row) for row in room.since(since, member)],
        "members": [asdict(member) | {"account": member.account.key} for member in room.members],
        "mail": room.mail(),
        "clock": backstage.clock_now().isoformat(),
        "drafts": [asdict(draft) for draft in backstage.drafts()],
    }


def message(room: Room, row: Row) -> dict[str, Any]:
    """One message. Of a deleted one only its place is left."""
    reactions: dict[str, list[str]] = {}
    for emoji, login in () if row.gone else room.reactions(row):
        reactions.setdefault(emoji, []).append(login)
    return {
        "id": row.id,
        "place": row.place,
        "kind": row.kind,
        "author": row.author,
        "at": row.at,
        "edited": bool(row.edited_at),
        "gone": row.gone,
        "text": row.text,
        "card": json.loads(row.card) if row.card else None,
        "reactions": [{"char": char, "by": logins} for char, logins in reactions.items()],
    }


def menu() -> dict[str, Any]:
    """The verbs and their fields, for completion and forms."""
    return {"command": COMMAND, "forms": list(FORMS), "verbs": [_verb(verb) for verb in VERBS]}


def _verb(verb: Verb) -> dict[str, Any]:
    return {
        "name": verb.name,
        "summary": verb.summary,
        "help": verb.help,
        "usage": verb.usage,
        "example": verb.example,
        "about": verb.about,
        "fields": list(_fields(verb.fields)),
    }


def _fields(fields: Iterable[Field]) -> Iterable[dict[str, Any]]:
    for field in fields:
        yield asdict(field) | {"flag": field.flag, "choices": list(field.choices)}
