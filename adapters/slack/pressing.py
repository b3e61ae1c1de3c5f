"""Buttons and forms: the commit first, then the acknowledgement, then the private answer."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncAck

from adapters.slack import forms
from adapters.slack.answering import Answers, Spot, silent
from adapters.slack.asking import Asking, Channels, claim_of, in_time, instant
from adapters.slack.codes import BALLOT, FORM, Origin, form_of, press_request, pushed, submit_request
from adapters.slack.errands import Errands
from adapters.slack.errors import SlackError
from adapters.slack.forms import Answered, Filling
from adapters.slack.opening import Opening
from adapters.slack.web import Web
from adapters.slack.words import stale_button, working
from bot.core.cards import Card, Reply
from bot.core.menu import FORMS
from bot.core.plain import plain_line
from bot.ports import Filled, Pressed

log = structlog.get_logger("folkmoot.slack")
REMEMBERED: Final = 5000


class Pressing:
    """The handlers of buttons and of forms."""

    def __init__(
        self,
        *,
        asking: Asking,
        answers: Answers,
        opening: Opening,
        channels: Channels,
        errands: Errands,
        web: Web,
        theirs: Callable[[str], str],
    ) -> None:
        self._asking, self._answers, self._opening = asking, answers, opening
        self._channels, self._errands, self._web, self._theirs = channels, errands, web, theirs
        self._attempts: OrderedDict[str, int] = OrderedDict()

    async def pressed(self, ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any]) -> None:
        """A button of a message or of the Home tab."""
        spot, request = _spot(body), press_request(body, action)
        found = pushed(str(action.get("action_id", "")), str(action.get("value", "")))
        if found is None or (found.what == FORM and found.verb not in {*FORMS, BALLOT}):
            self._tell(spot, stale_button(), request)
        elif found.what == FORM:
            channel = "" if spot.home else self._channels.ours(spot.channel)
            origin = Origin(channel=channel, motion=found.motion, thread=spot.thread, home=spot.home)
            filling = Filling(verb=found.verb, origin=origin)
            problem = await self._opening.open(str(body.get("trigger_id", "")), spot.user, filling)
            if problem is not None:
                self._tell(spot, problem, request)
        else:
            act = Pressed(verb=found.verb, motion=found.motion, key=found.key)
            channel = "" if spot.home else self._channels.ours(spot.channel)
            at = instant(action.get("action_ts"))
            asking = self._errands.spawn(
                self._asking.ask(request, spot.user, claim_of(body), channel, act, at), "press"
            )
            await in_time(asking)
            self._errands.spawn(self._later(asking, spot, request), "answer to a press")
        await ack()

    def in_trouble(self, body: Mapping[str, Any], card: Card) -> None:
        """Tell the one who pressed or sent something that it went wrong."""
        self._tell(_spot(body), card, "")

    async def begins(self, ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any]) -> None:
        """Another kind of motion was chosen in the form of the shortcut: its fields, with what was typed."""
        view = body.get("view") or {}
        verb = str((action.get("selected_option") or {}).get("value", ""))
        origin = Origin.unpacked(str(view.get("private_metadata") or ""))
        if verb in forms.STARTS and origin is not None:
            values = {"link": origin.link, **forms.values_of(view)}
            shown = forms.form(Filling(verb=verb, origin=origin, values=values, starting=True))
            try:
                await self._web.call("views.update", view_id=view.get("id"), hash=view.get("hash"), view=shown)
            except SlackError as error:
                log.info("form not changed", error=error.what)
        await ack()

    async def submitted(self, ack: AsyncAck, body: Mapping[str, Any], view: Mapping[str, Any]) -> None:
        """A form was sent."""
        verb = form_of(str(view.get("callback_id", "")))
        origin = Origin.unpacked(str(view.get("private_metadata") or ""))
        if verb is None or origin is None:
            await ack(response_action="update", view=forms.notice("Folkmoot", stale_button()))
            return
        sent = forms.answered(verb, view, origin)
        if not sent.verb:
            await ack(response_action="errors", errors={"field:choice": "Choose yes, no or abstain."})
            return
        name, user = str(view.get("id", "")), str((body.get("user") or {}).get("id", ""))
        values = {**sent.values, "": f"{sent.verb} {sent.motion}"}
        request = submit_request(name, values, self._attempts.get(name, 0))
        act = Filled(verb=sent.verb, motion=sent.motion, values=sent.values)
        asking = self._errands.spawn(self._asking.ask(request, user, claim_of(body), origin.channel, act), "form")
        spot = Spot(user=user, channel=self._theirs(origin.channel), thread=origin.thread, home=origin.home)
        card = await in_time(asking)
        if card is None:
            await ack(response_action="update", view=forms.notice("Folkmoot", working()))
            self._errands.spawn(self._overdue(asking, spot, request, name, sent), "late answer to a form")
        elif isinstance(card, Reply) and card.tone in {"refused", "failed"}:
            await self._refused(ack, card, name, sent)
        else:
            await ack()
            self._tell(spot, card, request)

    async def _refused(self, ack: AsyncAck, card: Reply, view: str, sent: Answered) -> None:
        """Beside the field that it is about; the text stays, and sending it again is another request."""
        self._again(view)
        errors = forms.refused(_sentences(card), card.field, sent.inputs)
        if errors is None:
            await ack(response_action="update", view=forms.notice("Not done", card))
        else:
            await ack(response_action="errors", errors=errors)

    async def _overdue(self, asking: asyncio.Task[Card], spot: Spot, request: str, view: str, sent: Answered) -> None:
        """The answer of a form that Slack did not wait for: into the form if it is still open, or as a message."""
        card = await asking
        if silent(card):
            return
        refused = isinstance(card, Reply) and card.tone in {"refused", "failed"}
        shown = forms.notice("Folkmoot", card)
        if refused and isinstance(card, Reply):
            self._again(view)
            shown = forms.form(await self._filled_again(sent, spot.user, _sentences(card)))
        try:
            await self._web.call("views.update", view_id=view, view=shown)
        except SlackError as error:
            log.info("form closed before its answer", error=error.what)
            await self._answers.tell(spot, card, request)
            return
        if not refused:
            await self._answers.tell(spot, card, request)

    async def _filled_again(self, sent: Answered, user: str, problem: str) -> Filling:
        """The form as it was sent, with what was wrong."""
        filling = replace(sent.filling, problem=problem)
        if filling.origin.motion:
            return filling
        return replace(filling, motions=await self._opening.motions(user, filling))

    async def _later(self, asking: asyncio.Task[Card], spot: Spot, request: str) -> None:
        await self._answers.tell(spot, await asking, request)

    def _tell(self, spot: Spot, card: Card, request: str) -> None:
        self._errands.spawn(self._answers.tell(spot, card, request), "answer")

    def _again(self, view: str) -> None:
        self._attempts[view] = self._attempts.get(view, 0) + 1
        if len(self._attempts) > REMEMBERED:
            self._attempts.popitem(last=False)


def _spot(body: Mapping[str, Any]) -> Spot:
    """Where a button was pressed."""
    user = str((body.get("user") or {}).get("id", ""))
    container = body.get("container") or {}
    channel = str((body.get("channel") or {}).get("id") or container.get("channel_id") or "")
    if not channel and (body.get("view") or {}).get("type") == "home":
        return Spot(user=user, home=True)
    message = body.get("message") or {}
    return Spot(user=user, channel=channel, thread=str(message.get("thread_ts") or ""))


def _sentences(card: Reply) -> str:
    """A refusal as text for a form."""
    return " ".join(plain_line(line) for line in card.lines)
