"""The world outside the process, as a folder that survives every kill: ledger file, room file, repository."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from adapters.localgit.sample import MAINTAINERS, REVIEWERS
from adapters.playground.room import NAME, TEAM, Member, Room
from bot.clocks import ManualClock
from bot.config import Config, General, PersonTable, PlaygroundTable, RepositoryTable
from bot.core.people import PersonId, PlatformUser
from bot.ports import Point, no_point
from bot.wiring import create_sample
from tests.faults.script import CANDIDATE, OUTSIDER, START

CHANNEL: Final = "playground:maintainers"
REPOSITORY: Final = "lantern"
NEWCOMERS: Final = (CANDIDATE, OUTSIDER)
_SHM: Final = Path("/dev/shm")
_ROOM_FOR_IMAGES: Final = 2 << 30
_NOT_COPIED: Final = shutil.ignore_patterns("*.lock", "*-shm")


def members() -> tuple[Member, ...]:
    """Everyone of the sample's roster, and two who are in none."""
    people = [(login, name, "maintainer") for login, name in MAINTAINERS]
    people += [(login, name, "reviewer") for login, name in REVIEWERS]
    roster = [
        Member(login=login, name=name, role=role, kind="maintainer" if role == "maintainer" else "reviewer")
        for login, name, role in people
    ]
    return (*roster, *(Member(login=n, name=n, role="not in the roster", kind="outsider") for n in NEWCOMERS))


def account(login: str) -> PlatformUser:
    """A member's account on the platform."""
    return PlatformUser(platform=NAME, team=TEAM, user=login)


@dataclass(slots=True)
class Position:
    """How far the members have come: the step, and whether its request was acknowledged already."""

    step: int = 0
    answered: bool = False


@dataclass(slots=True)
class World:
    """One world: its folder, its time, what its members have done and what was acknowledged to them."""

    folder: Path
    clock: ManualClock = field(default_factory=lambda: ManualClock(START))
    position: Position = field(default_factory=Position)
    acknowledged: list[str] = field(default_factory=list)
    kills: list[str] = field(default_factory=list)

    @classmethod
    def new(cls, parent: Path | None = None) -> World:
        """A world with nothing in it but the sample repository; in memory where the machine can."""
        world = cls(scratch(parent))
        create_sample(world.repository, at=START)
        return world

    def copy(self, parent: Path | None = None) -> World:
        """The world as a kill at this very moment would leave it: locks and shared memory go with the process."""
        folder = scratch(parent)
        shutil.copytree(self.folder, folder, dirs_exist_ok=True, ignore=_NOT_COPIED)
        position = Position(self.position.step, self.position.answered)
        return World(folder, ManualClock(self.clock.now()), position, list(self.acknowledged), list(self.kills))

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def repository(self) -> Path:
        return self.folder / "sample.git"

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger.sqlite3"

    @property
    def config(self) -> Config:
        table = RepositoryTable(name=REPOSITORY, forge="localgit", path=self.repository.name, channels=(CHANNEL,))
        return Config(
            folkmoot=General(ledger=self.ledger.name),
            repository=(table,),
            person=tuple(PersonTable(login=login) for login in NEWCOMERS),
            playground=PlaygroundTable(enabled=True),
            here=self.folder,
        )

    def room(self, point: Point = no_point) -> Room:
        """The chat platform: it is outside of the process, so it outlives every kill."""
        return Room(path=self.folder / "room.sqlite3", clock=self.clock, members=members(), point=point)


def scratch(parent: Path | None = None) -> Path:
    """A new folder, on a file system in memory where there is a large one: only then is syncing free."""
    roomy = _SHM.is_dir() and shutil.disk_usage(_SHM).free > _ROOM_FOR_IMAGES
    base = parent or (_SHM if roomy else None)
    return Path(tempfile.mkdtemp(prefix="folkmoot-faults-", dir=base))


class LedgerIds:
    """Ids that are the same in every life that begins with the same ledger, so that worlds can be compared."""

    def __init__(self, ledger: Path) -> None:
        self._person = self._salt = 0
        if ledger.exists():
            conn = sqlite3.connect(ledger)
            try:
                self._person = int(conn.execute("SELECT count(*) FROM people").fetchone()[0])
            except sqlite3.OperationalError:
                self._person = 0
            finally:
                conn.close()

    def person(self) -> PersonId:
        self._person += 1
        return PersonId(f"p{self._person:016x}")

    def salt(self) -> str:
        self._salt += 1
        return hashlib.sha256(f"{self._person}:{self._salt}".encode()).hexdigest()[:32]
