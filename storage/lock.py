"""One writer per ledger: an advisory lock on a file beside it, gone with the process that holds it (F11)."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from storage.errors import LedgerLocked


class WriterLock:
    """Holds `<ledger>.lock`. The kernel frees it when the process ends, however it ends."""

    def __init__(self, ledger: Path) -> None:
        self._path = ledger.with_name(f"{ledger.name}.lock")
        self._handle: int | None = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(self._handle, 32, 0).decode("ascii", "replace").strip() or "unknown"
            self.release()
            raise LedgerLocked(
                f"{ledger} is in use by another process (pid {holder}): only one may write to it. Stop that one first"
            ) from error
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, f"{os.getpid()}\n".encode("ascii"), 0)

    def release(self) -> None:
        """Let another process write. The file stays: removing it could take a newcomer's lock away."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
