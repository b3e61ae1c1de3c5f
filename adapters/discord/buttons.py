"""Buttons that outlive restarts: all they know is in their custom id. Views of these alone, never timed out.

discord.py forgets a pattern for every message when a view that mixes it with other components ends, or when a view
is edited: so each message, and each edit, gets a fresh view.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, Protocol, cast

import discord

from adapters.discord.codes import AGAIN, OPEN, PRESS, again_id, press_id
from bot.core.cards import Button

STYLES: Final = {
    "plain": discord.ButtonStyle.secondary,
    "primary": discord.ButtonStyle.primary,
    "danger": discord.ButtonStyle.danger,
}
LABEL: Final = 80
MOST: Final = 25

Interaction = discord.Interaction[Any]


class Presses(Protocol):
    """Who serves the buttons."""

    async def pressed(self, interaction: Interaction, *, verb: str, motion: int, key: str) -> None: ...

    async def opens(self, interaction: Interaction, *, verb: str, motion: int) -> None: ...

    async def again(self, interaction: Interaction, *, token: str) -> None: ...


def _presses(interaction: Interaction) -> Presses:
    """The client carries who serves it."""
    return cast(Presses, getattr(interaction.client, "presses"))  # noqa: B009


class PressButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=PRESS):
    """Does its verb at once."""

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> PressButton:
        return cls(discord.ui.Button(custom_id=match.string))

    async def callback(self, interaction: Interaction) -> None:
        if match := self.template.fullmatch(str(self.item.custom_id)):
            presses, motion = _presses(interaction), int(match["motion"])
            await presses.pressed(interaction, verb=match["verb"], motion=motion, key=match["key"])


class OpenButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=OPEN):
    """Opens the form of its verb."""

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> OpenButton:
        return cls(discord.ui.Button(custom_id=match.string))

    async def callback(self, interaction: Interaction) -> None:
        if match := self.template.fullmatch(str(self.item.custom_id)):
            await _presses(interaction).opens(interaction, verb=match["verb"], motion=int(match["motion"]))


class AgainButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=AGAIN):
    """Opens a form again with what was typed into it."""

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> AgainButton:
        return cls(discord.ui.Button(custom_id=match.string))

    async def callback(self, interaction: Interaction) -> None:
        if match := self.template.fullmatch(str(self.item.custom_id)):
            await _presses(interaction).again(interaction, token=match["token"])


KINDS: Final = (PressButton, OpenButton, AgainButton)


def view_of(buttons: Sequence[Button], motion: int, *, key: str = "", again: str = "") -> discord.ui.View | None:
    """A fresh view of these buttons, and one that opens a form again; None where there are none."""
    if not buttons and not again:
        return None
    view = discord.ui.View(timeout=None)
    known: set[str] = set()
    for each in buttons[:MOST]:
        custom_id = press_id(each, motion, key)
        if custom_id not in known:
            known.add(custom_id)
            kind = OpenButton if each.form else PressButton
            view.add_item(kind(_button(each.label, custom_id, STYLES[each.style])))
    if again:
        view.add_item(AgainButton(_button("Open the form again", again_id(again), STYLES["primary"])))
    return view


def _button(label: str, custom_id: str, style: discord.ButtonStyle) -> discord.ui.Button[Any]:
    return discord.ui.Button(label=label[:LABEL], custom_id=custom_id, style=style)
