"""Whoever may write to the file, or hands on a bundle, and means harm: rows that are moved, made up and exchanged."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.ports import Publication
from bot.published import lost
from storage.chain import hash_of
from storage.errors import LedgerDamaged, LedgerError
from storage.heads import find_head
from storage.reader import SqliteReader
from storage.rebuild import rebuild
from storage.restore import Restoration
from storage.sqlite import SqliteLedger
from storage.verify import verify
from tests.storage.samples import StoppedClock
from tests.storage.test_bundle import bundle_of, checked
from tests.storage.test_bundle import problems as bundle_problems
from tests.storage.test_verify import behind_its_back, change, problems

COPY = (
    "INSERT INTO events SELECT (SELECT max(seq) + 1 FROM events), motion, "
    "(SELECT max(version) + 1 FROM events AS e WHERE e.motion = old.motion), at, type, v, body, prev, hash "
    "FROM events AS old WHERE seq = ?"
)
ERASE = "UPDATE texts SET salt = NULL, text = NULL, erased_at = '2026-09-01T00:00:00.000000Z' WHERE text = ?"


def start(path: Path) -> None:
    SqliteLedger(path, clock=StoppedClock()).close()


# --------------------------------------------------------------------------- the chain


def test_t45_two_events_that_change_places_are_found(furnished: Path) -> None:
    for old, new in ((9, -1), (10, 9), (-1, 10)):
        change(furnished, "UPDATE events SET seq = ? WHERE seq = ?", new, old)
    assert {"events 9: its previous hash is not the hash of the event before it"} <= set(problems(furnished))


@pytest.mark.parametrize("seq", [9, 27])
def test_t45_an_event_that_is_stored_again_is_found_at_the_next_start(furnished: Path, seq: int) -> None:
    change(furnished, COPY, seq)
    assert any(line.startswith("events 28: its previous hash") for line in problems(furnished))
    with pytest.raises(LedgerDamaged, match="event 28"):
        start(furnished)


@pytest.mark.parametrize("seq", [0, -5])
def test_t45_an_event_from_before_the_first_one_is_found(furnished: Path, seq: int) -> None:
    change(
        furnished, "INSERT INTO events SELECT ?, 99, 1, at, type, v, body, prev, hash FROM events WHERE seq = 9", seq
    )
    assert any(line.startswith(f"events {seq}: ") for line in problems(furnished))


def test_t46_events_cut_off_at_the_end_with_everything_made_to_match_are_found_by_the_published_head(
    furnished: Path,
) -> None:
    published = verify(furnished).head
    with behind_its_back(furnished) as conn:
        (head,) = conn.execute("SELECT hash FROM events WHERE seq = 20").fetchone()
        conn.execute("DELETE FROM events WHERE seq > 20")
        conn.execute(
            "DELETE FROM texts WHERE digest NOT IN (SELECT digest FROM texts JOIN events ON instr(body, digest))"
        )
        conn.execute("UPDATE meta SET value = ? WHERE key = 'checkpoint_hash'", (head,))
        conn.execute("UPDATE meta SET value = '20' WHERE key = 'checkpoint_seq'")
    rebuild(furnished)
    assert find_head(furnished, head) is not None
    assert find_head(furnished, published) is None


def test_t46_a_past_that_is_written_anew_to_its_end_is_found_by_the_published_head(furnished: Path) -> None:
    """A ballot and every hash after it: nothing in the file contradicts anything else, and the docket may be edited."""
    published = verify(furnished).head
    with closing(SqliteReader(furnished)) as before:
        genesis, told = before.genesis(), before.entry(4)
    assert told is not None
    with behind_its_back(furnished) as conn:
        prev = conn.execute("SELECT value FROM meta WHERE key = 'genesis'").fetchone()[0]
        for seq, body in conn.execute("SELECT seq, body FROM events ORDER BY seq").fetchall():
            forged = body.replace('"choice":"abstain"', '"choice":"yes"')
            own = hash_of(forged, prev)
            conn.execute("UPDATE events SET body = ?, prev = ?, hash = ? WHERE seq = ?", (forged, prev, own, seq))
            prev = own
        conn.execute("UPDATE meta SET value = ? WHERE key = 'checkpoint_hash'", (prev,))
    rebuild(furnished)
    assert verify(furnished).ok
    assert find_head(furnished, published) is None
    start(furnished)
    result = Publication(motion=4, mark=genesis[:6], head=told.head, where="pull request 7")
    for head in ("", told.head):
        change(furnished, "UPDATE docket SET head = ? WHERE motion = 4 AND ? <> ''", head, head)
        with closing(SqliteReader(furnished)) as reader:
            ask: dict[str, Any] = {"genesis": genesis, "empty": False, "entry": reader.entry, "events": reader.events}
            assert "its past was written anew" in lost(furnished, [result], **ask)


# --------------------------------------------------------------------------- beside the chain


@pytest.mark.parametrize("value", ["9223372036854775808", "9" * 5000, "-1", "1e3", "27 ", "٢٧", ""])
def test_t45_a_mark_that_is_no_number_of_an_event_is_said_to_be_none(furnished: Path, value: str) -> None:
    change(furnished, "UPDATE meta SET value = ? WHERE key = 'checkpoint_seq'", value)
    assert any(line.startswith("meta checkpoint_seq: ") for line in problems(furnished))
    with pytest.raises(LedgerDamaged, match="checkpoint_seq is no number"):
        start(furnished)


def test_t46_a_ledger_that_was_given_another_genesis_does_not_start(furnished: Path) -> None:
    """What is published is known by its beginning: with another one nothing of it would be compared."""
    for sql in ("UPDATE meta SET value = 'f' || value WHERE key = 'genesis'", "DELETE FROM meta WHERE key = 'genesis'"):
        change(furnished, sql)
        with pytest.raises(LedgerDamaged, match="genesis"):
            start(furnished)


def test_t45_a_trigger_or_a_view_that_was_planted_is_not_run_by_anything(furnished: Path, tmp_path: Path) -> None:
    change(
        furnished,
        "CREATE TRIGGER quiet BEFORE INSERT ON events WHEN NEW.type = 'BallotCast' BEGIN SELECT RAISE(IGNORE); END",
    )
    with pytest.raises(LedgerDamaged, match="the trigger quiet"):
        start(furnished)
    with pytest.raises(LedgerError, match="the trigger quiet"):
        SqliteReader(furnished).directory().everyone()
    with pytest.raises(LedgerError, match="quiet"):
        Restoration(furnished, tmp_path / "restored.db")
    assert problems(furnished) == ["schema quiet: is not what this program makes"]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("CREATE VIEW extra AS SELECT 1", "schema extra: is not what this program makes"),
        ("CREATE TABLE extra (a)", "schema extra: is not what this program makes"),
        ("DROP INDEX docket_subject", "schema docket_subject: is missing"),
    ],
)
def test_t45_what_the_file_is_made_of_is_compared_with_a_new_one(furnished: Path, sql: str, said: str) -> None:
    change(furnished, sql)
    assert problems(furnished) == [said]


# --------------------------------------------------------------------------- tombstones


def test_t49_a_text_that_is_made_unreadable_is_counted_as_erased_wherever_it_is_checked(furnished: Path) -> None:
    whole = verify(furnished)
    change(furnished, ERASE, "yes, gladly")
    report, bundle = verify(furnished), checked(bundle_of(furnished))
    assert report.ok
    assert (whole.erased, report.erased, report.texts) == (0, 1, whole.texts - 1)
    assert (bundle.erased, bundle.texts) == (1, report.texts)


# --------------------------------------------------------------------------- bundles


def test_t45_a_bundle_whose_texts_are_exchanged_for_one_another_is_found(furnished: Path) -> None:
    document = bundle_of(furnished)
    first, second = document["texts"][:2]
    first["digest"], second["digest"] = second["digest"], first["digest"]
    found = bundle_problems(document)
    assert [line.partition(": ")[2] for line in found] == ["its text and salt do not give its digest"] * 2


@pytest.mark.parametrize("erased_at", ["", "lately", "2026-09-01T00:00:00", 7, None])
def test_t49_a_tombstone_in_a_bundle_says_when(furnished: Path, erased_at: object) -> None:
    document = bundle_of(furnished)
    document["texts"][0] = {"digest": document["texts"][0]["digest"], "erased_at": erased_at}
    assert len(bundle_problems(document)) == 1


def test_t49_a_tombstone_beside_the_text_or_of_a_text_that_nobody_wrote_is_found(furnished: Path) -> None:
    document = bundle_of(furnished)
    stone = {"digest": document["texts"][0]["digest"], "erased_at": "2026-09-01T00:00:00.000000Z"}
    document["texts"].append(stone)
    assert bundle_problems(document) == [f"texts {stone['digest']}: stands there twice"]
    document["texts"][-1] = {**stone, "digest": "0" * 64}
    assert bundle_problems(document) == [f"texts {'0' * 64}: no event mentions it"]
