"""A whole candidacy on GitHub: from the nomination to the merge, and nothing private on the way out (R24, T22)."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.github.timing import Timing
from adapters.localgit.sample import create_sample
from bot.clocks import CountingIds, ManualClock
from bot.config import GitHubTable
from bot.core.cards import Notice
from bot.core.motion import Motion
from bot.core.plain import plain_card
from bot.ports import Inbound, Typed
from bot.wiring import Instance, build
from storage.memory import MemoryLedger
from tests import commits
from tests.fakes.github import FakeTime, Fault, GitHub, Issue, serve
from tests.world import CHANNEL, NOMINATION, START, config_of, logins


class Town:
    """A bot whose repository is on GitHub, and the members who talk to it in the playground."""

    def __init__(self, hub: GitHub, machine: FakeTime, clock: ManualClock, instance: Instance) -> None:
        self.hub, self.machine, self.clock, self.instance = hub, machine, clock, instance
        self.repo, self.service = hub.repository("distribution/distribution"), instance.service
        self._requests = itertools.count()

    async def ask(self, login: str, words: str) -> str:
        assert self.instance.room is not None
        member = self.instance.room.member(login)
        assert member is not None
        inbound = Inbound(
            request=f"test:{next(self._requests)}",
            who=member.account,
            channel=CHANNEL,
            act=Typed(text=words),
            acted_at=self.clock.now(),
        )
        answer = await self.service.desk.ask(inbound)
        await self.service.settle()
        return plain_card(answer)

    async def accepted(self) -> Motion:
        """A candidacy that has carried and was accepted."""
        await self.ask(logins()[0], NOMINATION)
        for login in logins():
            await self.ask(login, f"yes 1 because {login} says so")
        due = self.service.alarm.close_due(self.motion())
        assert due is not None
        self.clock.move_to(due)
        await self.service.settle()
        await self.ask(logins()[0], "invite 1")
        await self.ask(logins()[0], 'accepted 1 --name "New Person" --email n@example.org')
        return self.motion()

    def motion(self) -> Motion:
        found = self.service.ledger.reader().motion(1)
        assert found is not None
        return found

    def pulls(self) -> list[Issue]:
        return [issue for issue in self.repo.issues.values() if issue.pull is not None]

    def notices(self) -> list[str]:
        assert self.instance.room is not None
        return [plain_card(card) for card in self.instance.room.cards() if isinstance(card, Notice)]


@pytest.fixture
async def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    create_sample(tmp_path / "sample.git", at=START)
    hub, machine = GitHub(), FakeTime()
    repo = hub.repository("distribution/distribution")
    repo.push({"MAINTAINERS": commits.read(tmp_path / "sample.git", "MAINTAINERS")})
    for login in [*logins(), "newperson"]:
        hub.user(login)
    monkeypatch.setenv("GITHUB_TOKEN", hub.token())
    monkeypatch.setattr(
        "bot.wiring.github.Timing",
        lambda: Timing(now=lambda: hub.now, monotonic=machine.monotonic, sleep=machine.sleep),
    )
    config = config_of(tmp_path, forge="github", path=repo.full_name)
    config = config.model_copy(update={"github": GitHubTable(api_url=serve(hub))})
    clock = ManualClock(START)
    instance = await build(config, clock=clock, ids=CountingIds(), ledger=MemoryLedger(clock=clock))
    yield Town(hub, machine, clock, instance)
    await instance.close()
    assert hub.violations == []


async def test_a_candidacy_ends_as_a_draft_and_begins_with_its_merge(town: Town) -> None:
    motion = await town.accepted()
    (issue,) = town.pulls()
    assert issue.pull is not None
    assert (issue.title, issue.pull.draft) == ("Add newperson to MAINTAINERS", True)
    assert motion.draft is not None
    assert motion.draft.url.endswith(f"/pull/{issue.number}")
    assert any(motion.draft.url in notice for notice in town.notices())
    assert motion.effective is None
    town.repo.merge(issue.number, by=logins()[0])
    await town.service.settle()
    assert town.motion().ended
    assert b'"newperson","New Person","n@example.org"' in town.repo.objects.file(
        town.repo.refs["refs/heads/main"], "MAINTAINERS"
    )


async def test_f29_where_drafts_are_refused_the_channel_is_told(town: Town) -> None:
    town.repo.drafts_allowed = False
    await town.accepted()
    (issue,) = town.pulls()
    assert issue.pull is not None
    assert not issue.pull.draft
    assert any("not marked as a draft" in notice for notice in town.notices())


async def test_nothing_that_a_voter_said_leaves_the_channel(town: Town) -> None:
    await town.accepted()
    (issue,) = town.pulls()
    assert issue.pull is not None
    commit = town.repo.objects.commit(issue.pull.head_sha)
    assert commit is not None
    outgoing = repr([seen.body for seen in town.hub.seen]) + issue.body + commit.message.decode()
    assert "says so" not in outgoing
    assert "Kind and thorough" not in outgoing
    assert [login for login in logins()[1:] if login in issue.body + commit.message.decode()] == []


async def test_an_outage_while_it_is_drafted_leaves_one_draft(town: Town) -> None:
    """F26, F28: what was done and not answered is found."""
    town.hub.faults += [Fault("lost", "POST .*/git/refs"), Fault("502", "POST .*/pulls")]
    await town.accepted()
    for _ in range(6):
        town.clock.move(timedelta(minutes=10))
        await town.service.settle()
    assert len(town.pulls()) == 1


async def test_everyone_is_known_by_their_numeric_id(town: Town) -> None:
    await town.ask(logins()[0], NOMINATION)
    person = town.service.ledger.reader().directory().by_login(logins()[0])
    user = town.hub.find(logins()[0])
    assert person is not None
    assert user is not None
    assert person.forge_id == f"github:{user.id}"


async def test_a_stolen_login_opens_no_vote(town: Town) -> None:
    """T3."""
    await town.ask(logins()[0], NOMINATION)
    town.hub.rename(logins()[3], "renamed")
    town.hub.register(logins()[3])
    await town.ask(logins()[0], "withdraw 1 made in error")
    town.machine.move(601)  # as long as an answer about an account is believed
    said = await town.ask(logins()[0], NOMINATION)
    assert "is another account now" in said
    assert "@renamed" in said
