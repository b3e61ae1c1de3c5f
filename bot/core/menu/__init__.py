"""Every verb, its options and its help, once: grammars, forms, completion and the reference page are made of this."""

from __future__ import annotations

from typing import Final

from bot.core.menu.asking import ASKING
from bot.core.menu.changing import CHANGING
from bot.core.menu.opening import OPENING
from bot.core.menu.removing import REMOVING
from bot.core.menu.shape import COMMAND, REPO, Field, FieldKind, Verb
from bot.core.menu.voting import VOTING

__all__ = ["BY_NAME", "COMMAND", "FORMS", "REPO", "VERBS", "Field", "FieldKind", "Verb"]

VERBS: Final[tuple[Verb, ...]] = (*OPENING, *VOTING, *CHANGING, *REMOVING, *ASKING)
BY_NAME: Final = {verb.name: verb for verb in VERBS}
FORMS: Final = (
    "nominate",
    "propose",
    "resolve",
    "practice",
    "object",
    "contact",
    "remove",
    "withdraw",
    "correct",
    "accepted",
    "hand-over",
    "record",
    "extend",
    "void",
    "pings",
)
"""Verbs that platforms offer as a form; `yes`, `no` and `abstain` too where a reason is wanted."""
