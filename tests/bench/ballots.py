"""Durable ballots per second through the clerk, one at a time and 200 members at once, against plain SQLite."""

from __future__ import annotations

from statistics import median

from tests.bench.council import Council
from tests.bench.measure import Setting, Timed, middle, together
from tests.bench.raw import bare_writes, raw_commits
from tests.bench.result import Aim, Result

MEMBERS = 200


async def ballots(setting: Setting) -> list[Result]:
    """Both ways, the raw commits and the bare writer between them in every round."""
    once, each = setting.pick(1000, 40), setting.pick(30, 2)
    raw: list[Timed] = []
    single: list[Timed] = []
    many: list[Timed] = []
    bare: list[Timed] = []
    bare_many: list[Timed] = []
    council = Council(setting.folder / "ballots", members=MEMBERS)
    floor = setting.folder / "ballots" / "raw.sqlite3"
    try:
        for _ in range(setting.rounds):
            raw.append(await raw_commits(floor, times=once))
            single.append(await together(council.vote, callers=1, times=once))
            bare.append(await bare_writes(floor, callers=1, times=once))
            many.append(await together(council.vote, callers=MEMBERS, times=each))
            bare_many.append(await bare_writes(floor, callers=MEMBERS, times=each))
    finally:
        council.close()
    return [
        _result("ballots, one at a time", single, raw, bare, wanted=0.5),
        _result(f"ballots, {MEMBERS} at once", many, raw, bare_many, wanted=6),
    ]


def _result(name: str, ours: list[Timed], raw: list[Timed], bare: list[Timed], *, wanted: float) -> Result:
    """The median round; the ratio to the bare writer beside it."""
    typical, floor = middle(ours), median(one.rate for one in raw)
    return Result(
        name=name,
        unit="/s",
        figure=typical.rate,
        baseline=floor,
        against="raw one-row commits",
        aim=Aim(of="ratio", sign=">=", value=wanted),
        detail={
            "p50 ms": typical.percentile(50),
            "p99 ms": typical.percentile(99),
            "CPU us": median(one.cpu for one in ours),
            "bare writer / raw": median(one.rate for one in bare) / floor,
            "bare writer CPU us": median(one.cpu for one in bare),
        },
    )
