"""Health, metrics and upkeep of a bot that really runs: over HTTP, on a ledger in a file."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from adapters.health.server import HealthSite
from adapters.localgit.sample import create_sample
from bot.clocks import CountingIds, ManualClock
from bot.config import Config, General, HealthTable
from bot.core.plain import plain_card
from bot.ports import Inbound, Pressed, Typed
from bot.readiness import Health, Vitals
from bot.upkeep import Findings, Upkeep
from bot.wiring import Instance, build, verify
from bot.wiring.watching import open_health, upkeep_of
from storage.sqlite import SqliteLedger
from tests.world import CHANNEL, NOMINATION, START, config_of, logins


@dataclass(frozen=True, slots=True)
class Running:
    """A bot with everything that watches it."""

    instance: Instance
    ledger: SqliteLedger
    upkeep: Upkeep
    site: HealthSite
    clock: ManualClock

    async def get(self, path: str) -> tuple[int, str]:
        async with aiohttp.ClientSession() as client, client.get(self.site.url + path) as answer:
            return answer.status, await answer.text()

    async def why(self, path: str = "/readyz") -> list[str]:
        status, text = await self.get(path)
        found = json.loads(text)
        assert (status == 200) == (found["why"] == [])
        assert found["ready" if path == "/readyz" else "alive"] is (status == 200)
        return list(found["why"])

    async def value(self, name: str) -> float | None:
        _, text = await self.get("/metrics")
        lines = [line for line in text.splitlines() if line.startswith(f"folkmoot_{name} ")]
        return float(lines[0].split()[1]) if lines else None

    async def ask(self, login: str, act: Typed | Pressed) -> str:
        room = self.instance.room
        member = room.member(login) if room is not None else None
        assert member is not None
        inbound = Inbound(
            request=f"{login}:{act}", who=member.account, channel=CHANNEL, act=act, acted_at=self.clock.now()
        )
        card = await self.instance.service.desk.ask(inbound)
        return plain_card(card)


def configured(folder: Path, *, retention: str) -> Config:
    base, general = config_of(folder), General(ledger="ledger.sqlite3", retention=retention)
    return base.model_copy(update={"folkmoot": general, "health": HealthTable(listen="127.0.0.1:0")})


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    create_sample(tmp_path / "distribution.git", at=START)
    config, clock = configured(tmp_path, retention="90 days"), ManualClock(START)
    vitals = Vitals(clock)
    instance = await build(config, clock=clock, ids=CountingIds(), meter=vitals)
    ledger, upkeep = instance.service.ledger, upkeep_of(config, instance, clock)
    assert isinstance(ledger, SqliteLedger)
    assert upkeep is not None
    site = await open_health(config, instance, upkeep, vitals, clock)
    await instance.service.start()
    yield Running(instance, ledger, upkeep, site, clock)
    await site.close()
    await instance.close()


async def test_a_bot_that_is_well_is_alive_and_ready(running: Running) -> None:
    assert await running.why("/livez") == []
    assert await running.why() == []
    assert (await running.get("/"))[0] == 404


async def test_t44_metrics_count_what_happens_and_name_nobody(running: Running) -> None:
    assert (await running.ask(logins()[0], Typed(text=NOMINATION))).startswith("✓")
    for login in logins()[:5]:
        await running.ask(login, Pressed(verb="yes", motion=1))
    await running.instance.service.settle()
    _, text = await running.get("/metrics")
    assert await running.value("motions_open") == 1
    assert await running.value("outbox_pending") == 0
    assert await running.value("closes_overdue") == 0
    assert 'folkmoot_ack_seconds_count{recorded="yes"} 6.0' in text
    assert 'folkmoot_deliveries_total{platform="playground"}' in text
    assert (await running.value("chain_events") or 0) > 10
    assert 'folkmoot_commit_seconds_bucket{le="1.0",stored="yes"}' in text
    for person in (*logins(), "newperson", "outsider", "Kind and thorough", "distribution"):
        assert person not in text


async def test_f33_a_channel_that_takes_no_posts_makes_it_not_ready_and_is_counted_and_named(running: Running) -> None:
    outbox = running.instance.service.outbox
    await outbox.shut(CHANNEL, "it is archived")
    assert await running.why() == [f"{CHANNEL} takes no posts: it is archived"]
    assert await running.value('places_shut{platform="playground"}') == 1
    assert await running.value('places_paused{platform="playground"}') == 1
    await outbox.opened(CHANNEL)
    assert await running.why() == []
    assert await running.value('places_shut{platform="playground"}') is None


async def test_f7_a_ledger_that_cannot_be_written_makes_it_not_ready_and_is_named(running: Running) -> None:
    await running.ask(logins()[0], Typed(text=NOMINATION))
    conn = running.ledger._writer._conn
    conn.execute("PRAGMA query_only = ON")
    (reason,) = await running.why()
    assert str(running.ledger.path) in reason
    assert "the file is read-only" in reason
    assert "Not recorded" in await running.ask(logins()[1], Pressed(verb="yes", motion=1))
    conn.execute("PRAGMA query_only = OFF")
    (recent,) = await running.why()
    assert "something could not be recorded 0 seconds ago" in recent
    assert await running.why("/livez") == []
    running.clock.move(timedelta(seconds=61))
    assert await running.why() == []
    assert "Recorded" in await running.ask(logins()[2], Pressed(verb="yes", motion=1))


async def test_f6_a_disk_that_is_nearly_full_makes_it_not_ready(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.readiness.LITTLE_SPACE", 1 << 62)
    (reason,) = await running.why()
    assert f"{running.ledger.path.parent}: only " in reason


async def test_a_count_that_is_not_made_in_time_makes_it_not_ready(running: Running) -> None:
    await running.ask(logins()[0], Typed(text=NOMINATION))
    await running.instance.service.settle()
    due = running.instance.service.alarm.next_due()
    assert due is not None
    running.clock.move(timedelta(days=30))
    assert await running.why() == ["not counted in time: motion 1"]
    assert await running.value("closes_overdue") == 1
    await running.instance.service.settle()
    assert await running.why() == []


async def test_an_outbox_that_has_ended_is_no_life(running: Running) -> None:
    task = running.instance.service._running
    assert task is not None
    task.cancel()
    await running.instance.service.outbox.drain()
    assert await running.why("/livez") == ["the outbox has ended"]


async def test_f8_the_whole_check_runs_beside_the_bot_and_what_it_finds_is_told(running: Running) -> None:
    await running.ask(logins()[0], Typed(text=NOMINATION))
    assert await running.value("verification_ok") is None
    await running.upkeep.once()
    assert running.upkeep.last is not None
    assert running.upkeep.last.ok
    assert running.upkeep.last.head == running.ledger.head()
    assert await running.value("verification_ok") == 1
    with sqlite3.connect(running.ledger.path) as conn:
        conn.execute(
            "UPDATE events SET body = replace(body, '\"months\":7', '\"months\":8') WHERE type = 'MotionOpened'"
        )
    conn.close()
    await running.upkeep.once()
    assert await running.value("verification_ok") == 0
    (reason,) = await running.why()
    assert reason.startswith("the ledger does not verify: events ")


async def test_t45_tables_that_were_edited_beside_the_chain_are_told_soon_after_and_name_nobody(
    running: Running,
) -> None:
    await running.ask(logins()[0], Typed(text=NOMINATION))
    await running.instance.service.settle()
    with sqlite3.connect(running.ledger.path) as conn:
        conn.execute("INSERT INTO accounts (account, person) SELECT 'slack:T01/U66', person FROM people LIMIT 1")
        conn.execute("UPDATE docket SET ended = 1, stage = 'withdrawn'")
    conn.close()
    await running.upkeep.once()
    (reason,) = await running.why()
    assert reason == "the ledger does not verify: accounts, docket (folkmoot verify names the rows)"


async def test_a_whole_check_that_takes_long_shows_for_how_long_and_nothing_ends_it(running: Running) -> None:
    begun, gate = asyncio.Event(), asyncio.Event()

    async def check() -> Findings:
        begun.set()
        await gate.wait()
        return Findings(events=1, head="ab", problems=())

    upkeep, vitals = Upkeep(clock=running.clock, check=check), Vitals(running.clock)
    health = Health(
        service=running.instance.service,
        ledger=running.ledger,
        connections=running.instance.connections,
        upkeep=upkeep,
        vitals=vitals,
        clock=running.clock,
    )
    checking = asyncio.create_task(upkeep.once())
    await begun.wait()
    running.clock.move(timedelta(hours=5))
    first, second = shown(await health.metrics()), shown(await health.metrics())
    assert 0 < first["verification_running_seconds"] < second["verification_running_seconds"]
    assert "verification_ok" not in second
    assert await health.ready() == []
    gate.set()
    await checking
    after = shown(await health.metrics())
    assert (after["verification_running_seconds"], after["verification_ok"]) == (0, 1)
    assert after["verification_seconds"] > 0
    assert after["verification_timestamp_seconds"] == running.clock.now().timestamp()


async def test_a_check_that_could_not_be_made_is_not_under_way_any_more(running: Running) -> None:
    async def check() -> Findings:
        raise OSError("no process")

    upkeep = Upkeep(clock=running.clock, check=check)
    await upkeep.once()
    assert (upkeep.running, upkeep.last) == (0, None)


def shown(metrics: bytes) -> dict[str, float]:
    """The values without labels, by name."""
    lines = [line.split() for line in metrics.decode().splitlines() if line.startswith("folkmoot_") and "{" not in line]
    return {name.removeprefix("folkmoot_"): float(value) for name, value in lines}


async def test_t49_retention_erases_the_texts_of_old_motions_and_nothing_else(running: Running) -> None:
    service = running.instance.service
    await running.ask(logins()[0], Typed(text=NOMINATION))
    await running.ask(logins()[1], Typed(text="no 1 Rather not."))
    await service.settle()
    assert (await running.ask(logins()[2], Typed(text="withdraw 1 Too early."))).startswith("✓")
    await running.ask(logins()[3], Typed(text="second 1"))
    await service.settle()
    running.clock.move(timedelta(days=80))
    await running.ask(logins()[0], Typed(text=NOMINATION.replace("newperson", "outsider").replace("Kind", "Also kind")))
    await service.settle()
    await running.upkeep.once()
    assert "Rather not." in dump(running)
    running.clock.move(timedelta(days=11))
    assert service.ledger.reader().motion(1) is not None
    await running.upkeep.once()
    await running.upkeep.once()
    left = dump(running)
    assert "Rather not." not in left
    assert "Kind and thorough" not in left
    assert "Too early." not in left
    assert "Also kind" in left
    assert all(login in left for login in logins())
    motion = service.ledger.reader().motion(1)
    assert motion is not None
    assert str(motion.text) == "(erased)"
    assert motion.ended
    assert verify(running.ledger.path).problems == ()
    assert running.ledger.forget(running.clock.now() - timedelta(days=90)) == 0


async def test_f14_a_clock_that_ran_ahead_for_a_while_erases_nothing(running: Running) -> None:
    await running.ask(logins()[0], Typed(text=NOMINATION))
    await running.ask(logins()[0], Typed(text="withdraw 1 Too early."))
    await running.instance.service.settle()
    for days in (400, -400, 400):
        running.clock.move(timedelta(days=days))
        await running.upkeep.once()
    assert "Kind and thorough" in dump(running)


def dump(running: Running) -> str:
    conn = sqlite3.connect(running.ledger.path)
    try:
        return "\n".join(conn.iterdump())
    finally:
        conn.close()


@pytest.mark.parametrize("text", ["1 day", "29 days", "0 years", "two years", "5 weeks", "24months"])
def test_a_retention_that_is_none_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is no time to keep texts"):
        General(retention=text)
    assert General(retention="24 months").retention == "24 months"
