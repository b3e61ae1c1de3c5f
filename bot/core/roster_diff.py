"""What a change of a maintainers file comes to: who gets a role and who loses one. Lines and order say nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.core.people import RosterRow, fold_login

Holding = tuple[str, str]
"""A folded login and a role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterDiff:
    """The roles that begin and end, and whose records differ at all (folded logins, or names where there is none)."""

    begins: frozenset[Holding]
    ends: frozenset[Holding]
    touched: frozenset[str]

    @property
    def joining(self) -> Holding | None:
        """The one person who gets one role, where no other record differs (R27, T24)."""
        (who, role), *more = sorted(self.begins) or [("", "")]
        alone = not more and bool(who) and self.touched == {who} and all(login == who for login, _ in self.ends)
        return (who, role) if alone else None

    @property
    def leaving(self) -> str | None:
        """The one person who loses roles and gets none, where no other record differs."""
        who = {login for login, _ in self.ends}
        return next(iter(who)) if len(who) == 1 and not self.begins and self.touched == who else None


def roster_diff(
    before: Iterable[RosterRow], after: Iterable[RosterRow], role_of: Callable[[RosterRow], str | None]
) -> RosterDiff:
    """Compare two readings of a maintainers file."""
    old, new = list(before), list(after)
    held, holds = _holdings(old, role_of), _holdings(new, role_of)
    left, come = Counter(map(_record, old)), Counter(map(_record, new))
    differing = [*(left - come), *(come - left)]
    return RosterDiff(
        begins=frozenset(holds - held),
        ends=frozenset(held - holds),
        touched=frozenset(fold_login(record[1]) or record[2].casefold() for record in differing),
    )


def _holdings(rows: Iterable[RosterRow], role_of: Callable[[RosterRow], str | None]) -> set[Holding]:
    found = [(fold_login(row.login), role_of(row)) for row in rows if row.login]
    return {(login, role) for login, role in found if role is not None}


def _record(row: RosterRow) -> tuple[str, str, str, str, str]:
    return (row.section, row.login, row.name, row.email, row.company)
