"""Motions that were not opened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.core.answers import Params
from bot.core.cards import Line, Moment
from bot.core.menu import COMMAND
from bot.core.people import MAINTAINER, PersonId
from bot.core.wording.refusals.shape import NOT_OPENED, Words, about, simple, start
from bot.core.wording.spans import Scene, code, count, line, strong, who


def _not_a_maintainer(params: Params, scene: Scene) -> tuple[Line, ...]:
    role = str(params.get("role") or "")
    you = f"you are a {role}" if role else "you are not one of them"
    only, rules = f"maintainers of {params['repository']}", "R10" if params.get("what") == "propose" else "R25"
    if "motion" in params:
        only, rules = f"the maintainers in the electorate of motion {params['motion']}", "R3, R5"
    return (
        line(*start(params), f"only {only} may do this, and {you} ({rules})."),
        line("Ask one of them to do it."),
    )


def _unreadable(params: Params, what: str) -> tuple[Line, ...]:
    where = str(params["path"]) + (f", line {params['line']}" if params.get("line") else "")
    return (
        line(strong(str(params.get("start") or "No motion was opened:")), f" I cannot read {what}."),
        line(code(where), f": {params['what']}."),
        line(f"What to do: {params['remedy']}, then try again."),
    )


def _roster_unreadable(params: Params, scene: Scene) -> tuple[Line, ...]:
    return _unreadable(params, "the roster (R6)")


def _policy_unreadable(params: Params, scene: Scene) -> tuple[Line, ...]:
    return _unreadable(params, "the policy")


def _already_on_roster(params: Params, scene: Scene) -> tuple[Line, ...]:
    person, role = who(PersonId(str(params["person"])), scene), str(params["role"])
    held = line(strong("No motion was opened:"), " ", person, f" is a {role} already, says {params['path']}.")
    if role == MAINTAINER:
        return (held,)
    return (held, line("To make a maintainer of a reviewer, write ", code("--role maintainer"), "."))


def _already_proposed(params: Params, scene: Scene) -> tuple[Line, ...]:
    person, motion = who(PersonId(str(params["person"])), scene), params["motion"]
    return (
        line(strong("No motion was opened:"), f" motion {motion} about ", person, " is open; there is one at a time."),
        line("See ", code(f"{COMMAND} status {motion}"), "."),
    )


def _already_carried(params: Params, scene: Scene) -> tuple[Line, ...]:
    person, motion = who(PersonId(str(params["person"])), scene), params["motion"]
    return (
        line(strong("No motion was opened:"), f" motion {motion} about ", person, " has carried and is not finished."),
        line("It comes first; where it stands: ", code(f"{COMMAND} status {motion}"), "."),
    )


def _cool_down(params: Params, scene: Scene) -> tuple[Line, ...]:
    until = Moment(datetime.fromisoformat(str(params["until"])))
    return (
        line(
            strong("No motion was opened:"),
            f" motion {params['motion']} about this person was lost; the policy has a cool-down until ",
            until,
            " (R23).",
        ),
    )


def _too_many(params: Params, scene: Scene) -> tuple[Line, ...]:
    limit = int(params.get("limit") or 0)
    return (
        line(strong("No motion was opened:"), f" you have {count(limit, 'motion')} open, which is the limit."),
        line("Wait until one has ended, or ask another maintainer to propose."),
    )


def _venue_nowhere(params: Params, scene: Scene) -> tuple[Line, ...]:
    where = f"the vote is kept to the pull request (R40), and one cannot vote on those of {params['repository']}."
    return (
        line(strong(NOT_OPENED), f" {where}"),
        line("Its forge has no such pages, or reading its comments is switched off: ask the operator."),
    )


def _account(words: str, remedy: str) -> Words:
    """About the account of a candidate."""

    def said(params: Params, scene: Scene) -> tuple[Line, ...]:
        login, what = code(f"@{params['login']}"), str(params.get("what", ""))
        return (line(strong(NOT_OPENED), " ", login, f" {words}{f': {what}' if what else ''}."), line(remedy))

    return said


OPENING: Mapping[str, Words] = {
    "account-unknown": _account("is the login of no account on the forge", "Look again how it is written."),
    "account-of-another": _account(
        "is another account now than the person's who is known here by that login",
        "Nobody can be voted on under a name that has changed hands; the operator can erase the old record.",
    ),
    "account-unsure": _account("cannot be told from others now; the forge does not answer", "Try again later."),
    "venue-nowhere": _venue_nowhere,
    "blinded-too-few": simple(
        NOT_OPENED, "with fewer than five voters a blinded result would reveal the ballots.", "Use an open policy."
    ),
    "unknown-policy": simple(NOT_OPENED, "the policy has no such kind of motion for a text."),
    "several-policies": simple(
        NOT_OPENED, "the policy has several kinds of motion for a text.", "Name one with --policy."
    ),
    "not-a-maintainer": _not_a_maintainer,
    "roster-unreadable": _roster_unreadable,
    "policy-unreadable": _policy_unreadable,
    "roster-empty": simple(
        "No motion was opened:",
        "the roster names no maintainer, so nobody could vote (R6).",
        "Add the maintainers to the file, then try again.",
    ),
    "already-on-roster": _already_on_roster,
    "already-proposed": _already_proposed,
    "already-carried": _already_carried,
    "cool-down": _cool_down,
    "too-many-motions": _too_many,
    "unknown-role": simple("No motion was opened:", "the role is maintainer or reviewer.", "Write --role maintainer."),
    "months-unfit": simple(
        "No motion was opened:", "the months of involvement must be a whole number, 1200 at most.", "Write --months 7."
    ),
    "login-unfit": simple(
        "No motion was opened:",
        "that is no login; one has letters, digits and hyphens only.",
        f"Write {COMMAND} nominate @login ...",
    ),
    "self-nomination": simple(
        "No motion was opened:", "nobody proposes themselves.", "Ask another maintainer to nominate you (R10)."
    ),
    "sponsor-is-candidate": simple(
        "No motion was opened:", "the candidate cannot be their own sponsor (R27).", "Name another, or none."
    ),
    "sponsor-no-maintainer": simple(
        "No motion was opened:", "the sponsor must be a maintainer of this repository.", "Name another, or none."
    ),
    "channel-public": simple(
        "No motion was opened:",
        "a channel of this repository is public, and a candidacy is private until the candidate accepts (R24).",
        'Ask the operator for private channels, or for visibility = "public" in the policy.',
    ),
    "channel-unknown": simple(
        "No motion was opened:",
        "I cannot tell whether the maintainers' channel is private (R24).",
        "Check that I am a member of it, and try again.",
    ),
    "no-policy": simple("No motion was opened:", "the policy has no rules for that role.", "Try the other role."),
    "already-practising": about(
        NOT_OPENED, "a practice, #, has not ended; there is one at a time.", f"Vote on it: {COMMAND} yes #."
    ),
    "minutes-unfit": simple(
        NOT_OPENED, "the minutes of a practice are a whole number, 10080 (a week) at most.", "Write --minutes 10."
    ),
    "already-disputed": about(
        NOT_OPENED, "# about the same issue has not ended; there is one at a time (R50).", f"See {COMMAND} status #."
    ),
}
