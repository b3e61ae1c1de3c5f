"""Takes in what this app has missed: reactions that stand on polls, and polls that were deleted (T1, F21, F36)."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import structlog

from adapters.slack.answering import Answers, Spot
from adapters.slack.codes import NAME
from adapters.slack.errors import SlackError
from adapters.slack.members import Members, Outsider
from adapters.slack.web import Web
from bot.core.cards import Card, Plain, Reply
from bot.core.commands import Choice
from bot.core.people import PlatformUser
from bot.core.reactions import choice_of
from bot.ports import Front, LivePoll, Standing

log = structlog.get_logger("folkmoot.slack")
SINGLY: Final = 20
"""Up to so many polls in a channel are asked for one by one; more by reading the channel since the oldest of them."""
PAGE: Final = 200
PAGES: Final = 50
TRIES: Final = 4
LONGEST: Final = 60.0
REMEMBERED: Final = 5000

Reactions = Sequence[Mapping[str, Any]]


class Standings:
    """Which reactions of a member stand on a poll, as far as this process knows: two may contradict each other."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], dict[str, Choice]] = OrderedDict()

    def note(self, poll: LivePoll, user: str, emoji: str, *, added: bool) -> str:
        """Note one; the other reaction of theirs that says something else, or ""."""
        place, choice = (poll.ref, user), choice_of(emoji)
        found = self._known.setdefault(place, {})
        self._known.move_to_end(place)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        if choice is None:
            return ""
        if not added:
            found.pop(emoji, None)
            return ""
        found[emoji] = choice
        return next((other for other, said in found.items() if said != choice), "")


def with_contradiction(card: Card, other: str) -> Card:
    """The receipt of a reaction, with a line about the other one that says something else."""
    if not other or not isinstance(card, Reply) or card.tone != "done":
        return card
    words = f"You have also reacted with :{other}:. Of two that contradict each other the latest counts."
    return Reply(tone=card.tone, lines=(*card.lines, (Plain(words),)), motion=card.motion, buttons=card.buttons)


class Sweep:
    """One look at all open polls. It asks politely: in turn, and when Slack says wait, it waits."""

    def __init__(
        self, web: Web, members: Members, answers: Answers, standings: Standings, here: Callable[[str], str]
    ) -> None:
        self._web, self._members, self._answers, self._standings = web, members, answers, standings
        self._here = here
        self._running = asyncio.Lock()

    async def run(self, front: Front) -> None:
        """Bring the desk what stands on each poll now; have polls that are gone posted again."""
        async with self._running:
            channels: dict[str, list[LivePoll]] = {}
            for poll in front.polls.live(NAME):
                channels.setdefault(poll.channel, []).append(poll)
            for channel, polls in channels.items():
                read = await self._read(channel, polls) if len(polls) > SINGLY else {}
                for poll in polls:
                    await self._one(front, poll, read.get(poll.ref))

    async def _one(self, front: Front, poll: LivePoll, read: Reactions | None) -> None:
        try:
            found = read if read is not None else await self._reactions(poll)
        except SlackError as error:
            if error.gone:
                log.warning("poll deleted", motion=poll.motion, channel=poll.channel)
                await front.gone(poll)
            else:
                log.warning("reactions not read", motion=poll.motion, channel=poll.channel, error=error.what)
            return
        if not poll.reactions:
            return
        standing = await self._standing(front, poll, found)
        channel = self._here(poll.channel.partition(":")[2])
        for who, card in await front.desk.catch_up(poll, standing):
            await self._answers.tell(Spot(user=who.user, channel=channel), card)

    async def _standing(self, front: Front, poll: LivePoll, found: Reactions) -> list[Standing]:
        """Reactions of full members whom the directory knows; the rest never counts."""
        identity, people = await self._web.identity(), front.people()
        standing: list[Standing] = []
        for reaction in found:
            name = str(reaction.get("name", ""))
            for user in reaction.get("users", ()) if choice_of(name) is not None else ():
                account = PlatformUser(platform=NAME, team=identity.org, user=str(user))
                known = user != identity.bot_user and people.by_account(account.key) is not None
                if known and await self._counts(account):
                    self._standings.note(poll, account.user, name, added=True)
                    standing.append(Standing(who=account, emoji=name))
        return standing

    async def _counts(self, account: PlatformUser) -> bool:
        try:
            who = await self._patiently(lambda: self._members.who(account.user))
        except SlackError as error:
            log.warning("reaction left for later", user=account.user, error=error.what)
            return False
        return not isinstance(who, Outsider)

    async def _reactions(self, poll: LivePoll) -> Reactions:
        """The reactions of one message. Raises SlackError, with `gone` for a message that is not there."""
        channel = self._here(poll.channel.partition(":")[2])
        said = await self._patiently(
            lambda: self._web.call("reactions.get", channel=channel, timestamp=poll.ref, full=True)
        )
        message = said.get("message") or {}
        found: Reactions = message.get("reactions") or ()
        return found

    async def _read(self, channel: str, polls: Sequence[LivePoll]) -> Mapping[str, Reactions]:
        """The reactions of many polls, as far as the channel's history shows them whole."""
        wanted = {poll.ref for poll in polls}
        given: dict[str, Any] = {"oldest": min(wanted, key=float), "inclusive": True, "limit": PAGE}
        name = self._here(channel.partition(":")[2])
        found: dict[str, Reactions] = {}
        for _ in range(PAGES):
            try:
                said = await self._patiently(lambda: self._web.call("conversations.history", channel=name, **given))
            except SlackError as error:
                log.warning("history not read", channel=channel, error=error.what)
                break
            for message in said.get("messages", ()):
                reactions = message.get("reactions") or ()
                whole = all(len(each.get("users", ())) == each.get("count") for each in reactions)
                if message.get("ts") in wanted and whole:
                    found[message["ts"]] = reactions
            cursor = (said.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                break
            given["cursor"] = cursor
        return found

    async def _patiently(self, call: Callable[[], Any]) -> Any:
        """Call; where Slack says wait, or gives no answer, try again some times."""
        for attempt in range(1, TRIES):
            try:
                return await call()
            except SlackError as error:
                if error.code != "ratelimited" and not error.unknown:
                    raise
                seconds = error.retry_after if error.retry_after is not None else 2.0**attempt
                await asyncio.sleep(min(LONGEST, seconds))
        return await call()
