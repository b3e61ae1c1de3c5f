"""What is written to a page of a forge: counts and rules only (R24, R44).

Must never hold what somebody typed, a voter, a choice or a reason: whoever finds the page reads it (T22, T28).
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.answers import Answer
from bot.core.cards import Line, Notice, Reply, Span
from bot.core.motion import Motion
from bot.core.reactions import FORGE_SHOWN
from bot.core.teller import Tally, tally
from bot.core.wording.answers import answer_card
from bot.core.wording.poll import arithmetic_line, closes_line, hidden, tally_line, turnout_line
from bot.core.wording.spans import Scene, closed_at, code, last_minute, line, pull_line, strong

_WORDS = ("yes", "no", "abstain")


def thread_status(motion: Motion, scene: Scene) -> Notice:
    """The one status of a motion on its page: how it stands, how to vote there, what came of it."""
    named = strong(f"Motion {motion.number}")
    counted = tally(motion)
    if not motion.open:
        lines = [line(named, " is ", strong(motion.stage), "."), *_result(motion, counted, scene)]
        lines += [pull_line(motion)] if motion.pull_does != "same" else []
        return Notice(motion=motion.number, lines=tuple(lines))
    lines = [line(named, f" is about this page, in {motion.opened.repository}. {_venues(motion)}")]
    if motion.voting:
        lines += [_running(motion, counted), arithmetic_line(motion, counted)]
    if motion.pull_does != "same":
        lines.append(pull_line(motion))
    lines.append(_until(motion, scene))
    lines += _how(motion)
    return Notice(motion=motion.number, lines=tuple(lines))


def thread_result(motion: Motion, scene: Scene) -> Notice:
    """The result, said once on the page that called for it (R53)."""
    lines = [
        line(strong(f"Motion {motion.number}"), " is ", strong(motion.stage), "."),
        *_result(motion, tally(motion), scene),
    ]
    if motion.pull_does != "same":
        lines.append(pull_line(motion))
    if motion.policy.enactment == "record" and motion.stage in {"carried", "lost"}:
        lines.append(line("The decision is recorded in a draft pull request (R53)."))
    return Notice(motion=motion.number, lines=tuple(lines))


def thread_note(params: Mapping[str, str | int], scene: Scene) -> Notice:
    """Why what somebody wrote on the page was not done: to them, once, and without what they wrote."""
    code_, login = str(params["note-code"]), str(params["note-login"])
    rest = {name: value for name, value in params.items() if not name.startswith("note-")}
    said: Reply = answer_card(Answer(ok=False, code=code_, params=rest), scene)
    once = line("I say this to you once on this page; what you write later is read all the same.")
    return Notice(motion=said.motion, lines=(line(f"{login}: ", *said.lines[0]), *said.lines[1:], once))


def comment_gone(motion: Motion) -> tuple[Line, ...]:
    """A comment that held a ballot is gone: the ballot is not (R15)."""
    return (
        line(f"A comment that held a ballot on motion {motion.number} was removed or rewritten."),
        line("That retracts nothing: the ballot stands. Its voter can take it back: ", code("/moot retract"), "."),
    )


def _venues(motion: Motion) -> str:
    if motion.policy.secrecy == "blinded":
        return "The vote is blinded: it is cast in the maintainers' channel alone, and nothing here counts."
    if motion.policy.venues == "pull-request":
        return "The maintainers vote on it here and nowhere else (R40)."
    return "The maintainers vote on it here and in their channel."


def _running(motion: Motion, counted: Tally) -> Line:
    """The count as it runs; of a removal, how many have voted and no more (R44)."""
    if motion.policy.kind == "remove" or hidden(motion):
        return turnout_line(counted)
    return tally_line(counted, barred=len(motion.barred))


def _until(motion: Motion, scene: Scene) -> Line:
    """When it closes, without how far off that is: nobody edits a status from day to day."""
    if motion.closes_at is None:
        return closes_line(motion, scene)
    until = last_minute(motion.closes_at, motion.opened.zone)
    return line("Closes ", until, f" ({motion.policy.window.words}). A ballot can be changed until then.")


def _how(motion: Motion) -> list[Line]:
    if motion.policy.secrecy == "blinded" or not motion.voting:
        return []
    words = _WORDS[:2] if motion.policy.ballot == "yes-no" else _WORDS
    shown: list[Span | str] = []
    for place, (word, emoji) in enumerate(zip(words, FORGE_SHOWN, strict=False)):
        shown += [", " if place else "", code(f"/moot {word}"), f" (or {emoji} on this comment)"]
    wherever = ", wherever it was cast" if motion.policy.venues == "all" else ""
    lines = [
        line("To vote, write a comment with one of these at the start of a line: ", *shown, "."),
        line(
            f"Only maintainers' ballots count, and of each maintainer the last one{wherever}. Removing a comment or a "
            "reaction retracts nothing; ",
            code("/moot retract"),
            " does.",
        ),
    ]
    if motion.policy.kind == "remove":
        lines.append(line("Please keep this page free of reasons and discussion (R44)."))
    return lines


def _result(motion: Motion, counted: Tally, scene: Scene) -> list[Line]:
    closed = motion.closed
    if motion.stage in {"withdrawn", "void"} or closed is None:
        ended = line(*closes_line(motion, scene), f". Record: motion {motion.number}, log head ", code(scene.head), ".")
        return [ended, line("There is no result, and nothing changes.")]
    shown = tally_line(counted, over=True, barred=len(motion.barred))
    return [
        turnout_line(counted, over=True) if hidden(motion) else shown,
        arithmetic_line(motion, counted),
        line("Closed ", closed_at(motion), f". Record: motion {motion.number}, log head ", code(scene.head), "."),
    ]
