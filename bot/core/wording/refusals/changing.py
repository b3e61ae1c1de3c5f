"""Changes of a motion, and answers after it, that were not recorded."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.answers import Params
from bot.core.cards import Line
from bot.core.menu import COMMAND
from bot.core.people import PersonId
from bot.core.wording.refusals.shape import NOT_OPENED, Words, about, by_person, simple, start
from bot.core.wording.spans import Scene, code, line, strong, who


def _name_unfit(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (
        line(
            strong("Not recorded:"),
            f" the {params['field']} has a character that a maintainers file cannot hold "
            "(quotes, angle brackets, commas, or a sign in front).",
        ),
        line("Type it without; a person can mend it in the draft."),
    )


def _not_the_inviter(params: Params, scene: Scene) -> tuple[Line, ...]:
    person, motion = who(PersonId(str(params["person"])), scene), params["motion"]
    return (
        line(strong("The answer was not recorded:"), " ", person, " has taken the invitation and records it (R26)."),
        line("If they cannot, take over with ", code(f"{COMMAND} invite {motion}"), "."),
    )


def _not_carried(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (line(*start(params), f"motion {params['motion']} has not carried; it is {params['outcome']}."),)


CHANGING: Mapping[str, Words] = {
    "asked-already": by_person(
        "Nothing was asked for:",
        "@ has asked for something on # that waits for a second.",
        "Second that first, or talk to them.",
    ),
    "asked-anew": about(
        "Nothing was seconded:",
        "something else has been asked for on # since this message.",
        "Read the latest one, and press its button if you agree.",
    ),
    "window-unfit": simple("The window was not extended:", "that is no span of time.", "Write 2bd, 3d or 12h."),
    "text-frozen": about(
        "Nothing was corrected:", "the text of # is frozen (R52).", f"Withdraw it with {COMMAND} withdraw #."
    ),
    "in-pull-request": about("Not done:", "# is voted on for a pull request that is there; the candidate knows (R27)."),
    "no-candidate": about("Not done:", "# has no candidate to invite."),
    "not-to-be-rerun": about(NOT_OPENED, "# is not lost, withdrawn or void."),
    "rerun-anew": about(NOT_OPENED, "# is not repeated as it was.", "Begin it anew."),
    "name-unfit": _name_unfit,
    "email-unfit": simple("Not recorded:", "that is no mail address.", "Write it like new@example.org."),
    "nothing-to-second": about("Nothing was seconded:", "nobody has asked to withdraw or correct #."),
    "second-by-another": about("Nothing was seconded:", "you asked for it yourself; another maintainer has to agree."),
    "nothing-to-acknowledge": about("Nothing was acknowledged:", "the result of # waits for nobody."),
    "already-answered": about("Nothing was recorded:", "the candidate's answer to # is recorded already."),
    "nobody-invited": about(
        "The answer was not recorded:",
        "nobody has taken the invitation of # yet.",
        f"Type {COMMAND} invite # when you contact the candidate.",
    ),
    "not-the-inviter": _not_the_inviter,
    "not-carried": _not_carried,
}
