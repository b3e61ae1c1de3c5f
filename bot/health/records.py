"""Looks at the ledger: room on the disk, who can read it, the chain, what waits to be posted, what should be closed.

It reads beside a running bot and takes no lock.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.health.probing import ok, warning, wrong
from bot.ports import Finding
from bot.proofs import counts
from bot.reports import rfc3339
from bot.wiring import check_since_mark, read_ledger, verify

SCARCE: Final = 100 << 20
SMALL: Final = 1 << 30
LATE: Final = timedelta(minutes=5)
"""A running bot delivers and closes within seconds, or a minute after an outage."""
MOST: Final = 10


def disk(ledger: Path) -> Sequence[Finding]:
    """Whether the ledger's folder can be written and has room, and whether the file is its owner's alone."""
    folder = ledger.parent
    if not folder.is_dir():
        return [wrong(f"{folder}: there is no such folder", f"make it: mkdir -p {folder}")]
    found = [_room(folder), _writable(ledger)]
    if ledger.is_file() and ledger.stat().st_mode & 0o077:
        what = f"{ledger}: others than its owner can read who voted how"
        found.append(warning(what, f"chmod 600 {ledger}"))
    return found


def _room(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    said = f"{folder.absolute()}: {_size(free)} are free"
    if free < SCARCE:
        return wrong(said, "make room: a ballot that cannot be written is not counted")
    return warning(said, "make room before it becomes scarce") if free < SMALL else ok(said)


def _writable(ledger: Path) -> Finding:
    """A file is made beside the ledger and is gone at once: rights alone tell nothing of a disk that is read-only."""
    if ledger.exists() and not os.access(ledger, os.W_OK):
        return wrong(f"{ledger}: cannot be written by this user", "run the bot, and this, as the owner of the file")
    try:
        with tempfile.TemporaryFile(dir=ledger.parent) as probe:
            probe.write(b"\0")
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        what = f"{ledger.parent.absolute()}: cannot be written: {error.strerror}"
        return wrong(what, "give the bot's user the folder, or mount it for writing")
    state = "is there and can be written" if ledger.is_file() else "is not there yet: the first start makes it"
    return ok(f"{ledger}: {state}")


def chain(ledger: Path, *, complete: bool) -> Sequence[Finding]:
    """The chain since the last mark, as at every start; or the whole ledger, as `verify` does. Raises LedgerError."""
    if not ledger.is_file():
        return [ok("There is no ledger yet, and so no chain")]
    if not complete:
        head = check_since_mark(ledger)
        more = "the whole is checked by: folkmoot doctor --complete"
        return [ok(f"The chain is whole since its last mark (event {head.seq} is the newest); {more}")]
    report = verify(ledger)
    if report.ok:
        return [ok(f"{counts(report)}: chain, texts, results and projections agree")]
    remedy = "do not go on with it; put the newest backup back: folkmoot restore FILE"
    return [wrong(str(problem), remedy) for problem in report.problems[:MOST]]


def deliveries(ledger: Path, now: datetime) -> Sequence[Finding]:
    """What was parked, what goes on failing, and what waits though it is due. Raises LedgerError."""
    if not ledger.is_file():
        return [ok("Nothing has been posted yet")]
    reader = read_ledger(ledger)
    found = []
    for row in reader.stuck()[:MOST]:
        said = f"{row.effect.key} ({row.attempts} attempts): {row.error}"
        if row.state == "parked":
            remedy = "mend what the error says; a poll comes back when its message is asked for again"
            found.append(wrong(f"Given up: {said}", remedy))
        else:
            found.append(warning(f"Not delivered yet: {said}", "mend what the error says; it is tried again by itself"))
    waiting = [row for row in reader.due(now) if row.attempts == 0 and row.due < now - LATE]
    if waiting:
        kinds = ", ".join(dict.fromkeys(row.effect.kind for row in waiting))
        what = f"{len(waiting)} deliveries wait since {rfc3339(min(row.due for row in waiting))} ({kinds})"
        found.append(wrong(what, _start(ledger)))
    return found or [ok("Nothing waits to be posted")]


def closes(ledger: Path, now: datetime) -> Sequence[Finding]:
    """Windows that have ended and were not counted. Raises LedgerError."""
    if not ledger.is_file():
        return [ok("No motion is open")]
    entries = read_ledger(ledger).entries(unfinished=True)
    late = [each for each in entries if each.stage == "open" and each.closes_at and each.closes_at < now - LATE]
    if not late:
        count = sum(each.stage == "open" for each in entries)
        return [ok(f"No close is overdue ({count} {'motion is' if count == 1 else 'motions are'} open)")]
    return [
        wrong(f"Motion {each.number} should have closed at {rfc3339(each.closes_at)}", _start(ledger))
        for each in late
        if each.closes_at is not None
    ]


def _start(ledger: Path) -> str:
    if writer(ledger):
        return "the bot runs and does not do it: look into its log, then start it again"
    return "start the bot: folkmoot serve. What has ended is counted a minute later"


def life(ledger: Path) -> Sequence[Finding]:
    """Whether a bot writes to the ledger now."""
    pid = writer(ledger)
    if pid:
        return [ok(f"The bot runs (process {pid})")]
    return [ok("The bot does not run on this machine now; start it with: folkmoot serve")]


def writer(ledger: Path) -> int:
    """The process that holds the ledger's lock, by the kernel's list; 0 if there is none, or no such list."""
    try:
        inode = ledger.with_name(f"{ledger.name}.lock").stat().st_ino
        locks = Path("/proc/locks").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    for line in locks.splitlines():
        fields = line.split()
        if len(fields) > 5 and fields[1] == "FLOCK" and fields[5].rpartition(":")[2] == str(inode):
            return int(fields[4]) if fields[4].isdecimal() else 0
    return 0


def _size(count: int) -> str:
    return f"{count / (1 << 30):.1f} GiB" if count >= 1 << 30 else f"{count >> 20} MiB"
