"""Direct messages about an inactive maintainer: gentle, private, and never in the channel (R36-R38)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.core.cards import Button, Line, Note
from bot.core.motion import Motion
from bot.core.wording.poll import role_of
from bot.core.wording.spans import Scene, code, line, strong, who

Params = Mapping[str, str | int]
TAKE = Button(verb="contact-take", label="I will contact them", style="primary")
ANSWERS = (
    Button(verb="contact-stays", label="They stay, and can"),
    Button(verb="contact-steps-down", label="They step down"),
    Button(verb="contact-cannot", label="They stay, but cannot"),
    Button(verb="contact-no-answer", label="No answer"),
)


def _asked(motion: Motion, params: Params, scene: Scene) -> Note:
    return Note(
        motion=motion.number,
        lines=(
            line(
                who(motion.opened.proposer, scene),
                " asks for a neutral person to say hello to ",
                who(motion.subject, scene),
                f", {role_of(motion)}, who seems to have been away (motion {motion.number}, R37).",
            ),
            line(
                "Neutral means: not they themselves, not who asked, and not of the same employer. "
                "Nothing of this is in the channel, and nothing follows from it by itself (R36)."
            ),
        ),
        buttons=(TAKE,),
    )


def _taken(motion: Motion, params: Params, scene: Scene) -> Note:
    return Note(
        motion=motion.number,
        lines=(
            line(who(motion.contact, scene), " contacts ", who(motion.subject, scene), f" (motion {motion.number})."),
        ),
    )


def _draft(motion: Motion, params: Params, scene: Scene) -> Note:
    login, repository = scene.names.login(motion.subject) if motion.subject else "", motion.opened.repository
    letter = (
        f"Hi {login},\n\n"
        f"the other maintainers of {repository} noticed that you have been away for a while, and asked me to say "
        "hello. No blame in it.\n\n"
        f"Would you like to go on as {role_of(motion)}? Stepping down is fine too, and can be undone by the usual "
        "road. If you stay but cannot do the work at present, tell me that as well.\n"
    )
    return Note(
        motion=motion.number,
        lines=(
            line(
                "Thank you for contacting ", who(motion.subject, scene), ". A letter to start from; change every word:"
            ),
            line("Record their answer below. I remind you to ask again after five business days, twice (R38)."),
        ),
        code=letter,
        buttons=ANSWERS,
    )


def _remind(motion: Motion, params: Params, scene: Scene) -> Note:
    number = int(params["count"])
    return Note(
        motion=motion.number,
        lines=(
            line(
                "Has ",
                who(motion.subject, scene),
                f" answered? If not, please ask once more; this is reminder {number} of 2 (R38).",
            ),
        ),
        buttons=ANSWERS,
    )


_SAID = {
    "steps-down": "steps down. They do it themselves with /moot step-down; this has ended.",
    "stays": "stays, and can go on. This has ended; nothing changes.",
    "cannot": "stays, but cannot do the work at present.",
    "no-answer": "has not answered, after two reminders.",
}


def _answered(motion: Motion, params: Params, scene: Scene) -> Note:
    answer = motion.contact_answer
    if answer is None:
        raise KeyError("contact-answer")
    lines = [line(f"Motion {motion.number}: ", who(motion.subject, scene), f" {_SAID[answer.answer]}")]
    buttons: tuple[Button, ...] = ()
    if answer.answer in {"cannot", "no-answer"}:
        lines.append(
            line(
                "A maintainer may propose the removal to the channel now, where ",
                strong("they read it too"),
                " (R39, R43): ",
                code(f"/moot remove {motion.number}"),
            )
        )
        buttons = (Button(verb="remove", label="Propose it to the channel"),)
    return Note(motion=motion.number, lines=tuple(lines), buttons=buttons)


def _ended(motion: Motion, params: Params, scene: Scene) -> Note:
    return Note(
        motion=motion.number,
        lines=(
            line(
                who(motion.opened.proposer, scene),
                " takes the request to contact ",
                who(motion.subject, scene),
                f" back (motion {motion.number}). This has ended; nothing changes.",
            ),
        ),
    )


def _recorded_for(motion: Motion, params: Params, scene: Scene) -> Note:
    person = str(params.get("person", ""))
    ballot = next((b for p, b in motion.ballots.items() if p == person), None)
    if ballot is None or ballot.entered_by is None:
        return Note(motion=motion.number, lines=(line(f"Your entered ballot on motion {motion.number} was replaced."),))
    return Note(
        motion=motion.number,
        lines=(
            line(
                who(ballot.entered_by, scene),
                " entered your ballot on ",
                strong(f"motion {motion.number}"),
                ": ",
                strong(ballot.choice or ""),
                f", as shown by {ballot.link} (R14).",
            ),
            line("If that is not right, vote yourself, or retract it: your own word always counts."),
        ),
        buttons=(
            Button(verb="yes", label="Yes", style="primary"),
            Button(verb="no", label="No"),
            Button(verb="retract", label="Retract"),
        ),
    )


def contact_lines(motion: Motion, scene: Scene) -> tuple[Line, ...]:
    """Where a contact stands: for the other maintainers alone."""
    about = line(strong(f"Motion {motion.number}"), " · private · contact with ", who(motion.subject, scene))
    if motion.contact_answer is not None:
        return (about, line(who(motion.subject, scene), f" {_SAID[motion.contact_answer.answer]}"))
    if not motion.open:
        return (about, line("This has ended; nothing changes."))
    if motion.contact is None:
        return (about, line("Nobody has taken it yet: ", code(f"/moot contact-take {motion.number}")))
    asked = f" has asked; {motion.reminded} of 2 reminders have gone out." if motion.reminded else " asks them."
    return (about, line(who(motion.contact, scene), asked))


CONTACT: Mapping[str, Callable[[Motion, Params, Scene], Note]] = {
    "contact-asked": _asked,
    "contact-taken": _taken,
    "contact-draft": _draft,
    "contact-remind": _remind,
    "contact-answer": _answered,
    "contact-ended": _ended,
    "recorded-for": _recorded_for,
}
