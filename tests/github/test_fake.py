"""The fake itself: it holds both sides to GitHub's description, and its members can do what members do."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import aiohttp
import pytest

from bot.ports import ForgeError
from tests.adapters.github_workshop import GitHubTokenWorkshop, GitHubWorkshop
from tests.contract.test_forge import OLD
from tests.fakes.github.answers import ROUTES
from tests.fakes.github.description import Undescribed, description
from tests.fakes.github.extract import OPERATIONS
from tests.fakes.github.webhooks import delivery, issue_comment, pull_request


def test_the_description_is_githubs_own_and_says_from_where() -> None:
    said = description().provenance
    assert (said["package"], said["license"], said["api"]) == (
        "@octokit/openapi",
        "MIT",
        "GitHub's official OpenAPI spec + Octokit extension",
    )
    assert all(part.isdecimal() for part in said["version"].split("."))


def test_what_the_fake_serves_is_described() -> None:
    methods = {(method.upper(), path) for path, verbs in OPERATIONS.items() for method in verbs.split()}
    named = {
        description().operation(method, path.replace("{", "").replace("}", ""))[0].name for method, path in methods
    }
    assert set(ROUTES) <= named
    assert named - set(ROUTES) == {"apps/list-webhook-deliveries", "apps/redeliver-webhook-delivery"}


@pytest.mark.parametrize(
    ("method", "path", "query", "body"),
    [
        ("POST", "/repos/a/b/git/refs", {}, {"ref": "refs/heads/x"}),
        ("POST", "/repos/a/b/git/refs", {}, {"ref": "refs/heads/x", "sha": "1", "force": True}),
        ("POST", "/repos/a/b/git/trees", {}, {"tree": [{"path": "x", "mode": "777"}]}),
        ("POST", "/repos/a/b/pulls", {}, None),
        ("GET", "/repos/a/b/pulls", {"state": "every"}, None),
        ("GET", "/repos/a/b/pulls", {"colour": "red"}, None),
        ("GET", "/repos/a/b/pulls", {}, {"x": 1}),
    ],
)
def test_a_request_that_github_would_not_know_is_refused(
    method: str, path: str, query: dict[str, str], body: object
) -> None:
    operation, _ = description().operation(method, path)
    with pytest.raises(Undescribed):
        description().check_request(operation, query, body)


@pytest.mark.parametrize("change", [{"number": "12"}, {"invented": 1}, {"state": "draft"}])
def test_an_answer_that_github_would_not_give_is_refused(change: dict[str, object]) -> None:
    operation, _ = description().operation("GET", "/repos/a/b/pulls/12")
    good = description().fill("pull-request")
    description().check_response(operation, 200, good)
    with pytest.raises(Undescribed):
        description().check_response(operation, 200, {**good, **change})


async def test_an_undescribed_request_fails_loudly(tmp_path: Path) -> None:
    shop = GitHubTokenWorkshop(tmp_path)
    shop.put({"MAINTAINERS": OLD})
    with pytest.raises(ForgeError, match="not as GitHub describes it"):
        await shop.client().get("/repos/lantern/lantern/pulls", colour="red")
    assert shop.hub.violations != []


async def test_members_talk_edit_and_react(shop: GitHubWorkshop) -> None:
    issue = shop.repo.open_issue(by="ann", title="An impasse", body="/resolve")
    comment = shop.repo.comment(issue.number, "+1", by="bea")
    shop.repo.react(comment, "heart", by="cy")
    shop.repo.react(issue, "+1", by="cy")
    shop.hub.time.move(60)
    shop.repo.edit_comment(comment.id, "-1")
    client, base = shop.client(), "/repos/lantern/lantern/issues"
    async with client.use():
        (said,) = await client.get(f"{base}/{issue.number}/comments")
        assert (said["body"], said["user"]["login"], said["reactions"]["heart"]) == ("-1", "bea", 1)
        assert said["updated_at"] > said["created_at"]
        (heart,) = await client.get(f"{base}/comments/{comment.id}/reactions")
        assert (heart["content"], heart["user"]["id"]) == ("heart", shop.hub.user("cy").id)
        (thumb,) = await client.get(f"{base}/{issue.number}/reactions")
        assert thumb["content"] == "+1"
        shop.app.permissions["issues"] = "write"
        shop.hub.tokens.clear()
        made = await client.post(f"{base}/{issue.number}/comments", {"body": "Noted."})
        assert made["user"]["type"] == "Bot"


async def test_an_app_marks_a_commit_with_a_check(shop: GitHubWorkshop) -> None:
    shop.app.permissions["checks"] = "write"
    client, head = shop.client(), shop.head("main")
    async with client.use():
        path = "/repos/lantern/lantern/check-runs"
        made = await client.post(path, {"name": "folkmoot", "head_sha": head, "status": "in_progress"})
        await client.patch(f"{path}/{made['id']}", {"status": "completed", "conclusion": "success"})
        found = await client.get(f"/repos/lantern/lantern/commits/{head}/check-runs", check_name="folkmoot")
    assert [each["conclusion"] for each in found["check_runs"]] == ["success"]


async def test_a_device_is_linked_when_its_member_agrees(shop: GitHubWorkshop) -> None:
    async with aiohttp.ClientSession() as session:

        async def post(path: str, **form: str) -> dict[str, str]:
            async with session.post(f"{shop.url}{path}", data=form) as response:
                answer: dict[str, str] = await response.json()
                return answer

        code = await post("/login/device/code", client_id="Iv1")
        ask = {"client_id": "Iv1", "device_code": code["device_code"], "grant_type": "urn:x"}
        assert (await post("/login/oauth/access_token", **ask))["error"] == "authorization_pending"
        assert (await post("/login/oauth/access_token", **ask))["error"] == "slow_down"
        shop.hub.time.move(11)
        shop.hub.approve(code["user_code"], by="ann")
        token = (await post("/login/oauth/access_token", **ask))["access_token"]
        headers = {"authorization": f"Bearer {token}"}
        async with session.get(f"{shop.url}/user", headers=headers) as response:
            assert (await response.json())["id"] == shop.hub.user("ann").id


def test_a_webhook_is_signed_over_its_bytes(shop: GitHubWorkshop) -> None:
    comment = shop.repo.comment(shop.repo.open_issue().number, "+1", by="bea")
    headers, body = delivery("issue_comment", issue_comment(shop.repo, comment), secret="s3cret")
    wanted = hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
    assert headers["x-hub-signature-256"] == f"sha256={wanted}"
    shop.put({"README.md": b"x"}, branch="topic")
    assert pull_request(shop.repo, shop.repo.open_pull(head="topic"))["number"] > 0
