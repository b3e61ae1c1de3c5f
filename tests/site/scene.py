"""A year of a project's governance, public and private, and readers of what leaves its channel."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from bot.clocks import ManualClock
from bot.config import Config, SiteTable
from bot.ports import Pressed
from storage.sqlite import SqliteLedger
from tests.world import START, World, logins

SECRETS = ("lostone", "shyone", "pendingone", "Not careful enough", "too busy for this")
"""Who and what must never leave the channel: candidacies that are lost, withdrawn or open, and reasons."""
AWAY = logins()[9]
"""A maintainer whom somebody neutral contacts; nobody outside may know."""
LEAVER = logins()[8]
RESOLVE = 'resolve --title "{}" --link https://example.org/i/{} {}'


async def nominated(world: World, login: str) -> int:
    return (await world.nominate(f'nominate @{login} --months 7 --evidence "41 reviews" Kind and thorough.')).number


async def votes(world: World, number: int, *, yes: int, no: int = 0) -> None:
    for index, login in enumerate(logins()[: yes + no]):
        await world.ask(login, f"{'yes' if index < yes else 'no'} {number}", settle=False)
    await world.service.settle()


async def accepted(world: World, login: str, *, merge: bool = True) -> int:
    """A candidacy that carries, is accepted and, if wished, merged."""
    number = await nominated(world, login)
    await votes(world, number, yes=9, no=1)
    await world.end(number)
    await world.ask(logins()[1], Pressed(verb="invite", motion=number))
    await world.ask(logins()[1], f'accepted {number} --name "New Person" --email new@example.org')
    if merge:
        (draft,) = [d for d in await world.forge.drafts() if d.state == "open"]
        await world.forge.merge(draft.branch, at=world.clock.now())
        await world.service.settle()
    return number


async def resolved(world: World, title: str, issue: int, text: str, *, yes: int, no: int = 0) -> int:
    await world.ask("outsider", RESOLVE.format(title, issue, text))
    number = max(entry.number for entry in world.service.ledger.reader().entries())
    await votes(world, number, yes=yes, no=no)
    return number


async def governed(folder: Path, *, on_disk: bool = False) -> World:
    """Motions of every kind and end, 1 to 9."""
    ledger = SqliteLedger(folder / "folkmoot.sqlite3", clock=ManualClock(START)) if on_disk else None
    world = await World.make(folder, ledger=ledger)
    await accepted(world, "newperson")  # 1
    await lost(world, "lostone")  # 2
    shy = await nominated(world, "shyone")  # 3
    await world.ask(logins()[0], f"withdraw {shy} They are too busy for this, they say.")
    await ahead(world, days=80)
    number = await resolved(world, "Keep the v2 API", 7, "The v2 API stays until release 5.", yes=9, no=2)  # 4
    await world.end(number)
    await ahead(world, days=60)
    number = await resolved(world, "Drop <b>Windows</b> & BSD", 8, "We stop <script>alert(1)</script> there.", yes=3)
    await world.end(number)  # 5
    await world.ask(logins()[1], f"contact @{AWAY}")  # 6
    await world.ask(LEAVER, "step-down A new job, less time.")  # 7
    await world.ask(LEAVER, "confirm 7")
    await nominated(world, "pendingone")  # 8
    await resolved(world, "Sign every release", 9, "From the next one on.", yes=4)  # 9
    return world


async def lost(world: World, login: str) -> int:
    number = await nominated(world, login)
    await votes(world, number, yes=2)
    await world.ask(logins()[4], f"no {number} Not careful enough with reviews.")
    await world.end(number)
    return number


async def ahead(world: World, *, days: int) -> datetime:
    await world.go_to(world.clock.now() + timedelta(days=days))
    return world.clock.now()


def with_site(config: Config, **site: str) -> Config:
    """The same configuration with these settings under `[site]`."""
    return config.model_copy(update={"site": SiteTable(**site)})
