"""Private answers: what only the member sees, within Discord's three seconds, or after a sign that it is being done.

An answer that is lost is not repeated: what was recorded stays recorded, and asking again shows it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from typing import Any, Final

import discord
import structlog

from adapters.discord import drawing, escaping
from adapters.discord.buttons import Interaction
from adapters.discord.drawing import Attached, Drawn
from adapters.discord.errors import OUTSIDE
from adapters.discord.messages import payload
from adapters.discord.reacting import silent
from bot.core.cards import Card

log = structlog.get_logger("folkmoot.discord")
ROOM: Final = 3000
"""Characters of typed text that go back in the answer; more of it goes along as a file."""


class Answers:
    """Answers one interaction. Never raises what Discord answers: whoever asked is gone, or was answered before."""

    def __init__(self, accounts: drawing.Accounts, patience: float) -> None:
        self._accounts, self._patience = accounts, patience

    async def when_done(self, interaction: Interaction, work: Awaitable[Card]) -> Card:
        """Wait for the answer; where that takes long, show that it is being worked on."""
        task = asyncio.ensure_future(work)
        try:
            if self._patience > 0:
                await asyncio.wait({task}, timeout=self._patience)
            if not task.done():
                await self._say(interaction.response.defer(ephemeral=True, thinking=True))
            return await task
        finally:
            task.cancel()

    async def tell(self, interaction: Interaction, card: Card, *, again: str = "", typed: Drawn | None = None) -> None:
        """Show the card to the one who asked; with `again`, a button that opens their form once more."""
        if silent(card):
            await self._nothing(interaction)
            return
        drawn = drawing.draw(card, self._accounts)
        if typed is not None:
            joined = replace(drawn, embeds=(*drawn.embeds, *typed.embeds), file=typed.file)
            drawn = joined if joined.fits else replace(drawn, file=_as_file(typed))
        if await self._show(interaction, payload(drawn, card.motion, again=again)) or drawn.file is None:
            return
        await self._show(interaction, payload(replace(drawn, file=None), card.motion, again=again))

    async def _show(self, interaction: Interaction, parts: dict[str, Any]) -> bool:
        """Whether it was taken. A file may not be: the answer then goes without it."""
        if not interaction.response.is_done():
            return await self._say(interaction.response.send_message(ephemeral=True, **parts))
        if "file" in parts:
            parts["attachments"] = [parts.pop("file")]
        return await self._say(interaction.edit_original_response(**parts))

    async def form(self, interaction: Interaction, modal: discord.ui.Modal) -> None:
        """Open a form: this has to be the first thing that is answered."""
        await self._say(interaction.response.send_modal(modal))

    async def _nothing(self, interaction: Interaction) -> None:
        """Acknowledge and leave no trace."""
        if not interaction.response.is_done():
            if interaction.type is discord.InteractionType.component:
                await self._say(interaction.response.defer())
                return
            await self._say(interaction.response.defer(ephemeral=True, thinking=True))
        await self._say(interaction.delete_original_response())

    async def _say(self, said: Awaitable[Any]) -> bool:
        try:
            await said
        except OUTSIDE as error:
            code = getattr(error, "code", "")
            log.info("answer not shown", error=type(error).__name__, code=code)
            return False
        return True


def typed_text(values: Mapping[str, str]) -> Drawn | None:
    """What a member has typed, to copy it: nothing that took them an hour may be lost."""
    kept = {name: text for name, text in values.items() if text.strip()}
    whole = "\n\n".join(f"{name}:\n{text}" for name, text in kept.items())
    if not kept:
        return None
    if escaping.width(whole) > ROOM:
        return Drawn(content="", file=Attached(name="what-you-typed.txt", text=whole))
    return Drawn(content="", embeds=(escaping.shown(f"You typed:\n\n{whole}", drawing.EMBED),))


def _as_file(typed: Drawn) -> Attached:
    return typed.file or Attached(name="what-you-typed.txt", text="\n".join(typed.embeds))
