"""`folkmoot doctor`: one list of everything that has to be well for a vote to go well. It looks, and changes nothing.

Must never print a secret, and never stop at the first thing that is broken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bot.config import Config, RepositoryTable
from bot.findings import MARKS, shown
from bot.health import outside, records, secrecy, settings
from bot.health.probing import PATIENCE, Line, Probe, aside, run
from bot.ports import Finding
from bot.reports import Printed
from bot.wiring.checks import app_on_discord, app_on_slack, clocks_outside


async def examined(path: Path, *, complete: bool = False, seconds: float = PATIENCE) -> Printed:
    """Look at everything, side by side; `complete` checks the whole ledger instead of its end."""
    looked = settings.look(path)
    lines = [Line(topic="configuration", finding=each) for each in looked.findings]
    if looked.config is None:
        return _printed([_clean(line, ()) for line in lines], "Nothing else can be looked at without it.")
    secrets = secrecy.values(looked.config)
    lines += await run(_probes(looked.config, complete=complete, seconds=seconds), seconds=seconds)
    return _printed(_once([_clean(line, secrets) for line in lines]))


def _probes(config: Config, *, complete: bool, seconds: float) -> Sequence[Probe]:
    ledger, now = config.ledger, datetime.now(UTC)

    async def blocking(look: partial[Sequence[Finding]]) -> Sequence[Finding]:
        return await aside(look)

    def here(topic: str, look: partial[Sequence[Finding]], remedy: str) -> Probe:
        return Probe(topic=topic, look=partial(blocking, look), remedy=remedy)

    slow = "see whether the disk answers"
    longer = "give it more time: folkmoot doctor --complete --timeout 600"
    found = [
        here("secrets", partial(secrecy.look, config), slow),
        here("disk", partial(records.disk, ledger), slow),
        here("bot", partial(records.life, ledger), slow),
        here("chain", partial(records.chain, ledger, complete=complete), longer),
        here("deliveries", partial(records.deliveries, ledger, now), slow),
        here("closes", partial(records.closes, ledger, now), slow),
    ]
    for name, url in clocks_outside(config).items():
        remedy = f"see whether this machine reaches {name}"
        found.append(Probe(topic="clock", look=partial(outside.clock, name, url, seconds=seconds), remedy=remedy))
    for table in config.repository:
        found += _of_repository(table, config)
    if config.repository:
        found.append(Probe(topic="ledger", look=partial(outside.published, config)))
        found.append(Probe(topic="links", look=partial(outside.links, config)))
    if config.slack.enabled:
        remedy = "see whether this machine reaches Slack"
        found.append(Probe(topic="slack", look=partial(app_on_slack, config), remedy=remedy))
        found.append(Probe(topic="slack", look=partial(outside.readers, config), remedy=remedy))
    if config.discord.enabled:
        remedy = "check the token and whether this machine reaches Discord"
        found.append(Probe(topic="discord", look=partial(app_on_discord, config), remedy=remedy))
    return found


def _of_repository(table: RepositoryTable, config: Config) -> Sequence[Probe]:
    remedy = f"see whether this machine reaches {'GitHub' if table.forge == 'github' else table.path}"
    return [
        Probe(topic=f"{table.name}, rights", look=partial(outside.rights, table, config), remedy=remedy),
        Probe(topic=f"{table.name}, policy", look=partial(outside.policy, table, config), remedy=remedy),
        Probe(topic=f"{table.name}, roster", look=partial(outside.roster, table, config), remedy=remedy),
    ]


def _clean(line: Line, secrets: Sequence[str]) -> Line:
    found = line.finding
    what, remedy = (secrecy.without(" ".join(text.split()), secrets) for text in (found.what, found.remedy))
    return replace(line, finding=replace(found, what=what.rstrip("."), remedy=remedy.rstrip(".")))


def _once(lines: Sequence[Line]) -> Sequence[Line]:
    """Without the faults that an earlier line has told already: what is missing is missing once."""
    found: dict[tuple[str, Finding], Line] = {}
    for line in lines:
        found.setdefault(("" if line.finding.mark == "wrong" else line.topic, line.finding), line)
    return list(found.values())


def _printed(lines: Sequence[Line], more: str = "") -> Printed:
    said = [shown(line.finding, line.topic) for line in lines]
    count = {mark: sum(line.finding.mark == mark for line in lines) for mark in MARKS}
    said += [
        "",
        *([more] if more else []),
        f"{count['wrong']} to mend, {count['warning']} to look at, {count['ok']} well.",
    ]
    data = {
        "good": not count["wrong"],
        "wrong": count["wrong"],
        "warnings": count["warning"],
        "findings": [
            {"topic": line.topic, "mark": line.finding.mark, "what": line.finding.what, "remedy": line.finding.remedy}
            for line in lines
        ],
    }
    return Printed(text="\n".join(said), data=data, good=not count["wrong"])
