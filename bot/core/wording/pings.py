"""How somebody is reminded, in words, with the buttons to change it."""

from __future__ import annotations

from bot.core.answers import Params
from bot.core.cards import Button, Line, Listing
from bot.core.menu import COMMAND
from bot.core.people import Pings
from bot.core.wording.spans import code, line, strong

CHANGE = Button(verb="pings", label="Change hours…", form=True)
OFF = Button(verb="pings-off", label="No more reminders")
ON = Button(verb="pings-on", label="Remind me again", style="primary")


def pings_words(on: bool, zone: str, hours: tuple[object, object] | None) -> Line:
    """In one sentence. Without hours reminders come as soon as they are due."""
    if not on:
        return line(strong("I do not remind you"), " of any motion.")
    when = "as soon as a reminder is due"
    if hours is not None:
        when = f"between {hours[0]}:00 and {hours[1]}:00 on business days"
    return line("I remind you ", strong(when), f" ({zone})." if hours is not None else ".")


def pings_card(on: bool, zone: str, hours: tuple[int, int] | None) -> Listing:
    """How it is now, and how to change it."""
    rows = (
        pings_words(on, zone, hours),
        line("Two days and one day before a close, if you may vote and have not; never after the close."),
        line("One motion alone: ", code(f"{COMMAND} mute N"), " or ", code(f"{COMMAND} snooze N"), "."),
    )
    return Listing(heading=line(strong("Your reminders")), rows=rows, buttons=(CHANGE, OFF) if on else (ON, CHANGE))


def pings_params(pings: Pings) -> Params:
    """For an answer that is stored."""
    return {"on": pings.on, "zone": pings.zone or "UTC", "start": pings.start, "end": pings.end}


def pings_receipt(params: Params) -> Line:
    """The sentence of a stored answer."""
    words = pings_words(bool(params["on"]), str(params["zone"]), (params["start"], params["end"]))
    return line("Recorded: ", *words)
