"""The public record of a ledger, read beside the writer and kept as long as the chain does not grow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock

from bot.core.docket import DocketEntry
from bot.core.minutes import minutes_of
from bot.core.record import Record, record_of
from bot.heads import head_of
from bot.names import DirectoryNames
from bot.ports import Reader

Progress = Callable[[int, int], None]


class Records:
    """Reads the record of the motions that may be known outside. Safe to use from any thread.

    What has ended is replayed once: the others, and what changed in the docket, each time the log's head moves.
    Names are looked up at each rendering, so that an erased person's is gone at once.
    """

    def __init__(self, *, reader: Callable[[], Reader], head: Callable[[], str], genesis: str) -> None:
        self._reader, self._head = reader, head
        self.genesis = genesis
        self._lock = Lock()
        self._read_at: str | None = None
        self._all: tuple[Record, ...] = ()
        self._ended: dict[DocketEntry, Record | None] = {}

    @property
    def head(self) -> str:
        """The hash of the last event: nothing that is shown changes while it stands."""
        return self._head()

    @property
    def names(self) -> DirectoryNames:
        """Who is behind an internal id, now."""
        return DirectoryNames(self._reader().directory())

    def all(self, progress: Progress | None = None) -> Sequence[Record]:
        """Every motion that may be known, the newest first."""
        with self._lock:
            head = self._head()
            if head != self._read_at:
                self._all = self._read(progress)
                self._read_at = head
            return self._all

    def minutes(self, number: int) -> str:
        """The minutes as they stand in the pull request; empty where there are none that may leave the channel."""
        reader = self._reader()
        motion = reader.motion(number)
        if motion is None or record_of(motion) is None:
            return ""
        names = DirectoryNames(reader.directory())
        try:
            return minutes_of(motion, names=names, head=head_of(reader, motion), genesis=self.genesis).body
        except ValueError:
            return ""

    def _read(self, progress: Progress | None) -> tuple[Record, ...]:
        reader = self._reader()
        entries = reader.entries()
        found: list[Record] = []
        for index, entry in enumerate(entries):
            record = self._one(reader, entry)
            if record is not None:
                found.append(record)
            if progress is not None:
                progress(index + 1, len(entries))
        return tuple(reversed(found))

    def _one(self, reader: Reader, entry: DocketEntry) -> Record | None:
        if entry in self._ended:
            return self._ended[entry]
        motion = reader.motion(entry.number)
        record = record_of(motion, head=entry.head) if motion is not None else None
        if motion is not None and motion.ended:
            self._ended[entry] = record
        return record
