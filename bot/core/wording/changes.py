"""What a channel is told when a motion changes on its way: seconds, draft votes, extensions, hand-overs, ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.core.cards import Notice, Span
from bot.core.menu import COMMAND
from bot.core.motion import Motion
from bot.core.wording.poll import role_of
from bot.core.wording.spans import Scene, code, head_line, last_minute, line, people, pull_line, strong, title, who

LEFT_OPEN = "Its draft pull request is left: please close it, for I close none (R47)."
Params = Mapping[str, str | int]


def _seconded(motion: Motion, params: Params, scene: Scene) -> Notice:
    return Notice(
        motion=motion.number,
        lines=(
            line(*title(motion, scene, first=True), " is seconded by ", *people(motion.seconds, scene), "."),
            line(f"It is put to the vote: the {motion.policy.window.words} start with this announcement."),
        ),
    )


def _voting_opened(motion: Motion, params: Params, scene: Scene) -> Notice:
    closes: tuple[Span | str, ...] = ()
    if motion.closes_at is not None:
        closes = ("; it closes ", last_minute(motion.closes_at, motion.opened.zone))
    return Notice(
        motion=motion.number,
        lines=(line("The vote on ", *title(motion, scene), " has begun", *closes, ". Vote on the poll above."),),
    )


def _lifted(motion: Motion, params: Params, scene: Scene) -> Notice:
    by = who(motion.objections[int(params["index"])].person, scene)
    return Notice(
        motion=motion.number,
        lines=(line(by, " takes the objection to ", *title(motion, scene), " back."),),
    )


def _voided(motion: Motion, params: Params, scene: Scene) -> Notice:
    void = motion.voided
    if void is None:
        raise KeyError("voided")
    return Notice(
        motion=motion.number,
        lines=(
            line(
                *title(motion, scene, first=True),
                " is ",
                strong("void"),
                ": declared by ",
                who(void.person, scene),
                ", seconded by ",
                who(void.seconder, scene),
                ".",
            ),
            line(
                "It has no result; the ballots stay in the log. It can be voted on again with ",
                code(f"/moot rerun {motion.number}"),
                ".",
            )
            if motion.policy.kind not in {"remove", "step-down"}
            else line("It has no result; the ballots stay in the log."),
            *(
                [line("Its draft pull request is left: please close it, for I close none (R47).")]
                if motion.draft
                else []
            ),
            head_line(scene.head),
        ),
        quote=str(void.reason),
    )


def _extended(motion: Motion, params: Params, scene: Scene) -> Notice:
    extension = motion.extensions[int(params["index"])]
    closes = last_minute(extension.closes_at, motion.opened.zone)
    if extension.person is None:
        early = "Too few have voted for a quorum, so by the policy the window is extended once; it closes "
        why = line(early, closes, ".")
        return Notice(motion=motion.number, lines=(line(*title(motion, scene, first=True), ":"), why))
    return Notice(
        motion=motion.number,
        lines=(line(who(extension.person, scene), " extends ", *title(motion, scene), "; it closes ", closes, "."),),
        quote=str(extension.reason or ""),
    )


def _hand_over(motion: Motion, params: Params, scene: Scene) -> Notice:
    noted = motion.handover[int(params["index"])]
    work = line(" work of ", who(motion.subject, scene), f" (motion {motion.number}, R33)")
    taken = line(who(noted.taker, scene), " picks up", *work, ":") if noted.taker else line("Who picks up", *work, "?")
    return Notice(
        motion=motion.number,
        lines=(taken,),
        quote=str(noted.area),
    )


def _confirmed(motion: Motion, params: Params, scene: Scene) -> Notice:
    return Notice(
        motion=motion.number,
        lines=(line(who(motion.subject, scene), " confirms; I prepare the draft pull request (R32)."),),
    )


def _role_ended(motion: Motion, params: Params, scene: Scene) -> Notice:
    commit = code((motion.effective or "")[:12])
    lines = [
        line("Merged: ", who(motion.subject, scene), f" is no longer {role_of(motion)}, by the roster at ", commit, ".")
    ]
    if motion.outcome == "void":
        lines.append(line(f"That was before the vote had ended, so motion {motion.number} is void."))
    else:
        lines.append(line(f"Motion {motion.number} has ended. Thank you for the work."))
    return Notice(motion=motion.number, lines=tuple(lines))


def _pull_changed(motion: Motion, params: Params, scene: Scene) -> Notice:
    first = line("The pull request of ", *title(motion, scene), f" was changed: {motion.opened.link}")
    return Notice(motion=motion.number, lines=(first, pull_line(motion)))


def _unplaced(motion: Motion, params: Params, scene: Scene) -> Notice:
    again, late = code(f"{COMMAND} rerun {motion.number}"), people(motion.unplaced, scene)
    return Notice(
        motion=motion.number,
        lines=(
            line("After an outage I found reactions to ", *title(motion, scene), " of ", *late, "."),
            line("Nobody can say whether they came before the close, so they are ", strong("not counted"), " (R13)."),
            line("If you think that they would have changed the outcome: ", again, "."),
        ),
    )


CHANGES: Mapping[str, Callable[[Motion, Params, Scene], Notice]] = {
    "seconded": _seconded,
    "voting-opened": _voting_opened,
    "lifted": _lifted,
    "voided": _voided,
    "extended": _extended,
    "hand-over": _hand_over,
    "confirmed": _confirmed,
    "role-ended": _role_ended,
    "unplaced": _unplaced,
    "pull-changed": _pull_changed,
}
