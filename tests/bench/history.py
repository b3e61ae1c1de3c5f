"""Everyone's activity in a history of 100,000 commits, against `git shortlog -sne --since` over the same window."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

from adapters.localgit.history import LocalHistory, find_git
from tests.bench.measure import Setting, seconds
from tests.bench.result import Aim, Result

PEOPLE: Final = 300
LAST: Final = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
APART: Final = timedelta(minutes=20)
WITHIN: Final = 2
ENVIRONMENT: Final = {
    "PATH": os.environ.get("PATH", ""),
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


async def history(setting: Setting) -> list[Result]:
    """The whole history, and its last three months. Needs git. The walk without git is shown beside the first."""
    program = find_git()
    if program is None:
        print("history: SKIPPED, there is no git program to measure against", file=sys.stderr, flush=True)
        return []
    commits = setting.pick(100_000, 2_000)
    path = setting.folder / "history.git"
    _create(path, commits)
    whole = LAST - APART * (commits + 1)
    return [
        await _measured(setting, path, f"history, all of {commits:,} commits", whole, program, walk=True),
        await _measured(setting, path, "history, its last 3 months", LAST - timedelta(days=90), program, walk=False),
    ]


async def _measured(setting: Setting, path: Path, name: str, since: datetime, program: Path, *, walk: bool) -> Result:
    reader = LocalHistory(path=path, branch="main", program=program)
    until = LAST + APART
    ours: list[float] = []
    theirs: list[float] = []
    read = 0
    for _ in range(setting.rounds):
        theirs.append(seconds(lambda: _shortlog(path, since)))
        started = perf_counter()
        report = await reader.activity(since=since, until=until)
        ours.append(perf_counter() - started)
        read = report.commits
    detail: dict[str, float | int | str] = {"commits": read, "commits/s": read / median(ours)}
    if walk:
        started = perf_counter()
        await LocalHistory(path=path, branch="main", program=None).activity(since=since, until=until)
        detail["without git, ms"] = (perf_counter() - started) * 1000
    return Result(
        name=name,
        unit="ms",
        figure=median(ours) * 1000,
        baseline=median(theirs) * 1000,
        against="git shortlog -sne --since",
        aim=Aim(of="ratio", sign="<=", value=WITHIN),
        detail=detail,
    )


def _shortlog(path: Path, since: datetime) -> None:
    window = f"--since=@{int(since.timestamp())} +0000"
    line = ["git", "-C", str(path), "shortlog", "-sne", window, "main"]
    subprocess.run(line, check=True, env=ENVIRONMENT, stdout=subprocess.DEVNULL)


def _create(path: Path, commits: int) -> None:
    """The repository by `git fast-import`: packed, with sign-offs, reviews and a merge in every ten commits."""
    subprocess.run(["git", "init", "--quiet", "--bare", "-b", "main", str(path)], check=True, env=ENVIRONMENT)
    line = ["git", "-C", str(path), "fast-import", "--quiet"]
    with subprocess.Popen(line, stdin=subprocess.PIPE, env=ENVIRONMENT) as process:
        assert process.stdin is not None
        process.stdin.writelines(_stream(commits))
        process.stdin.close()
        assert process.wait() == 0


def _stream(commits: int) -> Iterator[bytes]:
    first = int((LAST - APART * commits).timestamp())
    for number in range(commits):
        when = b"%d +0000" % (first + number * int(APART.total_seconds()))
        author, other = number * 7919 % 307 % PEOPLE, number * 104729 % 311 % PEOPLE
        message = (
            b"Change number %d: fix the thing in the store\n\n"
            b"A few lines that say why the change was needed and\nwhat was tried before; see the issue.\n\n"
            b"Signed-off-by: %s\n" % (number, _person(author))
        )
        message += b"Reviewed-by: %s\n" % _person(other) if number % 3 == 0 else b""
        yield b"commit refs/heads/main\nmark :%d\n" % (number + 1)
        yield b"author %s %s\ncommitter %s %s\n" % (_person(author), when, _person(author % 20), when)
        yield b"data %d\n%s" % (len(message), message)
        yield b"merge :%d\n" % (number - 3) if number % 10 == 9 else b""
        yield b"M 100644 inline f\ndata 2\n%d\n\n" % (number % 10)


def _person(number: int) -> bytes:
    return b"Person %d <person%d@example.org>" % (number, number)
