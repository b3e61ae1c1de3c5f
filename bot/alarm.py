"""Wakes what is due: pings, closes, roster changes. The ledger is the truth; a wake only asks it (`reconcile`)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clerk import Clerk
from bot.core.commands import CallDraft, Close, NoteRoster, Ping, RemindContact
from bot.core.effects import review_key, reviews_due
from bot.core.motion import Motion
from bot.core.rules import RosterFault
from bot.core.rules.lifecycle import PING_HOURS, closes_early
from bot.core.rules.removal import REMINDERS, discussion_ends, reminder_due
from bot.desk import FrontDesk
from bot.digests import Digests
from bot.links import Links
from bot.ports import Clock, Ledger
from bot.repositories import Repositories, Repository
from bot.rosters import Rosters
from bot.threads.pinned import PinnedPulls

log = structlog.get_logger("folkmoot.alarm")
GRACE = timedelta(seconds=30)
GRACE_AFTER_START = timedelta(seconds=60)
SWEEP_SECONDS = 60
LATE = timedelta(seconds=2 * SWEEP_SECONDS)
HEARING = timedelta(hours=6)
"""How long a count waits for a forge that cannot be read: ballots in comments may be there that are in time."""
AGAIN = timedelta(seconds=30)
"""How long what could not be counted is left alone, so that a forge in trouble is not asked without end."""

Heard = Callable[[Motion], Awaitable[bool]]


async def _everything(motion: Motion) -> bool:
    """Where nothing is written on a forge, everything has been heard."""
    return True


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
        links: Links,
    ) -> None:
        self._ledger, self._clock, self._clerk, self._desk = ledger, clock, clerk, desk
        self._repositories, self._rosters, self._links = repositories, rosters, links
        self._since = clock.now()
        self._began: datetime | None = None
        self._digests = Digests(ledger=ledger, clock=clock)
        self._pulls = PinnedPulls(ledger=ledger, clerk=clerk, rosters=rosters)
        self._scheduler: AsyncIOScheduler | None = None
        self._heard: Heard = _everything
        self._looked = datetime.min.replace(tzinfo=UTC)
        self._sweeping: asyncio.Task[None] | None = None
        self._soon: set[asyncio.Task[None]] = set()

    # ------------------------------------------------------------------ waking

    async def start(self) -> None:
        """Reconcile now, then at each deadline and every minute. Jobs live in memory: nothing is lost with them."""
        self._since = self._clock.now()
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._scheduler.start()
        await self._wake()
        self._sweeping = asyncio.create_task(self._sweep(), name="sweep")

    async def _sweep(self) -> None:
        """Wake every minute, whatever the clock does: the scheduler's own jobs sleep on when it is put back (F14)."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            await self._wake()

    async def connected(self) -> None:
        """A platform is back, and has brought what it had missed: what ended meanwhile is counted a minute later."""
        self._since = self._clock.now()
        if self._scheduler is not None:
            await self._wake()

    def soon(self) -> None:
        """Reconcile at once, without being waited for: something outside has changed, such as a roster."""
        task = asyncio.create_task(self._wake(), name="reconcile-soon")
        self._soon.add(task)
        task.add_done_callback(self._soon.discard)

    async def rested(self) -> None:
        """Wait until what was to be done soon is done."""
        if self._soon:
            await asyncio.gather(*self._soon)

    def hear_first(self, heard: Heard) -> None:
        """Before a motion is counted, ask this whether everything that was written in time has come in."""
        self._heard = heard

    def stop(self) -> None:
        for task in (self._sweeping, *self._soon):
            if task is not None:
                task.cancel()
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
        # What the last look could not count has to wait a while for the next one, or nothing else is ever done.
        last = min(self._looked, now)
        return min(instants + [at if at > last else last + AGAIN for at in overdue], default=None)

    def _instants(self, motion: Motion) -> list[datetime]:
        closes = self.close_due(motion)
        if motion.closes_at is None or closes is None:
            return [at for at in (self._contact_due(motion), self._draft_due(motion)) if at is not None]
        pings = [motion.closes_at - timedelta(hours=hours) for hours in PING_HOURS if hours not in motion.pinged]
        return [*pings, closes]

    def close_due(self, motion: Motion) -> datetime | None:
        """When the count is made: 30 s after the window, 60 s after a start later than that; so all is drained."""
        if not motion.open or motion.closes_at is None:
            return None
        due = motion.closes_at + GRACE
        return max(due, self._since + GRACE_AFTER_START) if motion.closes_at <= self._since else due

    def overdue(self) -> list[int]:
        """Motions whose count should have been made a while ago: something keeps it from being made."""
        late = self._clock.now() - LATE
        return [motion.number for motion in self._open() if (due := self.close_due(motion)) is not None and due < late]

    def _contact_due(self, motion: Motion) -> datetime | None:
        """When the contact is to be reminded; None if that is over, or nobody has taken it (R38)."""
        waits = not motion.proposed and motion.contact_answer is None and motion.reminded < REMINDERS
        return reminder_due(motion) if waits else None

    def _draft_due(self, motion: Motion) -> datetime | None:
        """When the draft of a proposed removal is to be opened (R39)."""
        waits = motion.policy.window_start == "draft" and motion.proposed and not motion.draft_called
        return discussion_ends(motion) if waits else None

    def _open(self) -> list[Motion]:
        reader = self._ledger.reader()
        motions = [reader.motion(entry.number) for entry in reader.entries(unfinished=True)]
        return [motion for motion in motions if motion is not None and motion.open]

    # ------------------------------------------------------------------ what is due

    async def reconcile(self) -> None:
        """Do all that is due now; asking twice changes nothing."""
        self._looked = self._clock.now()
        self._since = min(self._since, self._looked)  # a clock that ran ahead at the start holds up no count
        await self._links.sync()
        for repository in self._repositories.all():
            await self._note_roster(repository)
            await self._pulls.check(repository)
            await self._reviews(repository)
        for motion in self._open():
            for hours in PING_HOURS:
                await self._ping(motion, hours)
            if self._contact_due(motion) is not None:
                await self._clerk.tell(motion.number, RemindContact())
            if self._draft_due(motion) is not None:
                await self._clerk.tell(motion.number, CallDraft())
            due = self.close_due(motion)
            if due is not None and (self._clock.now() >= due or closes_early(motion)):
                await self._desk.quiet()
                if await self._all_heard(motion):
                    await self._clerk.tell(motion.number, Close())
        for repository in self._repositories.all():
            await self._digests.check(repository)

    async def _all_heard(self, motion: Motion) -> bool:
        """Whether to count now: what was written on a forge in time is read first, for as long as that is worth it."""
        closes = motion.closes_at
        if closes is None or self._clock.now() < closes or await self._heard(motion):
            return True
        if self._clock.now() < closes + HEARING:
            log.warning("not counted yet: the forge cannot be read", motion=motion.number)
            return False
        log.error("counted without what may be on the forge: it cannot be read", motion=motion.number)
        return True

    async def _reviews(self, repository: Repository) -> None:
        """Once a quarter, beginning with the first one that starts after the ledger did (R9, R35)."""
        now = self._clock.now()
        period, start = quarter(now)
        if not repository.reviews or not self._began_before(start):
            return
        roster = await self._rosters.read(repository)
        if isinstance(roster, RosterFault):
            return
        if any(self._ledger.row(review_key(repository.name, period, p)) is not None for p in roster.maintainers):
            return
        effects = reviews_due(repository.name, period, roster.maintainers)
        await asyncio.wrap_future(self._ledger.transact(lambda txn: txn.intend(effects, at=now)))

    def _began_before(self, instant: datetime) -> bool:
        """Whether the ledger is older. Its stream of people is read once: that it has begun never changes."""
        if self._began is None:
            first = next(iter(self._ledger.reader().events(0)), None)
            self._began = first.at if first is not None else None
        return self._began is not None and self._began < instant

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
            same = frozenset(roster.maintainers) == motion.members | motion.barred
            ends = motion.policy.kind in {"remove", "step-down"}
            if (motion.open and same and not ends) or (not motion.open and role is None and not ends):
                continue
            note = NoteRoster(commit=roster.commit, maintainers=roster.maintainers, subject_role=role)
            await self._clerk.tell(entry.number, note)


def quarter(now: datetime) -> tuple[str, datetime]:
    """The quarter of an instant, as `2026Q4`, and when it began, in UTC."""
    number = (now.month - 1) // 3
    return f"{now.year}Q{number + 1}", datetime(now.year, 3 * number + 1, 1, tzinfo=UTC)
