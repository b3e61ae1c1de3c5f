"""A ledger in a file with a bit of everything in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.answers import Answer
from bot.core.effects import effects_of
from bot.core.events import CandidateAnswered, Event, InvitationTaken, RoleBegan
from bot.ports import Ledger, Transaction
from storage.sqlite import SqliteLedger
from tests.storage.samples import (
    ADA,
    BOB,
    CAT,
    DAN,
    NOW,
    StoppedClock,
    ballot,
    bound,
    closed,
    later,
    notice,
    opened,
)

CHANNELS = ("slack:C0123", "discord:G/C")


def tell(ledger: Ledger, number: int, *events: Event) -> None:
    """Append events, each with its effects and an answer, as the clerk does."""

    def work(tx: Transaction) -> None:
        for event in events:
            (row,) = tx.append(number, [event], at=NOW)
            motion = tx.motion(number)
            if motion is not None:
                tx.intend(effects_of(event, motion, CHANNELS), at=NOW)
            tx.remember(f"request-{row.seq}", Answer(ok=True, code="done", params={"n": 1}), at=NOW, motion=number)

    ledger.transact(work).result()


def furnish(ledger: Ledger) -> None:
    """People, a motion that was enacted, one that was lost, one that is open."""
    tell(ledger, 0, bound(ADA, "login", "Ada-L"), bound(ADA, "name", "Ada"), bound(ADA, "forge", "github:7"))
    tell(ledger, 0, bound(ADA, "account", "slack:T/U1"), bound(BOB, "login", "bob"))
    tell(ledger, 1, opened(), notice(), ballot(reason="yes, gladly"), ballot(BOB), ballot(CAT, "no"), closed(no=1))
    tell(ledger, 1, InvitationTaken(person=ADA))
    tell(ledger, 1, CandidateAnswered(person=ADA, accepted=False, name=None, email=None))
    tell(ledger, 2, opened(), notice(), ballot(), ballot(choice="no", at=later(-5)), closed("lost", yes=1))
    tell(ledger, 3, opened(subject=CAT, members=(ADA, BOB, DAN)), notice(), ballot(BOB, "abstain"))
    tell(ledger, 4, opened(repository="acme/other"), notice(), ballot(), ballot(BOB), closed())
    tell(ledger, 4, RoleBegan(roster_commit="c9"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[SqliteLedger]:
    opened_ledger = SqliteLedger(path, clock=StoppedClock())
    yield opened_ledger
    opened_ledger.close()


@pytest.fixture
def furnished(path: Path) -> Path:
    """The path of a ledger with a bit of everything, closed."""
    ledger = SqliteLedger(path, clock=StoppedClock())
    furnish(ledger)
    ledger.close()
    return path
