"""The clerk: one request in one transaction. It loads, decides, appends and remembers; it answers and posts nothing."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from bot.core.answers import Answer, Refused
from bot.core.commands import BotCommand, ChoosePings, ConfirmNotice, MemberCommand, Nominate, StepDown
from bot.core.effects import Effect, addressee, effects_of, poll_key
from bot.core.events import Event, PingsChosen
from bot.core.motion import Motion
from bot.core.people import PersonId, Pings, fold_login
from bot.core.prose import Prose
from bot.core.receipts import receipt
from bot.core.rules import Facts, Opening, OpeningCommand, decide, overtaken
from bot.core.threads import thread_effects
from bot.core.wording import pings_params
from bot.hours import Hours, Rota
from bot.inbox import answered, keep
from bot.ports import Clock, Ledger, OutboxRow, Transaction
from bot.repositories import Repositories, Repository
from bot.rosters import Rosters

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A member's command with everything that was looked up for it. `proof` is the key of a pressed message.

    `sighting` is what a reaction is remembered by; found again after an outage, its request is of the same name.
    """

    id: str
    motion: int
    command: MemberCommand
    actor: PersonId
    facts: Facts
    repository: Repository
    proof: str = ""
    sighting: str = ""


SEEN = Answer(ok=True, code="seen")
"""The answer to a reaction that is found standing after an outage, and was taken in before it."""


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
        rota: Rota,
        wake: Callable[[], None],
    ) -> None:
        self._ledger, self._clock, self._wake = ledger, clock, wake
        self._repositories, self._rosters, self._rota = repositories, rosters, rota
        self._commits = _Commits()

    async def record(self, request: Request) -> Answer:
        """Decide and store one request; the answer comes after the commit. Raises NotRecorded."""
        answer = await self._commits.result(self._ledger.transact(lambda txn: self._record(txn, request)))
        self._wake()
        return answer

    async def choose_pings(self, request: str, person: PersonId, choice: ChoosePings) -> Answer:
        """Store how somebody wants to be reminded from now on; the same answer to a retry. Raises NotRecorded."""

        def work(txn: Transaction) -> Answer:
            earlier = answered(txn, request, person)
            if earlier is not None:
                return earlier
            known = txn.directory().person(person)
            hours = self._rota.of(known) or Hours()
            before = known.pings if known is not None and known.pings is not None else None
            start, end = choice.hours or (hours.start, hours.end)
            pings = Pings(
                on=choice.on if choice.on is not None else before is None or before.on,
                zone=choice.zone or hours.zone,
                start=start,
                end=end,
            )
            now = self._clock.now()
            txn.append(0, [PingsChosen(person=person, pings=pings)], at=now)
            answer = Answer(ok=True, code="pings-chosen", params=pings_params(pings))
            keep(txn, request, person, answer, at=now, motion=0)
            return answer

        return await self._commits.result(self._ledger.transact(work))

    async def unseen(self, requests: Sequence[str]) -> tuple[str, ...]:
        """Which of these have not been answered yet."""
        work = self._ledger.transact(lambda txn: tuple(name for name in requests if txn.answer(name) is None))
        return await self._commits.result(work)

    async def remember(self, requests: Sequence[str], answer: Answer, *, motion: int) -> None:
        """Store an answer under all these names; one that has an answer keeps it."""

        def work(txn: Transaction) -> None:
            for name in requests:
                if txn.answer(name) is None:
                    txn.remember(name, answer, at=self._clock.now(), motion=motion)

        await self._commits.result(self._ledger.transact(work))

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
        found = request.id == request.sighting  # such a name holds the account already
        earlier = txn.answer(request.id) if found else answered(txn, request.id, request.actor)
        if earlier is not None:
            return SEEN if found else earlier
        now = self._clock.now()
        number, opens = request.motion, isinstance(request.command, OpeningCommand)
        motion = self._clear_way(txn, request, now) if isinstance(request.command, StepDown) else None
        if opens:
            number = txn.docket().next_number()
        if request.proof:
            self._prove(txn, request, now)
        motion = txn.motion(request.motion) if request.motion else motion
        decision = decide(motion, txn.docket(), request.command, request.facts, now)
        if isinstance(decision, Refused):
            answer = Answer(ok=False, code=decision.code, params=decision.params)
        else:
            if isinstance(request.command, Nominate) and request.facts.opening is not None:
                self._bind_candidate(txn, request.facts.opening, request.command.login, now)
            after, proof = self._append(txn, number, decision, request.repository, now)
            after = after or motion
            if after is None:
                raise LookupError(f"motion {number} is not there after it was recorded")
            answer = receipt(request.command, decision, after, request.actor, proof=proof)
        if not found:
            keep(txn, request.id, request.actor, answer, at=now, motion=number)
        if request.sighting and txn.answer(request.sighting) is None:
            txn.remember(request.sighting, answer, at=now, motion=number)
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

    def _clear_way(self, txn: Transaction, request: Request, now: datetime) -> Motion | None:
        """A step-down makes other motions about the person needless: they end first; a removal that was is returned.

        Undone with the rest of the transaction where the step-down itself is refused.
        """
        opening = request.facts.opening
        entry = txn.docket().unfinished_on(request.repository.name, request.actor) if opening is not None else None
        motion = txn.motion(entry.number) if entry is not None else None
        reason = Prose.of("The person steps down.", salt=request.facts.salt, label="moot")
        ends = overtaken(motion, request.actor, reason, now) if motion is not None else None
        if motion is None or ends is None:
            return None
        self._append(txn, motion.number, (ends,), request.repository, now)
        return motion if motion.policy.kind == "remove" and motion.proposed else None

    def _bind_candidate(self, txn: Transaction, opening: Opening, login: str, now: datetime) -> None:
        """Remember the candidate by login, and by their account's id where the forge has such (T3)."""
        candidate, directory = opening.subject, txn.directory()
        unknown = candidate is not None and directory.person(candidate) is None
        if candidate is not None and unknown and directory.by_login(fold_login(login)) is None:
            txn.append(0, [self._rosters.bound(candidate, login)], at=now)
        events = self._rosters.accounted(txn.directory(), login, opening.account) if opening.account else []
        if events:
            txn.append(0, events, at=now)

    def _append(
        self, txn: Transaction, number: int, events: tuple[Event, ...], repository: Repository, now: datetime
    ) -> tuple[Motion | None, str]:
        """Append the events one by one, each with the effects that follow from it; the motion and the head then."""
        motion: Motion | None = None
        head = ""
        for event in events:
            head = txn.append(number, [event], at=now)[-1].hash
            motion = txn.motion(number)
            if motion is not None:
                effects = effects_of(event, motion, repository.channels)
                if repository.threads is not None:
                    effects += thread_effects(event, motion, effects)
                txn.intend(self._in_time(txn, motion, effects, now), at=now)
        return motion, head

    def _in_time(
        self, txn: Transaction, motion: Motion, effects: tuple[Effect, ...], now: datetime
    ) -> tuple[Effect, ...]:
        """Reminders wait for their reader's working hours, but never beyond the close."""
        return tuple(
            replace(effect, after=self._soonest(txn, motion, effect, now))
            if effect.kind == "ping" and effect.after is None
            else effect
            for effect in effects
        )

    def _soonest(self, txn: Transaction, motion: Motion, effect: Effect, now: datetime) -> datetime:
        person = txn.directory().person(addressee(effect))
        return self._rota.soonest(person, now, before=motion.closes_at)
