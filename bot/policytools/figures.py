"""What a policy asks of a roster of some size: found by counting, never by a formula of its own."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.policy import Policy
from bot.core.teller import count

LARGEST = 1_000
"""The largest roster that figures are worked out for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """For a roster of `roster` maintainers: how many count, how many of these may vote, and how many yes it takes.

    `fewest` is the smallest number of yes that carries when the others do what helps most, `silent` when nobody else
    takes part, `against` when everybody else says no. None where no number does.
    """

    roster: int
    eligible: int
    able: int
    quorum: int
    fewest: int | None
    silent: int | None
    against: int | None


def electorate(policy: Policy, roster: int) -> tuple[int, int]:
    """How many are counted and how many of these may vote, where those whom the policy excludes are maintainers."""
    out = min(roster, sum(1 for who in policy.exclude if who == "proposer" or policy.kind == "remove"))
    return (roster, roster - out) if policy.exclude_in_denominator else (roster - out, roster - out)


def carries(policy: Policy, eligible: int, able: int, yes: int, no: int, abstain: int) -> bool:
    """Whether these ballots carry, with no objection raised."""
    barred = eligible - able
    return count(policy, eligible=eligible, barred=barred, yes=yes, no=no, abstain=abstain).carried


def figures(policy: Policy, roster: int) -> Figures:
    """The figures of this policy for a roster of this size, at most `LARGEST`."""
    eligible, able = electorate(policy, roster)
    everyone = range(able + 1)
    return Figures(
        roster=roster,
        eligible=eligible,
        able=able,
        quorum=policy.quorum.needed(eligible),
        fewest=next((yes for yes in everyone if _helped(policy, eligible, able, yes)), None),
        silent=next((yes for yes in everyone if carries(policy, eligible, able, yes, 0, 0)), None),
        against=next((yes for yes in everyone if carries(policy, eligible, able, yes, able - yes, 0)), None),
    )


def _helped(policy: Policy, eligible: int, able: int, yes: int) -> bool:
    """Whether so many yes can carry at all: the others stay silent, abstain, or say no just for the quorum."""
    rest = able - yes
    lacking = max(0, min(rest, policy.quorum.needed(eligible) - yes))
    enough = max(lacking, rest - policy.max_missing) if policy.max_missing >= 0 else lacking
    ways = [(0, 0), (enough, 0), (rest, 0)]
    if policy.ballot == "yes-no-abstain":
        ways += [(0, rest), (0, enough), (lacking, enough - lacking)]
    return any(carries(policy, eligible, able, yes, no, abstain) for no, abstain in ways)
