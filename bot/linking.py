"""Links chat accounts to people by a proof on the forge: told to everybody, held for a time, undone in one click.

A device code can be passed on: whoever types somebody else's gives away their ballot (T5). So nothing acts at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.core.answers import Answer, Params, Refused
from bot.core.commands import ReleaseAccount
from bot.core.effects import Effect
from bot.core.events import AccountReleased, PersonBound
from bot.core.people import MAINTAINER, Person, PersonId, PlatformUser
from bot.core.prose import Prose
from bot.core.rules import RosterFault
from bot.core.wording import link_ended
from bot.inbox import answered, keep
from bot.ports import (
    Clock,
    DeviceCode,
    DeviceFlow,
    Directory,
    ForgeError,
    ForgeIdentity,
    Ids,
    Ledger,
    Platform,
    PlatformError,
    Transaction,
)
from bot.repositories import Repositories, Repository
from bot.rosters import Rosters
from bot.threads.people import ForgePeople

log = structlog.get_logger("folkmoot.linking")
HOLD = timedelta(hours=24)
AT_ONCE = 20
"""How many codes may be out at the same time."""
SLOWER = 5
"""Seconds by which the rests grow where GitHub asks for that."""
TRIES = 5
"""How often in a row GitHub may fail to answer before a flow is given up."""


def acting(directory: Directory, account: str, now: datetime) -> Person | None:
    """The person that an account acts for; None while the link is held, as for an account that nobody knows (T5)."""
    held = directory.held(account)
    return None if held is not None and held > now else directory.by_account(account)


class Linking:
    """The device flows that run now, and the links that came of earlier ones. Flows end with the process."""

    def __init__(
        self,
        *,
        flow: DeviceFlow | None,
        hold: timedelta,
        ledger: Ledger,
        clock: Clock,
        ids: Ids,
        repositories: Repositories,
        rosters: Rosters,
        platforms: Mapping[str, Platform],
        wake: Callable[[], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._flow, self._hold, self._sleep, self._wake = flow, hold, sleep, wake
        self._ledger, self._clock, self._ids = ledger, clock, ids
        self._repositories, self._rosters, self._platforms = repositories, rosters, platforms
        self._people = ForgePeople(ledger=ledger, clock=clock, ids=ids)
        self._running: dict[str, tuple[DeviceCode, asyncio.Task[None]]] = {}
        self._beginning = asyncio.Lock()

    # ------------------------------------------------------------------ linking

    async def begin(self, who: PlatformUser) -> Answer | Refused:
        """A code for this account; the same one while it is good. It is watched in the background."""
        if self._flow is None:
            return Refused(code="link-off")
        if _fixed(self._ledger.reader().directory(), who.key):
            return Refused(code="link-fixed")
        async with self._beginning:
            known = self._running.get(who.key)
            if known is None:
                if len(self._running) >= AT_ONCE:
                    return Refused(code="link-busy")
                try:
                    code = await self._flow.begin()
                except ForgeError as error:
                    log.warning("no device code", error=error.what, remedy=error.remedy)
                    return Refused(code="link-failed")
                task = asyncio.create_task(self._follow(self._flow, who, code), name="device-flow")
                known = self._running[who.key] = (code, task)
                task.add_done_callback(lambda _: self._running.pop(who.key, None))
        code = known[0]
        params: Params = {"code": code.user_code, "url": code.url, "minutes": code.lifetime // 60}
        return Answer(ok=True, code="link-code", params=params)

    async def stop(self) -> None:
        """Give up the flows that run."""
        tasks = [task for _, task in self._running.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def rested(self) -> None:
        """Wait until every flow that runs has ended."""
        await asyncio.gather(*[task for _, task in self._running.values()])

    async def _follow(self, flow: DeviceFlow, who: PlatformUser, code: DeviceCode) -> None:
        try:
            how = await self._outcome(flow, who, code)
        except Exception as error:  # the top of a background task: told, and logged whole
            log.error("device flow failed", error=repr(error), exc_info=error)
            how = "failed"
        platform = self._platforms.get(who.platform)
        if platform is not None:
            try:
                await platform.direct(user=who, card=link_ended(how), key=f"link:{who.key}:{code.user_code}")
            except PlatformError as error:
                log.info("end of a device flow not told", error=error.what)

    async def _outcome(self, flow: DeviceFlow, who: PlatformUser, code: DeviceCode) -> str:
        """Ask as often as GitHub wants to be asked, and no longer than the code is good."""
        rest, waited, failed = code.interval, 0, 0
        while waited + rest <= code.lifetime:
            await self._sleep(rest)
            waited += rest
            try:
                answer = await flow.ask(code)
                failed = 0
            except ForgeError:
                failed += 1
                if failed >= TRIES:
                    return "failed"
                continue
            if isinstance(answer, ForgeIdentity):
                return await self._link(who, answer)
            if answer == "slower":
                rest += SLOWER
            elif answer != "pending":
                return answer
        return "expired"

    async def _link(self, who: PlatformUser, proved: ForgeIdentity) -> str:
        person = await self._people.of(PlatformUser.of(proved.key), proved.login, new=True)
        if person is None or isinstance(person, Refused):
            return "stranger"
        how = await asyncio.wrap_future(self._ledger.transact(lambda txn: self._bind(txn, who.key, person)))
        self._wake()
        return how

    def _bind(self, txn: Transaction, account: str, person: PersonId) -> str:
        """The link and its announcement in one transaction: none without the other."""
        directory, now = txn.directory(), self._clock.now()
        if _fixed(directory, account):
            return "fixed"
        if directory.linked("device").get(account) == person:
            return "already"
        value = Prose.of(account, salt=self._ids.salt(), label="account")
        until = now + self._hold
        event = PersonBound(person=person, kind="account", value=value, source="device", held_until=until)
        (done,) = txn.append(0, [event], at=now)
        params = {"person": person, "account": account, "until": until.isoformat()}
        txn.intend(self._told("linked", done.seq, params), at=now)
        return "linked"

    # ------------------------------------------------------------------ unlinking

    async def release(
        self, command: ReleaseAccount, actor: Person, here: Sequence[Repository], *, request: str, key: str, only: str
    ) -> Answer | Refused:
        """Undo the link that a pressed notice is about, those of a person, or the asker's own.

        `only` is the account that asks while its link is held: it undoes itself, and nothing else (T5).
        """
        directory = self._ledger.reader().directory()
        row = self._ledger.row(key) if key else None
        whose: PersonId | None = actor.id
        accounts: tuple[str, ...] = ()
        if row is not None and row.effect.kind == "linked":
            whose, accounts = PersonId(str(row.effect.params["person"])), (str(row.effect.params["account"]),)
        elif command.login:
            named = directory.by_login(command.login)
            whose = named.id if named is not None else None
        if only:
            if whose != actor.id or (accounts and accounts != (only,)):
                return Refused(code="unlink-not-yours")
            accounts = (only,)
        if whose != actor.id and not await self._maintains(actor.id, here):
            return Refused(code="unlink-not-yours")  # first: who may not undo it is not told whether there is somebody
        if whose is None:
            return Refused(code="unlink-nothing")
        found = await asyncio.wrap_future(
            self._ledger.transact(lambda txn: self._undo(txn, request, whose, accounts, actor.id))
        )
        self._wake()
        return found

    def _undo(
        self, txn: Transaction, request: str, whose: PersonId, accounts: Sequence[str], by: PersonId
    ) -> Answer | Refused:
        earlier = answered(txn, request, by)
        if earlier is not None:
            return earlier
        linked = txn.directory().linked("device")
        mine = [account for account, person in linked.items() if person == whose and account in (accounts or linked)]
        if not mine:
            return Refused(code="unlink-nothing")
        now = self._clock.now()
        for account in mine:
            value = Prose.of(account, salt=self._ids.salt(), label="account")
            (done,) = txn.append(0, [AccountReleased(person=whose, account=value, by=by)], at=now)
            txn.intend(self._told("unlinked", done.seq, {"person": whose, "account": account, "by": by}), at=now)
        answer = Answer(ok=True, code="link-released", params={"count": len(mine)})
        keep(txn, request, by, answer, at=now, motion=0)
        return answer

    async def _maintains(self, person: PersonId, here: Sequence[Repository]) -> bool:
        for repository in here:
            roster = await self._rosters.read(repository)
            if not isinstance(roster, RosterFault) and roster.role_of(person) == MAINTAINER:
                return True
        return False

    def _told(self, kind: str, number: int, params: Mapping[str, str]) -> tuple[Effect, ...]:
        """Once in each maintainers' channel: whoever it is about may vote in any of them."""
        channels = dict.fromkeys(repository.announce for repository in self._repositories.all())
        return tuple(
            Effect(
                key=f"{kind}:{number}:{channel}",
                lane="once",
                motion=0,
                venue=f"channel:{channel}",
                kind="linked" if kind == "linked" else "unlinked",
                params=params,
            )
            for channel in channels
        )


def _fixed(directory: Directory, account: str) -> bool:
    """Whether the configuration or a map says whose account it is: they go first."""
    return account in directory.linked("config") or account in directory.linked("map")
