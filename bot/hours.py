"""When somebody wants to be reminded: their zone and working hours, as they or the configuration say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from bot.core.calendar import CalendarError, is_business_day, zone
from bot.core.people import Person, PlatformUser, fold_login

DAYS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Working hours on business days, local: from `start` up to, not including, `end`."""

    zone: str = "UTC"
    start: int = 9
    end: int = 17

    def next(self, at: datetime) -> datetime:
        """The first instant from `at` on that is within them."""
        local = at.astimezone(zone(self.zone))
        if is_business_day(local.date(), frozenset()) and self.start <= local.hour < self.end:
            return at
        opens = self._opening(local, 0)
        return opens if opens > at else self._opening(local, 1)

    def morning(self, at: datetime) -> datetime:
        """When the next working day begins."""
        return self._opening(at.astimezone(zone(self.zone)), 1)

    def _opening(self, local: datetime, days: int) -> datetime:
        """The opening of the first business day that is at least this many days on."""
        for ahead in range(days, days + DAYS):
            day = local.date() + timedelta(days=ahead)
            if is_business_day(day, frozenset()):
                return datetime.combine(day, time(self.start), zone(self.zone)).astimezone(UTC)
        raise ValueError("there is no business day")


class Rota:
    """Everybody's hours: as they chose, else as the configuration says, else an office's in their profile's zone.

    Who is known by none of these is reminded at once.
    """

    def __init__(self, hours: Mapping[str, Hours] | None = None) -> None:
        self._hours = {fold_login(login): each for login, each in (hours or {}).items()}
        self._profiles: dict[str, str] = {}

    def learn(self, user: PlatformUser, zone_name: str) -> None:
        """Note the time zone that somebody's profile on a platform shows; one that is unknown here is left out."""
        try:
            zone(zone_name)
        except CalendarError:
            return
        self._profiles[user.key] = zone_name

    def of(self, person: Person | None) -> Hours | None:
        """Somebody's hours, if they are known."""
        if person is None:
            return None
        configured = self._hours.get(fold_login(person.login))
        profile = next((self._profiles[account] for account in person.accounts if account in self._profiles), "")
        chosen = person.pings
        if chosen is not None:
            known = configured.zone if configured is not None else profile
            return Hours(zone=chosen.zone or known or "UTC", start=chosen.start, end=chosen.end)
        return configured or (Hours(zone=profile) if profile else None)

    def soonest(self, person: Person | None, at: datetime, *, before: datetime | None) -> datetime:
        """When to remind somebody: within their hours, or at once where that would be after the close."""
        hours = self.of(person)
        soon = hours.next(at) if hours is not None else at
        return at if before is not None and soon >= before else soon

    def morning(self, person: Person | None, at: datetime) -> datetime:
        """The start of somebody's next working day."""
        return (self.of(person) or Hours()).morning(at)
