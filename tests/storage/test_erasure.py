"""T49: a person is erased, and the chain, every count and every projection verify as before."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.answers import Answer
from bot.core.effects import Effect
from bot.core.events import AccountReleased, CandidateAnswered, InvitationTaken, MotionWithdrawn, RoleBegan, SecondAsked
from bot.ports import Transaction
from storage.erasure import Dossier, Erased, Erasure
from storage.errors import LedgerError, LedgerLocked
from storage.rebuild import rebuild
from storage.sqlite import SqliteLedger
from storage.verify import verify
from tests.storage.conftest import tell
from tests.storage.samples import ADA, BOB, CAT, DAN, NOW, StoppedClock, ballot, bound, closed, notice, opened, prose
from tests.storage.test_verify import behind_its_back

ACCOUNT = "slack:T0TEAM/U0CATCH"
WORDS = ("Cat-Login", "Catherine Catch", "cat@catch.example", ACCOUNT, "github:4711", "I know Cat-Login well", "my own")


def fill(path: Path, *, unfinished: bool = False) -> None:
    """Cat: the subject of one motion, a voter in another, named in an answer, a request and an account's history."""
    ledger = SqliteLedger(path, clock=StoppedClock())
    tell(ledger, 0, bound(CAT, "login", "Cat-Login"), bound(CAT, "name", "Catherine Catch"))
    tell(ledger, 0, bound(BOB, "account", ACCOUNT), bound(CAT, "account", ACCOUNT), bound(CAT, "forge", "github:4711"))
    tell(ledger, 0, bound(BOB, "login", "bob"), bound(ADA, "login", "ada"))
    tell(ledger, 1, opened(subject=CAT, members=(ADA, BOB, DAN)), notice(), ballot(reason="I know Cat-Login well"))
    tell(ledger, 1, ballot(BOB), closed(), InvitationTaken(person=ADA))
    tell(
        ledger,
        1,
        CandidateAnswered(
            person=ADA, accepted=True, name=prose("Catherine Catch", salt="a1"), email=prose("cat@catch.example")
        ),
        RoleBegan(roster_commit="c9"),
    )
    tell(ledger, 2, opened(repository="acme/other", subject=DAN, members=(ADA, BOB, CAT)), notice())
    tell(
        ledger, 2, ballot(BOB, reason="ask Cat-Login"), ballot(CAT, "no", reason="my own"), closed("lost", yes=1, no=1)
    )
    if unfinished:
        tell(ledger, 3, opened(repository="acme/third", subject=DAN, members=(ADA, CAT)), notice())

    def told(account: str, login: str) -> None:
        key, params = f"thread-note:acme/other:7:{account}", {"note-login": login, "note-code": "comment-verb"}
        note = Effect(key=key, lane="once", motion=0, venue="thread", kind="thread-note", params=params)

        def work(tx: Transaction) -> None:
            tx.intend((note,), at=NOW)

        ledger.transact(work).result()
        row = ledger.row(key)
        assert row is not None
        ledger.transact(lambda tx: tx.settle(replace(row, state="done"))).result()

    told("github:99", "Passing-By")

    def answer(request: str, **params: str) -> None:
        kept = Answer(ok=True, code="done", params=params)
        ledger.transact(lambda tx: tx.remember(request, kept, at=NOW, motion=2)).result()

    told("github:4711", "Cat-Login")
    answer(f"seen:{ACCOUNT}:2:1.5:+1", choice="yes")
    answer("other", who="CAT-LOGIN", said="cat-login and concatenated")
    ledger.close()


def erased(path: Path, name: str = "@cat-login") -> tuple[Dossier, Erased]:
    with closing(Erasure(path)) as erasure:
        person = erasure.find(name)
        assert person is not None
        dossier = erasure.dossier(person)
        return dossier, erasure.erase(dossier, at=NOW)


def everything(path: Path) -> str:
    with behind_its_back(path) as conn:
        return "\n".join(line for line in conn.iterdump())


def test_t49_nothing_of_an_erased_person_is_left_and_the_log_verifies(path: Path) -> None:
    fill(path)
    before = verify(path)
    assert all(word in everything(path) for word in WORDS)
    dossier, done = erased(path)
    after = verify(path)
    assert after.problems == ()
    assert (after.head, after.events) == (before.head, before.events)
    left = everything(path).replace("ask Cat-Login", "")  # what Bob said stays his
    assert [word for word in WORDS if word.casefold() in left.casefold()] == []
    raw = path.read_bytes().replace(b"ask Cat-Login", b"")
    assert [word for word in WORDS if word.encode() in raw] == []
    assert not path.with_name(f"{path.name}-wal").exists() or not path.with_name(f"{path.name}-wal").read_bytes()
    assert dossier.mentions == ((2, "ask Cat-Login"),)
    assert done.texts == len(set(dossier.digests))
    assert done.answers == 2


def test_t49_a_login_of_two_letters_goes_and_takes_nothing_else_with_it(path: Path) -> None:
    fill(path)
    ledger = SqliteLedger(path, clock=StoppedClock())
    tell(ledger, 0, bound(DAN, "login", "An"))
    kept = Answer(ok=True, code="done", params={"login": "an", "said": "an answer", "to": "@An"})
    ledger.transact(lambda tx: tx.remember("r", kept, at=NOW, motion=0)).result()
    ledger.close()
    erased(path, "@an")
    ledger = SqliteLedger(path, clock=StoppedClock())
    left = ledger.transact(lambda tx: tx.answer("r")).result()
    ledger.close()
    assert left is not None
    assert left.params == {"login": "erased-person", "said": "an answer", "to": "erased-person"}


def test_t49_who_was_answered_on_a_page_and_is_no_person_is_erased_too(path: Path) -> None:
    fill(path)
    with closing(Erasure(path)) as erasure:
        assert erasure.find("@passing-by") is None
        assert erasure.stranger("@nobody") is None
        dossier = erasure.stranger("@passing-by")
        assert dossier is not None
        assert erasure.erase(dossier, at=NOW) == Erased(texts=0, answers=0, deliveries=1, polls=0)
        assert erasure.stranger("github:99") is None
    left = everything(path)
    assert "Passing-By" not in left
    assert "github:99" not in left
    assert "Cat-Login" in left
    assert verify(path).ok


def test_t49_an_erased_person_stays_counted_and_is_shown_as_one(path: Path) -> None:
    fill(path)
    erased(path)
    ledger = SqliteLedger(path, clock=StoppedClock())
    try:
        from bot.core.teller import recount
        from bot.names import DirectoryNames

        motion = ledger.reader().motion(2)
        assert motion is not None
        assert (recount(motion).yes, recount(motion).no) == (1, 1)
        assert str(motion.ballots[CAT].reason) == "(erased)"
        assert str(motion.ballots[BOB].reason) == "ask Cat-Login"
        directory = ledger.reader().directory()
        assert DirectoryNames(directory).login(CAT) == "erased-person"
        assert directory.by_account(ACCOUNT) is None
        assert directory.by_login("bob") is not None
        ledger.transact(lambda tx: tx.append(0, [bound(DAN, "login", "cat-login")], at=NOW)).result()
    finally:
        ledger.close()
    assert verify(path).ok


def test_t49_the_polls_that_name_an_erased_person_are_drawn_again(path: Path) -> None:
    fill(path)
    with behind_its_back(path) as conn:
        from storage.rows import OUTBOX_COLUMNS, crc

        conn.execute("UPDATE outbox SET state = 'done'")
        for row in conn.execute(f"SELECT {OUTBOX_COLUMNS} FROM outbox").fetchall():  # noqa: S608
            conn.execute("UPDATE outbox SET crc = ? WHERE id = ?", (crc(*row), row[0]))
    _, done = erased(path)
    with behind_its_back(path) as conn:
        due = conn.execute("SELECT motion, kind FROM outbox WHERE state = 'pending' ORDER BY id").fetchall()
    assert done.polls == len(due) == 4
    assert set(due) == {(1, "poll-edit"), (2, "poll-edit")}
    assert verify(path).ok


def test_t49_who_is_needed_by_a_motion_that_runs_cannot_be_erased(path: Path) -> None:
    fill(path, unfinished=True)
    with closing(Erasure(path)) as erasure:
        person = erasure.find("cat-login")
        assert person is not None
        dossier = erasure.dossier(person)
        assert dossier.open == ((3, "they are in its electorate"),)
        with pytest.raises(LedgerError, match="motion 3 has not ended"):
            erasure.erase(dossier, at=NOW)
    assert "Cat-Login" in everything(path)
    dan = Erasure(path)
    with closing(dan):
        someone = dan.find("p-ada")
        assert someone is not None
        assert dan.dossier(someone).open == ((3, "they proposed or sponsor it"),)


def test_t49_a_person_is_found_by_login_account_and_id_and_only_once(path: Path) -> None:
    fill(path)
    with closing(Erasure(path)) as erasure:
        found = [erasure.find(name) for name in ("@CAT-login", "cat-login", ACCOUNT, "p-cat", "nobody")]
    assert [person.id if person else None for person in found] == [CAT, CAT, CAT, CAT, None]
    erased(path)
    with closing(Erasure(path)) as erasure:
        assert erasure.find("@cat-login") is None
        again = erasure.find("p-cat")
        assert again is not None
        assert erasure.dossier(again).digests == ()


def test_an_erasure_beside_a_running_bot_is_refused(ledger: SqliteLedger, path: Path) -> None:
    with pytest.raises(LedgerLocked, match="in use by another process"):
        Erasure(path)


def test_an_erasure_that_is_killed_erases_nothing_or_everything(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(path)

    def die(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(Erasure, "_scrub_answers", die)
    with pytest.raises(KeyboardInterrupt):
        erased(path)
    assert "Cat-Login" in everything(path)
    assert verify(path).ok


def test_projections_can_be_rebuilt_after_an_erasure(path: Path) -> None:
    fill(path)
    erased(path)
    rebuild(path)
    assert verify(path).ok


def test_words_that_were_put_to_the_vote_stay_and_what_somebody_said_for_themselves_goes(path: Path) -> None:
    ledger = SqliteLedger(path, clock=StoppedClock())
    tell(ledger, 0, bound(ADA, "login", "ada-l"))
    asked = SecondAsked(person=ADA, what="withdraw", text=prose("my reason to stop"))
    tell(ledger, 1, opened(subject=DAN, members=(ADA, BOB)), notice(), asked)
    tell(ledger, 1, MotionWithdrawn(person=ADA, seconder=BOB, reason=prose("my last word")))
    tell(ledger, 0, AccountReleased(person=ADA, account=prose("slack:T/UADA")))
    wording = str(opened(subject=DAN, members=(ADA, BOB)).text)
    ledger.close()
    erased(path, "ada-l")
    left = everything(path)
    assert wording in left
    for gone in ("my reason to stop", "my last word", "slack:T/UADA", "ada-l"):
        assert gone not in left
    assert verify(path).ok


def test_an_older_copy_is_not_touched(path: Path, tmp_path: Path) -> None:
    fill(path)
    copy = tmp_path / "backup.db"
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    erased(path)
    assert "Cat-Login" in everything(copy)
