"""What members do: drawn by weights, by people who mostly know what they are doing, from any of their venues."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.core.motion import Motion
from bot.core.people import PersonId
from bot.ports import Filled, Pressed, Reacted, Typed
from bot.service import Service
from tests.simulation.chat import polls_of
from tests.simulation.errands import next_step
from tests.simulation.openings import Openings
from tests.simulation.town import Human, Place
from tests.simulation.venue import Act, Message
from tests.simulation.world import World

CHOICES: Final = ("yes",) * 7 + ("no",) * 2 + ("abstain",) * 2
EMOJIS: Final = {
    "slack": {"yes": "+1", "no": "-1", "abstain": "shrug"},
    "discord": {"yes": "👍🏽", "no": "❌", "abstain": "🤷‍♀️"},
    "playground": {"yes": "👍", "no": "👎", "abstain": "⚪"},
}
GARBAGE: Final = (
    "",
    "yes",
    "yes 999999",
    "yes 1 --frobnicate",
    "nominate",
    "nominate @nobody --months many --evidence x y",
    "nominate @../etc --months 5 --evidence x y",
    "propose --title x --policy nonsense y",
    "resolve --title x --link nowhere y",
    "extend 1 --by 9999999d no",
    "void 1",
    "record 1 --voter @nobody --choice maybe --link https://x.example.org",
    "hand-over 1 nothing",
    "pings --hours 25-3",
    "\u202eyes 1",
    "yes 1 " + "x" * 600,
)
QUERIES: Final = ("mine", "list", "status {}", "why @user001", "whoami", "help", "help yes", "status", "pings")


class Deeds:
    """Draws one thing after the other. It knows all that the ledger knows, as the members together do."""

    def __init__(self, world: World, service: Service) -> None:
        self.world, self.service, self.rng = world, service, world.deeds
        self.openings = Openings(world, service)
        self.next_at = world.true

    def do(self) -> None:
        """One deed, sometimes a whole crowd; then a pause, longer at night and on week-ends."""
        dice = self.rng.random()
        motions = self._motions()
        if dice < 0.09 or (not motions and dice < 0.5):
            self.openings.open()
        elif dice < 0.13 or not motions:
            self._idle_talk(motions)
        elif dice < 0.33:
            self._errand(motions)
        elif dice < 0.37:
            for _ in range(self.rng.randrange(4, 14)):
                self._vote(motions)
        else:
            self._vote(motions) if self.rng.random() < 0.72 else self._other(motions)
        true = self.world.true
        slow = 3.0 if true.weekday() > 4 or not 7 <= true.hour < 21 else 1.0
        pause = timedelta(minutes=slow * self.rng.expovariate(1 / 35))
        self.next_at = true + pause
        self.world.later(pause, lambda: None)

    def _motions(self) -> Sequence[Motion]:
        reader = self.service.ledger.reader()
        found = [reader.motion(entry.number) for entry in reader.entries(unfinished=True)]
        return [motion for motion in found if motion is not None]

    # ------------------------------------------------------------------- who and where

    def someone(self, motion: Motion) -> Human | None:
        """Mostly somebody who may vote, and has not yet; sometimes anybody."""
        people, dice = self.world.town.people, self.rng.random()
        if dice < 0.1:
            return self.rng.choice(people)
        waiting = motion.not_voted()
        pool = waiting if dice < 0.75 and waiting else tuple(sorted(motion.members))
        return self.human(self.rng.choice(pool)) if pool else None

    def human(self, person: PersonId | None) -> Human | None:
        known = self.service.ledger.reader().directory().person(person) if person is not None else None
        return self.world.town.human(known.login) if known is not None else None

    def place(self, motion: Motion) -> Place:
        return next(place for place in self.world.town.places if place.name == motion.opened.repository)

    def where(self, motion: Motion) -> tuple[str, str]:
        """A venue and a channel of the motion's there; sometimes in direct messages, or in the wrong place."""
        place, dice = self.place(motion), self.rng.random()
        if dice < 0.08:
            return self.rng.choice(sorted(self.world.venues)), ""
        if dice < 0.1:
            place = self.rng.choice(self.world.town.places)
        channel = self.rng.choice(place.channels)
        return channel.partition(":")[0], channel

    # ------------------------------------------------------------------- votes

    def _vote(self, motions: Sequence[Motion]) -> None:
        votable = [motion for motion in motions if motion.open and motion.proposed]
        motion = self.rng.choice(votable or motions)
        human = self.someone(motion)
        if human is None or self._on_its_page(human, motion):
            return
        venue, channel = self.where(motion)
        choice, number = self.rng.choice(CHOICES), motion.number
        way = self.rng.random()
        messages = polls_of(self.world.venues[venue].messages(), number)
        here = [message for message in messages if message.place == channel]
        if way < 0.3 and here:
            self._react(human, venue, here[-1], choice)
            return
        act: Act = Pressed(verb=choice, motion=number, key=here[-1].key if here and way > 0.6 else "")
        if way < 0.55:
            reason = f" {self._reason(motion)}" if self.rng.random() < 0.3 else ""
            act = Typed(text=f"{choice} {number}{reason}")
        elif way < 0.62:
            act = Filled(verb=choice, motion=number, values={"reason": self._reason(motion)})
        self.world.act(human, venue, channel, act)

    def _on_its_page(self, human: Human, motion: Motion) -> bool:
        """Vote where the motion has a page on the forge, sometimes."""
        talk = self.world.talk
        if talk is None or not talk.page_of(motion) or self.rng.random() < 0.5:
            return False
        choice, dice = self.rng.choice(CHOICES), self.rng.random()
        if dice < 0.05:
            talk.deletes(human, motion)
            return True
        request = self.world.request("github")
        self.world.say(f"{human.login} on the page of motion {motion.number}: {choice}")
        if dice < 0.25:
            talk.reacts(human, motion, choice, request)
            return True
        reason = f" {self._reason(motion)}" if dice < 0.5 else ""
        talk.writes(human, motion, f"{choice} {motion.number}{reason}", request)
        return True

    def _react(self, human: Human, venue: str, message: Message, choice: str) -> None:
        emoji = EMOJIS[venue][choice] if self.rng.random() < 0.95 else "tada"
        act = Reacted(emoji=emoji, motion=0, added=self.rng.random() < 0.85)
        if not act.added:
            mine = [emoji for who, emoji in message.reactions if who == human.accounts[venue].key]
            act = Reacted(emoji=mine[0], motion=0, added=False) if mine else Reacted(emoji=emoji, motion=0, added=True)
        sent = self.world.act(human, venue, message.place, act, message=message)
        self.world.venues[venue].react(message, sent, added=act.added)

    def _reason(self, motion: Motion) -> str:
        return f"Because {self.world.token('reason', motion.opened.repository)}."

    # ------------------------------------------------------------------- everything else

    def _other(self, motions: Sequence[Motion]) -> None:
        motion = self.rng.choice(motions)
        human = self.someone(motion)
        if human is None:
            return
        number, place = motion.number, motion.opened.repository
        word = self.world.token("talk" if motion.proposed else "reason", place)
        other = self.rng.choice(self.world.town.people).login
        texts = {
            f"retract {number}": 6,
            f"object {number} Objection {word}.": 5,
            f"lift {number}": 3,
            f"second {number}": 6,
            f"withdraw {number} Withdrawn {word}.": 1,
            f"correct {number} Corrected {word}.": 2,
            f"extend {number} --by {self.rng.choice(('1bd', '2d', '12h'))} Longer {word}.": 2,
            f"void {number} Void {word}.": 1,
            f"snooze {number}": 3,
            f"mute {number}": 2,
            "pings-off": 1,
            "pings-on": 1,
            f"pings --hours 8-12 --zone {self.rng.choice(('Europe/Berlin', 'Asia/Tokyo'))}": 1,
            f"record {number} --voter @{other} --choice yes --link https://lists.example.org/{number}": 1,
            f"record {number} --voter @{self._elector(motion)} --choice no --link https://l.example.org/{number}": 3,
            f"rerun {number}": 1,
        }
        text = self.rng.choices(list(texts), list(texts.values()))[0]
        venue, channel = self.where(motion)
        self.world.act(human, venue, channel, Typed(text=text))

    def _elector(self, motion: Motion) -> str:
        human = self.human(self.rng.choice(sorted(motion.members))) if motion.members else None
        return human.login if human is not None else "nobody"

    def _errand(self, motions: Sequence[Motion]) -> None:
        """Somebody does what a motion waits for."""
        step = None
        for _ in range(6):
            step = step or next_step(self, self.rng.choice(motions))
        if step is None:
            return
        motion, human, act = step
        venue, channel = self.where(motion)
        if not motion.proposed and self.rng.random() < 0.7:
            channel = ""
        self.world.act(human, venue, channel, act)

    def _idle_talk(self, motions: Sequence[Motion]) -> None:
        """Questions, and words that nobody can understand."""
        human = self.rng.choice(self.world.town.people)
        place = self.rng.choice(self.world.town.places)
        channel = self.rng.choice((*place.channels, ""))
        venue = channel.partition(":")[0] or self.rng.choice(sorted(self.world.venues))
        number = self.rng.choice(motions).number if motions else 1
        text = self.rng.choice(GARBAGE) if self.rng.random() < 0.4 else self.rng.choice(QUERIES).format(number)
        self.world.act(human, venue, channel, Typed(text=text))
