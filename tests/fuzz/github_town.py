"""A bot whose webhooks carry hostile JSON under GitHub's own signature, and what real ones look like."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import aiohttp

from adapters.github.hooks import Hooks
from bot.core.events import BallotCast
from bot.core.people import PersonId
from storage.sqlite import SqliteLedger
from tests.fakes.github import webhooks
from tests.fakes.github.state import Comment, Issue
from tests.fuzz.mutating import names
from tests.fuzz.watching import BOUND, Book, Watch
from tests.github.council import Council
from tests.github.test_webhooks import SECRET, hooks_of

VOTER: Final = "cleo"
TELLING: Final = names(
    "action id number user login type body created_at updated_at issue_url html_url comment issue "
    "pull_request ref repository full_name node_id"
)
AUTHOR: Final = {"issue_comment": "comment", "issues": "issue", "pull_request": "pull_request"}
Sent = tuple[str, Any]


class Town:
    """The bot, what is sent to it, and what is new in its ledger."""

    def __init__(self, council: Council, hooks: Hooks, session: aiohttp.ClientSession, watch: Watch) -> None:
        self.council, self.hooks, self.watch, self._session = council, hooks, watch, session
        self.book = Book(council.ledger)
        self.seeds: list[Sent] = []
        self.page: Issue
        self._ids, self._turn = itertools.count(1), 0

    @property
    def foreign(self) -> Sequence[Any]:
        """Ids, names and words that mean something here, but not there."""
        users = [self.council.hub.user(name) for name in ("ada", "bob", "cleo", "outsider")]
        return (
            *(each.id for each in users),
            *(each.login for each in users),
            *("created", "edited", "deleted", "opened", "synchronize", "User", "Bot", "Organization", "ADA"),
            *(
                "/moot yes",
                "/moot no Because.",
                "/moot retract",
                "/moot yes\n/moot no",
                "/moot resolve",
                "/moot nominate @x",
            ),
            *(self.page.number, 10**9, 2**53, "refs/heads/main", self.council.repo.full_name, "else/where"),
            *("2026-03-02T09:00:00Z", "2026-03-02", "9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00Z"),
            *("https://x.example/issues/12", "https://x.example/issues/١٢", "/issues/"),
        )

    async def prepare(self) -> None:
        """Open a resolution, and gather one payload of each kind that GitHub sends, as the fake makes them."""
        council, repo, hub = self.council, self.council.repo, self.council.hub
        self.page = await council.dispute()
        for by in ("ada", "bob", "outsider"):
            for words in ("/moot yes", "/moot no Too early.", "/moot retract", "Well.", "/moot resolve", "> /moot yes"):
                made = self._comment(words, by)
                for action in ("created", "edited", "deleted"):
                    self.seeds.append(("issue_comment", webhooks.issue_comment(repo, made, action=action)))
            page = repo.open_issue(by=by, title="Drop v1", body="It is old.\n\n/moot resolve")
            for action in ("opened", "edited", "closed"):
                self.seeds.append(("issues", webhooks.issues(repo, page, action=action)))
        head = repo.head("main") or ""
        council.shop.put({"notes.md": b"# Notes\n"}, branch="topic")
        pull = repo.open_pull(by="bob", title="Notes", body="/moot yes", head="topic")
        for action in ("opened", "synchronize", "edited", "closed"):
            self.seeds.append(("pull_request", webhooks.pull_request(repo, pull, action=action)))
        for branch in ("main", "topic"):
            self.seeds.append(("push", webhooks.push(repo, branch, head, head, by=hub.user("ada"))))
        common = self.seeds[0][1]
        for event in ("ping", "installation", "check_run", "pull_request_review", "discussion_comment"):
            self.seeds.append((event, {name: common[name] for name in ("action", "repository", "sender")}))
        await self.valid()
        self.seeds = deepcopy(self.seeds)
        self.book.new()
        self.watch.none()

    def _comment(self, words: str, by: str) -> Comment:
        self.council.hub.time.move(1)
        return self.council.repo.comment(self.page.number, words, by=by)

    # ------------------------------------------------------------------- sending

    def fresh(self, event: str, payload: Any) -> Any:
        """The same, written once more by the same person: with the id and the instant that GitHub makes for each."""
        made = deepcopy(payload)
        if event == "issue_comment" and made["action"] == "created":
            comment = self._comment(made["comment"]["body"], made["comment"]["user"]["login"])
            return webhooks.issue_comment(self.council.repo, comment)
        return made

    def named(self, event: str, payload: Any) -> set[PersonId]:
        """The person whose account a payload names as the writer, by our own reading of it."""
        found: Any = payload
        for key in (AUTHOR.get(event, "sender"), "user", "id"):
            found = found.get(key) if isinstance(found, dict) else None
        person = self.book.person(f"github:{found}") if type(found) is int else None
        return {person} if person is not None else set()

    def delivery(self) -> str:
        """The id of a new delivery."""
        return f"{next(self._ids):08d}-0000"

    async def deliver(self, event: str, payload: Any) -> int:
        headers, body = webhooks.delivery(event, payload, secret=SECRET, id=self.delivery())
        return await self.post(body, headers)

    async def post(self, body: bytes, headers: dict[str, str]) -> int:
        async with self._session.post(self.hooks.url, headers=headers, data=body) as answer:
            return answer.status

    async def send(self, sent: Sequence[Sent]) -> None:
        """Send all of it at once, wait until it is done with, and look at what it has brought about."""
        async with asyncio.timeout(BOUND):
            answers = await asyncio.gather(*[self.deliver(*each) for each in sent])
            assert set(answers) <= {200, 400}, answers
            await self.valid()
        people = {person for event, payload in sent for person in self.named(event, payload)}
        voter = self.book.person(f"github:{self.council.hub.user(VOTER).id}")
        assert voter is not None
        new = self.book.only_by({*people, voter})
        assert sum(isinstance(event, BallotCast) and event.person == voter for _, event in new) == 1
        assert self.council.hub.violations == []
        self.watch.none()

    async def valid(self) -> None:
        """A real comment right after it: recorded."""
        self._turn += 1
        choice = "yes" if self._turn % 2 else "no"
        made = self._comment(f"/moot {choice}", VOTER)
        assert await self.deliver("issue_comment", webhooks.issue_comment(self.council.repo, made)) == 200
        await self.council.service.settle()
        assert self.council.choices()[VOTER] == choice


@asynccontextmanager
async def github(folder: Path, watch: Watch) -> AsyncIterator[Town]:
    """A bot on a real ledger, with a resolution open."""
    council = Council(folder)
    council.ledger.close()
    council.ledger = SqliteLedger(folder / "folkmoot.sqlite3", clock=council.clock)
    council.reopen()
    guard = council.service.guard(council.service.repositories.all()[0])
    assert guard is not None
    hooks = hooks_of(council, guard.look)
    await hooks.start()
    async with aiohttp.ClientSession() as session:
        ready = Town(council, hooks, session, watch)
        await ready.prepare()
        yield ready
    await hooks.stop()
    council.ledger.close()
