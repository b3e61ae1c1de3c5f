"""The pages of the governance record and the calendars of deadlines, around a ledger that is only read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from adapters.deadlines import Entry, calendar
from adapters.site import Pages, Served, Written, serve, write_site
from adapters.site.web import PrivateCalendar
from bot.config import Config
from bot.credentials import file_secret
from bot.deadlines import Appointment, appointments
from bot.ports import Clock, Reader
from bot.records import Progress, Records
from bot.wiring import read_ledger
from storage.reader import SqliteReader

TOKEN_LENGTH = 20
"""Letters that the token of a private address has at least: it must not be guessed."""


class Readable(Protocol):
    """A ledger, as far as the record needs it."""

    def reader(self) -> Reader: ...

    def head(self) -> str: ...

    def genesis(self) -> str: ...


class _File:
    """A ledger's file, read beside the bot."""

    def __init__(self, reader: SqliteReader) -> None:
        self._reader = reader
        self.head, self.genesis = reader.head, reader.genesis

    def reader(self) -> Reader:
        return self._reader


def of_file(path: Path) -> Readable:
    """A ledger by its file. Raises LedgerError for a file that is none."""
    return _File(read_ledger(path))


class RecordSource(Records):
    """What the pages are made from."""

    def __init__(self, ledger: Readable, *, now: Callable[[], datetime], base: str) -> None:
        super().__init__(reader=ledger.reader, head=ledger.head, genesis=ledger.genesis())
        self._ledger, self._now, self._base = ledger, now, base

    def calendar(self) -> bytes:
        return deadlines(self._ledger, self._now(), base=self._base)


def deadlines(ledger: Readable, now: datetime, *, base: str = "", private: bool = False) -> bytes:
    """The deadlines as iCalendar: the public ones, or all that the maintainers may know."""
    found = appointments(ledger.reader(), now, private=private)
    whose = "Maintainers' deadlines" if private else "Governance deadlines"
    repositories = ", ".join(sorted({each.repository for each in found}))
    name = f"{whose}: {repositories}" if repositories else whose
    return calendar((_entry(each, base) for each in found), genesis=ledger.genesis(), name=name)


def _entry(each: Appointment, base: str) -> Entry:
    deadline = each.deadline
    address = f"{base.rstrip('/')}/motions/{deadline.motion}.html" if base and each.public else ""
    return Entry(
        key=f"motion-{deadline.motion}-{deadline.what}",
        at=deadline.at,
        standing=deadline.standing,
        changes=deadline.changes,
        changed_at=deadline.changed_at,
        summary=each.summary,
        description=each.description,
        category=each.repository,
        url=address,
    )


def pages_of(config: Config, ledger: Readable, now: Callable[[], datetime]) -> tuple[Pages, RecordSource]:
    """The pages of a ledger, and what they are made from."""
    site = config.site
    source = RecordSource(ledger, now=now, base=site.url)
    title = site.title or f"Governance of {', '.join(table.name for table in config.repository)}"
    return Pages(source, title=title, base=site.url), source


def write_record(
    config: Config,
    ledger: Readable,
    now: Callable[[], datetime],
    folder: Path,
    *,
    dry: bool,
    progress: Callable[[str], Progress],
) -> Written:
    """Write the pages into a folder. `progress` gives, for a step by name, what to call while it goes on."""
    pages, source = pages_of(config, ledger, now)
    source.all(progress("Reading the ledger"))
    return write_site(pages, folder, dry=dry, progress=progress("Writing the pages"))


async def open_site(config: Config, ledger: Readable, clock: Clock) -> Served:
    """Serve the pages at the configured address. Raises OSError for it, and SecretMissing for the token."""
    private = _private(config, ledger, clock)
    pages, _ = pages_of(config, ledger, clock.now)
    host, _, port = config.site.listen.rpartition(":")
    return await serve(pages, host=host.strip("[]"), port=int(port), private=private)


def _private(config: Config, ledger: Readable, clock: Clock) -> PrivateCalendar | None:
    """The maintainers' calendar, where it has a token; one that cannot be read, or is short, stops the start."""
    file = config.site.private_calendar_token_file
    if not file:
        return None
    token = file_secret(config.here / file, what="token of the maintainers' calendar", least=TOKEN_LENGTH)
    return PrivateCalendar(token=token, data=lambda: deadlines(ledger, clock.now(), private=True))
