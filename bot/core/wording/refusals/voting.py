"""Ballots and objections that were not taken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.core.answers import Params
from bot.core.cards import Line
from bot.core.menu import COMMAND
from bot.core.wording.refusals.shape import Words, about, by_person, simple, start
from bot.core.wording.spans import Scene, code, count, last_minute, line, page


def _not_in_electorate(params: Params, scene: Scene) -> tuple[Line, ...]:
    eligible = int(params.get("eligible") or 0)
    voters = f"the {count(eligible, 'maintainer')} of {params['repository']}"
    only = f"only {voters} in the electorate of motion {params['motion']} may do this (R3, R4, R5)."
    return (line(*start(params), only), line("Your view is welcome in the thread."))


def _left(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (line(*start(params), "you left the roster while this vote runs, and with it the electorate (R5)."),)


def _candidate(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (line(*start(params), "the motion is about you, and the candidate is never in the electorate (R22)."),)


def _closed(params: Params, scene: Scene) -> tuple[Line, ...]:
    motion = params["motion"]
    return (
        line(*start(params), f"motion {motion} has ended: it is {params.get('outcome') or 'closed'}."),
        line("See ", code(f"{COMMAND} status {motion}"), "."),
    )


def _too_late(params: Params, scene: Scene) -> tuple[Line, ...]:
    closed = last_minute(datetime.fromisoformat(str(params["closed"])), "UTC")
    return (line(*start(params), f"motion {params['motion']} closed ", closed, ", before you acted (R13)."),)


def _not_voting_yet(params: Params, scene: Scene) -> tuple[Line, ...]:
    motion = params["motion"]
    return (
        line(*start(params), f"motion {motion} is not open for ballots yet ({params['stage']})."),
        line("See ", code(f"{COMMAND} status {motion}"), "."),
    )


def _pull_request_only(params: Params, scene: Scene) -> tuple[Line, ...]:
    link = str(params.get("link") or "")
    there = (line("Vote there, in a comment: ", page(link, link), "."),) if link else ()
    return (line(*start(params), f"motion {params['motion']} is voted on in its pull request alone (R40)."), *there)


_NOT_COUNTED = "Your ballot was not counted:"


VOTING: Mapping[str, Words] = {
    "not-voting-yet": _not_voting_yet,
    "no-vote": about(_NOT_COUNTED, "nobody votes on #; the person steps down by themselves (R30)."),
    "subject-votes-not": about(
        _NOT_COUNTED, "# is about you, and you may not vote on it; you are counted in the number, by the letter (R42)."
    ),
    "reactions-unclear": about(
        _NOT_COUNTED,
        "while I was away you reacted to # with more than one choice, and I cannot tell which came last.",
        f"Press a button of the poll, or type {COMMAND} yes # (or no, or abstain).",
    ),
    "reaction-overtaken": about(
        "Your reaction was not counted:",
        "I found it on # later, and cannot tell whether it came before your last word by a button, a reaction or a "
        "command. That one stands.",
        f"If the reaction is what you mean: press a button of the poll, or type {COMMAND} yes # (or no, or abstain).",
    ),
    "no-abstention": about(_NOT_COUNTED, "# takes yes and no only (R52)."),
    "no-needs-reason": about(
        _NOT_COUNTED, "a no on # needs a reason by the policy.", f"Type {COMMAND} no # and the reason."
    ),
    "no-revote": about(_NOT_COUNTED, "you have voted on #, and by its policy a ballot cannot be changed."),
    "pull-request-only": _pull_request_only,
    "blinded-buttons-only": about(
        _NOT_COUNTED, "# is blinded: ballots by the buttons only, without a reason.", "Press a button of the poll."
    ),
    "unknown-choice": simple("The ballot was not entered:", "the choice is yes, no or abstain."),
    "no-morning-left": about("Nothing was put off:", "# closes before your next working day begins."),
    "nothing-to-lift": about("Nothing was taken back:", "you have no objection to # that stands."),
    "recorded-not-elector": about("The ballot was not entered:", "the voter is not in the electorate of # (R3, R4)."),
    "record-own": about(
        "The ballot was not entered:", "one's own ballot is cast, not entered.", f"Type {COMMAND} yes #."
    ),
    "voted-here": by_person("The ballot was not entered:", "@ has voted here on #, and that counts (R14)."),
    "not-in-electorate": _not_in_electorate,
    "left-the-electorate": _left,
    "candidate-votes-not": _candidate,
    "closed": _closed,
    "too-late": _too_late,
    "nothing-to-retract": about("Nothing was retracted:", "you have no ballot on #."),
    "not-due": about("Not closed:", "the window of # has not ended."),
}
