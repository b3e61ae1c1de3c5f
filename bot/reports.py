"""What the operator's reading verbs say, in words and as data. Works from the ledger's file alone, beside the bot."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bot.core.docket import DocketEntry
from bot.core.events import BallotCast
from bot.core.minutes import minutes_of
from bot.core.motion import Motion
from bot.core.people import PersonId
from bot.core.plain import plain_card, plain_line
from bot.core.prose import Prose
from bot.core.teller import recount
from bot.core.wording import Names, Scene, living_card
from bot.core.wording.poll import arithmetic_line, certainty, tally_line
from bot.heads import head_of
from bot.names import DirectoryNames
from bot.ports import Directory, Reader
from bot.wiring import read_ledger

EXPORT_SCHEMA = 1
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A report in both forms."""

    text: str
    data: Any
    good: bool = True


def status(ledger: Path) -> Printed:
    """The motions that have not ended, and what is stuck in the outbox."""
    reader = read_ledger(ledger)
    names = DirectoryNames(reader.directory())
    entries = reader.entries(unfinished=True)
    stuck = reader.stuck()
    lines = [
        f"{e.number:>4}  {e.stage:<10} {e.repository}: {_about(e, names)}"
        + (f", closes {rfc3339(e.closes_at)}" if e.closes_at and e.stage == "open" else "")
        for e in entries
    ]
    lines = lines or ["No motion is open or waiting."]
    lines += [f"Not delivered ({row.state}, {row.attempts} attempts): {row.effect.key}: {row.error}" for row in stuck]
    data = {
        "motions": [
            {
                "motion": e.number,
                "repository": e.repository,
                "stage": e.stage,
                "kind": e.kind,
                "role": e.role,
                "subject": names.login(e.subject) if e.subject else None,
                "opened_at": rfc3339(e.opened_at),
                "closes_at": rfc3339(e.closes_at) if e.closes_at else None,
            }
            for e in entries
        ],
        "not_delivered": [
            {"key": row.effect.key, "state": row.state, "attempts": row.attempts, "error": row.error} for row in stuck
        ],
        "log_head": reader.head(),
    }
    return Printed(text="\n".join(lines), data=data)


def _about(entry: DocketEntry, names: Names) -> str:
    """What a motion is about, in a few words."""
    if entry.subject is None:
        return f"{entry.kind} by the policy {entry.policy}"
    return f"{entry.kind} @{names.login(entry.subject)} ({entry.role or 'member'})"


def show(ledger: Path, number: int) -> Printed:
    """A motion as members see it, and its events."""
    reader = read_ledger(ledger)
    motion, directory = _motion(reader, number), reader.directory()
    events = [_event(recorded.event, directory) for recorded in reader.events(number)]
    lines = [plain_card(living_card(motion, _scene(reader, number))), "", "Events:"]
    rows: list[dict[str, Any]] = []
    for recorded, (kind, data) in zip(reader.events(number), events, strict=True):
        told = ", ".join(
            f"{key}={value}" for key, value in data.items() if key in _TOLD and value not in (None, [], "")
        )
        lines.append(f"{recorded.seq:>6}  {rfc3339(recorded.at)}  {kind}{': ' + told if told else ''}")
        rows.append({"seq": recorded.seq, "at": rfc3339(recorded.at), "type": kind, "hash": recorded.hash, **data})
    return Printed(text="\n".join(lines), data={"motion": number, "stage": motion.stage, "events": rows})


_TOLD = ("person", "people", "choice", "outcome", "closes_at", "hours", "branch", "accepted", "roster_commit")


def count(ledger: Path, number: int) -> Printed:
    """A motion counted again from every ballot."""
    motion = _motion(read_ledger(ledger), number)
    counted = recount(motion)
    lines = [plain_line(tally_line(counted)), plain_line(arithmetic_line(motion, counted))]
    lines.append(f"Outcome: {motion.outcome}" if motion.outcome else certainty(counted))
    data = {
        "motion": number,
        "outcome": motion.outcome,
        "eligible": counted.eligible,
        "needed": counted.needed,
        "yes": counted.yes,
        "no": counted.no,
        "abstain": counted.abstain,
        "not_voted": counted.not_voted,
        "certain": counted.certain,
    }
    return Printed(text="\n".join(lines), data=data)


def minutes(ledger: Path, number: int) -> str:
    """The body of the motion's pull request. Raises LookupError if it has not carried."""
    reader = read_ledger(ledger)
    motion = _motion(reader, number)
    if motion.outcome != "carried" and not (motion.practice and motion.closed is not None):
        raise LookupError(f"motion {number} has not carried; there are no minutes that leave the channel")
    scene = _scene(reader, number)
    return minutes_of(motion, names=scene.names, head=scene.head, genesis=reader.genesis()).body


def export(ledger: Path, number: int, form: str) -> str:
    """A motion with its ballots, as JSON or CSV."""
    reader = read_ledger(ledger)
    motion, directory = _motion(reader, number), reader.directory()
    if form == "csv":
        return _ballots_csv(reader, motion, DirectoryNames(directory))
    events: list[dict[str, Any]] = []
    for recorded in reader.events(number):
        kind, data = _event(recorded.event, directory)
        events.append(
            {"seq": recorded.seq, "at": rfc3339(recorded.at), "type": kind, "hash": recorded.hash, "data": data}
        )
    whole = {"schema": EXPORT_SCHEMA, **count(ledger, number).data, "events": events}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _ballots_csv(reader: Reader, motion: Motion, names: Names) -> str:
    """Every ballot ever cast, in order; `counted` marks the ones that the result is made of."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["motion", "seq", "voter", "choice", "reason", "via", "acted_at", "counted"])
    for recorded in reader.events(motion.number):
        event = recorded.event
        if not isinstance(event, BallotCast):
            continue
        last = motion.ballots.get(event.person)
        stands = last is not None and (last.acted_at, last.choice) == (event.acted_at, event.choice)
        writer.writerow(
            [
                motion.number,
                recorded.seq,
                cell(names.login(event.person)),
                event.choice,
                cell(str(event.reason or "")),
                event.via,
                rfc3339(event.acted_at),
                "yes" if stands and event.person in motion.members else "no",
            ]
        )
    return out.getvalue()


def cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula (T32)."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _event(event: object, directory: Directory) -> tuple[str, dict[str, Any]]:
    """An event as plain data, people by login."""
    data = _plain(event, directory)
    return type(event).__name__, data if isinstance(data, dict) else {}


def _plain(value: object, directory: Directory) -> Any:
    match value:
        case Prose():
            return value.text
        case datetime():
            return rfc3339(value)
        case date():
            return value.isoformat()
        case frozenset() | set():
            return sorted(_plain(each, directory) for each in value)
        case tuple() | list():
            return [_plain(each, directory) for each in value]
        case str() if directory.person(PersonId(value)) is not None:
            return DirectoryNames(directory).login(PersonId(value))
        case _ if is_dataclass(value) and not isinstance(value, type):
            if type(value).__str__ is not object.__str__ and type(value).__name__ in {"Threshold", "Window"}:
                return str(value)
            return {field.name: _plain(getattr(value, field.name), directory) for field in fields(value)}
        case _:
            return value


def _motion(reader: Reader, number: int) -> Motion:
    motion = reader.motion(number)
    if motion is None:
        raise LookupError(f"there is no motion {number} in this ledger")
    return motion


def _scene(reader: Reader, number: int) -> Scene:
    names, head = DirectoryNames(reader.directory()), head_of(reader, _motion(reader, number))
    return Scene(names=names, now=datetime.now(UTC), head=head)


def rfc3339(at: datetime) -> str:
    """An instant as RFC 3339 in UTC, with a Z."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
