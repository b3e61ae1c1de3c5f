"""Stored events: canonical bytes, everything that was ever written still readable, and clear words where not."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.commands import CHOICES, Choice
from bot.core.events import BallotCast, Event
from bot.core.people import PersonId
from bot.core.prose import Prose
from storage.codec import EVENTS, Codec, nothing_kept
from storage.errors import LedgerDamaged, LedgerTooNew
from storage.shapes import ShapeError, Texts, encoder, instant, stamp
from tests.storage.samples import NOW, ballot, one_of_each, opened, prose

GOLDEN = Path(__file__).parent.parent / "golden" / "events"
SAMPLES = {type(event).__name__: event for event in one_of_each()}


def body_of(event: Event, *, seq: int = 7) -> str:
    return EVENTS.encode(event, seq=seq, motion=3, version=2, at=NOW)[3]


def texts_of(event: Event) -> Texts:
    kept = {text.digest: (text.salt, text.text) for text in EVENTS.texts(event)}
    return lambda digest: kept[digest]


# --------------------------------------------------------------------------- every type


def test_there_is_a_sample_of_every_type_of_event() -> None:
    assert set(SAMPLES) == {kind.__name__ for kind in get_args(Event)} == set(EVENTS.versions)


@pytest.mark.parametrize("event", one_of_each(), ids=lambda event: type(event).__name__)
def test_an_event_comes_back_as_it_was(event: Event) -> None:
    read = EVENTS.decode(body_of(event), texts_of(event), row=7)
    assert read.event == event
    assert (read.seq, read.motion, read.version, read.at) == (7, 3, 2, NOW)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_every_type_has_a_golden_sample_in_its_present_version(name: str) -> None:
    path = GOLDEN / f"{name}-{EVENTS.versions[name]}.json"
    if os.environ.get("FOLKMOOT_GOLDEN") == "write" and not path.exists():  # what was stored is never rewritten
        path.write_text(body_of(SAMPLES[name]) + "\n")
    assert path.exists(), "run once with FOLKMOOT_GOLDEN=write, and never change the file again"
    assert path.read_text() == body_of(SAMPLES[name]) + "\n", "the stored form changed: raise the version and upcast"


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_every_sample_ever_written_can_still_be_read(path: Path) -> None:
    name, _, version = path.stem.rpartition("-")
    read = EVENTS.decode(path.read_text(), nothing_kept, row=7)
    assert type(read.event).__name__ == name
    assert f'"type":"{name}","v":{version},' in path.read_text()


def test_the_bytes_are_one_compact_line_of_ascii_with_sorted_fields() -> None:
    body = body_of(ballot(reason="schön"))
    digest = prose("schön").digest
    assert body == (
        '{"seq":7,"motion":3,"version":2,"at":"2026-07-06T09:30:00.250000Z","type":"BallotCast","v":2,"data":'
        '{"acted_at":"2026-07-06T09:30:00.250000Z","choice":"yes","entered_by":null,"link":null,"person":"p-ada",'
        f'"reason":"{digest}","said_at":null,"via":"button"' + "}}"
    )


def test_what_people_typed_is_never_in_the_bytes() -> None:
    for event in one_of_each():
        body = body_of(event)
        for text in EVENTS.texts(event):
            assert text.text is not None
            assert text.text not in body
            assert text.digest in body


def test_an_erased_text_comes_back_as_its_digest_alone() -> None:
    event = ballot(reason="gone")
    read = EVENTS.decode(body_of(event), nothing_kept, row=7).event
    assert isinstance(read, BallotCast)
    assert read.reason == Prose(digest=prose("gone").digest, salt=None, text=None)


# --------------------------------------------------------------------------- values


@given(
    person=st.text(max_size=20).map(PersonId),
    choice=st.sampled_from(CHOICES),
    reason=st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    at=st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-7)), timezone(timedelta(hours=13))])),
)
def test_any_ballot_comes_back_as_it_was(person: PersonId, choice: Choice, reason: str | None, at: datetime) -> None:
    try:
        event = ballot(person, choice, reason=reason, at=at.astimezone(UTC))
    except OverflowError:
        return
    body = body_of(event)
    assert body.isascii()
    assert "\n" not in body
    assert EVENTS.decode(body, texts_of(event), row=7).event == event


@given(st.lists(st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29)), min_size=2, max_size=5))  # noqa: DTZ001
def test_stamps_sort_as_their_instants_do(naive: list[datetime]) -> None:
    instants = [at.replace(tzinfo=timezone(timedelta(hours=n - 2))) for n, at in enumerate(naive)]
    assert sorted(instants) == [instant(text) for text in sorted(map(stamp, instants))]


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ShapeError, match="time zone"):
        stamp(datetime(2026, 7, 6))  # noqa: DTZ001


def test_an_instant_that_is_not_in_utc_is_no_stored_instant() -> None:
    with pytest.raises(ShapeError, match="UTC"):
        instant("2026-07-06T09:30:00.000000+02:00")


@pytest.mark.parametrize(
    ("field", "value"),
    [("months", "7"), ("months", True), ("simulated", 1), ("repository", 5), ("policy", None), ("holidays", (NOW,))],
)
def test_a_value_of_the_wrong_type_is_refused_before_it_is_stored(field: str, value: object) -> None:
    event = opened()
    object.__setattr__(event, field, value)
    with pytest.raises((ShapeError, TypeError)):
        body_of(event)


def test_a_choice_that_is_none_is_refused() -> None:
    event = ballot()
    object.__setattr__(event, "choice", "maybe")
    with pytest.raises(ShapeError, match="'maybe' is none of 'yes', 'no', 'abstain'"):
        body_of(event)


def test_members_of_a_set_are_stored_in_one_order() -> None:
    forwards, backwards = (PersonId("a"), PersonId("b"), PersonId("c")), (PersonId("c"), PersonId("b"), PersonId("a"))
    assert (
        body_of(opened(members=forwards)).partition('"evidence"')[0]
        == (body_of(opened(members=backwards)).partition('"evidence"')[0])
    )


@pytest.mark.parametrize("hint", [float, dict[str, int], int | str, bytes, tuple[int, str]])
def test_a_type_that_has_no_stored_form_is_refused_when_the_program_starts(hint: object) -> None:
    with pytest.raises(TypeError, match="cannot store"):
        encoder(hint)


# --------------------------------------------------------------------------- damage and age


@pytest.mark.parametrize(
    "change",
    [
        ('"choice":"yes"', '"choice":"maybe"'),
        ('"person":"p-ada"', '"person":5'),
        ('"person":"p-ada",', ""),
        ('"person":"p-ada",', '"person":"p-ada","weight":2,'),
        ('"acted_at":"2026', '"acted_at":"twenty'),
        ('"data":{', '"data":[{'),
    ],
)
def test_bytes_that_are_no_event_are_named_with_their_row(change: tuple[str, str]) -> None:
    with pytest.raises(LedgerDamaged, match="event 7 cannot be read"):
        EVENTS.decode(body_of(ballot()).replace(*change), nothing_kept, row=7)


def test_an_unknown_type_or_a_newer_version_is_refused_with_its_row() -> None:
    body = body_of(ballot())
    with pytest.raises(LedgerTooNew, match='event 7 is of the unknown type "BallotSung"'):
        EVENTS.decode(body.replace("BallotCast", "BallotSung"), nothing_kept, row=7)
    with pytest.raises(LedgerTooNew, match='event 7: "BallotCast" has version 3, this program reads up to 2'):
        EVENTS.decode(body.replace('"v":2', '"v":3'), nothing_kept, row=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class BellRung:
    """A made-up event in its third version; it had `loud` at first, then `volume`."""

    volume: int
    by: str


def test_older_versions_are_brought_up_step_by_step_and_the_bytes_stay() -> None:
    codec = Codec(
        [BellRung],
        versions={"BellRung": 3},
        upcasts={
            ("BellRung", 1): lambda data: {"volume": 9 if data["loud"] else 1},
            ("BellRung", 2): lambda data: {**data, "by": "nobody"},
        },
    )
    written = codec.encode(BellRung(volume=4, by="ada"), seq=1, motion=1, version=1, at=NOW)[3]
    assert '"v":3,' in written
    first = written.replace('"v":3', '"v":1').replace('{"by":"ada","volume":4}', '{"loud":true}')
    second = written.replace('"v":3', '"v":2').replace('{"by":"ada","volume":4}', '{"volume":2}')
    read: list[object] = [codec.decode(body, nothing_kept, row=1).event for body in (first, second, written)]
    assert read == [BellRung(volume=9, by="nobody"), BellRung(volume=2, by="nobody"), BellRung(volume=4, by="ada")]
    with pytest.raises(LedgerTooNew, match='event 4: no way to read version 1 of "BellRung"'):
        Codec([BellRung], versions={"BellRung": 3}).decode(first, nothing_kept, row=4)
