"""The client against everything that goes wrong on the way: limits, faults, expiry, size; and what it never says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from adapters.github import Client, TokenAuth
from adapters.github.errors import Rejected
from adapters.github.timing import Pacer
from adapters.github.wire import MAX_BYTES
from bot.ports import ForgeError
from tests.adapters.github_workshop import GitHubWorkshop
from tests.contract.test_forge import request
from tests.fakes.github import Fault


def asked(shop: GitHubWorkshop, pattern: str = "", method: str = "") -> Sequence[int]:
    """The statuses of the requests to a path."""
    return [seen.status for seen in shop.hub.seen if pattern in seen.path and method in seen.method]


async def test_an_app_asks_for_a_token_of_this_repository_alone_and_uses_it_again(shop: GitHubWorkshop) -> None:
    forge = shop.forge()
    await forge.read("MAINTAINERS")
    await forge.read("MAINTAINERS")
    (made,) = [seen for seen in shop.hub.seen if seen.path.endswith("/access_tokens")]
    assert made.body == {"repositories": [shop.repo.name]}


async def test_a_token_is_renewed_before_it_expires(shop: GitHubWorkshop) -> None:
    forge = shop.forge()
    await forge.read("MAINTAINERS")
    shop.hub.time.move(56 * 60)
    await forge.read("MAINTAINERS")
    assert asked(shop, "/access_tokens") == [201, 201]
    assert 401 not in asked(shop)


async def test_a_token_that_was_revoked_is_renewed_once(shop: GitHubWorkshop) -> None:
    forge = shop.forge()
    await forge.read("MAINTAINERS")
    for token in shop.hub.tokens.values():
        token.revoked = True
    await forge.read("MAINTAINERS")
    assert asked(shop).count(401) == 1


async def test_an_app_that_was_uninstalled_is_told_as_such_without_a_storm(shop: GitHubWorkshop) -> None:
    shop.app.installations.clear()
    with pytest.raises(ForgeError) as caught:
        await shop.forge().read("MAINTAINERS")
    assert not caught.value.retry
    assert "installation" in caught.value.remedy
    assert len(shop.hub.seen) == 1


async def test_a_rotated_token_is_taken_up_and_a_dead_one_told(by_token: GitHubWorkshop) -> None:
    forge = by_token.forge()
    await forge.read("MAINTAINERS")
    by_token.hub.tokens.pop(by_token.token)
    old, by_token.token = by_token.token, by_token.hub.token()
    await forge.read("MAINTAINERS")
    by_token.hub.tokens.clear()
    with pytest.raises(ForgeError) as caught:
        await forge.read("MAINTAINERS")
    assert not caught.value.retry
    assert old not in f"{caught.value} {caught.value.remedy}"
    assert by_token.token not in f"{caught.value} {caught.value.remedy}"


@pytest.mark.parametrize("kind", ["502", "503", "reset", "lost"])
async def test_a_read_is_repeated(shop: GitHubWorkshop, kind: str) -> None:
    shop.hub.faults.append(Fault(kind, "git/trees", times=3))  # type: ignore[arg-type]
    await shop.forge().read("MAINTAINERS")
    assert shop.machine.slept[0] == 1.0


async def test_a_read_that_never_succeeds_is_told_as_worth_waiting(shop: GitHubWorkshop) -> None:
    shop.hub.faults.append(Fault("502", "git/trees", times=100))
    with pytest.raises(ForgeError) as caught:
        await shop.forge().read("MAINTAINERS")
    assert caught.value.retry
    assert asked(shop, "git/trees") == [502] * 4


async def test_an_answer_that_does_not_come_is_given_up(shop: GitHubWorkshop) -> None:
    shop.hub.faults.append(Fault("timeout", "GET /repos/lantern/lantern$", times=100))
    with pytest.raises(ForgeError, match="in time") as caught:
        await shop.client(seconds=0.1).get("/repos/lantern/lantern")
    assert caught.value.retry


@pytest.mark.parametrize("kind", ["502", "reset", "lost"])
@pytest.mark.parametrize("path", ["POST .*/git/refs", "POST .*/pulls"])
async def test_a_write_is_not_repeated_blindly_and_the_next_try_finds_what_was_done(
    either: GitHubWorkshop, kind: str, path: str
) -> None:
    """F24-F28."""
    either.hub.faults.append(Fault(kind, path))  # type: ignore[arg-type]
    with pytest.raises(ForgeError) as caught:
        await either.forge().open(request())
    assert caught.value.retry
    draft = await either.forge().open(request())
    assert draft is not None
    assert [issue.number for issue in either.repo.issues.values()] == [draft.number]
    assert either.head(draft.branch) == draft.commit


@pytest.mark.parametrize("kind", ["502", "reset", "lost"])
async def test_objects_are_named_by_their_content_and_sent_again(shop: GitHubWorkshop, kind: str) -> None:
    shop.hub.faults += [Fault(kind, f"POST .*/git/{each}") for each in ("blobs", "trees", "commits")]  # type: ignore[arg-type]
    assert await shop.forge().open(request()) is not None


@pytest.mark.parametrize("kind", ["secondary", "secondary-429", "primary"])
async def test_a_limit_is_waited_for_and_the_write_sent_again(shop: GitHubWorkshop, kind: str) -> None:
    shop.hub.faults.append(Fault(kind, "POST .*/pulls", retry_after=7))  # type: ignore[arg-type]
    assert await shop.forge().open(request()) is not None
    assert 7.0 in shop.machine.slept or 8.0 in shop.machine.slept
    assert len(shop.repo.issues) == 1


@pytest.mark.parametrize(("kind", "after"), [("secondary", None), ("secondary", 3000), ("primary", 3000)])
async def test_a_long_limit_is_told_and_nothing_is_asked_meanwhile(
    shop: GitHubWorkshop, kind: str, after: int | None
) -> None:
    """F24: no storm."""
    forge = shop.forge()
    shop.hub.faults.append(Fault(kind, "git/trees", retry_after=after))  # type: ignore[arg-type]
    for _ in range(5):
        with pytest.raises(ForgeError, match="rate limit") as caught:
            await forge.read("MAINTAINERS")
        assert caught.value.retry
    assert len(asked(shop, "git/trees")) == 1
    shop.machine.move(4000)
    await forge.read("MAINTAINERS")


async def test_writes_are_a_second_apart_and_eighty_a_minute(shop: GitHubWorkshop) -> None:
    pacer, started = Pacer(shop.timing), shop.machine.monotonic()
    for _ in range(82):
        await pacer.turn(write=True)
        await pacer.turn(write=False)
    assert shop.machine.monotonic() - started >= 81
    assert [each for each in shop.machine.slept if each < 1.0] == []


async def test_five_hundred_writes_an_hour_are_enough_and_reads_go_on_meanwhile(shop: GitHubWorkshop) -> None:
    pacer, started = Pacer(shop.timing), shop.machine.monotonic()
    for _ in range(500):
        await pacer.turn(write=True)
    with pytest.raises(ForgeError, match="rate limit") as caught:
        await pacer.turn(write=True)
    assert caught.value.retry
    await pacer.turn(write=False)
    assert shop.machine.monotonic() - started < 600
    shop.machine.move(3600 - 500)
    await pacer.turn(write=True)
    assert shop.machine.monotonic() - started >= 3600


async def test_what_has_not_changed_costs_nothing(shop: GitHubWorkshop) -> None:
    client = shop.client()
    first = await client.get("/repos/lantern/lantern")
    used = shop.hub.used
    assert await client.get("/repos/lantern/lantern") == first
    assert shop.hub.used == used
    shop.repo.default_branch = "trunk"
    assert (await client.get("/repos/lantern/lantern"))["default_branch"] == "trunk"


async def test_a_list_is_read_page_by_page(shop: GitHubWorkshop) -> None:
    for number in range(250):
        shop.repo.open_issue(title=f"Question {number}")
    found = [issue["title"] async for issue in shop.client().pages("/repos/lantern/lantern/issues")]
    assert len(set(found)) == 250
    assert asked(shop, "/issues") == [200, 200, 200]


async def test_a_page_that_fails_is_repeated_and_no_other(shop: GitHubWorkshop) -> None:
    for _ in range(150):
        shop.repo.open_issue()
    pages = shop.client().pages("/repos/lantern/lantern/issues")
    first = await anext(pages)
    shop.hub.faults.append(Fault("502", "/issues"))
    assert len([first, *[issue async for issue in pages]]) == 150
    assert asked(shop, "/issues") == [200, 502, 200]


@pytest.mark.parametrize("kind", ["huge", "garbage"])
async def test_an_answer_that_is_too_large_or_no_json_is_refused(shop: GitHubWorkshop, kind: str) -> None:
    """T36."""
    assert MAX_BYTES < 40 << 20
    shop.hub.faults.append(Fault(kind, "git/trees"))  # type: ignore[arg-type]
    with pytest.raises(ForgeError):
        await shop.forge().read("MAINTAINERS")


async def test_a_missing_right_is_named(shop: GitHubWorkshop) -> None:
    shop.app.permissions["contents"] = "read"
    with pytest.raises(Rejected) as caught:
        await shop.forge().open(request())
    assert not caught.value.retry
    assert "contents=write" in caught.value.remedy


async def test_a_repository_that_has_moved_is_told_and_not_followed(shop: GitHubWorkshop) -> None:
    shop.hub.moved["lantern/lantern"] = "elsewhere/lantern"
    with pytest.raises(ForgeError) as caught:
        await shop.forge().read("MAINTAINERS")
    assert not caught.value.retry
    assert "renamed or transferred" in caught.value.remedy


async def test_the_authorization_goes_nowhere_else(shop: GitHubWorkshop) -> None:
    with pytest.raises(ForgeError, match="not its own"):
        await shop.client().get("http://127.0.0.1:9/elsewhere")


async def test_a_machine_without_network_is_told(shop: GitHubWorkshop) -> None:
    client = Client(
        repository="a/b", auth=TokenAuth(lambda: "t"), api_url="http://127.0.0.1:9", timing=shop.timing, seconds=5
    )
    with pytest.raises(ForgeError, match="cannot be reached") as caught:
        await client.post("/repos/a/b/git/refs", {})
    assert caught.value.retry


async def test_a_key_that_is_none_is_told_without_it(shop: GitHubWorkshop) -> None:
    shop.app.private_key = "not a key"
    shop.auth = shop.app_auth()
    with pytest.raises(ForgeError) as caught:
        await shop.forge().read("MAINTAINERS")
    assert not caught.value.retry
    assert "not a key" not in f"{caught.value} {caught.value.remedy}"


async def test_a_token_from_the_future_of_the_clock_is_not_used(shop: GitHubWorkshop) -> None:
    forge = shop.forge()
    await forge.read("MAINTAINERS")
    shop.hub.time.move(timedelta(days=1).total_seconds())
    await forge.read("MAINTAINERS")
    assert 401 not in asked(shop)
