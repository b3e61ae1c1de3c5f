"""What has to hold whatever comes in: nothing is logged as a fault, nobody acts but whom the platform has named."""

from __future__ import annotations

import asyncio
import logging
import os
import resource
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, Final

import structlog
from hypothesis import HealthCheck, Phase, settings

from bot.core import events as happenings
from bot.core.people import PersonId
from bot.ports import Ledger

BOUND: Final = 60.0
"""Seconds in which some payloads are done with, on a machine however busy."""
GROWTH: Final = 300 << 10
"""KiB by which the process may grow, over a whole module."""
MORE: Final = int(os.environ.get("FOLKMOOT_FUZZ") or 0)
"""How many times as much is tried as in every test run; then with other payloads each time."""


def examples(count: int) -> Callable[[Any], Any]:
    """So many examples: the same in every run, or many times as many that are drawn anew."""
    return settings(
        max_examples=count * MORE if MORE else count,
        derandomize=not MORE,
        database=None,
        deadline=None,
        print_blob=True,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )


class Watch(logging.Handler):
    """Everything that is logged as a fault, and what the event loop has to complain of."""

    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self.lines: list[MutableMapping[str, Any]] = []
        self.faults: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info or record.levelno >= logging.ERROR:
            self.faults.append(f"{record.name}: {record.getMessage()}")

    def of_the_loop(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self.faults.append(f"loop: {context.get('message')} {context.get('exception')!r}")

    def none(self) -> None:
        """Fail if anything was a fault since the last look."""
        found = [*self.faults, *[repr(line) for line in self.lines if "exc_info" in line or "incident" in line]]
        self.faults.clear()
        self.lines.clear()
        assert found == [], found[:5]


@contextmanager
def watched(runner: asyncio.Runner) -> Iterator[Watch]:
    """Look at everything that is logged meanwhile, in any logger."""
    watch = Watch()
    root = logging.getLogger()
    runner.get_loop().set_exception_handler(watch.of_the_loop)
    root.addHandler(watch)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        with structlog.testing.capture_logs() as lines:
            watch.lines = lines
            yield watch
    finally:
        root.removeHandler(watch)
    watch.none()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < GROWTH, "what is sent is kept"


OWN: Final = (
    happenings.NoticeDelivered,
    happenings.VotersPinged,
    happenings.VotingOpened,
    happenings.ElectorateReduced,
    happenings.ElectorateExtended,
    happenings.ReactionsUnplaced,
    happenings.DraftCalled,
    happenings.DraftOpened,
    happenings.MotionClosed,
    happenings.RoleBegan,
    happenings.RoleEnded,
)
"""What the bot itself records of what it has done or seen."""


class Book:
    """Reads what is new in the ledger, and asks of each line who may have caused it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._read: dict[int, int] = {}
        self.new()

    def new(self) -> list[tuple[int, Any]]:
        """What was recorded since the last look: the motion, and the event."""
        reader, found = self._ledger.reader(), []
        for number in [0, *[entry.number for entry in reader.entries()]]:
            events = list(reader.events(number))
            found += [(number, each.event) for each in events[self._read.get(number, 0) :]]
            self._read[number] = len(events)
        return found

    def person(self, account: str) -> PersonId | None:
        """Whose account it is."""
        known = self._ledger.reader().directory().by_account(account)
        return known.id if known is not None else None

    def only_by(self, people: set[PersonId]) -> list[tuple[int, Any]]:
        """What is new; fail if anything in it was done by others than these, or is no ballot of an elector."""
        found = self.new()
        for number, event in found:
            if isinstance(event, OWN) or (isinstance(event, happenings.PersonBound) and event.kind != "account"):
                continue
            did = {getattr(event, name, None) for name in ("person", "proposer", "seconder", "by")} - {None}
            assert did & people, f"{event} was nobody's request of {people}"
            if isinstance(event, happenings.BallotCast):
                motion = self._ledger.reader().motion(number)
                assert motion is not None
                assert event.person in people
                assert event.entered_by is None
                assert event.person in motion.members
        return found
