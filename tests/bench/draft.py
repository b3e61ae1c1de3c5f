"""A draft pull request on a repository of 20,000 files, against the git command line doing the same."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

from adapters.localgit import LocalGit
from bot.ports import DraftRequest
from tests.bench.measure import Setting, percentile, seconds
from tests.bench.result import Aim, Result

ROSTER: Final = "MAINTAINERS"
MESSAGE: Final = "Add somebody to the maintainers\n\nMotion 1 carried.\n"
AT: Final = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
FASTER: Final = 10


async def draft(setting: Setting) -> list[Result]:
    """In folders, as projects are, and all in one, where the one tree has to be written anew. Needs git."""
    if not _has_git():
        print("draft: SKIPPED, there is no git program to measure against", file=sys.stderr, flush=True)
        return []
    files = setting.pick(20_000, 400)
    aim = Aim(of="ratio", sign=">=", value=FASTER)
    return [
        await _measured(setting, f"draft, {files:,} files in 200 folders", files, folders=200, aim=aim),
        await _measured(setting, f"draft, {files:,} files in one folder", files, folders=0, aim=None),
    ]


async def _measured(setting: Setting, name: str, files: int, *, folders: int, aim: Aim | None) -> Result:
    path = setting.folder / f"draft-{folders}.git"
    _create(path, files, folders)
    ours: list[float] = []
    theirs: list[float] = []
    synced: list[float] = []
    forge = LocalGit(path=path, branch="main", records=setting.folder / f"drafts-{folders}")
    for number in range(1, setting.rounds * setting.pick(5, 1) + 1):
        request = _request(number)
        started = perf_counter()
        made = await forge.open(request)
        ours.append(perf_counter() - started)
        assert made is not None
        theirs.append(_timed_git(path, f"plain/{number}", sync=False))
        synced.append(_timed_git(path, f"synced/{number}", sync=True))
        for branch in (request.branch, f"plain/{number}", f"synced/{number}"):
            assert _git(path, "diff", "--name-only", "main", branch).decode().split() == [ROSTER], branch
    return Result(
        name=name,
        unit="ms",
        figure=median(ours) * 1000,
        baseline=median(theirs) * 1000,
        against="git, eight commands",
        aim=aim,
        inverted=True,
        detail={
            "p90 ms": percentile(ours, 90) * 1000,
            "git that syncs too ms": median(synced) * 1000,
            "ratio to that": median(synced) / median(ours),
        },
    )


def _request(number: int) -> DraftRequest:
    branch = f"folkmoot/{number}-abcdef"
    return DraftRequest(
        branch=branch,
        path=ROSTER,
        title="Add somebody to the maintainers",
        body="Motion 1 carried.\n",
        message=MESSAGE,
        at=AT,
        edit=lambda data: data + _line(branch),
    )


def _line(branch: str) -> bytes:
    """What is added on a branch: each one its own, so that nobody finds the objects there already."""
    return f'"{branch}","New Comer","newcomer@example.org"\n'.encode()


def _timed_git(path: Path, branch: str, *, sync: bool) -> float:
    """Seconds that the plumbing takes to make the same commit without a work tree.

    Git does not sync loose objects unless it is told to (`sync`); the forge always does.
    """
    more = {"GIT_INDEX_FILE": str(path / f"index-{branch.replace('/', '-')}")}
    if sync:
        more |= {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.fsync", "GIT_CONFIG_VALUE_0": "all"}

    def work() -> None:
        _git(path, "read-tree", "main", more=more)
        data = _git(path, "cat-file", "blob", f"main:{ROSTER}", more=more) + _line(branch)
        blob = _git(path, "hash-object", "-w", "--stdin", data=data, more=more).decode().strip()
        _git(path, "update-index", "--cacheinfo", f"100644,{blob},{ROSTER}", more=more)
        tree = _git(path, "write-tree", more=more).decode().strip()
        base = _git(path, "rev-parse", "main").decode().strip()
        commit = _git(path, "commit-tree", tree, "-p", base, data=MESSAGE.encode(), more=more).decode().strip()
        _git(path, "update-ref", f"refs/heads/{branch}", commit, "", more=more)

    return seconds(work)


def _create(path: Path, files: int, folders: int) -> None:
    """The repository by `git fast-import`: every file of its own content, packed as a clone is."""
    subprocess.run(["git", "init", "--quiet", "--bare", "-b", "main", str(path)], check=True, env=_environment())
    _git(path, "fast-import", "--quiet", data=b"".join(_stream(files, folders)))


def _stream(files: int, folders: int) -> Iterator[bytes]:
    yield b"commit refs/heads/main\ncommitter A Person <a@example.org> 1767225600 +0000\n" + _data(b"Everything\n")
    for number in range(files - 1):
        name = f"dir{number % folders:03}/file{number:05}.txt" if folders else f"file{number:05}.txt"
        yield f"M 100644 inline {name}\n".encode() + _data(f"This is file {number}.\n".encode())
    yield f"M 100644 inline {ROSTER}\n".encode() + _data(b'# MAINTAINERS\n"ann","Ann","ann@example.org"\n')


def _data(raw: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(raw), raw)


def _git(path: Path, *arguments: str, data: bytes = b"", more: Mapping[str, str] | None = None) -> bytes:
    command = ["git", "-C", str(path), *arguments]
    return subprocess.run(
        command, input=data, check=True, stdout=subprocess.PIPE, env={**_environment(), **(more or {})}
    ).stdout


def _environment() -> Mapping[str, str]:
    """Git as it comes, without the settings of whoever measures."""
    name, mail = "Folkmoot", "folkmoot@localhost"
    return {
        "PATH": os.environ.get("PATH", ""),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": name,
        "GIT_AUTHOR_EMAIL": mail,
        "GIT_COMMITTER_NAME": name,
        "GIT_COMMITTER_EMAIL": mail,
    }


def _has_git() -> bool:
    try:
        return subprocess.run(["git", "--version"], check=False, stdout=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False
