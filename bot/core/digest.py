"""What a week has brought: motions that are open, have ended, wait or are due. No contact, and no practice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.motion import Motion

AHEAD = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A week of one repository, as it stands at `now`. `waiting` have carried, and something is still to be done."""

    repository: str
    since: datetime
    now: datetime
    open: tuple[Motion, ...]
    ended: tuple[Motion, ...]
    waiting: tuple[Motion, ...]
    due: tuple[Motion, ...]


def digest_of(repository: str, motions: Iterable[Motion], *, since: datetime, now: datetime) -> Digest | None:
    """The week in the channel's words; None where there is nothing to say.

    A contact is known to some maintainers only (R37, R43), and a practice is no business of the project's.
    """
    known = [m for m in motions if m.opened.repository == repository and m.proposed and not m.practice]
    running = tuple(m for m in known if m.open and m.effective is None)
    ended = tuple(m for m in known if not m.open and m.closed_at is not None and m.closed_at >= since)
    waiting = tuple(m for m in known if not m.open and not m.ended and m not in ended)
    due = tuple(
        sorted(
            (m for m in running if m.closes_at is not None and m.closes_at <= now + AHEAD),
            key=lambda motion: (motion.closes_at or now, motion.number),
        )
    )
    if not (running or ended or waiting):
        return None
    return Digest(repository=repository, since=since, now=now, open=running, ended=ended, waiting=waiting, due=due)
