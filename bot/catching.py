"""Catching up with reactions after an outage: platforms say which ones stand on a poll, but not since when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.clerk import Clerk
from bot.core.answers import Answer, Refused
from bot.core.commands import Choice, NoteReactions
from bot.core.people import PersonId, PlatformUser
from bot.core.reactions import choice_of
from bot.linking import acting
from bot.ports import Clock, Desk, Inbound, Ledger, LivePoll, Reacted, Standing, sighting_of

UNCLEAR = Refused(code="reactions-unclear")


class Catching:
    """Takes in what stands on a poll and was not seen before: a member's new reactions, if they say one thing."""

    def __init__(self, *, desk: Desk, clerk: Clerk, ledger: Ledger, clock: Clock) -> None:
        self._desk, self._clerk, self._ledger, self._clock = desk, clerk, ledger, clock

    async def take_in(
        self, poll: LivePoll, found: Sequence[Standing]
    ) -> Sequence[tuple[PlatformUser, Answer | Inbound]]:
        """What to tell whom: an answer to give, or a request to put to the desk. Who is linked nowhere is left out."""
        directory = self._ledger.reader().directory()
        late: list[PersonId] = []
        asked: list[tuple[PlatformUser, Answer | Inbound]] = []
        for who, names in _by_member(poll, found).items():
            person = acting(directory, who.key, self._clock.now())
            if person is None:
                continue
            new = {name: names[name] for name in await self._clerk.unseen(tuple(names))}
            if len(set(new.values())) > 1:
                answer = Answer(ok=False, code=UNCLEAR.code, params={"motion": poll.motion})
                await self._clerk.remember(tuple(new), answer, motion=poll.motion)
                asked.append((who, answer))
            elif new:
                asked.append((who, self._request(poll, who, next(iter(new)))))
            if new and self._changes(poll, person.id, set(new.values())):
                late.append(person.id)
        if late:
            await self._clerk.tell(poll.motion, NoteReactions(people=tuple(late)))
        return asked

    def _changes(self, poll: LivePoll, person: PersonId, choices: set[Choice]) -> bool:
        """Whether these would have been another ballot than the one that stands."""
        motion = self._ledger.reader().motion(poll.motion)
        return motion is not None and choices != {motion.choice_of(person)}

    def _request(self, poll: LivePoll, who: PlatformUser, name: str) -> Inbound:
        act = Reacted(emoji=name.rpartition(":")[2], motion=poll.motion, added=True)
        return Inbound(request=name, who=who, channel=poll.channel, act=act, acted_at=self._clock.now(), sighting=name)


def _by_member(poll: LivePoll, found: Sequence[Standing]) -> Mapping[PlatformUser, Mapping[str, Choice]]:
    """Each member's reactions that mean a choice, by the name that they are remembered by."""
    members: dict[PlatformUser, dict[str, Choice]] = {}
    for standing in found:
        choice = choice_of(standing.emoji)
        if choice is not None:
            members.setdefault(standing.who, {})[sighting_of(poll, standing)] = choice
    return members
