"""Verbs of those who vote: ballots, objections, reminders."""

from __future__ import annotations

from typing import Final

from bot.core.menu.shape import COMMAND, REASON, REASON_NEEDED, Field, Verb


def _ballot(name: str, meaning: str) -> Verb:
    return Verb(
        name=name,
        summary=f"Vote {name} on a motion",
        help=f"Casts your ballot: {meaning}. You can change it until the close; your last one counts. "
        "A reason is kept with the ballot in the ledger and shown to nobody.",
        fields=(REASON,),
        example=f"{COMMAND} {name} 12",
        rules="R14, R15",
    )


VOTING: Final[tuple[Verb, ...]] = (
    _ballot("yes", "you approve"),
    _ballot("no", "you do not approve"),
    _ballot("abstain", "you take no side; towards the threshold it counts as no approval"),
    Verb(
        name="retract",
        summary="Take your ballot back",
        help="Your ballot no longer counts, as if you had not voted; the log keeps that it was there. "
        "Removing a reaction does not do this.",
        example=f"{COMMAND} retract 12",
        rules="R15",
    ),
    Verb(
        name="record",
        summary="Enter a ballot that was cast elsewhere, with the link that shows it",
        help="For ballots on a mailing list or in a meeting. The voter is told who entered it; their own ballot here "
        "always counts instead.",
        fields=(
            Field(name="voter", label="Whose ballot", kind="person", required=True, place="flag", limit=40),
            Field(name="choice", label="yes, no or abstain", kind="text", required=True, limit=10),
            Field(name="link", label="Link that shows it", kind="text", required=True, limit=500),
        ),
        example=f"{COMMAND} record 12 --voter @ada --choice yes --link https://lists.example.org/m/1",
        rules="R14",
    ),
    Verb(
        name="object",
        summary="Raise an objection with a reason",
        help="Your objection is recorded and told to the maintainers. It is no veto and no ballot: vote besides.",
        fields=(REASON_NEEDED,),
        example=f"{COMMAND} object 12 The storage driver has no other reviewer.",
        rules="R20",
    ),
    Verb(
        name="lift",
        summary="Take your objections back",
        help="Where the policy lets an objection block or escalate, this undoes it.",
        example=f"{COMMAND} lift 12",
        rules="R20",
    ),
    Verb(
        name="snooze",
        summary="Remind me of this motion in the morning",
        help="At the start of your next working day, if the vote is still open and you have not voted by then.",
        example=f"{COMMAND} snooze 12",
    ),
    Verb(
        name="pings",
        about="none",
        summary="How I remind you: show it, or change it",
        help="Two days and one day before a close I remind those who have not voted, on business days within their "
        "working hours, and never after the close. Without an option: how it is now.",
        fields=(
            Field(name="hours", label="Working hours", kind="text", limit=5, hint="full hours, such as 9-17"),
            Field(name="zone", label="Time zone", kind="text", limit=60, hint="such as Europe/Berlin"),
        ),
        example=f"{COMMAND} pings --hours 9-17 --zone Europe/Berlin",
    ),
    Verb(
        name="pings-off",
        about="none",
        summary="No more reminders, of any motion",
        help="You still find everything in the channel and with mine.",
        example=f"{COMMAND} pings-off",
    ),
    Verb(
        name="pings-on",
        about="none",
        summary="Reminders again",
        help="In your working hours, as `pings` shows them.",
        example=f"{COMMAND} pings-on",
    ),
    Verb(
        name="mute",
        summary="No more reminders of this motion",
        help="For you alone; the poll stays where it is.",
        example=f"{COMMAND} mute 12",
    ),
)
