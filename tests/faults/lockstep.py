"""The real ledger, and a loop's worker threads, without anything that runs beside: so that runs are repeatable."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, TypeVar

from bot.ports import OutboxRow, Reader, Transaction
from storage.sqlite import SqliteLedger
from tests.faults.points import Killed, Points

T = TypeVar("T")


class LockStep:
    """The real ledger, each commit of which is waited for: then nothing runs beside it, and runs are repeatable."""

    def __init__(self, ledger: SqliteLedger) -> None:
        self._ledger = ledger

    def transact(self, work: Callable[[Transaction], T]) -> Future[T]:
        future = self._ledger.transact(work)
        wait([future])
        return future

    def reader(self) -> Reader:
        return self._ledger.reader()

    def genesis(self) -> str:
        return self._ledger.genesis()

    def head(self) -> str:
        return self._ledger.head()

    def row(self, key: str) -> OutboxRow | None:
        return self._ledger.row(key)

    def close(self) -> None:
        self._ledger.close()


class Inline(ThreadPoolExecutor):
    """Runs what is meant for a worker thread at once, in the thread that asks."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


def bury(ledger: SqliteLedger, points: Points) -> None:
    """Take from a dead instance what the end of its process would: open files and the lock. It commits nothing more."""
    points.kill()

    def die(txn: Transaction) -> None:
        raise Killed("the process has ended")

    wait([ledger.transact(die)])
    ledger.close()
