"""Private answers: receipts and refusals, from a code and its parameters. A refusal says what was not done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.core.answers import Answer, Params
from bot.core.cards import Line, Moment, Reply, Span
from bot.core.people import PersonId
from bot.core.wording.linking import link_code, link_released
from bot.core.wording.pings import pings_receipt
from bot.core.wording.refusals import REFUSALS
from bot.core.wording.spans import NOTHING_FOLLOWS, Scene, code, last_minute, line, strong, who

FIELD_OF: Mapping[str, str] = {
    "unknown-role": "role",
    "months-unfit": "months",
    "login-unfit": "login",
    "already-on-roster": "login",
    "self-nomination": "login",
    "sponsor-no-maintainer": "sponsor",
    "sponsor-is-candidate": "sponsor",
    "unknown-choice": "choice",
    "link-missing": "link",
    "link-unfit": "link",
    "unknown-policy": "policy",
    "several-policies": "policy",
    "window-unfit": "by",
    "name-unfit": "name",
    "email-unfit": "email",
    "taker-unknown": "to",
    "recorded-not-elector": "voter",
    "record-own": "voter",
    "voted-here": "voter",
    "no-needs-reason": "reason",
    "hours-unfit": "hours",
    "zone-unfit": "zone",
    "contact-self": "login",
    "not-on-roster": "login",
}
"""The field of a form that a refusal is about, where its code alone says so."""


def answer_card(answer: Answer, scene: Scene) -> Reply:
    """Put an answer into words. An unknown code is an error of ours, and shown as one."""
    card = _answer(answer, scene)
    return replace(card, lines=(*card.lines, NOTHING_FOLLOWS)) if answer.params.get("practice") else card


def _answer(answer: Answer, scene: Scene) -> Reply:
    params = answer.params
    motion = int(params.get("motion") or 0)
    if answer.code == "fault":
        return _fault(params)
    if not answer.ok:
        words = REFUSALS.get(answer.code)
        lines = words(params, scene) if words else (line(strong("Not done."), f" ({answer.code})"),)
        field = str(params.get("field") or FIELD_OF.get(answer.code, ""))
        return Reply(tone="refused", lines=lines, motion=motion, field=field)
    return Reply(tone="done", lines=_RECEIPTS[answer.code](params, scene), motion=motion)


def _fault(params: Params) -> Reply:
    """Something broke on our side: plain words, nothing counted, a number to ask the operator about."""
    what = str(params.get("what") or "something went wrong on my side")
    return Reply(
        tone="failed",
        lines=(
            line(strong("Not recorded:"), f" {what}. Nothing was counted."),
            line("Please try again in a minute (incident ", code(str(params.get("incident", ""))), ")."),
        ),
    )


def _until(params: Params) -> tuple[Span | str, ...]:
    until = str(params.get("until") or "")
    if not until:
        return ("the close; the window starts when the announcement has been delivered (R12)",)
    return (last_minute(datetime.fromisoformat(until), "UTC"),)


def _opened(params: Params, scene: Scene) -> tuple[Line, ...]:
    lines = [line("Recorded: ", strong(f"motion {params['motion']}"), " is open. I am announcing it now.")]
    warnings = str(params.get("warnings") or "").split()
    if "short-involvement" in warnings:
        lines.append(line("The involvement you gave is not more than the document asks for (R7); the poll says so."))
    if "unreachable" in warnings:
        lines.append(line("Too few maintainers are linked here to reach the threshold; the poll names who is missing."))
    return tuple(lines)


def _ballot(params: Params, scene: Scene) -> tuple[Line, ...]:
    choice, motion = str(params["choice"]), params["motion"]
    return (
        line(
            "Recorded: ",
            strong(choice),
            f" on motion {motion}. You can change or retract it until ",
            *_until(params),
            ".",
        ),
    )


def _blinded(params: Params, scene: Scene) -> tuple[Line, ...]:
    """The receipt of a blinded ballot: its place in the log, which says nothing of the choice by itself."""
    return (
        *_ballot(params, scene),
        line("Your receipt: ", code(str(params["proof"])), ". It is in the log's export; keep it to check that."),
    )


def _unchanged(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (
        line(f"Your ballot on motion {params['motion']} is ", strong(str(params["choice"])), " already; it stands."),
    )


def _superseded(params: Params, scene: Scene) -> tuple[Line, ...]:
    stands = str(params["choice"]) or "retracted"
    return (line("Recorded, but a later action of yours counts: your ballot is ", strong(stands), "."),)


def _pings_chosen(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (pings_receipt(params),)


def _retracted(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (
        line(
            "Recorded: your ballot on ", f"motion {params['motion']} is ", strong("retracted"), "; you have not voted."
        ),
        line("You can vote again until ", *_until(params), "."),
    )


def _second_needed(params: Params, scene: Scene) -> tuple[Line, ...]:
    alone = "" if params.get("what") == "void" else "you are not the proposer, so "
    if params.get("ended"):
        alone = f"your step-down has ended the vote of motion {params['ended']}, so "
    return (
        line(
            f"Recorded, not done yet: {alone}another maintainer has to agree by ",
            code(f"/moot second {params['motion']}"),
            ".",
        ),
    )


def _invitation_taken(params: Params, scene: Scene) -> tuple[Line, ...]:
    candidate = who(PersonId(str(params["person"])), scene)
    return (line("Recorded: you invite ", candidate, ". A drafted letter is in your direct messages."),)


def _accepted(params: Params, scene: Scene) -> tuple[Line, ...]:
    waits = bool(params.get("waits"))
    then = "The draft waits for an acknowledgement." if waits else "I prepare the pull request."
    lines = [line("Recorded: the candidate has accepted. ", then)]
    if params.get("bare"):
        lines.append(line("You gave no mail address: the row will have an empty one; add it before the merge."))
    return tuple(lines)


def _plain(text: str) -> Callable[[Params, Scene], tuple[Line, ...]]:
    return lambda params, scene: (line("Recorded: ", text.replace("#", f"motion {params.get('motion')}")),)


def _stands(params: Params, scene: Scene) -> tuple[Line, ...]:
    motion = params["motion"]
    return (
        line(
            "Removing a reaction retracts nothing: your ballot on ",
            f"motion {motion} is still ",
            strong(str(params["choice"])),
            ".",
        ),
        line("To retract it, type ", code(f"/moot retract {motion}"), "."),
    )


def _contact_asked(params: Params, scene: Scene) -> tuple[Line, ...]:
    person = who(PersonId(str(params["person"])), scene)
    return (
        line("Recorded: the other maintainers are asked privately for somebody neutral to contact ", person, "."),
        line(f"It is motion {params['motion']} to you; in the channel there is nothing (R37)."),
    )


def _contact_taken(params: Params, scene: Scene) -> tuple[Line, ...]:
    person = who(PersonId(str(params["person"])), scene)
    return (line("Recorded: you contact ", person, ". A drafted letter is in your direct messages."),)


def _entered(params: Params, scene: Scene) -> tuple[Line, ...]:
    choice, motion = str(params["choice"]), params["motion"]
    return (line("Recorded: ", strong(choice), f" on motion {motion}, as entered by you. The voter is told (R14)."),)


def _extended(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (line(f"Recorded: motion {params['motion']} now closes ", *_until(params), "."),)


def _seconded(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (line(f"Recorded: motion {params['motion']} has {params['count']} of {params['of']} seconds."),)


def _snoozed(params: Params, scene: Scene) -> tuple[Line, ...]:
    until = Moment(datetime.fromisoformat(str(params["until"])))
    return (line(f"Recorded: I remind you of motion {params['motion']} again on ", until, "."),)


_RECEIPTS: Mapping[str, Callable[[Params, Scene], tuple[Line, ...]]] = {
    "opened": _opened,
    "pings-chosen": _pings_chosen,
    "ballot-recorded": _ballot,
    "ballot-unchanged": _unchanged,
    "ballot-blinded": _blinded,
    "ballot-superseded": _superseded,
    "ballot-retracted": _retracted,
    "ballot-stands": _stands,
    "objection-recorded": _plain("your objection to #. The maintainers are told; it is no veto and no ballot (R20)."),
    "withdrawn": _plain("# is withdrawn."),
    "corrected": _plain("# has its new text; it is announced again and the window starts anew."),
    "second-needed": _second_needed,
    "invitation-taken": _invitation_taken,
    "acceptance-recorded": _accepted,
    "refusal-recorded": _plain("the candidate has declined, so # has ended; nothing is written to the repository."),
    "stepping-down": _plain(
        "you step down (#). The maintainers are told first; list what others should pick up, and then confirm."
    ),
    "step-down-confirmed": _plain("you step down (#). I prepare the draft pull request. Thank you for the work."),
    "hand-over-noted": _plain("it is on the list of #."),
    "contact-asked": _contact_asked,
    "contact-taken": _contact_taken,
    "contact-recorded": _plain("the answer, for #. The other maintainers are told privately."),
    "removal-proposed": _plain("# is proposed to the channel. The draft follows after the discussion (R39)."),
    "ballot-entered": _entered,
    "objection-lifted": _plain("you have taken your objections to # back."),
    "extended": _extended,
    "voided": _plain("# is void."),
    "seconded": _seconded,
    "snoozed": _snoozed,
    "link-code": link_code,
    "link-released": link_released,
    "muted": _plain("I do not remind you of # any more."),
    "acknowledged": _plain("you have acknowledged the result of # (R5)."),
}
