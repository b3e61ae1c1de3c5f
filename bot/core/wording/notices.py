"""What a channel is told besides the poll: each notice once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.core.cards import Button, Notice, Span
from bot.core.events import MotionClosed
from bot.core.motion import Motion
from bot.core.teller import recount, reveals
from bot.core.wording.changes import CHANGES, LEFT_OPEN
from bot.core.wording.poll import INVITE, SECOND, role_of
from bot.core.wording.spans import (
    Scene,
    closed_at,
    code,
    head_line,
    line,
    page,
    people,
    practised,
    rule_of,
    sentence,
    silent,
    span_of_time,
    strong,
    title,
    who,
)

LATE_SECONDS = 300
ACCEPTED = Button(verb="accepted", label="They accepted…", style="primary", form=True)
DECLINED = Button(verb="declined", label="They declined")
ACKNOWLEDGE = Button(verb="acknowledge", label="I have seen this", style="primary")
Params = Mapping[str, str | int]


def notice_card(kind: str, motion: Motion, params: Params, scene: Scene) -> Notice:
    """The notice of this kind about a motion. Raises KeyError for a kind that is none."""
    words = _NOTICES.get(kind) or CHANGES[kind]
    card = words(motion, params, scene)
    return replace(card, lines=(*card.lines, *practised(motion)))


_OBJECTION = {
    "record": "Recorded with its reason. It is no veto: the ballots decide (R20). Discuss it in the thread.",
    "block": "While it stands the motion cannot carry. Talk to them; they can take it back (R20).",
    "extend": "Everybody has the full window again to consider it (R20).",
    "escalate": "Silence is no consent any more: the ballots decide now, with the full window again (R20).",
}


def _objection(motion: Motion, params: Params, scene: Scene) -> Notice:
    raised = motion.objections[int(params["index"])]
    return Notice(
        motion=motion.number,
        lines=(
            line(who(raised.person, scene), " objects to ", *title(motion, scene), ":"),
            line(_OBJECTION[motion.policy.objection]),
        ),
        quote=str(raised.reason),
    )


def _electorate(motion: Motion, params: Params, scene: Scene) -> Notice:
    counted = recount(motion)
    lines = []
    left = motion.electorate.members - motion.members
    if left:
        lines.append(
            line(
                "The roster changed while the vote runs. No longer a maintainer, and so out of the count: ",
                *people(left, scene),
                " (R5). The ballot stays in the log.",
            )
        )
    joined = motion.members - motion.electorate.members
    if joined:
        lines.append(line("New in the roster, and in this vote by its policy: ", *people(joined, scene), " (R5)."))
    arithmetic = motion.policy.threshold.arithmetic(counted.eligible)
    lines.append(line(*title(motion, scene, first=True), f" now needs {counted.needed}: {arithmetic}."))
    return Notice(motion=motion.number, lines=tuple(lines))


def _second_asked(motion: Motion, params: Params, scene: Scene) -> Notice:
    asked = motion.asked
    if asked is None or int(params.get("version", motion.asked_in)) != motion.asked_in:
        return Notice(
            motion=motion.number, lines=(line(*title(motion, scene, first=True), ": what was asked for is settled."),)
        )
    what = {"withdraw": "withdraw", "correct": "correct the text of", "void": "declare void"}[asked.what]
    return Notice(
        motion=motion.number,
        lines=(
            line(who(asked.person, scene), f" asks to {what} ", *title(motion, scene), ":"),
            line("Not done yet: one other maintainer has to agree (", code(f"/moot second {motion.number}"), ")."),
        ),
        quote=str(asked.text),
        buttons=(SECOND,),
    )


def _corrected(motion: Motion, params: Params, scene: Scene) -> Notice:
    return Notice(
        motion=motion.number,
        lines=(
            line(*title(motion, scene, first=True), " has a corrected text:"),
            line(
                f"The {motion.policy.window.words} start anew with this announcement (R12). "
                "Ballots stand; look again whether yours is still what you mean."
            ),
        ),
        quote=str(motion.text),
    )


def _withdrawn(motion: Motion, params: Params, scene: Scene) -> Notice:
    gone = motion.withdrawn
    if gone is None:
        raise KeyError("withdrawn")
    by: list[Span] = [who(gone.person, scene)]
    if gone.seconder is not None:
        by += [*line(", seconded by "), who(gone.seconder, scene)]
    return Notice(
        motion=motion.number,
        lines=(
            line(*title(motion, scene, first=True), " is ", strong("withdrawn"), " by ", *by, ":"),
            line(
                f"It has no result. {_LEFT_OPEN}"
                if motion.draft is not None
                else "It has no result, and nothing changes. The record is in the ledger; nothing leaves this channel."
            ),
            head_line(scene.head),
        ),
        quote=str(gone.reason),
    )


_LACKS = {
    "quorum": "a quorum",
    "min-yes": "the least number of yes",
    "max-no": "fewer no",
    "max-missing": "more ballots",
    "veto": "no veto",
    "yes-exceeds-no": "more yes than no",
    "objection": "no standing objection",
}


def _arithmetic(motion: Motion, closed: MotionClosed) -> str:
    """The threshold's arithmetic, on the base that it was judged by."""
    threshold = motion.policy.threshold
    if motion.policy.of == "eligible":
        return threshold.arithmetic(closed.eligible)
    return f"{threshold.share} of {closed.base} ballots that count, so {closed.needed}"


def _next(motion: Motion) -> str:
    """What follows from a result that needs no invitation."""
    if motion.practice:
        return "This is how a result is told."
    if motion.policy.enactment == "record":
        return "I record it as a decision, in a draft pull request (R53)."
    if motion.outcome == "carried" and motion.policy.kind == "remove":
        return "The draft may be merged by a person now; the role ends then (R45)."
    if motion.outcome == "carried" and motion.policy.kind == "add" and motion.pull_does == "other":
        return f"The pull request {motion.opened.link} does something else now, and may not be merged as it is (R27)."
    if motion.outcome == "carried" and motion.policy.kind == "add":
        return f"The pull request {motion.opened.link} may be merged by a person now (R27, R28)."
    if motion.outcome == "carried":
        return "It is decided."
    return _LEFT_OPEN if motion.draft is not None else "Nothing changes, and nothing leaves this channel."


_LEFT_OPEN = f"Nothing changes. {LEFT_OPEN}"


def _result(motion: Motion, params: Params, scene: Scene) -> Notice:
    closed = motion.closed
    if closed is None or motion.closes_at is None:
        raise KeyError("result")
    numbers = (
        f"{closed.yes} yes ({closed.needed} needed), {closed.no} no, {closed.abstain} abstained, "
        f"{silent(motion, closed)}"
    )
    if reveals(motion):
        numbers = "the count is withheld, for it would show how each one voted"
    lines = [
        line(*title(motion, scene, first=True), " is ", strong(closed.outcome), f": {numbers}."),
        line(
            f"{sentence(_arithmetic(motion, closed))} ({rule_of(motion)}). Closed ",
            closed_at(motion),
            ".",
        ),
    ]
    if closed.late_seconds > LATE_SECONDS:
        late = span_of_time(closed.late_seconds)
        lines.append(line(f"I counted {late} late, because I was not running; no later ballot was counted."))
    lacks = [_LACKS[warning] for warning in closed.warnings if warning in _LACKS]
    if lacks and closed.outcome == "lost":
        lines.append(line(f"What was lacking: {', '.join(lacks)}."))
    if "more-no-than-yes" in closed.warnings:
        lines.append(line(strong("Note:"), " more said no than yes; by the rule it carries all the same (R19)."))
    buttons: tuple[Button, ...] = ()
    if closed.outcome != closed.snapshot_outcome:
        lines.append(
            line(
                strong("The roster's change decided this:"),
                f" with the electorate of the opening it would have been {closed.snapshot_outcome} (R5).",
            )
        )
    if motion.needs_acknowledgement:
        lines.append(line("One maintainer has to acknowledge that before anything is written to the repository."))
        buttons = (ACKNOWLEDGE,)
    if closed.outcome == "carried" and motion.policy.kind == "add" and motion.opened.link is None:
        lines.append(line("Next: one maintainer invites ", who(motion.subject, scene), ". I have drafted the letter."))
        buttons = (INVITE, *buttons)
    else:
        lines.append(line(_next(motion)))
    lines.append(head_line(scene.head))
    return Notice(motion=motion.number, lines=tuple(lines), buttons=buttons)


def _acknowledged(motion: Motion, params: Params, scene: Scene) -> Notice:
    if motion.acknowledged_by is None:
        raise KeyError("acknowledged")
    by = who(motion.acknowledged_by, scene)
    return Notice(
        motion=motion.number, lines=(line(by, " has acknowledged the result of ", *title(motion, scene), "."),)
    )


def _invitation(motion: Motion, params: Params, scene: Scene) -> Notice:
    if motion.inviter is None:
        raise KeyError("invitation")
    return Notice(
        motion=motion.number,
        lines=(
            line(
                who(motion.inviter, scene), " invites ", who(motion.subject, scene), f" (motion {motion.number}, R25)."
            ),
            line(
                who(motion.inviter, scene),
                " records the candidate's answer here. Whoever takes over from them presses the last button.",
            ),
        ),
        buttons=(ACCEPTED, DECLINED, Button(verb="invite", label="I take over")),
    )


def _answered(motion: Motion, params: Params, scene: Scene) -> Notice:
    answer = motion.answered
    if answer is None:
        raise KeyError("answered")
    verb = "accepted" if answer.accepted else "declined"
    lines = [
        line(
            who(motion.subject, scene), f" has {verb}, says ", who(answer.person, scene), f" (motion {motion.number})."
        )
    ]
    if not answer.accepted:
        lines.append(line("Nothing is written to the repository, and nothing leaves this channel."))
    elif motion.needs_acknowledgement:
        lines.append(line("The draft waits until a maintainer acknowledges the result (R5)."))
    elif motion.policy.enactment == "invite":
        lines.append(
            line("I send ", who(answer.person, scene), " what the candidate needs to open the pull request (R26).")
        )
    else:
        lines.append(line("I prepare the draft pull request (R26)."))
    return Notice(motion=motion.number, lines=tuple(lines))


_AT_MERGE = {
    "add": "; the role begins at the merge (R28)",
    "step-down": "; the role ends at the merge",
    "remove": "; the role ends at the merge (R45)",
    "resolution": "; then the decision is on record (R53)",
    "generic": "; then the decision is on record",
    "practice": "",
}


def _draft_opened(motion: Motion, params: Params, scene: Scene) -> Notice:
    draft = motion.draft
    if draft is None:
        raise KeyError("draft-opened")
    if motion.annulled:
        about = line(
            "The draft pull request of ", *title(motion, scene), " says that it is ", strong(motion.stage), ": "
        )
        return Notice(
            motion=motion.number,
            lines=(line(*about, page(draft.branch, draft.url)), line("Please close it, for I close none (R47).")),
        )
    if motion.policy.kind == "remove":
        return Notice(
            motion=motion.number,
            lines=(
                line("The draft pull request of ", *title(motion, scene), " is open: ", page(draft.branch, draft.url)),
                line("It says nothing but the change; the vote on it begins now. Please keep any reasons here (R44)."),
            ),
        )
    if draft.ready:
        return Notice(
            motion=motion.number,
            lines=(
                line("The pull request for ", *title(motion, scene), " is open: ", page(draft.branch, draft.url)),
                line("It is not marked as a draft: the repository takes none, or a person has marked it ready."),
                line(f"A person reads and merges it{_AT_MERGE[motion.policy.kind]}. I never merge."),
            ),
        )
    return Notice(
        motion=motion.number,
        lines=(
            line("The draft pull request for ", *title(motion, scene), " is ready: ", page(draft.branch, draft.url)),
            line(
                f"A person reads it, marks it ready and merges it{_AT_MERGE[motion.policy.kind]}. "
                "I never merge, and never push to the default branch."
            ),
        ),
    )


def _effective(motion: Motion, params: Params, scene: Scene) -> Notice:
    commit = (motion.effective or "")[:12]
    return Notice(
        motion=motion.number,
        lines=(
            line(
                "Merged: ",
                who(motion.subject, scene),
                f" is now {role_of(motion)} (R28), by the roster at ",
                code(commit),
                f". Motion {motion.number} has ended.",
            ),
        ),
    )


def _trouble(motion: Motion, params: Params, scene: Scene) -> Notice:
    why = str(params.get("why") or "the forge did not answer").rstrip(".")
    stands = "The result stands." if motion.outcome is not None else "Nothing is lost."
    return Notice(
        motion=motion.number,
        lines=(
            line(strong("No draft yet"), " for ", *title(motion, scene), f": {why}."),
            line(f"{stands} I try again by myself; once it is mended, nobody has to do anything."),
        ),
    )


_NOTICES: Mapping[str, Callable[[Motion, Params, Scene], Notice]] = {
    "objection": _objection,
    "electorate": _electorate,
    "second-asked": _second_asked,
    "corrected": _corrected,
    "withdrawn": _withdrawn,
    "result": _result,
    "acknowledged": _acknowledged,
    "invitation": _invitation,
    "answered": _answered,
    "draft-opened": _draft_opened,
    "effective": _effective,
    "trouble": _trouble,
}
