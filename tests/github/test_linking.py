"""Links made by GitHub's device flow (T4, T5): told, held, undone in one click; other sources go first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.github.device import GitHubDeviceFlow
from bot.core.cards import Notice
from bot.core.people import PlatformUser
from bot.core.plain import plain_card
from bot.linking import AT_ONCE
from bot.ports import DeviceCode, ForgeError, Inbound, Pressed, Typed
from storage.memory import MemoryLedger
from tests.fakes.github.state import DeviceCode as Code
from tests.github.council import CHANNEL, Council

SLACK = PlatformUser(platform="slack", team="T01", user="U02")


class Gate:
    """Sleeps until it is let through, and moves the clock by what was slept."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self.council: Council | None = None
        self._waiting: asyncio.Queue[asyncio.Future[None]] = asyncio.Queue()

    async def sleep(self, seconds: float) -> None:
        self.asked.append(seconds)
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        await self._waiting.put(future)
        await future

    async def open(self) -> None:
        """Let the one that waits go on, and wait until it waits again, or has ended."""
        assert self.council is not None
        future = await self._waiting.get()
        self.council.hub.time.move(self.asked[-1])
        future.set_result(None)
        ended = asyncio.ensure_future(self.council.service.linking.rested())
        again = asyncio.ensure_future(self._peek())
        await asyncio.wait({ended, again}, return_when=asyncio.FIRST_COMPLETED)
        again.cancel()

    async def _peek(self) -> None:
        found = await self._waiting.get()
        await self._waiting.put(found)


class Lab:
    def __init__(self, folder: Path) -> None:
        self.gate = Gate()
        self.council = Council(folder, sleep=self.gate.sleep, client_id="Iv1.abc")
        self.gate.council = self.council
        self._count = 0

    async def asks(self, words: str | Pressed, who: PlatformUser = SLACK, *, channel: str = CHANNEL) -> str:
        self._count += 1
        act = Typed(text=words) if isinstance(words, str) else words
        inbound = Inbound(
            request=f"slack:{self._count}", who=who, channel=channel, act=act, acted_at=self.council.clock.now()
        )
        answer = plain_card(await self.council.service.desk.ask(inbound))
        await self.council.service.settle()
        return answer

    @property
    def code(self) -> Code:
        return next(iter(self.council.hub.device_codes.values()))

    async def link(self, login: str, who: PlatformUser = SLACK) -> None:
        """The whole flow."""
        await self.asks("link", who)
        self.council.hub.approve(self.code.user_code, login)
        await self.gate.open()
        await self.council.service.settle()

    def told(self) -> list[str]:
        return [plain_card(card) for card in self.council.room.cards() if isinstance(card, Notice)]


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[Lab]:
    made = Lab(tmp_path)
    await made.council.settle()
    yield made
    await made.council.service.linking.stop()
    assert made.council.hub.violations == []


async def test_t4_a_member_proves_on_github_whose_account_it_is(lab: Lab) -> None:
    page = await lab.council.dispute()
    assert "do not know which forge account" in await lab.asks("yes 1")
    answer = await lab.asks("link")
    assert lab.code.user_code in answer
    assert "Only a code that you have asked for yourself" in answer
    assert lab.code.device_code not in answer
    await lab.gate.open()
    assert lab.council.service.ledger.reader().directory().by_account(SLACK.key) is None
    lab.council.hub.approve(lab.code.user_code, "ada")
    await lab.gate.open()
    await lab.council.service.settle()
    found = lab.council.service.ledger.reader().directory().by_account(SLACK.key)
    assert found is not None
    assert found.login == "ada"
    assert f"github:{lab.council.hub.user('ada').id}" == found.forge_id
    assert page.number


async def test_t5_a_link_is_told_and_held_before_it_votes_or_is_told_anything(lab: Lab) -> None:
    await lab.council.dispute()
    await lab.link("ada")
    (told,) = lab.told()
    assert "slack:T01/U02 is linked to @ada" in told
    assert "[Undo this link]" in told
    assert "acts for you from" in await lab.asks("yes 1")
    assert lab.council.choices() == {}
    lab.council.hub.time.move(24 * 3600 - 60)
    assert "acts for you from" in await lab.asks("yes 1")
    lab.council.hub.time.move(120)
    assert "Recorded: yes" in await lab.asks("yes 1")
    assert lab.council.choices() == {"ada": "yes"}


async def test_t5_what_is_private_is_not_shown_to_an_account_that_is_held(lab: Lab) -> None:
    await lab.link("bob")
    await lab.council.ask("ada", "contact @eve")
    assert "there is no motion of that number" in (await lab.asks("status 1", channel="")).casefold()
    assert "eve" not in await lab.asks("list", channel="")
    lab.council.hub.time.move(25 * 3600)
    assert "eve" in await lab.asks("status 1", channel="")


@pytest.mark.parametrize("by", ["ada", "bob"])
async def test_t5_a_link_is_undone_in_one_click_by_the_person_or_a_maintainer(lab: Lab, by: str) -> None:
    await lab.link("ada")
    key = next(key for key in _keys(lab.council) if key.startswith("linked:"))
    member = lab.council.room.member(by)
    assert member is not None
    answer = await lab.asks(Pressed(verb="unlink", motion=0, key=key), member.account)
    assert "the link is undone" in answer
    directory = lab.council.service.ledger.reader().directory()
    assert directory.by_account(SLACK.key) is None
    assert f"undone by @{by}" in lab.told()[-1]
    assert "no link was made" in await lab.asks(Pressed(verb="unlink", motion=0, key=key), member.account)


async def test_t5_an_account_that_is_held_undoes_its_own_link_and_no_other(lab: Lab) -> None:
    other = PlatformUser(platform="slack", team="T01", user="U07")
    await lab.link("ada")
    lab.council.hub.time.move(25 * 3600)
    await lab.link("ada", other)
    await lab.link("bob", PlatformUser(platform="slack", team="T01", user="U08"))
    first, _, bobs = _keys(lab.council)
    for words in (
        "unlink @bob",
        Pressed(verb="unlink", motion=0, key=first),
        Pressed(verb="unlink", motion=0, key=bobs),
    ):
        assert "only the person, or a maintainer" in await lab.asks(words, other)
    assert "the link is undone" in await lab.asks("unlink", other)
    directory = lab.council.service.ledger.reader().directory()
    assert [directory.by_account(who.key) is None for who in (SLACK, other)] == [False, True]


async def test_outsiders_undo_no_links_and_configured_ones_are_changed_where_they_stand(lab: Lab) -> None:
    await lab.link("ada")
    outsider, bob = (lab.council.room.member(name) for name in ("outsider", "bob"))
    assert outsider is not None
    assert bob is not None
    assert "only the person, or a maintainer" in await lab.asks("unlink @ada", outsider.account)
    assert "no link was made with a code" in await lab.asks("unlink", bob.account)
    assert "says already whose account this is" in await lab.asks("link", bob.account)
    assert "the link is undone" in await lab.asks("unlink @ada", bob.account)


@pytest.mark.parametrize(("how", "said"), [("denied", "you declined"), ("expired", "not typed in time")])
async def test_a_flow_that_ends_otherwise_links_nothing(lab: Lab, how: str, said: str) -> None:
    newcomer = PlatformUser(platform="playground", team="", user="guest")
    await lab.asks("link", newcomer)
    if how == "denied":
        lab.council.hub.deny(lab.code.user_code)
        await lab.gate.open()
    while lab.council.service.linking._running:
        await lab.gate.open()
    assert lab.council.service.ledger.reader().directory().by_account(newcomer.key) is None
    assert lab.told() == []
    assert sum(lab.gate.asked) <= 900
    assert said


async def test_github_is_asked_no_faster_than_it_wants(lab: Lab) -> None:
    await lab.asks("link")
    lab.code.interval = 8
    lab.code.asked = lab.council.clock.now()
    await lab.gate.open()
    await lab.gate.open()
    assert lab.gate.asked[:3] == [5, 10, 10]


async def test_an_account_has_one_code_at_a_time_and_the_number_of_codes_is_bounded(lab: Lab) -> None:
    assert await lab.asks("link") == await lab.asks("link")
    assert len(lab.council.hub.device_codes) == 1
    for number in range(AT_ONCE - 1):
        await lab.asks("link", PlatformUser(platform="slack", team="T01", user=f"U{number + 10}"))
    assert "too many codes" in await lab.asks("link", PlatformUser(platform="slack", team="T01", user="U99"))


async def test_t3_a_login_that_is_recorded_for_another_account_is_not_linked(lab: Lab) -> None:
    await lab.council.dispute()
    lab.council.hub.rename("ada", "ada-l")
    lab.council.hub.register("ada")
    await lab.link("ada")
    assert lab.council.service.ledger.reader().directory().by_account(SLACK.key) is None
    assert lab.told() == []


async def test_without_a_client_id_there_is_no_flow(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    lab.council = Council(tmp_path)
    assert "takes no codes" in await lab.asks("link")


async def test_the_token_of_the_proof_is_kept_nowhere(lab: Lab) -> None:
    await lab.link("ada")
    token = next(value for value in lab.council.hub.tokens if value.startswith("ghu_"))
    assert isinstance(lab.council.ledger, MemoryLedger)
    assert token not in repr(lab.council.ledger.reader().events(0))
    code = DeviceCode(user_code="A", url="https://x", interval=5, lifetime=900, secret="hush")
    assert "hush" not in repr(code)
    with pytest.raises(ForgeError):
        await GitHubDeviceFlow(client_id="x", web_url="http://127.0.0.1:9", api_url="http://127.0.0.1:9").begin()


def _keys(council: Council) -> list[str]:
    """The keys of what was posted, by the place of the event that they tell of."""
    seqs = range(1, len(council.ledger.reader().events(0)) + 50)
    return [key for n in seqs for key in (f"linked:{n}:{CHANNEL}",) if council.ledger.row(key) is not None]
