"""Counts ballots against a policy: integers and exact fractions only. It never fetches, and never rounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from bot.core.motion import Ballot, Motion
from bot.core.policy import Policy

Certain = Literal["carried", "lost"]
Lack = Literal["threshold", "quorum", "min-yes", "max-no", "max-missing", "veto", "yes-exceeds-no", "objection"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A count: `yes + no + abstain + not_voted == eligible`, all integers.

    `base` is what the threshold is a share of, `needed` the fewest yes that reach it with this base; `lacks` says
    which conditions are not met now. `quorum` is how many have to take part, `took_part` how many have.
    """

    eligible: int
    needed: int
    base: int
    yes: int
    no: int
    abstain: int
    quorum: int
    took_part: int
    lacks: tuple[Lack, ...]
    certain: Certain | None

    @property
    def not_voted(self) -> int:
        return self.eligible - self.yes - self.no - self.abstain

    @property
    def carried(self) -> bool:
        """Whether every condition is met now."""
        return not self.lacks


def count(
    policy: Policy,
    *,
    eligible: int,
    yes: int,
    no: int,
    abstain: int,
    barred: int = 0,
    objections: int = 0,
    lazy: bool | None = None,
) -> Tally:
    """Judge these numbers (R16-R19, R42, R51).

    `barred` of the `eligible` are counted but may not vote (R42): nobody waits for them, and their silence says
    nothing. `objections` are those that stand; `lazy` is False where lazy consensus was ended by an objection.
    `certain` holds as long as nobody changes a ballot (R13), whatever the others do: vote, stay silent, object.
    """
    now = _Count(
        policy=policy,
        eligible=eligible,
        able=eligible - barred,
        yes=yes,
        no=no,
        abstain=abstain,
        objections=objections,
        lazy=policy.lazy if lazy is None else lazy,
    )
    if now.silent < 0:
        raise ValueError(f"{yes} + {no} + {abstain} ballots of {eligible} people, {barred} of them barred")
    return Tally(
        eligible=eligible,
        needed=max(policy.threshold.needed(now.base), policy.min_yes),
        base=now.base,
        yes=yes,
        no=no,
        abstain=abstain,
        quorum=policy.quorum.needed(eligible),
        took_part=now.took_part,
        lacks=now.lacks,
        certain=_certain(now),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Count:
    """Numbers under a policy: what they amount to. `able` are those of the eligible who may vote."""

    policy: Policy
    eligible: int
    able: int
    yes: int
    no: int
    abstain: int
    objections: int
    lazy: bool

    @property
    def silent(self) -> int:
        return self.able - self.yes - self.no - self.abstain

    @property
    def agreed(self) -> int:
        """Those who are taken to agree: where silence is a yes, the silent too."""
        return self.yes + (self.silent if self.policy.silence == "yes" else 0)

    @property
    def base(self) -> int:
        """What the threshold is a share of."""
        match self.policy.of:
            case "eligible":
                return self.eligible
            case "cast":
                return self.agreed + self.no + self.abstain
            case "cast-non-abstain":
                return self.agreed + self.no

    @property
    def took_part(self) -> int:
        return self.yes + self.no + (self.abstain if self.policy.quorum_counts == "cast" else 0)

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """The conditions that are not met. Lazy consensus: silence carries, unless somebody says no or objects."""
        policy, lacks = self.policy, list[Lack]()
        if policy.objection == "block" and self.objections:
            lacks.append("objection")
        if policy.veto == "no" and self.no:
            lacks.append("veto")
        if self.lazy and not self.no and not self.objections:
            return tuple(lacks)
        if not policy.threshold.met(self.agreed, self.base):
            lacks.append("threshold")
        if self.took_part < policy.quorum.needed(self.eligible):
            lacks.append("quorum")
        if self.yes < policy.min_yes:
            lacks.append("min-yes")
        if 0 <= policy.max_no < self.no:
            lacks.append("max-no")
        if 0 <= policy.max_missing < self.silent:
            lacks.append("max-missing")
        if policy.yes_exceeds_no and self.agreed <= self.no:
            lacks.append("yes-exceeds-no")
        return tuple(lacks)


def _certain(now: _Count) -> Certain | None:
    """What holds whatever those do who have not voted, and whether or not objections are raised or taken back.

    Every condition is linear in the ballots to come, so each is at its worst where all of them say the same, or,
    as a no ends lazy consensus, where all but one no do. And a yes in place of anything else never hurts any.
    """
    more, can_abstain = now.silent, now.policy.ballot == "yes-no-abstain"

    def carried(more_yes: int, more_no: int, more_abstain: int, objections: int) -> bool:
        yes, no, abstain = now.yes + more_yes, now.no + more_no, now.abstain + more_abstain
        return not replace(now, yes=yes, no=no, abstain=abstain, objections=objections).lacks

    if not carried(more, 0, 0, 0):
        return "lost"
    worst = [(0, 0, 0), (0, more, 0)]
    worst += [(0, 0, more)] if can_abstain else []
    if more and now.lazy:
        worst += [(0, 1, 0)]
        worst += [(0, 1, more - 1)] if can_abstain else []
    return "carried" if all(carried(*corner, objections) for corner in worst for objections in (0, 1)) else None


def tally(motion: Motion) -> Tally:
    """The count as it stands, from the motion's running counters."""
    return count(
        motion.policy,
        eligible=motion.denominator,
        yes=motion.yes,
        no=motion.no,
        abstain=motion.abstain,
        barred=len(motion.barred),
        objections=motion.standing_objections,
        lazy=motion.lazy,
    )


def recount(motion: Motion, policy: Policy | None = None) -> Tally:
    """The count from every single ballot of those who may vote now: what a close is made of.

    With a policy: what these ballots would have come to under it, for the same people.
    """
    ballots = (ballot for person, ballot in motion.ballots.items() if person in motion.members)
    return _full(motion, policy or motion.policy, len(motion.members), len(motion.barred), ballots)


def snapshot_count(motion: Motion) -> Tally:
    """The count over the electorate as it was pinned at opening, whoever left or joined since (R5, T8)."""
    pinned = motion.electorate
    ballots = (ballot for person, ballot in motion.ballots.items() if person in pinned.members)
    return _full(motion, motion.policy, len(pinned.members), len(pinned.barred), ballots)


def reveals(motion: Motion) -> bool:
    """Whether the totals of a blinded vote would say who voted how: everybody who could vote voted the same."""
    closed = motion.closed
    if motion.policy.secrecy != "blinded" or closed is None:
        return False
    voters = closed.yes + closed.no + closed.abstain
    return voters in {closed.yes, closed.no, closed.abstain}


def _full(motion: Motion, policy: Policy, able: int, barred: int, ballots: Iterable[Ballot]) -> Tally:
    choices = [ballot.choice for ballot in ballots]
    return count(
        policy,
        eligible=able + barred,
        yes=choices.count("yes"),
        no=choices.count("no"),
        abstain=choices.count("abstain"),
        barred=barred,
        objections=motion.standing_objections,
        lazy=policy.lazy and not (policy.objection == "escalate" and bool(motion.objections)),
    )
