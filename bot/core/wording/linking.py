"""Links between accounts: the code to type, what the channel is told, how it ended (T4, T5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.core.answers import Params
from bot.core.cards import Button, Line, Link, Moment, Note, Notice
from bot.core.menu import COMMAND
from bot.core.people import PersonId
from bot.core.wording.spans import Scene, code, line, strong, who

UNLINK = Button(verb="unlink", label="Undo this link", style="danger")
Told = Mapping[str, str | int]


def link_code(params: Params, scene: Scene) -> tuple[Line, ...]:
    """What to type, where, and what never to do with it."""
    url, minutes = str(params["url"]), params["minutes"]
    return (
        line("Open ", Link(url, url), ", signed in as yourself, and type ", code(str(params["code"])), "."),
        line(f"It is good for {minutes} minutes. I see when you have done it; nothing more is needed here."),
        line(strong("Only a code that you have asked for yourself:"), " whoever types it gives away their ballot."),
    )


def link_released(params: Params, scene: Scene) -> tuple[Line, ...]:
    """The receipt of an unlink."""
    number = int(params.get("count") or 0)
    what = "the link is" if number == 1 else f"{number} links are"
    return (line(f"Recorded: {what} undone. Ballots that were cast stay; they can be changed as ever."),)


def linked_notice(params: Told, scene: Scene) -> Notice:
    """An account has been linked: everybody sees it, and can undo it before it counts."""
    whose = PersonId(str(params["person"]))
    account, until = code(str(params["account"])), Moment(datetime.fromisoformat(str(params["until"])))
    undo = code(f"{COMMAND} unlink @{scene.names.login(whose)}")
    return Notice(
        motion=0,
        lines=(
            line("The account ", account, " is linked to ", who(whose, scene), ", by a code typed on GitHub."),
            line("It can vote from ", until, " on. If that is not them, undo it now: press, or type ", undo, "."),
        ),
        buttons=(UNLINK,),
    )


def unlinked_notice(params: Told, scene: Scene) -> Notice:
    """A link was undone, and by whom."""
    person, by = (who(PersonId(str(params[key])), scene) for key in ("person", "by"))
    account = code(str(params["account"]))
    return Notice(
        motion=0, lines=(line("The account ", account, " is no longer linked to ", person, ": undone by ", by, "."),)
    )


_ENDS = {
    "linked": "Your account here is linked now. Your ballot counts after the time that the channel is told.",
    "already": "Your account here is linked already; nothing has changed.",
    "denied": "Nothing was linked: you declined on GitHub.",
    "expired": "Nothing was linked: the code was not typed in time.",
    "fixed": "Nothing was linked: the configuration or the repository's map says already whose account this is.",
    "stranger": "Nothing was linked: that login is recorded for another GitHub account. Tell a maintainer.",
    "failed": "Nothing was linked: GitHub could not be asked.",
}


def link_ended(how: str) -> Note:
    """The end of a device flow, as a direct message."""
    return Note(motion=0, lines=(line(_ENDS[how]),))
