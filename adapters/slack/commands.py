"""Typed commands, and the message shortcut. The answer goes back in the acknowledgement, after the commit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final

from slack_bolt.async_app import AsyncAck

from adapters.slack import forms, typed
from adapters.slack.answering import Answers, Spot, silent
from adapters.slack.asking import Asking, Channels, claim_of, in_time
from adapters.slack.codes import NAME, Origin, command_request
from adapters.slack.drawing import draw
from adapters.slack.errands import Errands
from adapters.slack.errors import SlackError
from adapters.slack.forms import Filling
from adapters.slack.opening import Opening
from adapters.slack.web import Web
from bot.core.cards import Card
from bot.core.people import PlatformUser
from bot.core.prose import TEXT_LIMIT, TITLE_LIMIT
from bot.ports import Clock, Front, Typed

ELSEWHERE: Final = "list"
"""What is asked of the desk where it knows no repository: it says so, and where one can ask."""


class Commands:
    """The handlers of `/moot` and of "Start a motion from this message"."""

    def __init__(
        self,
        *,
        asking: Asking,
        answers: Answers,
        opening: Opening,
        channels: Channels,
        errands: Errands,
        web: Web,
        front: Callable[[], Front],
        clock: Clock,
    ) -> None:
        self._asking, self._answers, self._opening, self._channels = asking, answers, opening, channels
        self._errands, self._web, self._front, self._clock = errands, web, front, clock

    async def typed(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """`/moot ...`: to the desk, or a form where one helps."""
        user, place = str(body.get("user_id", "")), str(body.get("channel_id", ""))
        channel, text = self._channels.ours(place), typed.as_typed(str(body.get("text") or ""))
        wanted = typed.form_wanted(text, self._clock)
        if wanted is not None and not self._known(channel):
            text, wanted = ELSEWHERE, None  # no form for what the desk would refuse: it says so now
        if wanted is not None:
            verb, motion, values = wanted
            filling = Filling(verb=verb.name, origin=Origin(channel=channel, motion=motion), values=values)
            problem = await self._opening.open(str(body.get("trigger_id", "")), user, filling)
            await _answer(ack, problem)
            return
        request = command_request(body)
        asking = self._errands.spawn(
            self._asking.ask(request, user, claim_of(body), channel, Typed(text=text)), "typed command"
        )
        card = await in_time(asking)
        if card is None:
            self._errands.spawn(self._later(asking, Spot(user=user, channel=place), request), "late answer")
        await _answer(ack, card)

    async def _later(self, asking: asyncio.Task[Card], spot: Spot, request: str) -> None:
        await self._answers.tell(spot, await asking, request)

    async def shortcut(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Start a motion from a message: a form with its text and its address in it."""
        user = str((body.get("user") or {}).get("id", ""))
        message, place = body.get("message") or {}, str((body.get("channel") or {}).get("id", ""))
        channel = self._channels.ours(place)
        if not self._known(channel):
            spot = Spot(user=user, channel=place)
            self._errands.spawn(self._refuse(body, spot, channel), "shortcut elsewhere")
            await ack()
            return
        text = typed.as_typed(typed.with_logins(str(message.get("text") or ""), await self._logins()))
        origin = Origin(channel=channel, link=await self._address(place, str(message.get("ts", ""))))
        title = next((line for line in text.splitlines() if line.strip()), "")
        values = {"title": title.strip()[:TITLE_LIMIT], "text": text[:TEXT_LIMIT], "link": origin.link}
        filling = Filling(verb=forms.STARTS[0], origin=origin, values=values, starting=True)
        problem = await self._opening.open(str(body.get("trigger_id", "")), user, filling)
        if problem is not None:
            request = f"{NAME}:shortcut:{body.get('trigger_id', '')}"
            self._errands.spawn(self._answers.tell(Spot(user=user, channel=place), problem, request), "no form")
        await ack()

    async def _refuse(self, body: Mapping[str, Any], spot: Spot, channel: str) -> None:
        """What the desk says of a channel that it does not know."""
        request = f"{NAME}:shortcut:{body.get('trigger_id', '')}"
        card = await self._asking.ask(request, spot.user, claim_of(body), channel, Typed(text=ELSEWHERE))
        await self._answers.tell(spot, card, request)

    async def _logins(self) -> Callable[[str], str]:
        """The logins of linked accounts."""
        org, people = (await self._web.identity()).org, self._front().people()

        def login(user: str) -> str:
            person = people.by_account(PlatformUser(platform=NAME, team=org, user=user).key)
            return person.login if person is not None else ""

        return login

    async def _address(self, channel: str, ts: str) -> str:
        """The permanent link of a message; none where Slack gives none."""
        try:
            return str((await self._web.call("chat.getPermalink", channel=channel, message_ts=ts))["permalink"])
        except (SlackError, KeyError):
            return ""

    def _known(self, channel: str) -> bool:
        return not channel or channel in self._front().channels


async def _answer(ack: AsyncAck, card: Card | None) -> None:
    """Acknowledge, with the answer if there is one; only the member sees it."""
    if card is None or silent(card):
        await ack()
    else:
        await ack(**draw(card).data, response_type="ephemeral")
