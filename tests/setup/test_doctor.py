"""`folkmoot doctor`: everything that a vote needs, each broken part with its fix, and never a secret."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from dulwich.refs import Ref
from dulwich.repo import Repo

from adapters.machine import date_of
from bot import config as configs
from bot.doctor import examined
from bot.health import outside, records, secrecy
from bot.health.probing import Probe, ok, run
from bot.ports import Finding, PlatformError
from storage.sqlite import SqliteLedger
from tests.adapters.github_workshop import GitHubTokenWorkshop, GitHubWorkshop
from tests.contract.test_forge import OLD
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.server import BOT_ROLE, GUILD
from tests.fakes.discord.server import TOKEN as DISCORD_TOKEN
from tests.fakes.slack.server import APP_TOKEN, BOT_TOKEN, FakeSlack
from tests.setup.place import PLAIN, SLACK, people, place
from tests.world import World

ROOT = Path(__file__).parents[2]


async def looked(file: Path, **more: Any) -> list[dict[str, str]]:
    """The findings; every one that is not well comes with its fix, and the exit code follows the marks."""
    report = await examined(file, **more)
    findings: list[dict[str, str]] = report.data["findings"]
    assert all(each["remedy"] for each in findings if each["mark"] != "ok"), findings
    assert report.good == all(each["mark"] != "wrong" for each in findings)
    return findings


def marks(findings: Sequence[dict[str, str]], words: str) -> list[str]:
    return [each["mark"] for each in findings if words in f"{each['topic']}: {each['what']}"]


async def test_a_new_place_is_well_before_its_first_start(tmp_path: Path) -> None:
    findings = await looked(place(tmp_path))
    assert {each["mark"] for each in findings} == {"ok"}
    assert marks(findings, "12 maintainers, 4 reviewers") == ["ok"]
    assert marks(findings, "12 of 12 maintainers linked") == ["ok"]


def test_the_command_prints_marks_and_fixes_and_ends_with_1(tmp_path: Path) -> None:
    file = place(tmp_path, PLAIN.replace("distribution.git", "nowhere.git"))
    words = [sys.executable, "-m", "bot", "doctor", "--config", str(file)]
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, timeout=120, check=False)
    assert done.returncode == 1
    assert "✗ distribution, rights: there is no git repository at the configured path.\n    → Correct" in done.stdout
    assert "✓ disk: " in done.stdout
    assert done.stderr == ""


async def test_a_broken_configuration_hides_nothing_else(tmp_path: Path) -> None:
    file = place(tmp_path, PLAIN + '\n[[person]]\nlogin = "ada"\nslack = "ada"\n[folkmoot]\nlog = "loud"\n')
    findings = await looked(file)
    assert marks(findings, 'config.toml:13: person.0.slack: "ada" is no Slack account') == ["wrong"]
    assert marks(findings, "config.toml:15: folkmoot.log") == ["wrong"]
    assert marks(findings, "12 maintainers, 4 reviewers") == ["ok"]


@pytest.mark.parametrize(("text", "said"), [(None, "there is no such file"), ("[[repository", "is no TOML")])
async def test_without_a_configuration_nothing_else_is_called_well(tmp_path: Path, text: str | None, said: str) -> None:
    file = tmp_path / "none.toml"
    if text is not None:
        file.write_text(text)
    report = await examined(file)
    assert [each["mark"] for each in report.data["findings"]] == ["wrong"]
    assert said in report.data["findings"][0]["what"]
    assert "Nothing else can be looked at without it." in report.text
    assert "1 to mend, 0 to look at, 0 well." in report.text


async def test_a_secret_that_is_missing_is_missing_once(tmp_path: Path) -> None:
    findings = await looked(place(tmp_path, SLACK.format(api="http://127.0.0.1:9/", repository="")))
    assert marks(findings, "SLACK_BOT_TOKEN is not set") == ["wrong"]
    assert marks(findings, "SLACK_APP_TOKEN is not set") == ["wrong"]


async def test_secrets_that_were_mixed_up_are_found_before_anybody_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", APP_TOKEN)
    monkeypatch.setenv("SLACK_APP_TOKEN", BOT_TOKEN)
    findings = await looked(place(tmp_path, SLACK.format(api="http://127.0.0.1:9/", repository="")))
    assert marks(findings, "SLACK_BOT_TOKEN begins with xapp-, as another secret does") == ["wrong"]
    assert marks(findings, "SLACK_APP_TOKEN begins with xoxb-, as another secret does") == ["wrong"]


async def test_a_configuration_that_others_can_change_is_told(tmp_path: Path) -> None:
    file = place(tmp_path)
    file.chmod(0o664)
    assert marks(await looked(file), "its group can change it") == ["warning"]
    file.chmod(0o646)
    assert marks(await looked(file), "everybody on this machine can change it") == ["wrong"]


# --------------------------------------------------------------------------- probes


async def test_one_check_that_fails_or_hangs_hides_no_other() -> None:
    async def hangs() -> Sequence[Finding]:
        await asyncio.Event().wait()
        return []

    async def breaks() -> Sequence[Finding]:
        raise ZeroDivisionError("xoxb-canary-in-a-message")

    async def refuses() -> Sequence[Finding]:
        raise PlatformError("it says no")

    async def works() -> Sequence[Finding]:
        return [ok("well")]

    probes = [Probe(topic=look.__name__, look=look) for look in (hangs, breaks, refuses, works)]
    lines = await run(probes, seconds=0.05)
    assert [(line.topic, line.finding.mark) for line in lines] == [
        *(("hangs", "wrong"), ("breaks", "wrong"), ("refuses", "wrong"), ("works", "ok"))
    ]
    assert "No answer within 0.05 seconds" in lines[0].finding.what
    assert lines[1].finding.what == "This could not be looked at: ZeroDivisionError"


# --------------------------------------------------------------------------- secrets


def config_with(tmp_path: Path, more: str) -> Path:
    return place(tmp_path, PLAIN.replace("[playground]", "[playground]\nallow-beside-real = true") + more)


async def test_the_modes_of_secrets_files_are_looked_at(tmp_path: Path) -> None:
    file = config_with(tmp_path, '[discord]\nenabled = true\ntoken-file = "token"\n')
    config = configs.load(file)
    missing = f"DISCORD_TOKEN cannot be read from {tmp_path / 'token'} (No such file or directory)"
    assert [each.what for each in secrecy.look(config)] == [missing]
    (tmp_path / "token").write_text("a-token-of-mine")
    for mode, mark in ((0o600, "ok"), (0o644, "warning"), (0o666, "wrong")):
        (tmp_path / "token").chmod(mode)
        assert [each.mark for each in secrecy.look(config)] == [mark], oct(mode)


async def test_no_secret_is_ever_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    canaries = {
        "SLACK_BOT_TOKEN": "xoxb-canary-111111",
        "SLACK_APP_TOKEN": "xapp-canary-222222",
        "DISCORD_TOKEN": "canary-discord-333333",
        "GITHUB_TOKEN": "canary-github-444444",
        "GITHUB_WEBHOOK_SECRET": "canary-hook-555555",
    }
    for name, value in canaries.items():
        monkeypatch.setenv(name, value)
    text = PLAIN.replace("[playground]\nenabled = true", "") + (
        '[[repository]]\nname = "hub"\nforge = "github"\npath = "o/n"\nchannels = ["slack:C01", "discord:1/2"]\n'
        '[slack]\nenabled = true\napi-url = "http://127.0.0.1:9/"\n'
        '[discord]\nenabled = true\napi-url = "http://127.0.0.1:9/"\ngateway-url = "ws://127.0.0.1:9/"\n'
        '[github]\napi-url = "http://127.0.0.1:9"\nwebhook-listen = "127.0.0.1:0"\n'
        '[playground]\nenabled = true\nallow-beside-real = true\n[site]\nprivate-calendar-token-file = "cal"\n'
    )
    (tmp_path / "cal").write_text("canary-calendar-666666\n")

    async def tells(*_: object) -> Sequence[Finding]:
        return [Finding(mark="wrong", what=f"refused: {' '.join(canaries.values())}", remedy="canary-calendar-666666")]

    monkeypatch.setattr(outside, "policy", tells)
    file = place(tmp_path, text)
    report = await examined(file, seconds=5)
    assert "refused: … … … … …" in report.text
    assert "canary" not in report.text + json.dumps(report.data)
    other = {
        "Authorization": "Bearer abcdefghijkl",
        "key": "-----BEGIN RSA PRIVATE KEY-----\nabc\n",
        "t": "ghp_" + 20 * "a",
    }
    assert not any(part in secrecy.without(str(other), []) for part in ("abc", "aaaa"))


# --------------------------------------------------------------------------- the ledger


async def test_an_overdue_close_and_what_waits_are_told_until_a_bot_runs(tmp_path: Path) -> None:
    file = place(tmp_path)
    with closing_ledger(tmp_path) as ledger:
        world = await World.make(tmp_path / "world", ledger=ledger)
        await world.nominate()
        assert marks(await looked(file), "The bot runs (process") == ["ok"]
        late = await asyncio.to_thread(records.closes, ledger.path, datetime(2099, 1, 1, tzinfo=UTC))
        assert [each.what for each in late] == ["Motion 1 should have closed at 2026-03-10T00:00:00Z"]
        assert "look into its log" in late[0].remedy
        await world.instance.close()
    findings = await looked(file)
    assert marks(findings, "Motion 1 should have closed at") == ["wrong"]
    assert any("folkmoot serve" in each["remedy"] for each in findings if "Motion 1" in each["what"])


async def test_a_changed_event_is_found_and_the_other_checks_go_on(tmp_path: Path) -> None:
    file = place(tmp_path)
    with closing_ledger(tmp_path) as ledger:
        world = await World.make(tmp_path / "world", ledger=ledger)
        await world.nominate()
        await world.instance.close()
    good = await looked(file, complete=True)
    assert marks(good, "chain, texts, results and projections agree") == ["ok"]
    with closing(sqlite3.connect(tmp_path / "folkmoot.sqlite3")) as conn, conn:
        conn.execute("UPDATE events SET body = body || ' ' WHERE seq = (SELECT max(seq) FROM events)")
    for complete in (False, True):
        findings = await looked(file, complete=complete)
        assert "wrong" in marks(findings, "chain: ")
        assert marks(findings, "12 maintainers, 4 reviewers") == ["ok"]


async def test_a_delivery_that_was_given_up_is_told(tmp_path: Path) -> None:
    place(tmp_path)
    with closing_ledger(tmp_path) as ledger:
        world = await World.make(tmp_path / "world", ledger=ledger)
        await world.nominate()
        await world.instance.close()
    path = tmp_path / "folkmoot.sqlite3"
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("UPDATE outbox SET state = 'parked', attempts = 7, error = 'is_archived' WHERE id = 1")
        conn.execute("UPDATE outbox SET state = 'pending', attempts = 2, error = 'busy' WHERE id = 2")
    said = [(each.mark, each.what) for each in records.deliveries(path, datetime.now(UTC))]
    assert [mark for mark, _ in said][:2] == ["wrong", "warning"]
    assert "is_archived" in said[0][1]


def closing_ledger(tmp_path: Path) -> closing[SqliteLedger]:
    from bot.clocks import SystemClock

    return closing(SqliteLedger(tmp_path / "folkmoot.sqlite3", clock=SystemClock()))


async def test_a_ledger_that_others_can_read_and_a_folder_that_is_gone_are_told(tmp_path: Path) -> None:
    ledger = tmp_path / "folkmoot.sqlite3"
    ledger.touch(0o644)
    assert "warning" in [each.mark for each in records.disk(ledger)]
    assert [each.mark for each in records.disk(tmp_path / "gone" / "x.sqlite3")] == ["wrong"]


def test_scarce_room_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for free, mark in ((10 << 20, "wrong"), (500 << 20, "warning"), (5 << 30, "ok")):
        monkeypatch.setattr("shutil.disk_usage", lambda _, free=free: SimpleNamespace(free=free))
        assert records.disk(tmp_path / "l.sqlite3")[0].mark == mark


async def test_a_branch_of_another_ledger_is_told_before_the_bot_refuses_to_start(tmp_path: Path) -> None:
    file = place(tmp_path)
    assert marks(await looked(file), "Nothing was published that the ledger has not got") == ["ok"]
    with Repo(str(tmp_path / "distribution.git")) as repo:
        repo.refs[Ref(b"refs/heads/folkmoot/1-abcdef")] = repo.refs[Ref(b"refs/heads/main")]
    findings = await looked(file)
    assert marks(findings, "folkmoot/1-abcdef of distribution.git is of a motion in another ledger") == ["wrong"]
    assert any("delete the demo's branch" in each["remedy"] for each in findings)


# --------------------------------------------------------------------------- clocks


@pytest.mark.parametrize(("seconds", "mark"), [(0, "ok"), (12, "warning"), (-90, "wrong")])
async def test_a_clock_that_is_off_is_told(seconds: int, mark: str) -> None:
    async def answer(_: web.Request) -> web.Response:
        there = datetime.now(UTC) - timedelta(seconds=seconds)
        return web.Response(headers={"Date": there.strftime("%a, %d %b %Y %H:%M:%S GMT")}, status=404)

    app = web.Application()
    app.router.add_route("*", "/", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    (found,) = await outside.clock("Slack", url, seconds=10)
    assert found.mark == mark
    await runner.cleanup()
    with pytest.raises(OSError, match="does not answer"):
        await date_of(url, now=lambda: datetime.now(UTC), seconds=10)


# --------------------------------------------------------------------------- platforms


async def test_slack_is_looked_at_with_scopes_channels_and_who_reads_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", BOT_TOKEN)
    monkeypatch.setenv("SLACK_APP_TOKEN", APP_TOKEN)
    fake = FakeSlack()
    await fake.start()
    fake.space.add_channel("C0001", "maintainers", members=("U0001", "U0002", "U0099"), private=False)
    for number in (1, 2, 99):
        fake.space.add_user(f"U{number:04}", f"user{number}")
    fake.scopes = fake.scopes.replace("reactions:read,", "") + ",admin"
    file = place(tmp_path, SLACK.format(api=fake.api_url, repository="") + people(2))
    findings = await looked(file)
    assert marks(findings, "clock: This machine's clock agrees with Slack's") == ["ok"]
    assert marks(findings, "The scope reactions:read is missing") == ["wrong"]
    assert marks(findings, "scopes that it does not use: admin") == ["warning"]
    assert marks(findings, "is public: candidacies are refused there") == ["warning"]
    assert marks(findings, "1 in slack:C0001 are no linked maintainers and read along: U0099") == ["warning"]
    assert marks(findings, "2 of 12 maintainers linked on Slack") == ["warning"]
    fake.space.channels["C0001"].members -= {"B0001", "UBOT", *[u for u, each in fake.space.users.items() if each.bot]}
    assert marks(await looked(file), "The bot is not in") == ["wrong"]
    fake.revoked = "token_revoked"
    assert marks(await looked(file), "Slack does not accept SLACK_BOT_TOKEN (token_revoked)") == ["wrong"]
    await fake.stop()
    assert fake.api.problems == []
    silent = await looked(file, seconds=10)
    assert marks(silent, "clock: ") == ["wrong"]
    assert marks(silent, "12 maintainers, 4 reviewers") == ["ok"]


async def test_discord_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", DISCORD_TOKEN)
    fake = await FakeDiscord().start()
    text = PLAIN.replace("playground:maintainers", "discord:100/200").partition("[playground]")[0]
    urls = f'api-url = "{fake.api_url}"\ngateway-url = "{fake.gateway_url}"\n'
    file = place(tmp_path, f"{text}{people(12, 'discord')}\n[discord]\nenabled = true\n{urls}")
    findings = await looked(file)
    assert {each["mark"] for each in findings if each["topic"] == "discord"} == {"ok"}
    assert marks(findings, "12 of 12 maintainers linked on Discord") == ["ok"]
    fake.guilds[GUILD].roles[GUILD + BOT_ROLE].permissions = 0
    assert "wrong" in marks(await looked(file), "discord: ")
    await fake.stop()


async def test_the_rights_on_github_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = GitHubTokenWorkshop(tmp_path)
    shop.put({"MAINTAINERS": OLD})
    monkeypatch.setenv("GITHUB_TOKEN", shop.token)
    shop.hub.tokens[shop.token].permissions["contents"] = "read"
    text = PLAIN.replace('"localgit"', '"github"').replace("distribution.git", shop.repo.full_name)
    findings = await looked(place(tmp_path, f'{text}\n[github]\napi-url = "{shop.url}"\n'))
    assert marks(findings, "distribution, rights: The bot lacks contents: write") == ["wrong"]
    assert shop.hub.violations == []


async def test_the_rights_of_an_app_are_held_to_what_the_configuration_wants(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = GitHubWorkshop(tmp_path)
    shop.put({"MAINTAINERS": OLD})
    shop.hub.time.move((datetime.now(UTC) - shop.hub.time.now()).total_seconds())  # for what the App signs
    monkeypatch.setenv("GITHUB_APP_PRIVATE_KEY", shop.app.private_key)
    text = PLAIN.replace('"localgit"', '"github"').replace("distribution.git", shop.repo.full_name)
    text += f'\n[github]\napi-url = "{shop.url}"\napp-id = {shop.app.id}\n'
    shop.app.permissions["issues"] = "read"
    assert marks(await looked(place(tmp_path, text)), "The bot lacks issues: write, to read and answer ballots") == [
        "wrong"
    ]
    shop.app.permissions["issues"] = "write"
    assert marks(await looked(place(tmp_path, text)), "The App has the permissions that it needs, and no other") == [
        "ok"
    ]
    assert shop.hub.violations == []
