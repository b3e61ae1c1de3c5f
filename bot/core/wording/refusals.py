"""Why something was not done, what was not done, and what to type instead: one function a code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.core.answers import Params
from bot.core.cards import Line, Moment
from bot.core.menu import BY_NAME, COMMAND
from bot.core.people import MAINTAINER, PersonId
from bot.core.wording.spans import Scene, code, count, last_minute, line, strong, who

Words = Callable[[Params, Scene], tuple[Line, ...]]

_NOT_DONE: Mapping[str, str] = {
    "vote": "Your ballot was not counted:",
    "retract": "Nothing was retracted:",
    "object": "Your objection was not recorded:",
    "propose": "No motion was opened:",
    "withdraw": "Nothing was withdrawn:",
    "correct": "Nothing was corrected:",
    "second": "Nothing was seconded:",
    "invite": "The invitation was not recorded:",
    "accepted": "The answer was not recorded:",
    "declined": "The answer was not recorded:",
    "acknowledge": "Nothing was acknowledged:",
    "nominate": "No motion was opened:",
    "yes": "Your ballot was not counted:",
    "no": "Your ballot was not counted:",
    "abstain": "Your ballot was not counted:",
}


def _start(params: Params, default: str = "Not done:") -> Line:
    return line(strong(_NOT_DONE.get(str(params.get("what", "")), default)), " ")


def _simple(start: str, text: str, *remedy: str) -> Words:
    """A refusal whose words hang on no parameter."""
    lines = (line(strong(start), f" {text}"), *(line(part) for part in remedy))
    return lambda params, scene: lines


def _usage(params: Params) -> Line:
    verb = BY_NAME.get(str(params.get("verb", "")))
    return line("Type ", code(verb.usage if verb else f"{COMMAND} help"), ", or ", code(f"{COMMAND} help"), ".")


def _not_in_electorate(params: Params, scene: Scene) -> tuple[Line, ...]:
    eligible = int(params.get("eligible") or 0)
    voters = f"the {count(eligible, 'maintainer')} of {params['repository']}"
    only = f"only {voters} in the electorate of motion {params['motion']} may do this (R3, R4, R5)."
    return (line(*_start(params), only), line("Your view is welcome in the thread."))


def _left(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (line(*_start(params), "you left the roster while this vote runs, and with it the electorate (R5)."),)


def _candidate(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (line(*_start(params), "the motion is about you, and the candidate is never in the electorate (R22)."),)


def _not_a_maintainer(params: Params, scene: Scene) -> tuple[Line, ...]:
    role = str(params.get("role") or "")
    you = f"you are a {role}" if role else "you are not one of them"
    only, rules = f"maintainers of {params['repository']}", "R10" if params.get("what") == "propose" else "R25"
    if "motion" in params:
        only, rules = f"the maintainers in the electorate of motion {params['motion']}", "R3, R5"
    return (
        line(*_start(params), f"only {only} may do this, and {you} ({rules})."),
        line("Ask one of them to do it."),
    )


def _closed(params: Params, scene: Scene) -> tuple[Line, ...]:
    motion = params["motion"]
    return (
        line(*_start(params), f"motion {motion} is {params.get('outcome') or 'closed'}; its window has ended."),
        line("See ", code(f"{COMMAND} status {motion}"), "."),
    )


def _too_late(params: Params, scene: Scene) -> tuple[Line, ...]:
    closed = last_minute(datetime.fromisoformat(str(params["closed"])), "UTC")
    return (line(*_start(params), f"motion {params['motion']} closed ", closed, ", before you acted (R13)."),)


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
        line("Finish it: ", code(f"{COMMAND} invite {motion}"), ", or record that the candidate declined."),
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


def _too_long(params: Params, scene: Scene) -> tuple[Line, ...]:
    over = f" has {params['length']} characters; at most {params['limit']} fit."
    return (line(strong("Not done:"), f" the {params['field']}{over}"), line("Shorten it and send it again."))


def _deceptive(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (
        line(
            strong("Not done:"),
            f" the {params['field']} holds the character ",
            code(str(params["char"])),
            ", which readers cannot see or which reorders text.",
        ),
        line("Type it anew without it."),
    )


def _missing(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (
        line(strong("Not done:"), " ", code(str(params["field"])), " is missing."),
        *([_usage(params)] if "verb" in params else []),
    )


def _name_unfit(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (
        line(
            strong("Not recorded:"),
            f" the {params['field']} has a character that a maintainers file cannot hold "
            "(quotes, angle brackets, commas, or a sign in front).",
        ),
        line("Type it without; a person can mend it in the draft."),
    )


def _unknown_flag(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (line(strong("Not done:"), f" {COMMAND} {params['verb']} has no such option."), _usage(params))


def _flag_twice(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (line(strong("Not done:"), f" --{params['flag']} stands there twice."), _usage(params))


def _words_too_many(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (line(strong("Not done:"), " there are words that I do not understand."), _usage(params))


def _number_missing(params: Params, scene: Scene) -> tuple[Line, ...]:
    if not params.get("open"):
        return (
            line(strong("Not done:"), " no motion is open here."),
            line("Give the number of one that has ended, or see ", code(f"{COMMAND} help nominate"), "."),
        )
    return (
        line(strong("Not done:"), " I do not know which motion you mean: several are open."),
        line("Give its number; ", code(f"{COMMAND} list"), " shows them."),
    )


def _no_such_motion(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (
        line(strong("Not done:"), " there is no motion of that number here."),
        line(code(f"{COMMAND} list"), " shows the open ones."),
    )


def _unlinked(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (
        line(*_start(params), "I do not know which forge account is yours, so you can neither vote nor propose."),
        line("Ask the operator to link your account ", code(str(params["account"])), " to your forge login."),
    )


def _not_the_inviter(params: Params, scene: Scene) -> tuple[Line, ...]:
    person, motion = who(PersonId(str(params["person"])), scene), params["motion"]
    return (
        line(strong("The answer was not recorded:"), " ", person, " has taken the invitation and records it (R26)."),
        line("If they cannot, take over with ", code(f"{COMMAND} invite {motion}"), "."),
    )


def _not_carried(params: Params, scene: Scene) -> tuple[Line, ...]:
    return (line(*_start(params), f"motion {params['motion']} has not carried; it is {params['outcome']}."),)


def _about(start: str, text: str, remedy: str = "") -> Words:
    """A refusal that names only the motion: `#` stands for it."""

    def words(params: Params, scene: Scene) -> tuple[Line, ...]:
        named = f"motion {params.get('motion')}"
        first = line(strong(start), " ", text.replace("#", named))
        return (first, line(remedy.replace("#", str(params.get("motion"))))) if remedy else (first,)

    return words


REFUSALS: Mapping[str, Words] = {
    "not-in-electorate": _not_in_electorate,
    "left-the-electorate": _left,
    "candidate-votes-not": _candidate,
    "not-a-maintainer": _not_a_maintainer,
    "closed": _closed,
    "too-late": _too_late,
    "roster-unreadable": _roster_unreadable,
    "policy-unreadable": _policy_unreadable,
    "roster-empty": _simple(
        "No motion was opened:",
        "the roster names no maintainer, so nobody could vote (R6).",
        "Add the maintainers to the file, then try again.",
    ),
    "already-on-roster": _already_on_roster,
    "already-proposed": _already_proposed,
    "already-carried": _already_carried,
    "cool-down": _cool_down,
    "too-many-motions": _too_many,
    "text-too-long": _too_long,
    "text-deceptive": _deceptive,
    "text-missing": _missing,
    "value-missing": _missing,
    "name-unfit": _name_unfit,
    "email-unfit": _simple("Not recorded:", "that is no mail address.", "Write it like new@example.org."),
    "unknown-verb": _simple("Not done:", "I do not know that verb.", f"Type {COMMAND} help to see them all."),
    "unknown-flag": _unknown_flag,
    "flag-twice": _flag_twice,
    "words-too-many": _words_too_many,
    "unknown-role": _simple("No motion was opened:", "the role is maintainer or reviewer.", "Write --role maintainer."),
    "months-unfit": _simple(
        "No motion was opened:", "the months of involvement must be a whole number, 1200 at most.", "Write --months 7."
    ),
    "login-unfit": _simple(
        "No motion was opened:",
        "that is no login; one has letters, digits and hyphens only.",
        f"Write {COMMAND} nominate @login ...",
    ),
    "self-nomination": _simple(
        "No motion was opened:", "nobody proposes themselves.", "Ask another maintainer to nominate you (R10)."
    ),
    "sponsor-is-candidate": _simple(
        "No motion was opened:", "the candidate cannot be their own sponsor (R27).", "Name another, or none."
    ),
    "sponsor-no-maintainer": _simple(
        "No motion was opened:", "the sponsor must be a maintainer of this repository.", "Name another, or none."
    ),
    "channel-public": _simple(
        "No motion was opened:",
        "a channel of this repository is public, and a candidacy is private until the candidate accepts (R24).",
        'Ask the operator for private channels, or for visibility = "public" in the policy.',
    ),
    "channel-unknown": _simple(
        "No motion was opened:",
        "I cannot tell whether the maintainers' channel is private (R24).",
        "Check that I am a member of it, and try again.",
    ),
    "no-policy": _simple("No motion was opened:", "the policy has no rules for that role.", "Try the other role."),
    "no-repository": _simple("Not done:", "this channel belongs to no repository.", "Use the maintainers' channel."),
    "number-missing": _number_missing,
    "no-such-motion": _no_such_motion,
    "unlinked": _unlinked,
    "nothing-to-retract": _about("Nothing was retracted:", "you have no ballot on #."),
    "nothing-to-second": _about("Nothing was seconded:", "nobody has asked to withdraw or correct #."),
    "second-by-another": _about("Nothing was seconded:", "you asked for it yourself; another maintainer has to agree."),
    "nothing-to-acknowledge": _about("Nothing was acknowledged:", "the result of # waits for nobody."),
    "already-answered": _about("Nothing was recorded:", "the candidate's answer to # is recorded already."),
    "nobody-invited": _about(
        "The answer was not recorded:",
        "nobody has taken the invitation of # yet.",
        f"Type {COMMAND} invite # when you contact the candidate.",
    ),
    "not-the-inviter": _not_the_inviter,
    "not-carried": _not_carried,
    "not-due": _about("Not closed:", "the window of # has not ended."),
}
