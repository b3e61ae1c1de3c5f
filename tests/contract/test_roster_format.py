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
    """A file of one format, someone in it, a section to add to, and another to move to.

    No reader may accept one of `broken`. `lines` is how many more lines the file has with one more person in it.
    """

    format: str
    file: str
    section: str
    present: str
    other: str = ""
    lines: int = 1
    broken: tuple[bytes, ...] = ()

    @property
    def data(self) -> bytes:
        return (DATA / self.file).read_bytes()


SAMPLES = (
    Sample(
        format="csv-hash",
        file="csvhash/MAINTAINERS",
        section="MAINTAINERS",
        other="REVIEWERS",
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
    Sample(
        format="toml-moby",
        file="toml/MAINTAINERS",
        section="Org.Core maintainers",
        other="Org.Alumni",
        present="zora",
        lines=6,
        broken=(b"prose\n", b"[[people.x]]\n"),
    ),
    Sample(format="toml-moby", file="toml/MAINTAINERS", section="Org.Curators", present="carl", lines=6),
    Sample(
        format="owners",
        file="owners/OWNERS",
        section="approvers",
        other="reviewers",
        present="carl",
        broken=(b"prose\n", b"\tapprovers2: []\n", b"reviewers: []\n", b"maintainers: [a b]\n"),
    ),
    Sample(format="owners", file="owners/OWNERS", section="emeritus_approvers", present="finn", lines=0),
    Sample(format="owners", file="owners/OWNERS", section="filters/\\\\.go$/reviewers", present="gus"),
    Sample(
        format="aliases",
        file="aliases/OWNERS_ALIASES",
        section="aliases/mill-leads",
        other="aliases/race-leads",
        present="carl",
        broken=(b"prose\n", b"  race-leads:\n"),
    ),
    Sample(
        format="codeowners",
        file="codeowners/CODEOWNERS",
        section="/wheel",
        other="/race",
        present="annika",
        lines=0,
        broken=(b"/mill annika\n", b"/mill @annika,\n"),
    ),
    Sample(format="codeowners", file="codeowners/CODEOWNERS", section="/race", present="carl", lines=0),
    Sample(format="md-table", file="mdtable/MAINTAINERS.md", section="Maintainers", other="Emeritus", present="bo-ek"),
    Sample(format="md-list", file="mdlist/MAINTAINERS.md", section="Maintainers", other="Emeritus", present="bo-ek"),
    Sample(
        format="md-list",
        file="mdlist/MAINTAINERS.md",
        section="Maintainers / Maintainers of parts / wheel",
        present="dora",
        lines=0,
    ),
    Sample(
        format="plain",
        file="plain/MAINTAINERS",
        section="MAINTAINERS",
        other="REVIEWERS",
        present="carl",
        broken=(b"prose\n", b"Ann (not a login)\n", b"Ann <a@example.org> <\n"),
    ),
    Sample(format="plain", file="plain/MAINTAINERS-files", section="", present="bo-ek"),
    Sample(
        format="csv-header",
        file="csvheader/steering.csv",
        section="steering",
        present="bo-ek",
        broken=(b'"open,x\n', b",,,\n", b"not a login,x@example.org\n"),
    ),
)


@pytest.fixture(params=SAMPLES, ids=lambda sample: f"{sample.format}-{sample.file}-{sample.section}")
def sample(request: pytest.FixtureRequest) -> Sample:
    found: Sample = request.param
    return found


def format_of(sample: Sample) -> RosterFormat:
    return next(known for known in FORMATS if known.name == sample.format)


def read(sample: Sample, data: bytes) -> tuple[RosterRow, ...]:
    return format_of(sample).read(path=sample.file, data=data)


def edit(sample: Sample, data: bytes, change: RosterChange) -> bytes:
    return format_of(sample).edit(path=sample.file, data=data, change=change)


def people(rows: tuple[RosterRow, ...]) -> list[RosterRow]:
    return [replace(row, line=0) for row in rows]


def add(
    sample: Sample, login: str = "new-person", name: str = "New Person", email: str = "n@example.org"
) -> RosterChange:
    return RosterChange(action="add", sections=(sample.section,), login=login, name=name, email=email)


def with_value(sample: Sample, field: str, value: str) -> RosterChange:
    return {
        "login": add(sample, login=value),
        "name": add(sample, name=value),
        "email": add(sample, email=value),
        "company": replace(add(sample), company=value),
    }[field]


def remove(sample: Sample, login: str) -> RosterChange:
    return RosterChange(action="remove", sections=(sample.section,), login=login)


def named(row: RosterRow) -> RosterChange:
    """The removal of a row, its person named as the file does."""
    sections = (row.section,)
    if row.login:
        return RosterChange(action="remove", sections=sections, login=row.login)
    return RosterChange(action="remove", sections=sections, name=row.name, email=row.email)


def only_new(sample: Sample, after: bytes) -> RosterRow:
    """The one row that is there now and was not; all the others are as they were, in their order."""
    before, rows = people(read(sample, sample.data)), people(read(sample, after))
    new = [row for row in rows if row not in before]
    assert len(new) == 1
    rows.remove(new[0])
    assert rows == before
    return new[0]


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
    for row in rows:
        shown = lines[row.line - 1]
        assert row.login in shown or row.login.partition("-")[0] in shown


def test_adding_adds_one_record_with_what_the_format_holds(sample: Sample) -> None:
    new = only_new(sample, edit(sample, sample.data, add(sample)))
    holds = format_of(sample).holds
    assert (new.section, new.login) == (sample.section, "new-person")
    assert new.name in {"New Person", ""} if "name" in holds else new.name == ""
    assert new.email in {"n@example.org", ""} if "email" in holds else new.email == ""


def test_adding_leaves_every_other_line_as_it_is(sample: Sample) -> None:
    after = edit(sample, sample.data, add(sample)).splitlines(keepends=True)
    before = sample.data.splitlines(keepends=True)
    kept = list(before)
    for line in after:
        if line in kept:
            kept.remove(line)
    assert len(after) == len(before) + sample.lines
    assert len(kept) <= 1


def test_removing_what_was_added_gives_every_byte_back(sample: Sample) -> None:
    assert edit(sample, edit(sample, sample.data, add(sample)), remove(sample, "NEW-Person")) == sample.data


def test_removing_takes_one_record(sample: Sample) -> None:
    after = edit(sample, sample.data, remove(sample, sample.present))
    gone = [row for row in people(read(sample, sample.data)) if row not in people(read(sample, after))]
    assert [(row.section, fold_login(row.login)) for row in gone] == [(sample.section, sample.present)]
    assert len(after.splitlines()) == len(sample.data.splitlines()) - sample.lines or sample.format == "toml-moby"


def test_a_move_takes_the_person_out_of_one_section_and_puts_them_into_another(sample: Sample) -> None:
    if not sample.other:
        return
    change = RosterChange(
        action="move", sections=(sample.other,), sources=(sample.section,), login=sample.present.upper()
    )
    after = people(read(sample, edit(sample, sample.data, change)))
    before = people(read(sample, sample.data))
    gone = [row for row in before if row not in after]
    come = [row for row in after if row not in before]
    assert [(row.section, row.login) for row in gone] == [(sample.section, sample.present)]
    assert [(row.section, row.login) for row in come] == [(sample.other, sample.present)]
    assert [row for row in after if row not in come] == [row for row in before if row not in gone]
    assert come[0].name in {gone[0].name, ""}
    same = replace(change, sources=())
    assert edit(sample, sample.data, same) == edit(sample, sample.data, change)


def test_a_move_to_where_the_person_is_already_is_refused(sample: Sample) -> None:
    change = RosterChange(action="move", sections=(sample.section,), sources=(sample.section,), login=sample.present)
    with pytest.raises(RosterError, match="already"):
        edit(sample, sample.data, change)


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
    form = format_of(sample)
    for row in read(sample, sample.data):
        change = named(row)
        without = edit(sample, sample.data, change)
        assert len(read(sample, without)) == len(read(sample, sample.data)) - 1
        if not form.needs <= ({"login"} if row.login else set()) or '"' in row.name or "," in row.company:
            continue
        if sample.format == "md-list" and row.section.count("/") > 1 and row.login in {"finn", "gus"}:
            continue  # the last person behind a label takes the label along
        back = edit(sample, without, replace(change, action="add", name=row.name, email=row.email, company=row.company))
        logins = [(each.section, each.login) for each in people(read(sample, sample.data))]
        assert sorted((each.section, each.login) for each in read(sample, back)) == sorted(logins)


def test_someone_who_is_there_is_not_added_twice(sample: Sample) -> None:
    with pytest.raises(RosterError, match="already"):
        edit(sample, sample.data, add(sample, login=sample.present.upper()))


def test_someone_who_is_not_there_is_not_removed(sample: Sample) -> None:
    with pytest.raises(RosterError, match="not in"):
        edit(sample, sample.data, remove(sample, "nobody"))


def test_a_missing_section_is_refused_with_a_remedy(sample: Sample) -> None:
    with pytest.raises(RosterError) as caught:
        edit(sample, sample.data, replace(add(sample), sections=("NO SUCH",)))
    assert "NO SUCH" in caught.value.remedy


def test_an_odd_line_is_refused_for_reading_and_editing_with_its_number(sample: Sample) -> None:
    for fragment in sample.broken:
        data = sample.data + fragment
        for act in (lambda data=data: read(sample, data), lambda data=data: edit(sample, data, add(sample))):
            with pytest.raises(RosterError) as caught:
                act()
            assert caught.value.line == len(sample.data.splitlines()) + 1
            assert caught.value.path == sample.file
            assert caught.value.what
            assert caught.value.remedy


@pytest.mark.parametrize(
    "damage", [b"\xff", b"\0", "\u2028".encode(), b"\r", b"\x0b", "\u202e".encode(), b"#" * (1 << 20)]
)
def test_bytes_that_hide_or_forge_a_line_are_refused(sample: Sample, damage: bytes) -> None:
    with pytest.raises(RosterError):
        read(sample, sample.data + b"# " + damage + b"x\n")


@pytest.mark.parametrize("field", ["login", "name", "email", "company"])
@pytest.mark.parametrize(
    "value",
    [
        "=x",
        "+x",
        "-x",
        "@@x",
        "\tx",
        'a"b',
        "a|b<c>#d, e",
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
    if field not in format_of(sample).holds:
        assert edit(sample, sample.data, with_value(sample, field, value)) == edit(sample, sample.data, add(sample))
        return
    with pytest.raises(RosterError) as caught:
        edit(sample, sample.data, with_value(sample, field, value))
    assert caught.value.remedy


@pytest.mark.parametrize("login", ["dependabot[bot]", "", "a b", "a_b", "ä", "x" * 40])
def test_only_a_persons_forge_login_is_added(sample: Sample, login: str) -> None:
    if not login and "login" not in format_of(sample).needs:
        return
    with pytest.raises(RosterError):
        edit(sample, sample.data, add(sample, login=login))


@pytest.mark.parametrize(
    "name", ["Liam O'Reilly", "김은지", "Nguyễn Thị Ánh", "D. van der Spek (he/him)", "J. R. R. T."]
)
def test_names_of_any_script_are_written_as_they_are_or_refused(sample: Sample, name: str) -> None:
    if "(" in name and sample.format != "csv-hash":
        return
    new = only_new(sample, edit(sample, sample.data, add(sample, name=name, email="")))
    assert new.login == "new-person"
    assert new.name == name if sample.format not in {"owners", "aliases", "codeowners"} else new.name in {name, ""}


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    login=st.just("someone") | HOSTILE,
    name=st.just("Some One") | HOSTILE,
    email=st.just("") | HOSTILE,
    company=st.just("") | HOSTILE,
)
@example(login="someone", name='x"\n"evil","Evil","e@example.org', email="", company="")
@example(login="someone", name="Some | One", email="", company="x | [evil](https://github.com/evil)")
@example(login="someone", name="Some One", email="", company="Mill, @evil")
@example(login="someone", name="Some One, Evil (@evil)", email="", company="")
@example(login="someone", name="Some: One", email="a@example.org>,<b@example.org", company="")
def test_nothing_typed_makes_a_second_record(sample: Sample, login: str, name: str, email: str, company: str) -> None:
    typed = replace(add(sample, login=login, name=name, email=email), company=company)
    try:
        after = edit(sample, sample.data, typed)
    except RosterError:
        return
    new = only_new(sample, after)
    assert new.section == sample.section
    assert new.login == login.removeprefix("@")
    assert new.email in {email, ""}
    assert new.company in {company, ""}
    assert new.name in {name, login.removeprefix("@"), ""}
    assert len(after.decode().splitlines()) <= len(sample.data.decode().splitlines()) + sample.lines


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(section=HOSTILE)
def test_no_section_that_is_typed_makes_another_record(sample: Sample, section: str) -> None:
    try:
        after = edit(sample, sample.data, replace(add(sample), sections=(section,)))
    except RosterError:
        return
    assert only_new(sample, after).login == "new-person"


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.binary(max_size=200), at=st.integers(0, 2000), cut=st.integers(0, 40))
def test_any_bytes_give_rows_or_an_error(sample: Sample, noise: bytes, at: int, cut: int) -> None:
    data = sample.data[:at] + noise + sample.data[at + cut :]
    for each in (noise, data):
        try:
            rows = read(sample, each)
        except RosterError:
            continue
        assert len(rows) <= len(each)


@pytest.mark.parametrize(
    "unit",
    [
        b"#",
        b" ",
        b'"',
        b'"a",',
        b"# A ",
        b"A",
        b"\n",
        b"# MAINTAINERS\n",
        b"(",
        "é".encode(),
        b"* a\n",
        b"- a\n  ",
        b"|a|b\n",
        b"[a](b)",
        b"a, @b ",
        b"a: [b, c]\n",
        b"[a.b]\n",
        b"x = [[\n",
        b'x = """\n',
        b"/a @b @c\n",
        b"A <a@b> (@c)\n",
    ],
)
def test_a_long_file_of_one_thing_is_read_or_refused(sample: Sample, unit: bytes) -> None:
    data = (unit * ((1 << 20) // len(unit)))[: 1 << 20]
    format_of(sample).recognises(path=sample.file, data=data)
    with contextlib.suppress(RosterError):
        read(sample, data)
