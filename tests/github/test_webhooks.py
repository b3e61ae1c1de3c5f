"""Webhooks (T36-T38): nothing unsigned is looked at, nothing is done twice, and it comes to what polling finds."""

from __future__ import annotations

import asyncio
import io
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.github.hooks import MAX_BODY, Hooks, Listener, Receipts
from bot.threads.receipts import DeliveryReceipts
from tests.fakes.github import webhooks
from tests.fakes.github.state import Issue
from tests.github.council import Council, maintainers

SECRET = "not so secret"


class Caller:
    """GitHub, calling."""

    def __init__(self, council: Council, hooks: Hooks, session: aiohttp.ClientSession) -> None:
        self.council, self.hooks, self.session = council, hooks, session
        self._ids = itertools.count(1)

    async def sends(
        self, event: str, payload: dict[str, Any], *, secret: str = SECRET, id: str = "", spoil: bytes = b""
    ) -> int:
        headers, body = webhooks.delivery(event, payload, secret=secret, id=id or f"{next(self._ids):08d}-0000")
        async with self.session.post(self.hooks.url, headers=headers, data=body + spoil) as answer:
            return answer.status

    async def comment(self, page: Issue, words: str, by: str) -> dict[str, Any]:
        self.council.hub.time.move(60)
        made = self.council.repo.comment(page.number, words, by=by)
        return webhooks.issue_comment(self.council.repo, made)


def hooks_of(council: Council, pull: Callable[[int], Awaitable[None]] | None = None) -> Hooks:
    """The address that GitHub calls, on a port of its own."""
    kept, forge = DeliveryReceipts(council.service.clerk), council.forge
    branch = forge.git.default_branch
    return Hooks(
        secret=lambda: SECRET,
        receipts=Receipts(known=kept.known, keep=kept.keep),
        listeners={
            council.repo.full_name: Listener(ears=council.ears, threads=forge.threads, default_branch=branch, pull=pull)
        },
        listen="127.0.0.1:0",
    )


@pytest.fixture
async def caller(tmp_path: Path) -> AsyncIterator[Caller]:
    council = Council(tmp_path)
    hooks = hooks_of(council)
    await hooks.start()
    async with aiohttp.ClientSession() as session:
        yield Caller(council, hooks, session)
    await hooks.stop()
    await hooks.stop()


async def test_a_webhook_opens_the_motion_and_casts_the_ballot_that_polling_would(caller: Caller) -> None:
    council = caller.council
    page = council.repo.open_issue(by="outsider", title="Keep v2", body="It stays.\n\n/moot resolve")
    assert await caller.sends("issues", webhooks.issues(council.repo, page)) == 200
    await council.service.settle()
    assert council.motion().stage == "open"
    assert await caller.sends("issue_comment", await caller.comment(page, "/moot yes", "ada")) == 200
    assert council.choices() == {"ada": "yes"}
    events = len(council.ledger.reader().events(1))
    await council.settle()
    assert len(council.ledger.reader().events(1)) == events


async def test_t37_a_forged_webhook_does_nothing(caller: Caller) -> None:
    page = await caller.council.dispute()
    payload = await caller.comment(page, "/moot yes", "ada")
    assert await caller.sends("issue_comment", payload, secret="guessed") == 401
    assert await caller.sends("issue_comment", payload, spoil=b" ") == 401
    for signature in ("", "sha256=", "sha1=" + "0" * 40, "sha256=" + "é" * 64):
        headers, body = webhooks.delivery("issue_comment", payload, secret=SECRET)
        headers["x-hub-signature-256"] = signature
        async with caller.session.post(caller.hooks.url, headers=headers, data=body) as answer:
            assert answer.status == 401
    assert caller.council.choices() == {}


async def test_t38_a_replayed_webhook_changes_nothing_whatever_its_delivery_is_called(caller: Caller) -> None:
    council = caller.council
    page = await council.dispute()
    old = await caller.comment(page, "/moot yes", "ada")
    assert await caller.sends("issue_comment", old, id="aaaaaaaa-0001") == 200
    new = await caller.comment(page, "/moot no", "ada")
    assert await caller.sends("issue_comment", new) == 200
    assert council.choices() == {"ada": "no"}
    events = len(council.ledger.reader().events(1))
    for id in ("aaaaaaaa-0001", "AAAAAAAA-0001", "aaaaaaaa-0002"):
        assert await caller.sends("issue_comment", old, id=id) == 200
    council.reopen()
    assert council.choices() == {"ada": "no"}
    assert len(council.ledger.reader().events(1)) == events


async def test_t38_an_older_version_of_an_edited_comment_does_not_come_back(caller: Caller) -> None:
    council = caller.council
    page = await council.dispute()
    first = await caller.comment(page, "/moot yes", "ada")
    await caller.sends("issue_comment", first)
    council.hub.time.move(60)
    made = council.repo.edit_comment(first["comment"]["id"], "/moot no")
    await caller.sends("issue_comment", webhooks.issue_comment(council.repo, made, action="edited"))
    assert council.choices() == {"ada": "no"}
    await caller.sends("issue_comment", {**first, "action": "edited"})
    assert council.choices() == {"ada": "no"}


async def test_t36_a_huge_webhook_is_refused(caller: Caller) -> None:
    body, headers = b"x" * (MAX_BODY + 1), {"x-hub-signature-256": f"sha256={'0' * 64}"}
    async with caller.session.post(caller.hooks.url, data=io.BytesIO(body), headers=headers) as answer:
        assert answer.status == 413


async def test_t36_what_is_not_signed_is_turned_away_before_its_body_is_read_and_a_slow_body_does_not_stay(
    caller: Caller,
) -> None:
    hooks = Hooks(
        secret=lambda: SECRET,
        receipts=Receipts(known=no_receipt, keep=keep_nothing),
        listeners={},
        listen="127.0.0.1:0",
        patience=0.05,
    )
    await hooks.start()
    host, _, port = hooks.url.removeprefix("http://").partition("/")[0].rpartition(":")
    for signature, status in (("", b" 401 "), (f"X-Hub-Signature-256: sha256={'0' * 64}\r\n", b" 408 ")):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"POST /github HTTP/1.1\r\nHost: moot\r\nContent-Length: 900\r\n{signature}\r\nx".encode())
        assert status in await asyncio.wait_for(reader.readline(), 5)
        writer.close()
    await hooks.stop()


async def no_receipt(name: str) -> bool:
    raise AssertionError(name)


async def keep_nothing(name: str) -> None:
    raise AssertionError(name)


async def test_a_webhook_that_is_not_understood_or_of_another_repository_does_nothing(caller: Caller) -> None:
    page = await caller.council.dispute()
    payload = await caller.comment(page, "/moot yes", "ada")
    assert await caller.sends("issue_comment", {"action": "created", "repository": payload["repository"]}) == 400
    other = {**payload, "repository": {**payload["repository"], "full_name": "else/where"}}
    assert await caller.sends("issue_comment", other) == 200
    assert await caller.sends("ping", {"zen": "Anything added dilutes everything else."}) == 200
    headers, body = webhooks.delivery("issue_comment", payload, secret=SECRET, id="../../x")
    async with caller.session.post(caller.hooks.url, headers=headers, data=body) as answer:
        assert answer.status == 400
    assert caller.council.choices() == {}


async def test_what_goes_wrong_on_our_side_is_to_be_sent_again_whatever_it_raises(caller: Caller) -> None:
    """A ValueError in the middle is a bug of ours, and no webhook that was not understood."""
    looked: list[int] = []

    async def stumbles_once(number: int) -> None:
        looked.append(number)
        if len(looked) == 1:
            raise ValueError("a bug")

    council = caller.council
    hooks = hooks_of(council, stumbles_once)
    await hooks.start()
    council.shop.put({"notes.md": b"# Notes\n"}, branch="topic")
    pull = council.repo.open_pull(head="topic", by="bob", title="Notes")
    again = Caller(council, hooks, caller.session)
    payload = webhooks.pull_request(council.repo, pull)
    answers = [await again.sends("pull_request", payload, id="aaaaaaaa-0001") for _ in range(3)]
    await hooks.stop()
    assert answers == [503, 200, 200]
    assert looked == [pull.number] * 2


async def test_a_deleted_comment_and_a_push_are_heard(caller: Caller) -> None:
    council = caller.council
    page = await council.dispute()
    payload = await caller.comment(page, "/moot yes", "ada")
    await caller.sends("issue_comment", payload)
    council.repo.delete_comment(payload["comment"]["id"])
    await caller.sends("issue_comment", {**payload, "action": "deleted"})
    before = council.repo.head("main") or ""
    after = council.shop.put({"MAINTAINERS": maintainers("ada", "bob", "cleo", "dan")})
    pushed = webhooks.push(council.repo, "main", before, after, by=council.hub.user("ada"))
    await caller.sends("push", pushed)
    await council.service.alarm.rested()
    assert len(council.motion().members) == 4
    await council.service.settle()
    assert any("the ballot stands" in text for text in council.letters("ada"))
