"""What happens to a world besides its members' requests: crashes, outages, clocks, rosters, links, deleted polls."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final, Literal

from bot.core.cards import Poll
from tests.simulation.town import HEADINGS, LINKS, Place, row_of
from tests.simulation.world import World

OFFSETS: Final = (
    timedelta(minutes=5),
    timedelta(minutes=-5),
    timedelta(hours=1),
    timedelta(hours=-1),
    timedelta(days=1),
    timedelta(days=-1),
    timedelta(days=-400),
)


Turn = Literal["ask", "drain", "settle"]
"""What runs in a step besides the members' requests: nothing, the outbox, or the alarm's sweep too."""


class Chaos:
    """Plans everything at the start, and decides about life and death. `over` once the calm has begun."""

    def __init__(self, world: World, days: int) -> None:
        self.world, self.days, self.over = world, days, False
        self.rng: Random = world.chaos
        self._mean = self.rng.choice((200, 800, 800, 4000))
        self._restarts = self.rng.choice((0.0, 0.002, 0.01))

    def plan(self) -> None:
        """Spread what is going to happen over the days."""
        for name in self.world.venues:
            for _ in range(self.rng.choice((0, 1, 2, 4))):
                self._at(lambda name=name: self._outage(name))
        for _ in range(self.rng.choice((0, 0, 2))):
            self._at(self._forge)
        for _ in range(self.rng.choice((0, 1, 3, 9))):
            self._at(self._clock)
        for place in self.world.town.places:
            for _ in range(self.rng.choice((0, 3, 8))):
                self._at(lambda place=place: self._roster(place))
        for _ in range(self.rng.randrange(8)):
            self._at(self._links)
        for _ in range(self.rng.randrange(6)):
            self._at(self._poll)
        for _ in range(self.rng.randrange(4)):
            self._at(self._account)

    def lifetime(self) -> int:
        """After how many points the bot dies."""
        return 1 + int(self.rng.expovariate(1 / self._mean))

    def downtime(self) -> timedelta:
        """How long the bot is gone."""
        seconds = self.rng.choice((2, 2, 5, 30, 300, 3600, 4 * 3600, 20 * 3600, 60 * 3600))
        return timedelta(seconds=seconds * (0.5 + self.rng.random()))

    def restart_now(self) -> bool:
        return not self.over and self.rng.random() < self._restarts

    def turn(self, due: datetime | None) -> Turn:
        """What the bot gets to do now."""
        dice = self.rng.random()
        if self.over or (due is not None and due <= self.world.clock.now()):
            return "settle" if self.over or dice < 0.9 else "ask"
        return "ask" if dice < 0.15 else "drain" if dice < 0.65 else "settle"

    async def calm(self) -> None:
        """The end of all trouble."""
        self.over = True
        self.world.say("calm")
        if self.world.offset:
            self.world.jump(timedelta())
        for place in self.world.town.places:
            self._mend(place)
        self.world.weathers["forge"].calm()
        for venue in self.world.venues.values():
            await venue.change("fine")

    def _at(self, what: Any) -> None:
        self.world.later(timedelta(days=self.days) * self.rng.random(), what)

    # ------------------------------------------------------------------- what happens

    def _outage(self, name: str) -> Coroutine[Any, Any, None] | None:
        venue = self.world.venues[name]
        if self.over or self.world.weathers[name].down:
            return None
        seconds = self.rng.choice((120, 3600, 6 * 3600, 48 * 3600)) * (0.5 + self.rng.random())
        self.world.say(f"{name} is down for {int(seconds)} s")
        self.world.counts["outages"] += 1
        self.world.later(timedelta(seconds=seconds), lambda: venue.change("up"))
        return venue.change("down")

    def _forge(self) -> None:
        """The forge cannot be reached for a while."""
        weather = self.world.weathers["forge"]
        if self.over or weather.down:
            return
        weather.down = True
        self.world.say("the forge is down")
        self.world.counts["outages"] += 1
        seconds = self.rng.choice((600, 7200, 30 * 3600)) * (0.5 + self.rng.random())
        self.world.later(timedelta(seconds=seconds), lambda: setattr(weather, "down", False))

    def _clock(self) -> None:
        if self.over or self.world.offset:
            return
        offset = self.rng.choice(OFFSETS)
        self.world.say(f"the clock is wrong by {offset}")
        self.world.jump(offset)
        self.world.later(timedelta(hours=0.2 + 6 * self.rng.random()), self._right)

    def _right(self) -> None:
        if self.world.offset:
            self.world.say("the clock is right")
            self.world.jump(timedelta())

    def _roster(self, place: Place) -> None:
        """Somebody joins or leaves by a merge that the bot has no part in, or breaks the file for a while."""
        if self.over or place.broken:
            return
        text, dice = place.text(), self.rng.random()
        self.world.counts["roster edits"] += 1
        if dice < 0.12:
            place.broken = True
            place.write(text.replace('","', '" "', 1))
            self.world.say(f"{place.name}: the file is broken")
            self.world.later(timedelta(hours=30 * self.rng.random()), lambda: self._mend(place))
        elif dice < 0.5:
            self._leave(place, text)
        else:
            self._join(place, text)

    def _leave(self, place: Place, text: str) -> None:
        role = self.rng.choice(("maintainer", "maintainer", "reviewer"))
        found = place.holders(role)
        if len(found) < 3:
            return
        gone = self.rng.choice(found)
        self.world.say(f"{place.name}: {gone} leaves")
        place.write("\n".join(line for line in text.split("\n") if not line.startswith(f'"{gone}",')))

    def _join(self, place: Place, text: str) -> None:
        role = self.rng.choice(("maintainer", "reviewer"))
        known = {login.casefold() for each in HEADINGS for login in place.holders(each)}
        new = self.rng.choice([h.login for h in self.world.town.people if not h.guest] + self.world.town.reserve)
        if new.casefold() in known:
            return
        self.world.say(f"{place.name}: {new} joins as {role}")
        written = new.upper() if self.rng.random() < 0.1 else new
        place.write(text.replace(HEADINGS[role], f"{HEADINGS[role]}\n{row_of(written)}", 1))

    def _mend(self, place: Place) -> None:
        if place.broken:
            place.broken = False
            place.write(place.text().replace('" "', '","', 1))
            self.world.say(f"{place.name}: the file is mended")

    def _links(self) -> None:
        """The link map changes: somebody's accounts are taken out or put in, or two claim the same one."""
        town = self.world.town
        mapped = [index for index, human in enumerate(town.people) if human.by_map and human.linked]
        if self.over or len(mapped) < 2:
            return
        self.world.counts["link edits"] += 1
        index = self.rng.choice(mapped)
        human = town.people[index]
        if self.rng.random() < 0.2:
            text = f"{town.link_map()}\n[[person]\nlogin = 5\n"
        elif "slack" in human.linked and self.rng.random() < 0.3:
            other = town.people[self.rng.choice(mapped)]
            claim = f'slack = "T100/{human.accounts["slack"].user}"'
            text = f'{town.link_map()}\n[[person]]\nlogin = "{other.login}"\n{claim}\n'
        else:
            town.people[index] = replace(human, linked=frozenset({"slack", "discord"} - human.linked))
            text = town.link_map()
        self.world.say(f"the link map changes for {human.login}")
        town.places[0].commit({LINKS: text.encode()})

    def _poll(self) -> None:
        """An administrator deletes a poll."""
        venue = self.world.venues[self.rng.choice(sorted(self.world.venues))]
        polls = [message for message in venue.messages() if isinstance(message.card, Poll) and not message.gone]
        if polls and not self.over:
            gone = self.rng.choice(polls[-4:])
            self.world.say(f"{venue.name}: the poll {gone.ref} is deleted")
            self.world.counts["polls deleted"] += 1
            venue.delete(gone)

    def _account(self) -> None:
        """Somebody's account is closed."""
        human = self.rng.choice(self.world.town.people)
        name = self.rng.choice(sorted(self.world.venues))
        self.world.venues[name].leave(human.accounts[name].key)
        self.world.say(f"{name}: the account of {human.login} is closed")
