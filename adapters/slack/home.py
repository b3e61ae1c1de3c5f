"""The Home tab: what awaits the reader's ballot, their ballots, the open motions, their reminders. All by the desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import structlog

from adapters.slack import blocks as kit
from adapters.slack.blocks import Block
from adapters.slack.codes import BALLOT, NAME, REFRESH, action_of, value_of
from adapters.slack.drawing import draw
from adapters.slack.errors import SlackError
from adapters.slack.members import Members, Outsider
from adapters.slack.web import Web
from adapters.slack.words import turned_away, unchecked
from bot.core.cards import Button, Card
from bot.core.people import PlatformUser
from bot.ports import Clock, Front, Inbound, Typed

log = structlog.get_logger("folkmoot.slack")
PARTS: Final[Mapping[str, str]] = {"mine": "Your ballots", "list": "Open motions", "pings": "Your reminders"}
"""What is asked of the desk, and the titles above the answers."""
DOORS: Final = (
    Button(verb=BALLOT, label="Vote, with a reason…", form=True, style="primary"),
    Button(verb="nominate", label="Nominate…", form=True),
    Button(verb="propose", label="Propose…", form=True),
)
BUDGET: Final = 20_000
PART: Final = BUDGET // (len(PARTS) + 1)


class Home:
    """Composes and publishes the tab of one reader."""

    def __init__(self, web: Web, members: Members, front: Callable[[], Front], clock: Clock) -> None:
        self._web, self._members, self._front, self._clock = web, members, front, clock

    async def show(self, user: str, top: Card | None = None) -> None:
        """Publish it as it is now, with an answer at the top if there is one. Raises SlackError."""
        view = {"type": "home", "blocks": await self._blocks(user, top)}
        await self._web.call("views.publish", user_id=user, view=view)

    async def _blocks(self, user: str, top: Card | None) -> list[Block]:
        try:
            who = await self._members.who(user)
        except SlackError as error:
            log.warning("Home without membership", user=user, error=error.what)
            return list(draw(unchecked()).blocks)
        if isinstance(who, Outsider):
            return list(draw(turned_away(who)).blocks)
        made: list[Block] = []
        if top is not None:
            made += [*draw(top, budget=PART).blocks, {"type": "divider"}]
        if self._front().people().by_account(who.key) is None:
            made += [*draw(await self._ask(who, "whoami"), budget=PART).blocks, {"type": "divider"}]
        made += _doors()
        for question, title in PARTS.items():
            made += [*kit.header(title), *draw(await self._ask(who, question), budget=PART).blocks]
        return _unique(made)[: kit.VIEW_BLOCKS]

    async def _ask(self, who: PlatformUser, question: str) -> Card:
        """What the desk says in a direct message: only what this reader may know."""
        now = self._clock.now()
        request = f"{NAME}:home:{who.user}:{question}:{now.timestamp():.6f}"
        return await self._front().desk.ask(
            Inbound(request=request, who=who, channel="", act=Typed(text=question), acted_at=now)
        )


def _doors() -> list[Block]:
    """The buttons at the top."""
    made = [kit.button(each.label, action_of(each, n), value_of(0, ""), each.style) for n, each in enumerate(DOORS)]
    return kit.rows([*made, kit.button("Refresh", REFRESH, value_of(0, ""))])


def _unique(blocks: list[Block]) -> list[Block]:
    """Blocks named by their place, so that Slack takes each for another one than in the view before."""
    return [_named(block, number) for number, block in enumerate(blocks)]


def _named(block: Block, number: int) -> dict[str, Any]:
    return {**block, "block_id": f"home:{number}"}
