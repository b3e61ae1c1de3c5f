"""Rows of the tables as the values that callers know, and back. No SQL runs here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from zlib import crc32

from bot.core.answers import Answer
from bot.core.docket import DocketEntry
from bot.core.effects import Effect
from bot.core.people import Pings, fold_login
from bot.ports import OutboxRow
from storage.chain import Link
from storage.codec import plain_json
from storage.projections import People
from storage.shapes import instant, stamp

Row = tuple[Any, ...]

EVENT_COLUMNS: Final = "seq, motion, version, at, type, v, body, prev, hash"
DOCKET_COLUMNS: Final = (
    "motion, repository, policy, kind, role, subject, dispute, proposer, channel, stage, "
    "opened_at, closes_at, closed_at, ended, head"
)
OUTBOX_COLUMNS: Final = "id, key, motion, venue, lane, kind, params, state, attempts, due, generation, ref, error"
INBOX_COLUMNS: Final = "request, at, ok, code, params, motion"


def crc(*values: object) -> int:
    """A checksum over a row that no event vouches for: finds bit rot and careless edits, not a forger."""
    return crc32(repr(values).encode("utf-8", "surrogatepass"))


def link_of(row: Row) -> Link:
    """A row of `events`."""
    return Link(*row)


def docket_row(entry: DocketEntry) -> Row:
    """An entry as a row of `docket`."""
    return (
        entry.number,
        entry.repository,
        entry.policy,
        entry.kind,
        entry.role,
        entry.subject,
        entry.dispute,
        entry.proposer,
        entry.channel,
        entry.stage,
        stamp(entry.opened_at),
        None if entry.closes_at is None else stamp(entry.closes_at),
        None if entry.closed_at is None else stamp(entry.closed_at),
        int(entry.ended),
        entry.head,
    )


def entry_at(row: Row) -> DocketEntry:
    """A row of `docket` as an entry."""
    return DocketEntry(
        number=row[0],
        repository=row[1],
        policy=row[2],
        kind=row[3],
        role=row[4],
        subject=row[5],
        dispute=row[6],
        proposer=row[7],
        channel=row[8],
        stage=row[9],
        opened_at=instant(row[10]),
        closes_at=None if row[11] is None else instant(row[11]),
        closed_at=None if row[12] is None else instant(row[12]),
        ended=bool(row[13]),
        head=row[14],
    )


def outbox_row(row: OutboxRow) -> Row:
    """A row as `outbox` holds it, its checksum last."""
    effect = row.effect
    values = (
        row.id,
        effect.key,
        effect.motion,
        effect.venue,
        effect.lane,
        effect.kind,
        plain_json(effect.params),
        row.state,
        row.attempts,
        stamp(row.due),
        row.generation,
        row.ref,
        row.error,
    )
    return (*values, crc(*values))


def outbox_at(row: Row) -> OutboxRow:
    """A row of `outbox`."""
    params: Mapping[str, str | int] = json.loads(row[6])
    return OutboxRow(
        id=row[0],
        effect=Effect(key=row[1], motion=row[2], venue=row[3], lane=row[4], kind=row[5], params=params),
        state=row[7],
        attempts=row[8],
        due=instant(row[9]),
        generation=row[10],
        ref=row[11],
        error=row[12],
    )


def inbox_row(request: str, answer: Answer, at: str, motion: int) -> Row:
    """An answer as `inbox` holds it, its checksum last."""
    request.encode()  # what cannot be stored fails here, in its own unit
    answer.code.encode()
    values = (request, at, int(answer.ok), answer.code, plain_json(answer.params), motion)
    return (*values, crc(*values))


def answer_at(ok: int, code: str, params: str) -> Answer:
    """The answer in a row of `inbox`."""
    return Answer(ok=bool(ok), code=code, params=json.loads(params))


def people_rows(people: People) -> Iterator[Row]:
    """The rows of `people` that these people make."""
    for person in people.everyone():
        folded = fold_login(person.login) if person.login else None
        yield person.id, person.login or None, folded, person.name, person.forge_id, pings_text(person.pings)


def account_rows(people: People) -> Iterator[Row]:
    """The rows of `accounts` that these people make."""
    for account, (person, source, held) in people.accounts().items():
        yield account, person, source, held_text(held)


def held_text(until: datetime | None) -> str:
    """Until when an account is held, as `accounts` holds it; empty if it is not."""
    return stamp(until) if until is not None else ""


def pings_text(pings: Pings | None) -> str:
    """How somebody wants to be reminded, as `people` holds it: `on 9 17 Europe/Berlin`; empty if they never chose."""
    return f"{'on' if pings.on else 'off'} {pings.start} {pings.end} {pings.zone}" if pings is not None else ""


def pings_at(text: str) -> Pings | None:
    """What `pings_text` wrote."""
    if not text:
        return None
    on, start, end, zone = text.split(" ", 3)
    return Pings(on=on == "on", start=int(start), end=int(end), zone=zone)
