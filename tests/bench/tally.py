"""What it costs to record a ballot and count, by the size of the electorate: the same for 12 and for 2,000."""

from __future__ import annotations

import random
from collections.abc import Sequence
from statistics import median
from time import perf_counter

from bot.core.commands import CHOICES, CastBallot
from bot.core.motion import evolve
from bot.core.rules.ballots import cast
from bot.core.rules.facts import Facts
from bot.core.teller import tally
from tests.bench.council import Council
from tests.bench.measure import Setting, together
from tests.bench.result import Aim, Result

SIZES: Sequence[int] = (12, 50, 200, 2000)
AT_ONCE = 12
FLAT = 1.25
"""How much dearer a ballot may get and still count as flat: what two runs of the same thing differ by."""


async def tallies(setting: Setting) -> list[Result]:
    """Each size in turn in every round, 12 members at once; then the rules alone, without a ledger."""
    times = setting.pick(100, 5)
    councils = {size: Council(setting.folder / f"tally-{size}", members=size) for size in SIZES}
    recorded: dict[int, list[float]] = {size: [] for size in SIZES}
    ruled: dict[int, list[float]] = {size: [] for size in SIZES}
    try:
        for _ in range(setting.rounds):
            for size, council in councils.items():
                recorded[size].append(await _recorded(council, times))
                ruled[size].append(_ruled(council, setting.pick(2000, 50)))
    finally:
        for council in councils.values():
            council.close()
    base, alone = median(recorded[SIZES[0]]), median(ruled[SIZES[0]])
    return [
        Result(
            name=f"record + tally, {size} members",
            unit="us",
            figure=median(recorded[size]),
            baseline=base,
            against=f"{SIZES[0]} members",
            aim=Aim(of="ratio", sign="<=", value=FLAT),
            detail={"rules alone us": median(ruled[size]), "rules alone ratio": median(ruled[size]) / alone},
        )
        for size in SIZES
    ]


async def _recorded(council: Council, times: int) -> float:
    """Microseconds a ballot, through the clerk into the file, each followed by a tally."""

    async def vote(number: int) -> None:
        await council.vote(number)
        council.tally()

    timed = await together(vote, callers=AT_ONCE, times=times)
    return 1e6 / timed.rate


def _ruled(council: Council, times: int) -> float:
    """Microseconds to decide, evolve and count, in memory."""
    motion = council.ledger.reader().motion(1)
    assert motion is not None
    chance, now = random.Random(7), council.clock.now()
    voters = chance.choices(council.members, k=times)
    started = perf_counter()
    for turn, voter in enumerate(voters):
        command = CastBallot(choice=CHOICES[turn % 3], reason=f"turn {turn}", via="button", acted_at=now)
        events = cast(motion, command, Facts(actor=voter, salt="s"), now)
        assert isinstance(events, tuple)
        for event in events:
            motion = evolve(motion, event, number=1, at=now)
        tally(motion)
    return (perf_counter() - started) / times * 1e6
