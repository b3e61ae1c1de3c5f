"""Past motions counted again under another policy, from the ballots that counted at the close. It only reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.core.motion import Motion
from bot.core.policy import Rulebook
from bot.core.teller import Lack, recount
from bot.ports import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A motion that was closed: how it ended, and how it would end."""

    motion: int
    kind: str
    then: Literal["carried", "lost"]
    now: Literal["carried", "lost"]
    lacks: tuple[Lack, ...]
    eligible: int
    yes: int
    no: int
    abstain: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recounted:
    """The motions that were counted again, those that the other policy does not know, and how many had another one."""

    rows: tuple[Row, ...]
    unknown: tuple[tuple[int, str], ...]
    others: int

    @property
    def changed(self) -> int:
        """How many would end otherwise."""
        return sum(row.then != row.now for row in self.rows)


def recount_all(reader: Reader, before: str, after: Rulebook) -> Recounted:
    """Every closed motion that was opened under the policy called `before`, under `after`'s of the same name."""
    rows: list[Row] = []
    unknown: list[tuple[int, str]] = []
    others = 0
    for entry in reader.entries():
        motion = reader.motion(entry.number)
        if motion is None or motion.closed is None or motion.outcome not in {"carried", "lost"}:
            continue
        if motion.opened.rulebook != before:
            others += 1
        elif (row := _row(motion, after)) is not None:
            rows.append(row)
        else:
            unknown.append((motion.number, motion.policy.motion))
    return Recounted(rows=tuple(rows), unknown=tuple(unknown), others=others)


def _row(motion: Motion, after: Rulebook) -> Row | None:
    policy = after.named(motion.policy.motion)
    if policy is None or policy.kind == "step-down":
        return None
    counted = recount(motion, policy)
    return Row(
        motion=motion.number,
        kind=motion.policy.motion,
        then="carried" if motion.outcome == "carried" else "lost",
        now="carried" if counted.carried else "lost",
        lacks=counted.lacks,
        eligible=counted.eligible,
        yes=counted.yes,
        no=counted.no,
        abstain=counted.abstain,
    )
