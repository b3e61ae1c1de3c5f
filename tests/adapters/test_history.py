"""Reading the history beside git itself, and against repositories that were made to harm the reader (T26, T36)."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from select import select
from tempfile import TemporaryDirectory

import pytest
from dulwich.objects import ObjectID
from dulwich.refs import Ref
from dulwich.repo import Repo
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.localgit.history import LocalHistory, find_git
from adapters.localgit.history_git import command, environment
from bot.core.activity import ActivityReport
from bot.git.commits import MAX_RECORD, MAX_TRAILERS
from bot.git.mailmap import Mailmap
from bot.ports import ForgeError
from tests.contract.test_activity import ANN, BOB, SINCE, START, UNTIL, Grove

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def activity(path: Path, program: Path | None, *, seconds: float = 60, since: datetime = SINCE) -> ActivityReport:
    history = LocalHistory(path=path, branch="main", program=program, seconds=seconds)
    return asyncio.run(history.activity(since=since, until=UNTIL))


def both(path: Path, *, since: datetime = SINCE) -> ActivityReport:
    """What both ways give, which is the same."""
    by_git, by_walking = (activity(path, program, since=since) for program in (find_git(), None))
    assert by_git == by_walking
    return by_git


def git(path: Path, *arguments: str, given: bytes = b"") -> bytes:
    line = ["git", f"--git-dir={path}", *arguments]
    done = subprocess.run(line, env=environment(str(path.parent)), input=given, capture_output=True, check=True)
    return done.stdout


def script(path: Path, body: str) -> Path:
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


# --------------------------------------------------------------------------- the same numbers


PIECES = [
    b"Ann",
    b"\xc3\xa9\xc3",
    b"\xff",
    b"\r",
    b"\t",
    b"\x01",
    b"\xe2\x80\xae",
    b"\xe2\x80\xa8",
    b" ",
    b"bob",
    b"\x85",
]
NAMES = st.lists(st.sampled_from(PIECES), max_size=3).map(b"".join)
MAILS = st.sampled_from(
    [b"", b"ann@x.org", b"Ann@X.org", b"bob@x.org", b"root@localhost", b"\xe9@x.org", b"1+ann@users.noreply.github.com"]
)
PERSONS = st.builds(lambda name, mail: name + b" <" + mail + b">", NAMES, MAILS)
KEYS = st.sampled_from(
    [b"Co-authored-by", b"SIGNED-OFF-BY", b"reviewed-By", b"Acked-by ", b"Tested-by", b"Fixes", b" Acked-by"]
)
TRAILERS = st.builds(lambda key, who: key + b": " + who, KEYS, PERSONS)
LINES = st.lists(
    TRAILERS | st.sampled_from([b"", b"words", b"    x", b"\tcode", b"  ", b"a\0b", b"x\r", b"-by"]), max_size=6
)
DATES = st.sampled_from(
    [START, SINCE, UNTIL, SINCE.replace(year=2025), b"-5", b"0", b"99999999999999999", b"17179869185"]
)
EXTRAS = st.sampled_from(
    [b"", b"", b"encoding ISO-8859-1\n", b"encoding x\n", b"gpgsig a\n Reviewed-by: G <g@x.org>\n \n b\n"]
)
COMMITS = st.lists(
    st.tuples(PERSONS, PERSONS, LINES, DATES, EXTRAS, st.sets(st.integers(1, 4), max_size=3)), min_size=1, max_size=9
)


@pytest.mark.git
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    commits=COMMITS,
    odd=st.booleans(),
    mailmap=st.sampled_from([None, b"Ann <ann@x.org> <bob@x.org>\nAnna <ann@x.org> Ann <>\n"]),
)
def test_both_ways_read_any_history_alike(
    commits: Sequence[tuple[object, ...]], odd: bool, mailmap: bytes | None
) -> None:
    with TemporaryDirectory() as folder:
        grove = Grove(Path(folder))
        if mailmap is not None:
            grove.files[b".mailmap"] = (0o100644, mailmap)
        made: list[bytes] = []
        for author, committer, lines, date, extra, back in commits:
            parents = sorted({made[-step] for step in back if step <= len(made)})  # type: ignore[attr-defined]
            message = b"\n".join(lines)  # type: ignore[arg-type]
            made.append(grove.commit(author, message, at=date, committer=committer, parents=parents, extra=extra))  # type: ignore[arg-type]
        grove.commit(ANN, parents=made[-3:])
        if odd:
            grove.commit(BOB, authored=b"when?")
            grove.commit(ANN)
        both(grove.path)
        both(grove.path, since=EPOCH)


@pytest.mark.git
def test_the_numbers_are_those_of_git_shortlog(tmp_path: Path) -> None:
    grove = Grove(tmp_path)
    grove.files[b".mailmap"] = (0o100644, b"Ann Person <ann@example.org> <old@example.org>\n")
    for author in (ANN, BOB, b"A <old@example.org>", BOB, BOB):
        grove.commit(author)
    side = grove.commit(b"Cy <cy@example.org>")
    grove.commit(BOB, parents=[grove.commit(ANN), side])
    grove.commit(ANN, parents=[grove.last or b""], at=SINCE.replace(year=2025))
    grove.commit(ANN, parents=[grove.last or b"", side])
    since = f"--since=@{int(SINCE.timestamp())} +0000"
    (tmp_path / ".mailmap").write_bytes(grove.files[b".mailmap"][1])
    line = [
        "git",
        f"--git-dir={grove.path}",
        f"--work-tree={tmp_path}",
        "shortlog",
        "-sne",
        "--no-merges",
        since,
        "main",
    ]
    shown = subprocess.run(line, cwd=tmp_path, env=environment(str(tmp_path)), capture_output=True, check=True).stdout
    theirs = {who: int(number) for number, who in (row.split("\t") for row in shown.decode().splitlines())}
    ours = {f"{row.names[0]} <{row.mails[0]}>": row.authored for row in both(grove.path).rows if row.authored}
    assert ours == theirs


MAPS = st.lists(
    st.sampled_from(
        [b"<", b">", b" ", b"Ann", b"bob", b"a@x.org", b"A@X.ORG", b"<a@x.org>", b"<b@x.org>", b"\n", b"#", b"<>"]
    ),
    max_size=24,
).map(b"".join)


@pytest.mark.git
@settings(max_examples=40, deadline=None)
@given(data=MAPS)
def test_a_mailmap_is_read_as_git_reads_it(data: bytes) -> None:
    asked = [(name, mail) for name in (b"Ann", b"BOB", b"Cy") for mail in (b"a@x.org", b"B@x.org")]
    with TemporaryDirectory() as folder:
        path = Path(folder)
        (path / "map").write_bytes(data)
        git(path, "init", "-q", "--bare", str(path / "r"))
        lines = b"".join(name + b" <" + mail + b">\n" for name, mail in asked)
        said = git(path / "r", "-c", f"mailmap.file={path / 'map'}", "check-mailmap", "--stdin", given=lines)
    mailmap = Mailmap(data)
    found = [mailmap.resolve(name, mail) for name, mail in asked]
    assert b"".join(each.name + b" <" + each.mail + b">\n" for each in found) == said


# --------------------------------------------------------------------------- nothing runs


TRAPS = """
[core]
    repositoryformatversion = 0
    bare = true
    fsmonitor = {trap}
    pager = {trap}
    editor = {trap}
    sshCommand = {trap}
    askPass = {trap}
    gitProxy = {trap}
    alternateRefsCommand = {trap}
    hooksPath = {hooks}
    attributesFile = {hooks}/attributes
[remote "origin"]
    url = ext::{trap}
    promisor = true
    partialclonefilter = blob:none
    uploadpack = {trap}
    proxy = ext::{trap}
[protocol]
    allow = always
[protocol "ext"]
    allow = always
[protocol "file"]
    allow = always
[log]
    showSignature = true
    mailmap = true
[mailmap]
    file = {hooks}/mailmap
[gpg]
    program = {trap}
[gpg "ssh"]
    program = {trap}
[pager]
    rev-list = {trap}
    log = {trap}
[alias]
    rev-list = !{trap}
    log = !{trap}
[diff]
    external = {trap}
[diff "x"]
    textconv = {trap}
    command = {trap}
[filter "x"]
    clean = {trap}
    smudge = {trap}
    process = {trap}
[credential]
    helper = !{trap}
[uploadpack]
    packObjectsHook = {trap}
[include]
    path = {hooks}/more
[trace2]
    eventTarget = {marker}
"""
SIGNED = b"gpgsig -----BEGIN PGP SIGNATURE-----\n \n AAAA\n -----END PGP SIGNATURE-----\n"


def trapped(folder: Path, *parents: bytes) -> tuple[Grove, Path]:
    """A repository that runs a program wherever its configuration, hooks and attributes can; and the program's mark."""
    marker, hooks = folder / "it-ran", folder / "hooks"
    hooks.mkdir()
    trap = script(folder / "trap", f"echo ran >> '{marker}'")
    for hook in ("post-checkout", "reference-transaction", "pre-auto-gc", "fsmonitor-watchman", "post-index-change"):
        script(hooks / hook, f"echo {hook} >> '{marker}'")
    (hooks / "attributes").write_text("* diff=x filter=x\n")
    (hooks / "more").write_text(f"[core]\n    fsmonitor = {trap}\n")
    (hooks / "mailmap").write_text("Mapped <mapped@example.org> <ann@example.org>\n")
    grove = Grove(folder)
    grove.files = {b".gitattributes": (0o100644, b"* diff=x filter=x\n"), b"f": (0o100644, b"f\n")}
    grove.commit(ANN, extra=SIGNED, parents=parents)
    (grove.path / "hooks").mkdir(exist_ok=True)
    for file in hooks.iterdir():
        shutil.copy(file, grove.path / "hooks" / file.name)
    (grove.path / "info").mkdir(exist_ok=True)
    (grove.path / "info" / "attributes").write_text("* diff=x filter=x\n")
    (grove.path / "config").write_text(TRAPS.format(trap=trap, hooks=hooks, marker=marker))
    return grove, marker


@pytest.mark.git
def test_t26_nothing_in_a_repository_runs_a_program(tmp_path: Path) -> None:
    grove, marker = trapped(tmp_path)
    report = activity(grove.path, find_git())
    assert [(row.names, row.mails) for row in report.rows] == [(("Ann Person",), ("ann@example.org",))]
    assert not marker.exists()
    line = ["git", f"--git-dir={grove.path}", "log", "-1", "--format=%H", "main"]
    subprocess.run(line, cwd=tmp_path, capture_output=True, check=False)
    assert marker.exists(), "the traps are set: git itself, used as usual, runs one"


@pytest.mark.git
def test_t26_a_missing_commit_is_not_fetched(tmp_path: Path) -> None:
    grove, marker = trapped(tmp_path, b"1" * 40)
    with pytest.raises(ForgeError, match="git could not read"):
        activity(grove.path, find_git())
    assert not marker.exists()
    line = ["git", f"--git-dir={grove.path}", "cat-file", "-e", "1" * 40]
    subprocess.run(line, cwd=tmp_path, capture_output=True, check=False)
    assert marker.exists(), "the trap is set: git itself, used as usual, goes to the remote"


@pytest.mark.git
def test_the_operators_own_settings_and_environment_do_not_reach_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grove = Grove(tmp_path)
    grove.commit(ANN)
    marker = tmp_path / "it-ran"
    (tmp_path / ".gitconfig").write_text("[this is not a configuration\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_TRACE", str(marker))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "x")
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", "/nowhere")
    assert both(grove.path).commits == 1
    assert not marker.exists()


@pytest.mark.git
def test_a_repository_of_another_owner_is_read(tmp_path: Path) -> None:
    grove = Grove(tmp_path)
    grove.commit(ANN)
    program = script(tmp_path / "git", f"GIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec '{find_git()}' \"$@\"")
    assert activity(grove.path, program).commits == 1


def test_only_a_whole_commit_id_reaches_the_command_line() -> None:
    for head in ("main", "--output=/tmp/x", "HEAD", "1" * 39, "1" * 39 + "\n", "1" * 41, "A" * 40):
        with pytest.raises(ValueError, match="40 hexadecimal"):
            command(Path("/usr/bin/git"), Path("/r"), head, 1)
    assert command(Path("/usr/bin/git"), Path("-r"), "1" * 40, 1)[-3:] == ["--end-of-options", "1" * 40, "--"]


def test_the_git_program_is_never_taken_from_a_relative_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path / "git", "exit 0")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "." + os.pathsep + "")
    assert find_git() is None


@pytest.mark.git
def test_a_work_tree_and_a_linked_one_are_read_and_left_alone(tmp_path: Path) -> None:
    grove = Grove(tmp_path)
    grove.commit(ANN)
    ours = {key: value for key, value in environment(str(tmp_path)).items() if key != "GIT_ALLOW_PROTOCOL"}
    for line in (
        ["clone", "-q", str(grove.path), "tree"],
        ["-C", "tree", "worktree", "add", "-q", "-b", "x", "../linked"],
    ):
        subprocess.run(["git", *line], cwd=tmp_path, env=ours, capture_output=True, check=True)
    for name in ("tree", "linked"):
        before = sorted((file, file.stat().st_mtime_ns) for file in (tmp_path / "tree").rglob("*"))
        assert both(tmp_path / name).commits == 1
        assert sorted((file, file.stat().st_mtime_ns) for file in (tmp_path / "tree").rglob("*")) == before


# --------------------------------------------------------------------------- bounds


@pytest.mark.git
@pytest.mark.slow
def test_t36_a_million_trailers_count_as_the_first_hundred(tmp_path: Path) -> None:
    grove = Grove(tmp_path)
    lines = b"".join(b"Reviewed-by: P <p%d@example.org>\n" % number for number in range(1_000_000))
    grove.commit(ANN, b"Subject\n\n" + lines)
    grove.commit(BOB)
    report = both(grove.path)
    assert sum(row.reviewed for row in report.rows) == MAX_TRAILERS
    assert (report.commits, len(report.rows)) == (2, MAX_TRAILERS + 2)


@pytest.mark.git
@pytest.mark.parametrize("filler", [b"x" * (MAX_RECORD * 4), b"\n" * MAX_RECORD + b"x", b" \t\n" * MAX_RECORD + b"x\n"])
def test_t36_what_stands_behind_the_limit_of_a_message_is_not_read(tmp_path: Path, filler: bytes) -> None:
    grove = Grove(tmp_path)
    grove.commit(ANN, b"S\n\nAcked-by: C <c@example.org>\n" + filler + b"\nAcked-by: Bob <bob@example.org>\n")
    report = both(grove.path)
    assert {row.mails[0] for row in report.rows} == {"ann@example.org", "c@example.org"}


@pytest.mark.git
def test_t36_the_limit_falls_on_the_same_byte_both_ways(tmp_path: Path) -> None:
    grove = Grove(tmp_path)
    line = b"Acked-by: C <c%04d@example.org>"
    for short in range(0, 60, 3):
        start = b" \n  Subject\n\n" + b"word  \n" * ((MAX_RECORD - 1_000) // 9)
        grove.commit(ANN, start + b"x" * short + b"\n" + b"\n".join(line % number for number in range(40)))
    assert sum(row.reviewed for row in both(grove.path).rows) > 0


@pytest.mark.git
def test_t36_a_header_without_end_is_an_undated_commit(tmp_path: Path) -> None:
    grove = Grove(tmp_path)
    grove.commit(BOB)
    grove.commit(b"A" * 3_000_000 + b" <a@example.org>", committer=BOB)
    grove.commit(ANN)
    assert [row.names for row in both(grove.path).rows] == [("Ann Person",)]


@dataclass(frozen=True, kw_only=True)
class Hanging:
    """A git program that hangs, and so does a process of its own; both hold a pipe open while they live."""

    program: Path
    pipe: int

    def said(self) -> bytes:
        """What they say next: `x` when both have started, nothing when both have ended."""
        assert select([self.pipe], [], [], 30)[0], "they live, and say nothing"
        return os.read(self.pipe, 10)


@pytest.fixture
def hanging(tmp_path: Path) -> Iterator[Hanging]:
    os.mkfifo(tmp_path / "pipe")
    pipe = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    program = script(tmp_path / "git", f"exec 9> '{tmp_path}/pipe'\ntail -f /dev/null & printf x >&9\nwait")
    yield Hanging(program=program, pipe=pipe)
    os.close(pipe)


def test_a_git_that_hangs_is_killed_with_all_it_started(tmp_path: Path, hanging: Hanging) -> None:
    grove = Grove(tmp_path)
    grove.commit(ANN)
    with pytest.raises(ForgeError, match="too long"):
        activity(grove.path, hanging.program, seconds=2)
    assert hanging.said() == b"x"
    assert hanging.said() == b""


async def test_cancelling_kills_git(tmp_path: Path, hanging: Hanging) -> None:
    grove = Grove(tmp_path)
    grove.commit(ANN)
    history = LocalHistory(path=grove.path, branch="main", program=hanging.program)
    task = asyncio.create_task(history.activity(since=SINCE, until=UNTIL))
    assert await asyncio.to_thread(hanging.said) == b"x"
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(hanging.said) == b""


def test_a_walk_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    grove = Grove(tmp_path)
    grove.commit(ANN)
    with pytest.raises(ForgeError, match="too long"):
        activity(grove.path, None, seconds=0)


def test_a_git_that_complains_without_end_is_quoted_briefly_and_in_plain_characters(tmp_path: Path) -> None:
    grove = Grove(tmp_path)
    grove.commit(ANN)
    program = script(tmp_path / "git", "yes 'fatal: \033[31mred' | head -c 3000000 >&2; exit 128")
    with pytest.raises(ForgeError, match="fatal: ") as caught:
        activity(grove.path, program)
    assert len(caught.value.what) < 300
    assert caught.value.what.isprintable()


@pytest.mark.parametrize("body", ["exit 129", "printf 'half a record'; exit 129"])
def test_a_git_that_lacks_an_option_and_a_missing_one_fall_back_to_the_walk(tmp_path: Path, body: str) -> None:
    grove = Grove(tmp_path)
    grove.commit(ANN)
    for program in (script(tmp_path / "git", body), tmp_path / "missing", tmp_path):
        assert activity(grove.path, program).commits == 1


def test_half_a_record_is_an_error(tmp_path: Path) -> None:
    grove = Grove(tmp_path)
    grove.commit(ANN)
    program = script(tmp_path / "git", "printf 'half a record'")
    with pytest.raises(ForgeError):
        activity(grove.path, program)


def test_a_topic_branch_is_never_read_silently(tmp_path: Path) -> None:
    grove = Grove(tmp_path)
    one = grove.commit(ANN)
    grove.commit(BOB)
    with Repo(str(grove.path)) as repo:
        repo.refs[Ref(b"refs/heads/topic")] = repo.refs[Ref(b"refs/heads/main")]
        repo.refs[Ref(b"refs/heads/main")] = ObjectID(one)
    assert activity(grove.path, None).commit == one.decode()
