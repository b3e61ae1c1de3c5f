"""What this app says itself, where the desk is not asked: who takes no part here, and what Slack prevented."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from adapters.slack.members import Outsider, Reason
from bot.core.cards import Code, Plain, Reply, Strong
from bot.core.menu import COMMAND

_WHY: Final[Mapping[Reason, str]] = {
    "guest": "guests of this workspace take no part in votes here. Ask its administrators for a full account.",
    "foreign": "your account belongs to another workspace. Only full members of this one take part.",
    "bot": "bots and workflows take no part in votes.",
    "deactivated": "your account is deactivated.",
    "unknown": "Slack does not know your account.",
}


def turned_away(outsider: Outsider) -> Reply:
    """For somebody who is no full member."""
    return Reply(tone="refused", lines=((Strong("Nothing was recorded:"), Plain(f" {_WHY[outsider.why]}")),))


def unchecked() -> Reply:
    """Where Slack does not say who somebody is."""
    what = " Slack did not tell me whether you are a member of this workspace. Nothing was counted."
    return Reply(
        tone="failed", lines=((Strong("Not recorded:"), Plain(what)), (Plain("Please try again in a minute."),))
    )


def failed(incident: str) -> Reply:
    """A bug of ours."""
    lines = (
        (Strong("Not recorded:"), Plain(" something went wrong on my side. Nothing was counted.")),
        (Plain("Please try again in a minute (incident "), Code(incident), Plain(").")),
    )
    return Reply(tone="failed", lines=lines)


def stale_button() -> Reply:
    """A button that means nothing (any more)."""
    lines = ((Strong("Not done:"), Plain(" I do not know this button any more. Type "), Code(f"{COMMAND} list")),)
    return Reply(tone="refused", lines=lines)


def no_motion() -> Reply:
    """A form about a motion where none is open."""
    return Reply(tone="refused", lines=((Strong("Not done:"), Plain(" no motion is open here that you may know of.")),))


def no_form() -> Reply:
    """Slack did not open the form in time."""
    lines = ((Strong("Nothing was done:"), Plain(" Slack did not open the form. Please try again.")),)
    return Reply(tone="failed", lines=lines)


def working() -> Reply:
    """The answer takes longer than Slack waits. It promises nothing."""
    lines = ((Plain("I am working on it. Nothing is recorded yet; my answer comes here, or as a message."),),)
    return Reply(tone="info", lines=lines)
