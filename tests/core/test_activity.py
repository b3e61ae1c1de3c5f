"""Who is one person, what counts for them, and the two rankings (R9, R10, R35, R36)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.activity import (
    AUTHORED,
    COAUTHORED,
    MERGED,
    REVIEWED,
    SIGNED,
    Activity,
    ActivityReport,
    Deed,
    Identity,
    Regular,
    candidate_window,
    candidates,
    login_of,
    month_bit,
    review,
    review_window,
    tally,
)
from bot.core.people import RosterRow

AT = datetime(2026, 5, 20, 8, tzinfo=UTC)


def who(name: str, mail: str = "", *known: str) -> Identity:
    return Identity(name=name, mail=mail, known=known)


@dataclass(frozen=True, kw_only=True)
class Did:
    """Commits of some people, written down plainly."""

    author: Identity
    commits: int = 1
    months: Sequence[str] = ("2026-05",)
    merger: Identity | None = None
    coauthors: Sequence[Identity] = ()
    reviewers: Sequence[Identity] = ()
    signers: Sequence[Identity] = ()


def deed(author: Identity, **more: Any) -> Did:
    return Did(author=author, **more)


def counted(deeds: Sequence[Did], bots: Sequence[str] = ()) -> tuple[tuple[Activity, ...], tuple[str, ...]]:
    people: dict[Identity, int] = {}

    def place(who: Identity) -> int:
        return people.setdefault(who, len(people))

    made = []
    for each in deeds:
        first = (MERGED, place(each.merger)) if each.merger else (AUTHORED, place(each.author))
        others = ((COAUTHORED, each.coauthors), (REVIEWED, each.reviewers), (SIGNED, each.signers))
        roles = frozenset([first, *((kind, place(who)) for kind, whose in others for who in whose)])
        bits = sum({month_bit(datetime.fromisoformat(f"{month}-15T00:00+00:00")) for month in each.months})
        second = int(AT.timestamp())
        author = place(each.author)
        made.append(Deed(author=author, roles=roles, first=second, last=second, commits=each.commits, months=bits))
    return tally(tuple(people), made, bots=bots)


def rows(*deeds: Did) -> tuple[Activity, ...]:
    return counted(deeds)[0]


def report(*deeds: Did, since: datetime | None = None, until: datetime = AT) -> ActivityReport:
    found = since or datetime(2026, 1, 1, tzinfo=UTC)
    return ActivityReport(rows=rows(*deeds), since=found, until=until, commit="c" * 40, commits=len(deeds))


def person(login: str, name: str = "", email: str = "") -> RosterRow:
    return RosterRow(section="MAINTAINERS", login=login, name=name, email=email)


ANN, BOB = who("Ann", "ann@example.org"), who("Bob", "bob@example.org")


@pytest.mark.parametrize(
    ("mail", "found"),
    [
        ("17+Ann@users.noreply.github.com", ("ann", 17)),
        ("ann@users.noreply.GitHub.com", ("ann", None)),
        ("1+dependabot[bot]@users.noreply.github.com", ("dependabot[bot]", 1)),
        ("x+ann@users.noreply.github.com", None),
        ("17+@users.noreply.github.com", None),
        ("٣+ann@users.noreply.github.com", None),
        ("ann@users.noreply.github.com.evil.example", None),
        ("@users.noreply.github.com", None),
        ("ann@example.org", None),
        ("", None),
    ],
)
def test_a_login_is_read_from_the_forges_own_mails_only(mail: str, found: object) -> None:
    assert login_of(mail) == found


def test_one_mail_in_any_case_is_one_person() -> None:
    (row,) = rows(deed(ANN, commits=3), deed(who("A. Person", "ANN@Example.org")))
    assert (row.names, row.mails, row.authored) == (("Ann", "A. Person"), ("ann@example.org",), 4)


def test_a_renamed_login_is_one_person_by_the_forges_id() -> None:
    (row,) = rows(
        deed(who("Ann", "17+ann@users.noreply.github.com"), commits=2),
        deed(who("Ann", "17+ann-new@users.noreply.github.com")),
    )
    assert (row.logins, row.forge_ids) == (("ann", "ann-new"), (17,))


def test_t3_a_freed_login_that_another_took_joins_nobody() -> None:
    found = rows(
        deed(who("Ann", "17+ann@users.noreply.github.com")),
        deed(who("Impostor", "99+ann@users.noreply.github.com")),
        deed(who("Somebody", "ann@users.noreply.github.com")),
    )
    assert len(found) == 3


def test_a_plain_noreply_mail_joins_the_one_id_of_its_login() -> None:
    (row,) = rows(deed(who("a", "17+ann@users.noreply.github.com")), deed(who("b", "Ann@users.noreply.github.com")))
    assert row.authored == 2


def test_t2_the_same_name_alone_joins_nobody() -> None:
    assert len(rows(deed(who("Ann", "a@example.org")), deed(who("Ann", "b@example.org")))) == 2


def test_a_mail_that_names_no_host_joins_only_with_the_name() -> None:
    found = rows(*(deed(who(name, mail)) for name in ("Ann", "Bob") for mail in ("root@localhost", "")))
    assert len(found) == 4


def test_mails_that_were_mapped_join_through_the_mail_they_were() -> None:
    (row,) = rows(
        deed(who("Ann", "ann@new.example", "17+ann@users.noreply.github.com"), commits=2),
        deed(who("x", "17+ann@users.noreply.github.com")),
    )
    assert (row.logins, row.authored) == (("ann",), 3)


def test_somebodys_own_commit_is_only_authored_whatever_mail_the_trailers_name() -> None:
    other = who("Annie", "ann@old.example")
    both = who("Ann", "ann@example.org", "ann@old.example")
    found = rows(deed(both, coauthors=[other], reviewers=[other], signers=[other]), deed(other))
    assert [(row.authored, row.total) for row in found] == [(2, 2)]


def test_two_mails_of_one_person_in_one_role_count_once() -> None:
    two = [who("Bob", "7+bob@users.noreply.github.com"), who("Bob", "bob@users.noreply.github.com")]
    found = rows(deed(ANN, commits=5, reviewers=two))
    assert [(row.names, row.reviewed) for row in found] == [(("Bob",), 5), (("Ann",), 0)]


def test_a_merge_is_not_authored_and_its_committer_is_credited_even_as_its_author() -> None:
    found = rows(deed(ANN, merger=ANN), deed(ANN, merger=BOB))
    assert [(row.names[0], row.authored, row.merged) for row in found] == [("Ann", 0, 1), ("Bob", 0, 1)]


def test_bots_are_left_out_by_login_name_or_mail_and_those_with_them_are_not() -> None:
    bots = [
        who("x", "1+renovate[bot]@users.noreply.github.com"),
        who("github-actions[bot]", "a@example.org"),
        who("CI Robot", "ci@example.org"),
        who("y", "robot@example.org"),
        who("z", "5+k8s-bot@users.noreply.github.com"),
        who("GitHub", "noreply@github.com"),
    ]
    deeds = [deed(bot, signers=[ANN]) for bot in bots]
    found, left_out = counted(deeds, bots=["ci robot", "Robot@example.org", "@k8s-bot"])
    assert [(row.names, row.signed) for row in found] == [(("Ann",), 6)]
    assert left_out == ("CI Robot", "GitHub", "github-actions[bot]", "x", "y", "z")


people = st.sampled_from(
    [
        who(name, mail)
        for name in ("Ann", "Bob", "")
        for mail in ("", "a@x.org", "A@x.org", "3+ann@users.noreply.github.com")
    ]
)


@given(
    deeds=st.lists(
        st.builds(
            deed,
            people,
            commits=st.integers(1, 5),
            merger=st.none() | people,
            coauthors=st.lists(people, max_size=3),
            reviewers=st.lists(people, max_size=3),
            signers=st.lists(people, max_size=3),
        ),
        max_size=12,
    ),
    seed=st.integers(),
)
def test_the_order_of_reading_changes_nothing_and_no_commit_is_lost(deeds: list[Did], seed: int) -> None:
    shuffled = list(deeds)
    random.Random(seed).shuffle(shuffled)
    found = counted(deeds)
    assert found == counted(shuffled)
    assert sum(row.authored for row in found[0]) == sum(each.commits for each in deeds if each.merger is None)
    assert sum(row.merged for row in found[0]) == sum(each.commits for each in deeds if each.merger is not None)


# --------------------------------------------------------------------------- windows


@pytest.mark.parametrize(
    ("now", "start"),
    [
        (datetime(2026, 7, 15, 9, 30, tzinfo=UTC), datetime(2026, 4, 15, 9, 30, tzinfo=UTC)),
        (datetime(2026, 5, 31, tzinfo=UTC), datetime(2026, 2, 28, tzinfo=UTC)),
        (datetime(2024, 5, 31, tzinfo=UTC), datetime(2024, 2, 29, tzinfo=UTC)),
        (datetime(2026, 2, 1, tzinfo=UTC), datetime(2025, 11, 1, tzinfo=UTC)),
        (datetime(2026, 3, 31, tzinfo=UTC), datetime(2025, 12, 31, tzinfo=UTC)),
    ],
)
def test_r35_the_review_looks_at_the_last_three_months(now: datetime, start: datetime) -> None:
    assert review_window(now) == (start, now)


def test_r9_the_candidate_list_looks_at_the_four_whole_months_before() -> None:
    first, last = datetime(2025, 11, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
    assert candidate_window(datetime(2026, 3, 31, 23, tzinfo=UTC)) == (first, last)
    assert candidate_window(last) == (first, last)


# --------------------------------------------------------------------------- review


def test_r36_the_review_shows_everybody_with_the_least_active_first() -> None:
    found = review(
        report(deed(ANN, commits=3), deed(BOB), deed(who("Out", "out@example.org"))),
        [
            person("ann", email="Ann@example.org"),
            person("gone", "Gone", "gone@example.org"),
            person("bob", email="bob@example.org"),
        ],
    )
    assert [(line.login, line.activity and line.activity.total) for line in found] == [
        ("bob", 1),
        ("ann", 3),
        ("gone", None),
    ]


def test_a_maintainer_is_found_by_login_and_by_mail_and_both_add_up() -> None:
    (line,) = review(
        report(deed(who("A", "17+Ann@users.noreply.github.com"), commits=2), deed(ANN)),
        [person("@ANN", email="ann@example.org")],
    )
    assert line.found_by == ("login", "mail")
    assert line.activity is not None
    assert (line.activity.authored, line.activity.logins) == (3, ("ann",))


def test_t2_a_maintainer_is_never_found_by_name_but_a_human_gets_the_hint() -> None:
    (line,) = review(report(deed(who("ANN", "other@example.org"))), [person("ann", "Ann", "ann@example.org")])
    assert (line.activity, line.found_by) == (None, ())
    assert [row.mails for row in line.namesakes] == [("other@example.org",)]


def test_t3_a_login_under_two_ids_is_contested_and_found_by_mail_only() -> None:
    found = report(
        deed(who("x", "17+ann@users.noreply.github.com")),
        deed(who("y", "99+ann@users.noreply.github.com")),
        deed(ANN, commits=4),
    )
    (line,) = review(found, [person("ann", email="ann@example.org")])
    assert line.contested
    assert line.activity is not None
    assert (line.activity.total, line.found_by, len(line.namesakes)) == (4, ("mail",), 2)


def test_somebody_in_two_sections_is_reviewed_once_and_an_empty_mail_finds_nobody() -> None:
    lines = review(report(deed(who("Ghost", ""))), [person("ann"), person("Ann"), person("bob")])
    assert [(line.login, line.activity) for line in lines] == [("ann", None), ("bob", None)]


# --------------------------------------------------------------------------- candidates


def months(*numbers: int) -> tuple[str, ...]:
    return tuple(f"2026-{number:02}" for number in numbers)


def test_r9_regular_means_three_of_the_four_whole_months_before() -> None:
    found = candidates(
        report(
            deed(who("Four", "4@example.org"), months=months(1, 2, 3, 4)),
            deed(who("Three", "3@example.org"), months=months(1, 2, 4), commits=2),
            deed(who("More", "m@example.org"), months=months(2, 3, 4), commits=9),
            deed(who("Two", "2@example.org"), months=months(1, 4), commits=99),
            deed(who("Now", "n@example.org"), months=months(3, 4, 5), commits=99),
        ),
        [],
    )
    assert [row.activity.names[0] for row in found.rows] == ["Four", "More", "Three"]
    assert found.months == months(1, 2, 3, 4)
    assert found.rows[2].months == months(1, 2, 4)


def test_r10_maintainers_are_not_candidates_and_a_namesake_is_pointed_out() -> None:
    year = months(1, 2, 3, 4)
    found = candidates(
        report(
            deed(ANN, months=year),
            deed(who("b", "bob@users.noreply.github.com"), months=year),
            deed(who("Cy", "cy@example.org"), months=year),
        ),
        [person("a", email="ANN@example.org"), person("Bob"), person("cyrus", "cy")],
    )
    assert [(row.activity.names, row.namesakes) for row in found.rows] == [(("Cy",), ("cyrus",))]


def test_the_list_tells_how_it_was_computed() -> None:
    given_report = report()
    found = candidates(given_report, [], Regular(active=1, of=2))
    assert (found.report, found.regular, found.months) == (given_report, Regular(active=1, of=2), months(3, 4))
    assert found.kinds == ("authored", "coauthored", "reviewed", "signed", "merged", "triaged")


def test_a_report_that_does_not_reach_back_is_refused() -> None:
    with pytest.raises(ValueError, match="2026-01-01"):
        candidates(report(since=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=1)), [])
    with pytest.raises(ValueError, match="as many months"):
        candidates(report(), [], Regular(active=3, of=2))
