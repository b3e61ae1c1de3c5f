"""What every forge promises: drafts are idempotent, survive any interruption, and never reach the default branch.

A later adapter joins with a `Workshop` of its own in `WORKSHOPS`.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from bot.ports import DraftRequest, Forge, ForgeError, Point, no_point
from tests.adapters.github_workshop import GitHubTokenWorkshop, GitHubWorkshop
from tests.adapters.localgit_workshop import LocalGitWorkshop

AT = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)
BRANCH = "folkmoot/12-abc123"
OLD = b"ann\nbob\nzoe\n"
NEW = b"ann\nbob\nmia\nzoe\n"
RECORD = "docs/decisions/0012-keep-v2.md"
DECISION = b"# Keep v2\n\nCarried by 8 of 12.\n"


class Workshop(Protocol):
    """A repository of an adapter's kind that a test can look into and change behind the adapter's back."""

    def forge(self, point: Point = no_point) -> Forge:
        """A fresh adapter over the same repository."""
        ...

    def put(self, files: dict[str, bytes | None], *, branch: str = "main", links: bool = False) -> str:
        """A person's commit on a branch (`links`: as symbolic links; None deletes); returns its id."""
        ...

    def head(self, branch: str) -> str | None: ...

    def parents(self, commit: str) -> tuple[str, ...]: ...

    def file(self, commit: str, path: str) -> bytes: ...

    def changed(self, before: str, after: str) -> tuple[str, ...]: ...

    def everything(self) -> object:
        """All that is stored, in a form that can be compared."""
        ...


WORKSHOPS: tuple[Callable[[Path], Workshop], ...] = (LocalGitWorkshop, GitHubWorkshop, GitHubTokenWorkshop)


class Killed(BaseException):
    """What the harness raises; no adapter may catch it."""


class Reaper:
    """Counts the points and kills at one of them; after it, every later point kills too."""

    def __init__(self, at: int) -> None:
        self.at, self.seen = at, list[str]()

    def __call__(self, name: str) -> None:
        self.seen.append(name)
        if len(self.seen) >= self.at:
            raise Killed(name)


@pytest.fixture(params=WORKSHOPS, ids=lambda make: make.__name__)
def workshop(request: pytest.FixtureRequest, tmp_path: Path) -> Workshop:
    made: Workshop = request.param(tmp_path)
    made.put({"MAINTAINERS": OLD, "docs/OWNERS": OLD, "README.md": b"# Hello\n"})
    return made


def insert_mia(data: bytes) -> bytes | None:
    return None if b"mia\n" in data else data.replace(b"bob\n", b"bob\nmia\n")


def request(path: str = "MAINTAINERS", branch: str = BRANCH) -> DraftRequest:
    return DraftRequest(
        branch=branch,
        path=path,
        title="Add Mia",
        body="Carried by 8 of 12.\n",
        message="Add Mia to MAINTAINERS\n\nMotion: 12\n",
        at=AT,
        edit=insert_mia,
    )


def write_decision(data: bytes) -> bytes | None:
    return None if DECISION in data else data + DECISION


def creation(path: str = RECORD) -> DraftRequest:
    """A draft that may create its file (R53)."""
    return replace(request(path), title="Record motion 12", edit=write_decision, creates=True)


def refused(edit: Callable[[], object]) -> Callable[[bytes], bytes | None]:
    def act(_data: bytes) -> bytes | None:
        edit()
        return NEW

    return act


async def test_a_file_is_read_at_the_default_branchs_head(workshop: Workshop) -> None:
    commit = workshop.put({"MAINTAINERS": NEW})
    workshop.put({"MAINTAINERS": b"topic\n"}, branch="topic")
    found = await workshop.forge().read("MAINTAINERS")
    assert (found.data, found.commit, found.branch, found.path) == (NEW, commit, "main", "MAINTAINERS")


async def test_a_missing_file_is_an_error_that_waiting_does_not_help(workshop: Workshop) -> None:
    with pytest.raises(ForgeError) as caught:
        await workshop.forge().read("NOWHERE")
    assert not caught.value.retry


async def test_a_draft_is_one_commit_with_one_path_on_its_own_branch(workshop: Workshop) -> None:
    main = workshop.head("main")
    draft = await workshop.forge().open(request())
    assert draft is not None
    assert (draft.branch, draft.number, draft.base) == (BRANCH, 12, main)
    assert workshop.head(BRANCH) == draft.commit
    assert workshop.parents(draft.commit) == (main,)
    assert workshop.changed(draft.base, draft.commit) == ("MAINTAINERS",)
    assert workshop.file(draft.commit, "MAINTAINERS") == NEW
    assert workshop.head("main") == main


async def test_a_file_in_a_folder_is_changed_there(workshop: Workshop) -> None:
    draft = await workshop.forge().open(request("docs/OWNERS"))
    assert draft is not None
    assert workshop.changed(draft.base, draft.commit) == ("docs/OWNERS",)


async def test_opening_again_finds_the_same_draft_and_stores_nothing(workshop: Workshop) -> None:
    first = await workshop.forge().open(request())
    stored = workshop.everything()
    assert await workshop.forge().open(request()) == first
    assert workshop.everything() == stored


@pytest.mark.parametrize("asked", [request(), creation()], ids=["edit", "create"])
async def test_a_kill_at_any_point_and_again_at_any_point_leaves_one_draft(tmp_path: Path, asked: DraftRequest) -> None:
    """F28: whoever comes next finishes what was begun, with the very same commit."""
    for index, make in enumerate(WORKSHOPS):
        counter, clean = Reaper(10_000), make(tmp_path / f"{index}-clean")
        clean.put({"MAINTAINERS": OLD})
        wanted = await clean.forge(counter).open(asked)
        assert len(counter.seen) >= 2
        for first in range(1, len(counter.seen) + 1):
            for second in range(1, len(counter.seen) + 1):
                workshop = make(tmp_path / f"{index}-{first}-{second}")
                main = workshop.put({"MAINTAINERS": OLD})
                with pytest.raises(Killed):
                    await workshop.forge(Reaper(first)).open(asked)
                with contextlib.suppress(Killed):
                    await workshop.forge(Reaper(second)).open(asked)
                draft = await workshop.forge().open(asked)
                assert draft is not None
                assert draft == wanted
                assert workshop.head(BRANCH) == draft.commit
                assert workshop.parents(draft.commit) == (main,)
                assert workshop.head("main") == main


async def test_a_change_that_is_there_already_makes_no_draft(workshop: Workshop) -> None:
    """F30."""
    workshop.put({"MAINTAINERS": NEW})
    assert await workshop.forge().open(request()) is None
    assert workshop.head(BRANCH) is None


async def test_a_base_that_moved_elsewhere_leaves_the_draft_alone(workshop: Workshop) -> None:
    first = await workshop.forge().open(request())
    workshop.put({"README.md": b"# Hello again\n"})
    assert await workshop.forge().open(request()) == first


async def test_a_base_that_moved_in_the_file_gets_the_edit_again(workshop: Workshop) -> None:
    """F30: one commit on the new base, nothing of the person's lost."""
    first = await workshop.forge().open(request())
    main = workshop.put({"MAINTAINERS": b"ann\nbob\nyan\nzoe\n"})
    draft = await workshop.forge().open(request())
    assert first is not None
    assert draft is not None
    assert draft.commit != first.commit
    assert draft.base == main
    assert workshop.parents(draft.commit) == (main,)
    assert workshop.file(draft.commit, "MAINTAINERS") == b"ann\nbob\nmia\nyan\nzoe\n"


async def test_a_kill_while_the_base_is_followed_leaves_one_draft(tmp_path: Path) -> None:
    for index, make in enumerate(WORKSHOPS):
        for at in range(1, 10):
            workshop = make(tmp_path / f"{index}-{at}")
            workshop.put({"MAINTAINERS": OLD})
            await workshop.forge().open(request())
            main = workshop.put({"MAINTAINERS": b"ann\nbob\nyan\nzoe\n"})
            with contextlib.suppress(Killed):
                await workshop.forge(Reaper(at)).open(request())
            draft = await workshop.forge().open(request())
            assert draft is not None
            assert workshop.head(BRANCH) == draft.commit
            assert workshop.parents(draft.commit) == (main,)


async def test_a_persons_commits_on_the_branch_are_kept(workshop: Workshop) -> None:
    await workshop.forge().open(request())
    theirs = workshop.put({"MAINTAINERS": b"ann\nbob\nMia!\nzoe\n"}, branch=BRANCH)
    workshop.put({"MAINTAINERS": b"ann\nbob\nyan\nzoe\n"})
    draft = await workshop.forge().open(request())
    assert draft is not None
    assert draft.commit == theirs
    assert workshop.head(BRANCH) == theirs


async def test_a_branch_that_a_person_made_is_kept(workshop: Workshop) -> None:
    theirs = workshop.put({"README.md": b"mine\n"}, branch=BRANCH)
    draft = await workshop.forge().open(request())
    assert draft is not None
    assert (draft.commit, workshop.head(BRANCH)) == (theirs, theirs)


@pytest.mark.parametrize(
    "branch",
    ["main", "master", "refs/heads/main", "topic", "folkmoot/", "folkmoot/../main", "folkmoot/x", "folkmoot/1-a\n", ""],
)
async def test_no_other_branch_than_a_drafts_is_written_to(workshop: Workshop, branch: str) -> None:
    """R48, T27."""
    stored = workshop.everything()
    with pytest.raises(ForgeError) as caught:
        await workshop.forge().open(request(branch=branch))
    assert not caught.value.retry
    assert workshop.everything() == stored


@pytest.mark.parametrize(
    "path",
    [
        *("../x", "/etc/passwd", "a/../MAINTAINERS", "a//b", "", ".", "docs", "docs/", "docs\\OWNERS", "x\ny"),
        *(".git/config", ".GIT/hooks/x", ".git /x", ".git./x", "git~1/x", ".git::$INDEX_ALLOCATION/x", "docs/.../x"),
    ],
)
async def test_a_path_out_of_the_repository_is_refused(workshop: Workshop, path: str) -> None:
    """T25."""
    for act in (
        workshop.forge().open(request(path)),
        workshop.forge().open(creation(path)),
        workshop.forge().read(path),
        workshop.forge().patch(request(path)),
        workshop.forge().patch(creation(path)),
    ):
        with pytest.raises(ForgeError) as caught:
            await act
        assert not caught.value.retry
    assert workshop.head(BRANCH) is None


@pytest.mark.parametrize("path", ["LINK", "linked/OWNERS"])
async def test_a_symbolic_link_is_not_followed(workshop: Workshop, path: str) -> None:
    """T25."""
    workshop.put({"LINK": b"MAINTAINERS", "linked": b"docs"}, links=True)
    acts = (workshop.forge().read(path), workshop.forge().open(request(path)), workshop.forge().open(creation(path)))
    for act in acts:
        with pytest.raises(ForgeError) as caught:
            await act
        assert not caught.value.retry


@pytest.mark.parametrize("text", ["a\rb", "a\u2028b", "a\0b", "a\x1bb"])
async def test_control_characters_in_title_or_message_are_refused(workshop: Workshop, text: str) -> None:
    """T23."""
    for bad in (replace(request(), title=text), replace(request(), message=text)):
        with pytest.raises(ForgeError):
            await workshop.forge().open(bad)


async def test_an_edit_that_is_refused_changes_nothing(workshop: Workshop) -> None:
    stored = workshop.everything()

    def fail() -> None:
        raise LookupError("no such section")

    with pytest.raises(LookupError):
        await workshop.forge().open(replace(request(), edit=refused(fail)))
    assert workshop.everything() == stored


async def test_two_at_once_make_one_draft(workshop: Workshop) -> None:
    asked = (workshop.forge().open(request()) for _ in range(8))
    answers = await asyncio.gather(*asked, return_exceptions=True)
    lost = [each for each in answers if isinstance(each, BaseException)]
    assert all(isinstance(each, ForgeError) and each.retry for each in lost)
    found = {each for each in answers if not isinstance(each, BaseException)}
    assert found | {await workshop.forge().open(request())} == found


async def test_a_branch_that_someone_makes_in_between_is_not_overwritten(workshop: Workshop) -> None:
    made: list[str] = []

    def meanwhile() -> None:
        if not made:
            made.append(workshop.put({"README.md": b"mine\n"}, branch=BRANCH))

    def at_the_last_moment(name: str) -> None:
        if name == "forge.before.ref":
            meanwhile()

    with pytest.raises(ForgeError) as caught:
        await workshop.forge(at_the_last_moment).open(request())
    assert caught.value.retry
    assert [workshop.head(BRANCH)] == made
    draft = await workshop.forge().open(request())
    assert draft is not None
    assert [draft.commit] == made


async def test_a_patch_says_the_change_and_writes_nothing(workshop: Workshop) -> None:
    stored = workshop.everything()
    text = await workshop.forge().patch(request())
    assert "\n bob\n+mia\n zoe\n" in text
    assert "Subject: [PATCH] Add Mia to MAINTAINERS\n" in text
    assert workshop.everything() == stored


async def test_a_patch_of_what_is_there_already_is_empty(workshop: Workshop) -> None:
    workshop.put({"MAINTAINERS": NEW})
    assert await workshop.forge().patch(request()) == ""


async def test_an_offer_holds_the_patch_and_opens_nothing(workshop: Workshop) -> None:
    offer = await workshop.forge().offer(request())
    assert offer is not None
    assert offer.patch == await workshop.forge().patch(request())
    assert (workshop.head(BRANCH) is not None) == offer.held
    assert await workshop.forge().offer(request()) == offer


async def test_r48_an_offer_leaves_the_default_branch_as_it_is(workshop: Workshop) -> None:
    before = workshop.head("main")
    await workshop.forge().offer(request())
    assert workshop.head("main") == before
    with pytest.raises(ForgeError):
        await workshop.forge().offer(request(branch="main"))


async def test_of_what_is_there_already_nothing_is_offered(workshop: Workshop) -> None:
    workshop.put({"MAINTAINERS": NEW})
    assert await workshop.forge().offer(request()) is None


async def test_the_same_request_later_in_the_day_is_the_same_draft(workshop: Workshop) -> None:
    first = await workshop.forge().open(request())
    assert await workshop.forge().open(replace(request(), at=AT + timedelta(hours=1))) is not None
    assert first is not None
    assert workshop.head(BRANCH) == first.commit


async def test_where_none_is_to_be_made_a_draft_that_is_there_is_found_and_no_other_comes_of_it(
    workshop: Workshop,
) -> None:
    asked = replace(request(), makes=False)
    assert await workshop.forge().open(asked) is None
    assert workshop.head(BRANCH) is None
    first = await workshop.forge().open(request())
    assert await workshop.forge().open(replace(asked, title="Void: Add Mia", body="Nothing follows.\n")) == first


async def test_a_draft_of_older_wording_is_found(workshop: Workshop) -> None:
    first = await workshop.forge().open(request())
    assert await workshop.forge().open(replace(request(), message="Put Mia into MAINTAINERS\n")) == first


# --------------------------------------------------------------------------- files that are new (R53)


@pytest.mark.parametrize("path", ["DECISION", "docs/0012.md", RECORD, "a/b/c/d/e.md"])
async def test_a_file_that_is_not_there_is_created_with_its_folders_and_nothing_else(
    workshop: Workshop, path: str
) -> None:
    given: list[bytes] = []

    def edit(data: bytes) -> bytes:
        given.append(data)
        return DECISION

    draft = await workshop.forge().open(replace(creation(path), edit=edit))
    assert draft is not None
    assert workshop.parents(draft.commit) == (workshop.head("main"),)
    assert workshop.changed(draft.base, draft.commit) == (path,)
    assert workshop.file(draft.commit, path) == DECISION
    assert workshop.file(draft.commit, "docs/OWNERS") == OLD
    assert set(given) == {b""}


async def test_without_leave_a_file_that_is_not_there_is_an_error(workshop: Workshop) -> None:
    for act in (workshop.forge().open(request(RECORD)), workshop.forge().patch(request(RECORD))):
        with pytest.raises(ForgeError) as caught:
            await act
        assert not caught.value.retry
    assert workshop.head(BRANCH) is None


async def test_creating_again_finds_the_same_draft_and_stores_nothing(workshop: Workshop) -> None:
    first = await workshop.forge().open(creation())
    stored = workshop.everything()
    assert await workshop.forge().open(creation()) == first
    assert workshop.everything() == stored


async def test_a_file_that_is_there_is_edited_though_it_might_be_created(workshop: Workshop) -> None:
    workshop.put({RECORD: b"old\n"})
    draft = await workshop.forge().open(creation())
    assert draft is not None
    assert workshop.file(draft.commit, RECORD) == b"old\n" + DECISION


async def test_a_file_that_a_person_has_merged_is_not_created_again(workshop: Workshop) -> None:
    """F30: however it came there, before the draft or by it."""
    await workshop.forge().open(creation())
    head = workshop.head(BRANCH)
    workshop.put({RECORD: DECISION})
    stored = workshop.everything()
    assert await workshop.forge().open(creation()) is None
    assert await workshop.forge().patch(creation()) == ""
    assert workshop.everything() == stored
    assert workshop.head(BRANCH) == head


async def test_a_base_that_moved_beside_a_new_file_leaves_the_draft_alone(workshop: Workshop) -> None:
    first = await workshop.forge().open(creation())
    workshop.put({"docs/decisions/0011.md": b"another\n"})
    assert await workshop.forge().open(creation()) == first


async def test_a_file_that_a_person_made_meanwhile_gets_the_edit(workshop: Workshop) -> None:
    """F30: nothing of the person's is lost."""
    first = await workshop.forge().open(creation())
    main = workshop.put({RECORD: b"theirs\n"})
    draft = await workshop.forge().open(creation())
    assert first is not None
    assert draft is not None
    assert draft.commit != first.commit
    assert workshop.parents(draft.commit) == (main,)
    assert workshop.file(draft.commit, RECORD) == b"theirs\n" + DECISION


async def test_a_file_that_a_person_deleted_meanwhile_is_created_anew(workshop: Workshop) -> None:
    workshop.put({RECORD: b"old\n"})
    await workshop.forge().open(creation())
    main = workshop.put({RECORD: None})
    draft = await workshop.forge().open(creation())
    assert draft is not None
    assert workshop.parents(draft.commit) == (main,)
    assert workshop.file(draft.commit, RECORD) == DECISION


@pytest.mark.parametrize("links", [False, True])
@pytest.mark.parametrize("place", ["docs/decisions", "x"])
async def test_nothing_is_created_through_a_file_or_a_symbolic_link(
    workshop: Workshop, place: str, links: bool
) -> None:
    """T25."""
    workshop.put({place: b"MAINTAINERS"}, links=links)
    for path in (f"{place}/0012.md", f"{place}/deep/0012.md"):
        for act in (workshop.forge().open(creation(path)), workshop.forge().patch(creation(path))):
            with pytest.raises(ForgeError) as caught:
                await act
            assert not caught.value.retry
    assert workshop.head(BRANCH) is None


async def test_a_persons_commits_beside_a_new_file_are_kept(workshop: Workshop) -> None:
    await workshop.forge().open(creation())
    theirs = workshop.put({RECORD: DECISION + b"With a footnote.\n"}, branch=BRANCH)
    workshop.put({"README.md": b"# Hello again\n"})
    draft = await workshop.forge().open(creation())
    assert draft is not None
    assert (draft.commit, workshop.head(BRANCH)) == (theirs, theirs)


async def test_a_patch_of_a_new_file_comes_from_nothing_and_writes_nothing(workshop: Workshop) -> None:
    stored = workshop.everything()
    text = await workshop.forge().patch(creation())
    assert "\nnew file mode 100644\n" in text
    assert f"\n--- /dev/null\n+++ b/{RECORD}\n@@ -0,0 +1,3 @@\n+# Keep v2\n" in text
    assert workshop.everything() == stored
