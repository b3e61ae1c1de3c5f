"""The deadlines as iCalendar: parsed back, every change counted, nothing private in the public one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import icalendar
import pytest

from bot.core.commands import Correct, Extend, MakeVoid, ProposeRemoval, Second, Withdraw
from bot.core.deadlines import Deadline, deadlines_of
from bot.ports import Pressed
from bot.wiring.site import deadlines
from tests.core.builders import Moot, Removal, leaving, text_moot
from tests.site.conftest import Governed
from tests.site.scene import AWAY, SECRETS, nominated
from tests.world import World, logins


def events(data: bytes) -> dict[str, Any]:
    """The calendar parsed back: its events by identifier."""
    parsed = icalendar.Calendar.from_ical(data)
    assert parsed["VERSION"] == "2.0"
    assert parsed["METHOD"] == "PUBLISH"
    found = {str(event["UID"]): event for event in parsed.walk("VEVENT")}
    assert len(found) == len(parsed.walk("VEVENT"))
    return found


def test_the_public_calendar_holds_public_motions_alone(project: Governed) -> None:
    data = deadlines(project.ledger, project.now)
    found = events(data)
    assert [str(event["SUMMARY"]) for event in found.values()] == [
        "The vote closes: Resolve: Keep the v2 API",
        "The vote closes: Resolve: Drop <b>Windows</b> & BSD",
        "The vote closes: Resolve: Sign every release",
    ]
    text = data.decode()
    assert not [secret for secret in (*SECRETS, AWAY) if secret in text]


def test_the_maintainers_calendar_has_the_private_ones_but_no_contact(project: Governed) -> None:
    text = deadlines(project.ledger, project.now, private=True).decode()
    assert "pendingone" in text
    assert AWAY not in text, "a contact is not even for the one whom it is about to find (R37)"


def test_instants_are_utc_and_lines_are_folded(project: Governed) -> None:
    data = deadlines(project.ledger, project.now, private=True)
    for event in events(data).values():
        assert event["DTEND"].dt.tzinfo is not None
        assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=1)
        assert event["DTEND"].to_ical().endswith(b"Z")
        assert event["LAST-MODIFIED"].dt == event["DTSTAMP"].dt
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))


def test_the_same_ledger_makes_the_same_bytes(project: Governed) -> None:
    later = project.now + timedelta(days=3)
    assert deadlines(project.ledger, project.now) == deadlines(project.ledger, later)


def test_what_ended_long_ago_is_gone_from_the_calendar(project: Governed) -> None:
    assert "Keep the v2 API" not in deadlines(project.ledger, project.now + timedelta(days=90)).decode()


async def test_an_extension_keeps_the_identifier_and_counts_up(world: World) -> None:
    before = next(
        e for e in events(deadlines(world.service.ledger, world.clock.now())).values() if "Sign" in e["SUMMARY"]
    )
    world.clock.move(timedelta(hours=2))
    await world.ask(logins()[2], "extend 9 --by 2bd Half of us are away.")
    after = events(deadlines(world.service.ledger, world.clock.now()))[before["UID"]]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after["DTSTART"].dt > before["DTSTART"].dt
    assert after["LAST-MODIFIED"].dt == world.clock.now()
    assert after["STATUS"] == "CONFIRMED"


async def test_a_withdrawn_motion_is_cancelled(world: World) -> None:
    number = await nominated(world, "anotherone")
    await world.ask(logins()[0], Pressed(verb="withdraw", motion=number))
    await world.ask(logins()[0], f"withdraw {number} They asked me to wait.")
    found = events(deadlines(world.service.ledger, world.clock.now(), private=True))
    (event,) = [event for event in found.values() if "anotherone" in event["SUMMARY"]]
    assert event["STATUS"] == "CANCELLED"
    assert event["SEQUENCE"] == 1
    assert "They asked" not in str(event["DESCRIPTION"])


# ---------------------------------------------------------------------- the core


def closing(moot: Moot) -> Deadline:
    _, found = deadlines_of(moot.number, moot.log)
    return next(deadline for deadline in found if deadline.what == "close")


def test_a_correction_waits_and_then_sets_the_deadline_anew() -> None:
    moot = Moot()
    first = closing(moot)
    moot.now += timedelta(days=1)
    moot.does(moot.members[0], Correct(text="A better text."))
    waiting = closing(moot)
    assert (waiting.standing, waiting.at, waiting.changes) == ("waiting", first.at, 1)
    moot.announce()
    anew = closing(moot)
    assert (anew.standing, anew.changes) == ("set", 2)
    assert anew.at > first.at


def test_ballots_change_no_deadline() -> None:
    moot = Moot()
    before = closing(moot)
    moot.votes(yes=5, no=2)
    moot.close()
    assert closing(moot) == before


def test_an_end_before_the_deadline_cancels_it_and_one_after_it_does_not() -> None:
    early = Moot()
    early.does(early.members[0], Withdraw(reason="Not now."))
    assert closing(early).standing == "cancelled"
    late = Moot()
    late.carry()
    late.now += timedelta(days=1)
    late.does(late.members[0], MakeVoid(reason="It was announced in the wrong place."))
    late.does(late.members[1], Second())
    assert late.motion.outcome == "void"
    assert closing(late).standing == "set", "it has passed; nothing of it was cancelled"


def test_a_removal_has_the_draft_and_then_the_window_and_a_contact_nothing() -> None:
    removal = Removal().contacted()
    assert deadlines_of(removal.number, removal.log)[1] == ()
    removal.does(removal.members[0], ProposeRemoval())
    removal.announce()
    assert [d.what for d in deadlines_of(removal.number, removal.log)[1]] == ["draft"]
    voting = Removal().voting()
    assert [d.what for d in deadlines_of(voting.number, voting.log)[1]] == ["draft", "close"]


@pytest.mark.parametrize("extended", [True, False])
def test_a_step_down_has_no_deadline_and_an_extension_counts(extended: bool) -> None:
    assert deadlines_of(12, leaving().log)[1] == ()
    moot = text_moot()
    if extended:
        moot.does(moot.members[1], Extend(by="2bd", reason="Half of us are away."))
    assert closing(moot).changes == int(extended)
