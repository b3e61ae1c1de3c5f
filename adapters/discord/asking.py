"""What members ask by commands, buttons and forms, brought to the desk, and the answer back.

Who acts is the account that Discord names, where they act is checked each time, and the desk authorises all of it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Final

import discord
import structlog

from adapters.discord.answering import Answers, typed_text
from adapters.discord.buttons import Interaction
from adapters.discord.codes import BALLOT, NAME, FormCode, account, interaction_request
from adapters.discord.forms import Sheet, Sheets, asks_first, modal_of, shown_fields
from adapters.discord.lanes import Errands, Lanes
from adapters.discord.members import Members
from adapters.discord.words import (
    ELSEWHERE,
    FORGOTTEN,
    NOT_A_MEMBER,
    NOT_READY,
    UNCHECKED,
    broken,
    forgotten,
    said,
)
from bot.core.cards import Card, Reply
from bot.core.commands import CHOICES
from bot.core.menu import BY_NAME
from bot.ports import Filled, Front, Inbound, PlatformError, Pressed, Typed

log = structlog.get_logger("folkmoot.discord")
_DIRECT: Final = ""

Act = Typed | Pressed | Filled
Work = Coroutine[Any, Any, None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refill:
    """The form that a request came from, so that it can be opened again if it is refused."""

    verb: str
    motion: int
    values: Mapping[str, str]


class Asking:
    """Serves interactions: it is their top, and answers each of them."""

    def __init__(
        self,
        *,
        front: Callable[[], Front | None],
        answers: Answers,
        members: Members,
        lanes: Lanes,
        errands: Errands,
        heard_from: Callable[[int], None],
    ) -> None:
        self._front, self._answers, self._members, self._lanes = front, answers, members, lanes
        self._errands, self._heard_from = errands, heard_from
        self._sheets = Sheets()

    # ------------------------------------------------------------------- what comes in

    async def pressed(self, interaction: Interaction, *, verb: str, motion: int, key: str) -> None:
        """A button that does its verb at once."""
        await self._top(interaction, self._ask(interaction, Pressed(verb=verb, motion=motion, key=key)))

    async def opens(
        self, interaction: Interaction, *, verb: str, motion: int, values: Mapping[str, str] | None = None
    ) -> None:
        """A button, or a message's command, that opens a form."""
        if verb in BY_NAME or verb == BALLOT:
            await self._top(interaction, self._open(interaction, verb, motion, values or {}))

    async def again(self, interaction: Interaction, *, token: str) -> None:
        """A button that opens a refused form again."""
        await self._top(interaction, self._again(interaction, token))

    async def commanded(self, interaction: Interaction, verb: str, motion: int, values: Mapping[str, str]) -> None:
        """A command with its options; where a long text is missing, a form asks for it."""
        await self._top(interaction, self._command(interaction, verb, motion, values))

    async def typed(self, interaction: Interaction, text: str) -> None:
        """Words as they are typed after `/moot` elsewhere."""
        await self._top(interaction, self._ask(interaction, Typed(text=text)))

    async def submitted(self, interaction: Interaction, code: FormCode, inputs: Mapping[str, str]) -> None:
        """A form that was filled in."""
        await self._top(interaction, self._submit(interaction, code, inputs))

    async def refuse(self, interaction: Interaction, card: Card) -> None:
        """Answer what is no request of the bot's."""
        await self._answers.tell(interaction, card)

    # ------------------------------------------------------------------- inside

    async def _top(self, interaction: Interaction, work: Work) -> None:
        """Serve it, unless the bot is stopping: then nothing new is begun."""
        if self._errands.closed:
            work.close()
            return
        task = self._errands.begin(self._served(interaction, work), "discord interaction")
        if task is not None:
            await task

    async def _served(self, interaction: Interaction, work: Work) -> None:
        try:
            await work
        except Exception as error:  # the top of an inbound handler: shown with an incident id, logged whole
            incident = secrets.token_hex(2)
            log.error(
                "interaction failed", incident=incident, request=interaction.id, error=repr(error), exc_info=error
            )
            await self._answers.tell(interaction, broken(incident))

    async def _command(self, interaction: Interaction, verb: str, motion: int, values: Mapping[str, str]) -> None:
        if asks_first(verb, values):
            await self._open(interaction, verb, motion, values)
        else:
            await self._ask(interaction, Filled(verb=verb, motion=motion, values=values))

    async def _open(self, interaction: Interaction, verb: str, motion: int, values: Mapping[str, str]) -> None:
        """The form, at once: Discord takes none after three seconds, so nobody is asked for anything before."""
        refusal = NOT_READY if self._front() is None else self.elsewhere(interaction)
        if refusal is not None:
            await self._answers.tell(interaction, said(refusal))
            return
        sheet = Sheet(user=interaction.user.id, verb=verb, motion=motion, values=values)
        shown = {field.name for field in shown_fields(verb, values)}
        token = self._sheets.keep(sheet) if set(values) - shown else ""
        await self._answers.form(interaction, modal_of(sheet, token))

    async def _again(self, interaction: Interaction, token: str) -> None:
        sheet = self._sheets.find(token, interaction.user.id)
        if sheet is None:
            await self._answers.tell(interaction, said(FORGOTTEN))
        else:
            await self._open(interaction, sheet.verb, sheet.motion, sheet.values)

    async def _submit(self, interaction: Interaction, code: FormCode, inputs: Mapping[str, str]) -> None:
        sheet = self._sheets.find(code.token, interaction.user.id) if code.token else None
        if code.token and sheet is None:
            await self._answers.tell(interaction, forgotten(), typed=typed_text(inputs))
            return
        values = {**(sheet.values if sheet is not None else {}), **inputs}
        refill = Refill(verb=code.verb, motion=code.motion, values=values)
        await self._ask(interaction, _filled(code, values), refill)

    async def _ask(self, interaction: Interaction, act: Act, refill: Refill | None = None) -> None:
        card = await self._answers.when_done(interaction, self._decided(interaction, act))
        refused = isinstance(card, Reply) and card.tone in {"refused", "failed"}
        if refill is None or not refused:
            await self._answers.tell(interaction, card)
            return
        sheet = Sheet(user=interaction.user.id, verb=refill.verb, motion=refill.motion, values=refill.values)
        again = self._sheets.keep(sheet)
        await self._answers.tell(interaction, card, again=again, typed=typed_text(refill.values))

    async def _decided(self, interaction: Interaction, act: Act) -> Card:
        """The desk's answer, or why it was not asked."""
        front, user = self._front(), interaction.user
        if front is None:
            return said(NOT_READY)
        elsewhere = self.elsewhere(interaction)
        if elsewhere is not None:
            return said(elsewhere)
        self._heard_from(user.id)
        async with self._lanes.of(user.id):
            if interaction.guild_id is None:
                try:
                    if not await self._members.here(user.id):
                        return said(NOT_A_MEMBER)
                except PlatformError as error:
                    return said(UNCHECKED.format(error.what), tone="failed")
            inbound = Inbound(
                request=interaction_request(interaction.id),
                who=account(user.id),
                channel=self.channel_of(interaction),
                act=act,
                acted_at=interaction.created_at,
            )
            return await front.desk.ask(inbound)

    def elsewhere(self, interaction: Interaction) -> str | None:
        """Why this place is none of the bot's; None on its servers, and in its direct messages with people."""
        front = self._front()
        if front is None or interaction.user.bot:
            return ELSEWHERE
        if interaction.guild_id is None:
            mine = isinstance(interaction.channel, discord.DMChannel) and not interaction.context.private_channel
            return None if mine else ELSEWHERE
        mine = any(name.startswith(f"{NAME}:{interaction.guild_id}/") for name in front.channels)
        return None if mine else ELSEWHERE

    def channel_of(self, interaction: Interaction) -> str:
        """The channel as the bot calls it; a thread is its channel, a direct message none."""
        if interaction.guild_id is None:
            return _DIRECT
        channel = interaction.channel
        parent = channel.parent_id if isinstance(channel, discord.Thread) else interaction.channel_id
        return f"{NAME}:{interaction.guild_id}/{parent}"


def _filled(code: FormCode, values: Mapping[str, str]) -> Filled:
    """A form as the menu has it: the ballot with a reason is the verb of its choice."""
    if code.verb != BALLOT:
        return Filled(verb=code.verb, motion=code.motion, values=values)
    choice = values.get("choice", "")
    verb = choice if choice in CHOICES else BALLOT
    return Filled(verb=verb, motion=code.motion, values={"reason": values.get("reason", "")})
