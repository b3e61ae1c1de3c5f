"""The hash chain over the stored events: one line of links from the genesis on. It never reads or writes a file."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Final, NamedTuple

from bot.core.events import Event
from bot.core.prose import Prose, digest
from bot.ports import Recorded
from storage.codec import EVENTS, opening
from storage.shapes import ShapeError

PEOPLE: Final = 0
"""The number of the stream that holds what is known of people; motions count from 1."""
_HEX: Final = frozenset("0123456789abcdef")
_SHORTEST, _WHOLE = 12, 64
_LONGEST = 18


class Link(NamedTuple):
    """One event as it is stored: the body is what counts, the other columns are indexes of what it says."""

    seq: int
    motion: int
    version: int
    at: str
    type: str
    v: int
    body: str
    prev: str
    hash: str


class Head(NamedTuple):
    """The end of the chain: the last sequence number (0 for none) and its hash (the genesis for none)."""

    seq: int
    hash: str


def new_genesis() -> str:
    """What a new chain starts from: random, so that no two ledgers are alike."""
    return secrets.token_hex(32)


def hash_of(body: str | bytes, prev: str) -> str:
    """SHA-256 in hex over the stored bytes and the previous hash."""
    raw = body.encode("utf-8", "surrogateescape") if isinstance(body, str) else body
    return hashlib.sha256(raw + prev.encode("utf-8", "surrogateescape")).hexdigest()


def link(head: Head, event: Event, *, motion: int, version: int, at: datetime) -> Link:
    """The next link of the chain for this event."""
    seq = head.seq + 1
    when, kind, v, body = EVENTS.encode(event, seq=seq, motion=motion, version=version, at=at)
    own = hashlib.sha256((body + head.hash).encode("ascii")).hexdigest()
    return Link(seq, motion, version, when, kind, v, body, head.hash, own)


def recorded(row: Link, at: datetime, event: Event) -> Recorded:
    """The event as callers see it."""
    return Recorded(seq=row.seq, motion=row.motion, version=row.version, at=at, event=event, hash=row.hash)


def flaw(row: Link, before: Head) -> str | None:
    """What is wrong with a link that should follow `before`, in words; None if nothing is."""
    if row.seq != before.seq + 1:
        return f"event {before.seq + 1} is missing"
    if row.prev != before.hash:
        return "its previous hash is not the hash of the event before it"
    if hash_of(row.body, row.prev) != row.hash:
        return "its bytes do not give its hash"
    start = opening(seq=row.seq, motion=row.motion, version=row.version, at=row.at, kind=row.type, v=row.v)
    if not row.body.startswith(start):
        return "its columns are not what its bytes say"
    return None


def is_number(text: str) -> bool:
    """Whether it is the number of an event, as it is written down: no other digits, none that no file could hold."""
    return text.isascii() and text.isdecimal() and len(text) <= _LONGEST


def abbreviated(said: str) -> str:
    """A published head, whole or its beginning, as it is looked for. Raises ValueError for what can be none."""
    hex_ = said.strip().strip("`").rstrip(".…").lower()
    if not _SHORTEST <= len(hex_) <= _WHOLE or not set(hex_) <= _HEX:
        raise ValueError(f"{said!r} is no log head: {_SHORTEST} to {_WHOLE} hexadecimal digits, as a result shows them")
    return hex_


def check_text(prose: Prose) -> None:
    """Refuse a text whose digest is not its own: the chain would vouch for something that was never said."""
    if prose.text is None or prose.salt is None:
        return
    if digest(prose.text, prose.salt) != prose.digest:
        raise ShapeError("a text and its digest do not belong together")
