"""Runs checks side by side: each has its own time limit, and whatever goes wrong in one is a line of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from bot.credentials import SecretMissing
from bot.ports import Finding, ForgeError, PlatformError, RosterError
from bot.rulebooks import Mistaken
from bot.wiring import LedgerError

T = TypeVar("T")
PATIENCE: Final = 30.0
"""Seconds that a check may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One check. `topic` stands before each of its lines; `remedy` is for the case that it takes too long."""

    topic: str
    look: Callable[[], Awaitable[Sequence[Finding]]]
    remedy: str = "try again, and see whether the network or the disk hangs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A finding, and what it is about."""

    topic: str
    finding: Finding


async def run(probes: Sequence[Probe], *, seconds: float = PATIENCE) -> list[Line]:
    """The lines of all checks, in their order."""
    answers = await asyncio.gather(*(_one(probe, seconds) for probe in probes))
    return [
        Line(topic=probe.topic, finding=each) for probe, found in zip(probes, answers, strict=True) for each in found
    ]


async def _one(probe: Probe, seconds: float) -> Sequence[Finding]:
    task = asyncio.ensure_future(_looked(probe))
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        task.cancel()
        return [wrong(f"No answer within {seconds:g} seconds", probe.remedy)]
    return task.result()


async def _looked(probe: Probe) -> Sequence[Finding]:
    try:
        return await probe.look()
    except Mistaken as error:
        return [wrong(f"{each.where}: {each.what}", each.remedy) for each in error.mistakes]
    except ForgeError as error:
        return [wrong(error.what, error.remedy)]
    except RosterError as error:
        return [wrong(str(error), error.remedy)]
    except PlatformError as error:
        return [wrong(error.what, probe.remedy)]
    except SecretMissing as error:
        what, _, remedy = str(error).rpartition(": ")
        return [wrong(what, remedy)]
    except LedgerError as error:
        return [wrong(str(error), "see docs/how-to/upgrade.md, or put a backup back: folkmoot restore FILE")]
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return [wrong(f"{where}{error.strerror or error}", probe.remedy)]
    except Exception as error:
        # One check that is broken must not hide the others. The message stays out: nobody knows what is in it.
        what = f"This could not be looked at: {type(error).__name__}"
        return [wrong(what, "report it, with what `folkmoot --version` says")]


async def aside(work: Callable[[], T]) -> T:
    """Do blocking work in a thread that the program does not wait for when it ends: a dead disk blocks for long."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(act: Callable[[], None]) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(lambda: None if done.done() else act())

    def run_it() -> None:
        try:
            result = work()
        except Exception as error:
            caught = error
            settle(lambda: done.set_exception(caught))
        else:
            settle(lambda: done.set_result(result))

    threading.Thread(target=run_it, daemon=True, name="check").start()
    return await done


def ok(what: str) -> Finding:
    return Finding(mark="ok", what=what)


def warning(what: str, remedy: str) -> Finding:
    return Finding(mark="warning", what=what, remedy=remedy)


def wrong(what: str, remedy: str) -> Finding:
    return Finding(mark="wrong", what=what, remedy=remedy)
