"""Every sentence that members read, compared with golden files letter by letter; `make golden` writes them anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, get_args

import pytest

import bot.catching
import bot.dcohelp
import bot.desk
import bot.linking
import bot.lookups
import bot.questions
import bot.threads.desk
from bot.core import grammar
from bot.core.activity import Activity, ActivityReport, Candidate, Candidates, Regular, Reviewed
from bot.core.answers import Answer, Params, Refused
from bot.core.calendar import Window
from bot.core.cards import Card, Code, Line, Link, Mention, Moment, Note, Notice, Plain, Poll, Reply, Strong
from bot.core.commands import (
    Acknowledge,
    AskContact,
    Confirm,
    ContactAnswer,
    Correct,
    Does,
    Extend,
    HandOver,
    LiftObjection,
    MakeVoid,
    MemberCommand,
    Mute,
    NotePullRequest,
    NoteReactions,
    ProposeRemoval,
    RaiseObjection,
    RecordAnswer,
    RecordBallot,
    RecordContact,
    RemindContact,
    Rerun,
    RetractBallot,
    Second,
    Snooze,
    StepDown,
    TakeContact,
    TakeInvitation,
    Withdraw,
)
from bot.core.dco import Signer, Unsigned
from bot.core.digest import digest_of
from bot.core.effects import Kind
from bot.core.grammar import Query, parse
from bot.core.menu import BY_NAME, VERBS
from bot.core.motion import Motion, Stage
from bot.core.offer import Offer
from bot.core.people import MAINTAINER, Person, PersonId, Pings
from bot.core.plain import plain_card, plain_line
from bot.core.receipts import receipt
from bot.core.rules import PullRequest, RosterFault
from bot.core.threshold import parse_quorum
from bot.core.wording import (
    Scene,
    answer_card,
    candidates_card,
    dco_card,
    dco_help,
    digest_card,
    help_card,
    link_ended,
    linked_notice,
    list_card,
    living_card,
    mine_card,
    note_card,
    notice_card,
    open_again_notice,
    pings_card,
    pings_params,
    poll_card,
    review_card,
    review_note,
    shut_notice,
    status_card,
    thread_note,
    thread_result,
    thread_status,
    unlinked_notice,
    whoami_card,
    why_card,
)
from bot.core.wording.answers import _RECEIPTS
from bot.core.wording.contact import CONTACT
from bot.core.wording.linking import _ENDS
from bot.core.wording.refusals import REFUSALS
from bot.core.wording.refusals.dco import DCO
from bot.core.wording.refusals.linking import LINKING
from bot.core.wording.refusals.shape import NOT_DONE
from bot.core.wording.refusals.threads import THREADS
from bot.core.wording.spans import span_of_time
from tests.core.builders import (
    CANDIDATE,
    OUTSIDER,
    START,
    Moot,
    PlainNames,
    Removal,
    dispute,
    leaving,
    named,
    nomination,
    opening,
    people,
    policy,
    practice,
    roster,
    text_moot,
)
from tests.core.test_grammar import ASKS
from tests.core.test_rules_refusals import (
    FAULT,
    REFUSED,
    codes_in,
    entering,
    final,
    first,
    last,
    nominating,
    sources,
)
from tests.golden import HERE, check_golden

LOGINS: dict[str, str] = dict(
    zip(
        people(13),
        ("ada", "bob", "cleo", "dan", "eve", "finn", "gus", "hana", "ivo", "jo", "kim", "lea", "mo"),
        strict=True,
    )
)
Make = Callable[[], Card]


def scene(moot: Moot) -> Scene:
    return moot.scene(LOGINS)


def candidacy(role: str = MAINTAINER, **changes: Any) -> Moot:
    """A motion of twelve, with a sponsor, in Berlin; the motion number is 12 as well."""
    rules = policy(role, **changes)
    command = nomination(role=role, sponsor="bob")
    return Moot(rules=rules, command=command, sponsor=people(2)[1], zone="Europe/Berlin")


# ---------------------------------------------------------------------- scenes


def voting() -> Moot:
    moot = candidacy()
    moot.votes(yes=5, no=1)
    moot.now += timedelta(days=1, hours=3)
    return moot


def carried(role: str = MAINTAINER, **changes: Any) -> Moot:
    moot = candidacy(role, **changes)
    moot.votes(yes=9, no=1)
    moot.close()
    return moot


def lost() -> Moot:
    moot = candidacy()
    moot.votes(yes=6, no=2)
    moot.close()
    return moot


def withdrawn(*, seconded: bool = False) -> Moot:
    moot = voting()
    if seconded:
        moot.does(moot.members[3], Withdraw(reason="The candidate asked us to wait."))
        moot.does(moot.members[4], Second())
    else:
        moot.does(moot.members[0], Withdraw(reason="Wrong person, sorry."))
    return moot


def corrected(*, announced: bool = True) -> Moot:
    moot = voting()
    moot.does(moot.members[0], Correct(text="Reviewed most of the cache work (not storage)."))
    if announced:
        moot.announce()
        moot.now += timedelta(hours=2)
    return moot


def asked(what: str) -> Moot:
    moot = voting()
    text = "The candidate asked us to wait."
    wishes: dict[str, MemberCommand] = {
        "withdraw": Withdraw(reason=text),
        "correct": Correct(text=text),
        "void": MakeVoid(reason=text),
    }
    moot.does(moot.members[3], wishes[what])
    return moot


def objected() -> Moot:
    moot = voting()
    moot.does(moot.members[7], RaiseObjection(reason="The storage driver\nhas no other reviewer.", acted_at=moot.now))
    return moot


def reduced() -> Moot:
    moot = voting()
    moot.read_roster(*moot.members[1:11], OUTSIDER)
    return moot


def joined() -> Moot:
    moot = candidacy(electorate="live")
    moot.read_roster(*moot.members[1:], people(13)[12])
    return moot


def decided_by_roster() -> Moot:
    moot = candidacy()
    moot.votes(yes=7)
    moot.read_roster(*moot.members[:10])
    moot.close()
    return moot


def lost_by_roster() -> Moot:
    moot = candidacy()
    moot.votes(yes=8)
    moot.read_roster(*moot.members[3:])
    moot.close()
    return moot


def late() -> Moot:
    moot = candidacy()
    moot.votes(yes=9, abstain=2)
    moot.close(late=timedelta(hours=7))
    return moot


def more_no() -> Moot:
    moot = candidacy("reviewer")
    moot.votes(yes=4, no=8)
    moot.close()
    return moot


def invited(**changes: Any) -> Moot:
    moot = carried(**changes)
    moot.does(moot.members[1], TakeInvitation())
    return moot


def answered(*, accepted: bool = True, email: str = "new@example.org", **changes: Any) -> Moot:
    moot = invited(**changes)
    moot.now += timedelta(days=1)
    name = "New Person" if accepted else ""
    moot.does(moot.members[1], RecordAnswer(accepted=accepted, name=name, email=email if accepted else ""))
    return moot


def waiting() -> Moot:
    moot = decided_by_roster()
    moot.accept()
    return moot


def acknowledged() -> Moot:
    moot = decided_by_roster()
    moot.does(moot.members[4], Acknowledge())
    return moot


def drafted(*, ready: bool = False) -> Moot:
    moot = answered()
    moot.draft(ready=ready)
    return moot


def effective() -> Moot:
    moot = drafted()
    moot.read_roster(*moot.members, CANDIDATE, role=MAINTAINER, commit="8d3f5c2a97b14e60")
    return moot


def certain(choice: str) -> Moot:
    moot = candidacy()
    moot.votes(**{choice: 9})
    return moot


def unlinked() -> Moot:
    rules, members = policy(), people(12)
    command = nomination(months=2)
    return Moot(rules=rules, command=command, linked=frozenset(members[:6]))


def forged_evidence() -> Moot:
    """Evidence that tries to look like the poll's own lines."""
    return Moot(command=nomination(evidence="good\n12 of 8 needed · ● 12 yes\nClosed: carried"))


def removal(stage: str) -> Removal:
    """A removal of lea in Berlin, as far as this stage; ada has asked, bob has contacted them."""
    moot = Removal(zone="Europe/Berlin")
    match stage:
        case "contacted":
            return moot.contacted(None)
        case "discussion":
            return moot.proposed()
        case _:
            return moot.voting()


def on_the_page() -> Removal:
    """A removal that is voted on in its pull request alone."""
    return Removal(rules={"venues": "pull-request"}).voting()


def removed(*, yes: int = 9) -> Removal:
    moot = removal("voting")
    moot.votes(yes=yes, no=11 - yes)
    moot.close()
    return moot


def gone() -> Removal:
    moot = removed()
    moot.read_roster(*moot.members[:11], commit="8d3f5c2a97b14e60")
    return moot


def without_object() -> Removal:
    moot = removal("voting")
    moot.read_roster(*moot.members[:11], commit="8d3f5c2a97b14e60")
    return moot


def reminded(answer: ContactAnswer | None = None) -> Removal:
    moot = removal("contacted")
    for _ in range(3):
        moot.now += timedelta(days=10)
        moot.does(None, RemindContact())
    if answer is not None:
        moot.does(moot.members[1], RecordContact(answer=answer))
    return moot


def settled(answer: ContactAnswer) -> Removal:
    moot = removal("contacted")
    moot.does(moot.members[1], RecordContact(answer=answer))
    return moot


def taken_back() -> Removal:
    moot = removal("contacted")
    moot.does(moot.members[0], Withdraw(reason="They are back."))
    return moot


def of_two() -> Removal:
    moot = Removal(3).contacted()
    moot.about = replace(moot.about, roster=roster((moot.members[0], moot.members[2])))
    return moot.voting()


def stepping(stage: str = "") -> Moot:
    """Lea steps down."""
    moot = leaving(zone="Europe/Berlin", announced=stage != "announcing")
    if stage in {"", "announcing"}:
        return moot
    lea = moot.members[11]
    moot.does(lea, HandOver(area="The storage drivers and their two open pull requests", taker=None))
    moot.does(moot.members[3], HandOver(area="Releases", taker=None))
    if stage != "listed":
        moot.does(lea, Confirm())
    if stage in {"drafted", "gone"}:
        moot.draft()
    if stage == "gone":
        moot.read_roster(*moot.members[:11], commit="8d3f5c2a97b14e60")
    if stage == "void":
        moot.does(moot.members[0], MakeVoid(reason="Somebody else typed that."))
        moot.does(moot.members[1], Second())
    return moot


def disputed(*, yes: int = -1, no: int = 0) -> Moot:
    """A resolution vote that mo, a contributor, has called for."""
    moot = dispute(proposer=people(13)[12], zone="Europe/Berlin")
    if yes >= 0:
        moot.votes(yes=yes, no=no)
        moot.close()
    return moot


def recorded() -> Moot:
    moot = disputed(yes=9, no=2)
    moot.draft()
    return moot


def deciding(**changes: Any) -> Moot:
    return text_moot(rules=named("decision", **changes), zone="Europe/Berlin")


def seconded(count: int) -> Moot:
    moot = deciding(seconds=2)
    for member in moot.members[1 : 1 + count]:
        moot.does(member, Second())
    return moot


def objecting(kind: str) -> Moot:
    moot = deciding(objection=kind, lazy=kind == "escalate")
    moot.now += timedelta(days=1)
    moot.does(moot.members[7], RaiseObjection(reason="The storage driver has no other reviewer.", acted_at=moot.now))
    return moot


def lifted() -> Moot:
    moot = objecting("block")
    moot.does(moot.members[7], LiftObjection())
    return moot


def voided(moot: Moot | None = None) -> Moot:
    moot = moot or voting()
    moot.does(moot.members[3], MakeVoid(reason="The issue's text was edited while we voted."))
    moot.does(moot.members[4], Second())
    return moot


def practising(*, yes: int = -1, no: int = 0) -> Moot:
    """A practice that is open, or that was counted at the end of its window."""
    moot = practice()
    moot.votes(yes=4 if yes < 0 else yes, no=no)
    if yes >= 0:
        moot.close()
    return moot


def changed_pull(does: Does, *, closed: bool = False) -> Moot:
    """A candidacy in a pull request that has been changed since."""
    pull = PullRequest(head="c0ffee" * 6 + "c0ff", record="MAINTAINERS\tnewperson\tNew Person", others=False)
    moot = Moot(command=nomination(pull_request="https://example.org/pull/7"), pull=pull)
    moot.does(None, NotePullRequest(head="decaf0" * 6 + "deca", does="altered" if does == "same" else does))
    if does == "same":
        moot.does(None, NotePullRequest(head="c0ffee" * 6 + "c0ff", does="same"))
    if closed:
        moot.carry()
    return moot


def unplaced() -> Moot:
    """Two reactions that were found after the close."""
    moot = voting()
    moot.now = moot.end
    moot.does(None, NoteReactions(people=moot.members[8:10]))
    return moot


def extended(*, by_policy: bool = False) -> Moot:
    if by_policy:
        moot = deciding(quorum=parse_quorum(">=1/2"), of="cast", on_no_quorum="extend")
        moot.votes(yes=4)
        moot.close()
        return moot
    moot = voting()
    moot.does(moot.members[6], Extend(by="2bd", reason="Half of us were at the conference."))
    return moot


def entered() -> Moot:
    moot = voting()
    command = RecordBallot(voter="hana", choice="yes", link="https://lists.example.org/m/1", acted_at=moot.now)
    moot.does(moot.members[1], command, other=moot.members[7])
    return moot


def replaced() -> Moot:
    moot = entered()
    moot.vote(8, "no")
    return moot


def blinded(*, yes: int = -1, no: int = 0) -> Moot:
    moot = candidacy(secrecy="blinded")
    moot.votes(yes=max(yes, 4), no=no)
    if yes >= 0:
        moot.close()
    return moot


def quorate() -> Moot:
    moot = deciding(quorum=parse_quorum(">=1/2"), of="cast-non-abstain", close="early-certain")
    moot.votes(yes=3, no=1, abstain=1)
    return moot


def lacking() -> Moot:
    moot = quorate()
    moot.close()
    return moot


def in_pull_request() -> Moot:
    command = nomination(sponsor="bob", pull_request="https://github.com/o/r/pull/9")
    moot = Moot(rules=policy(), command=command, sponsor=people(2)[1], zone="Europe/Berlin")
    moot.votes(yes=9)
    moot.close()
    return moot


def again() -> Moot:
    before = lost()
    return Moot(
        command=Rerun(), before=before.motion, number=13, proposer=people(4)[3], now=before.now, zone="Europe/Berlin"
    )


# ---------------------------------------------------------------------- cards

POLLS: dict[str, Callable[[], Moot]] = {
    "practice": lambda: practising(),
    "practice-short": lambda: practice(minutes=10),
    "practice-carried": lambda: practising(yes=9, no=2),
    "practice-lost": lambda: practising(yes=3),
    "announcing": lambda: Moot(announced=False),
    "open": voting,
    "open-reviewer": lambda: candidacy("reviewer"),
    "open-days": lambda: Moot(rules=policy(window=Window(count=72, unit="h"))),
    "open-certain-carried": lambda: certain("yes"),
    "open-certain-lost": lambda: certain("no"),
    "open-unlinked": unlinked,
    "open-forged-evidence": forged_evidence,
    "open-objection": objected,
    "open-left": reduced,
    "open-joined": joined,
    "correction-announcing": lambda: corrected(announced=False),
    "corrected": corrected,
    "counting": lambda: _at_the_end(voting()),
    "carried": carried,
    "carried-invited": invited,
    "carried-accepted": answered,
    "carried-declined": lambda: answered(accepted=False),
    "carried-by-the-roster": decided_by_roster,
    "carried-drafted": drafted,
    "carried-effective": effective,
    "carried-reviewer": more_no,
    "lost": lost,
    "withdrawn": withdrawn,
    "void": voided,
    "extended": extended,
    "entered": entered,
    "again": again,
    "in-pull-request": in_pull_request,
    "not-on-list": lambda: Moot(listed=False),
    "blinded": blinded,
    "blinded-closed": lambda: blinded(yes=8, no=2),
    "blinded-alike": lambda: blinded(yes=9),
    "pull-changed": partial(changed_pull, "other"),
    "pull-changed-carried": partial(changed_pull, "other", closed=True),
    "removal-discussion": lambda: removal("discussion"),
    "removal-open": lambda: removal("voting"),
    "removal-on-the-page": on_the_page,
    "removal-on-the-page-discussion": lambda: Removal(rules={"venues": "pull-request"}).proposed(),
    "removal-of-two": of_two,
    "removal-carried": removed,
    "removal-effective": gone,
    "removal-lost": lambda: removed(yes=6),
    "removal-void": without_object,
    "resolution": disputed,
    "resolution-carried": lambda: disputed(yes=9, no=2),
    "resolution-lost": lambda: disputed(yes=5, no=7),
    "resolution-recorded": recorded,
    "decision-seconding": lambda: seconded(1),
    "decision-seconded": lambda: seconded(2),
    "decision-discussion": lambda: deciding(discussion=Window(count=2, unit="bd")),
    "decision-blocked": lambda: objecting("block"),
    "decision-escalated": lambda: objecting("escalate"),
    "decision-lazy": lambda: deciding(lazy=True),
    "decision-quorum": quorate,
    "decision-carried": lambda: _closed(deciding(), 8),
}
LIVING: dict[str, Callable[[], Moot]] = {
    "announcing": lambda: stepping("announcing"),
    "informed": stepping,
    "listed": lambda: stepping("listed"),
    "confirmed": lambda: stepping("confirmed"),
    "drafted": lambda: stepping("drafted"),
    "effective": lambda: stepping("gone"),
    "void": lambda: stepping("void"),
}


def _closed(moot: Moot, yes: int) -> Moot:
    moot.votes(yes=yes)
    moot.close()
    return moot


def _at_the_end(moot: Moot) -> Moot:
    moot.now = moot.end
    return moot


NOTICES: dict[str, tuple[Kind, Callable[[], Moot], dict[str, str | int]]] = {
    "practice-result": ("result", lambda: practising(yes=9, no=2), {}),
    "practice-result-lost": ("result", lambda: practising(yes=3), {}),
    "objection": ("objection", objected, {"index": 0}),
    "electorate-left": ("electorate", reduced, {}),
    "electorate-joined": ("electorate", joined, {}),
    "second-asked-withdraw": ("second-asked", lambda: asked("withdraw"), {}),
    "second-asked-correct": ("second-asked", lambda: asked("correct"), {}),
    "second-asked-settled": ("second-asked", withdrawn, {}),
    "corrected": ("corrected", corrected, {"notice": 2}),
    "withdrawn": ("withdrawn", withdrawn, {}),
    "withdrawn-seconded": ("withdrawn", lambda: withdrawn(seconded=True), {}),
    "result-carried": ("result", carried, {}),
    "result-lost": ("result", lost, {}),
    "result-late": ("result", late, {}),
    "result-more-no-than-yes": ("result", more_no, {}),
    "result-carried-by-the-roster": ("result", decided_by_roster, {}),
    "result-lost-by-the-roster": ("result", lost_by_roster, {}),
    "acknowledged": ("acknowledged", acknowledged, {}),
    "invitation": ("invitation", invited, {}),
    "answered-accepted": ("answered", answered, {}),
    "answered-accepted-invite": ("answered", lambda: answered(enactment="invite"), {}),
    "answered-accepted-waiting": ("answered", waiting, {}),
    "answered-declined": ("answered", lambda: answered(accepted=False), {}),
    "draft-opened": ("draft-opened", drafted, {}),
    "draft-opened-where-drafts-are-refused": ("draft-opened", lambda: drafted(ready=True), {}),
    "effective": ("effective", effective, {}),
    "trouble": ("trouble", answered, {"why": "the branch was changed by somebody else"}),
    "trouble-removal": ("trouble", lambda: removal("voting"), {"why": "the branch was changed by somebody else"}),
    "second-asked-void": ("second-asked", lambda: asked("void"), {}),
    "result-removal-carried": ("result", removed, {}),
    "result-removal-lost": ("result", lambda: removed(yes=6), {}),
    "result-resolution-carried": ("result", lambda: disputed(yes=9, no=2), {}),
    "result-resolution-lost": ("result", lambda: disputed(yes=5, no=7), {}),
    "result-decision": ("result", lambda: _closed(deciding(), 8), {}),
    "result-no-quorum": ("result", lacking, {}),
    "result-blinded": ("result", lambda: blinded(yes=8, no=2), {}),
    "result-blinded-alike": ("result", lambda: blinded(yes=9), {}),
    "result-in-pull-request": ("result", in_pull_request, {}),
    "objection-block": ("objection", lambda: objecting("block"), {"index": 0}),
    "objection-extend": ("objection", lambda: objecting("extend"), {"index": 0}),
    "objection-escalate": ("objection", lambda: objecting("escalate"), {"index": 0}),
    "lifted": ("lifted", lifted, {"index": 0}),
    "seconded": ("seconded", lambda: seconded(2), {"notice": 2}),
    "voting-opened": ("voting-opened", lambda: removal("voting"), {}),
    "voided": ("voided", voided, {}),
    "voided-carried": ("voided", lambda: voided(drafted()), {}),
    "withdrawn-removal": ("withdrawn", lambda: _withdrawn_removal(), {}),
    "extended": ("extended", extended, {"index": 0}),
    "unplaced": ("unplaced", unplaced, {}),
    **{f"pull-changed-{does}": ("pull-changed", partial(changed_pull, does), {}) for does in get_args(Does)},
    "result-pull-changed": ("result", partial(changed_pull, "other", closed=True), {}),
    "extended-by-policy": ("extended", lambda: extended(by_policy=True), {"index": 0}),
    "hand-over": ("hand-over", lambda: stepping("listed"), {"index": 0}),
    "hand-over-taken": ("hand-over", lambda: stepping("listed"), {"index": 1}),
    "confirmed": ("confirmed", lambda: stepping("confirmed"), {}),
    "draft-opened-step-down": ("draft-opened", lambda: stepping("drafted"), {}),
    "draft-opened-removal": ("draft-opened", lambda: removal("voting"), {}),
    "draft-opened-resolution": ("draft-opened", recorded, {}),
    "role-ended-step-down": ("role-ended", lambda: stepping("gone"), {}),
    "role-ended-removal": ("role-ended", gone, {}),
    "role-ended-void": ("role-ended", without_object, {}),
}


def _withdrawn_removal() -> Moot:
    moot = removal("voting")
    moot.does(moot.members[0], Withdraw(reason="We have talked; lea stays."))
    return moot


WHEN = START - timedelta(days=30)
ACTIVE = Activity(
    names=("Ada Lovelace",),
    mails=("ada@example.org",),
    logins=("ada",),
    forge_ids=(7,),
    authored=31,
    coauthored=2,
    reviewed=1,
    signed=12,
    merged=9,
    months=frozenset({"2026-04", "2026-05", "2026-06"}),
    first=WHEN - timedelta(days=20),
    last=WHEN,
)
OTHER = replace(ACTIVE, names=("Nia",), logins=(), forge_ids=(), authored=1, merged=0)
REPORT = ActivityReport(
    rows=(ACTIVE, OTHER), since=START - timedelta(days=92), until=START, commit="8d3f5c2a97b14e60aa", commits=214
)
REVIEWED = (
    Reviewed(login="ada", name="Ada Lovelace", found_by=("login",), activity=ACTIVE),
    Reviewed(login="bob", name="Bob", found_by=(), activity=None),
    Reviewed(login="cleo", name="Cleo", found_by=("mail",), activity=OTHER, contested=True, namesakes=(OTHER,)),
)
FOUND = Candidates(
    rows=(
        Candidate(activity=replace(ACTIVE, logins=("newperson",)), months=("2026-04", "2026-05", "2026-06")),
        Candidate(activity=OTHER, months=("2026-03", "2026-04", "2026-06"), namesakes=("nia-m",)),
    ),
    report=replace(REPORT, cut_off=True),
    regular=Regular(),
    months=("2026-03", "2026-04", "2026-05", "2026-06"),
)
PATCH = "From c1 Mon Sep 17 00:00:00 2001\nSubject: [PATCH] Add newperson to MAINTAINERS\n\n+\tnewperson\n"


def _answer_note(answer: ContactAnswer) -> Card:
    return _note("contact-answer", settled(answer))


NOTES: dict[str, Make] = {
    "practice-ping": lambda: _note("ping", practising(), hours=24),
    "ping-48": lambda: _note("ping", voting(), hours=48),
    "ping-24": lambda: _note("ping", certain("yes"), hours=24),
    "invitation-draft": lambda: _note("invitation-draft", invited()),
    "invitation-draft-reviewer": lambda: _note("invitation-draft", _invited_reviewer()),
    "comment-gone": lambda: _note("comment-gone", disputed()),
    "patch": lambda: _note("patch", answered(enactment="invite"), offer=Offer(patch=PATCH)),
    "patch-held": lambda: _note(
        "patch",
        answered(enactment="invite"),
        offer=Offer(patch=PATCH, link="https://example.org/compare/main...folkmoot/12-abcdef?quick_pull=1", held=True),
    ),
    "patch-edit": lambda: _note(
        "patch",
        answered(enactment="invite"),
        offer=Offer(patch=PATCH, link="https://example.org/edit/main/MAINTAINERS"),
    ),
    "ping-snoozed": lambda: _note("ping", voting(), hours=0),
    "ping-blinded": lambda: _note("ping", blinded(), hours=24),
    "ping-on-the-page": lambda: _note("ping", on_the_page(), hours=24),
    "ping-resolution": lambda: _note("ping", disputed(), hours=24),
    "contact-asked": lambda: _note("contact-asked", Removal()),
    "contact-asked-reviewer": lambda: _note("contact-asked", Removal(subject=PersonId("reviewer"))),
    "contact-taken": lambda: _note("contact-taken", removal("contacted")),
    "contact-draft": lambda: _note("contact-draft", removal("contacted")),
    "contact-remind": lambda: _note("contact-remind", reminded(), count=1),
    "contact-ended": lambda: _note("contact-ended", taken_back()),
    **{f"contact-answer-{answer}": partial(_answer_note, answer) for answer in ("steps-down", "stays", "cannot")},
    "contact-answer-no-answer": lambda: _note("contact-answer", reminded("no-answer")),
    "recorded-for": lambda: note_card("recorded-for", entered().motion, {"person": people(8)[7]}, scene(entered())),
    "recorded-for-replaced": lambda: note_card(
        "recorded-for", replaced().motion, {"person": people(8)[7]}, scene(replaced())
    ),
}


def _invited_reviewer() -> Moot:
    moot = carried("reviewer")
    moot.does(moot.members[0], TakeInvitation())
    return moot


def _note(kind: str, moot: Moot, *, offer: Offer | None = None, **params: int) -> Card:
    return note_card(kind, moot.motion, params, scene(moot), offer=offer)


def _receipt(moot: Moot, command: MemberCommand, who: int = 1) -> Answer:
    """Ask for it, and take the receipt as the clerk makes it."""
    actor = moot.members[who - 1]
    events = moot.does(actor, command)
    return receipt(command, events, moot.motion, actor)


def _opened(moot: Moot) -> Answer:
    return receipt(nomination(), [event for _, event in moot.log], moot.motion, moot.members[0])


def _superseded(*, retract: bool = False) -> Answer:
    moot = voting()
    before = moot.now - timedelta(hours=1)
    moot.vote(1, "no")
    return _receipt(moot, RetractBallot(acted_at=before) if retract else moot.ballot("yes", at=before))


def _outlived() -> Answer:
    moot = voting()
    moot.does(moot.members[0], RetractBallot(acted_at=moot.now))
    return _receipt(moot, moot.ballot("yes", at=moot.now - timedelta(hours=1)))


def _voted() -> Answer:
    moot = voting()
    return _receipt(moot, moot.ballot("abstain"))


def _unchanged() -> Answer:
    moot = candidacy()
    moot.vote(1, "yes")
    return _receipt(moot, moot.ballot("yes"))


def _early() -> Answer:
    moot = Moot(announced=False)
    return _receipt(moot, moot.ballot("yes"))


def _seconded() -> Answer:
    return _receipt(asked("withdraw"), Second(), 6)


def _answer(moot: Moot, *, accepted: bool, email: str = "new@example.org") -> Answer:
    moot.does(moot.members[0], TakeInvitation())
    name = "New Person" if accepted else ""
    return _receipt(moot, RecordAnswer(accepted=accepted, name=name, email=email if accepted else ""))


def _chosen(pings: Pings) -> Answer:
    return Answer(ok=True, code="pings-chosen", params=pings_params(pings))


RECEIPTS: dict[str, Callable[[], Answer]] = {
    "practice-opened": lambda: _opened(practice(minutes=10)),
    "opened": lambda: _opened(Moot()),
    "pings-chosen": lambda: _chosen(Pings(zone="Europe/Berlin")),
    "link-code": lambda: Answer(
        ok=True, code="link-code", params={"code": "ABCD-1234", "url": "https://github.com/login/device", "minutes": 15}
    ),
    "link-released": lambda: Answer(ok=True, code="link-released", params={"count": 1}),
    "pings-chosen-off": lambda: _chosen(Pings(on=False)),
    "opened-with-warnings": lambda: _opened(unlinked()),
    "ballot-recorded": _voted,
    "ballot-recorded-before-the-announcement": _early,
    "ballot-unchanged": _unchanged,
    "ballot-superseded": _superseded,
    "ballot-superseded-retraction": lambda: _superseded(retract=True),
    "ballot-superseded-by-a-retraction": _outlived,
    "ballot-retracted": lambda: _receipt(voting(), RetractBallot(acted_at=START + timedelta(days=1))),
    "ballot-stands": lambda: Answer(ok=True, code="ballot-stands", params={"motion": 12, "choice": "yes"}),
    "objection-recorded": lambda: _receipt(voting(), RaiseObjection(reason="Too soon.", acted_at=START)),
    "withdrawn": lambda: _receipt(voting(), Withdraw(reason="Wrong person, sorry.")),
    "withdrawn-seconded": _seconded,
    "second-needed": lambda: _receipt(voting(), Withdraw(reason="Wrong person, sorry."), 4),
    "corrected": lambda: _receipt(voting(), Correct(text="Better words.")),
    "corrected-seconded": lambda: _receipt(asked("correct"), Second(), 6),
    "invitation-taken": lambda: _receipt(carried(), TakeInvitation()),
    "acceptance-recorded": lambda: _answer(carried(), accepted=True),
    "acceptance-recorded-bare": lambda: _answer(carried(), accepted=True, email=""),
    "acceptance-recorded-waiting": lambda: _answer(decided_by_roster(), accepted=True),
    "refusal-recorded": lambda: _answer(carried(), accepted=False),
    "acknowledged": lambda: _receipt(decided_by_roster(), Acknowledge()),
    "opened-not-on-list": lambda: _opened(Moot(listed=False)),
    "opened-never-reached": lambda: Answer(ok=True, code="opened", params={"motion": 12, "warnings": "never-reached"}),
    "stepping-down": lambda: _first(leaving(), StepDown(note="")),
    "step-down-confirmed": lambda: _receipt(stepping("listed"), Confirm(), 12),
    "hand-over-noted": lambda: _receipt(stepping(), HandOver(area="Releases", taker=None), 12),
    "contact-asked": lambda: _first(Removal(), AskContact(login="lea")),
    "contact-taken": lambda: _receipt(Removal(), TakeContact(), 2),
    "contact-recorded": lambda: _receipt(removal("contacted"), RecordContact(answer="stays"), 2),
    "removal-proposed": lambda: _receipt(settled("cannot"), ProposeRemoval()),
    "ballot-entered": lambda: _entered(),
    "ballot-blinded": lambda: _blinded_ballot(),
    "objection-lifted": lambda: _receipt(objecting("block"), LiftObjection(), 8),
    "extended": lambda: _receipt(voting(), Extend(by="2bd", reason="Half of us travel."), 4),
    "second-needed-void": lambda: _receipt(voting(), MakeVoid(reason="It was edited."), 4),
    "second-needed-correct": lambda: _receipt(voting(), Correct(text="Better words."), 4),
    "voided": lambda: _receipt(asked("void"), Second(), 6),
    "seconded": lambda: _receipt(seconded(0), Second(), 2),
    "seconded-last": lambda: _receipt(seconded(1), Second(), 5),
    "snoozed": lambda: _snoozed(),
    "muted": lambda: _receipt(voting(), Mute()),
}


def _first(moot: Moot, command: MemberCommand) -> Answer:
    return receipt(command, [event for _, event in moot.log], moot.motion, moot.motion.opened.proposer)


def _entered() -> Answer:
    moot = voting()
    command = RecordBallot(voter="hana", choice="yes", link="https://lists.example.org/m/1", acted_at=moot.now)
    events = moot.does(moot.members[1], command, other=moot.members[7])
    return receipt(command, events, moot.motion, moot.members[1])


def _blinded_ballot() -> Answer:
    moot = blinded()
    command = moot.ballot("no")
    return receipt(command, moot.does(moot.members[11], command), moot.motion, moot.members[11], proof="9c41" * 16)


def _snoozed() -> Answer:
    moot = voting()
    events = moot.does(moot.members[11], Snooze(), morning=moot.now + timedelta(hours=20))
    return receipt(Snooze(), events, moot.motion, moot.members[11])


def _parse(text: str) -> Refused:
    result = parse(text, via="command", acted_at=START)
    assert isinstance(result, Refused)
    return result


def _desk(code: str, **params: str | int) -> Callable[[], Refused]:
    """A refusal of the front desk, which this package cannot drive; tests/whole does."""
    return lambda: Refused(code=code, params=params)


NO_ROSTER: Params = {"path": "MAINTAINERS", "line": 0, "what": "there is no such file", "remedy": "add it"}
MORE_REFUSED: dict[str, Callable[[], Refused]] = {
    "unknown-verb": lambda: _parse("dance"),
    "unknown-flag": lambda: _parse("nominate @x --colour red Kind."),
    "flag-twice": lambda: _parse("nominate @x --months 7 --months 8 --evidence e Kind."),
    "words-too-many": lambda: _parse("retract 12 please"),
    "unknown-role": lambda: _parse("nominate @x --role king --months 7 --evidence e Kind."),
    "value-missing": lambda: _parse("nominate @x --months 7 Kind."),
    "unlinked": _desk("unlinked", account="slack:T01/U02", what="yes"),
    "hours-unfit": lambda: _parse("pings --hours late"),
    "zone-unfit": lambda: _parse("pings --zone Middle/Earth"),
    "number-missing": _desk("number-missing", open=2),
    "reactions-unclear": _desk("reactions-unclear", motion=12),
    "reaction-overtaken": _desk("reaction-overtaken", motion=12),
    "channel-unknown": _desk("channel-unknown"),
    "account-unknown": _desk("account-unknown", login="newpersom"),
    "account-of-another": _desk("account-of-another", login="newperson"),
    "account-unsure": _desk("account-unsure", login="newperson", what="GitHub does not work at the moment (502)"),
    "link-held": _desk("link-held", until="2026-06-30T09:30:00+00:00", what="yes"),
    **{code: _desk(code) for code in {*LINKING, *DCO} - {"link-held"}},
    "comment-other-motion": _desk("comment-other-motion", motion=12, asked=7, what="yes"),
    "comment-nothing-here": _desk("comment-nothing-here", what="yes"),
    "comment-older": _desk("comment-older", motion=12, what="yes"),
    **{code: _desk(code) for code in set(THREADS) - {"comment-other-motion", "comment-nothing-here", "comment-older"}},
    "which-repository": _desk("which-repository", known="distribution, toolbox"),
    "unknown-policy": _desk("unknown-policy"),
    "several-policies": _desk("several-policies"),
    "maintainers-only": _desk("maintainers-only"),
    "history-unreadable": _desk("history-unreadable"),
    "unknown-person": _desk("unknown-person"),
    "unknown-choice": lambda: _parse("record 12 --voter @ada --choice maybe --link https://example.org/m/1"),
    "policy-unreadable": _desk(
        "policy-unreadable", path="GOVERNANCE.toml", line=4, what="threshold is missing", remedy="add threshold = ..."
    ),
}
VARIANTS: dict[str, Callable[[], Refused]] = {
    "practice-closed": lambda: practising(yes=3).refused(people(5)[4], practice().ballot("yes")),
    "unlinked-with-a-map": _desk("unlinked", account="slack:T01/U02", what="yes", map=".folkmoot/links.toml"),
    "number-missing-none-open": _desk("number-missing", open=0),
    "not-a-maintainer-afterwards": lambda: carried().refused(OUTSIDER, TakeInvitation()),
    "not-a-maintainer-reviewer": lambda: Refused(
        code="not-a-maintainer", params={"repository": "distribution", "role": "reviewer", "what": "propose"}
    ),
    "not-in-electorate-retract": lambda: Moot().refused(OUTSIDER, RetractBallot(acted_at=START)),
    "already-on-roster-reviewer": lambda: nominating(nomination(role="reviewer"), subject=PersonId("reviewer")),
    "roster-unreadable-no-line": lambda: nominating(roster=replace(FAULT, line=0)),
    "roster-unreadable-answer": lambda: Refused(
        code="roster-unreadable", params={**NO_ROSTER, "start": "Not recorded:"}
    ),
    "no-vote-objection": lambda: first(RaiseObjection(reason="Stay.", acted_at=START), stepping()),
    "not-voting-yet-seconds": lambda: last(seconded(0), Moot().ballot("yes"), 5),
    "no-revote-retract": lambda: last(final(), RetractBallot(acted_at=START), 3),
    "blinded-buttons-only-record": lambda: entering(blinded(), 11, 12),
    "contact-not-neutral-employer": lambda: last(
        Removal(), TakeContact(), 2, employers={people(2)[1]: "Acme", people(12)[11]: "Acme"}
    ),
    "not-a-maintainer-electorate": lambda: Moot().refused(OUTSIDER, Extend(by="1d", reason="Why.")),
    "closed-step-down": lambda: last(stepping("void"), Confirm()),
    "text-too-long-reason": lambda: first(Moot().ballot("no", reason="x" * 600)),
}
EVERY_REFUSAL = {**REFUSED, **MORE_REFUSED, **VARIANTS}


def _refusal_card(refused: Refused) -> Card:
    names = Scene(names=PlainNames(LOGINS), now=START)
    return answer_card(Answer(ok=False, code=refused.code, params=refused.params), names)


def _receipt_card(answer: Answer) -> Card:
    return answer_card(answer, Scene(names=PlainNames(LOGINS), now=START))


def _status(moot: Moot, reader: PersonId | None) -> Card:
    return status_card(moot.motion, reader, scene(moot))


def _list(*moots: Moot) -> Card:
    titles = {moot.number: str(moot.motion.opened.title) for moot in moots if moot.motion.subject is None}
    return list_card([moot.entry() for moot in moots], Scene(names=PlainNames(LOGINS), now=START), titles)


FAULT_PARAMS: Params = {"incident": "3f9a", "what": "I could not write to the ledger"}


def _digest(*moots: Moot) -> Card:
    """The week in which these were; each with a number of its own."""
    motions = [replace(moot.motion, number=11 + index) for index, moot in enumerate(moots)]
    now = START + timedelta(days=8)
    digest = digest_of("distribution", motions, since=now - timedelta(days=7), now=now)
    assert digest is not None
    return digest_card(digest, Scene(names=PlainNames(LOGINS), now=now))


QUERIES: dict[str, Make] = {
    "practice-status": lambda: status_card(practising().motion, people(2)[1], scene(practising())),
    "practice-list": lambda: _list(practising(), voting()),
    "pings": lambda: pings_card(True, "Europe/Berlin", (9, 17)),
    "pings-at-once": lambda: pings_card(True, "UTC", None),
    "pings-off": lambda: pings_card(False, "UTC", (9, 17)),
    "help": lambda: help_card(""),
    "help-unknown": lambda: help_card("dance"),
    **{f"help-{name}": partial(help_card, name) for name in BY_NAME},
    "status-blinded": lambda: _status(blinded(), people(12)[11]),
    "status-contact": lambda: _status(Removal(), people(1)[0]),
    "status-contact-taken": lambda: _status(reminded(), people(1)[0]),
    "status-contact-cannot": lambda: _status(settled("cannot"), people(1)[0]),
    "status-contact-ended": lambda: _status(taken_back(), people(1)[0]),
    "status-removal": lambda: _status(removal("voting"), people(12)[11]),
    "status-step-down": lambda: _status(stepping("listed"), people(1)[0]),
    "status-resolution": lambda: _status(disputed(), people(1)[0]),
    "list-all-kinds": lambda: _list(
        Removal(number=3), stepping(), removal("voting"), disputed(), deciding(), seconded(0)
    ),
    "mine": lambda: _mine(voting(), removal("voting"), disputed()),
    "mine-empty": lambda: _mine(),
    "whoami": lambda: _whoami(MAINTAINER),
    "whoami-reviewer": lambda: _whoami("reviewer"),
    "whoami-outsider": lambda: _whoami(""),
    "whoami-unlinked": lambda: whoami_card(None, "slack:T01/U02", "distribution", "", 9, 12),
    "why": lambda: _why(people(12)[11]),
    "why-outsider": lambda: _why(OUTSIDER),
    "why-nothing-open": lambda: why_card(OUTSIDER, [], "distribution", Scene(names=PlainNames(LOGINS), now=START)),
    "review": lambda: review_card(REVIEWED, REPORT, "distribution"),
    "candidates": lambda: candidates_card(FOUND, "distribution"),
    "candidates-none": lambda: candidates_card(replace(FOUND, rows=()), "distribution"),
    "review-due": lambda: review_note("distribution"),
    "digest": lambda: _digest(voting(), disputed(yes=9, no=2), carried(), lost(), stepping("listed"), withdrawn()),
    "digest-quiet-week": lambda: _digest(deciding(secrecy="blinded")),
    "list": lambda: _list(voting(), Moot(number=13, announced=False), Moot(number=14)),
    "list-empty": lambda: _list(),
    "status": lambda: _status(voting(), people(1)[0]),
    "status-not-voted": lambda: _status(voting(), people(12)[11]),
    "status-outsider": lambda: _status(voting(), OUTSIDER),
    "status-carried": lambda: _status(carried(), None),
    "fault": lambda: _receipt_card(Answer(ok=False, code="fault", params=FAULT_PARAMS)),
    "fault-unknown": lambda: _receipt_card(Answer(ok=False, code="fault", params={"incident": "3f9a", "what": ""})),
}


def _mine(*moots: Moot) -> Card:
    return mine_card([moot.motion for moot in moots], people(1)[0], Scene(names=PlainNames(LOGINS), now=START))


def _whoami(role: str) -> Card:
    person = Person(id=people(1)[0], login="ada", forge_id="github:7", accounts=("slack:T01/U02",))
    return whoami_card(person, "slack:T01/U02", "distribution", role, 9, 12)


def _why(person: PersonId) -> Card:
    left = voting()
    left.read_roster(*left.members[:11])
    motions = [left.motion, removal("voting").motion, stepping().motion, candidacy().motion]
    return why_card(person, motions, "distribution", Scene(names=PlainNames(LOGINS), now=START))


def _living(make: Callable[[], Moot]) -> Card:
    moot = make()
    return living_card(moot.motion, scene(moot))


def _poll(make: Callable[[], Moot]) -> Card:
    moot = make()
    return poll_card(moot.motion, scene(moot))


def _notice(kind: str, make: Callable[[], Moot], params: dict[str, str | int]) -> Card:
    moot = make()
    return notice_card(kind, moot.motion, params, scene(moot))


def _receipt_of(make: Callable[[], Answer]) -> Card:
    return _receipt_card(make())


def _refusal_of(make: Callable[[], Refused]) -> Card:
    return _refusal_card(make())


LINKED: dict[str, str | int] = {
    "person": str(people(1)[0]),
    "account": "slack:T01/U02",
    "until": "2026-06-30T09:30:00+00:00",
    "by": str(people(2)[1]),
}
MISSING = (Unsigned(commit="0d6b721" * 5, subject="Fix a typo", author=Signer(name="New", mail="new@example.org")),)
MESSAGE = "# 0d6b721\nFix a typo\n\nSigned-off-by: New <new@example.org>\nSigned-off-by: Ada <ada@example.org>\n"
SIGN_OFFS: dict[str, Make] = {
    "missing": lambda: dco_card(17, 3, MISSING, (), "consent"),
    "no-address": lambda: dco_card(17, 3, MISSING, (), "address"),
    "for-a-maintainer": lambda: dco_card(17, 3, MISSING, (), "maintainer"),
    "message": lambda: dco_card(17, 1, MISSING, (MESSAGE,), "consent"),
    "all": lambda: dco_card(17, 3, (), (), "consent"),
    "help": lambda: dco_help({"commits": "0d6b721ab0d6b721ab 9c1185a5c5e99c1185a5", "depth": 3, "pull": 17}),
}
LINKS: dict[str, Make] = {
    "told": lambda: linked_notice(LINKED, Scene(names=PlainNames(LOGINS), now=START)),
    "undone": lambda: unlinked_notice(LINKED, Scene(names=PlainNames(LOGINS), now=START)),
    **{how: partial(link_ended, how) for how in _ENDS},
}
SHUT = "the channel is archived: unarchive it, or configure another one"
PLACES: dict[str, Make] = {
    "shut": lambda: shut_notice("slack:C0123", SHUT, announced=False),
    "shut-announced": lambda: shut_notice("slack:C0123", SHUT, announced=True),
    "open-again": lambda: open_again_notice("slack:C0123"),
}
PAGES: dict[str, Make] = {
    "status": lambda: _page(thread_status, disputed()),
    "status-removal": lambda: _page(thread_status, removal("voting")),
    "status-removal-alone": lambda: _page(thread_status, on_the_page()),
    "status-pull-changed": lambda: _page(thread_status, changed_pull("other")),
    "status-pull-altered": lambda: _page(thread_status, changed_pull("altered")),
    "result-pull-changed": lambda: _page(thread_result, changed_pull("other", closed=True)),
    "status-blinded": lambda: _page(thread_status, blinded()),
    "status-announcing": lambda: _page(thread_status, Moot(announced=False)),
    "status-carried": lambda: _page(thread_status, carried()),
    "status-withdrawn": lambda: _page(thread_status, taken_back()),
    "result": lambda: _page(thread_result, disputed(yes=8)),
    "note": lambda: thread_note(
        {"note-code": "comment-verb", "note-login": "outsider", "note-thread": 7},
        Scene(names=PlainNames({}), now=START),
    ),
}


def _page(words: Callable[[Motion, Scene], Card], moot: Moot) -> Card:
    return words(moot.motion, scene(moot))


CARDS: dict[str, Make] = {
    **{f"dco-{name}": make for name, make in SIGN_OFFS.items()},
    **{f"link-{name}": make for name, make in LINKS.items()},
    **{f"place-{name}": make for name, make in PLACES.items()},
    **{f"page-{name}": make for name, make in PAGES.items()},
    **{f"poll-{name}": partial(_poll, make) for name, make in POLLS.items()},
    **{f"step-down-{name}": partial(_living, make) for name, make in LIVING.items()},
    **{f"notice-{name}": partial(_notice, *of) for name, of in NOTICES.items()},
    **{f"note-{name}": make for name, make in NOTES.items()},
    **{f"receipt-{name}": partial(_receipt_of, make) for name, make in RECEIPTS.items()},
    **{f"refusal-{name}": partial(_refusal_of, make) for name, make in EVERY_REFUSAL.items()},
    **{f"query-{name}": make for name, make in QUERIES.items()},
}


@pytest.mark.parametrize("name", sorted(CARDS))
def test_every_card_reads_as_its_golden_file(name: str) -> None:
    check_golden(f"cards/{name}.txt", plain_card(CARDS[name]()) + "\n")


def test_every_golden_card_is_still_said() -> None:
    written = {path.stem for path in (HERE / "cards").iterdir()}
    assert written - set(CARDS) == set()


# ---------------------------------------------------------------------- nothing is missing


def test_every_refusal_has_words_and_every_word_a_refusal() -> None:
    answers = {"fault", "ballot-stands", "heard", "delivery", "link-code", "link-released"}
    pages = map(str, Path(bot.threads.desk.__file__).parent.glob("*.py"))
    shell = (bot.catching.__file__, bot.desk.__file__, bot.lookups.__file__, bot.questions.__file__)
    files = (*pages, bot.linking.__file__, bot.dcohelp.__file__, *shell)
    said = codes_in(*sources(), Path(grammar.__file__), *(Path(file) for file in files)) - answers
    assert said - set(REFUSALS) == set(), "codes without words"
    assert set(REFUSALS) - said == set(), "words that nothing says"
    assert {*REFUSED, *MORE_REFUSED} == set(REFUSALS)


@pytest.mark.parametrize("name", sorted(EVERY_REFUSAL))
def test_a_refusal_begins_with_what_was_not_done(name: str) -> None:
    card = _refusal_card(EVERY_REFUSAL[name]())
    assert isinstance(card, Reply)
    assert card.tone == "refused"
    first_span = card.lines[0][0]
    assert isinstance(first_span, Strong)
    assert first_span.text.endswith(":")
    assert " not " in first_span.text or first_span.text.startswith(("No", "Not", "Nothing"))


def test_every_receipt_is_rendered() -> None:
    assert {make().code for make in RECEIPTS.values()} == set(_RECEIPTS)


def test_every_stage_of_a_poll_is_rendered() -> None:
    stages = {make().motion.stage for make in (*POLLS.values(), *LIVING.values())}
    assert stages == set(get_args(Stage)) - {"contact"}, "a contact has no poll"


def test_every_kind_of_effect_that_is_read_is_rendered() -> None:
    told = {kind for kind, _, _ in NOTICES.values()}
    direct = {"ping", "invitation-draft", "patch", "review-due", "digest", "comment-gone", *CONTACT}
    pages = {"thread-status", "thread-result", "thread-note", "linked", "unlinked", "shut", "dco-help"}
    assert told | direct | pages | {"poll", "poll-edit", "draft", "draft-result"} == set(get_args(Kind))


def test_every_verb_of_a_command_says_what_was_not_done() -> None:
    queries = {verb.name for verb in VERBS if isinstance(ASKS[verb.name], Query)}
    assert {verb.name for verb in VERBS} - queries <= set(NOT_DONE)


def test_a_kind_of_message_that_does_not_exist_is_an_error() -> None:
    moot = voting()
    with pytest.raises(KeyError):
        notice_card("poem", moot.motion, {}, scene(moot))
    with pytest.raises(KeyError):
        note_card("poem", moot.motion, {}, scene(moot))
    for kind in ("withdrawn", "result", "acknowledged", "invitation", "answered", "draft-opened"):
        with pytest.raises(KeyError):
            notice_card(kind, moot.motion, {}, scene(moot))


def test_a_refusal_without_words_is_still_a_refusal() -> None:
    card = answer_card(Answer(ok=False, code="brand-new"), Scene(names=PlainNames(), now=START))
    assert plain_card(card) == "✗ Not done. (brand-new)"


# ---------------------------------------------------------------------- what no card may do

SENTINELS = {
    "text": "TEXT-SENTINEL *bold* [x](http://evil.example) <!channel> @everyone",
    "evidence": "EVIDENCE-SENTINEL <http://evil.example|ok>",
}


def test_t29_t30_what_somebody_typed_is_plain_text_never_a_link_or_a_mention() -> None:
    moot = Moot(command=nomination(**SENTINELS))
    moot.vote(1, "no", reason="REASON-SENTINEL")
    card = poll_card(moot.motion, scene(moot))
    spans = [span for line in (card.heading, card.byline, *card.notes, card.tally, card.following) for span in line]
    for span in spans:
        if isinstance(span, (Link, Code, Mention)):
            assert "SENTINEL" not in plain_line((span,))
            assert "evil" not in plain_line((span,))
    assert card.quote == SENTINELS["text"]
    assert "REASON-SENTINEL" not in plain_card(card)


@pytest.mark.parametrize("name", sorted(set(CARDS) - {"note-invitation-draft", "note-patch"}))
def test_the_reason_of_a_ballot_is_in_no_card(name: str) -> None:
    assert "REASON-SENTINEL" not in plain_card(CARDS[name]())


@pytest.mark.parametrize("stage", ["open", "carried", "lost", "withdrawn"])
def test_the_buttons_of_a_poll_are_verbs_and_none_is_left_after_the_end(stage: str) -> None:
    moot = {"open": voting, "carried": carried, "lost": lost, "withdrawn": withdrawn}[stage]()
    buttons = poll_card(moot.motion, scene(moot)).buttons
    assert bool(buttons) == (stage == "open")
    assert all(button.verb in BY_NAME for button in buttons)


@pytest.mark.parametrize("name", sorted(CARDS))
def test_every_button_is_a_verb_and_no_line_is_empty(name: str) -> None:
    card = CARDS[name]()
    for button in getattr(card, "buttons", ()):
        assert button.verb in BY_NAME
    assert isinstance(card, Poll | Notice | Note | Reply) or card.heading
    for line in plain_card(card).splitlines():
        assert "None" not in line
        assert "  ." not in line
        assert " ," not in line


def test_a_moment_is_shown_in_its_zone_and_in_utc() -> None:
    winter = START.replace(month=1)
    assert plain_line((Moment(winter, "UTC"),)) == "Thu 29 Jan 2026, 09:30 UTC"
    berlin = "Thu 29 Jan 2026, 10:30 Europe/Berlin (Thu 29 Jan 2026, 09:30 UTC)"
    assert plain_line((Moment(winter, "Europe/Berlin"),)) == berlin


def test_spans_are_plain_in_plain_text() -> None:
    spans: Line = (Plain("a "), Strong("b "), Code("c "), Link("d", "https://example.org"), Mention(OUTSIDER, "e"))
    assert plain_line(spans) == "a b c d <https://example.org>@e"


def test_an_unreadable_roster_is_told_with_file_and_line() -> None:
    fault = RosterFault(path="MAINTAINERS", line=3, what="two handles", remedy="remove one")
    assert opening(fault).roster == fault
    text = plain_card(CARDS["refusal-roster-unreadable"]())
    assert "MAINTAINERS, line 3" in text
    assert "remove one" in text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        *((0, "less than a minute"), (59, "less than a minute"), (60, "1 minute"), (3599, "59 minutes")),
        *((3600, "1 hour"), (86399, "23 hours"), (86400, "1 day"), (7 * 86400, "7 days")),
    ],
)
def test_a_duration_is_told_in_its_largest_whole_unit(seconds: int, words: str) -> None:
    assert span_of_time(seconds) == words
