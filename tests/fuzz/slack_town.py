"""A bot on the fake Slack that is sent hostile payloads, and what real ones look like."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any, Final, Literal

from bot.core.events import BallotCast
from bot.core.people import PersonId, PlatformUser
from storage.sqlite import SqliteLedger
from tests.fakes.slack.members import Hand
from tests.fakes.slack.server import Kind
from tests.fakes.slack.state import TEAM, Message
from tests.fuzz.mutating import Path as Place
from tests.fuzz.mutating import names
from tests.fuzz.watching import BOUND, Book, Watch
from tests.slack.world import CHANNEL, OTHER, World, ids, world
from tests.world import logins

ANN, BEN, VOTER = logins()[0], logins()[1], logins()[2]
STRANGER: Final = "nobody"
"""A member of the workspace who is linked to nobody."""
WHO: Final[dict[Kind, Place]] = {
    "slash_commands": ("user_id",),
    "interactive": ("user", "id"),
    "events_api": ("event", "user"),
}
"""Where a payload names the one who acts."""
TELLING: Final = names(
    "text command channel_id user_id trigger_id action_id value block_id callback_id private_metadata values "
    "type selected_option action_ts user team team_id id channel container view message thread_ts item "
    "reaction item_user ts event event_id event_ts state actions blocks tab old_channel_id new_channel_id"
)
Sent = tuple[Kind, dict[str, Any]]


class Town:
    """The bot, what is sent to it, and what is new in its ledger."""

    def __init__(self, made: World, watch: Watch) -> None:
        self.world, self.watch, self.book = made, watch, Book(made.ledger)
        self.poll: Message
        self.seeds: list[Sent] = []
        self._turn = 0

    @property
    def foreign(self) -> Sequence[Any]:
        """Ids, codes and texts that mean something here, but not there."""
        found = ids()
        return (
            *(found[login] for login in (ANN, BEN, STRANGER, "outsider")),
            *("UBOT", "USLACKBOT", "U9999", "T9999", TEAM, "E0001", CHANNEL, OTHER, "D0001", "C9999"),
            *(self.poll.ts, "1772442000.999999", "press:yes:0", "press:no:0", "press:close:0", "press:remove:9"),
            *("form:ballot:0", "form:nominate", "form:ballot", "form:everything", "press:yes", "home:refresh", "kind"),
            *(
                "1",
                "2",
                "999999999",
                "1 m1:poll:slack:C0001",
                "1 \ud800",
                "0",
                "yes",
                "no",
                "+1",
                "thumbsup::skin-tone-9",
            ),
            *("start-motion", "view_submission", "block_actions", "message_action", "event_callback", "reaction_added"),
        )

    async def prepare(self) -> None:
        """Open motions, and gather one payload of each kind that Slack sends, as the fake makes them."""
        world = self.world
        self.poll = await world.nominate()
        await world.types(BEN, 'propose "Move the meeting" To Thursdays, as most of us asked for.')
        await world.hand(ANN).opens_home()
        await world.settle()
        for login in (ANN, BEN, STRANGER):
            await self._commands(login)
            await self._presses(login)
            await self._forms(login)
            self._events(login)
        await world.settle()
        self.seeds = deepcopy(self.seeds)
        self.book.new()
        self.watch.none()

    async def _commands(self, login: str) -> None:
        hand = self.world.hand(login)
        for text in ("yes 1", "no 1 Too early.", "object 1 Not yet.", "list", "status 1", "help", "nominate", "pings"):
            self.seeds.append(("slash_commands", hand.command(text, CHANNEL)))

    async def _presses(self, login: str) -> None:
        hand = self.world.hand(login)
        for label in self.poll.labels:
            self.seeds.append(("interactive", hand.pressed(self.poll, label)))
        home = {"type": "block_actions", **hand._about(), "container": {"type": "view", "view_id": "V1"}}
        view = {"id": "V1", "type": "home", "private_metadata": "", "state": {"values": {}}, "blocks": []}
        for action, value in (("form:ballot:0", "0"), ("home:refresh", "0"), ("press:yes:1", "1")):
            pressed = {"type": "button", "action_id": action, "value": value, "block_id": "home:1"}
            actions = [{**pressed, "action_ts": self.world.fake.space.ts()}]
            self.seeds.append(("interactive", {**home, "view": view, "actions": actions}))
        said = self.world.fake.space.say(ids()[login], CHANNEL, "We should *move* the <https://x.example|page>.")
        shortcut = {"type": "message_action", "callback_id": "start-motion", **hand._about(), "message_ts": said.ts}
        place = {"channel": {"id": CHANNEL, "name": "somewhere"}, "message": said.info(metadata=False)}
        self.seeds.append(("interactive", {**shortcut, **place, "action_ts": said.ts}))
        everywhere = {"type": "shortcut", "callback_id": "start-motion", **hand._about(), "action_ts": said.ts}
        self.seeds.append(("interactive", everywhere))
        self.seeds.append(
            ("interactive", {"type": "block_suggestion", **hand._about(), "action_id": "x", "value": "a"})
        )

    async def _forms(self, login: str) -> None:
        hand, space = self.world.hand(login), self.world.fake.space
        for label, values in (
            ("Vote, with a reason…", {"choice": "yes", "reason": "It is time."}),
            ("Object…", {"reason": "Not yet."}),
        ):
            if label not in self.poll.labels:
                continue
            await self.world.presses(login, self.poll, label)
            sent = hand.filled(values)
            self.seeds.append(("interactive", sent))
            closed = {**sent, "type": "view_closed", "is_cleared": False}
            self.seeds.append(("interactive", {name: value for name, value in closed.items() if name != "trigger_id"}))
        said = space.say(ids()[login], CHANNEL, "Let us begin.")
        await hand.starts_from(said)
        await self.world.settle()
        view = hand.form
        action = {"type": "static_select", "action_id": "kind", "selected_option": {"value": "nominate"}}
        chosen = {"type": "block_actions", **hand._about(), "container": {"type": "view", "view_id": view["id"]}}
        actions = [{**action, "block_id": "kind", "action_ts": space.ts()}]
        state = {"values": hand._state(view, {})}
        self.seeds.append(("interactive", {**chosen, "view": {**view, "state": state}, "actions": actions}))
        filled = hand.filled({"title": "Begin", "text": "At once."}, view)
        self.seeds.append(("interactive", filled))

    def _events(self, login: str) -> None:
        hand, ts = self.world.hand(login), self.world.fake.space.ts()
        for name in ("+1", "-1", "shrug", "tada"):
            for added in (True, False):
                self.seeds.append(("events_api", hand.reaction(self.poll, name, added=added)))
        self.poll.reactions.clear()
        user = ids()[login]
        for event in (
            {"type": "app_home_opened", "user": user, "channel": "D1", "tab": "home"},
            {"type": "app_home_opened", "user": user, "channel": "D1", "tab": "messages"},
            {"type": "channel_id_changed", "old_channel_id": "C0777", "new_channel_id": "C0778"},
            {"type": "channel_archive", "channel": "C0777", "user": user},
            {"type": "tokens_revoked", "tokens": {"oauth": [user], "bot": ["UBOT"]}},
            {"type": "app_uninstalled"},
            {"type": "message", "user": user, "channel": CHANNEL, "text": "yes 1", "ts": ts},
            {"type": "member_joined_channel", "user": user, "channel": CHANNEL, "team": TEAM},
        ):
            self.seeds.append(("events_api", hand.event({**event, "event_ts": ts})))

    # ------------------------------------------------------------------- sending

    def named(self, kind: Kind, payload: Any) -> PersonId | None:
        """The person whose account a payload names, by our own reading of it; None where it names none of this team."""
        found = payload
        for key in WHO[kind]:
            found = found.get(key) if isinstance(found, dict) else None
        if not isinstance(found, str) or not found.isascii() or _team(kind, payload) not in {"", TEAM}:
            return None
        return self.book.person(PlatformUser(platform="slack", team=TEAM, user=found).key)

    def fresh(self, kind: Kind, payload: dict[str, Any]) -> dict[str, Any]:
        """The same, done once more: with the ids and the instants that Slack makes for each."""
        space = self.world.fake.space
        made = deepcopy(payload)
        if "trigger_id" in made:
            made["trigger_id"] = space.trigger()
        if kind == "events_api":
            made["event_id"], made["event"]["event_ts"] = space.id("Ev"), space.ts()
        for action in made.get("actions", ()):
            action["action_ts"] = space.ts()
        return made

    async def rested(self) -> None:
        """Until everything that was sent is done with."""
        handler = self.world.slack.sockets._handler
        while handler is not None and handler.handling:
            await asyncio.wait(set(handler.handling))
        await self.world.settle()

    async def send(self, sent: Sequence[Sent]) -> None:
        """Send all of it at once, wait until it is done with, and look at what it has brought about."""
        fake = self.world.fake
        async with asyncio.timeout(BOUND):
            await asyncio.gather(*[fake.send(kind, payload, wait=bool(fake.bot_url)) for kind, payload in sent])
            await self.valid()
        people = {who for kind, payload in sent if (who := self.named(kind, payload)) is not None}
        voter = self.book.person(PlatformUser(platform="slack", team=TEAM, user=ids()[VOTER]).key)
        assert voter is not None
        new = self.book.only_by({*people, voter})
        assert sum(isinstance(event, BallotCast) and event.person == voter for _, event in new) == 1
        assert max(fake.acks.values(), default=0) <= 1, "answered more than once"
        fake.acks.clear()
        assert fake.api.problems == []
        self.watch.none()
        self.world.slack.channels.moved.clear()

    async def valid(self) -> None:
        """A real press right after it: recorded, and answered once."""
        self._turn += 1
        label, choice = ("Yes", "yes") if self._turn % 2 else ("No", "no")
        found = next(each for each in self.poll.labels if each.startswith(label))
        ack = await Hand(self.world.fake, ids()[VOTER]).presses(self.poll, found)
        assert ack is not None
        assert ack.status == 200
        await self.rested()
        assert self.world.choice(VOTER) == choice


def _team(kind: Kind, payload: Any) -> str:
    """The workspace that a payload says its sender is of; events do not say."""
    if kind == "slash_commands":
        return str(payload.get("team_id") or "")
    user = payload.get("user")
    return str(user.get("team_id") or "") if kind == "interactive" and isinstance(user, dict) else ""


@asynccontextmanager
async def town(folder: Path, watch: Watch, mode: Literal["socket", "http"] = "socket") -> AsyncIterator[Town]:
    """A bot on a real ledger, with two motions open."""
    async with world(folder, start=False) as made:
        made.ledger = SqliteLedger(folder / "folkmoot.sqlite3", clock=made.clock)
        await made.open(mode)
        ready = Town(made, watch)
        await ready.prepare()
        yield ready
