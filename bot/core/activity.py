"""What people did in a repository over a window, for the private review (R35, R36) and the candidate list (R9, R10).

It counts and sorts, and must never decide: nobody is removed (R36) or nominated (R8) by a number. People are told apart
by login, forge id and mail, never by display name (T2).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal

from bot.core.people import RosterRow, fold_login

KINDS: Final = ("authored", "coauthored", "reviewed", "signed", "merged", "triaged")
"""What counts, one field of `Activity` each."""
AUTHORED, COAUTHORED, REVIEWED, SIGNED, MERGED, TRIAGED = range(len(KINDS))
"""Their places in it, as `Deed.roles` has them."""
_OWN: Final = frozenset({AUTHORED, MERGED})
_MONTHS_BEFORE_1970: Final = 1970 * 12
_NOREPLY: Final = "@users.noreply.github.com"
_FORGES_OWN: Final = frozenset({"noreply@github.com"})
_BOT: Final = "[bot]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A name and a mail as commits hold them, after .mailmap; `known` are further mails that it was mapped from."""

    name: str
    mail: str
    known: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Deed:
    """Commits of the same people in the same roles, counted up by a reader; people are places in its list of them.

    `roles` are kinds (places in KINDS) with who had them: the author's is `authored`, or `merged` by the merger in
    a merge. `months` has bit n for the month n after January 1970. Instants are seconds since then.
    """

    author: int
    roles: frozenset[tuple[int, int]]
    first: int
    last: int
    commits: int = 0
    months: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One person in the window. Merges are not authored; own commits are neither co-authored, reviewed nor signed.

    `triaged` are issues and pull requests of others that they commented on, where the source sees such.

    `months` are those (UTC, `YYYY-MM`) with anything counted. Names, logins: the most used first.
    """

    names: tuple[str, ...]
    mails: tuple[str, ...]
    logins: tuple[str, ...]
    forge_ids: tuple[int, ...]
    authored: int
    coauthored: int
    reviewed: int
    signed: int
    merged: int
    months: frozenset[str]
    first: datetime
    last: datetime
    triaged: int = 0

    @property
    def total(self) -> int:
        """Everything counted, each kind once a commit."""
        return self.authored + self.coauthored + self.reviewed + self.signed + self.merged + self.triaged


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityReport:
    """Everyone's activity in `since <= commit date < until`, reachable from `commit`; and how it was read.

    `cut_off`: the clone is shallow, so the numbers may be too low. `mailmap`: a .mailmap in the tree was applied.
    `discussions`: reviews and comments on the forge were read too, not only commits.
    """

    rows: tuple[Activity, ...]
    since: datetime
    until: datetime
    commit: str
    commits: int
    cut_off: bool = False
    mailmap: bool = False
    bots: tuple[str, ...] = ()
    discussions: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A maintainer's line in the review. `activity` is None when *not found by mail or login*, which is not inactivity.

    `contested`: several forge ids used this login (T3), so it was not matched by. `namesakes`: rows, not counted here,
    that share the display name or the contested login: a hint for a human.
    """

    login: str
    name: str
    found_by: tuple[Literal["login", "mail"], ...]
    activity: Activity | None
    contested: bool = False
    namesakes: tuple[Activity, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Regular:
    """Regular activity (R9, silent on it): something counted in `active` of the `of` whole months before the end."""

    active: int = 3
    of: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody with regular activity who was not found on the roster, and the months it was in.

    `namesakes` are the logins of roster members of the same display name: the list does not guess that it is them.
    """

    activity: Activity
    months: tuple[str, ...]
    namesakes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """The list, and how it was computed: the report's window and commit, the months looked at, what counts."""

    rows: tuple[Candidate, ...]
    report: ActivityReport = field(repr=False)
    regular: Regular
    months: tuple[str, ...]
    kinds: tuple[str, ...] = KINDS


# --------------------------------------------------------------------------- windows


def review_window(now: datetime, *, months: int = 3) -> tuple[datetime, datetime]:
    """The last months up to now (R35): from the same day of the month, or the month's last where it has none."""
    now = now.astimezone(UTC)
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    longest = monthrange(year, month + 1)[1]
    return now.replace(year=year, month=month + 1, day=min(now.day, longest)), now


def candidate_window(now: datetime, regular: Regular | None = None) -> tuple[datetime, datetime]:
    """The whole calendar months (UTC) before the present one that `candidates` looks at."""
    until = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return review_window(until, months=(regular or Regular()).of)[0], until


# --------------------------------------------------------------------------- joining


def login_of(mail: str) -> tuple[str, int | None] | None:
    """The login, and the forge's id where it is there, of a GitHub noreply address; None for any other."""
    folded = mail.casefold()
    local = folded.removesuffix(_NOREPLY)
    if not local or local == folded or "@" in local:
        return None
    number, plus, login = local.partition("+")
    if not plus:
        return local, None
    return (login, int(number)) if login and number.isascii() and number.isdigit() and len(number) < 19 else None


def is_bot(identity: Identity, bots: frozenset[str]) -> bool:
    """A `[bot]`, the forge itself, or a folded login, name or mail that the configuration names."""
    logins = {found[0] for mail in _mails(identity) if (found := login_of(mail))}
    names = {identity.name.casefold(), *logins}
    return any(name.endswith(_BOT) for name in names) or bool((names | {*_mails(identity)}) & (bots | _FORGES_OWN))


def tally(
    people: Sequence[Identity], deeds: Iterable[Deed], *, bots: Iterable[str] = ()
) -> tuple[tuple[Activity, ...], tuple[str, ...]]:
    """Each person's activity, by total, and the names of the bots left out. No order of people or deeds matters.

    Identities are one person when they share a forge id, a mail (not one whose host has no dot, such as
    `root@localhost`), or a login that is not known under two ids (T3).
    """
    named = frozenset(fold_login(bot) for bot in bots)
    robots = {who for who in people if is_bot(who, named)}
    joined = _joined(sorted({who for who in people if who not in robots}, key=_order))
    persons = [joined.get(who) for who in people]
    uses, sums = [0] * len(people), dict[int, _Sum]()
    for deed in deeds:
        _credit(deed, persons, uses, sums)
    mine: dict[int, list[tuple[Identity, int]]] = {}
    for who, person, used in zip(people, persons, uses, strict=True):
        if person in sums and used:
            mine.setdefault(person, []).append((who, used))
    rows = sorted((total.row(mine[person]) for person, total in sums.items()), key=_rank)
    return tuple(rows), tuple(sorted({who.name or who.mail for who in robots}))


def month_bit(at: datetime) -> int:
    """The bit of `Deed.months` for the month (UTC) of this instant."""
    at = at.astimezone(UTC)
    return 1 << (at.year * 12 + at.month - 1 - _MONTHS_BEFORE_1970)


def _months(bits: int) -> frozenset[str]:
    found = []
    while bits:
        place = bits.bit_length() - 1
        bits ^= 1 << place
        place += _MONTHS_BEFORE_1970
        found.append(f"{place // 12:04}-{place % 12 + 1:02}")
    return frozenset(found)


def _order(who: Identity) -> tuple[str, str, tuple[str, ...]]:
    return who.mail.casefold(), who.name, who.known


def _rank(row: Activity) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    return -row.total, row.mails, row.names


def _mails(who: Identity) -> tuple[str, ...]:
    return tuple(mail.casefold() for mail in (who.mail, *who.known) if mail)


def _joined(everyone: Sequence[Identity]) -> dict[Identity, int]:
    """A number for each identity, the same for those that are one person: union-find over their keys."""
    ids: dict[str, set[int]] = {}
    for who in everyone:
        for found in filter(None, map(login_of, _mails(who))):
            ids.setdefault(found[0], set()).update({found[1]} if found[1] is not None else ())
    parent = list(range(len(everyone)))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = number = parent[parent[number]]
        return number

    holder: dict[str, int] = {}
    for number, who in enumerate(everyone):
        for key in _keys(who, lambda login: len(ids[login]) < 2):
            one, other = root(number), root(holder.setdefault(key, number))
            parent[max(one, other)] = min(one, other)
    return {who: root(number) for number, who in enumerate(everyone)}


def _keys(who: Identity, certain: Callable[[str], bool]) -> Iterator[str]:
    for mail in _mails(who):
        yield f"mail {mail}" if "." in mail.partition("@")[2] else f"pair {mail}\0{who.name}"
        if found := login_of(mail):
            if certain(found[0]):
                yield f"login {found[0]}"
            if found[1] is not None:
                yield f"id {found[1]}"
    if not _mails(who):
        yield f"pair \0{who.name}"


# --------------------------------------------------------------------------- counting


@dataclass(slots=True, kw_only=True)
class _Sum:
    first: int
    last: int
    counts: list[int] = field(default_factory=lambda: [0] * len(KINDS))
    months: int = 0

    def row(self, identities: list[tuple[Identity, int]]) -> Activity:
        used = [who for who, _ in sorted(identities, key=lambda pair: (-pair[1], _order(pair[0])))]
        mails = tuple(dict.fromkeys(mail for who in used for mail in _mails(who)))
        found = [login for mail in mails if (login := login_of(mail))]
        return Activity(
            names=tuple(dict.fromkeys(who.name for who in used if who.name)),
            mails=mails,
            logins=tuple(dict.fromkeys(login for login, _ in found)),
            forge_ids=tuple(sorted({number for _, number in found if number is not None})),
            months=_months(self.months),
            first=datetime.fromtimestamp(self.first, UTC),
            last=datetime.fromtimestamp(self.last, UTC),
            **dict(zip(KINDS, self.counts, strict=True)),
        )


def _credit(deed: Deed, persons: Sequence[int | None], uses: list[int], sums: dict[int, _Sum]) -> None:
    """Add a deed to everyone in it, once a person and kind; a person's own commit is only authored or merged."""
    author, commits = persons[deed.author], deed.commits
    done: set[tuple[int, int]] = set()
    for kind, who in deed.roles:
        person = persons[who]
        if person is None or (person == author and kind not in _OWN):
            continue
        uses[who] += commits
        total = sums.get(person)
        if total is None:
            total = sums[person] = _Sum(first=deed.first, last=deed.last)
        if (kind, person) not in done:
            done.add((kind, person))
            total.counts[kind] += commits
        total.months |= deed.months
        total.first, total.last = min(total.first, deed.first), max(total.last, deed.last)


# --------------------------------------------------------------------------- rankings


def review(report: ActivityReport, roster: Sequence[RosterRow]) -> tuple[Reviewed, ...]:
    """Each maintainer of the roster with their numbers, least first, those not found at the end (R35, R36)."""
    people = {fold_login(row.login) or row.email.casefold(): row for row in reversed(roster)}
    lines = [_reviewed(report.rows, row) for row in people.values()]
    return tuple(
        sorted(lines, key=lambda line: (line.activity is None, line.activity.total if line.activity else 0, line.login))
    )


def _reviewed(rows: Sequence[Activity], person: RosterRow) -> Reviewed:
    by_login, by_mail, contested = _matches(rows, person)
    found = tuple(row for row in rows if row in by_login or row in by_mail)
    return Reviewed(
        login=person.login,
        name=person.name,
        found_by=(*(("login",) if by_login else ()), *(("mail",) if by_mail else ())),
        activity=_merged(found) if found else None,
        contested=contested,
        namesakes=tuple(row for row in rows if row not in found and _alike(row, person)),
    )


def _matches(rows: Sequence[Activity], person: RosterRow) -> tuple[list[Activity], list[Activity], bool]:
    """The rows of this login (none if it is contested), the rows of this mail, and whether the login is contested."""
    mail, login = person.email.strip().casefold(), fold_login(person.login)
    by_login = [row for row in rows if login and login in row.logins]
    contested = len(by_login) > 1
    return [] if contested else by_login, [row for row in rows if mail and mail in row.mails], contested


def _merged(rows: Sequence[Activity]) -> Activity:
    """Rows that the roster says are one person."""
    return Activity(
        names=tuple(dict.fromkeys(name for row in rows for name in row.names)),
        mails=tuple(dict.fromkeys(mail for row in rows for mail in row.mails)),
        logins=tuple(dict.fromkeys(login for row in rows for login in row.logins)),
        forge_ids=tuple(sorted({number for row in rows for number in row.forge_ids})),
        months=frozenset(month for row in rows for month in row.months),
        first=min(row.first for row in rows),
        last=max(row.last for row in rows),
        **{kind: sum(getattr(row, kind) for row in rows) for kind in KINDS},
    )


def _alike(row: Activity, person: RosterRow) -> bool:
    """Whether a human should look: the same display name, or a login that was not matched by."""
    names = {name.casefold() for name in row.names}
    return person.name.casefold() in names or fold_login(person.login) in row.logins


def candidates(report: ActivityReport, roster: Sequence[RosterRow], regular: Regular | None = None) -> Candidates:
    """Who is not on the roster and was regularly active, by months, then by total (R9, R10). A list, not a nomination.

    Raises ValueError when the report does not reach back over the months asked for (see `candidate_window`).
    """
    wanted = regular or Regular()
    if not 0 < wanted.active <= wanted.of:
        raise ValueError("regular activity is in 1 or more of at least as many months")
    start, end = candidate_window(report.until, wanted)
    if report.since > start:
        raise ValueError(f"the report starts at {report.since:%Y-%m-%d}, after {start:%Y-%m-%d}")
    months = tuple(f"{review_window(end, months=back)[0]:%Y-%m}" for back in range(wanted.of, 0, -1))
    insiders = {id(row) for person in roster for found in _matches(report.rows, person)[:2] for row in found}
    rows = [
        Candidate(
            activity=row,
            months=tuple(month for month in months if month in row.months),
            namesakes=tuple(dict.fromkeys(person.login for person in roster if _alike(row, person))),
        )
        for row in report.rows
        if id(row) not in insiders
    ]
    kept = sorted(
        (row for row in rows if len(row.months) >= wanted.active),
        key=lambda row: (-len(row.months), *_rank(row.activity)),
    )
    return Candidates(rows=tuple(kept), report=report, regular=wanted, months=months)
