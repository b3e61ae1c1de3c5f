"""The record that leaves the channel: golden, and free of all that a member typed (T22, T23, T27, T28)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.calendar import Window
from bot.core.commands import Acknowledge, Correct, RaiseObjection, RecordAnswer, TakeInvitation, Withdraw
from bot.core.minutes import Minutes, branch_of, minutes_of
from bot.core.people import PersonId
from tests.core.builders import HEAD, Moot, PlainNames, Removal, nomination, people, policy, roster
from tests.golden import HERE, check_golden

GENESIS = "abcdef0123456789"
TRAILER = re.compile(r"^[A-Za-z-]+: ", re.M)


def minutes(moot: Moot, logins: dict[str, str] | None = None, *, pages: bool | None = False) -> Minutes:
    return minutes_of(moot.motion, names=PlainNames(logins), head=HEAD, genesis=GENESIS, pages=pages)


def accepted(role: str = "maintainer", **changes: Any) -> Moot:
    moot = Moot(rules=policy(role), command=nomination(role=role), **changes)
    moot.carry()
    moot.accept()
    return moot


def by_the_roster() -> Moot:
    moot = Moot(zone="Europe/Berlin")
    moot.votes(yes=7)
    moot.read_roster(*moot.members[:10])
    moot.close()
    moot.accept()
    moot.does(moot.members[3], Acknowledge())
    return moot


def more_no() -> Moot:
    moot = Moot(rules=policy("reviewer"), command=nomination(role="reviewer"))
    moot.votes(yes=4, no=8)
    moot.close()
    moot.accept()
    return moot


def hours() -> Moot:
    moot = Moot(rules=policy(window=Window(count=72, unit="h")))
    moot.carry()
    return moot


def removed() -> Moot:
    moot = Removal().voting()
    moot.votes(yes=9, no=2)
    moot.close()
    return moot


SCENES: dict[str, Callable[[], Moot]] = {
    "maintainer": lambda: accepted(),
    "reviewer": lambda: accepted("reviewer"),
    "simulated": lambda: accepted(simulated=True),
    "decided-by-the-roster": by_the_roster,
    "more-no-than-yes": more_no,
    "not-invited-yet": hours,
    "removal-counted": removed,
    "removal-open": lambda: Removal().voting(),
}


CHANNEL, PAGE = "in the maintainers' channel", "in comments on this page"


@pytest.mark.parametrize(
    ("rules", "pages", "where"),
    [
        ({}, False, f", {CHANNEL}"),
        ({}, True, f", {PAGE} and {CHANNEL}"),
        ({}, None, ""),
        ({"venues": "pull-request"}, True, f", {PAGE}"),
        ({"secrecy": "blinded"}, True, f", {CHANNEL}"),
    ],
)
def test_r40_the_draft_of_a_removal_says_where_the_ballots_are_cast_until_they_are_counted(
    rules: dict[str, Any], pages: bool | None, where: str
) -> None:
    moot = Removal(rules=rules).voting()
    body = minutes(moot, pages=pages).body
    assert f"The vote is open for 5 business days from the opening of this draft (R41){where}. Please keep" in body
    moot.close()
    body = minutes(moot, pages=pages).body
    assert "The vote was open for 5 business days from the opening of this draft (R41). Please keep" in body
    assert "voted on this change" in body
    assert CHANNEL not in body


@pytest.mark.parametrize("name", sorted(SCENES))
def test_the_pull_request_reads_as_its_golden_file(name: str) -> None:
    made = minutes(SCENES[name]())
    text = f"branch: {made.branch}\ntitle: {made.title}\n--- body\n{made.body}--- message\n{made.message}"
    check_golden(f"minutes/{name}.txt", text)


def test_every_golden_record_is_still_written() -> None:
    assert {path.stem for path in (HERE / "minutes").iterdir()} == set(SCENES)


@pytest.mark.parametrize("stage", ["announcing", "open", "lost", "withdrawn"])
def test_t17_only_a_motion_that_has_carried_has_minutes(stage: str) -> None:
    moot = Moot(announced=stage != "announcing")
    if stage == "lost":
        moot.close()
    elif stage == "withdrawn":
        moot.does(moot.members[0], Withdraw(reason="A mistake."))
    assert moot.motion.stage == stage
    with pytest.raises(ValueError, match="has not carried"):
        minutes(moot)


def test_r46_the_record_holds_the_count_the_rule_the_roster_the_window_and_the_head() -> None:
    body = minutes(accepted()).body
    for part in (
        *("9 yes, 1 no, 0 abstained, 2 did not vote", "8 of 12 maintainers: 66% of 12 = 7.92, so 8"),
        *("“Adding maintainers” (R16)", "`GOVERNANCE.md`", "`0d6b721`", "5 business days", HEAD),
        *("2026-07-06 23:59 UTC", "who accepted on 2026-07-08", "prepared by Folkmoot, a bot"),
    ):
        assert part in body


def test_a_candidate_who_declined_is_not_said_to_have_accepted() -> None:
    moot = Moot()
    moot.carry()
    moot.does(moot.members[0], TakeInvitation())
    moot.does(moot.members[0], RecordAnswer(accepted=False, name="", email=""))
    assert "accepted" not in minutes(moot).body


def test_t27_the_branch_is_the_same_for_ever_and_another_one_for_another_ledger() -> None:
    assert branch_of(12, GENESIS) == "folkmoot/12-abcdef"
    assert branch_of(12, "fedcba98") == "folkmoot/12-fedcba"


# ---------------------------------------------------------------------- taint

TYPED = st.text(min_size=1, max_size=40).map(lambda text: f"SENTINEL{text}".replace("\0", ""))


@settings(max_examples=60)
@given(proposal=TYPED, evidence=TYPED, reason=TYPED, objection=TYPED, correction=TYPED)
def test_t22_nothing_that_a_member_typed_is_in_the_pull_request(
    proposal: str, evidence: str, reason: str, objection: str, correction: str
) -> None:
    """Built from events, so that not even what the rules refuse could get through."""
    moot = Moot(command=nomination())
    texts = {"text": proposal, "evidence": evidence}
    prose = {key: replace(moot.motion.text, text=value) for key, value in texts.items()}
    opened = replace(moot.motion.opened, text=prose["text"], evidence=prose["evidence"])
    moot.motion = replace(moot.motion, opened=opened, text=prose["text"])
    for number in range(1, 10):
        moot.vote(number, "yes", reason="SENTINEL because")
    moot.does(moot.members[11], RaiseObjection(reason="SENTINEL objection", acted_at=moot.now))
    moot.does(moot.members[0], Correct(text="SENTINEL corrected"))
    moot.announce()
    raised = replace(moot.motion.objections[0], reason=replace(prose["text"], text=objection))
    ballots = {
        person: replace(ballot, reason=replace(prose["text"], text=reason))
        for person, ballot in moot.motion.ballots.items()
    }
    moot.motion = replace(
        moot.motion, objections=(raised,), ballots=ballots, text=replace(prose["text"], text=correction)
    )
    moot.close()
    moot.accept(name="SENTINEL Name", email="sentinel@example.org")
    made = minutes(moot)
    for field in (made.branch, made.title, made.body, made.message):
        assert "sentinel" not in field.casefold()


def test_t22_no_voter_is_named_and_no_ballot_can_be_told_apart() -> None:
    """The same counts by other people make the same record, to the letter: only the inviter is named (R25)."""
    logins = {str(person): f"voter-{person}" for person in people(12)}
    records = set()
    for who in (range(1, 11), range(3, 13)):
        moot = Moot()
        for index, number in enumerate(who):
            moot.vote(number, "no" if index == 4 else "yes")
        moot.vote(11 if who[0] == 1 else 1, "abstain")
        moot.close()
        moot.accept()
        made = minutes(moot, logins)
        records.add((made.branch, made.title, made.body, made.message))
        named = {login for login in logins.values() if login in made.body + made.title + made.message}
        assert named == {"voter-m01"}
    assert len(records) == 1


NASTY = [
    "a`b",
    "x](http://evil.example)",
    "@team/all",
    "#1 Fixes #2",
    "a\nSigned-off-by: Eve <eve@example.org>",
    "a\r\nCo-authored-by: Eve <eve@example.org>",
    "a\u2028Reviewed-by: Eve",
    "<!-- hidden -->",
    "<script>alert(1)</script>",
    "a | b | c",
    "/approve",
    "**bold** _em_ ~~no~~",
    "\u202egnp",
]


def stripped(body: str) -> str:
    """A body without its code spans: what a forge would read as live."""
    return re.sub(r"`[^`\n]*`", "", body)


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize(
    "where", ["login", "inviter", "path", "commit", "repository", "document", "rulebook", "clause"]
)
def test_t23_t28_no_name_can_become_markup_a_mention_or_a_trailer(nasty: str, where: str) -> None:
    """Logins and paths come from a forge and a configuration that check them; the record does not rely on that."""
    moot = accepted()
    opened = moot.motion.opened
    logins: dict[str, str] = {}
    match where:
        case "login":
            logins = {"newperson": nasty}
        case "inviter":
            logins = {"m01": nasty}
        case "path":
            opened = replace(opened, electorate=replace(opened.electorate, roster_path=nasty))
        case "commit":
            opened = replace(opened, electorate=replace(opened.electorate, roster_commit=nasty))
        case "repository":
            opened = replace(opened, repository=nasty)
        case "document":
            opened = replace(opened, document=nasty)
        case "rulebook":
            opened = replace(opened, rulebook=nasty)
        case _:
            opened = replace(opened, policy=replace(opened.policy, clause=nasty))
    moot.motion = replace(moot.motion, opened=opened)
    plain, made = minutes(accepted()), minutes(moot, logins)
    live = stripped(made.body)
    for word in ("evil", "Signed-off-by", "Co-authored-by", "Reviewed-by", "script", "hidden", "/approve"):
        assert where == "clause" or word not in live
    assert not set(live) & set("<>@#[]`\u2028\u202e")
    assert "**bold" not in live
    assert made.body.count("\n") == plain.body.count("\n")
    rows = [line for line in made.body.splitlines() if line.startswith("|")]
    assert [line.count("|") for line in rows] == [3] * len(rows)
    assert made.title.isascii()
    assert made.title.isprintable()
    assert not set(made.title) & set("<>@#[]`|*~")
    assert TRAILER.findall(made.message) == ["Folkmoot-Motion: ", "Folkmoot-Log-Head: "]
    assert made.message.count("\n") == plain.message.count("\n")


NAMES = st.text(max_size=30)


@settings(max_examples=200)
@given(login=NAMES, path=NAMES)
def test_t23_t27_any_login_and_any_path_give_one_line_of_printable_ascii_as_title(login: str, path: str) -> None:
    moot = accepted()
    opened = moot.motion.opened
    pinned = replace(opened.electorate, roster_path=path)
    moot.motion = replace(moot.motion, opened=replace(opened, electorate=pinned))
    made = minutes(moot, {"newperson": login})
    assert made.title.isascii()
    assert made.title.isprintable()
    assert TRAILER.findall(made.message) == ["Folkmoot-Motion: ", "Folkmoot-Log-Head: "]
    assert not set(stripped(made.body)) & set("<>@#[]`")


def test_an_erased_person_is_named_as_such() -> None:
    moot = accepted()
    moot.now += timedelta(days=1)
    assert "erased-person" in minutes(moot, {"newperson": "erased-person"}).title


def test_r48_no_branch_of_the_record_is_a_default_branch() -> None:
    for number in (1, 12, 10**9):
        assert minutes_branch(number).startswith("folkmoot/")


def minutes_branch(number: int) -> str:
    moot = Moot(number=number, read=roster(people(3)), subject=PersonId("newperson"), count=3)
    moot.carry(yes=3, no=0)
    return minutes(moot).branch
