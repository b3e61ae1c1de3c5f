"""Who did what in a repository on this machine: an `ActivitySource` by the git program, or by dulwich without one.

Both ways give the same numbers. Must never write to the repository or take names, mails or messages for more than data.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from dulwich.objects import ObjectID
from dulwich.repo import Repo

from adapters.localgit.history_git import NoProgram, records
from adapters.localgit.history_walk import walk
from adapters.localgit.repository import default_base, file_at, opened
from bot.core.activity import ActivityReport
from bot.git.commits import Counting, Window
from bot.git.mailmap import Mailmap
from bot.ports import ForgeError

SECONDS: Final = 300.0
_PACE: Final = 1_000

Progress = Callable[[int, int], None]


def find_git() -> Path | None:
    """The git program on this machine, if there is one at an absolute place of the PATH."""
    found = shutil.which("git")
    return Path(found) if found and os.path.isabs(found) else None


class LocalHistory:
    """An `ActivitySource` over a repository directory, from the default branch (`branch` where it is configured).

    `program` is the git program, or None to do without (slower). `bots` are logins, names or mails to leave out.
    `seconds` bound one reading.
    """

    def __init__(
        self,
        *,
        path: Path,
        branch: str | None = None,
        program: Path | None = None,
        bots: Iterable[str] = (),
        seconds: float = SECONDS,
    ) -> None:
        self._path, self._branch, self._program = path, branch, program
        self._bots, self._seconds = tuple(bots), seconds

    async def activity(self, *, since: datetime, until: datetime, progress: Progress | None = None) -> ActivityReport:
        """Everyone's activity in the window, in whole seconds of commit dates, as `git shortlog --since` takes them.

        The number of commits is not known before the end: counting them takes about as long as reading them.
        Cancelling stops git. Raises ForgeError.
        """
        loop, stop = asyncio.get_running_loop(), threading.Event()

        def told(done: int, total: int) -> None:
            if progress is not None:
                loop.call_soon_threadsafe(progress, done, total)

        try:
            return await asyncio.to_thread(self._activity, since, until, told, stop.is_set)
        finally:
            stop.set()

    def _activity(
        self, since: datetime, until: datetime, told: Progress, stopped: Callable[[], bool]
    ) -> ActivityReport:
        window = Window(since=max(1, _second(since)), until=_second(until))
        with opened(self._path) as repo:
            head = default_base(repo, self._branch).commit
            mailmap = _mailmap(repo, head)
            counting = self._counted(repo, head, window, mailmap or Mailmap(), told, stopped)
            cut_off = bool(repo.get_shallow())
        rows, bots = counting.tally(self._bots)
        told(counting.commits, counting.commits)
        return ActivityReport(
            rows=rows,
            since=since,
            until=until,
            commit=head.decode(),
            commits=counting.commits,
            cut_off=cut_off,
            mailmap=mailmap is not None,
            bots=bots,
        )

    def _counted(
        self,
        repo: Repo,
        head: ObjectID,
        window: Window,
        mailmap: Mailmap,
        told: Progress,
        stopped: Callable[[], bool],
    ) -> Counting:
        """The commits counted: by git, or by walking where git is missing or its versions would disagree on a date."""
        counting = Counting(window, mailmap)
        if self._program is not None:
            folder, name = Path(repo.controldir()), head.decode()
            read = records(self._program, folder, name, window.since, seconds=self._seconds, stopped=stopped)
            with closing(read), suppress(NoProgram):
                _paced(_added(read, counting), counting, told)
                return counting
            counting = Counting(window, mailmap)
        deadline = time.monotonic() + self._seconds
        _paced(_bounded(walk(repo, head, window, counting), deadline, stopped), counting, told)
        return counting


def _added(read: Iterator[bytes], counting: Counting) -> Iterator[None]:
    for some in read:
        if counting.add(some) != some.count(b"\0"):
            raise NoProgram("a commit without a plain date: versions of git differ on what lies behind it")
        yield


def _bounded(turns: Iterator[None], deadline: float, stopped: Callable[[], bool]) -> Iterator[None]:
    for _ in turns:
        if time.monotonic() > deadline:
            raise ForgeError("reading the history took too long", remedy="ask for a shorter window, or install git")
        if stopped():
            raise ForgeError("reading the history was stopped")
        yield


def _paced(turns: Iterator[None], counting: Counting, told: Progress) -> None:
    """Run to the end, telling the progress at every thousand commits or so. The number in all is not known."""
    last = 0
    for _ in turns:
        if counting.commits - last >= _PACE:
            last = counting.commits
            told(last, 0)


def _mailmap(repo: Repo, head: ObjectID) -> Mailmap | None:
    """The .mailmap of the commit's tree; None if it is missing, a link (T25), over 1 MiB (T36) or not held here."""
    try:
        return Mailmap(file_at(repo, head, ".mailmap").data)
    except ForgeError:
        return None


def _second(at: datetime) -> int:
    """The second at or after the instant, as commit dates are whole seconds."""
    whole = at.replace(microsecond=0)
    return int(whole.timestamp()) + (at != whole)
