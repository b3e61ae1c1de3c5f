"""A process of its own that writes to a ledger: says each event's hash once it is recorded, until it is killed."""

from __future__ import annotations

import sys
from concurrent.futures import Future

from bot.core.people import PersonId
from bot.ports import Recorded, Transaction
from storage.errors import LedgerLocked
from storage.sqlite import SqliteLedger
from tests.storage.samples import ADA, BOB, CAT, NOW, StoppedClock, ballot, edit, notice, opened


def main(path: str) -> int:
    """Open, then cast ballots for ever; 3 if another process holds the ledger."""
    try:
        ledger = SqliteLedger(path, clock=StoppedClock())
    except LedgerLocked as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 3
    if ledger.reader().motion(1) is None:
        ledger.transact(lambda tx: tx.append(1, [opened(), notice()], at=NOW)).result()
    while True:
        for row in [future.result() for person in (ADA, BOB, CAT) for future in vote(ledger, person)]:
            sys.stdout.write(f"{row.seq} {row.hash}\n")
        sys.stdout.flush()


def vote(ledger: SqliteLedger, person: PersonId) -> list[Future[Recorded]]:
    """Cast the same ballot three times at once."""

    def work(tx: Transaction) -> Recorded:
        tx.intend([edit(1)], at=NOW)
        return tx.append(1, [ballot(person)], at=NOW)[0]

    return [ledger.transact(work) for _ in range(3)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
