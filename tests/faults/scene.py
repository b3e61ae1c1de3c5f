"""A running bot for the tests of single faults: the real parts, on a platform that can be told to fail."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from dulwich.objects import Blob, Commit, ObjectID, Tree
from dulwich.refs import Ref
from dulwich.repo import Repo

from adapters.localgit.changes import make_commit
from adapters.playground.cardjson import decode
from adapters.playground.room import Room
from adapters.playground.store import Row
from bot.clocks import RandomIds
from bot.core.cards import Card
from bot.core.events import Event
from bot.core.motion import Motion
from bot.core.people import PlatformUser
from bot.core.plain import plain_card
from bot.ports import Delivery, Ids, Inbound, PlatformError, Pressed, Typed
from bot.wiring import Instance, build, verify
from tests.faults.script import CANDIDATE, LOGINS, MOTION, Act
from tests.faults.world import CHANNEL, World, account, members

MAIN = Ref(b"refs/heads/main")
WHO = "Somebody Else <else@example.org>"
Fail = Callable[[str, str], Exception | None]


class Flaky(Room):
    """The room, with a network before it: `fail` says by call and key (of an edit: the message) what goes wrong.

    Of the next `lose` posts the confirmation gets lost: the message stands there, and nobody knows.
    """

    fail: Fail | None = None
    lose: int = 0
    calls: int = 0

    async def post(self, *, channel: str, card: Card, key: str, thread: str = "") -> Delivery:
        self._perhaps("post", key)
        delivery = await super().post(channel=channel, card=card, key=key, thread=thread)
        if self.lose > 0:
            self.lose -= 1
            raise PlatformError("no answer")
        return delivery

    async def edit(self, *, channel: str, ref: str, card: Card) -> None:
        self._perhaps("edit", ref)
        await super().edit(channel=channel, ref=ref, card=card)

    async def direct(self, *, user: PlatformUser, card: Card, key: str) -> Delivery:
        self._perhaps("direct", key)
        return await super().direct(user=user, card=card, key=key)

    def _perhaps(self, what: str, key: str) -> None:
        self.calls += 1
        error = self.fail(what, key) if self.fail is not None else None
        if error is not None:
            raise error


@dataclass(slots=True)
class Scene:
    """One bot on one world, what its members ask, and what they see."""

    world: World
    instance: Instance
    room: Room
    ids: Ids
    _requests: itertools.count[int] = field(default_factory=itertools.count)

    @classmethod
    async def on(cls, world: World, *, ids: Ids | None = None, room: Room | None = None) -> Scene:
        """Start a bot on a world."""
        used = ids or RandomIds()
        room = room or Flaky(path=world.folder / "room.sqlite3", clock=world.clock, members=members())
        instance = await build(world.config, clock=world.clock, ids=used, room=room)
        return cls(world, instance, room, used)

    @property
    def flaky(self) -> Flaky:
        """The platform, where it can be told to fail."""
        assert isinstance(self.room, Flaky)
        return self.room

    async def again(self) -> Scene:
        """Stop it, and start another one on what it left."""
        await self.instance.close()
        return await Scene.on(self.world, ids=self.ids)

    async def ask(self, login: str, act: Act, *, request: str = "", acted_at: datetime | None = None) -> Card:
        """One request, and the private answer to it; what follows from it is not delivered yet."""
        inbound = Inbound(
            request=request or f"scene-{next(self._requests)}-{id(self)}",
            who=account(login),
            channel=CHANNEL,
            act=act,
            acted_at=acted_at or self.world.clock.now(),
        )
        return await self.instance.service.desk.ask(inbound)

    async def says(self, login: str, text: str) -> str:
        """A command, its answer in words, and what follows from it."""
        answer = plain_card(await self.ask(login, Typed(text=text)))
        await self.settle()
        return answer

    async def nominate(self, login: str = CANDIDATE, by: str = LOGINS[0]) -> None:
        answer = await self.says(by, f'nominate @{login} --months 7 --evidence "reviews" Kind and careful.')
        assert answer.startswith("✓"), answer

    async def carry(self) -> None:
        """Nominate, vote, and let the window end: carried, the candidate has not been asked yet."""
        await self.nominate()
        for login in LOGINS[:8]:
            await self.ask(login, Pressed(verb="yes", motion=MOTION))
        due = self.instance.service.alarm.close_due(self.motion())
        assert due is not None
        self.world.clock.move_to(due)
        await self.settle()
        assert self.motion().outcome == "carried"

    async def settle(self) -> None:
        await self.instance.service.settle()

    def motion(self, number: int = MOTION) -> Motion:
        motion = self.instance.service.ledger.reader().motion(number)
        assert motion is not None
        return motion

    def choice_of(self, login: str) -> str | None:
        """What a member has voted, by the ledger."""
        person = self.instance.service.ledger.reader().directory().by_login(login)
        assert person is not None
        return self.motion().choice_of(person.id)

    def events(self, number: int = MOTION) -> Sequence[Event]:
        return [recorded.event for recorded in self.instance.service.ledger.reader().events(number)]

    def cards(self) -> list[str]:
        """What stands in the channel, in words, oldest first."""
        return [plain_card(card) for card in self.room.cards()]

    def rows(self) -> list[Row]:
        """The bot's messages in the channel, deleted ones too."""
        rows = self.room.since(0, self.room.members[0])
        return sorted((row for row in rows if row.kind == "card" and not row.audience), key=lambda row: row.id)

    def mail_of(self, login: str) -> list[str]:
        """A member's direct messages from the bot."""
        member = self.room.member(login)
        assert member is not None
        rows = self.room.since(0, member)
        return [plain_card(decode(row.card)) for row in rows if row.audience == login and row.kind == "card"]

    def state(self, key: str) -> str:
        """Where an effect stands: pending, done, parked; empty if there is none."""
        row = self.instance.service.ledger.row(key)
        return row.state if row is not None else ""

    def drafts(self) -> list[Commit]:
        """The commits that draft branches stand at."""
        with Repo(str(self.world.repository)) as repo:
            found = [repo[repo.refs[ref]] for ref in repo.refs.allkeys() if ref.startswith(b"refs/heads/folkmoot/")]
            return [commit for commit in found if isinstance(commit, Commit)]

    async def close(self) -> None:
        await self.instance.close()
        problems = verify(self.world.ledger).problems
        assert problems == (), problems


def commit_file(repository: Path, name: str, text: str, *, at: datetime) -> ObjectID:
    """Put a file on the default branch, as somebody who pushes does."""
    with Repo(str(repository)) as repo:
        head = repo[repo.refs[MAIN]]
        assert isinstance(head, Commit)
        old = repo[head.tree]
        assert isinstance(old, Tree)
        tree, blob = old.copy(), Blob.from_string(text.encode())
        assert isinstance(tree, Tree)
        tree.add(name.encode(), 0o100644, blob.id)
        new = make_commit(tree=tree.id, parents=[head.id], message=f"Change {name}", who=WHO, at=at)
        for each in (blob, tree, new):
            repo.object_store.add_object(each)
        repo.refs[MAIN] = new.id
        return new.id


def file_in(repository: Path, commit: Commit, name: str) -> str:
    """A file's text in a commit."""
    with Repo(str(repository)) as repo:
        tree = repo[commit.tree]
        assert isinstance(tree, Tree)
        blob = repo[tree[name.encode()][1]]
        assert isinstance(blob, Blob)
        return blob.data.decode()
