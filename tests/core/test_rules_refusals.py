"""Every refusal of the rules can be reached, and one refusal is reached for each code that the sources name."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core import rules
from bot.core.answers import Refused
from bot.core.calendar import Window
from bot.core.commands import (
    Acknowledge,
    AskContact,
    Close,
    Command,
    Confirm,
    Correct,
    Extend,
    HandOver,
    LiftObjection,
    Nominate,
    Practice,
    ProposeRemoval,
    RaiseObjection,
    RecordAnswer,
    RecordBallot,
    RecordContact,
    Rerun,
    RetractBallot,
    Second,
    Snooze,
    StepDown,
    TakeContact,
    TakeInvitation,
    Withdraw,
)
from bot.core.people import PersonId
from bot.core.practice import practice_policy
from bot.core.rules import Facts, RosterFault, decide
from bot.core.rules.stepping import AREAS
from tests.core.builders import (
    CANDIDATE,
    EMPTY,
    OUTSIDER,
    RULES,
    START,
    Moot,
    PaperDocket,
    Removal,
    dispute,
    expect_refusal,
    leaving,
    named,
    nomination,
    opening,
    people,
    policy,
    practice,
    propose,
    resolution,
    roster,
)

CODE = re.compile(r'code ?= ?"([a-z-]+)"(?: if [^,\n]*? else "([a-z-]+)")?')
YES = RecordAnswer(accepted=True, name="", email="")
Make = Callable[[], Refused]


def codes_in(*paths: Path) -> set[str]:
    """Every refusal code that these sources write."""
    found: set[str] = set()
    for path in paths:
        for groups in CODE.findall(path.read_text(encoding="utf-8")):
            found |= set(groups) - {""}
    return found


def sources() -> tuple[Path, ...]:
    """The sources of the rules."""
    return tuple(sorted(Path(rules.__file__).parent.glob("*.py")))


def nominating(command: Nominate | None = None, **changes: object) -> Refused:
    return expect_refusal(propose(command=command, about=dataclasses.replace(opening(), **changes)))  # type: ignore[arg-type]


def first(command: Command, moot: Moot | None = None) -> Refused:
    """The first maintainer asks for this, by default on an open motion."""
    moot = moot or Moot()
    return moot.refused(moot.members[0], command)


def carried(*, invited: bool = False, answered: bool = False) -> Moot:
    moot = Moot()
    moot.carry()
    if answered:
        moot.accept()
    elif invited:
        moot.does(moot.members[1], TakeInvitation())
    return moot


def closed() -> Moot:
    moot = Moot()
    moot.close()
    return moot


def cooled_down() -> Refused:
    rules_of_it = policy(cool_down=Window(count=1, unit="d"))
    moot = Moot(rules=rules_of_it)
    moot.close()
    return expect_refusal(propose(about=opening(policy=rules_of_it), docket=PaperDocket([moot.entry()]), now=moot.now))


def practising(*, minutes: int = 10, docket: PaperDocket = EMPTY) -> Refused:
    about = opening(policy=practice_policy(RULES, minutes), subject=None)
    return expect_refusal(propose(command=Practice(title="Tea?", minutes=minutes), about=about, docket=docket))


def left() -> Refused:
    moot = Moot()
    moot.read_roster(*moot.members[1:])
    return first(moot.ballot("yes"), moot)


def asked_for() -> Refused:
    moot = Moot()
    moot.does(moot.members[1], Withdraw(reason="Why."))
    return moot.refused(moot.members[1], Second())


def too_late() -> Refused:
    moot = Moot()
    moot.now = moot.end
    return first(moot.ballot("yes"), moot)


def in_docket(moot: Moot, *, limit: int = 3, subject: PersonId = CANDIDATE) -> Refused:
    about = opening(limit=limit, subject=subject)
    return expect_refusal(propose(about=about, docket=PaperDocket([moot.entry()]), now=moot.now))


def last(moot: Moot, command: Command, who: int = 12, **known: Any) -> Refused:
    """Member number `who` asks for this."""
    return moot.refused(moot.members[who - 1], command, **known)


def taken() -> Removal:
    return Removal().contacted(None)


def disputed() -> Refused:
    about = opening(policy=named("resolution"), subject=None)
    return expect_refusal(propose(OUTSIDER, resolution(), about, docket=PaperDocket([dispute().entry()])))


def voted_elsewhere() -> Refused:
    moot = Removal(rules={"venues": "pull-request"}).voting()
    return first(moot.ballot("yes"), moot)


def removing(**changes: Any) -> Refused:
    about = opening(**{"policy": named("remove"), "subject": OUTSIDER, **changes})
    return expect_refusal(propose(people(1)[0], AskContact(login="away"), about))


def calling(**changes: Any) -> Refused:
    about = opening(policy=named("resolution"), subject=None)
    return expect_refusal(propose(OUTSIDER, resolution(**changes), about))


def full_list() -> Refused:
    moot = leaving()
    for _ in range(AREAS):
        moot.does(moot.members[11], AREA)
    return last(moot, AREA)


def entering(moot: Moot, who: int, voter: int | None, **changes: Any) -> Refused:
    command = RecordBallot(voter="x", choice="yes", link="https://example.org/m/1", acted_at=moot.now)
    other = moot.members[voter - 1] if voter else OUTSIDER
    return last(moot, dataclasses.replace(command, **changes), who, other=other)


def voted() -> Moot:
    moot = Moot()
    moot.vote(3, "no")
    return moot


def wished() -> Refused:
    moot = Moot()
    moot.does(moot.members[3], Withdraw(reason="Why."))
    return last(moot, Correct(text="What."), 5)


def final() -> Moot:
    moot = Moot(rules=policy(revote="none"))
    moot.vote(3, "yes")
    return moot


def ended(moot: Moot) -> Moot:
    moot.does(moot.members[11], Withdraw(reason="I stay."))
    return moot


def repeating(before: Moot, **changes: Any) -> Refused:
    about = opening(**{"policy": before.motion.policy, "subject": before.motion.subject, **changes})
    return expect_refusal(propose(people(1)[0], Rerun(), about, before=before.motion))


def small() -> Refused:
    about = opening(roster(people(4)), policy=policy(secrecy="blinded"))
    return expect_refusal(propose(about=about))


def in_pull_request() -> Refused:
    moot = Moot(command=nomination(pull_request="https://example.org/pull/9"))
    moot.carry()
    return first(TakeInvitation(), moot)


AREA = HandOver(area="The storage drivers", taker=None)
NO_ANSWER = RecordContact(answer="no-answer")
FAULT = RosterFault(path="MAINTAINERS", line=3, what="two handles", remedy="remove one")


def asked_anew() -> Refused:
    moot = Moot()
    moot.does(people(2)[1], Withdraw(reason="Too early."))
    seen = moot.motion.asked_in
    moot.does(people(2)[1], Correct(text="Something else."))
    return moot.refused(people(3)[2], Second(), wish=seen)


REFUSED: dict[str, Make] = {
    "already-disputed": disputed,
    "already-proposed-removal": lambda: last(Removal().proposed(), ProposeRemoval(), 4),
    "asked-already": wished,
    "asked-anew": asked_anew,
    "blinded-buttons-only": lambda: first(Moot().ballot("yes", via="reaction"), Moot(rules=policy(secrecy="blinded"))),
    "blinded-too-few": small,
    "pull-request-only": voted_elsewhere,
    "venue-nowhere": lambda: removing(policy=named("remove", venues="pull-request"), pages=False),
    "contact-first": lambda: last(taken(), ProposeRemoval(), 4),
    "contact-not-neutral": lambda: first(TakeContact(), Removal()),
    "contact-over": lambda: last(Removal().proposed(), TakeContact(), 4),
    "contact-self": lambda: removing(subject=people(1)[0]),
    "hand-over-by-whom": lambda: leaving().refused(OUTSIDER, AREA),
    "hand-over-full": full_list,
    "in-pull-request": in_pull_request,
    "link-missing": lambda: calling(link=""),
    "link-unfit": lambda: calling(link="issue 7"),
    "no-abstention": lambda: first(Moot().ballot("abstain"), dispute()),
    "no-candidate": lambda: first(TakeInvitation(), dispute()),
    "no-morning-left": lambda: first(Snooze()),
    "no-needs-reason": lambda: first(Moot().ballot("no"), Moot(rules=policy(no_requires_reason=True))),
    "no-removal": lambda: first(TakeContact()),
    "no-revote": lambda: last(final(), Moot().ballot("no"), 3),
    "no-step-down": lambda: first(Confirm()),
    "no-vote": lambda: first(Moot().ballot("yes"), leaving()),
    "nobody-contacts": lambda: last(Removal(), NO_ANSWER, 4),
    "not-informed-yet": lambda: last(leaving(announced=False), Confirm()),
    "not-on-roster": removing,
    "not-the-contact": lambda: last(taken(), NO_ANSWER, 4),
    "not-to-be-rerun": lambda: repeating(Moot()),
    "not-voting-yet": lambda: first(Moot().ballot("yes"), Removal().proposed()),
    "nothing-to-lift": lambda: first(LiftObjection()),
    "nothing-to-step-down-from": lambda: expect_refusal(
        propose(OUTSIDER, StepDown(note=""), opening(policy=named("step-down"), subject=OUTSIDER))
    ),
    "only-the-person": lambda: first(Confirm(), leaving()),
    "only-who-asked": lambda: last(taken(), Withdraw(reason="Why."), 4),
    "record-own": lambda: entering(Moot(), 3, 3),
    "recorded-not-elector": lambda: entering(Moot(), 3, None),
    "reminders-first": lambda: last(taken(), NO_ANSWER, 2),
    "rerun-anew": lambda: repeating(ended(leaving())),
    "subject-votes-not": lambda: last(Removal().voting(), Removal().ballot("no")),
    "taker-unknown": lambda: last(leaving(), HandOver(area="Releases", taker="nobody")),
    "text-frozen": lambda: dispute().refused(OUTSIDER, Correct(text="Other words.")),
    "voted-here": lambda: entering(voted(), 4, 3),
    "window-unfit": lambda: first(Extend(by="soon", reason="Why.")),
    "already-answered": lambda: first(YES, carried(answered=True)),
    "already-carried": lambda: in_docket(carried()),
    "already-on-roster": lambda: nominating(subject=people(2)[1]),
    "already-proposed": lambda: in_docket(Moot()),
    "candidate-votes-not": lambda: Moot().refused(CANDIDATE, Moot().ballot("yes")),
    "channel-public": lambda: nominating(channel_public=True),
    "closed": lambda: first(closed().ballot("yes"), closed()),
    "cool-down": cooled_down,
    "email-unfit": lambda: carried(invited=True).refused(people(2)[1], dataclasses.replace(YES, email="nowhere")),
    "left-the-electorate": left,
    "login-unfit": lambda: nominating(nomination(login="a b")),
    "months-unfit": lambda: nominating(nomination(months=1201)),
    "minutes-unfit": lambda: practising(minutes=10081),
    "already-practising": lambda: practising(docket=PaperDocket([practice().entry()])),
    "name-unfit": lambda: carried(invited=True).refused(people(2)[1], dataclasses.replace(YES, name='a "b"')),
    "no-policy": lambda: nominating(policy=None),
    "no-repository": lambda: expect_refusal(decide(None, EMPTY, nomination(), Facts(), START)),
    "no-such-motion": lambda: expect_refusal(decide(None, EMPTY, Second(), Facts(actor=people(1)[0]), START)),
    "nobody-invited": lambda: first(YES, carried()),
    "not-a-maintainer": lambda: Moot().refused(OUTSIDER, Withdraw(reason="Why.")),
    "not-carried": lambda: first(TakeInvitation()),
    "not-due": lambda: first(Close()),
    "not-in-electorate": lambda: Moot().refused(OUTSIDER, Moot().ballot("yes")),
    "not-the-inviter": lambda: first(YES, carried(invited=True)),
    "nothing-to-acknowledge": lambda: first(Acknowledge(), carried()),
    "nothing-to-retract": lambda: first(RetractBallot(acted_at=START)),
    "nothing-to-second": lambda: first(Second()),
    "roster-empty": lambda: nominating(roster=roster(())),
    "roster-unreadable": lambda: nominating(roster=FAULT),
    "second-by-another": asked_for,
    "self-nomination": lambda: nominating(subject=people(1)[0]),
    "sponsor-is-candidate": lambda: nominating(nomination(sponsor="m02"), sponsor=people(2)[1], subject=people(2)[1]),
    "sponsor-no-maintainer": lambda: nominating(nomination(sponsor="nobody")),
    "text-deceptive": lambda: first(RaiseObjection(reason="a\u202eb", acted_at=START)),
    "text-missing": lambda: first(Withdraw(reason="")),
    "text-too-long": lambda: first(Withdraw(reason="x" * 501)),
    "too-late": too_late,
    "too-many-motions": lambda: in_docket(Moot(), limit=1, subject=OUTSIDER),
}


def test_every_refusal_code_of_the_rules_is_tested() -> None:
    assert codes_in(*sources()) == set(REFUSED)


@pytest.mark.parametrize("code", sorted(REFUSED))
def test_every_refusal_of_the_rules_is_reached(code: str) -> None:
    assert REFUSED[code]().code == code


@pytest.mark.parametrize("code", sorted(REFUSED))
def test_a_refusal_holds_ids_and_numbers_and_nothing_that_somebody_typed(code: str) -> None:
    """Refusals are stored in the inbox, which no erasure reaches."""
    typed = (
        "Other words.",
        "issue 7",
        "soon",
        nomination().text,
        nomination().evidence,
        "a\u202eb",
        "nowhere",
        'a "b"',
        "x" * 20,
    )
    for value in REFUSED[code]().params.values():
        assert value is None or isinstance(value, (str, int))
        assert not any(text in str(value) for text in typed)


def test_a_motion_that_was_refused_is_still_open_for_its_whole_window() -> None:
    moot = Moot()
    for offset in (timedelta(), timedelta(days=1)):
        moot.now = START + offset
        moot.refused(OUTSIDER, moot.ballot("no"))
    assert moot.motion.ballots == {}
