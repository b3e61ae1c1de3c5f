"""Draft pull requests on GitHub: what is said in them, what a person did to them, and what GitHub does not allow."""

from __future__ import annotations

import asyncio
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.github import Ways
from adapters.github.pulls import READY, STRANGE, body_of, untouched
from bot.ports import Draft, DraftRequest, ForgeError
from tests.adapters.github_workshop import GitHubWorkshop
from tests.contract.test_forge import BRANCH, NEW, OLD, creation, request
from tests.fakes.github import Fault, Issue
from tests.fakes.github.objects import Stamp


async def opened(shop: GitHubWorkshop, ways: Ways | None = None, asked: DraftRequest | None = None) -> Draft:
    draft = await shop.forge(ways=ways).open(asked or request())
    assert draft is not None
    return draft


def pull(shop: GitHubWorkshop) -> Issue:
    (found,) = [issue for issue in shop.repo.issues.values() if issue.pull is not None]
    return found


async def test_it_is_a_draft_of_the_branch_onto_the_default_branch(either: GitHubWorkshop) -> None:
    draft, issue = await opened(either), pull(either)
    assert issue.pull is not None
    assert (issue.pull.draft, issue.pull.head, issue.pull.base) == (True, BRANCH, "main")
    assert (issue.title, draft.number, draft.ready) == ("Add Mia", issue.number, False)
    assert draft.url.endswith(f"/pull/{issue.number}")
    assert issue.body.startswith("Carried by 8 of 12.\n")


async def test_f44_what_was_published_is_read_from_the_bodies_of_pull_requests(either: GitHubWorkshop) -> None:
    head = "0a" * 32
    draft = await opened(either, asked=replace(request(), body=f"| Record | motion 12, log head `{head}` |\n"))
    (found,) = await either.forge().published()
    assert f"folkmoot/{found.motion}-{found.mark}" == draft.branch
    assert (found.head, found.where) == (head, f"pull request {draft.url}")
    either.hub.faults.append(Fault("502", "/pulls", times=9))
    with pytest.raises(ForgeError):
        await either.forge().published()


async def test_an_apps_commit_names_nobody_so_that_github_signs_it(shop: GitHubWorkshop) -> None:
    await opened(shop)
    (made,) = [seen for seen in shop.hub.seen if seen.path.endswith("/git/commits") and seen.method == "POST"]
    assert isinstance(made.body, dict)
    assert set(made.body) == {"message", "tree", "parents"}
    assert made.body["message"] == "Add Mia to MAINTAINERS\n\nMotion: 12\n"


async def test_a_sign_off_is_the_bots_own_and_only_as_configured(shop: GitHubWorkshop) -> None:
    """R49."""
    draft = await opened(shop, Ways(sign_off="bot"))
    commit = shop.repo.objects.commit(draft.commit)
    assert commit is not None
    bot = shop.app.bot
    assert commit.message.decode().endswith(
        f"\nSigned-off-by: folkmoot[bot] <{bot.id}+folkmoot[bot]@users.noreply.github.com>\n"
    )


async def test_labels_that_the_repository_has_are_put_on_and_others_left_out(shop: GitHubWorkshop) -> None:
    shop.repo.labels = {"governance"}
    await opened(shop, Ways(labels=("governance", "missing")))
    assert pull(shop).labels == ["governance"]
    assert shop.repo.labels == {"governance"}
    before = shop.everything()
    await opened(shop, Ways(labels=("governance", "missing")))
    assert shop.everything() == before


async def test_a_label_that_may_not_be_put_on_spoils_nothing(shop: GitHubWorkshop) -> None:
    shop.repo.labels = {"governance"}
    shop.hub.faults.append(Fault("401", "/labels", times=2))
    assert (await opened(shop, Ways(labels=("governance",)))).number == pull(shop).number


async def test_new_words_replace_the_bots_own_and_never_a_persons(shop: GitHubWorkshop) -> None:
    await opened(shop)
    await opened(shop, asked=replace(request(), body="Carried by 9 of 12.\n"))
    assert pull(shop).body.startswith("Carried by 9 of 12.")
    shop.repo.edit_issue(12, body=pull(shop).body.replace("9 of 12", "9 of 12 (I was there)"))
    await opened(shop, asked=replace(request(), body="Carried by 10 of 12.\n"))
    assert "9 of 12 (I was there)" in pull(shop).body


async def test_a_body_is_known_by_its_mark_through_the_newlines_of_a_browser(shop: GitHubWorkshop) -> None:
    body = body_of("One.\n\nTwo.\n", strange=False, ready=False)
    assert untouched(body)
    assert untouched(body.replace("\n", "\r\n"))
    assert not untouched(body.replace("Two", "2"))
    assert not untouched("")


@pytest.mark.parametrize("how", ["closed", "closed and deleted", "merged"])
async def test_what_a_person_has_ended_is_found_and_left_alone(shop: GitHubWorkshop, how: str) -> None:
    """R47: never reopened, never made a second time."""
    first = await opened(shop)
    if how == "merged":
        shop.repo.merge(first.number)
        shop.put({"MAINTAINERS": OLD})
    else:
        shop.repo.close(first.number)
    if how == "closed and deleted":
        shop.repo.delete_branch(BRANCH)
    before = shop.everything()
    found = await opened(shop, asked=replace(request(), body="Other words.\n"))
    assert (found.number, found.url) == (first.number, first.url)
    assert shop.everything() == before


async def test_where_drafts_are_refused_it_is_opened_and_says_so(shop: GitHubWorkshop) -> None:
    """F29."""
    shop.repo.drafts_allowed = False
    draft = await opened(shop)
    assert draft.ready
    assert READY in pull(shop).body
    before = shop.everything()
    assert await opened(shop) == draft
    assert shop.everything() == before


async def test_where_drafts_are_refused_and_asked_for_a_person_has_to_mend_it(shop: GitHubWorkshop) -> None:
    shop.repo.drafts_allowed = False
    with pytest.raises(ForgeError) as caught:
        await shop.forge(ways=Ways(without_drafts="refuse")).open(request())
    assert not caught.value.retry
    assert "without-drafts" in caught.value.remedy
    assert shop.repo.issues == {}


async def test_a_branch_that_is_not_known_everywhere_yet_is_waited_for(shop: GitHubWorkshop) -> None:
    """F26: what was just made may be missed by the next request."""
    shop.hub.faults.append(Fault("head", "POST .*/pulls"))
    with pytest.raises(ForgeError) as caught:
        await shop.forge().open(request())
    assert caught.value.retry
    assert (await opened(shop)).number == pull(shop).number


async def test_an_old_mode_of_a_file_is_read_and_made_usual(shop: GitHubWorkshop) -> None:
    shop.hub.time.move(60)
    shop.repo.push({"MAINTAINERS": OLD, "SCRIPT": OLD}, mode=0o100664)
    draft = await opened(shop)
    assert shop.file(draft.commit, "MAINTAINERS") == NEW


async def test_a_persons_branch_of_that_name_is_said_to_be_one(shop: GitHubWorkshop) -> None:
    """T20: nobody takes it for the change that was decided."""
    shop.put({"README.md": b"mine\n"}, branch=BRANCH)
    await opened(shop)
    assert STRANGE in pull(shop).body


async def test_a_persons_commit_on_the_draft_is_said_in_it(shop: GitHubWorkshop) -> None:
    await opened(shop)
    theirs = shop.put({"MAINTAINERS": b"ann\nbob\nMia!\nzoe\n"}, branch=BRANCH)
    assert (await opened(shop)).commit == theirs
    assert STRANGE in pull(shop).body


async def amended(shop: GitHubWorkshop, commit: str, *, by: str, mail: str) -> str:
    """The draft's commit with the same author and content, committed anew a minute later."""
    objects = shop.repo.objects
    old = objects.commit(commit)
    assert old is not None
    shop.hub.time.move(60)
    name, _, rest = old.author.decode().partition(" <")
    author = Stamp(
        name=name, mail=rest.rstrip(">"), at=shop.hub.time.now().fromtimestamp(old.author_time, shop.hub.now.tzinfo)
    )
    new = objects.write_commit(
        tree=objects.tree_of(commit),
        parents=objects.parents(commit),
        message=old.message.decode() + "Signed-off-by: Ann\n",
        author=author,
        committer=Stamp(name=by, mail=mail, at=shop.hub.now),
    )
    shop.repo.refs[f"refs/heads/{BRANCH}"] = new
    shop.repo.follow(BRANCH)
    return new


@pytest.mark.parametrize("same", [False, True], ids=["another", "the bot's own account"])
async def test_a_commit_that_was_amended_is_a_persons_and_is_never_moved(either: GitHubWorkshop, same: bool) -> None:
    first = await opened(either)
    ann = either.hub.user("folkmoot-bot" if same and either.kind == "token" else "ann")
    theirs = await amended(either, first.commit, by=ann.name, mail=ann.mail)
    either.put({"MAINTAINERS": b"ann\nbob\nyan\nzoe\n"})
    assert (await opened(either)).commit == theirs
    assert either.head(BRANCH) == theirs


async def test_the_draft_follows_its_base_by_token_too(either: GitHubWorkshop) -> None:
    first = await opened(either)
    main = either.put({"MAINTAINERS": b"ann\nbob\nyan\nzoe\n"})
    second = await opened(either)
    assert (second.number, second.base) == (first.number, main)
    assert either.file(second.commit, "MAINTAINERS") == b"ann\nbob\nmia\nyan\nzoe\n"
    issue = pull(either)
    assert issue.pull is not None
    assert issue.pull.head_sha == second.commit


async def test_a_push_while_the_branch_is_moved_is_not_overwritten(shop: GitHubWorkshop) -> None:
    await opened(shop)
    shop.put({"MAINTAINERS": b"ann\nbob\nyan\nzoe\n"})
    made: list[str] = []

    def meanwhile(name: str) -> None:
        if name == "forge.before.ref":
            made.append(shop.put({"README.md": b"mine\n"}, branch=BRANCH))

    with pytest.raises(ForgeError) as caught:
        await shop.forge(meanwhile).open(request())
    assert caught.value.retry
    assert [shop.head(BRANCH)] == made


async def test_a_fork_of_the_same_owner_is_another_repository(shop: GitHubWorkshop) -> None:
    """A pull request is found by its branch and repository, not by the label that both share."""
    first = await opened(shop)
    found = await shop.forge().pulls.of_branch(BRANCH)
    assert found is not None
    assert found.number == first.number
    client = shop.forge().pulls
    client._client.repository = "lantern/Lantern"
    assert await client.of_branch(BRANCH) is not None


async def test_a_configured_branch_is_the_base(shop: GitHubWorkshop) -> None:
    shop.put({"MAINTAINERS": OLD}, branch="release")
    draft = await shop.forge(branch="release").open(request())
    issue = pull(shop)
    assert draft is not None
    assert issue.pull is not None
    assert (issue.pull.base, draft.base) == ("release", shop.head("release"))


@pytest.mark.parametrize("branch", ["folkmoot/1-a", "missing"])
async def test_a_default_branch_that_is_none_is_refused(shop: GitHubWorkshop, branch: str) -> None:
    shop.repo.default_branch = branch
    with pytest.raises(ForgeError) as caught:
        await shop.forge().read("MAINTAINERS")
    assert not caught.value.retry


async def test_a_submodule_and_an_empty_repository_are_refused(shop: GitHubWorkshop) -> None:
    """T25."""
    head = shop.head("main")
    assert head is not None
    tree = shop.repo.objects.write_tree(shop.repo.objects.tree_of(head), [("vendored", 0o160000, head)])
    who = Stamp(name="Ann", mail="ann@example.org", at=shop.hub.now)
    shop.repo.refs["refs/heads/main"] = shop.repo.objects.write_commit(
        tree=tree, parents=[head], message="x", author=who, committer=who
    )
    for path in ("vendored", "vendored/MAINTAINERS"):
        with pytest.raises(ForgeError) as caught:
            await shop.forge().read(path)
        assert not caught.value.retry
    shop.repo.refs.clear()
    with pytest.raises(ForgeError, match="no commit yet"):
        await shop.forge().read("MAINTAINERS")


async def test_a_file_over_a_mebibyte_is_not_fetched(shop: GitHubWorkshop) -> None:
    """T36."""
    shop.put({"BIG": b"x" * ((1 << 20) + 1)})
    with pytest.raises(ForgeError, match="bytes"):
        await shop.forge().read("BIG")
    assert not any("/git/blobs" in seen.path for seen in shop.hub.seen)


async def test_a_reading_is_of_one_commit_though_the_branch_moves(shop: GitHubWorkshop) -> None:
    forge, first = shop.forge(), shop.head("main")
    base = await forge.git.base()
    shop.put({"MAINTAINERS": NEW})
    assert (await forge.git.file(base.commit, "MAINTAINERS")).data == OLD
    assert base.commit == first


@pytest.mark.git
@pytest.mark.parametrize("asked", [request(), creation()], ids=["edit", "create"])
async def test_git_takes_the_patch(shop: GitHubWorkshop, tmp_path: Path, asked: DraftRequest) -> None:
    patch = await shop.forge().patch(asked)
    said, folder = await asyncio.to_thread(taken, tmp_path / "clone", patch)
    assert said.startswith(f"folkmoot[bot] <{shop.app.bot.mail}>\nAdd Mia to MAINTAINERS\n")
    assert (folder / asked.path).read_bytes() == asked.edit(b"" if asked.creates else OLD)


def taken(folder: Path, patch: str) -> tuple[str, Path]:
    """What git says of a patch that it has taken in a repository with the file as it was."""
    git = ["git", "-C", str(folder), "-c", "user.name=Ann", "-c", "user.email=ann@example.org"]
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    (folder / "MAINTAINERS").write_bytes(OLD)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "start"], check=True)
    subprocess.run([*git, "am", "-q"], input=patch.encode(), check=True)
    said = subprocess.run([*git, "log", "-1", "--format=%an <%ae>%n%B"], check=True, capture_output=True, text=True)
    return said.stdout, folder
