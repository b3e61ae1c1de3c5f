"""Counts ballots against a policy: integers and exact fractions only. It never fetches, and never rounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from bot.core.motion import Ballot, Motion
from bot.core.policy import Policy

Certain = Literal["carried", "lost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A count: `yes + no + abstain + not_voted == eligible`, all integers."""

    eligible: int
    needed: int
    yes: int
    no: int
    abstain: int
    carried: bool
    certain: Certain | None

    @property
    def not_voted(self) -> int:
        return self.eligible - self.yes - self.no - self.abstain


def count(policy: Policy, *, eligible: int, yes: int, no: int, abstain: int) -> Tally:
    """Judge these numbers (R16-R19). `certain` holds as long as nobody changes a ballot (R13)."""
    missing = eligible - yes - no - abstain
    if missing < 0:
        raise ValueError(f"{yes} + {no} + {abstain} ballots of {eligible} people")
    enough = policy.threshold.met(yes, eligible)
    carried = enough and (yes > no or not policy.yes_exceeds_no)
    certain: Certain | None = None
    if carried and (not policy.yes_exceeds_no or yes > no + missing):
        certain = "carried"
    elif not policy.threshold.met(yes + missing, eligible) or (policy.yes_exceeds_no and yes + missing <= no):
        certain = "lost"
    return Tally(
        eligible=eligible,
        needed=policy.threshold.needed(eligible),
        yes=yes,
        no=no,
        abstain=abstain,
        carried=carried,
        certain=certain,
    )


def tally(motion: Motion) -> Tally:
    """The count as it stands, from the motion's running counters."""
    return count(motion.policy, eligible=len(motion.members), yes=motion.yes, no=motion.no, abstain=motion.abstain)


def recount(motion: Motion) -> Tally:
    """The count from every single ballot of those who are in the electorate now: what a close is made of."""
    return _full(motion.policy, len(motion.members), (b for p, b in motion.ballots.items() if p in motion.members))


def snapshot_count(motion: Motion) -> Tally:
    """The count over the electorate as it was pinned at opening, whoever left or joined since (R5, T8)."""
    pinned = motion.electorate.members
    return _full(motion.policy, len(pinned), (b for p, b in motion.ballots.items() if p in pinned))


def _full(policy: Policy, eligible: int, ballots: Iterable[Ballot]) -> Tally:
    choices = [ballot.choice for ballot in ballots]
    return count(
        policy,
        eligible=eligible,
        yes=choices.count("yes"),
        no=choices.count("no"),
        abstain=choices.count("abstain"),
    )
