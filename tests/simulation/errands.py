"""What a motion waits for, and who may do it: so that motions get to their ends."""

from __future__ import annotations

from typing import Protocol

from bot.core.motion import Motion
from bot.core.people import PersonId
from bot.ports import Filled, Pressed, Typed
from tests.simulation.town import Human, Place
from tests.simulation.venue import Act
from tests.simulation.world import World

Step = tuple[Motion, Human, Act]


class Crowd(Protocol):
    """What errands need of the deeds."""

    world: World

    def human(self, person: PersonId | None) -> Human | None: ...

    def place(self, motion: Motion) -> Place: ...


def next_step(crowd: Crowd, motion: Motion) -> Step | None:
    """The next thing to be done for a motion, or None where there is nothing but to wait or to vote."""
    if not motion.proposed:
        return _contact(crowd, motion)
    if motion.draft is not None and motion.effective is None and motion.outcome in {None, "carried", "lost"}:
        _merge(crowd, motion)
        return None
    if motion.policy.kind == "step-down" and motion.open:
        return _leaving(crowd, motion)
    if motion.open:
        verb = "second" if motion.stage == "seconding" or motion.asked is not None else ""
        return _by_any(crowd, motion, Pressed(verb=verb, motion=motion.number)) if verb else None
    if motion.needs_acknowledgement:
        return _by_any(crowd, motion, Pressed(verb="acknowledge", motion=motion.number))
    if motion.policy.kind == "add" and motion.outcome == "carried":
        return _inviting(crowd, motion)
    return None


def _by_any(crowd: Crowd, motion: Motion, act: Act) -> Step | None:
    found = [h for login in crowd.place(motion).holders("maintainer") if (h := crowd.world.town.human(login))]
    return (motion, crowd.world.deeds.choice(found), act) if found else None


def _by(crowd: Crowd, motion: Motion, person: PersonId | None, act: Act) -> Step | None:
    human = crowd.human(person)
    return (motion, human, act) if human is not None else None


def _contact(crowd: Crowd, motion: Motion) -> Step | None:
    number, rng = motion.number, crowd.world.deeds
    if motion.contact is None:
        return _by_any(crowd, motion, Typed(text=f"contact-take {number}"))
    if motion.contact_answer is None or (motion.contact_answer.answer == "no-answer" and rng.random() < 0.2):
        answers = ("cannot", "cannot", "cannot", "no-answer", "no-answer", "stays", "steps-down")
        return _by(crowd, motion, motion.contact, Typed(text=f"contact-{rng.choice(answers)} {number}"))
    return _by_any(crowd, motion, Typed(text=f"remove {number}"))


def _leaving(crowd: Crowd, motion: Motion) -> Step | None:
    number, world = motion.number, crowd.world
    if motion.confirmed is None and world.deeds.random() < 0.5:
        return _by(crowd, motion, motion.subject, Pressed(verb="confirm", motion=number))
    word = world.token("note", motion.opened.repository)
    return _by(crowd, motion, motion.subject, Typed(text=f"hand-over {number} The drivers {word}."))


def _inviting(crowd: Crowd, motion: Motion) -> Step | None:
    number, rng = motion.number, crowd.world.deeds
    if motion.opened.link is not None or motion.answered is not None:
        return None
    if motion.inviter is None:
        return _by_any(crowd, motion, Pressed(verb="invite", motion=number))
    if rng.random() < 0.15:
        return _by(crowd, motion, motion.inviter, Typed(text=f"declined {number}"))
    values = {"name": "New Person", "email": "new@example.org"} if rng.random() < 0.8 else {}
    return _by(crowd, motion, motion.inviter, Filled(verb="accepted", motion=number, values=values))


def _merge(crowd: Crowd, motion: Motion) -> None:
    """A person merges the draft, unless the file has changed since: then they leave it for a while."""
    draft, place, world = motion.draft, crowd.place(motion), crowd.world
    if draft is None or place.broken or world.deeds.random() < 0.4:
        return
    lost = motion.outcome != "carried" and motion.policy.kind == "remove"
    page = next((page for page in place.yard.pages() if page.branch == draft.branch), None)
    head, branch = place.yard.head("main"), place.yard.head(draft.branch)
    if lost or page is None or head is None or branch is None:
        return
    before, now = _file(place, draft.base, page.path), _file(place, head, page.path)
    if before != now:
        return
    world.say(f"{draft.branch} is merged")
    world.counts["merges"] += 1
    place.merge(draft.branch, page.path)


def _file(place: Place, commit: str, path: str) -> bytes:
    try:
        return place.yard.file(commit, path)
    except KeyError:
        return b""
