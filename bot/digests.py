"""The weekly digest of a repository's channels: once a week and channel, and nothing where there is nothing to say."""

from __future__ import annotations

import asyncio
from datetime import datetime, time, timedelta
from typing import Final

from bot.core.answers import Answer
from bot.core.calendar import zone
from bot.core.digest import Digest, digest_of
from bot.core.effects import digests
from bot.ports import Clock, Ledger, Reader, Transaction
from bot.repositories import Repository

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MORNING: Final = time(9)
"""When it is posted, in the repository's zone."""
PATIENCE: Final = timedelta(days=2)
"""How late it is still posted after an outage; beyond that the week goes without."""
WEEK: Final = timedelta(days=7)


class Digests:
    """Decides once a week whether there is something to say. What is decided is in the ledger, also a silence."""

    def __init__(self, *, ledger: Ledger, clock: Clock) -> None:
        self._ledger, self._clock = ledger, clock
        self._settled: set[str] = set()

    async def check(self, repository: Repository) -> None:
        """Post this week's digest if it is due; asking twice changes nothing."""
        now = self._clock.now()
        due = last_due(repository, now)
        if due is None or now - due > PATIENCE:
            return
        key = f"digest:{repository.name}:{due.date().isoformat()}"
        if key in self._settled:
            return
        digest = week_of(self._ledger.reader(), repository, now)
        said = digests(key, repository.name, repository.channels) if digest is not None else ()

        def work(txn: Transaction) -> None:
            if txn.answer(key) is None:
                txn.intend(said, at=now)
                txn.remember(key, Answer(ok=True, code="digest"), at=now, motion=0)

        await asyncio.wrap_future(self._ledger.transact(work))
        self._settled.add(key)


def last_due(repository: Repository, now: datetime) -> datetime | None:
    """When the latest digest fell due, as a local time; None where none is wanted."""
    if repository.digest not in DAYS:
        return None
    local = now.astimezone(zone(repository.zone))
    back = (local.weekday() - DAYS.index(repository.digest)) % 7
    due = datetime.combine(local.date() - timedelta(days=back), MORNING, local.tzinfo)
    return due if due <= local else due - WEEK


def week_of(reader: Reader, repository: Repository, now: datetime) -> Digest | None:
    """The week that ends now."""
    since = now - WEEK
    entries = [
        entry
        for entry in reader.entries()
        if entry.repository == repository.name
        and (not entry.ended or (entry.closed_at is not None and entry.closed_at >= since))
    ]
    motions = [motion for entry in entries if (motion := reader.motion(entry.number)) is not None]
    return digest_of(repository.name, motions, since=since, now=now)
