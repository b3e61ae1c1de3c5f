"""What every maintainers-file format promises: reads or refuses, edits one record and no other byte (R6, T24)."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from adapters.rosterfile import FORMATS, detect
from bot.core.people import RosterRow, fold_login
from bot.ports import RosterChange, RosterError, RosterFormat

DATA = Path(__file__).parent.parent / "data" / "rosters"
HOSTILE = st.text(st.characters(codec=None), max_size=60) | st.sampled_from(
    [
        'x"\n"evil","Evil","e@example.org',
        "a\r\nb",
        "a\u2028b",
        "a\u202eb",
        "=1+1",
        '","',
        "# REVIEWERS",
        "\ufeff",
        "\0",
        "“x”",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A file of one format, someone in it, and a section to add to. No reader may accept one of `broken`."""

    format: str
    file: str
    section: str
    present: str
    broken: tuple[bytes, ...]

    @property
    def data(self) -> bytes:
        return (DATA / self.file).read_bytes()


SAMPLES = (
    Sample(
        format="csv-hash",
        file="csvhash/MAINTAINERS",
        section="MAINTAINERS",
        present="heww",
        broken=(b'"only","two"\n', b'\xe2\x80\x9cx\xe2\x80\x9d,"X",""\n', b'"open,"X","x@example.org"\n', b"prose\n"),
    ),
    Sample(
        format="csv-hash",
        file="csvhash/MAINTAINERS-moby",
        section="REVIEWERS",
        present="samuelk",
        broken=(b'"x","X","x@example.org",\n', b'"x","X","x","Y","z"\n'),
    ),
)


@pytest.fixture(params=SAMPLES, ids=lambda sample: f"{sample.format}-{sample.file}")
def sample(request: pytest.FixtureRequest) -> Sample:
    found: Sample = request.param
    return found


def format_of(sample: Sample) -> RosterFormat:
    return next(known for known in FORMATS if known.name == sample.format)


def read(sample: Sample, data: bytes) -> tuple[RosterRow, ...]:
    return format_of(sample).read(path="MAINTAINERS", data=data)


def edit(sample: Sample, data: bytes, change: RosterChange) -> bytes:
    return format_of(sample).edit(path="MAINTAINERS", data=data, change=change)


def people(rows: tuple[RosterRow, ...]) -> list[RosterRow]:
    return [replace(row, line=0) for row in rows]


def add(
    sample: Sample, login: str = "new-person", name: str = "New Person", email: str = "n@example.org"
) -> RosterChange:
    return RosterChange(action="add", section=sample.section, login=login, name=name, email=email)


def with_value(sample: Sample, field: str, value: str) -> RosterChange:
    return {"login": add(sample, login=value), "name": add(sample, name=value), "email": add(sample, email=value)}[
        field
    ]


def remove(sample: Sample, login: str) -> RosterChange:
    return RosterChange(action="remove", section=sample.section, login=login)


def test_every_format_has_a_sample() -> None:
    assert {sample.format for sample in SAMPLES} == {known.name for known in FORMATS}


def test_a_file_is_recognised_by_its_own_format_only(sample: Sample) -> None:
    assert detect(sample.file, sample.data).name == sample.format


def test_a_file_of_no_known_format_is_refused_with_a_remedy() -> None:
    with pytest.raises(RosterError) as caught:
        detect("MAINTAINERS", b"Ask around.\n")
    assert caught.value.remedy


def test_each_row_names_the_line_it_stands_on(sample: Sample) -> None:
    lines = sample.data.decode().splitlines()
    rows = read(sample, sample.data)
    assert rows
    assert all(row.login in lines[row.line - 1] for row in rows)


def test_adding_adds_one_record_and_one_line(sample: Sample) -> None:
    after = edit(sample, sample.data, add(sample))
    rows = people(read(sample, after))
    rows.remove(RosterRow(section=sample.section, login="new-person", name="New Person", email="n@example.org"))
    assert rows == people(read(sample, sample.data))
    kept = [line for line in after.splitlines(keepends=True) if b"new-person" not in line]
    assert b"".join(kept) == sample.data


def test_removing_what_was_added_gives_every_byte_back(sample: Sample) -> None:
    assert edit(sample, edit(sample, sample.data, add(sample)), remove(sample, "NEW-Person")) == sample.data


def test_removing_takes_one_record_and_one_line(sample: Sample) -> None:
    after = edit(sample, sample.data, remove(sample, sample.present))
    gone = [row for row in people(read(sample, sample.data)) if row not in people(read(sample, after))]
    assert [(row.section, fold_login(row.login)) for row in gone] == [(sample.section, sample.present)]
    assert len(after.splitlines()) == len(sample.data.splitlines()) - 1


@pytest.mark.parametrize("ends", ["\n", "\r\n", "no newline at the end", "mixed"])
def test_line_ends_stay_as_they_are(sample: Sample, ends: str) -> None:
    data = sample.data
    if ends == "\r\n":
        data = data.replace(b"\n", b"\r\n")
    if ends == "mixed":
        data = data.replace(b"\n", b"\r\n", 3)
    if ends == "no newline at the end":
        data = data.rstrip(b"\n")
    after = edit(sample, data, add(sample))
    assert len(people(read(sample, after))) == len(people(read(sample, data))) + 1
    assert after.endswith(b"\n") == data.endswith(b"\n")
    if ends == "\r\n":
        assert after.count(b"\n") == after.count(b"\r\n")
    assert edit(sample, after, remove(sample, "new-person")) == data


def test_everyone_can_be_removed_and_put_back_one_at_a_time(sample: Sample) -> None:
    for row in read(sample, sample.data):
        change = RosterChange(action="remove", section=row.section, login=row.login)
        without = edit(sample, sample.data, change)
        assert len(read(sample, without)) == len(read(sample, sample.data)) - 1
        back = edit(sample, without, replace(change, action="add", name=row.name, email=row.email))
        expected = people(read(sample, sample.data))
        assert sorted(map(repr, people(read(sample, back)))) == sorted(map(repr, expected))


def test_someone_who_is_there_is_not_added_twice(sample: Sample) -> None:
    with pytest.raises(RosterError, match="already"):
        edit(sample, sample.data, add(sample, login=sample.present.upper()))


def test_someone_who_is_not_there_is_not_removed(sample: Sample) -> None:
    with pytest.raises(RosterError, match="not in"):
        edit(sample, sample.data, remove(sample, "nobody"))


def test_a_missing_section_is_refused_with_a_remedy(sample: Sample) -> None:
    with pytest.raises(RosterError) as caught:
        edit(sample, sample.data, replace(add(sample), section="NOSUCH"))
    assert "NOSUCH" in caught.value.remedy


def test_an_odd_line_is_refused_for_reading_and_editing_with_its_number(sample: Sample) -> None:
    for fragment in sample.broken:
        data = sample.data + fragment
        for act in (lambda data=data: read(sample, data), lambda data=data: edit(sample, data, add(sample))):
            with pytest.raises(RosterError) as caught:
                act()
            assert caught.value.line == len(sample.data.splitlines()) + 1
            assert caught.value.path == "MAINTAINERS"
            assert caught.value.what
            assert caught.value.remedy


@pytest.mark.parametrize(
    "damage", [b"\xff", b"\0", "\u2028".encode(), b"\r", b"\x0b", "\u202e".encode(), b"#" * (1 << 20)]
)
def test_bytes_that_hide_or_forge_a_line_are_refused(sample: Sample, damage: bytes) -> None:
    with pytest.raises(RosterError):
        read(sample, sample.data + b"# " + damage + b"x\n")


@pytest.mark.parametrize("field", ["login", "name", "email"])
@pytest.mark.parametrize(
    "value",
    [
        "=x",
        "+x",
        "-x",
        "@@x",
        "\tx",
        'a"b',
        "a,b",
        "a\nb",
        "a\rb",
        "a\u2028b",
        "a\u200bb",
        "a\u202eb",
        "“a”",
        "x" * 300,
    ],
)
def test_hostile_values_are_refused_with_a_remedy(sample: Sample, field: str, value: str) -> None:
    with pytest.raises(RosterError) as caught:
        edit(sample, sample.data, with_value(sample, field, value))
    assert caught.value.remedy


@pytest.mark.parametrize("login", ["dependabot[bot]", "", "a b", "a_b", "ä", "x" * 40])
def test_only_a_persons_forge_login_is_added(sample: Sample, login: str) -> None:
    with pytest.raises(RosterError):
        edit(sample, sample.data, add(sample, login=login))


@pytest.mark.parametrize(
    "name", ["Liam O'Reilly", "김은지", "Nguyễn Thị Ánh", "D. van der Spek (he/him)", "J. R. R. T."]
)
def test_names_of_any_script_are_written_as_they_are(sample: Sample, name: str) -> None:
    after = edit(sample, sample.data, add(sample, name=name, email=""))
    assert ("new-person", name, "") in [(row.login, row.name, row.email) for row in read(sample, after)]


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(login=st.just("someone") | HOSTILE, name=HOSTILE, email=st.just("") | HOSTILE)
@example(login="someone", name='x"\n"evil","Evil","e@example.org', email="")
def test_nothing_typed_makes_a_second_record(sample: Sample, login: str, name: str, email: str) -> None:
    try:
        after = edit(sample, sample.data, add(sample, login=login, name=name, email=email))
    except RosterError:
        return
    before, rows = people(read(sample, sample.data)), people(read(sample, after))
    new = [row for row in rows if row not in before]
    assert len(rows) == len(before) + 1
    assert [(row.section, row.login, row.email) for row in new] == [(sample.section, login.removeprefix("@"), email)]
    assert len(after.decode().splitlines()) == len(sample.data.decode().splitlines()) + 1


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.binary(max_size=200), at=st.integers(0, 2000), cut=st.integers(0, 40))
def test_any_bytes_give_rows_or_an_error(sample: Sample, noise: bytes, at: int, cut: int) -> None:
    data = sample.data[:at] + noise + sample.data[at + cut :]
    for each in (noise, data):
        try:
            rows = read(sample, each)
        except RosterError:
            continue
        assert len(rows) <= each.count(b"\n") + 1


@pytest.mark.parametrize(
    "unit", [b"#", b" ", b'"', b'"a",', b"# A ", b"A", b"\n", b"# MAINTAINERS\n", b"(", "é".encode()]
)
def test_a_long_file_of_one_thing_is_read_or_refused(sample: Sample, unit: bytes) -> None:
    data = (unit * ((1 << 20) // len(unit)))[: 1 << 20]
    format_of(sample).recognises(path="MAINTAINERS", data=data)
    with contextlib.suppress(RosterError):
        read(sample, data)
