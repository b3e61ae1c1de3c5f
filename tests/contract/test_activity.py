"""What every source of activity promises: the same numbers for the same history, and nothing for what it cannot know.

A later source joins with a builder of its own in `READERS`.
"""

from __future__ import annotations

import asyncio
import hashlib
import zlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from dulwich.objects import Blob, ObjectID, Tree
from dulwich.refs import Ref
from dulwich.repo import Repo

from adapters.localgit.history import LocalHistory, find_git
from bot.core.activity import Activity, ActivityReport
from bot.ports import ActivitySource, ForgeError

START: Final = datetime(2026, 1, 5, 12, tzinfo=UTC)
SINCE: Final = START - timedelta(days=30)
UNTIL: Final = START + timedelta(days=120)
ANN: Final = b"Ann Person <ann@example.org>"
BOB: Final = b"Bob Person <bob@example.org>"


class Grove:
    """A bare repository whose commits a test writes byte by byte."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "repo.git"
        self.path.mkdir(parents=True)
        Repo.init_bare(str(self.path), default_branch=b"main").close()
        self.files: dict[bytes, tuple[int, bytes]] = {}
        self.last: bytes | None = None

    def commit(
        self,
        author: bytes = ANN,
        message: bytes = b"A change\n",
        *,
        at: datetime | bytes = START,
        committer: bytes | None = None,
        parents: Sequence[bytes] | None = None,
        extra: bytes = b"",
        authored: bytes | None = None,
    ) -> bytes:
        """Write a commit on the default branch (on the last one, unless told) and return its id."""
        when = at if isinstance(at, bytes) else str(int(at.timestamp())).encode()
        above = parents if parents is not None else [self.last] if self.last else []
        with Repo(str(self.path)) as repo:
            raw = b"".join(
                (
                    b"tree " + self._tree(repo) + b"\n",
                    *(b"parent " + parent + b"\n" for parent in above),
                    b"author " + author + b" " + (when if authored is None else authored) + b" +0000\n",
                    b"committer " + (committer or author) + b" " + when + b" +0000\n",
                    extra,
                    b"\n",
                    message,
                )
            )
            self.last = self._write(b"commit %d\0" % len(raw) + raw)
            repo.refs[Ref(b"refs/heads/main")] = ObjectID(self.last)
        return self.last

    def _write(self, data: bytes) -> bytes:
        """Store an object that dulwich may not want to read."""
        sha = hashlib.sha1(data, usedforsecurity=False).hexdigest()
        path = self.path / "objects" / sha[:2] / sha[2:]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(zlib.compress(data, 1))
        return sha.encode()

    def _tree(self, repo: Repo) -> bytes:
        tree = Tree()
        for name, (mode, data) in self.files.items():
            blob = Blob.from_string(data)
            repo.object_store.add_object(blob)
            tree.add(name, mode, blob.id)
        repo.object_store.add_object(tree)
        return bytes(tree.id)


Reader = Callable[[Path], ActivitySource]


def by_git(path: Path, *, bots: Sequence[str] = ()) -> ActivitySource:
    return LocalHistory(path=path, branch="main", program=find_git(), bots=bots)


def by_walking(path: Path, *, bots: Sequence[str] = ()) -> ActivitySource:
    return LocalHistory(path=path, branch="main", program=None, bots=bots)


READERS = [pytest.param(by_git, marks=pytest.mark.git, id="git"), pytest.param(by_walking, id="walk")]


@pytest.fixture(params=READERS)
def reader(request: pytest.FixtureRequest) -> Reader:
    made: Reader = request.param
    return made


@pytest.fixture
def grove(tmp_path: Path) -> Grove:
    return Grove(tmp_path)


async def read(grove: Grove, reader: Reader, *, since: datetime = SINCE, until: datetime = UNTIL) -> ActivityReport:
    return await reader(grove.path).activity(since=since, until=until)


def row(report: ActivityReport, name: str) -> Activity:
    (found,) = (each for each in report.rows if name in each.names)
    return found


def counts(activity: Activity) -> tuple[int, int, int, int, int]:
    return activity.authored, activity.coauthored, activity.reviewed, activity.signed, activity.merged


async def test_each_role_is_counted_once_a_commit(grove: Grove, reader: Reader) -> None:
    grove.commit(
        ANN,
        b"Fix it\n\nWhy.\n\nCo-Authored-By: Cy <cy@example.org>\nreviewed-by: Bob Person <bob@example.org>\n"
        b"ACKED-BY: Bob Person <bob@example.org>\nTested-by : Dee <dee@example.org> # on arm64\n"
        b"Signed-off-by: Ann Person <ann@example.org>\nSigned-off-by: Bob Person <bob@example.org>\n",
    )
    report = await read(grove, reader)
    assert counts(row(report, "Ann Person")) == (1, 0, 0, 0, 0)
    assert counts(row(report, "Bob Person")) == (0, 0, 1, 1, 0)
    assert counts(row(report, "Cy")) == (0, 1, 0, 0, 0)
    assert counts(row(report, "Dee")) == (0, 0, 1, 0, 0)
    assert (report.commits, report.commit, report.since, report.until) == (
        1,
        grove.last and grove.last.decode(),
        SINCE,
        UNTIL,
    )


async def test_a_subject_and_an_indented_line_are_not_trailers(grove: Grove, reader: Reader) -> None:
    grove.commit(ANN, b"\n \nReviewed-by: Bob <bob@example.org>\n")
    grove.commit(
        ANN, b"Subject\n\n    Reviewed-by: Bob <bob@example.org>\n> Acked-by: Bob <bob@example.org>\nx-by: me\n"
    )
    grove.commit(ANN, b"Subject\n\nReviewed-by: Bob\nReviewed-by: @bob\n")
    report = await read(grove, reader)
    assert [each.names for each in report.rows] == [("Ann Person",)]


async def test_a_trailer_in_an_earlier_paragraph_counts_as_in_squashed_commits(grove: Grove, reader: Reader) -> None:
    grove.commit(
        ANN,
        b"One\n\nSigned-off-by: Bob Person <bob@example.org>\n\n* two\n\n---------\n\nCo-authored-by: Cy <cy@x.org>",
    )
    report = await read(grove, reader)
    assert counts(row(report, "Bob Person")) == (0, 0, 0, 1, 0)
    assert counts(row(report, "Cy")) == (0, 1, 0, 0, 0)


async def test_a_merge_is_merged_by_its_committer_and_authored_by_nobody(grove: Grove, reader: Reader) -> None:
    one = grove.commit(ANN)
    other = grove.commit(ANN, parents=[one])
    grove.commit(ANN, parents=[one, other], committer=BOB)
    grove.commit(ANN, parents=[one, grove.last or b""], committer=b"GitHub <noreply@github.com>")
    report = await read(grove, reader)
    assert counts(row(report, "Ann Person")) == (2, 0, 0, 0, 1)
    assert counts(row(report, "Bob Person")) == (0, 0, 0, 0, 1)


async def test_the_trailers_in_a_signature_or_a_merged_tag_are_not_the_commits(grove: Grove, reader: Reader) -> None:
    one = grove.commit(ANN)
    tag = (
        b"mergetag object "
        + one
        + b"\n type commit\n tag v1\n tagger T <t@x.org> 1 +0000\n \n Reviewed-by: Bob <b@x.org>\n"
    )
    grove.commit(ANN, b"Next\n\nReviewed-by: Cy <cy@x.org>\n", extra=tag)
    report = await read(grove, reader)
    assert [each.names[0] for each in report.rows] == ["Ann Person", "Cy"]


async def test_the_window_has_its_first_second_and_not_its_last(grove: Grove, reader: Reader) -> None:
    for name, at in (
        ("a", SINCE - timedelta(seconds=1)),
        ("b", SINCE),
        ("c", UNTIL - timedelta(seconds=1)),
        ("d", UNTIL),
    ):
        grove.commit(f"{name} <{name}@example.org>".encode(), at=at)
    report = await read(grove, reader)
    assert {each.names[0] for each in report.rows} == {"b", "c"}
    later = await read(grove, reader, since=SINCE + timedelta(microseconds=1), until=UNTIL + timedelta(microseconds=1))
    assert {each.names[0] for each in later.rows} == {"c", "d"}


async def test_months_and_the_first_and_last_sight_are_in_utc(grove: Grove, reader: Reader) -> None:
    first, last = datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
    grove.commit(at=first)
    grove.commit(at=last)
    found = row(await read(grove, reader), "Ann Person")
    assert (sorted(found.months), found.first, found.last) == (["2026-01", "2026-03"], first, last)


async def test_an_older_commit_ends_its_path_as_in_git_shortlog(grove: Grove, reader: Reader) -> None:
    hidden = grove.commit(BOB)
    old = grove.commit(ANN, parents=[hidden], at=SINCE - timedelta(days=1))
    grove.commit(ANN, parents=[old])
    assert (await read(grove, reader)).commits == 1
    grove.commit(ANN, parents=[grove.last or b"", hidden])
    assert (await read(grove, reader)).commits == 3


@pytest.mark.parametrize("when", [b"-5", b"0", b"99999999999999999999", b"1.5", b"", b"x", b"0x7fffffff"])
async def test_an_undated_commit_is_left_out_and_ends_its_path(grove: Grove, reader: Reader, when: bytes) -> None:
    hidden = grove.commit(BOB)
    odd = grove.commit(BOB, parents=[hidden], at=when)
    grove.commit(ANN, parents=[odd])
    report = await read(grove, reader, since=datetime(1969, 1, 1, tzinfo=UTC))
    assert [each.names for each in report.rows] == [("Ann Person",)]


async def test_a_commit_of_the_far_future_is_outside_and_what_it_stands_on_is_not(grove: Grove, reader: Reader) -> None:
    grove.commit(ANN)
    grove.commit(BOB, at=b"99999999999999999")
    grove.commit(BOB, at=str(2**34 + 5).encode())
    assert [each.names for each in (await read(grove, reader)).rows] == [("Ann Person",)]


async def test_the_mailmap_of_the_commit_joins_people(grove: Grove, reader: Reader) -> None:
    grove.files[b".mailmap"] = (0o100644, b"# people\nAnn Person <ann@example.org> <ANN@old.example>\n")
    grove.commit(ANN)
    grove.commit(b"annie <ann@OLD.example>")
    report = await read(grove, reader)
    (found,) = report.rows
    assert (found.authored, found.names, found.mails) == (2, ("Ann Person",), ("ann@example.org", "ann@old.example"))
    assert report.mailmap


async def test_a_mailmap_that_is_a_link_is_ignored(grove: Grove, reader: Reader, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.write_bytes(b"Ann Person <ann@example.org> <bob@example.org>\n")
    grove.files[b".mailmap"] = (0o120000, str(target).encode())
    grove.commit(ANN)
    grove.commit(BOB)
    report = await read(grove, reader)
    assert len(report.rows) == 2
    assert not report.mailmap


async def test_names_are_decoded_and_hide_nothing(grove: Grove, reader: Reader) -> None:
    grove.commit(b"Ren\xe9 <rene@example.org>", extra=b"encoding ISO-8859-1\n")
    grove.commit(b"\xff\xfe <raw@example.org>")
    grove.commit("Eve\u202e\u2028\x07\t\u200bX <eve@example.org>".encode())
    grove.commit(b" <nameless@example.org>")
    grove.commit(b"Zip <zip@example.org>", extra=b"encoding zlib_codec\n")
    names = {each.mails[0]: each.names for each in (await read(grove, reader)).rows}
    assert names["rene@example.org"] == ("René",)
    assert names["raw@example.org"] == ("\ufffd\ufffd",)
    assert names["eve@example.org"] == ("Eve X",)
    assert names["nameless@example.org"] == ()
    assert names["zip@example.org"] == ("Zip",)


async def test_bots_are_left_out_and_named(grove: Grove, tmp_path: Path) -> None:
    grove.commit(b"dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>")
    grove.commit(b"k8s-ci-robot <robot@example.org>", b"x\n\nSigned-off-by: Ann Person <ann@example.org>\n")
    for make in (by_walking, by_git) if find_git() else (by_walking,):
        report = await make(grove.path, bots=["K8s-CI-Robot"]).activity(since=SINCE, until=UNTIL)
        assert [(each.names, counts(each)) for each in report.rows] == [(("Ann Person",), (0, 0, 0, 1, 0))]
        assert report.bots == ("dependabot[bot]", "k8s-ci-robot")


async def test_a_shallow_history_says_that_it_is_cut_off(grove: Grove, reader: Reader) -> None:
    grove.commit(BOB)
    edge = grove.commit(ANN)
    grove.commit(ANN)
    (grove.path / "shallow").write_bytes(edge + b"\n")
    report = await read(grove, reader)
    assert (report.commits, report.cut_off) == (2, True)


async def test_a_missing_commit_is_an_error_and_never_a_part_of_the_numbers(grove: Grove, reader: Reader) -> None:
    grove.commit(BOB, parents=[b"1" * 40])
    grove.commit(ANN)
    with pytest.raises(ForgeError) as caught:
        await read(grove, reader)
    assert caught.value.remedy
    assert not caught.value.retry


async def test_replacements_and_grafts_of_the_repository_do_not_count(grove: Grove, reader: Reader) -> None:
    other = grove.commit(BOB)
    first = grove.commit(ANN, parents=[])
    grove.commit(ANN, parents=[first])
    with Repo(str(grove.path)) as repo:
        repo.refs[Ref(b"refs/replace/" + first)] = ObjectID(other)
    (grove.path / "info").mkdir(exist_ok=True)
    (grove.path / "info" / "grafts").write_bytes(first + b" " + other + b"\n")
    report = await read(grove, reader)
    assert [(each.names, each.authored) for each in report.rows] == [(("Ann Person",), 2)]


async def test_the_progress_comes_in_the_event_loop_and_ends_with_the_number(grove: Grove, reader: Reader) -> None:
    for number in range(3):
        grove.commit(at=START + timedelta(minutes=number))
    loop = asyncio.get_running_loop()
    seen: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        assert asyncio.get_running_loop() is loop
        seen.append((done, total))

    await reader(grove.path).activity(since=SINCE, until=UNTIL, progress=progress)
    assert seen[-1] == (3, 3)


async def test_an_empty_repository_is_told_as_one(grove: Grove, reader: Reader) -> None:
    with pytest.raises(ForgeError):
        await read(grove, reader)
