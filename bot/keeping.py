"""The operator's verbs that change a ledger's files while no bot runs: restore a backup. They ask before they do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.wiring import Restoration

Tell = Callable[[str], None]
Sure = Callable[[str], bool]


class NotAgreed(LookupError):
    """The operator was asked and did not agree; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("Nothing was changed. To agree beforehand, add --yes.")


def restored(backup: Path, ledger: Path, *, tell: Tell, sure: Sure) -> None:
    """Replace the ledger by the backup, after its check. Raises LedgerError, or NotAgreed."""
    with Restoration(backup, ledger) as ready:
        report = ready.report
        tell(f"{backup}: {report.events} events, {report.motions} motions, log head {report.head}: whole.")
        if ready.replaces:
            tell(_difference(ledger, ready))
            if not sure(f"Replace {ledger}?"):
                raise NotAgreed
        aside = ready.finish(at=datetime.now(UTC))
    tell(f"{ledger}: restored." + (f" The old ledger is kept as {aside}." if aside is not None else ""))
    tell("What was recorded after the backup is not in it: tell the members to look at their open polls.")


def _difference(ledger: Path, ready: Restoration) -> str:
    if ready.events is None:
        return f"{ledger}: cannot be read."
    if not ready.related:
        return f"{ledger}: {ready.events} events of another ledger. Its motions are not in the backup."
    if ready.newer:
        return f"{ledger}: has {ready.newer} events more than the backup; only the file kept aside will have them."
    return f"{ledger}: has nothing that the backup has not."
