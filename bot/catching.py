"""Catching up with reactions after an outage: platforms say which ones stand on a poll, but not since when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.clerk import Clerk
from bot.core.answers import Answer, Refused
from bot.core.commands import Choice, NoteReactions
from bot.core.people import PersonId, PlatformUser
from bot.core.reactions import choice_of
from bot.linking import acting
from bot.ports import Clock, Desk, Inbound, Ledger, LivePoll, Reacted, Standing, sighting_of

UNCLEAR = Refused(code="reactions-unclear")
OVERTAKEN = Refused(code="reaction-overtaken")


class Catching:
    """Takes in what stands on a poll and was not seen before: a member's new reactions, if they say one thing.

    What is new has come after the last look at the poll, or after the start. A ballot that was cast since then may be
    the later word, and is never replaced by it (R15).
    """

    def __init__(self, *, desk: Desk, clerk: Clerk, ledger: Ledger, clock: Clock) -> None:
        self._desk, self._clerk, self._ledger, self._clock = desk, clerk, ledger, clock
        self._start = clock.now()
        self._looked: dict[tuple[str, str], datetime] = {}

    async def take_in(
        self, poll: LivePoll, found: Sequence[Standing]
    ) -> Sequence[tuple[PlatformUser, Answer | Inbound]]:
        """What to tell whom: an answer to give, or a request to put to the desk. Who is linked nowhere is left out."""
        directory = self._ledger.reader().directory()
        since = self._looked.get((poll.channel, poll.ref), self._start)
        self._looked[poll.channel, poll.ref] = self._clock.now()
        late: list[PersonId] = []
        asked: list[tuple[PlatformUser, Answer | Inbound]] = []
        for who, standing in _by_member(poll, found).items():
            person = acting(directory, who.key, self._clock.now())
            if person is None:
                continue
            new = {name: standing[name] for name in await self._clerk.unseen(tuple(standing))}
            choices = {choice for _, choice in new.values()}
            unclear = UNCLEAR if len(choices) > 1 else None
            if new and self._overtaken(poll, person.id, choices, since):
                unclear = OVERTAKEN
            if unclear is not None:
                answer = Answer(ok=False, code=unclear.code, params={"motion": poll.motion})
                await self._clerk.remember(tuple(new), answer, motion=poll.motion)
                asked.append((who, answer))
            elif new:
                name, (emoji, _) = next(iter(new.items()))
                asked.append((who, self._request(poll, who, emoji, name)))
            if new and self._changes(poll, person.id, choices):
                late.append(person.id)
        if late:
            await self._clerk.tell(poll.motion, NoteReactions(people=tuple(late)))
        return asked

    def _overtaken(self, poll: LivePoll, person: PersonId, choices: set[Choice], since: datetime) -> bool:
        """Whether they have said something else by their own hand, perhaps after these, and in time."""
        motion = self._ledger.reader().motion(poll.motion)
        ballot = motion.ballots.get(person) if motion is not None else None
        ended = poll.closes_at is not None and self._clock.now() >= poll.closes_at
        if ballot is None or ended or ballot.entered_by is not None:
            return False
        return ballot.acted_at > since and choices != {ballot.choice}

    def _changes(self, poll: LivePoll, person: PersonId, choices: set[Choice]) -> bool:
        """Whether these would have been another ballot than the one that stands."""
        motion = self._ledger.reader().motion(poll.motion)
        return motion is not None and choices != {motion.choice_of(person)}

    def _request(self, poll: LivePoll, who: PlatformUser, emoji: str, name: str) -> Inbound:
        act = Reacted(emoji=emoji, motion=poll.motion, added=True)
        return Inbound(request=name, who=who, channel=poll.channel, act=act, acted_at=self._clock.now(), sighting=name)


def _by_member(poll: LivePoll, found: Sequence[Standing]) -> Mapping[PlatformUser, Mapping[str, tuple[str, Choice]]]:
    """Each member's reactions that mean a choice, with it, by the name that they are remembered by."""
    members: dict[PlatformUser, dict[str, tuple[str, Choice]]] = {}
    for standing in found:
        choice = choice_of(standing.emoji)
        if choice is not None:
            members.setdefault(standing.who, {})[sighting_of(poll, standing)] = (standing.emoji, choice)
    return members
