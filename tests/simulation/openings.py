"""How motions begin: somebody proposes a person or a text, calls for a contact, or steps down."""

from __future__ import annotations

from typing import Final

from bot.ports import Filled, Typed
from bot.service import Service
from tests.simulation.rulebooks import rulebook
from tests.simulation.town import Place
from tests.simulation.venue import Act
from tests.simulation.world import World

KINDS: Final = ("nominate",) * 6 + ("propose",) * 4 + ("resolve",) * 2 + ("contact",) * 4 + ("step-down",) * 1


class Openings:
    """Draws openings."""

    def __init__(self, world: World, service: Service) -> None:
        self.world, self.service, self.rng = world, service, world.deeds

    def open(self) -> None:
        """One request for a motion, mostly by a maintainer of the repository."""
        place = self.rng.choice(self.world.town.places)
        maintainers = [h for login in place.holders("maintainer") if (h := self.world.town.human(login)) is not None]
        human = self.rng.choice(self.world.town.people)
        if maintainers and self.rng.random() < 0.9:
            human = self.rng.choice(maintainers)
        kind = self.rng.choice(KINDS)
        if kind == "resolve" and self.rng.random() < 0.5:
            human = self.rng.choice(self.world.town.people)
        talk = self.world.talk
        if talk is not None and kind == "resolve" and self.rng.random() < 0.6:
            word, request = self.world.token("public", place.name), self.world.request("github")
            self.world.say(f"{human.login} calls for a resolution in {place.name}")
            talk.calls(human, place, word, request)
            return
        channel = self.rng.choice(place.channels)
        shared = sum(channel in other.channels for other in self.world.town.places) > 1
        act = self._act(kind, place, f" --repo {place.name}" if shared else "")
        self.world.act(human, channel.partition(":")[0], channel, act)

    def _act(self, kind: str, place: Place, repo: str) -> Act:
        match kind:
            case "nominate":
                return self._nominate(place, repo)
            case "contact":
                whom = self.rng.choice(place.holders("maintainer") or ["nobody"])
                return Typed(text=f"contact @{whom}{repo}")
            case "step-down":
                return Typed(text=f"step-down{repo} Thanks {self.world.token('note', place.name)}.")
            case "resolve":
                word, issue = self.world.token("public", place.name), self.rng.randrange(30)
                link = f"https://forge.example.org/{place.name}/{issue}"
                return Typed(text=f'resolve{repo} --title "Dispute {word}" --link {link} Keep it {word}.')
            case _:
                return self._propose(place, repo)

    def _nominate(self, place: Place, repo: str) -> Act:
        candidate, role = self._candidate(place), self.rng.choice(("maintainer", "reviewer"))
        kind = "private"
        policy = rulebook(place.rules).adding(role)
        if policy is not None and policy.visibility == "public":
            kind = "talk"
        word, months = self.world.token(kind, place.name), self.rng.randrange(12)
        if self.rng.random() < 0.3 and not repo:
            values = {
                "login": candidate,
                "role": role,
                "months": str(months),
                "evidence": f"{word} reviews",
                "text": word,
            }
            return Filled(verb="nominate", motion=0, values=values)
        text = f'nominate @{candidate}{repo} --role {role} --months {months} --evidence "{word} reviews" Kind {word}.'
        return Typed(text=text)

    def _candidate(self, place: Place) -> str:
        if self.rng.random() < 0.3:
            return self.rng.choice(self.world.town.reserve)
        pool = place.holders("reviewer") if self.rng.random() < 0.3 else []
        return self.rng.choice(pool or [human.login for human in self.world.town.people if not human.guest])

    def _propose(self, place: Place, repo: str) -> Act:
        policies = [policy for policy in rulebook(place.rules).motions if policy.kind == "generic"]
        if not policies:
            return Typed(text=f"propose{repo} --title x Nothing to propose.")
        policy = self.rng.choice(policies)
        kind = "public" if policy.visibility == "public" or policy.enactment == "record" else "private"
        word = self.world.token(kind, place.name)
        return Typed(text=f'propose{repo} --policy {policy.motion} --title "Idea {word}" Let us do {word}.')
