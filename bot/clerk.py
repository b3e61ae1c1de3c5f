"""The clerk: one request in one transaction. It loads, decides, appends and remembers; it answers and posts nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

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

    async def record(self, request: Request) -> Answer:
        """Decide and store one request; the answer comes after the commit. Raises NotRecorded."""
        answer = await asyncio.wrap_future(self._ledger.transact(lambda txn: self._record(txn, request)))
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
            decision = decide(motion, txn.docket(), command, Facts(), self._clock.now())
            if isinstance(decision, Refused) or repository is None:
                return ()
            self._append(txn, number, decision, repository)
            return decision

        events = await asyncio.wrap_future(self._ledger.transact(work))
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
            self._prove(txn, request)
        motion = txn.motion(number) if request.motion else None
        decision = decide(motion, txn.docket(), request.command, request.facts, now)
        if isinstance(decision, Refused):
            answer = Answer(ok=False, code=decision.code, params=decision.params)
        else:
            if opening is not None and isinstance(request.command, Nominate):
                self._bind_candidate(txn, opening.candidate, request.command.login)
            after = self._append(txn, number, decision, request.repository)
            after = after or motion
            if after is None:
                raise LookupError(f"motion {number} is not there after it was recorded")
            answer = receipt(request.command, decision, after, request.actor)
        txn.remember(request.id, answer, at=now, motion=number)
        return answer

    def _prove(self, txn: Transaction, request: Request) -> None:
        """A press on the announcement proves that it was delivered, even if its confirmation was lost (T19)."""
        motion = txn.motion(request.motion)
        if motion is None or motion.delivered or request.proof != poll_key(request.motion, request.repository.announce):
            return
        confirm = ConfirmNotice(notice=1, at=self._clock.now())
        decision = decide(motion, txn.docket(), confirm, Facts(), self._clock.now())
        if not isinstance(decision, Refused):
            self._append(txn, motion.number, decision, request.repository)

    def _bind_candidate(self, txn: Transaction, candidate: PersonId, login: str) -> None:
        directory = txn.directory()
        if directory.person(candidate) is None and directory.by_login(fold_login(login)) is None:
            txn.append(0, [self._rosters.bound(candidate, login)], at=self._clock.now())

    def _append(
        self, txn: Transaction, number: int, events: tuple[Event, ...], repository: Repository
    ) -> Motion | None:
        """Append the events one by one, each with the effects that follow from it; the motion as it is then."""
        motion: Motion | None = None
        now = self._clock.now()
        for event in events:
            txn.append(number, [event], at=now)
            motion = txn.motion(number)
            if motion is not None:
                txn.intend(effects_of(event, motion, repository.channels), at=now)
        return motion
