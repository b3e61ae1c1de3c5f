"""The local git adapter beside git itself, and what only it does: state, merge, records, the sample."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from dulwich.objects import ObjectID
from dulwich.refs import Ref
from dulwich.repo import Repo

from adapters.localgit import LocalGit
from adapters.localgit.sample import MAINTAINERS, REVIEWERS, create_sample
from adapters.rosterfile import detect
from bot.ports import Draft, DraftRequest, ForgeError
from tests.adapters.localgit_workshop import LocalGitWorkshop
from tests.contract.test_forge import AT, BRANCH, DECISION, NEW, OLD, RECORD, creation, request

ENV = {
    "PATH": os.environ.get("PATH", ""),
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "Ann Person",
    "GIT_AUTHOR_EMAIL": "ann@example.org",
    "GIT_COMMITTER_NAME": "Ann Person",
    "GIT_COMMITTER_EMAIL": "ann@example.org",
    "GIT_AUTHOR_DATE": "2026-01-05T12:00:00Z",
    "GIT_COMMITTER_DATE": "2026-01-05T12:00:00Z",
}


@pytest.fixture
def workshop(tmp_path: Path) -> LocalGitWorkshop:
    made = LocalGitWorkshop(tmp_path)
    made.put({"MAINTAINERS": OLD, "README.md": b"# Hello\n"})
    return made


@pytest.fixture
def git() -> str:
    found = shutil.which("git")
    if found is None and os.environ.get("FOLKMOOT_REQUIRE_GIT") == "1":
        pytest.fail("the git program is required here and is not installed")
    if found is None:
        pytest.skip("NOT TESTED against the git program: it is not installed")
    return found


def run(git: str, folder: Path, *arguments: str, given: bytes | None = None) -> str:
    home = {"HOME": str(folder)}
    done = subprocess.run([git, *arguments], cwd=folder, env=ENV | home, input=given, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def cloned(git: str, folder: Path, data: bytes = OLD) -> Path:
    """A repository with a work tree and one commit, made by git."""
    folder.mkdir(parents=True)
    run(git, folder, "init", "-q", "-b", "main")
    (folder / "MAINTAINERS").write_bytes(data)
    run(git, folder, "-c", "core.autocrlf=false", "add", "MAINTAINERS")
    run(git, folder, "commit", "-qm", "Start")
    return folder


def forge(path: Path, *, branch: str | None = None) -> LocalGit:
    return LocalGit(path=path, branch=branch, records=path.parent / "drafts")


async def opened(at: LocalGit, asked: DraftRequest | None = None) -> Draft:
    draft = await at.open(asked or request())
    assert draft is not None
    return draft


async def refusal(at: LocalGit) -> ForgeError:
    with pytest.raises(ForgeError) as caught:
        await at.open(request())
    return caught.value


# --------------------------------------------------------------------------- which branch


async def test_the_configured_branch_wins(workshop: LocalGitWorkshop) -> None:
    workshop.put({"MAINTAINERS": b"x\n"}, branch="release")
    assert (await workshop.forge(branch="release").read("MAINTAINERS")).data == b"x\n"


async def test_a_configured_branch_that_is_missing_is_an_error(workshop: LocalGitWorkshop) -> None:
    assert "nowhere" in (await refusal(workshop.forge(branch="nowhere"))).what


async def test_a_drafts_branch_is_never_the_default_branch(workshop: LocalGitWorkshop) -> None:
    """R48."""
    workshop.put({"MAINTAINERS": b"x\n"}, branch=BRANCH)
    assert not (await refusal(workshop.forge(branch=BRANCH))).retry


async def test_origins_head_names_the_branch_and_the_local_branch_gives_the_commit(workshop: LocalGitWorkshop) -> None:
    remote = workshop.put({"MAINTAINERS": b"remote\n"}, branch="trunk")
    with Repo(str(workshop.path)) as repo:
        repo.refs[Ref(b"refs/remotes/origin/trunk")] = ObjectID(remote.encode())
        repo.refs.set_symbolic_ref(Ref(b"refs/remotes/origin/HEAD"), Ref(b"refs/remotes/origin/trunk"))
    local = workshop.put({"MAINTAINERS": b"local\n"}, branch="trunk")
    assert (await workshop.forge().read("MAINTAINERS")).commit == local
    with Repo(str(workshop.path)) as repo:
        del repo.refs[Ref(b"refs/heads/trunk")]
    found = await workshop.forge().read("MAINTAINERS")
    assert (found.branch, found.commit) == ("trunk", remote)


async def test_a_detached_head_is_refused_with_a_remedy(workshop: LocalGitWorkshop) -> None:
    with Repo(str(workshop.path)) as repo:
        (workshop.path / "HEAD").write_bytes(repo.refs[Ref(b"refs/heads/main")] + b"\n")
    caught = await refusal(workshop.forge())
    assert "detached" in caught.what
    assert "branch" in caught.remedy


async def test_a_branch_without_a_commit_is_refused_with_a_remedy(tmp_path: Path) -> None:
    caught = await refusal(LocalGitWorkshop(tmp_path).forge())
    assert "no commit" in caught.what
    assert caught.remedy


async def test_a_topic_branch_is_not_taken_for_the_default_branch(workshop: LocalGitWorkshop) -> None:
    workshop.put({"MAINTAINERS": b"x\n"}, branch="topic")
    with Repo(str(workshop.path)) as repo:
        repo.refs.set_symbolic_ref(Ref(b"HEAD"), Ref(b"refs/heads/topic"))
    assert "topic" in (await refusal(workshop.forge())).what


async def test_a_branch_that_is_another_ones_alias_is_refused(workshop: LocalGitWorkshop) -> None:
    """R48: writing through it would move the default branch."""
    main = workshop.head("main")
    (workshop.path / "refs" / "heads" / "folkmoot").mkdir()
    with Repo(str(workshop.path)) as repo:
        repo.refs.set_symbolic_ref(Ref(b"refs/heads/" + BRANCH.encode()), Ref(b"refs/heads/main"))
    assert not (await refusal(workshop.forge())).retry
    assert workshop.head("main") == main


async def test_a_branch_called_folkmoot_in_the_way_is_said(workshop: LocalGitWorkshop) -> None:
    workshop.put({"MAINTAINERS": b"x\n"}, branch="folkmoot")
    assert "in the way" in (await refusal(workshop.forge())).what


async def test_no_repository_at_the_path_is_said(tmp_path: Path) -> None:
    caught = await refusal(forge(tmp_path))
    assert not caught.retry
    assert "no git repository" in caught.what


async def test_a_lock_held_by_another_program_is_worth_another_try(workshop: LocalGitWorkshop) -> None:
    lock = workshop.path / "refs" / "heads" / f"{BRANCH}.lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    caught = await refusal(workshop.forge())
    assert caught.retry
    assert lock.name in caught.remedy
    lock.unlink()
    await opened(workshop.forge())


async def test_an_identity_that_could_forge_a_header_is_refused(tmp_path: Path) -> None:
    """T23."""
    for author in ("x", "A <a@b>\nX: y", "A <a b>", "<a@b>"):
        with pytest.raises(ForgeError):
            LocalGit(path=tmp_path, branch=None, records=tmp_path, author=author)


# --------------------------------------------------------------------------- records, state, merge


async def test_title_and_body_lie_beside_the_ledger_for_people_and_programs(workshop: LocalGitWorkshop) -> None:
    draft = await opened(workshop.forge())
    assert draft.url == "drafts/0012-abc123.md"
    page = (workshop.records.parent / draft.url).read_text()
    assert page.startswith("# Add Mia\n")
    assert "Carried by 8 of 12." in page
    record = json.loads((workshop.records / "0012-abc123.json").read_text())
    assert (record["title"], record["commit"], record["number"]) == ("Add Mia", draft.commit, 12)
    assert sorted(file.name for file in workshop.records.iterdir()) == ["0012-abc123.json", "0012-abc123.md"]


async def test_a_lost_or_changed_record_is_written_again(workshop: LocalGitWorkshop) -> None:
    first = await opened(workshop.forge())
    page = workshop.records.parent / first.url
    page.unlink()
    assert await opened(workshop.forge()) == first
    assert page.exists()
    changed = replace(request(), body="Carried by 9 of 12.\n")
    assert await opened(workshop.forge(), changed) == first
    assert "9 of 12" in page.read_text()


async def test_a_record_that_cannot_be_read_is_said(workshop: LocalGitWorkshop) -> None:
    await opened(workshop.forge())
    (workshop.records / "0012-abc123.json").write_text("{")
    with pytest.raises(ForgeError, match=r"0012-abc123\.json"):
        await workshop.forge().drafts()


async def test_drafts_show_text_difference_and_state(workshop: LocalGitWorkshop) -> None:
    assert await workshop.forge().drafts() == ()
    draft = await opened(workshop.forge())
    await opened(workshop.forge(), request(branch="folkmoot/3-abc123"))
    early, view = await workshop.forge().drafts()
    assert (early.number, view.number) == (3, 12)
    assert (view.title, view.body, view.at) == ("Add Mia", "Carried by 8 of 12.\n", AT)
    assert (view.commit, view.base, view.state) == (draft.commit, draft.base, "open")
    assert view.diff.startswith("--- a/MAINTAINERS\n+++ b/MAINTAINERS\n@@ -1,3 +1,4 @@\n ann\n bob\n+mia\n")


async def test_a_draft_is_merged_when_the_default_branch_contains_it(workshop: LocalGitWorkshop) -> None:
    """R28."""
    assert await workshop.forge().state(BRANCH) == "gone"
    draft = await opened(workshop.forge())
    assert await workshop.forge().state(BRANCH) == "open"
    with Repo(str(workshop.path)) as repo:
        repo.refs[Ref(b"refs/heads/main")] = ObjectID(draft.commit.encode())
    assert await workshop.forge().state(BRANCH) == "merged"
    with Repo(str(workshop.path)) as repo:
        del repo.refs[Ref(b"refs/heads/" + BRANCH.encode())]
    assert await workshop.forge().state(BRANCH) == "merged"
    assert (await workshop.forge().drafts())[0].state == "merged"


async def test_a_squashed_draft_is_merged_too(workshop: LocalGitWorkshop) -> None:
    await opened(workshop.forge())
    workshop.put({"MAINTAINERS": NEW})
    assert await workshop.forge().state(BRANCH) == "merged"


async def test_a_deleted_draft_is_gone_and_can_be_opened_again(workshop: LocalGitWorkshop) -> None:
    first = await opened(workshop.forge())
    with Repo(str(workshop.path)) as repo:
        del repo.refs[Ref(b"refs/heads/" + BRANCH.encode())]
    assert await workshop.forge().state(BRANCH) == "gone"
    assert await opened(workshop.forge()) == first


async def test_a_merged_draft_that_was_undone_is_not_raised_again(workshop: LocalGitWorkshop) -> None:
    draft = await opened(workshop.forge())
    with Repo(str(workshop.path)) as repo:
        repo.refs[Ref(b"refs/heads/main")] = ObjectID(draft.commit.encode())
    workshop.put({"MAINTAINERS": OLD})
    assert (await opened(workshop.forge())).commit == draft.commit
    assert workshop.head(BRANCH) == draft.commit


@pytest.mark.parametrize("merge", ["fast-forward", "squash"])
async def test_a_new_file_is_open_then_merged_and_stays_so_when_its_branch_is_deleted(
    workshop: LocalGitWorkshop, merge: str
) -> None:
    draft = await opened(workshop.forge(), creation())
    (shown,) = await workshop.forge().drafts()
    assert shown.state == "open"
    assert shown.diff.startswith(f"--- /dev/null\n+++ b/{RECORD}\n@@ -0,0 +1,3 @@\n+# Keep v2\n")
    if merge == "squash":
        workshop.put({RECORD: DECISION})
    with Repo(str(workshop.path)) as repo:
        if merge == "fast-forward":
            repo.refs[Ref(b"refs/heads/main")] = ObjectID(draft.commit.encode())
        assert await workshop.forge().state(BRANCH) == "merged"
        del repo.refs[Ref(b"refs/heads/" + BRANCH.encode())]
    assert await workshop.forge().state(BRANCH) == "merged"
    assert "new file mode 100644" in await workshop.forge().patch_of(BRANCH)


async def test_a_new_file_whose_branch_is_deleted_is_gone_and_another_ones_file_is_no_merge(
    workshop: LocalGitWorkshop,
) -> None:
    first = await opened(workshop.forge(), creation())
    workshop.put({RECORD: b"something else\n"})
    assert await workshop.forge().state(BRANCH) == "open"
    with Repo(str(workshop.path)) as repo:
        del repo.refs[Ref(b"refs/heads/" + BRANCH.encode())]
    assert await workshop.forge().state(BRANCH) == "gone"
    workshop.put({RECORD: None})
    assert (await opened(workshop.forge(), creation())).commit != first.commit


async def test_a_new_file_that_was_merged_and_then_deleted_is_not_raised_again(workshop: LocalGitWorkshop) -> None:
    draft = await opened(workshop.forge(), creation())
    with Repo(str(workshop.path)) as repo:
        repo.refs[Ref(b"refs/heads/main")] = ObjectID(draft.commit.encode())
    workshop.put({RECORD: None})
    assert (await opened(workshop.forge(), creation())).commit == draft.commit


async def test_only_the_sample_has_a_merge_button(workshop: LocalGitWorkshop) -> None:
    """R47, R48."""
    await opened(workshop.forge())
    main = workshop.head("main")
    with pytest.raises(ForgeError, match="only the sample"):
        await workshop.forge().merge(BRANCH, at=AT)
    assert workshop.head("main") == main


# --------------------------------------------------------------------------- the sample


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    create_sample(tmp_path / "sample.git", at=AT)
    return tmp_path / "sample.git"


def add_line(data: bytes) -> bytes | None:
    return None if b'"mia"' in data else data.replace(b'"oleksandrk"', b'"mia", "Mia", ""\n"oleksandrk"')


async def test_the_sample_has_twelve_maintainers_and_four_reviewers(sample: Path) -> None:
    found = await forge(sample).read("MAINTAINERS")
    rows = detect(found.path, found.data).read(path=found.path, data=found.data)
    assert [row.login for row in rows if row.section == "MAINTAINERS"] == [login for login, _ in MAINTAINERS]
    assert [row.login for row in rows if row.section == "REVIEWERS"] == [login for login, _ in REVIEWERS]
    assert all(row.email.endswith("@example.org") for row in rows)


async def test_the_same_instant_makes_the_same_sample(sample: Path, tmp_path: Path) -> None:
    create_sample(tmp_path / "again.git", at=AT)
    assert await forge(sample).read("MAINTAINERS") == await forge(tmp_path / "again.git").read("MAINTAINERS")


def test_a_sample_that_is_there_is_left_alone(sample: Path) -> None:
    before = {file: file.read_bytes() for file in sample.rglob("*") if file.is_file()}
    create_sample(sample, at=AT + timedelta(days=40))
    assert {file: file.read_bytes() for file in sample.rglob("*") if file.is_file()} == before
    assert [each.name for each in sample.parent.iterdir()] == ["sample.git"]


def test_anything_else_in_the_samples_place_is_refused(workshop: LocalGitWorkshop, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_text("x")
    for place in (workshop.path, tmp_path / "file", tmp_path / "folder"):
        with pytest.raises(ForgeError):
            create_sample(place, at=AT)


async def test_merging_in_the_sample_makes_one_merge_commit(sample: Path) -> None:
    asked = replace(request(), edit=add_line)
    draft = await opened(forge(sample), asked)
    before = (await forge(sample).read("README.md")).commit
    merged = await forge(sample).merge(BRANCH, at=AT + timedelta(hours=1))
    assert await forge(sample).merge(BRANCH, at=AT + timedelta(hours=2)) == merged
    found = await forge(sample).read("MAINTAINERS")
    assert (found.commit, b'"mia"' in found.data) == (merged, True)
    assert LocalGitWorkshop(sample.parent, path=sample).parents(merged) == (before, draft.commit)
    assert await forge(sample).state(BRANCH) == "merged"
    assert await forge(sample).open(asked) is None


async def test_merging_a_new_file_in_the_sample_brings_its_folders_along(sample: Path) -> None:
    await opened(forge(sample), creation())
    LocalGitWorkshop(sample.parent, path=sample).put({"docs/guide.md": b"Hello\n"})
    merged = await forge(sample).merge(BRANCH, at=AT + timedelta(hours=1))
    found = await forge(sample).read(RECORD)
    assert (found.commit, found.data) == (merged, DECISION)
    assert (await forge(sample).read("docs/guide.md")).data == b"Hello\n"
    assert (await forge(sample).read("README.md")).data.startswith(b"# Lantern")
    assert await forge(sample).state(BRANCH) == "merged"
    assert await forge(sample).open(creation()) is None


async def test_a_new_file_that_somebody_else_made_meanwhile_is_not_merged_over(sample: Path) -> None:
    await opened(forge(sample), creation())
    LocalGitWorkshop(sample.parent, path=sample).put({RECORD: b"theirs\n"})
    with pytest.raises(ForgeError, match="changed meanwhile"):
        await forge(sample).merge(BRANCH, at=AT)
    await opened(forge(sample), creation())
    await forge(sample).merge(BRANCH, at=AT)
    assert (await forge(sample).read(RECORD)).data == b"theirs\n" + DECISION


async def test_a_merge_over_a_changed_file_waits_for_the_draft_to_follow(sample: Path) -> None:
    """F30."""
    asked = replace(request(), edit=add_line)
    await opened(forge(sample), asked)
    present = (await forge(sample).read("MAINTAINERS")).data
    LocalGitWorkshop(sample.parent, path=sample).put({"MAINTAINERS": present.replace(b'"eunji"', b'"eun-ji"')})
    with pytest.raises(ForgeError, match="changed meanwhile") as caught:
        await forge(sample).merge(BRANCH, at=AT)
    assert caught.value.retry
    await opened(forge(sample), asked)
    await forge(sample).merge(BRANCH, at=AT)
    data = (await forge(sample).read("MAINTAINERS")).data
    assert b'"eun-ji"' in data
    assert b'"mia"' in data


# --------------------------------------------------------------------------- beside the git program


@pytest.mark.git
async def test_git_finds_nothing_wrong_with_what_was_written(git: str, tmp_path: Path) -> None:
    path = cloned(git, tmp_path / "work")
    draft = await opened(forge(path))
    assert run(git, path, "fsck", "--strict", "--full") == ""
    assert run(git, path, "rev-parse", BRANCH).strip() == draft.commit
    assert run(git, path, "log", "-1", "--format=%an <%ae>|%aI|%s|%b", BRANCH).strip() == (
        "Folkmoot <folkmoot@localhost>|2026-03-04T15:30:00Z|Add Mia to MAINTAINERS|Motion: 12"
    ).replace("Z|", "+00:00|")
    assert run(git, path, "diff", "--stat", "main", BRANCH).endswith("1 file changed, 1 insertion(+)\n")
    assert run(git, path, "reflog", BRANCH)


@pytest.mark.git
async def test_git_finds_nothing_wrong_with_the_sample(git: str, sample: Path) -> None:
    assert run(git, sample, "fsck", "--strict", "--full") == ""
    assert run(git, sample, "rev-list", "--count", "main").strip() == "7"
    assert len(set(run(git, sample, "log", "--format=%an", "main").splitlines())) >= 6


@pytest.mark.git
async def test_work_tree_index_and_hooks_are_left_alone(git: str, tmp_path: Path) -> None:
    """T26."""
    path = cloned(git, tmp_path / "work")
    for hook in ("pre-commit", "commit-msg", "post-commit", "reference-transaction", "post-update", "pre-auto-gc"):
        script = path / ".git" / "hooks" / hook
        script.parent.mkdir(exist_ok=True)
        script.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\nexit 1\n")
        script.chmod(0o755)
    (path / "MAINTAINERS").write_bytes(b"not committed\n")
    (path / ".gitattributes").write_text("* filter=evil\n")
    run(git, path, "config", "filter.evil.clean", f"touch {tmp_path}/ran")
    index, head = (path / ".git" / "index").read_bytes(), (path / ".git" / "HEAD").read_bytes()
    await opened(forge(path))
    assert (path / "MAINTAINERS").read_bytes() == b"not committed\n"
    assert (path / ".git" / "index").read_bytes() == index
    assert (path / ".git" / "HEAD").read_bytes() == head
    assert not (tmp_path / "ran").exists()
    assert sorted(file.name for file in path.iterdir()) == [".git", ".gitattributes", "MAINTAINERS"]


@pytest.mark.git
@pytest.mark.parametrize(
    "data",
    [OLD, OLD.rstrip(b"\n"), OLD.replace(b"\n", b"\r\n"), b"caf\xe9\nann\nbob\n", "김은지\nbob\n".encode()],
    ids=["plain", "no newline", "crlf", "latin-1", "utf-8"],
)
async def test_git_am_takes_the_patch(git: str, tmp_path: Path, data: bytes) -> None:
    end = b"\r\n" if b"\r" in data else b"\n"

    def edit(present: bytes) -> bytes:
        return present.replace(b"bob" + end, b"bob" + end + b"mia" + end) if b"zoe" in present else b"mia\n" + present

    path = cloned(git, tmp_path / "work", data)
    message = "Add 김은지 to MAINTAINERS\n\nFrom here on.\ndiff --git a/x b/x\n--- a/x\n\nMotion: 12\n"
    asked = replace(request(), edit=edit, message=message)
    text = await forge(path).patch(asked)
    run(git, path, "config", "core.autocrlf", "false")
    run(git, path, "am", "-q", given=text.encode())
    assert (path / "MAINTAINERS").read_bytes() == edit(data)
    assert run(git, path, "diff", "--name-only", "HEAD~1", "HEAD").split() == ["MAINTAINERS"]
    shown = run(git, path, "log", "-1", "--format=%B%an <%ae>")
    assert shown.startswith("Add 김은지 to MAINTAINERS\n\n")
    assert "Motion: 12" in shown
    assert shown.strip().endswith("Folkmoot <folkmoot@localhost>")


@pytest.mark.git
@pytest.mark.parametrize("path", [RECORD, "DECISION", "docs/a name.md", "docs/\u00e9.md"])
@pytest.mark.parametrize(
    "data",
    [DECISION, DECISION.rstrip(b"\n"), b"a\r\nb\r\n", b"caf\xe9\n", b"From nobody\n-- \n---\n"],
    ids=["plain", "no newline", "crlf", "latin-1", "mail-like"],
)
async def test_git_am_takes_the_patch_of_a_new_file(git: str, tmp_path: Path, path: str, data: bytes) -> None:
    work = cloned(git, tmp_path / "work")
    asked = replace(creation(path), edit=lambda present: None if present else data)
    text = await forge(work).patch(asked)
    draft = await opened(forge(work), asked)
    assert await forge(work).patch_of(BRANCH) == text
    run(git, work, "config", "core.autocrlf", "false")
    run(git, work, "am", "-q", given=text.encode())
    assert (work / path).read_bytes() == data
    assert run(git, work, "ls-tree", "-r", "-z", "HEAD") == run(git, work, "ls-tree", "-r", "-z", draft.commit)
    assert run(git, work, "fsck", "--strict", "--full") == ""
    assert await forge(work).state(BRANCH) == "merged"


@pytest.mark.git
async def test_the_diff_of_a_new_file_is_the_one_that_git_writes(git: str, tmp_path: Path) -> None:
    work = cloned(git, tmp_path / "work")
    text = await forge(work).patch(creation())
    await opened(forge(work), creation())
    assert run(git, work, "diff", "--full-index", "main", BRANCH) in text


@pytest.mark.git
async def test_a_submodule_is_no_folder_to_create_in(git: str, tmp_path: Path) -> None:
    work = cloned(git, tmp_path / "work")
    head = run(git, work, "rev-parse", "HEAD").strip()
    run(git, work, "update-index", "--add", "--cacheinfo", f"160000,{head},docs")
    run(git, work, "commit", "-qm", "A submodule")
    with pytest.raises(ForgeError, match="not a directory"):
        await forge(work).open(creation())


@pytest.mark.git
async def test_a_message_cannot_smuggle_headers_or_a_second_patch_into_git_am(git: str, tmp_path: Path) -> None:
    """T23, T25."""
    path = cloned(git, tmp_path / "work")
    evil = (
        "Add Mia\n\nFrom: Eve <eve@example.org>\n\nFrom 0123 Mon Sep 17 00:00:00 2001\nFrom: Eve <eve@example.org>\n"
        "Subject: [PATCH] evil\n\n---\ndiff --git a/evil b/evil\nnew file mode 100644\n"
        "--- /dev/null\n+++ b/evil\n@@ -0,0 +1 @@\n+evil\n"
    )
    text = await forge(path).patch(replace(request(), message=evil))
    run(git, path, "am", "-q", given=text.encode())
    assert run(git, path, "rev-list", "--count", "main").strip() == "2"
    assert run(git, path, "diff", "--name-only", "HEAD~1", "HEAD").split() == ["MAINTAINERS"]
    assert run(git, path, "log", "-1", "--format=%an").strip() == "Folkmoot"


@pytest.mark.git
async def test_packed_refs_and_objects_are_read_and_followed(git: str, tmp_path: Path) -> None:
    path = cloned(git, tmp_path / "work")
    first = await opened(forge(path))
    run(git, path, "gc", "-q")
    assert await opened(forge(path)) == first
    (path / "MAINTAINERS").write_bytes(b"ann\nbob\nyan\nzoe\n")
    run(git, path, "commit", "-qam", "Add Yan")
    run(git, path, "gc", "-q")
    moved = await opened(forge(path))
    assert run(git, path, "rev-parse", BRANCH).strip() == moved.commit != first.commit
    assert run(git, path, "fsck", "--strict", "--full") == ""


@pytest.mark.git
async def test_a_linked_work_tree_serves_as_well(git: str, tmp_path: Path) -> None:
    path = cloned(git, tmp_path / "work")
    run(git, path, "worktree", "add", "-q", "../linked", "-b", "topic")
    draft = await opened(forge(tmp_path / "linked", branch="main"))
    assert run(git, path, "rev-parse", BRANCH).strip() == draft.commit


@pytest.mark.git
async def test_a_branch_checked_out_in_a_work_tree_is_not_moved_under_it(git: str, tmp_path: Path) -> None:
    path = cloned(git, tmp_path / "work")
    first = await opened(forge(path))
    run(git, path, "worktree", "add", "-q", "../linked", BRANCH)
    (path / "MAINTAINERS").write_bytes(b"ann\nbob\nyan\nzoe\n")
    run(git, path, "commit", "-qam", "Add Yan")
    caught = await refusal(forge(path))
    assert caught.retry
    assert "checked out" in caught.what
    assert run(git, path, "rev-parse", BRANCH).strip() == first.commit


@pytest.mark.git
async def test_a_clones_default_branch_is_origins(git: str, tmp_path: Path) -> None:
    origin = cloned(git, tmp_path / "origin")
    run(git, origin, "branch", "-m", "main", "development")
    run(git, tmp_path, "clone", "-q", "origin", "clone")
    run(git, tmp_path / "clone", "switch", "-qc", "topic")
    run(git, tmp_path / "clone", "branch", "-qD", "development")
    assert (await forge(tmp_path / "clone").read("MAINTAINERS")).branch == "development"


@pytest.mark.git
async def test_shallow_and_borrowing_clones_serve_as_well(git: str, tmp_path: Path) -> None:
    origin = cloned(git, tmp_path / "origin")
    for number in range(3):
        (origin / "README.md").write_text(str(number))
        run(git, origin, "add", "README.md")
        run(git, origin, "commit", "-qm", f"Step {number}")
    run(git, tmp_path, "clone", "-q", "--depth=1", origin.as_uri(), "shallow")
    run(git, tmp_path, "clone", "-q", "--shared", "origin", "borrowing")
    for name in ("shallow", "borrowing"):
        at = LocalGit(path=tmp_path / name, branch=None, records=tmp_path / f"{name}-drafts")
        first = await opened(at)
        assert await opened(at) == first
        assert await at.state(BRANCH) == "open"
        assert run(git, tmp_path / name, "fsck", "--strict") == ""


@pytest.mark.git
@pytest.mark.parametrize("extension", ["refstorage = reftable", "objectformat = sha256", "unheard = of"])
async def test_an_unsupported_repository_is_refused_with_a_remedy(git: str, tmp_path: Path, extension: str) -> None:
    path = cloned(git, tmp_path / "odd")
    config = (path / ".git" / "config").read_text().replace("formatversion = 0", "formatversion = 1")
    (path / ".git" / "config").write_text(f"{config}[extensions]\n\t{extension}\n")
    caught = await refusal(forge(path))
    assert not caught.retry
    assert caught.remedy


async def test_a_bare_repository_that_names_a_work_tree_is_refused_with_a_remedy(sample: Path) -> None:
    config = sample / "config"
    config.write_text(f"{config.read_text()}[core]\n\tworktree = elsewhere\n")
    caught = await refusal(forge(sample))
    assert not caught.retry
    assert caught.remedy


@pytest.mark.git
async def test_an_object_that_a_partial_clone_lacks_is_said(git: str, tmp_path: Path) -> None:
    origin = cloned(git, tmp_path / "origin")
    run(git, origin, "config", "uploadpack.allowFilter", "true")
    run(git, tmp_path, "clone", "-q", "--bare", "--filter=blob:none", origin.as_uri(), "partial")
    caught = await refusal(forge(tmp_path / "partial"))
    assert not caught.retry
    assert caught.remedy


async def test_a_commit_dated_after_the_merge_is_still_found_merged(sample: Path) -> None:
    """A moved clock must not hide a merge (F14)."""
    await opened(forge(sample), replace(request(), edit=add_line, at=AT + timedelta(days=400)))
    await forge(sample).merge(BRANCH, at=AT)
    workshop = LocalGitWorkshop(sample.parent, path=sample)
    workshop.put({"MAINTAINERS": b"something else\n"})
    assert await forge(sample).state(BRANCH) == "merged"


async def test_a_records_folder_that_cannot_be_written_is_said_and_the_branch_not_made(
    workshop: LocalGitWorkshop,
) -> None:
    """F7: the record comes first, so nothing half-done shows."""
    workshop.records.write_text("in the way")
    caught = await refusal(workshop.forge())
    assert caught.remedy
    assert workshop.head(BRANCH) is None


@pytest.mark.git
async def test_a_draft_in_a_large_repository_writes_three_objects(git: str, tmp_path: Path) -> None:
    """Only the trees on the path are made anew: two hundred folders of files cost nothing."""
    path = cloned(git, tmp_path / "work")
    for folder in range(200):
        (path / f"d{folder}").mkdir()
        (path / f"d{folder}" / "f").write_text(str(folder))
    run(git, path, "add", ".")
    run(git, path, "commit", "-qm", "Many")
    count = len(objects(path))
    await opened(forge(path))
    assert len(objects(path)) == count + 3


def objects(path: Path) -> list[Path]:
    return [file for file in (path / ".git" / "objects").rglob("*") if file.is_file()]
