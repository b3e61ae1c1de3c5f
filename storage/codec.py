"""Events as the versioned JSON that the chain holds. Stored bytes never change: older ones are upcast on reading."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, get_args

from bot.core.events import Event
from bot.core.prose import Prose
from storage.errors import LedgerDamaged, LedgerTooNew
from storage.shapes import ShapeError, Texts, decoder, encoder, instant, prose_in, stamp

Data = dict[str, Any]
Upcast = Callable[[Data], Data]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """What the bytes of one event say."""

    seq: int
    motion: int
    version: int
    at: datetime
    event: Event


def nothing_kept(digest: str) -> tuple[None, None]:
    """Texts for readers that need none: every one as if it were erased."""
    return None, None


def opening(*, seq: int, motion: int, version: int, at: str, kind: str, v: int) -> str:
    """How the stored bytes of an event begin; the columns beside them repeat it and can be checked against it."""
    return f'{{"seq":{seq},"motion":{motion},"version":{version},"at":"{at}","type":"{kind}","v":{v},"data":'


class Codec:
    """Encodes and decodes a closed set of event types.

    `versions` names the version that a type is written in (1 unless told); `upcasts` maps (type, version) to the
    step that makes its data what the next version would have stored.
    """

    def __init__(
        self,
        kinds: Sequence[type],
        *,
        versions: Mapping[str, int] | None = None,
        upcasts: Mapping[tuple[str, int], Upcast] | None = None,
    ) -> None:
        self._versions = {kind.__name__: (versions or {}).get(kind.__name__, 1) for kind in kinds}
        self._upcasts = dict(upcasts or {})
        self._write = {kind: (kind.__name__, self._versions[kind.__name__], encoder(kind)) for kind in kinds}
        self._read = {kind.__name__: decoder(kind) for kind in kinds}
        self._texts = {kind: prose_in(kind) for kind in kinds}

    @property
    def versions(self) -> Mapping[str, int]:
        """Each type's name and the version that it is written in."""
        return self._versions

    def encode(self, event: Any, *, seq: int, motion: int, version: int, at: datetime) -> tuple[str, str, int, str]:
        """The event's instant, type, type version and stored text (ASCII), as the chain and the columns want them."""
        kind, v, write = self._write[type(event)]
        when = stamp(at)
        start = opening(seq=seq, motion=motion, version=version, at=when, kind=kind, v=v)
        return when, kind, v, start + write(event) + "}"

    def texts(self, event: Any) -> list[Prose]:
        """Every text in the event."""
        find = self._texts[type(event)]
        return [] if find is None else find(event)

    def decode(self, body: str | bytes, texts: Texts, *, row: int) -> Decoded:
        """The event in these bytes. `row` is the sequence number that an error names."""
        try:
            stored = json.loads(body)
            event = self._event(stored["type"], stored["v"], stored["data"], texts, row)
            return Decoded(
                seq=stored["seq"],
                motion=stored["motion"],
                version=stored["version"],
                at=instant(stored["at"]),
                event=event,
            )
        except (ShapeError, ValueError, KeyError, TypeError) as error:
            raise LedgerDamaged(f"event {row} cannot be read: {error}") from error

    def _event(self, kind: str, v: int, data: Data, texts: Texts, row: int) -> Event:
        newest = self._versions.get(kind)
        if newest is None:
            raise LedgerTooNew(f'event {row} is of the unknown type "{kind}": use the version that wrote it')
        if v > newest:
            raise LedgerTooNew(f'event {row}: "{kind}" has version {v}, this program reads up to {newest}: upgrade it')
        while v < newest:
            step = self._upcasts.get((kind, v))
            if step is None:
                raise LedgerTooNew(f'event {row}: no way to read version {v} of "{kind}"')
            data, v = step(data), v + 1
        event: Event = self._read[kind](data, texts)
        return event


def _with_source(data: Data) -> Data:
    """Version 1 did not say what had linked an account: only the configuration could."""
    return {**data, "source": "config" if data.get("kind") == "account" else "roster"}


def _without_hold(data: Data) -> Data:
    """Before version 3 every account acted for its person at once."""
    return {**data, "held_until": None}


def _by_nobody(data: Data) -> Data:
    """Version 1 was only written where what had linked the account was gone."""
    return {**data, "by": None}


def _a_draft(data: Data) -> Data:
    """Version 1 knew of drafts only."""
    return {**data, "ready": False}


def _everywhere(data: Data) -> Data:
    """Before version 2 no policy could keep a vote to the pull request."""
    return {**data, "policy": {**data["policy"], "venues": "all"}}


def _nothing_pinned(data: Data) -> Data:
    """Before version 3 no pull request was remembered as it was at the opening."""
    return {**data, "pinned": None}


def _on_time(data: Data) -> Data:
    """Before version 2 nothing was kept of a platform's time that lay ahead of this machine's clock."""
    return {**data, "said_at": None}


VERSIONS: Final[Mapping[str, int]] = {
    "PersonBound": 3,
    "AccountReleased": 2,
    "BallotCast": 2,
    "BallotRetracted": 2,
    "DraftOpened": 2,
    "MotionOpened": 3,
}
UPCASTS: Final[Mapping[tuple[str, int], Upcast]] = {
    ("PersonBound", 1): _with_source,
    ("PersonBound", 2): _without_hold,
    ("AccountReleased", 1): _by_nobody,
    ("BallotCast", 1): _on_time,
    ("BallotRetracted", 1): _on_time,
    ("DraftOpened", 1): _a_draft,
    ("MotionOpened", 1): _everywhere,
    ("MotionOpened", 2): _nothing_pinned,
}
_plain: Final = json.JSONEncoder(separators=(",", ":")).encode
EVENTS: Final = Codec(get_args(Event), versions=VERSIONS, upcasts=UPCASTS)


def plain_json(values: Mapping[str, str | int | bool | None]) -> str:
    """Parameters as they are stored: compact, in their own order."""
    if not values:
        return "{}"
    return _plain(values if type(values) is dict else dict(values))
