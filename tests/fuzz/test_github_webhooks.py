"""Whatever comes under GitHub's signature: it is answered, nothing breaks, and nobody votes for somebody else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.github import webhooks
from tests.fuzz.github_town import AUTHOR, TELLING, Sent, Town, github
from tests.fuzz.mutating import hostile, values
from tests.fuzz.watching import Watch, examples
from tests.github.test_webhooks import SECRET

FLOOD = 3
"""So many deliveries at once, at the most."""


@pytest.fixture(scope="module")
def hooks(runner: asyncio.Runner, watch: Watch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    context = github(tmp_path_factory.mktemp("github"), watch)
    yield runner.run(context.__aenter__())
    runner.run(context.__aexit__(None, None, None))


@examples(50)
@given(data=st.data())
def test_t36_any_signed_webhook_breaks_nothing_and_casts_nobodys_ballot(
    runner: asyncio.Runner, hooks: Town, data: st.DataObject
) -> None:
    found: list[Sent] = []
    for _ in range(data.draw(st.integers(1, FLOOD))):
        event, payload = data.draw(st.sampled_from(hooks.seeds))
        found.append((event, hostile(data.draw, hooks.fresh(event, payload), foreign=hooks.foreign, telling=TELLING)))
    runner.run(hooks.send(found))


@examples(25)
@given(data=st.data())
def test_t39_whatever_an_outsider_writes_they_stay_an_outsider(
    runner: asyncio.Runner, hooks: Town, data: st.DataObject
) -> None:
    """Everything is changed but whose account has written it, and the name of the repository."""
    outsider = hooks.council.hub.user("outsider").id
    mine = [each for each in hooks.seeds if each[0] in AUTHOR and each[1][AUTHOR[each[0]]]["user"]["id"] == outsider]
    sent = []
    for _ in range(data.draw(st.integers(1, FLOOD))):
        event, payload = data.draw(st.sampled_from(mine))
        keep = [(AUTHOR[event], "user", "id"), ("repository", "full_name")]
        fresh = hooks.fresh(event, payload)
        sent.append((event, hostile(data.draw, fresh, foreign=hooks.foreign, telling=TELLING, keep=keep, most=6)))
    before = {**hooks.council.choices()}
    runner.run(hooks.send(sent))
    after = hooks.council.choices()
    assert {name: choice for name, choice in after.items() if before.get(name) != choice}.keys() <= {"cleo"}


@examples(60)
@given(body=st.binary(max_size=200) | values(["repository"]).map(lambda made: json.dumps(made).encode()))
def test_any_signed_bytes_are_answered_and_do_nothing(runner: asyncio.Runner, hooks: Town, body: bytes) -> None:
    assert runner.run(signed(hooks, "issue_comment", body)) in {200, 400}
    assert hooks.book.new() == []
    hooks.watch.none()


async def signed(hooks: Town, event: str, body: bytes) -> int:
    return await hooks.post(body, webhooks.signed(event, body, secret=SECRET, id=hooks.delivery()))


# --------------------------------------------------------------------------- found by the above, one by one


def test_t36_json_that_is_nested_too_deeply_is_refused_for_good_and_not_asked_for_again(
    runner: asyncio.Runner, hooks: Town
) -> None:
    for body in (b"[" * 200_000, b'{"repository":' * 20_000):
        assert runner.run(signed(hooks, "issue_comment", body)) == 400
    assert [line["where"] for line in hooks.watch.lines] == ["RecursionError"] * 2
    hooks.watch.none()


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"created_at": "2026-03-02T09:00:00"}, "comment.created_at"),
        ({"updated_at": "0001-01-01T00:00:00Z"}, "comment.updated_at"),
        ({"issue_url": "https://x.example/issues/١٢"}, "comment.issue_url"),
        ({"id": True}, "comment.id"),
        ({"id": "7"}, "comment.id"),
        ({"user": {"id": 1.5, "login": "ada", "type": "User"}}, "comment.user.id"),
        ({"user": {"id": 1, "login": "ada\n", "type": "User"}}, "comment.user.login"),
        ({"body": ["/moot yes"]}, "comment.body"),
        ({"body": "/moot no \ud800"}, "comment.body"),
    ],
)
def test_a_comment_of_another_shape_is_refused_before_anything_is_done(
    runner: asyncio.Runner, hooks: Town, change: dict[str, Any], where: str
) -> None:
    payload = next(each for event, each in hooks.seeds if event == "issue_comment")
    made = {**payload, "comment": {**payload["comment"], **change}}
    assert runner.run(hooks.deliver("issue_comment", made)) == 400
    assert [line["where"] for line in hooks.watch.lines] == [where]
    assert hooks.book.new() == []
    hooks.watch.none()


def test_what_is_of_another_repository_may_look_like_anything(runner: asyncio.Runner, hooks: Town) -> None:
    assert runner.run(hooks.deliver("issue_comment", {"repository": {"full_name": "else/where"}, "comment": 7})) == 200
    assert runner.run(hooks.deliver("ping", {"zen": "Keep it logically awesome."})) == 200
    hooks.watch.none()
