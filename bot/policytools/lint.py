"""Warnings about a policy that is understood: what it allows that nobody may have meant. Nothing here refuses one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from typing import Any, Final

from bot.core.policy import Policy, Rulebook
from bot.core.threshold import Threshold
from bot.policytools.figures import Figures, carries, electorate, figures
from bot.policytools.source import Source

SCHEMA: Final = 1
SMALL: Final = range(1, 13)
"""The rosters that are tried where no size is named."""
TYPICAL: Final = 12
_NEAR: Final = Fraction(1, 100)
_THREE_DAYS: Final = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """One warning: where, what, why it matters, what to write instead."""

    code: str
    motion: str
    key: str
    what: str
    why: str
    remedy: str
    also: tuple[str, ...] = ()


def lint(rulebook: Rulebook, *, electorate: int | None = None) -> tuple[Warned, ...]:
    """All warnings, by motion. With an electorate: only what matters for that many maintainers."""
    found = [warned for policy in rulebook.motions if policy.kind != "step-down" for warned in _of(policy, electorate)]
    return _merged([*_near(rulebook), *found])


def _merged(found: list[Warned]) -> tuple[Warned, ...]:
    """The same warning about several motions, as where one extends another, is given once."""
    merged: dict[tuple[str, ...], Warned] = {}
    for each in found:
        same = (each.code, each.key, each.what, each.why)
        first = merged.setdefault(same, each)
        if first is not each:
            merged[same] = replace(first, also=(*first.also, each.motion))
    return tuple(merged.values())


def _of(policy: Policy, size: int | None) -> Iterator[Warned]:
    sizes = tuple(SMALL) if size is None else (size,)
    rows = [figures(policy, each) for each in sizes]
    yield from _unreachable(policy, rows)
    yield from _one_decides(policy, rows[-1])
    yield from _against_majority(policy, rows[-1])
    yield from _lazy(policy)
    yield from _short(policy)
    yield from _subject(policy)
    yield from _named_ballots(policy)


def _near(rulebook: Rulebook) -> Iterator[Warned]:
    """66% beside 2/3: shares that look alike and are not (R18)."""
    first: dict[Threshold, Policy] = {}
    for policy in rulebook.motions:
        if policy.kind != "step-down":
            first.setdefault(policy.threshold, policy)
    for (one, here), (other, there) in combinations(first.items(), 2):
        apart = abs(Fraction(one.numerator, one.denominator) - Fraction(other.numerator, other.denominator))
        if apart < _NEAR:
            yield Warned(
                code="near-shares",
                motion=there.motion,
                key="threshold",
                what=f"{other} here, and {one} for {here.motion}",
                why=_first_difference(one, other),
                remedy="write the same fraction in both if the same is meant",
            )


def _first_difference(one: Threshold, other: Threshold) -> str:
    differ = next((of for of in range(1, 10_001) if one.needed(of) != other.needed(of)), None)
    if differ is None:
        return "they are the same for every electorate up to 10,000"
    return f"they first differ among {differ}: {one} needs {one.needed(differ)}, {other} needs {other.needed(differ)}"


def _unreachable(policy: Policy, rows: list[Figures]) -> Iterator[Warned]:
    """Bars that nobody can reach: because somebody is counted who may not vote, or because of a fixed number (R42)."""
    fixed = max(policy.min_yes, policy.quorum.number)
    small = [row.roster for row in rows if row.fewest is None and row.able < fixed]
    never = [row.roster for row in rows if row.fewest is None and row.able >= max(fixed, 1)]
    if small:
        key = "min-yes" if policy.min_yes == fixed else "quorum"
        what = f"it takes {fixed}, and fewer may vote with {_maintainers(small)}"
        why = "nothing can be decided there"
        yield Warned(code="too-few", motion=policy.motion, key=key, what=what, why=why, remedy="lower the number")
    if never:
        yield Warned(
            code="unreachable",
            motion=policy.motion,
            key="threshold",
            what=f"it cannot be reached with {_maintainers(never)}",
            why=_with_and_without(policy) or "even when everybody says yes",
            remedy="lower the bar, or write exclude-in-denominator = false"
            if policy.exclude_in_denominator
            else "lower the bar, or the number that must take part",
        )
    if policy.exclude_in_denominator and not never and (harder := _with_and_without(policy)):
        yield Warned(
            code="counted-but-barred",
            motion=policy.motion,
            key="exclude-in-denominator",
            what="who may not vote is counted all the same",
            why=harder,
            remedy="write exclude-in-denominator = false where those who may vote are meant",
        )


def _with_and_without(policy: Policy) -> str:
    """`needed when the barred are counted, and when not: 2: 2/1, 4: 3/2`, where that makes a difference (R42)."""
    if policy.of != "eligible" or not policy.exclude_in_denominator:
        return ""
    told = []
    for roster in SMALL:
        counted, able = electorate(policy, roster)
        pair = policy.threshold.needed(counted), policy.threshold.needed(able)
        if able and pair[0] != pair[1]:
            told.append(f"N={roster}: {pair[0]}/{pair[1]}")
    return f"yes needed with them counted and without: {', '.join(told)}" if told else ""


def _one_decides(policy: Policy, row: Figures) -> Iterator[Warned]:
    """A bar without a denominator: one yes is enough, however many there are."""
    if policy.lazy or row.fewest != 1 or row.able < 2:
        return
    alone = carries(policy, row.eligible, row.able, 1, 0, 0)
    early = " and closes it at once" if policy.close == "early-unanimous" else ""
    if alone and policy.silence == "none":
        what = f"one yes of {row.eligible} decides{early}, when nobody else votes"
        remedy = 'write a quorum, a min-yes, or of = "eligible"'
        yield Warned(
            code="no-denominator",
            motion=policy.motion,
            key="of" if policy.of != "eligible" else "threshold",
            what=what,
            why="the share is one of those who vote, and nothing says how many must",
            remedy=remedy,
        )
    elif not alone:
        yield Warned(
            code="abstentions-carry",
            motion=policy.motion,
            key="quorum",
            what=f"one yes of {row.eligible} decides when enough others abstain",
            why="abstentions make the quorum and are no part of the share",
            remedy='write a min-yes, or quorum-counts = "cast-non-abstain"',
        )


def _against_majority(policy: Policy, row: Figures) -> Iterator[Warned]:
    """A bar below one half carries against a majority (R19)."""
    if row.against is None or 2 * row.against >= row.able or policy.lazy:
        return
    yes, no = row.against, row.able - row.against
    yield Warned(
        code="against-majority",
        motion=policy.motion,
        key="yes-exceeds-no",
        what=f"it carries with {yes} yes and {no} no of {row.eligible} (R19)",
        why="the bar is below one half, and a no does not count against a yes",
        remedy="write yes-exceeds-no = true if a majority against it should stop it",
    )


def _lazy(policy: Policy) -> Iterator[Warned]:
    if policy.lazy and policy.objection == "record" and policy.veto == "none":
        yield Warned(
            code="lazy-without-time",
            motion=policy.motion,
            key="objection",
            what="an objection ends the silence that carries, and stops nothing by itself",
            why="those who stayed silent because they agree get no time to say so, and whoever voted yes can carry it",
            remedy='write objection = "escalate" (a vote, with the full time anew) or "block"',
        )


def _short(policy: Policy) -> Iterator[Warned]:
    window = policy.window
    hours = window.count * (24 if window.unit == "d" else 1)
    if window.unit != "bd" and hours < _THREE_DAYS:
        yield Warned(
            code="short-window",
            motion=policy.motion,
            key="window",
            what=f"{window.words} can pass over a weekend",
            why="who does not read along then has no vote",
            remedy="count business days, such as 2bd, or write at least 72h",
        )


def _subject(policy: Policy) -> Iterator[Warned]:
    if policy.kind == "remove" and "subject" not in policy.exclude:
        yield Warned(
            code="subject-votes",
            motion=policy.motion,
            key="exclude",
            what="the one it is about may vote on it",
            why="a single vote can decide",
            remedy='write exclude = ["subject"] unless the document means it',
        )


def _named_ballots(policy: Policy) -> Iterator[Warned]:
    if policy.venues == "pull-request":
        yield Warned(
            code="ballots-on-the-page",
            motion=policy.motion,
            key="venues",
            what="every ballot is a comment on the pull request",
            why="whoever can read the repository sees for good which maintainer said what about a person",
            remedy='write venues = "all" unless the document means it',
        )


def _maintainers(sizes: list[int]) -> str:
    return f"{', '.join(map(str, sizes))} maintainer{'' if sizes == [1] else 's'}"


def as_text(found: tuple[Warned, ...], source: Source) -> str:
    """One line a warning, with the place it is about."""
    lines = [
        f"{source.label}:{source.line(each.motion, each.key)}: {each.motion}.{each.key}: "
        f"{each.what}: {each.why}. {each.remedy[:1].upper()}{each.remedy[1:]}.{_also(each)} [{each.code}]"
        for each in found
    ]
    return "\n".join(lines) or f"✓ {source.label}: nothing to warn about."


def _also(each: Warned) -> str:
    return f" Also: {', '.join(each.also)}." if each.also else ""


def as_data(found: tuple[Warned, ...], source: Source) -> dict[str, Any]:
    """The same as plain data."""
    warnings = [
        {
            "file": source.label,
            "line": source.line(each.motion, each.key),
            "code": each.code,
            "motion": each.motion,
            "key": each.key,
            "what": each.what,
            "why": each.why,
            "remedy": each.remedy,
            "also": list(each.also),
        }
        for each in found
    ]
    return {"schema": SCHEMA, "warnings": warnings}
