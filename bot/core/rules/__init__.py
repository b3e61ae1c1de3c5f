"""The rule book as one pure function: `decide` says what happens, or why not. It changes nothing and asks nobody."""

from bot.core.rules.decide import decide
from bot.core.rules.facts import Facts, Opening, PullRequest, RosterFault
from bot.core.rules.opening import OpeningCommand
from bot.core.rules.stepping import overtaken

__all__ = ["Facts", "Opening", "OpeningCommand", "PullRequest", "RosterFault", "decide", "overtaken"]
