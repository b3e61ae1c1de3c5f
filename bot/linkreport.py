"""What `folkmoot links` says: how many maintainers are linked, who is missing, and what to send them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.census import Census, Standing, taken
from bot.config import Config
from bot.reports import Printed

_KEYS: Final = {"slack": 'slack = "T…/U…"', "discord": 'discord = "…"'}
_NAMES: Final = {"slack": "Slack", "discord": "Discord", "playground": "the playground"}


async def report(config: Config) -> Printed:
    """The report."""
    census = await taken(config)
    letters = _letters(config, census)
    lines: list[str] = []
    for each in census.standings:
        lines.append(f"{_mark(each)} {summary(each)}")
        if each.missing:
            lines.append(f"  Missing: {', '.join(f'@{login}' for login in each.missing)}")
    faults = {name: [fault] for name, fault in census.rosters.items()}
    for name, found in census.maps.items():
        faults.setdefault(name, []).extend(found)
    for name, found in faults.items():
        lines += [f"✗ {name}: {fault}" for fault in found]
    lines += [f"! {name}: {what}" for name, found in census.disputes.items() for what in found]
    for login, text in letters.items():
        lines += ["", f"--- To @{login}:", text]
    data = {
        "platforms": [
            {
                "repository": each.repository,
                "platform": each.platform,
                "maintainers": each.total,
                "linked": list(each.linked),
                "missing": list(each.missing),
            }
            for each in census.standings
        ],
        "faults": faults,
        "disputes": {name: list(found) for name, found in census.disputes.items()},
        "messages": letters,
    }
    return Printed(text="\n".join(lines), data=data, good=not faults)


def summary(standing: Standing) -> str:
    """How many are linked, in a sentence."""
    where = _NAMES.get(standing.platform, standing.platform)
    return f"{standing.repository}: {len(standing.linked)} of {standing.total} maintainers linked on {where}"


def _mark(standing: Standing) -> str:
    return "!" if standing.missing else "✓"


def _letters(config: Config, census: Census) -> dict[str, str]:
    """A message for each person who is missing somewhere."""
    wanted: dict[str, list[str]] = {}
    repositories: dict[str, list[str]] = {}
    for each in census.standings:
        for login in each.missing:
            wanted.setdefault(login, []).append(each.platform)
            repositories.setdefault(login, []).append(each.repository)
    return {
        login: _letter(config, login, list(dict.fromkeys(platforms)), list(dict.fromkeys(repositories[login])))
        for login, platforms in wanted.items()
    }


def _letter(config: Config, login: str, platforms: Sequence[str], repositories: Sequence[str]) -> str:
    names = " and ".join(_NAMES.get(each, each) for each in platforms)
    keys = "\n".join(f"    {_KEYS[each]}" for each in platforms if each in _KEYS)
    lines = [
        f"Hi, you are a maintainer of {' and '.join(repositories)}, and Folkmoot does not know your account on {names} "
        "yet. You count among those who vote, but your press on a button does not count until your account is linked.",
    ]
    if config.github.client_id:
        lines.append("The quickest way: type  /moot link  in the channel, and follow what it says. Or without it:")
    lines.append("Type  /moot whoami  in the channel: the answer, which only you see, names your account there.")
    maps = [table for table in config.repository if table.links and table.name in repositories]
    if maps:
        each = [f"{table.links} of {table.name}" for table in maps] if len(maps) > 1 else [maps[0].links]
        lines.append(f"Then open a pull request that adds this to {' and to '.join(each)}:")
    else:
        lines.append("Then send this to whoever runs the bot, for its config.toml:")
    lines.append(f'    [[person]]\n    login = "{login}"\n{keys}')
    return "\n".join(lines)
