"""The data of a ledger for spreadsheets and programs: motions, windows, tallies; ballots only if asked for."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.core.motion import Motion
from bot.core.record import Record, described, is_public
from bot.datacolumns import BALLOTS, MOTIONS, TALLIES, VERSION, WINDOWS, Column
from bot.names import DirectoryNames
from bot.ports import Reader
from bot.progress import Step
from bot.reports import cell, rfc3339

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """The rows. `windows` and `tallies` stand beside the motions, in their order."""

    log_head: str
    motions: list[Row]
    windows: list[Row]
    tallies: list[Row]
    ballots: list[Row] | None


def read(reader: Reader, head: str, *, private: bool, ballots: bool, progress: Step) -> Data:
    """Read the ledger: what may be known outside, with `private` all but contacts and practice.

    Ballots have persons by login and no reasons; those of blinded votes are never in here.
    """
    names, entries = DirectoryNames(reader.directory()), reader.entries()
    made = Data(log_head=head, motions=[], windows=[], tallies=[], ballots=[] if ballots else None)
    for index, entry in enumerate(entries):
        motion = reader.motion(entry.number)
        if motion is not None and (is_public(motion) or (private and motion.proposed and not motion.practice)):
            record = described(motion, head=entry.head)
            made.motions.append(_motion(record, names, public=is_public(motion)))
            made.windows.append(_window(record))
            made.tallies.append(_tally(record))
            if made.ballots is not None and motion.policy.secrecy == "open":
                made.ballots.extend(_ballots(motion, names))
        progress(index + 1, len(entries))
    return made


def as_json(data: Data) -> bytes:
    """All of it in one document."""
    rows = zip(data.motions, data.windows, data.tallies, strict=True)
    whole: Row = {
        "schema": VERSION,
        "log_head": data.log_head,
        "motions": [{**motion, "window": window, "tally": tally} for motion, window, tally in rows],
    }
    if data.ballots is not None:
        whole["ballots"] = data.ballots
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def as_csv(data: Data) -> bytes:
    """One motion a row with its window and its tally, or where ballots were asked for, one ballot a row."""
    columns: tuple[Column, ...] = (*MOTIONS, *WINDOWS, *TALLIES)
    rows = [
        {**motion, **window, **tally}
        for motion, window, tally in zip(data.motions, data.windows, data.tallies, strict=True)
    ]
    if data.ballots is not None:
        columns, rows = BALLOTS, data.ballots
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in columns])
    writer.writerows([_cell(row[column.name]) for column in columns] for row in rows)
    return out.getvalue().encode("utf-8", "replace")


def _cell(value: object) -> object:
    """A cell: nothing for null, words for true and false, and no text that a spreadsheet takes for a formula (T32)."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return cell(value)
        case _:
            return value


def _motion(record: Record, names: DirectoryNames, *, public: bool) -> Row:
    return {
        "motion": record.number,
        "repository": record.repository,
        "kind": record.kind,
        "role": record.role or None,
        "subject": names.login(record.subject) if record.subject is not None else None,
        "title": record.title.text if record.title is not None else None,
        "state": record.state,
        "public": public,
        "rule": record.rule,
        "document": record.document,
        "policy": record.rulebook,
        "roster_path": record.roster_path,
        "roster_commit": record.roster_commit,
        "pull_request": record.url or record.branch or None,
        "in_force": record.effective or None,
        "simulated": record.simulated,
        "log_head": record.head or None,
    }


def _window(record: Record) -> Row:
    return {
        "announced_at": rfc3339(record.announced_at),
        "closes_at": rfc3339(record.closes_at) if record.closes_at else None,
        "decided_at": rfc3339(record.decided_at) if record.decided_at else None,
        "window": str(record.window),
        "zone": record.zone,
    }


def _tally(record: Record) -> Row:
    count = record.count
    numbers = dict.fromkeys([column.name for column in TALLIES])
    known: Row = {**numbers, "arithmetic": record.arithmetic or None, "withheld": record.withheld}
    if count is None:
        return known
    return {
        **known,
        "eligible": count.eligible,
        "could_vote": count.able,
        "needed": count.needed,
        "base": count.base,
        "quorum": count.quorum,
        "yes": count.yes,
        "no": count.no,
        "abstain": count.abstain,
        "did_not_vote": count.silent,
    }


def _ballots(motion: Motion, names: DirectoryNames) -> Iterator[Row]:
    """The last word of everybody who has one, by login."""
    for person, ballot in sorted(motion.ballots.items(), key=lambda each: names.login(each[0])):
        if ballot.choice is not None:
            yield {
                "motion": motion.number,
                "person": names.login(person),
                "choice": ballot.choice,
                "via": ballot.via,
                "acted_at": rfc3339(ballot.acted_at),
                "counted": person in motion.members,
            }
