"""A bot on the fake Discord that is sent hostile events, and what real ones look like."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

from bot.core.events import BallotCast
from bot.core.people import PersonId
from storage.sqlite import SqliteLedger
from tests.discord.world import OUTSIDER, PEOPLE, town
from tests.discord.world import Town as World
from tests.fakes.discord.clients import filled_in
from tests.fakes.discord.server import GOV, GUILD
from tests.fakes.discord.state import Channel, Data
from tests.fuzz.mutating import names
from tests.fuzz.watching import BOUND, Book, Watch
from tests.world import logins

ANN, BEN, VOTER = logins()[0], logins()[1], logins()[2]
TELLING: Final = names(
    "id token type data name options value focused custom_id component_type components component values "
    "guild_id channel_id member user user_id message message_id emoji target_id resolved channel context "
    "parent_id burst"
)
OURS: Final = ("CommandTree-invoker", "discord-ui-", "discord.py", "discord ")
"""Names of the tasks in which the library and the bot serve events."""
Sent = tuple[str, Data]


class Town:
    """The bot, what is sent to it, and what is new in its ledger."""

    def __init__(self, made: World, watch: Watch) -> None:
        self.world, self.watch, self.book = made, watch, Book(made.ledger)
        self.seeds: list[Sent] = []
        self.forms: list[tuple[int, Any]] = []
        self._turn = 0

    @property
    def foreign(self) -> Sequence[Any]:
        """Ids, codes and texts that mean something here, but not there."""
        people = [str(number) for number in (PEOPLE[ANN], PEOPLE[BEN], OUTSIDER, 900, 999, 12345)]
        return (
            *people,
            *(PEOPLE[ANN], GUILD, GOV, str(GUILD), str(GOV), "101", self.world.poll()["id"], 18446744073709551616),
            *(
                "moot:press:yes:1:",
                "moot:press:yes:1",
                "moot:press:close:1:",
                "moot:press:remove:1:",
                "moot:open:ballot:1",
            ),
            *("moot:open:nominate:0", "moot:again:0123456789abcdef", "moot:form:ballot:1:", "moot:form:nominate:0:"),
            *("moot:form:everything:1:", "moot:press:yes:٣:", "yes", "more", "run", "👍", "👎", "x", "+1"),
            *(1, 2, 3, 4, 5, 11, 25, 99),
        )

    async def prepare(self) -> None:
        """Open a motion, and gather one event of each kind that Discord sends, as the fake makes them."""
        await self.world.nominate()
        for user in (PEOPLE[ANN], PEOPLE[BEN], OUTSIDER):
            self._commands(user)
            self._presses(user)
            await self._forms(user)
            self._reactions(user)
        self._guild()
        await self.rested()
        self.book.new()
        self.watch.none()

    def _keep(self, user: int, place: Channel, kind: int, data: Data, message: Data | None = None) -> None:
        hands = self.world.fake.interactions
        made = hands.prepared(user, place, kind, data, message=message)
        self.seeds.append(("INTERACTION_CREATE", deepcopy(hands.payload(made))))

    def _commands(self, user: int) -> None:
        fake = self.world.fake
        place = fake.channels[GOV]
        for path, given in (
            ("yes", {"motion": 1, "reason": "It is time."}),
            ("no", {"motion": 1}),
            ("object", {"motion": 1, "reason": "Not yet."}),
            ("nominate", {"login": "newperson", "months": 7}),
            ("propose", {"title": "Move the meeting"}),
            ("list", {}),
            ("mine", {}),
            ("more snooze", {"motion": 1}),
            ("run", {"line": "yes 1"}),
        ):
            command = fake.interactions._command(place, path, given, focus=None)
            self._keep(user, place, 2, command)
        for path, option in (("why", "login"), ("yes", "motion"), ("more snooze", "motion")):
            self._keep(user, place, 4, fake.interactions._command(place, path, {option: "1"}, focus=option))
        poll = self.world.poll()
        known = next(each for each in fake.rest.registered[GUILD] if each["type"] == 3)
        menu = {"id": known["id"], "name": known["name"], "type": 3, "guild_id": str(GUILD), "target_id": poll["id"]}
        self._keep(user, place, 2, {**menu, "resolved": {"messages": {poll["id"]: poll}}})
        letters = fake.letters(user)
        self._keep(user, letters, 2, fake.interactions._command(letters, "yes", {"motion": 1}, focus=None))

    def _presses(self, user: int) -> None:
        fake, poll = self.world.fake, self.world.poll()
        for row in poll["components"]:
            for button in row["components"]:
                data = {"custom_id": button["custom_id"], "component_type": 2, "id": 1}
                self._keep(user, fake.channels[GOV], 3, data, poll)

    async def _forms(self, user: int) -> None:
        fake, poll = self.world.fake, self.world.poll()
        for label, values in (("Vote, with a reason…", {"choice": "yes"}), ("Object…", {"reason": "Not yet."})):
            if label not in (made := await self._opened(user, poll, label)):
                continue
            opened = made[label]
            filled = [filled_in(each, dict(values)) for each in opened.modal["components"]]
            data = {"custom_id": opened.modal["custom_id"], "components": filled, "resolved": {}}
            self._keep(user, fake.channels[GOV], 5, data, poll)

    async def _opened(self, user: int, poll: Data, label: str) -> dict[str, Any]:
        from tests.fakes.discord.reading import buttons

        return {label: await self.world.press(user, poll, label)} if label in buttons(poll) else {}

    def _reactions(self, user: int) -> None:
        fake, poll = self.world.fake, self.world.poll()
        event = {"user_id": str(user), "channel_id": str(GOV), "message_id": poll["id"], "guild_id": str(GUILD)}
        for name in ("👍", "👎", "🎉"):
            kept = {**event, "emoji": {"id": None, "name": name}, "burst": False, "type": 0}
            self.seeds.append(("MESSAGE_REACTION_REMOVE", kept))
            member = fake.guilds[GUILD].member(fake.users[user])
            self.seeds.append(("MESSAGE_REACTION_ADD", {**kept, "member": member, "message_author_id": "900"}))

    def _guild(self) -> None:
        fake = self.world.fake
        place, guild, other = fake.channels[GOV], fake.guilds[GUILD], fake.add_guild(101)
        everywhere = {"guild_id": str(GUILD), "channel_id": str(GOV), "message_id": self.world.poll()["id"]}
        thread = {**place.data, "id": "777", "type": 11, "parent_id": str(GOV), "owner_id": "900"}
        meta = {"archived": False, "auto_archive_duration": 60, "archive_timestamp": "2026-03-02T09:00:00+00:00"}
        user = fake.users[PEOPLE[ANN]]
        more: Data = {"joined_at": None, "large": False, "unavailable": False, "member_count": 1, "members": []}
        role = {**guild.roles[GUILD].data}
        for kind, data in (
            ("GUILD_CREATE", {**other.data, **more, "channels": [], "threads": []}),
            ("GUILD_UPDATE", {**guild.data}),
            ("GUILD_DELETE", {"id": "101", "unavailable": True}),
            ("GUILD_ROLE_CREATE", {"guild_id": str(GUILD), "role": {**role, "id": "778"}}),
            ("GUILD_ROLE_UPDATE", {"guild_id": str(GUILD), "role": role}),
            ("GUILD_ROLE_DELETE", {"guild_id": str(GUILD), "role_id": "778"}),
            ("GUILD_EMOJIS_UPDATE", {"guild_id": str(GUILD), "emojis": [{"id": "5", "name": "👍", "roles": []}]}),
            ("GUILD_MEMBER_UPDATE", {**guild.member(user), "guild_id": str(GUILD)}),
            ("CHANNEL_CREATE", {**place.data, "id": "779"}),
            ("CHANNEL_UPDATE", {**place.data}),
            ("CHANNEL_DELETE", {**place.data, "id": "779"}),
            ("THREAD_CREATE", {**thread, "thread_metadata": meta, "message_count": 0, "member_count": 1}),
            ("THREAD_DELETE", thread),
            ("MESSAGE_REACTION_REMOVE_ALL", everywhere),
            ("MESSAGE_REACTION_REMOVE_EMOJI", {**everywhere, "emoji": {"id": None, "name": "👍"}}),
            ("MESSAGE_DELETE", {**everywhere, "id": "780"}),
            ("SOMETHING_NEW", {**everywhere}),
        ):
            self.seeds.append((kind, deepcopy(data)))

    # ------------------------------------------------------------------- sending

    def fresh(self, kind: str, payload: Data) -> Data:
        """The same, done once more: with the id and the token that Discord makes for each."""
        made = deepcopy(payload)
        if kind == "INTERACTION_CREATE":
            hands = self.world.fake.interactions
            who = payload["member"]["user"] if "member" in payload else payload["user"]
            place = self.world.fake.channels[int(payload["channel_id"])]
            number, data, message = payload["type"], payload["data"], payload.get("message")
            new = hands.prepared(int(who["id"]), place, number, data, message=message)
            made["id"], made["token"] = str(new.id), new.token
        return made

    def named(self, kind: str, payload: Any) -> set[PersonId]:
        """The person whose account an event names, by our own reading of it."""
        found: Any = payload.get("user_id")
        if kind == "INTERACTION_CREATE":
            who = payload.get("member") if payload.get("guild_id") else payload
            who = who.get("user") if isinstance(who, dict) else None
            found = who.get("id") if isinstance(who, dict) else None
        try:
            person = self.book.person(f"discord:{int(found)}")
        except (TypeError, ValueError, OverflowError):
            return set()
        return {person} if person is not None else set()

    async def rested(self) -> None:
        """Until everything that was sent is done with."""
        while busy := [task for task in asyncio.all_tasks() if self._serves(task)]:
            await asyncio.wait(busy)
        await self.world.running._errands.idle()
        await self.world.settle()

    def _serves(self, task: asyncio.Task[Any]) -> bool:
        name = task.get_name()
        return name.startswith(OURS) and name not in {"discord gateway", "discord sweep"}

    async def send(self, sent: Sequence[Sent]) -> None:
        """Send all of it, wait until it is done with, and look at what it has brought about."""
        fake = self.world.fake
        before = fake.gateway.identified, fake.gateway.resumed
        async with asyncio.timeout(BOUND):
            for kind, payload in sent:
                await fake.gateway.emit(kind, payload)
            await self.valid()
        people = {person for kind, payload in sent for person in self.named(kind, payload)}
        voter = self.book.person(f"discord:{PEOPLE[VOTER]}")
        assert voter is not None
        new = self.book.only_by({*people, voter})
        assert sum(isinstance(event, BallotCast) and event.person == voter for _, event in new) == 1
        assert (fake.gateway.identified, fake.gateway.resumed) == before, "the connection broke"
        assert fake.problems == []
        self.watch.none()
        fake.interactions.all.clear()
        for session in fake.gateway.sessions.values():
            session.events[:] = [{}] * len(session.events)

    async def valid(self) -> None:
        """A real press right after it: recorded, and answered once."""
        self._turn += 1
        label, choice = ("Yes", "yes") if self._turn % 2 else ("No", "no")
        made = await self.world.fake.interactions.press(PEOPLE[VOTER], self.world.poll(), label)
        await self.rested()
        assert len(made.callbacks) == 1
        assert made.refused == []
        assert f"Recorded: {choice}" in made.text
        assert self.world.choice(VOTER) == choice


@asynccontextmanager
async def discord(folder: Path, watch: Watch) -> AsyncIterator[Town]:
    """A bot on a real ledger, with a motion open."""
    async with town(folder, opened=False) as made:
        made.ledger.close()
        made.ledger = SqliteLedger(folder / "folkmoot.sqlite3", clock=made.clock)
        await made.open()
        ready = Town(made, watch)
        await ready.prepare()
        yield ready
