"""Issues and pull requests in a simulation: members vote in comments and by reactions there, and call for votes.

The bot reads them with the real poller, whenever something was written, and before each count. A comment that it has
recorded bears its reaction: that is the acknowledgement. What it writes on a page anybody can read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from adapters.github import GitHubForge
from adapters.github.polling import Poller
from bot.core.cards import Plain, Reply
from bot.core.motion import Motion
from bot.core.threads import thread_link
from bot.ports import Ears, Forge, Reacted, ReactedThere, Spoken, Typed, WatchedPage
from bot.service import Service
from bot.threads.guard import guarded
from tests.fakes.github.state import Comment, Issue, Repository
from tests.simulation.hub import HubYard
from tests.simulation.town import Human, Place, Town
from tests.simulation.venue import Sent, Try
from tests.simulation.weather import Weather

NAME: Final = "github"
BOT: Final = "folkmoot-bot"
BACK: Final = timedelta(days=14)
REST: Final = timedelta(hours=11)
"""How long nobody looks where nothing was written."""
REACTIONS: Final = {"yes": "+1", "no": "-1", "abstain": "eyes"}
SHOWN: Final = {"yes": "👍", "no": "👎", "abstain": "⚪"}
"""The same, as other venues call them."""
_PAGE: Final = re.compile(r"/(?:issues|pull)/(\d+)$")
_MARK: Final = re.compile(r"<!-- folkmoot [0-9a-f]{32} -->")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What the bot wrote on a page."""

    place: str
    page: int
    text: str


class Talk:
    """All pages of a town's forge, and what members do on them. It outlives the bot's lives."""

    def __init__(
        self,
        town: Town,
        *,
        now: Callable[[], datetime],
        bot_now: Callable[[], datetime],
        weather: Weather,
        say: Callable[[str], None],
    ) -> None:
        self.sent: list[Sent] = []
        self._town, self._now, self._bot_now, self._weather, self._say = town, now, bot_now, weather, say
        self._by_id: dict[str, list[Sent]] = {}
        self._pollers: list[Poller] = []
        self._next: datetime = now()

    # ------------------------------------------------------------------ the bot's side

    def open(self, service: Service, forges: Mapping[str, Forge]) -> None:
        """Let the bot of a new life look at the pages."""
        self._pollers = []
        by_name: dict[str, Poller] = {}
        for repository in service.repositories.all():
            forge, ears, guard = forges[repository.name], service.ears(repository), service.guard(repository)
            assert isinstance(forge, GitHubForge)
            assert ears is not None
            assert guard is not None
            poller = Poller(
                forge.client,
                forge.git,
                forge.threads,
                since=self._bot_now() - BACK,
                seconds=60.0,
                pulls=partial(guarded, guard),
            )
            poller.listen(_Watched(self, ears))
            by_name[repository.name] = poller

        async def heard(motion: Motion) -> bool:
            return await by_name[motion.opened.repository].look()

        service.alarm.hear_first(heard)
        self._pollers, self._next = list(by_name.values()), self._now()

    def next_at(self) -> datetime:
        return self._next

    async def step(self) -> None:
        """Look at everything, if it is time to."""
        if self._now() < self._next:
            return
        self._next = self._now() + REST
        for poller in self._pollers:
            await poller.look()

    # ------------------------------------------------------------------ what members do

    def page_of(self, motion: Motion) -> int:
        """The page on which one can vote on this motion; 0 where there is none."""
        found = _PAGE.search(thread_link(motion))
        return int(found[1]) if found is not None and int(found[1]) in self._repository(motion).issues else 0

    def writes(self, human: Human, motion: Motion, text: str, request: str) -> Sent:
        """Somebody comments; or changes the comment that they have written before."""
        repo, page = self._repository(motion), self.page_of(motion)
        mine = [each for each in repo.comments.values() if each.number == page and each.user.login == human.login]
        body = f"I have thought about it.\n\n/moot {text}\n"
        if mine and self._weather.chance(0.3):
            comment = repo.edit_comment(mine[-1].id, body)
        else:
            comment = repo.comment(page, body, by=human.login)
        return self._note(human, f"{motion.opened.repository}/{page}", text, request, f"comment:{comment.id}", comment)

    def reacts(self, human: Human, motion: Motion, choice: str, request: str) -> Sent | None:
        """Somebody reacts to the bot's status; None where there is none, or they have done so before."""
        repo, page = self._repository(motion), self.page_of(motion)
        status = next(
            (each for each in repo.comments.values() if each.number == page and _MARK.search(each.body)), None
        )
        if status is None:
            return None
        made, new = repo.add_reaction(status, REACTIONS[choice], repo.hub.user(human.login))
        if not new:
            return None
        sent = self._sent(human, f"{motion.opened.repository}/{page}", request, made.at)
        sent.act = Reacted(emoji=SHOWN[choice], motion=motion.number, added=True)
        self._by_id.setdefault(f"reaction:{made.id}", []).append(sent)
        return sent

    def deletes(self, human: Human, motion: Motion) -> None:
        """Somebody takes their comment away: what they voted stands."""
        repo, page = self._repository(motion), self.page_of(motion)
        for each in [c for c in repo.comments.values() if c.number == page and c.user.login == human.login][-1:]:
            repo.delete_comment(each.id)
            self._say(f"{human.login} deletes comment {each.id}")
        self._soon()

    def calls(self, human: Human, place: Place, word: str, request: str) -> Sent:
        """An issue that calls for a resolution."""
        assert isinstance(place.yard, HubYard)
        issue = place.yard.repository.open_issue(
            by=human.login, title=f"Dispute {word}", body=f"We are stuck.\n\n/moot resolve\n\nKeep it {word}.\n"
        )
        return self._note(human, f"{place.name}/{issue.number}", "resolve", request, f"body:{issue.number}", issue)

    def _note(self, human: Human, page: str, text: str, request: str, id: str, thing: Comment | Issue) -> Sent:
        sent = self._sent(human, page, request, thing.updated)
        sent.act = Typed(text=text)
        self._by_id.setdefault(id, []).append(sent)
        return sent

    def _sent(self, human: Human, page: str, request: str, at: datetime) -> Sent:
        sent = Sent(
            request=request,
            login=human.login,
            who=human.accounts[NAME],
            venue=NAME,
            channel=f"{NAME}:{page}",
            act=Typed(text=""),
            acted_at=at.replace(microsecond=0),
        )
        self.sent.append(sent)
        self._soon()
        return sent

    def _soon(self) -> None:
        self._next = min(self._next, self._now() + timedelta(seconds=20 + self._weather.delay()))

    def _repository(self, motion: Motion) -> Repository:
        place = next(place for place in self._town.places if place.name == motion.opened.repository)
        assert isinstance(place.yard, HubYard)
        return place.yard.repository

    # ------------------------------------------------------------------ what there is to see

    def remarks(self) -> list[Remark]:
        """All that the bot has written on pages."""
        found = []
        for place in self._town.places:
            assert isinstance(place.yard, HubYard)
            mine = [each for each in place.yard.repository.comments.values() if each.user.login == BOT]
            found += [Remark(place=place.name, page=each.number, text=each.body) for each in mine]
        return found

    def title(self, remark: Remark) -> str:
        """That of the page."""
        place = next(place for place in self._town.places if place.name == remark.place)
        assert isinstance(place.yard, HubYard)
        return place.yard.repository.issues[remark.page].title

    def problems(self) -> list[str]:
        """What stands on a page twice."""
        marks = Counter((each.place, each.page, mark) for each in self.remarks() for mark in _MARK.findall(each.text))
        return [
            f"{times} comments on {place}/{page} have the same mark"
            for (place, page, _), times in marks.items()
            if times > 1
        ]

    # ------------------------------------------------------------------ deliveries

    def arrives(self, id: str, at: datetime) -> tuple[Sent, int] | None:
        """Something that was written is brought to the bot: the delivery of the last of it that is not later."""
        told = [each for each in self._by_id.get(id, ()) if each.acted_at is not None and each.acted_at <= at]
        if not told or told[-1].answers:
            return None
        now = self._bot_now()
        told[-1].tries.append(Try(at=now, until=now, answer=None))
        return told[-1], len(told[-1].tries) - 1

    def handled(self, delivery: tuple[Sent, int] | None, id: str) -> None:
        """It was handled: what the writer sees of it."""
        if delivery is None:
            return
        sent, place = delivery
        first = self._by_id[id][0] is sent  # eyes do not say which version of a comment they have seen
        words = self._said(sent) if first and self._marked(sent, id) else ()
        answer = Reply(tone="done", lines=words) if words else None
        sent.tries[place] = replace(sent.tries[place], until=self._bot_now(), answer=answer)

    def _marked(self, sent: Sent, id: str) -> bool:
        """Whether the bot's eyes are on it."""
        kind, _, number = id.partition(":")
        name = sent.channel.removeprefix(f"{NAME}:").rpartition("/")[0]
        place = next(place for place in self._town.places if place.name == name)
        assert isinstance(place.yard, HubYard)
        repo = place.yard.repository
        thing = repo.issues.get(int(number)) if kind == "body" else repo.comments.get(int(number))
        return thing is not None and any(r.content == "eyes" and r.user.login == BOT for r in thing.reactions)

    def _said(self, sent: Sent) -> tuple[tuple[Plain, ...], ...]:
        """What the eyes say: it is recorded, or stands already."""
        assert isinstance(sent.act, Typed)
        verb, _, rest = sent.act.text.partition(" ")
        if verb not in REACTIONS:
            return ()
        return ((Plain(f"Seen: {verb} on motion {rest.split()[0]}."),),)


@dataclass(frozen=True, slots=True)
class _Watched:
    """The ears of a repository, as its poller knows them."""

    talk: Talk
    inner: Ears

    async def heard(self, spoken: Spoken) -> None:
        delivery = self.talk.arrives(spoken.id, spoken.edited or spoken.at)
        await self.inner.heard(spoken)
        self.talk.handled(delivery, spoken.id)

    async def reacted(self, reacted: ReactedThere) -> None:
        self.talk.arrives(reacted.id, reacted.at)
        await self.inner.reacted(reacted)

    async def watched(self) -> Sequence[WatchedPage]:
        return await self.inner.watched()

    async def gone(self, spoken: Spoken) -> None:
        await self.inner.gone(spoken)

    async def missing(self, thread: int, comments: Sequence[str]) -> None:
        await self.inner.missing(thread, comments)

    async def pushed(self) -> None:
        await self.inner.pushed()
