"""The forms that refusals share: what was not done, why, and what to type."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.core.answers import Params
from bot.core.cards import Line
from bot.core.people import PersonId
from bot.core.wording.spans import Scene, line, strong, who

Words = Callable[[Params, Scene], tuple[Line, ...]]


NOT_DONE: Mapping[str, str] = {
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
    "record": "The ballot was not entered:",
    "snooze": "Nothing was put off:",
    "mute": "Nothing was changed:",
    "pings": "Nothing was changed:",
    "pings-on": "Nothing was changed:",
    "pings-off": "Nothing was changed:",
    "lift": "Nothing was taken back:",
    "extend": "The window was not extended:",
    "void": "Nothing was declared void:",
    "confirm": "Nothing was confirmed:",
    "contact": "The contact was not recorded:",
    "contact-take": "The contact was not recorded:",
    "contact-stays": "The answer was not recorded:",
    "contact-steps-down": "The answer was not recorded:",
    "contact-cannot": "The answer was not recorded:",
    "contact-no-answer": "The answer was not recorded:",
    "remove": "Nothing was proposed:",
    "hand-over": "Nothing was noted:",
    "rerun": "No motion was opened:",
    "resolve": "No motion was opened:",
    "step-down": "Nothing was announced:",
    "nominate": "No motion was opened:",
    "practice": "No motion was opened:",
    "yes": "Your ballot was not counted:",
    "no": "Your ballot was not counted:",
    "abstain": "Your ballot was not counted:",
    "dco": "Nothing was looked at:",
    "link": "Nothing was linked:",
    "unlink": "Nothing was undone:",
}


def start(params: Params, default: str = "Not done:") -> Line:
    return line(strong(NOT_DONE.get(str(params.get("what", "")), default)), " ")


def simple(start: str, text: str, *remedy: str) -> Words:
    """A refusal whose words hang on no parameter."""
    lines = (line(strong(start), f" {text}"), *(line(part) for part in remedy))
    return lambda params, scene: lines


def about(start: str, text: str, remedy: str = "") -> Words:
    """A refusal that names only the motion: `#` stands for it. Where the answer says what was asked, it begins so."""

    def words(params: Params, scene: Scene) -> tuple[Line, ...]:
        named = f"motion {params.get('motion')}"
        begins = NOT_DONE.get(str(params.get("what", "")), start)
        first = line(strong(begins), " ", text.replace("#", named))
        return (first, line(remedy.replace("#", str(params.get("motion"))))) if remedy else (first,)

    return words


def by_person(start: str, text: str, remedy: str = "") -> Words:
    """A refusal that names a person: `@` stands for them, and `#` for the motion. It begins as `about` does."""

    def words(params: Params, scene: Scene) -> tuple[Line, ...]:
        before, _, after = text.replace("#", f"motion {params.get('motion')}").partition("@")
        begins = NOT_DONE.get(str(params.get("what", "")), start)
        first = line(strong(begins), f" {before}", who(PersonId(str(params["person"])), scene), after)
        return (first, line(remedy.replace("#", str(params.get("motion"))))) if remedy else (first,)

    return words


NOT_OPENED = "No motion was opened:"
