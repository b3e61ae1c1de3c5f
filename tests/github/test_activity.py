"""Activity read from GitHub: the same numbers as from a clone, reviews and discussions on top, bots left out."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from dulwich.objects import ObjectID
from dulwich.refs import Ref
from dulwich.repo import Repo

from adapters.github.activity import GitHubActivity
from adapters.localgit.history import LocalHistory
from bot.core.activity import Activity, ActivityReport
from bot.ports import ForgeError
from tests.adapters.github_workshop import GitHubWorkshop
from tests.contract.test_activity import ANN, BOB, Grove, row
from tests.fakes.github import START, Fault

SINCE, UNTIL = START - timedelta(days=30), START + timedelta(days=120)


async def read(shop: GitHubWorkshop, *, bots: tuple[str, ...] = ()) -> ActivityReport:
    forge = shop.forge()
    return await GitHubActivity(forge.client, forge.git, bots=bots).activity(since=SINCE, until=UNTIL)


def of(report: ActivityReport, login: str) -> Activity:
    (found,) = [each for each in report.rows if login in each.logins]
    return found


def planted(grove: Grove, shop: GitHubWorkshop) -> None:
    """The grove's history becomes the repository's."""
    with Repo(str(grove.path)) as repo:
        for sha in repo.object_store:
            shop.repo.objects.store.add_object(repo.object_store[sha])
        shop.repo.refs["refs/heads/main"] = repo.refs[Ref(b"refs/heads/main")].decode()


async def test_commits_count_as_they_do_from_a_clone(shop: GitHubWorkshop, tmp_path: Path) -> None:
    grove = Grove(tmp_path / "grove")
    grove.files[b".mailmap"] = (0o100644, b"Ann Person <ann@example.org> <ANN@old.example>\n")
    before = grove.commit(BOB, b"Too old\n", at=SINCE - timedelta(seconds=1))
    one = grove.commit(ANN, b"Fix it\n\nReviewed-by: Bob Person <bob@example.org>\n", at=SINCE, parents=[before])
    two = grove.commit(b"annie <ann@OLD.example>", b"Next\n\nCo-authored-by: Cy <cy@example.org>\n", at=START)
    grove.commit(BOB, b"Side\n", at=START, parents=[one])
    grove.commit(ANN, b"Merge\n", at=START, parents=[two, grove.last or b""], committer=b"GitHub <noreply@github.com>")
    grove.commit(b"dependabot[bot] <1+dependabot[bot]@users.noreply.github.com>", at=START)
    grove.commit(BOB, b"Last\n", at=UNTIL - timedelta(seconds=1))
    grove.commit(BOB, b"Too late\n", at=UNTIL)
    planted(grove, shop)
    shop.hub.delete("ann")  # or GitHub would know more than a clone
    local = await LocalHistory(path=grove.path, branch="main", program=None).activity(since=SINCE, until=UNTIL)
    found = await read(shop)
    assert (found.rows, found.commit, found.commits) == (local.rows, local.commit, local.commits)
    assert (found.bots, found.mailmap) == (local.bots, local.mailmap)
    assert row(found, "Ann Person").merged == 1
    assert ObjectID(found.commit.encode()) == grove.last


async def test_an_account_is_known_by_its_id_under_every_mail_address(shop: GitHubWorkshop) -> None:
    ann = shop.hub.user("ann")
    found = of(await read(shop), "ann")
    assert (found.forge_ids, found.authored) == ((ann.id,), 1)


async def test_reviews_count_once_a_pull_request_and_never_of_ones_own(shop: GitHubWorkshop) -> None:
    shop.put({"README.md": b"x\n"}, branch="topic")
    number = shop.repo.open_pull(head="topic", by="ann").number
    for who in ("bea", "bea", "ann"):
        shop.repo.review(number, "COMMENTED", by=who)
    report = await read(shop)
    assert of(report, "bea").reviewed == 1
    assert of(report, "ann").reviewed == 0


async def test_discussions_count_once_each_and_never_of_what_one_began(shop: GitHubWorkshop) -> None:
    first, second = shop.repo.open_issue(by="ann").number, shop.repo.open_issue(by="cy").number
    for number in (first, first, second):
        shop.repo.comment(number, "Can you try again?", by="bea")
    shop.repo.comment(first, "Yes", by="ann")
    shop.repo.comment(second, "On a line", by="ann", path="README.md")
    report = await read(shop)
    assert report.discussions
    assert (of(report, "bea").triaged, of(report, "ann").triaged) == (2, 1)
    assert of(report, "bea").months == {"2026-03"}


async def test_what_lies_outside_the_window_is_not_counted(shop: GitHubWorkshop) -> None:
    number = shop.repo.open_issue(by="ann").number
    early = shop.repo.comment(number, "Before", by="bea")
    early.created = SINCE - timedelta(seconds=1)
    shop.repo.comment(number, "After", by="cy").created = UNTIL
    assert [each.logins for each in (await read(shop)).rows] == [("ann",)]


async def test_bots_are_left_out_and_named(shop: GitHubWorkshop) -> None:
    shop.hub.user("helper", type="Bot")
    number = shop.repo.open_issue(by="ann").number
    for who in ("helper", "k8s-ci-robot", "bea"):
        shop.repo.comment(number, "/retest", by=who)
    report = await read(shop, bots=("K8s-CI-Robot",))
    assert {login for each in report.rows for login in each.logins} == {"ann", "bea"}


async def test_long_lists_are_read_to_their_end_with_progress(shop: GitHubWorkshop) -> None:
    for number in range(230):
        shop.put({"README.md": str(number).encode()})
    seen: list[tuple[int, int]] = []
    forge = shop.forge()
    source = GitHubActivity(forge.client, forge.git)
    report = await source.activity(since=SINCE, until=UNTIL, progress=lambda done, total: seen.append((done, total)))
    assert (report.commits, seen) == (231, [(100, 0), (200, 0), (231, 231)])


async def test_reading_again_costs_nothing_where_nothing_has_changed(shop: GitHubWorkshop) -> None:
    forge = shop.forge()
    source = GitHubActivity(forge.client, forge.git)
    first = await source.activity(since=SINCE, until=UNTIL)
    used = shop.hub.used
    assert await source.activity(since=SINCE, until=UNTIL) == first
    assert shop.hub.used - used <= 1


async def test_reviews_are_asked_for_again_only_where_the_pull_request_has_changed(shop: GitHubWorkshop) -> None:
    """More pull requests than answers are kept for: the cache of conditional requests would be of no use to them."""
    for number in range(6):
        shop.repo.push({"README.md": f"{number}\n".encode()}, branch=f"topic-{number}", by="ann")
        shop.repo.review(shop.repo.open_pull(head=f"topic-{number}", by="ann").number, by="bea")
    forge = shop.forge()
    source = GitHubActivity(forge.client, forge.git)

    async def asked() -> tuple[ActivityReport, int]:
        before = len(shop.hub.seen)
        report = await source.activity(since=SINCE, until=UNTIL)
        return report, sum(each.path.endswith("/reviews") for each in shop.hub.seen[before:])

    first, count = await asked()
    assert (of(first, "bea").reviewed, count) == (6, 6)
    assert (await asked())[1] == 6, "they have changed just now"
    shop.hub.time.move(3600)
    assert await asked() == (first, 6)
    assert await asked() == (first, 0)
    shop.repo.review(next(iter(shop.repo.issues)), by="cleo")
    last, count = await asked()
    assert (of(last, "bea").reviewed, of(last, "cleo").reviewed, count) == (6, 1, 1)


async def test_progress_is_told_of_discussions_too(shop: GitHubWorkshop) -> None:
    number = shop.repo.open_issue(by="ann").number
    for turn in range(150):
        shop.repo.comment(number, f"{turn}", by="bea")
    seen: list[tuple[int, int]] = []
    forge = shop.forge()
    await GitHubActivity(forge.client, forge.git).activity(
        since=SINCE, until=UNTIL, progress=lambda done, total: seen.append((done, total))
    )
    assert (seen[0], seen[-1][0] == seen[-1][1]) == ((100, 0), True)
    assert seen[-1][0] > 150


async def test_a_list_that_breaks_off_is_an_error_and_never_a_part_of_the_numbers(shop: GitHubWorkshop) -> None:
    shop.hub.faults.append(Fault("502", "/issues/comments", times=100))
    with pytest.raises(ForgeError) as caught:
        await read(shop)
    assert caught.value.retry
