"""Checks a bundle with no database: every hash, every text against its digest, every count and every outcome.

A bundle may come from anybody: whatever its bytes are, the answer is a report or a sentence that says what is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.core.events import PeopleEvent
from bot.core.prose import digest
from storage.bundle import CLAIMED, FORMAT, VERSION
from storage.chain import PEOPLE, Head, Link, flaw
from storage.codec import EVENTS, nothing_kept
from storage.errors import Conflict, LedgerDamaged, LedgerError, LedgerTooNew
from storage.projections import People
from storage.replayed import Replayed
from storage.shapes import instant
from storage.verify import Problem, Report

BUNDLE_BYTES: Final = 2 << 30
_COLUMNS: Final = (("seq", int), ("motion", int), ("version", int), ("at", str), ("type", str), ("v", int))
_ODD: Final = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What a body that nobody of ours wrote can raise while it is replayed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rechecked:
    """The report, every head of the chain by its sequence number, and how many texts are there, erased, left out."""

    report: Report
    hashes: tuple[str, ...]
    genesis: str
    texts: int
    erased: int
    absent: int


def recheck(path: str | Path) -> Rechecked:
    """Check the bundle in this file. Raises LedgerError if it is none, or cannot be read."""
    where = Path(path)
    try:
        if where.stat().st_size > BUNDLE_BYTES:
            raise LedgerError(f"{where} is larger than {BUNDLE_BYTES >> 30} GiB: this is no bundle")
        raw = where.read_bytes()
    except OSError as error:
        raise LedgerError(f"{where} cannot be read: {error.strerror or error}") from error
    return recheck_bytes(raw, name=str(where))


def recheck_bytes(raw: bytes, *, name: str) -> Rechecked:
    """The same for bytes; `name` is what they are called in errors."""
    try:
        document = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise LedgerError(f"{name} is no bundle: it is not JSON ({_short(error)})") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise LedgerError(f'{name} is no bundle: "format" is not "{FORMAT}". Make one with folkmoot export')
    if document.get("version") != VERSION:
        raise LedgerError(f"{name} has the version {document.get('version')!r:.40}, this program reads {VERSION}")
    for key, kind in (("genesis", str), ("head", str), ("motions", list), ("events", list), ("texts", list)):
        if not isinstance(document.get(key), kind):
            raise LedgerError(f'{name}: "{key}" is missing, or is no {"text" if kind is str else "list"}')
    if not document["genesis"].isascii():
        raise LedgerError(f"{name}: the genesis is no hash")
    return _Recheck(document).run()


def _short(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:100]


def _same(one: object, other: object) -> bool:
    """Equal, and of the same type: 0 is not false."""
    return type(one) is type(other) and one == other


class _Recheck:
    """One run over a document whose outermost shape is right."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._problems: list[Problem] = []
        self._streams: dict[int, list[tuple[int, int, str, str]]] = {}
        self._digests: dict[str, int] = {}
        self._texts: dict[str, tuple[str | None, str | None]] = {}
        self._hashes: list[str] = []

    def run(self) -> Rechecked:
        head = self._chain()
        if self._document["head"] != head:
            self._found("bundle", "head", "is not the hash of the last event")
        self._read_texts()
        self._people()
        motions = self._motions()
        erased = sum(text is None for _, text in self._texts.values())
        for name in self._texts.keys() - self._digests.keys():
            self._found("texts", name, "no event mentions it")
        report = Report(events=len(self._hashes), motions=motions, head=head, problems=tuple(self._problems))
        return Rechecked(
            report=report,
            hashes=tuple(self._hashes),
            genesis=self._document["genesis"],
            texts=len(self._texts) - erased,
            erased=erased,
            absent=len(self._digests.keys() - self._texts.keys()),
        )

    def _found(self, table: str, row: object, what: str) -> None:
        said = [str(text).encode("ascii", "backslashreplace").decode() for text in (row, what)]
        self._problems.append(Problem(table=table, row=said[0][:80], what=said[1][:300]))

    # ----------------------------------------------------------------------- the chain

    def _chain(self) -> str:
        """Every hash from the genesis on; a wrong one is named and does not taint those after it."""
        before = Head(0, self._document["genesis"])
        for place, item in enumerate(self._document["events"], start=1):
            link = self._link(item, before, place)
            if link is None:
                before = Head(place, "")
                continue
            what = flaw(link, before)
            if what is not None:
                self._found("events", place, what)
            before = Head(place, link.hash)
            self._hashes.append(link.hash)
            self._streams.setdefault(link.motion, []).append((link.seq, link.version, link.hash, link.body))
        return before.hash

    def _link(self, item: Any, before: Head, place: int) -> Link | None:
        """The item as a link: the columns that the ledger has beside it are read from its body."""
        try:
            own, body = item["hash"], item["body"]
            stored = json.loads(body)
            columns = {name: stored[name] for name, _ in _COLUMNS}
            if any(type(columns[name]) is not kind for name, kind in _COLUMNS) or type(own) is not str:
                raise TypeError("a column of the wrong type")
            if not (own.isascii() and body.isascii()):
                raise ValueError("its bytes are not ASCII")
        except _ODD as error:
            self._found("events", place, f"cannot be read: {_short(error)}")
            return None
        return Link(**columns, body=body, prev=before.hash, hash=own)

    # ----------------------------------------------------------------------- texts

    def _read_texts(self) -> None:
        for place, item in enumerate(self._document["texts"], start=1):
            try:
                name, salt, text = item["digest"], item.get("salt"), item.get("text")
                gone = text is None and instant(item["erased_at"]) is not None
                whole = gone or digest(text, salt) == name
                if name in self._texts:
                    self._found("texts", name, "stands there twice")
                self._texts[name] = (None, None) if gone else (salt, text)
            except _ODD as error:
                self._found("texts", f"at place {place}", f"cannot be read: {_short(error)}")
                continue
            if not whole:
                self._found("texts", name, "its text and salt do not give its digest")

    # ----------------------------------------------------------------------- people and motions

    def _look_up(self, name: str) -> tuple[str | None, str | None]:
        return self._texts.get(name, (None, None))

    def _people(self) -> None:
        people = People()
        for expected, (seq, version, _, body) in enumerate(self._streams.pop(PEOPLE, ()), start=1):
            if version != expected:
                self._found("events", seq, f"a version of the stream of people is missing before {version}")
            try:
                event = EVENTS.decode(body, self._look_up, row=seq).event
                for prose in EVENTS.texts(event):
                    self._digests.setdefault(prose.digest, seq)
                if not isinstance(event, PeopleEvent):
                    raise LedgerDamaged("it does not belong into the stream of people")
                people.take(event)
            except (LedgerDamaged, LedgerTooNew, Conflict, *_ODD) as error:
                self._found("events", seq, f"cannot be taken in: {_short(error)}")

    def _motions(self) -> int:
        """Every motion made again and counted again; what the bundle says of it has to be that."""
        said = dict(self._claims())
        for number, rows in sorted(self._streams.items()):
            try:
                self._motion(number, rows, said.pop(number, None))
            except _ODD as error:
                self._found("motions", number, f"cannot be replayed: {_short(error)}")
        for number in said:
            self._found("motions", number, "no event makes it")
        return len(self._streams)

    def _motion(self, number: int, rows: list[tuple[int, int, str, str]], claim: Mapping[str, Any] | None) -> None:
        replayed = Replayed(number)
        for flawed in replayed.run(rows, nothing_kept):
            self._found("events", flawed.seq, flawed.what)
        for name, seq in replayed.digests:
            self._digests.setdefault(name, seq)
        motion, entry = replayed.motion, replayed.entry()
        if motion is None or entry is None:
            return
        if claim is None:
            self._found("motions", number, "is missing: the events make it")
            return
        made: dict[str, Any] = {key: getattr(entry, key) for key in ("repository", "policy", "kind", "role", "stage")}
        made |= {"motion": number, "head": entry.head}
        made |= {key: getattr(motion.closed, key) for key in CLAIMED} if motion.closed is not None else {}
        wrong = sorted(key for key in made.keys() | claim.keys() if not _same(made.get(key), claim.get(key)))
        if wrong:
            self._found("motions", number, f"{', '.join(wrong)}: not what the events make")

    def _claims(self) -> Iterator[tuple[int, Mapping[str, Any]]]:
        for place, item in enumerate(self._document["motions"], start=1):
            if isinstance(item, dict) and type(item.get("motion")) is int:
                yield item["motion"], item
            else:
                self._found("motions", f"at place {place}", "is no motion")
