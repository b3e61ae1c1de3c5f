"""Private answers: receipts and refusals, from a code and its parameters. A refusal says what was not done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.core.answers import Answer, Params
from bot.core.cards import Line, Reply, Span
from bot.core.people import PersonId
from bot.core.wording.refusals import REFUSALS
from bot.core.wording.spans import Scene, code, last_minute, line, strong, who


def answer_card(answer: Answer, scene: Scene) -> Reply:
    """Put an answer into words. An unknown code is an error of ours, and shown as one."""
    params = answer.params
    motion = int(params.get("motion") or 0)
    if answer.code == "fault":
        return _fault(params)
    if not answer.ok:
        words = REFUSALS.get(answer.code)
        lines = words(params, scene) if words else (line(strong("Not done."), f" ({answer.code})"),)
        return Reply(tone="refused", lines=lines, motion=motion)
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


def _unchanged(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (
        line(f"Your ballot on motion {params['motion']} is ", strong(str(params["choice"])), " already; it stands."),
    )


def _superseded(params: Params, scene: Scene) -> tuple[Line, ...]:
    stands = str(params["choice"]) or "retracted"
    return (line("Recorded, but a later action of yours counts: your ballot is ", strong(stands), "."),)


def _retracted(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (
        line(
            "Recorded: your ballot on ", f"motion {params['motion']} is ", strong("retracted"), "; you have not voted."
        ),
        line("You can vote again until ", *_until(params), "."),
    )


def _second_needed(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (
        line(
            "Recorded, not done yet: you are not the proposer, so another maintainer has to agree by ",
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


_RECEIPTS: Mapping[str, Callable[[Params, Scene], tuple[Line, ...]]] = {
    "opened": _opened,
    "ballot-recorded": _ballot,
    "ballot-unchanged": _unchanged,
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
    "acknowledged": _plain("you have acknowledged the result of # (R5)."),
}
