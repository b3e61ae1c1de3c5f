"""A bundle says all that the ledger says, is checked with nothing else, and whatever is changed in it is found."""

from __future__ import annotations

import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.bundle import write_bundle
from storage.chain import hash_of
from storage.errors import LedgerError
from storage.heads import find_head
from storage.recheck import Rechecked, recheck, recheck_bytes
from storage.verify import verify
from tests.storage.samples import NOW
from tests.storage.test_verify import change


def bundle_of(path: Path, *, texts: bool = True) -> dict[str, Any]:
    out = io.StringIO()
    write_bundle(path, out, at=NOW, program="test", texts=texts)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def checked(document: object) -> Rechecked:
    return recheck_bytes(json.dumps(document).encode(), name="b.json")


def problems(document: object) -> list[str]:
    return [str(problem) for problem in checked(document).report.problems]


def test_a_bundle_holds_everything_and_verifies_offline(furnished: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.json"
    with target.open("w") as out:
        written = write_bundle(furnished, out, at=NOW, program="test")
    head = verify(furnished).head
    furnished.unlink()
    found = recheck(target)
    assert found.report.problems == ()
    assert (found.report.events, found.report.motions, found.report.head) == (27, 4, head)
    assert (written.events, written.head) == (27, head)
    assert found.texts == written.texts > 0
    assert (found.erased, found.absent) == (0, 0)
    assert found.hashes[-1] == head


def test_t49_a_bundle_with_texts_erased_or_left_out_still_verifies(furnished: Path) -> None:
    whole = checked(bundle_of(furnished))
    sql = "UPDATE texts SET salt = NULL, text = NULL, erased_at = '2026-09-01T00:00:00.000000Z'"
    change(furnished, sql)
    erased, bare = checked(bundle_of(furnished)), checked(bundle_of(furnished, texts=False))
    assert erased.report.ok
    assert bare.report.ok
    assert (erased.texts, erased.erased, erased.absent) == (0, whole.texts, 0)
    assert (bare.texts, bare.erased, bare.absent) == (0, 0, whole.texts)


def test_a_bundle_without_texts_holds_nothing_that_anybody_typed(furnished: Path) -> None:
    text = json.dumps(bundle_of(furnished, texts=False))
    for typed in ("Ada", "bob", "slack:T/U1", "yes, gladly"):
        assert f'"{typed}' not in text


def test_t45_every_changed_cell_of_a_bundle_is_found(furnished: Path) -> None:
    document = bundle_of(furnished)
    silent = []
    for table in ("motions", "events", "texts"):
        for place, item in enumerate(document[table]):
            for key, value in item.items():
                item[key] = value + 1 if isinstance(value, int) else f"{value[:-1]}{'x' if value[-1:] != 'x' else 'y'}"
                if not problems(document):
                    silent.append((table, place, key))
                item[key] = value
    for key in ("genesis", "head"):
        value = document[key]
        document[key] = "0" * 64
        if not problems(document):
            silent.append((key, 0, ""))
        document[key] = value
    assert silent == []
    assert problems(document) == []


@pytest.mark.parametrize("table", ["motions", "events"])
def test_every_line_that_is_taken_out_of_a_bundle_is_found(furnished: Path, table: str) -> None:
    document = bundle_of(furnished)
    for place in range(len(document[table])):
        shorter = {**document, table: document[table][:place] + document[table][place + 1 :]}
        assert problems(shorter), place


def test_a_ballot_forged_with_all_its_hashes_is_found_by_the_count(furnished: Path) -> None:
    document = bundle_of(furnished)
    events = document["events"]
    events[8]["body"] = events[8]["body"].replace('"choice":"yes"', '"choice":"no"')
    prev = events[7]["hash"]
    for item in events[8:]:
        prev = item["hash"] = hash_of(item["body"], prev)
    document["head"] = prev
    assert any("motion 1 was closed with yes 2; its ballots give 1" in line for line in problems(document))


def test_a_changed_event_is_named_once_and_does_not_taint_the_others(furnished: Path) -> None:
    document = bundle_of(furnished)
    item = document["events"][5]
    item["body"] = item["body"].replace('"seq":6', '"seq":6 ')
    assert problems(document) == ["events 6: its bytes do not give its hash"]


def test_t46_a_published_head_is_found_by_its_beginning_and_one_of_another_ledger_is_not(furnished: Path) -> None:
    with sqlite3.connect(furnished) as conn:
        seq, own = conn.execute("SELECT seq, hash FROM events WHERE type = 'MotionClosed' LIMIT 1").fetchone()
    conn.close()
    for said in (own, own[:16], own[:12].upper(), f"`{own[:16]}`", f"{own[:20]}…"):
        found = find_head(furnished, said)
        assert found is not None
        assert (found.seq, found.type, found.hash) == (seq, "MotionClosed", own)
    assert find_head(furnished, "0" * 16) is None
    genesis = find_head(furnished, bundle_of(furnished)["genesis"])
    assert genesis is not None
    assert genesis.seq == 0
    for wrong in ("", own[:11], "not hexadecimal", own + "0"):
        with pytest.raises(ValueError, match="is no log head"):
            find_head(furnished, wrong)


# --------------------------------------------------------------------------- whatever the bytes are


def looked_at(raw: bytes) -> None:
    """Any bytes give a report or a sentence; both can be printed."""
    try:
        said = [str(problem) for problem in recheck_bytes(raw, name="b.json").report.problems]
    except LedgerError as error:
        said = [str(error)]
    "\n".join(said).encode()


@given(raw=st.binary(max_size=400))
def test_any_bytes_give_a_clear_error(raw: bytes) -> None:
    looked_at(raw)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@given(genesis=json_values, head=json_values, lists=st.tuples(json_values, json_values, json_values))
def test_any_document_of_the_format_gives_a_report_or_a_clear_error(genesis: Any, head: Any, lists: Any) -> None:
    motions, events, texts = lists
    document = {"format": "folkmoot-bundle", "version": 1, "genesis": genesis, "head": head}
    looked_at(json.dumps({**document, "motions": motions, "events": events, "texts": texts}).encode())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_bundle_with_any_value_exchanged_gives_a_report_and_not_a_good_one(
    furnished: Path, data: st.DataObject
) -> None:
    document = bundle_of(furnished)
    table = data.draw(st.sampled_from(["motions", "events", "texts"]))
    place = data.draw(st.integers(0, len(document[table]) - 1))
    item = document[table][place]
    key = data.draw(st.sampled_from(sorted(item)))
    value = data.draw(json_values)
    if table == "events" and key == "body" and data.draw(st.booleans()):
        stored = json.loads(item["body"])
        field = data.draw(st.sampled_from(sorted(stored)))
        stored[field] = value
        value = json.dumps(stored)
    if type(item[key]) is type(value) and item[key] == value:
        return
    item[key] = value
    raw = json.dumps(document).encode()
    looked_at(raw)
    assert not recheck_bytes(raw, name="b.json").report.ok


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_forged_body_with_right_hashes_never_breaks_the_check(furnished: Path, data: st.DataObject) -> None:
    document = bundle_of(furnished)
    place = data.draw(st.integers(0, 26))
    stored = json.loads(document["events"][place]["body"])
    field = data.draw(st.sampled_from(sorted(stored["data"]) or ["x"]))
    stored["data"][field] = data.draw(json_values | st.just({"numerator": 0, "denominator": 0, "strict": False}))
    document["events"][place]["body"] = json.dumps(stored, separators=(",", ":"))
    prev = document["genesis"]
    for item in document["events"]:
        prev = item["hash"] = hash_of(item["body"], prev)
    document["head"] = prev
    looked_at(json.dumps(document).encode())


def test_nesting_without_end_is_no_bundle() -> None:
    with pytest.raises(LedgerError, match="it is not JSON"):
        recheck_bytes(b"[" * 200_000, name="b.json")


def test_another_version_and_another_format_are_named() -> None:
    with pytest.raises(LedgerError, match="has the version 2, this program reads 1"):
        checked({"format": "folkmoot-bundle", "version": 2})
    with pytest.raises(LedgerError, match='"format" is not "folkmoot-bundle"'):
        checked({"format": "else"})
    with pytest.raises(LedgerError, match='"genesis" is missing'):
        checked({"format": "folkmoot-bundle", "version": 1})
