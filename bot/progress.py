"""Progress bars for long work: on standard error, and only where that is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Step = Callable[[int, int], None]
"""Called with how much is done and of how much; 0 while that is not known."""


def _nothing(done: int, of: int) -> None:
    """Progress that nobody watches."""


@contextmanager
def bars() -> Iterator[Callable[[str], Step]]:
    """Give, for a step by name, what to call while it goes on. The bars are gone when the work is done."""
    if not sys.stderr.isatty():
        yield lambda name: _nothing
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:

        def step(name: str) -> Step:
            task = shown.add_task(name, total=None)
            return lambda done, of: shown.update(task, completed=done, total=of or None)

        yield step
