"""The clerk: one request in one transaction. It loads, decides, appends and remembers; it answers and posts nothing."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bot.core.answers import Answer, Refused
from bot.core.commands import BotCommand, ConfirmNotice, MemberCommand, Nominate
from bot.core.effects import effects_of, poll_key
from bot.core.events import Event
from bot.core.motion import Motion
from bot.core.people import PersonId, fold_login
from bot.core.receipts import receipt
from bot.core.rules import Facts, decide
from bot.ports import Clock, Ledger, OutboxRow, Transaction
from bot.repositories import Repositories, Repository
from bot.rosters import Rosters

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A member's command with everything that was looked up for it. `proof` is the key of a pressed message."""

    id: str
    motion: int
    command: MemberCommand
    actor: PersonId
    facts: Facts
    repository: Repository
    proof: str = ""


class _Commits:
    """Brings what the writer has committed to the event loop: a whole group with one wake-up.

    `asyncio.wrap_future` wakes the loop once for each result, a system call that the writer makes 200 times a group.
    """

    def __init__(self) -> None:
        self._done: deque[asyncio.Future[None]] = deque()
        self._woken: asyncio.AbstractEventLoop | None = None

    async def result(self, future: Future[T]) -> T:
        """What the writer's future holds, once it is there. Raises what it raises."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[None] = loop.create_future()
        future.add_done_callback(lambda _: self._add(loop, waiter))
        try:
            await waiter
        except asyncio.CancelledError:
            future.cancel()  # what the writer has not begun is not recorded either
            raise
        return future.result()

    def _add(self, loop: asyncio.AbstractEventLoop, waiter: asyncio.Future[None]) -> None:
        """In the writer's thread. First the waiter, then the question: so none is left behind by `_hand_out`."""
        self._done.append(waiter)
        if self._woken is not loop and not loop.is_closed():
            self._woken = loop
            loop.call_soon_threadsafe(self._hand_out)

    def _hand_out(self) -> None:
        self._woken = None
        while self._done:
            waiter = self._done.popleft()
            if not waiter.done() and not waiter.get_loop().is_closed():
                waiter.set_result(None)


class Clerk:
    """Records what members ask (`record`) and what the bot's own clockwork finds due (`tell`)."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        clock: Clock,
        repositories: Repositories,
        rosters: Rosters,
        wake: Callable[[], None],
    ) -> None:
        self._ledger, self._clock, self._wake = ledger, clock, wake
        self._repositories, self._rosters = repositories, rosters
        self._commits = _Commits()

    async def record(self, request: Request) -> Answer:
        """Decide and store one request; the answer comes after the commit. Raises NotRecorded."""
        answer = await self._commits.result(self._ledger.transact(lambda txn: self._record(txn, request)))
        self._wake()
        return answer

    async def tell(self, number: int, command: BotCommand, *, settle: OutboxRow | None = None) -> tuple[Event, ...]:
        """Apply a command of the bot's own; with `settle`, in the same transaction as the delivery it follows from."""

        def work(txn: Transaction) -> tuple[Event, ...]:
            if settle is not None:
                txn.settle(settle)
            motion = txn.motion(number)
            if motion is None:
                return ()
            repository = self._repositories.named(motion.opened.repository)
            now = self._clock.now()
            decision = decide(motion, txn.docket(), command, Facts(), now)
            if isinstance(decision, Refused) or repository is None:
                return ()
            self._append(txn, number, decision, repository, now)
            return decision

        events = await self._commits.result(self._ledger.transact(work))
        if events:
            self._wake()
        return events

    def _record(self, txn: Transaction, request: Request) -> Answer:
        """One request in one transaction: the same answer to a retry, else decide, append and remember."""
        earlier = txn.answer(request.id)
        if earlier is not None:
            return earlier
        now = self._clock.now()
        number, opening = request.motion, request.facts.opening
        if opening is not None:
            number = txn.docket().next_number()
        if request.proof:
            self._prove(txn, request, now)
        motion = txn.motion(number) if request.motion else None
        decision = decide(motion, txn.docket(), request.command, request.facts, now)
        if isinstance(decision, Refused):
            answer = Answer(ok=False, code=decision.code, params=decision.params)
        else:
            if opening is not None and isinstance(request.command, Nominate):
                self._bind_candidate(txn, opening.candidate, request.command.login, now)
            after = self._append(txn, number, decision, request.repository, now)
            after = after or motion
            if after is None:
                raise LookupError(f"motion {number} is not there after it was recorded")
            answer = receipt(request.command, decision, after, request.actor)
        txn.remember(request.id, answer, at=now, motion=number)
        return answer

    def _prove(self, txn: Transaction, request: Request, now: datetime) -> None:
        """A press on the announcement proves that it was delivered, even if its confirmation was lost (T19)."""
        motion = txn.motion(request.motion)
        if motion is None or motion.delivered or request.proof != poll_key(request.motion, request.repository.announce):
            return
        confirm = ConfirmNotice(notice=1, at=now)
        decision = decide(motion, txn.docket(), confirm, Facts(), now)
        if not isinstance(decision, Refused):
            self._append(txn, motion.number, decision, request.repository, now)

    def _bind_candidate(self, txn: Transaction, candidate: PersonId, login: str, now: datetime) -> None:
        directory = txn.directory()
        if directory.person(candidate) is None and directory.by_login(fold_login(login)) is None:
            txn.append(0, [self._rosters.bound(candidate, login)], at=now)

    def _append(
        self, txn: Transaction, number: int, events: tuple[Event, ...], repository: Repository, now: datetime
    ) -> Motion | None:
        """Append the events one by one, each with the effects that follow from it; the motion as it is then."""
        motion: Motion | None = None
        for event in events:
            txn.append(number, [event], at=now)
            motion = txn.motion(number)
            if motion is not None:
                txn.intend(effects_of(event, motion, repository.channels), at=now)
        return motion
