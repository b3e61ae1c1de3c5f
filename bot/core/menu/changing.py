"""Verbs that change an open motion, or bring a settled one back."""

from __future__ import annotations

from typing import Final

from bot.core.menu.shape import COMMAND, REASON_NEEDED, Field, Verb
from bot.core.prose import TEXT_LIMIT

CHANGING: Final[tuple[Verb, ...]] = (
    Verb(
        name="second",
        summary="Second a proposal, or what a colleague asked for",
        help="Supports a proposal that needs seconds, or does what another maintainer asked for with withdraw, "
        "correct or void. Nobody seconds themselves.",
        example=f"{COMMAND} second 12",
    ),
    Verb(
        name="withdraw",
        summary="End a motion without a result",
        help="The proposer can do this alone. If another maintainer asks for it, one more has to agree.",
        fields=(REASON_NEEDED,),
        example=f"{COMMAND} withdraw 12 Wrong person, sorry.",
    ),
    Verb(
        name="correct",
        summary="Correct a motion's text",
        help="Replaces the text. It is announced again and the five business days start anew; ballots stand and "
        "can be changed. The candidate and the role cannot be corrected: withdraw and nominate again. The "
        "proposer can do this alone. If another maintainer asks for it, one more has to agree.",
        fields=(Field(name="text", label="The new text", kind="long", required=True, place="rest", limit=TEXT_LIMIT),),
        example=f"{COMMAND} correct 12 Reviewed most of the cache work (not storage), triages every week.",
    ),
    Verb(
        name="extend",
        summary="Give a vote more time, never less",
        help="Any maintainer, with a reason: 2bd (business days), 3d (days) or 12h (hours) from where it closes now.",
        fields=(
            Field(name="by", label="By how much", kind="text", required=True, limit=6, hint="2bd, 3d or 12h"),
            REASON_NEEDED,
        ),
        example=f"{COMMAND} extend 12 --by 2bd Half of us were at the conference.",
        rules="R12",
    ),
    Verb(
        name="void",
        summary="Declare a motion void for a mistake in its procedure",
        help="Another maintainer has to agree. Also after it was counted, as long as nothing of it is merged.",
        fields=(REASON_NEEDED,),
        example=f"{COMMAND} void 12 The issue's text was edited while we voted.",
        rules="R52",
    ),
    Verb(
        name="rerun",
        summary="Open a lost, withdrawn or void motion again",
        help="As a new motion with the same content, today's roster and today's policy.",
        example=f"{COMMAND} rerun 12",
    ),
    Verb(
        name="acknowledge",
        summary="Confirm a result that a change of the roster decided",
        help="Where the roster changed during the vote and the outcome would have been another one without, the "
        "draft waits until a maintainer has seen that and says so.",
        example=f"{COMMAND} acknowledge 12",
        rules="R5",
    ),
)
