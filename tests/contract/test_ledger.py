"""What every ledger promises, run against each of them: nothing acknowledged is lost, nothing else is half there."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path
from threading import Event as Flag
from typing import Any

import pytest

from bot.core.answers import Answer
from bot.core.effects import LONGEST_PING, LONGEST_RETRY
from bot.core.events import (
    AccountReleased,
    CandidateAnswered,
    Event,
    InvitationTaken,
    MotionWithdrawn,
    PeopleEvent,
    PersonBound,
    PingsChosen,
    RoleBegan,
)
from bot.core.motion import replay
from bot.core.people import Person, PersonId, Pings
from bot.ports import Ledger, NotRecorded, OutboxRow, Point, Recorded, Transaction, no_point
from storage.chain import hash_of
from storage.codec import EVENTS
from storage.memory import MemoryLedger, Store
from storage.sqlite import SqliteLedger
from tests.storage.samples import (
    ADA,
    BOB,
    CAT,
    CLOSES,
    DAN,
    FIVE,
    NOW,
    StoppedClock,
    ballot,
    bound,
    closed,
    edit,
    later,
    notice,
    one_of_each,
    opened,
    post,
    prose,
)

OK = Answer(ok=True, code="recorded", params={"motion": 1, "last": True, "none": None, "who": "p-ada"})


class Kill(BaseException):
    """The process ends here."""


class Home:
    """A place where a ledger lives, so that a test can leave it and come back."""

    def __init__(self, open_again: Callable[[Point], Ledger]) -> None:
        self._open, self._ledgers = open_again, list[Ledger]()

    def open(self, point: Point = no_point) -> Ledger:
        self._ledgers.append(self._open(point))
        return self._ledgers[-1]

    def leave(self) -> None:
        for ledger in self._ledgers:
            ledger.close()


def in_memory(directory: Path) -> Home:
    store = Store()
    return Home(lambda point: MemoryLedger(clock=StoppedClock(), point=point, store=store))


def in_a_file(directory: Path) -> Home:
    return Home(lambda point: SqliteLedger(directory / "ledger.db", clock=StoppedClock(), point=point))


@pytest.fixture(params=[in_memory, in_a_file])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Home]:
    place: Home = request.param(tmp_path)
    yield place
    place.leave()


@pytest.fixture
def ledger(home: Home) -> Ledger:
    return home.open()


def append(ledger: Ledger, number: int, *events: Event) -> tuple[Recorded, ...]:
    return ledger.transact(lambda tx: tx.append(number, events, at=NOW)).result()


def chain_of(ledger: Ledger, *motions: int) -> list[Recorded]:
    reader = ledger.reader()
    return sorted((row for motion in motions for row in reader.events(motion)), key=lambda row: row.seq)


def assert_chain(ledger: Ledger, *motions: int) -> None:
    head = ledger.genesis()
    rows = chain_of(ledger, *motions)
    for number, row in enumerate(rows, start=1):
        assert row.seq == number
        body = EVENTS.encode(row.event, seq=row.seq, motion=row.motion, version=row.version, at=row.at)[3]
        head = hash_of(body, head)
        assert row.hash == head
    assert ledger.head() == head


# --------------------------------------------------------------------------- events


def test_a_new_ledger_is_empty_and_has_a_genesis_of_its_own(home: Home, ledger: Ledger) -> None:
    assert len(ledger.genesis()) == 64
    assert ledger.head() == ledger.genesis()
    assert ledger.genesis() != MemoryLedger(clock=StoppedClock()).genesis()
    assert list(ledger.reader().entries()) == []
    assert ledger.reader().motion(1) is None
    assert list(ledger.reader().events(1)) == []


def test_what_was_appended_is_read_back_the_same_and_makes_the_same_motion(ledger: Ledger) -> None:
    events = (opened(), notice(), ballot(reason="why – ö"), ballot(BOB, "no"))
    rows = append(ledger, 1, *events)
    assert tuple(row.event for row in rows) == events
    assert tuple(ledger.reader().events(1)) == rows
    assert [(row.seq, row.motion, row.version) for row in rows] == [(1, 1, 1), (2, 1, 2), (3, 1, 3), (4, 1, 4)]
    assert ledger.reader().motion(1) == replay(1, [(NOW, event) for event in events])
    assert ledger.transact(lambda tx: tx.motion(1)).result() == ledger.reader().motion(1)


def test_every_type_of_event_survives_storing(home: Home, ledger: Ledger) -> None:
    people = [event for event in one_of_each() if isinstance(event, PeopleEvent)]
    start, *rest = [event for event in one_of_each() if not isinstance(event, PeopleEvent)]
    append(ledger, 0, *people)
    append(ledger, 1, start, *rest)
    assert tuple(row.event for row in ledger.reader().events(1)) == (start, *rest)
    assert [row.event for row in ledger.reader().events(0)] == people
    ledger.close()
    again = home.open()
    assert tuple(row.event for row in again.reader().events(1)) == (start, *rest)
    assert again.reader().motion(1) == replay(1, [(NOW, event) for event in (start, *rest)])


def test_the_chain_runs_through_all_streams_from_the_genesis_to_the_head(ledger: Ledger) -> None:
    append(ledger, 0, bound(ADA, "login", "ada"))
    append(ledger, 1, opened())
    append(ledger, 2, opened(subject=BOB), notice())
    append(ledger, 1, notice(), ballot())
    assert_chain(ledger, 0, 1, 2)


def test_a_transaction_sees_its_own_events_at_once_and_others_only_see_them_committed(ledger: Ledger) -> None:
    def work(tx: Transaction) -> tuple[int, int]:
        tx.append(1, [opened()], at=NOW)
        inside = tx.motion(1)
        tx.append(1, [notice(), ballot()], at=NOW)
        after = tx.motion(1)
        assert inside is not None
        assert after is not None
        assert ledger.head() == ledger.genesis()
        return inside.version, after.yes

    assert ledger.transact(work).result() == (1, 1)
    assert ledger.head() != ledger.genesis()


def test_a_motion_is_opened_once_and_first(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="before it was opened"):
        append(ledger, 1, ballot())
    append(ledger, 1, opened())
    with pytest.raises(Exception, match="opened already"):
        append(ledger, 1, opened())
    with pytest.raises(ValueError, match="does not belong"):
        append(ledger, 1, bound(ADA, "login", "ada"))
    with pytest.raises(ValueError, match="does not belong"):
        append(ledger, 0, ballot())
    assert_chain(ledger, 0, 1)


def test_a_text_that_is_not_its_digest_s_is_refused(ledger: Ledger) -> None:
    wrong = dataclasses.replace(prose("something else"), digest=prose("because").digest)
    append(ledger, 1, opened())
    with pytest.raises(ValueError, match="digest"):
        append(ledger, 1, MotionWithdrawn(person=ADA, seconder=None, reason=wrong))
    assert len(ledger.reader().events(1)) == 1


def test_the_stream_of_people_is_no_motion(ledger: Ledger) -> None:
    append(ledger, 0, bound(ADA, "login", "ada"))
    assert ledger.reader().motion(0) is None
    assert ledger.transact(lambda tx: tx.motion(0)).result() is None


# --------------------------------------------------------------------------- rollback and groups


def whole(number: int, subject: PersonId) -> Callable[[Transaction], None]:
    return lambda tx: everything(tx, number, subject)


def answered(ledger: Ledger, number: int) -> Answer | None:
    return ledger.transact(lambda tx: tx.answer(f"request-{number}")).result()


def everything(tx: Transaction, number: int, subject: PersonId) -> None:
    tx.append(0, [bound(subject, "login", f"login-{subject}")], at=NOW)
    tx.append(number, [opened(subject=subject), notice(), ballot(reason=f"about {subject}")], at=NOW)
    tx.remember(f"request-{number}", OK, at=NOW, motion=number)
    tx.intend([post(number, "poll"), edit(number)], at=NOW)


def test_a_unit_that_raises_leaves_nothing_behind(ledger: Ledger) -> None:
    def work(tx: Transaction) -> None:
        everything(tx, 1, DAN)
        raise LookupError("no")

    with pytest.raises(LookupError):
        ledger.transact(work).result()
    reader = ledger.reader()
    assert reader.motion(1) is None
    assert list(reader.entries()) == []
    assert list(reader.events(0)) == list(reader.events(1)) == []
    assert list(reader.directory().everyone()) == []
    assert list(reader.due(CLOSES)) == []
    assert ledger.transact(lambda tx: tx.answer("request-1")).result() is None
    assert ledger.head() == ledger.genesis()
    everything_again = ledger.transact(lambda tx: everything(tx, 1, DAN))
    assert everything_again.result() is None
    assert_chain(ledger, 0, 1)


def together(ledger: Ledger, *works: Callable[[Transaction], Any]) -> list[Future[Any]]:
    """Queue works while the writer is held up, so that they share a commit where the ledger has groups."""
    if isinstance(ledger, MemoryLedger):
        return [ledger.transact(work) for work in works]
    go = Flag()
    ledger.transact(lambda tx: go.wait())
    futures = [ledger.transact(work) for work in works]
    go.set()
    return futures


def test_a_unit_that_raises_rolls_back_only_itself(ledger: Ledger) -> None:
    def bad(tx: Transaction) -> None:
        everything(tx, 2, BOB)
        tx.append(1, [ballot(CAT, "no")], at=NOW)
        raise LookupError("no")

    futures = together(
        ledger,
        lambda tx: everything(tx, 1, DAN),
        bad,
        lambda tx: tx.append(1, [ballot(BOB)], at=NOW),
        lambda tx: everything(tx, 2, CAT),
    )
    outcomes = [future.exception() for future in futures]
    assert [type(error) for error in outcomes] == [type(None), LookupError, type(None), type(None)]
    motion = ledger.reader().motion(1)
    assert motion is not None
    assert (motion.yes, motion.no) == (2, 0)
    second = ledger.reader().motion(2)
    assert second is not None
    assert second.subject == CAT
    assert [row.effect.key for row in ledger.reader().due(NOW)] == [
        "m1:poll:slack:C0123",
        "m1:poll-edit:slack:C0123",
        "m2:poll:slack:C0123",
        "m2:poll-edit:slack:C0123",
    ]
    assert_chain(ledger, 0, 1, 2)


def test_a_violated_rule_of_the_store_fails_the_unit_even_if_the_rules_let_it_pass(ledger: Ledger) -> None:
    append(ledger, 1, opened(), notice())
    with pytest.raises(Exception, match="unfinished motion about p-dan"):
        append(ledger, 2, opened())
    append(ledger, 2, opened(repository="acme/other"))
    append(ledger, 1, closed("lost"))
    append(ledger, 3, opened())
    assert [entry.number for entry in ledger.reader().entries(unfinished=True)] == [2, 3]
    assert_chain(ledger, 1, 2, 3)


def test_futures_are_done_only_after_the_commit(home: Home) -> None:
    futures: list[Future[Any]] = []
    seen: list[tuple[str, bool]] = []
    ledger = home.open(lambda name: seen.append((name, any(f.done() for f in futures))))
    futures += together(ledger, *[lambda tx: None] * 3)
    for future in futures:
        future.result()
    assert ("ledger.before.commit", True) not in seen
    assert ("ledger.after.commit", True) not in seen
    assert {name for name, _ in seen} == {"ledger.before.commit", "ledger.after.commit"}


def test_a_commit_that_fails_records_nothing_and_says_so(home: Home) -> None:
    failing = Flag()

    def point(name: str) -> None:
        if name == "ledger.before.commit" and failing.is_set():
            raise OSError("the disk is on fire")

    ledger = home.open(point)
    append(ledger, 1, opened(), notice())
    head = ledger.head()
    failing.set()
    futures = together(ledger, *[lambda tx: tx.append(1, [ballot()], at=NOW)] * 2)
    for future in futures:
        with pytest.raises(NotRecorded, match="could not be written: the disk is on fire"):
            future.result()
    failing.clear()
    assert ledger.head() == head
    append(ledger, 1, ballot(BOB))
    motion = ledger.reader().motion(1)
    assert motion is not None
    assert list(motion.ballots) == [BOB]
    assert_chain(ledger, 1)


# --------------------------------------------------------------------------- inbox


def test_a_retried_request_finds_the_first_answer(home: Home, ledger: Ledger) -> None:
    assert ledger.transact(lambda tx: tx.answer("r1")).result() is None
    ledger.transact(lambda tx: tx.remember("r1", OK, at=NOW, motion=1)).result()
    assert ledger.transact(lambda tx: tx.answer("r1")).result() == OK
    second = Answer(ok=False, code="other")
    assert ledger.transact(lambda tx: tx.remember("r1", second, at=NOW, motion=1)).exception() is not None
    ledger.close()
    assert home.open().transact(lambda tx: tx.answer("r1")).result() == OK


# --------------------------------------------------------------------------- outbox


def intend(ledger: Ledger, *effects: Any, at: float = 0) -> None:
    ledger.transact(lambda tx: tx.intend(effects, at=later(at))).result()


def settle(ledger: Ledger, row: OutboxRow, **changes: Any) -> None:
    ledger.transact(lambda tx: tx.settle(dataclasses.replace(row, **changes))).result()


def row(ledger: Ledger, key: str) -> OutboxRow:
    found = ledger.row(key)
    assert found is not None
    return found


def keys(ledger: Ledger, *, at: float = 0, limit: int = 100) -> list[str]:
    return [found.effect.key.split(":")[1] for found in ledger.reader().due(later(at), limit=limit)]


def test_an_effect_is_intended_once_whatever_happened_to_it(ledger: Ledger) -> None:
    intend(ledger, post(1, "poll"))
    intend(ledger, post(1, "poll"), at=5)
    first = row(ledger, "m1:poll:slack:C0123")
    assert first == OutboxRow(id=1, effect=post(1, "poll"), state="pending", attempts=0, due=NOW)
    settle(ledger, first, state="done", ref="ts-1", attempts=1)
    intend(ledger, post(1, "poll"), at=9)
    assert row(ledger, "m1:poll:slack:C0123").state == "done"
    assert row(ledger, "m1:poll:slack:C0123").ref == "ts-1"
    assert keys(ledger, at=99) == []
    assert ledger.row("nothing") is None


def test_posts_of_a_motion_go_to_a_venue_one_after_the_other(ledger: Ledger) -> None:
    other = post(1, "b", channel="discord:G/C")
    intend(ledger, post(1, "a"), post(1, "b"), post(2, "a"), other)
    assert [r.effect.key for r in ledger.reader().due(NOW)] == [
        "m1:a:slack:C0123",
        "m2:a:slack:C0123",
        "m1:b:discord:G/C",
    ]
    settle(ledger, row(ledger, "m1:a:slack:C0123"), state="done")
    assert "m1:b:slack:C0123" in [r.effect.key for r in ledger.reader().due(NOW)]


def test_a_post_that_waits_holds_back_its_line_and_a_parked_one_does_not(ledger: Ledger) -> None:
    intend(ledger, post(1, "a"), post(1, "b"), edit(1))
    first = row(ledger, "m1:a:slack:C0123")
    settle(ledger, first, attempts=1, due=later(60), error="timed out")
    assert keys(ledger) == ["poll-edit"]
    assert row(ledger, first.effect.key).error == "timed out"
    assert keys(ledger, at=60) == ["poll-edit", "a"]
    settle(ledger, first, state="parked", attempts=9, error="gone")
    assert keys(ledger) == ["b", "poll-edit"]


def test_due_rows_come_oldest_first_and_not_before_their_time(ledger: Ledger) -> None:
    intend(ledger, post(1, "late"), at=10)
    intend(ledger, post(2, "soon"), at=5)
    assert keys(ledger, at=4) == []
    assert keys(ledger, at=5) == ["soon"]
    assert keys(ledger, at=10) == ["soon", "late"]
    assert keys(ledger, at=10, limit=1) == ["soon"]


def test_asking_for_the_latest_again_makes_one_row_due_again(ledger: Ledger) -> None:
    intend(ledger, edit(1))
    first = row(ledger, edit(1).key)
    settle(ledger, first, state="done", attempts=1)
    assert keys(ledger, at=99) == []
    intend(ledger, edit(1), at=7)
    again = row(ledger, edit(1).key)
    assert (again.id, again.state, again.attempts, again.due) == (first.id, "pending", 0, later(7))
    assert again.generation > first.generation


def test_f14_a_row_that_is_put_off_further_than_any_pause_is_due_and_keeps_its_place(ledger: Ledger) -> None:
    intend(ledger, post(1, "a"), post(1, "b"), edit(2), dataclasses.replace(post(3, "ping"), kind="ping"))
    ahead = timedelta(days=400)
    for key in ("m1:a:slack:C0123", "m2:poll-edit:slack:C0123", "m3:ping:slack:C0123"):
        settle(ledger, row(ledger, key), due=NOW + ahead)
    assert keys(ledger) == ["a", "poll-edit", "ping"]
    for key in ("m1:a:slack:C0123", "m2:poll-edit:slack:C0123"):
        settle(ledger, row(ledger, key), due=NOW + LONGEST_RETRY)
    settle(ledger, row(ledger, "m3:ping:slack:C0123"), due=NOW + LONGEST_PING)
    assert keys(ledger) == []
    assert keys(ledger, at=-1) == ["a", "poll-edit", "ping"]
    assert keys(ledger, at=LONGEST_RETRY.total_seconds()) == ["a", "poll-edit"]
    assert "ping" in keys(ledger, at=LONGEST_PING.total_seconds())


def test_settling_what_was_asked_for_again_meanwhile_leaves_it_due(ledger: Ledger) -> None:
    intend(ledger, edit(1))
    (read,) = ledger.reader().due(NOW)
    intend(ledger, edit(1), at=1)
    settle(ledger, read, state="done", attempts=1, ref="ts-1")
    after = row(ledger, edit(1).key)
    assert (after.state, after.due, after.attempts, after.ref) == ("pending", later(1), 0, "ts-1")
    settle(ledger, after, state="done")
    assert row(ledger, edit(1).key).state == "done"


def test_settling_and_asking_again_in_one_commit_leaves_the_row_due(ledger: Ledger) -> None:
    intend(ledger, edit(1))
    (read,) = ledger.reader().due(NOW)
    done = dataclasses.replace(read, state="done")
    together(
        ledger,
        lambda tx: tx.intend([edit(1)], at=later(1)),
        lambda tx: tx.settle(done),
        lambda tx: tx.intend([edit(1)], at=later(2)),
        lambda tx: tx.settle(done),
    )[-1].result()
    assert keys(ledger, at=5) == ["poll-edit"]


def test_many_requests_in_one_commit_ask_for_one_newer_generation_at_least(ledger: Ledger) -> None:
    intend(ledger, edit(1))
    (read,) = ledger.reader().due(NOW)
    for future in together(ledger, *[lambda tx: tx.intend([edit(1)], at=later(1))] * 5):
        future.result()
    assert row(ledger, edit(1).key).generation > read.generation


def test_settling_an_unknown_row_is_an_error(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="no outbox row 7"):
        settle(ledger, OutboxRow(id=7, effect=edit(1), state="done", attempts=1, due=NOW))


def test_an_effect_keeps_its_parameters(ledger: Ledger) -> None:
    effect = dataclasses.replace(post(1, "result"), params={"version": 7, "who": "p-ada"})
    intend(ledger, effect)
    assert row(ledger, effect.key).effect == effect


# --------------------------------------------------------------------------- docket


def test_the_docket_follows_a_motion_to_its_end(ledger: Ledger) -> None:
    append(ledger, 1, opened())
    (entry,) = ledger.reader().entries()
    assert (entry.stage, entry.closes_at, entry.ended, entry.head) == ("announcing", None, False, "")
    append(ledger, 1, notice(), ballot(), ballot(BOB))
    (entry,) = ledger.reader().entries()
    assert (entry.stage, entry.closes_at) == ("open", CLOSES)
    (close,) = append(ledger, 1, closed())
    (entry,) = ledger.reader().entries()
    assert (entry.stage, entry.closed_at, entry.ended, entry.head) == ("carried", NOW, False, close.hash)
    append(ledger, 1, InvitationTaken(person=ADA), CandidateAnswered(person=ADA, accepted=True, name=None, email=None))
    append(ledger, 1, RoleBegan(roster_commit="c2"))
    (entry,) = ledger.reader().entries()
    assert (entry.ended, entry.head) == (True, close.hash)
    assert list(ledger.reader().entries(unfinished=True)) == []


def test_rules_can_ask_about_other_motions_inside_a_transaction(ledger: Ledger) -> None:
    def work(tx: Transaction) -> None:
        docket = tx.docket()
        assert docket.next_number() == 1
        tx.append(1, [opened()], at=NOW)
        assert tx.docket().next_number() == 2
        found = tx.docket().unfinished_on("acme/widget", DAN)
        assert found is not None
        assert found.number == 1
        assert tx.docket().unfinished_on("acme/widget", BOB) is None
        assert tx.docket().open_by(ADA) == 1
        assert tx.docket().last_lost("acme/widget", DAN, "maintainer") is None
        tx.append(1, [notice(), closed("lost")], at=NOW)
        tx.append(2, [opened(), notice(), closed("lost")], at=later(9))
        lost = tx.docket().last_lost("acme/widget", DAN, "maintainer")
        assert lost is not None
        assert lost.number == 2
        assert tx.docket().last_lost("acme/widget", DAN, "reviewer") is None
        assert tx.docket().open_by(ADA) == 0
        assert tx.docket().unfinished_on("acme/widget", DAN) is None

    ledger.transact(work).result()


# --------------------------------------------------------------------------- people


def test_people_are_found_by_login_account_and_id(home: Home, ledger: Ledger) -> None:
    append(
        ledger,
        0,
        bound(ADA, "login", "Ada-L"),
        bound(ADA, "name", "Ada Lovelace"),
        bound(ADA, "forge", "github:7"),
        bound(ADA, "account", "slack:T1/U9"),
        bound(ADA, "account", "discord:G/42"),
        bound(BOB, "login", "bob"),
    )
    ada = Person(
        id=ADA,
        login="Ada-L",
        name="Ada Lovelace",
        forge_id="github:7",
        accounts=("discord:G/42", "slack:T1/U9"),
    )
    for _ in range(2):
        directory = ledger.reader().directory()
        assert directory.person(ADA) == directory.by_login("@ada-l") == directory.by_account("slack:T1/U9") == ada
        assert directory.by_login("nobody") is directory.by_account("x") is directory.person(CAT) is None
        assert list(directory.everyone()) == [ada, Person(id=BOB, login="bob")]
        ledger.close()
        ledger = home.open()


def test_a_transaction_sees_the_people_it_has_bound(ledger: Ledger) -> None:
    def work(tx: Transaction) -> Person | None:
        directory = tx.directory()
        assert directory.by_login("ADA") is None
        tx.append(0, [bound(ADA, "login", "ada")], at=NOW)
        return directory.by_login("ADA")

    assert ledger.transact(work).result() == Person(id=ADA, login="ada")


@pytest.mark.parametrize("kind", ["login", "forge"])
def test_a_login_or_forge_id_belongs_to_one_person_at_a_time(ledger: Ledger, kind: str) -> None:
    append(ledger, 0, bound(ADA, kind, "same"))
    with pytest.raises(Exception, match="belongs to"):
        append(ledger, 0, bound(BOB, kind, "same"))
    append(ledger, 0, bound(ADA, kind, "other"), bound(BOB, kind, "same"))
    assert_chain(ledger, 0)


def test_a_forge_id_is_an_account_of_its_person_by_itself(ledger: Ledger) -> None:
    append(ledger, 0, bound(ADA, "login", "ada"), bound(ADA, "forge", "github:583231"))
    directory = ledger.reader().directory()
    found = directory.by_account("github:583231")
    assert found is not None
    assert (found.id, found.accounts) == (ADA, ())
    assert directory.by_account("github:58323") is None
    assert ledger.transact(lambda txn: txn.directory().by_account("github:583231")).result() == found


def test_an_account_belongs_to_whom_it_was_bound_last(ledger: Ledger) -> None:
    append(ledger, 0, bound(ADA, "account", "slack:T/U"), bound(BOB, "account", "slack:T/U"))
    directory = ledger.reader().directory()
    owner = directory.by_account("slack:T/U")
    assert owner is not None
    assert owner.id == BOB
    assert directory.person(ADA) == Person(id=ADA, login="")


def test_an_account_that_is_released_stands_for_nobody_and_only_its_owner_can_lose_it(ledger: Ledger) -> None:
    linked = dataclasses.replace(bound(ADA, "account", "slack:T/U"), source="map")
    append(ledger, 0, bound(BOB, "account", "slack:T/V"), linked)
    directory = ledger.reader().directory()
    assert directory.linked("map") == {"slack:T/U": ADA}
    append(ledger, 0, AccountReleased(person=BOB, account=prose("slack:T/U")))
    assert directory.by_account("slack:T/U") is not None
    append(ledger, 0, AccountReleased(person=ADA, account=prose("slack:T/U")))
    assert directory.by_account("slack:T/U") is None
    assert directory.linked("map") == {}
    assert directory.person(ADA) == Person(id=ADA, login="")


def test_t5_an_account_is_held_until_its_time_and_a_new_link_or_its_release_ends_that(ledger: Ledger) -> None:
    until = NOW + timedelta(days=1)
    proved = dataclasses.replace(bound(ADA, "account", "slack:T/U"), source="device", held_until=until)
    append(ledger, 0, bound(BOB, "account", "slack:T/V"), proved)
    directory = ledger.reader().directory()
    assert (directory.held("slack:T/U"), directory.held("slack:T/V"), directory.held("x")) == (until, None, None)
    assert directory.linked("device") == {"slack:T/U": ADA}
    append(ledger, 0, dataclasses.replace(bound(ADA, "account", "slack:T/U"), source="map"))
    assert directory.held("slack:T/U") is None
    append(ledger, 0, proved, AccountReleased(person=ADA, account=prose("slack:T/U"), by=BOB))
    assert directory.held("slack:T/U") is None
    assert directory.by_account("slack:T/U") is None


def test_how_somebody_wants_to_be_reminded_is_kept_with_them(ledger: Ledger) -> None:
    quiet, early = Pings(on=False), Pings(zone="Europe/Berlin", start=7, end=12)
    append(ledger, 0, bound(ADA, "login", "ada"), PingsChosen(person=ADA, pings=quiet))
    assert ledger.reader().directory().person(ADA) == Person(id=ADA, login="ada", pings=quiet)
    append(ledger, 0, PingsChosen(person=ADA, pings=early))
    assert ledger.reader().directory().person(ADA) == Person(id=ADA, login="ada", pings=early)


def test_an_erased_value_leaves_the_person_without_it(ledger: Ledger) -> None:
    erased = dataclasses.replace(prose("ada"), salt=None, text=None)
    append(ledger, 0, PersonBound(person=ADA, kind="login", value=erased))
    assert ledger.reader().directory().person(ADA) == Person(id=ADA, login="")
    (stored,) = ledger.reader().events(0)
    assert stored.event == PersonBound(person=ADA, kind="login", value=erased)


# --------------------------------------------------------------------------- reopening and killing


def test_everything_is_there_again_after_reopening(home: Home, ledger: Ledger) -> None:
    for number, subject in enumerate(FIVE, start=1):
        ledger.transact(whole(number, subject)).result()
    append(ledger, 2, closed("lost", yes=1))
    before = _state(ledger)
    ledger.close()
    again = home.open()
    assert _state(again) == before
    append(again, 1, ballot(BOB))
    assert_chain(again, 0, 1, 2, 3, 4, 5)


def _state(ledger: Ledger) -> object:
    reader = ledger.reader()
    return (
        ledger.genesis(),
        ledger.head(),
        [reader.motion(n) for n in range(1, 7)],
        [list(reader.events(n)) for n in range(7)],
        list(reader.entries()),
        list(reader.directory().everyone()),
        list(reader.due(CLOSES)),
        [answered(ledger, n) for n in range(7)],
    )


def test_a_closed_ledger_records_nothing_more(ledger: Ledger) -> None:
    ledger.close()
    with pytest.raises(NotRecorded):
        append(ledger, 1, opened())


def test_what_was_queued_before_the_close_is_still_done(ledger: Ledger) -> None:
    futures = together(ledger, *[lambda tx: tx.docket().next_number()] * 3)
    ledger.close()
    assert [future.result() for future in futures] == [1, 1, 1]


@pytest.mark.parametrize("dying", range(1, 9))
def test_a_kill_at_any_commit_loses_nothing_acknowledged_and_halves_nothing(home: Home, dying: int) -> None:
    passed = 0

    def point(name: str) -> None:
        nonlocal passed
        passed += 1
        if passed >= dying:
            raise Kill(name)

    ledger = home.open(point)
    acknowledged = []
    for number, subject in enumerate(FIVE, start=1):
        future = ledger.transact(whole(number, subject))
        if future.exception() is None:
            acknowledged.append(number)
        else:
            assert isinstance(future.exception(), Kill)
    assert len(acknowledged) == (dying - 1) // 2
    after = home.open()
    stored = [entry.number for entry in after.reader().entries()]
    assert stored == list(range(1, dying // 2 + 1))
    for number in range(1, 6):
        there = number in stored
        motion = after.reader().motion(number)
        answer = answered(after, number)
        assert (motion is not None, answer is not None) == (there, there)
        assert len(after.reader().events(number)) == (3 if there else 0)
        assert (after.row(edit(number).key) is not None) == there
        assert (after.reader().directory().person(FIVE[number - 1]) is not None) == there
    assert_chain(after, 0, 1, 2, 3, 4, 5)


def test_a_killed_ledger_stays_dead(home: Home) -> None:
    def point(name: str) -> None:
        raise Kill(name)

    ledger = home.open(point)
    for _ in range(3):
        with pytest.raises(Kill):
            append(ledger, 1, opened())
    with pytest.raises(Kill):
        ledger.transact(lambda tx: None).result()
    assert ledger.head() == ledger.genesis()
    ledger.close()
    assert list(home.open().reader().entries()) == []


def test_a_kill_inside_the_work_is_a_kill(home: Home, ledger: Ledger) -> None:
    def work(tx: Transaction) -> None:
        tx.append(1, [opened()], at=NOW)
        raise Kill("inside")

    with pytest.raises(Kill):
        ledger.transact(work).result()
    with pytest.raises(Kill):
        append(ledger, 1, opened())
    assert list(home.open().reader().entries()) == []
