"""Sends a card by any method of the Web API; one that Slack finds too long is drawn shorter, at last as text alone."""

from __future__ import annotations

from typing import Any, Final

import structlog

from adapters.slack.drawing import BUDGET, draw
from adapters.slack.errors import TOO_LONG, SlackError
from adapters.slack.web import Web
from bot.core.cards import Card

log = structlog.get_logger("folkmoot.slack")
BUDGETS: Final = (BUDGET, BUDGET // 2, BUDGET // 4)


async def fitting(web: Web, method: str, card: Card, *, key: str = "", **given: Any) -> dict[str, Any]:
    """What Slack answers. Raises SlackError; a refusal for its length is certain, so that another try is safe."""
    for budget in BUDGETS:
        try:
            return await web.call(method, **draw(card, key=key, budget=budget).data, **given)
        except SlackError as error:
            if error.code not in TOO_LONG:
                raise
            log.error("Slack found a message too long", method=method, code=error.code, budget=budget)
    return await web.call(method, text=draw(card).text, blocks=[], **given)
