"""What `verify` and `export` say: a ledger or a bundle checked, and compared with a head that was published."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot import __version__, files
from bot.core.wording.spans import count
from bot.progress import Step
from bot.reports import Printed, rfc3339
from bot.wiring import Report, find_head, recheck, shortened, verify, write_bundle

_LOST = (
    "it is an older copy, another ledger, or its past was written anew. Do not go on with it: "
    "restore the newest backup (folkmoot restore), and compare that one"
)


def counts(report: Report) -> str:
    """`5 events, 1 motion`."""
    return f"{count(report.events, 'event')}, {count(report.motions, 'motion')}"


def verified(ledger: Path, against: str = "", *, progress: Step | None = None) -> Printed:
    """The whole ledger checked; with `against`, also whether this published head is in its chain (T45, T46)."""
    report = verify(ledger, progress=progress)
    words = f"✓ {counts(report)}: chain, texts, results and projections agree."
    good, lines, data = _said(report, words)
    _texts(report.texts, report.erased, lines, data)
    if against:
        found = find_head(ledger, against)
        about = "" if found is None else _where(found.seq, found.motion, found.type, found.at)
        good = _compared(against, found.hash if found is not None else "", about, lines, data) and good
    return Printed(text="\n".join(lines), data=data, good=good)


def verified_bundle(file: Path, against: str = "") -> Printed:
    """A bundle checked offline: every hash, every text that is in it, every count and outcome."""
    checked = recheck(file)
    report = checked.report
    words = f"✓ {counts(report)}: chain, texts, counts and outcomes agree."
    good, lines, data = _said(report, words)
    _texts(checked.texts, checked.erased, lines, data, f", {checked.absent} left out")
    data["texts_left_out"] = checked.absent
    if against:
        beginning = shortened(against)
        place, found = next(
            ((n, h) for n, h in enumerate((checked.genesis, *checked.hashes)) if h.startswith(beginning)), (0, "")
        )
        good = _compared(against, found, f"event {place}" if place else "the genesis", lines, data) and good
    return Printed(text="\n".join(lines), data=data, good=good)


def _said(report: Report, words: str) -> tuple[bool, list[str], dict[str, Any]]:
    lines = [f"✗ {problem}" for problem in report.problems] or [words]
    lines.append(f"Log head {report.head}")
    data: dict[str, Any] = {
        "ok": report.ok,
        "events": report.events,
        "motions": report.motions,
        "log_head": report.head,
        "problems": [{"table": p.table, "row": p.row, "what": p.what} for p in report.problems],
    }
    return report.ok, lines, data


def _texts(kept: int, erased: int, lines: list[str], data: dict[str, Any], more: str = "") -> None:
    lines.insert(-1, f"  Texts: {kept} checked, {erased} erased{more}.")
    data |= {"texts": kept, "texts_erased": erased}


def _compared(against: str, found: str, about: str, lines: list[str], data: dict[str, Any]) -> bool:
    """Add what the comparison came to; whether the head is there."""
    wanted = shortened(against)
    if found:
        lines.append(f"✓ {wanted} is in this chain: {about}.")
    else:
        lines.append(f"✗ {wanted} is not in this chain: {_LOST}.")
    data["against"] = {"head": wanted, "found": bool(found), "hash": found or None}
    data["ok"] = data["ok"] and bool(found)
    return bool(found)


def _where(seq: int, motion: int, kind: str, at: datetime | None) -> str:
    if seq == 0 or at is None:
        return "it is the genesis, from before the first event"
    about = f"of motion {motion}" if motion else "about people"
    return f"event {seq} ({kind}, {about}, {rfc3339(at)})"


def exported(ledger: Path, target: Path | None, *, texts: bool) -> str:
    """Write a bundle to `target` (a new file, its owner's only) or to standard output; a sentence about it."""
    now = datetime.now(UTC)
    if target is None:
        import sys

        write_bundle(ledger, sys.stdout, at=now, program=__version__, texts=texts)
        return ""
    with files.new(target) as out:
        written = write_bundle(ledger, out, at=now, program=__version__, texts=texts)
    named = "names, reasons and every ballot" if texts else "no texts, but every ballot under a random id"
    private = f"It holds {named}, those of blinded votes too: keep it as private as the ledger."
    return f"{target}: {written.events} events, {written.texts} texts, log head {written.head}. {private}"
