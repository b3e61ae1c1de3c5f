"""A practice in the maintainers' channel: everybody sees a whole vote, and nothing comes of it anywhere."""

from __future__ import annotations

import re

from bot.ports import Pressed, Reacted
from bot.wiring.site import deadlines, pages_of
from tests.golden import check_golden
from tests.world import World, logins

NOTHING = "Practice: nothing follows from it."


async def test_a_practice_from_the_word_to_the_result(world: World) -> None:
    said = [await world.ask(logins()[0], "practice --minutes 30 Shall we have tea?")]
    said.append(await world.ask(logins()[1], Reacted(emoji="👍", motion=1, added=True)))
    said.append(await world.ask(logins()[2], Pressed(verb="no", motion=1)))
    said.append(await world.ask("outsider", Pressed(verb="yes", motion=1)))
    assert all(NOTHING in each for each in said)
    for login in logins()[3:-1]:
        await world.ask(login, "yes 1")
    assert world.motion().open
    said.append(await world.ask(logins()[-1], "yes 1"))
    await world.service.settle()
    await world.ask(logins()[0], "yes 1")
    await world.service.settle()
    assert world.motion().outcome == "carried", "everybody has voted, and half an hour is not over"
    said += [world.poll(), *world.notices()]
    assert all(NOTHING in each for each in said)
    check_golden("whole/practice.txt", re.sub("[0-9a-f]{16}", "HEAD", "\n\n".join(said)) + "\n")


async def test_nothing_of_it_is_anywhere_else(world: World) -> None:
    await world.ask(logins()[0], "practice --minutes 30 Shall we have tea?")
    for login in logins():
        await world.ask(login, "yes 1")
    assert world.motion().outcome == "carried"
    assert not await world.forge.drafts()
    pages, _ = pages_of(world.config, world.service.ledger, world.clock.now)
    files = [pages.render(path) for path in pages.paths()]
    assert not [file for file in files if file is not None and b"have tea" in file.data]
    assert b"have tea" not in deadlines(world.service.ledger, world.clock.now(), private=True)


async def test_it_takes_nobodys_place(world: World) -> None:
    await world.ask(logins()[0], "practice")
    assert "has not ended; there is one at a time" in await world.ask(logins()[0], "practice")
    assert "is open" in await world.ask(logins()[0], "nominate @newperson --months 7 --evidence e Kind.")
    assert "No motion was opened: only maintainers" in await world.ask("outsider", "practice")
    assert "Practice: Try out a vote" in world.poll(1)
