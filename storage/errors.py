"""What the store says when it cannot go on: each names the file or the row, in words for the operator."""

from __future__ import annotations


class LedgerError(Exception):
    """The ledger cannot be used as asked."""


class LedgerLocked(LedgerError):
    """Another process writes to this ledger (F11)."""


class LedgerDamaged(LedgerError):
    """Stored rows are not what was written: the message names the first such row (F8, T45)."""


class LedgerTooNew(LedgerError):
    """The ledger was written by a newer version of the program (F43)."""


class Conflict(LedgerError):
    """A row that must be unique is there already; the unit that tried to add it is rolled back."""
