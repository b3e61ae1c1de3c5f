"""Why something was not done, what was not done, and what to type instead: one function a code."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.wording.refusals.asking import ASKING
from bot.core.wording.refusals.changing import CHANGING
from bot.core.wording.refusals.dco import DCO
from bot.core.wording.refusals.linking import LINKING
from bot.core.wording.refusals.opening import OPENING
from bot.core.wording.refusals.removing import REMOVING
from bot.core.wording.refusals.shape import Words
from bot.core.wording.refusals.threads import THREADS
from bot.core.wording.refusals.voting import VOTING

__all__ = ["REFUSALS"]

REFUSALS: Mapping[str, Words] = {**ASKING, **CHANGING, **DCO, **LINKING, **OPENING, **REMOVING, **THREADS, **VOTING}
