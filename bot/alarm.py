"""Wakes what is due: pings, closes, roster changes. The ledger is the truth; a wake only asks it (`reconcile`)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clerk import Clerk
from bot.core.commands import Close, NoteRoster, Ping
from bot.core.motion import Motion
from bot.core.rules import RosterFault
from bot.core.rules.lifecycle import PING_HOURS
from bot.desk import FrontDesk
from bot.ports import Clock, Ledger
from bot.repositories import Repositories, Repository
from bot.rosters import Rosters

log = structlog.get_logger("folkmoot.alarm")
GRACE = timedelta(seconds=30)
GRACE_AFTER_START = timedelta(seconds=60)
SWEEP_SECONDS = 60


class Alarm:
    """Reconciles the ledger with the time: at the start, at the next deadline, and in a sweep."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        clock: Clock,
        clerk: Clerk,
        desk: FrontDesk,
        repositories: Repositories,
        rosters: Rosters,
    ) -> None:
        self._ledger, self._clock, self._clerk, self._desk = ledger, clock, clerk, desk
        self._repositories, self._rosters = repositories, rosters
        self._since = clock.now()
        self._scheduler: AsyncIOScheduler | None = None

    # ------------------------------------------------------------------ waking

    async def start(self) -> None:
        """Reconcile now, then at each deadline and every minute. Jobs live in memory: nothing is lost with them."""
        self._since = self._clock.now()
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._scheduler.add_job(
            self._wake, "interval", seconds=SWEEP_SECONDS, id="sweep", misfire_grace_time=None, coalesce=True
        )
        self._scheduler.start()
        await self._wake()

    def stop(self) -> None:
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None

    async def _wake(self) -> None:
        try:
            await self.reconcile()
        except Exception as error:  # a wake that fails is logged; the next sweep asks again
            log.error("reconcile failed", error=repr(error), exc_info=error)
        self.plan()

    def plan(self) -> None:
        """Set the one job that wakes at the next deadline of any open motion."""
        due = self.next_due()
        if due is None or self._scheduler is None:
            return
        wait = max(timedelta(), due - self._clock.now())
        at = datetime.now(UTC) + wait
        self._scheduler.add_job(
            self._wake, "date", run_date=at, id="next-due", replace_existing=True, misfire_grace_time=None
        )

    def next_due(self) -> datetime | None:
        """The next instant at which something falls due by itself, or None."""
        now = self._clock.now()
        instants = [at for motion in self._open() for at in self._instants(motion) if at > now]
        overdue = [at for motion in self._open() if (at := self.close_due(motion)) is not None and at <= now]
        return min(instants + overdue, default=None)

    def _instants(self, motion: Motion) -> list[datetime]:
        closes = self.close_due(motion)
        if motion.closes_at is None or closes is None:
            return []
        pings = [motion.closes_at - timedelta(hours=hours) for hours in PING_HOURS if hours not in motion.pinged]
        return [*pings, closes]

    def close_due(self, motion: Motion) -> datetime | None:
        """When the count is made: 30 s after the window, 60 s after a start later than that; so all is drained."""
        if not motion.open or motion.closes_at is None:
            return None
        due = motion.closes_at + GRACE
        return max(due, self._since + GRACE_AFTER_START) if motion.closes_at <= self._since else due

    def _open(self) -> list[Motion]:
        reader = self._ledger.reader()
        numbers = [entry.number for entry in reader.entries(unfinished=True) if entry.stage in {"announcing", "open"}]
        return [motion for number in numbers if (motion := reader.motion(number)) is not None]

    # ------------------------------------------------------------------ what is due

    async def reconcile(self) -> None:
        """Do all that is due now; asking twice changes nothing."""
        for repository in self._repositories.all():
            await self._note_roster(repository)
        for motion in self._open():
            for hours in PING_HOURS:
                await self._ping(motion, hours)
            due = self.close_due(motion)
            if due is not None and self._clock.now() >= due:
                await self._desk.quiet()
                await self._clerk.tell(motion.number, Close())

    async def _ping(self, motion: Motion, hours: int) -> None:
        closes = motion.closes_at
        if closes is None or hours in motion.pinged:
            return
        if closes - timedelta(hours=hours) <= self._clock.now() < closes:
            await self._clerk.tell(motion.number, Ping(hours=hours))

    async def _note_roster(self, repository: Repository) -> None:
        """Tell every unfinished motion of the repository what its roster is now (R5, R28)."""
        reader = self._ledger.reader()
        entries = [e for e in reader.entries(unfinished=True) if e.repository == repository.name]
        if not entries:
            return
        roster = await self._rosters.read(repository)
        if isinstance(roster, RosterFault):
            log.warning(
                "roster unreadable", repository=repository.name, path=roster.path, line=roster.line, what=roster.what
            )
            return
        for entry in entries:
            motion = reader.motion(entry.number)
            if motion is None:
                continue
            role = roster.role_of(motion.subject)
            same = frozenset(roster.maintainers) == motion.members
            if (motion.open and same) or (not motion.open and role is None):
                continue
            note = NoteRoster(commit=roster.commit, maintainers=roster.maintainers, subject_role=role)
            await self._clerk.tell(entry.number, note)
