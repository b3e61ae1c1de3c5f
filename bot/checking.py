"""`config check`: reads everything that the bot would read at its start, and changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot import config as configs
from bot.core.people import MAINTAINER, REVIEWER
from bot.core.policy import Policy
from bot.ports import ForgeError, RosterError
from bot.rosters import certain
from bot.wiring import forge_of, own_rulebook, repository_of, roster_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """A line for each thing that was looked at; `good` if nothing has to be mended."""

    lines: tuple[str, ...]
    good: bool


async def check(path: Path) -> Findings:
    """Look at the configuration, its policies and its rosters. Raises Mistaken."""
    config = configs.load(path)
    lines = [f"✓ {path}: {len(config.repository)} repositories" if len(config.repository) > 1 else f"✓ {path}"]
    good = True
    for table in config.repository:
        repository = repository_of(table, config, forge_of(table, config))
        try:
            rulebook = repository.rulebook or await own_rulebook(repository)
        except ForgeError as error:
            lines.append(f"✗ {table.name}: {repository.policy_path}: {error.what}. {error.remedy}")
            good = False
            continue
        lines += [f"✓ {table.name}: {policy.motion}: {_bar(policy)}" for policy in rulebook.motions]
        try:
            file, rows = await roster_rows(repository)
            kept = [(row, role) for row in rows if (role := repository.role_of(row)) is not None]
            certain(file.path, kept, configured=bool(repository.sections))
        except RosterError as error:
            lines.append(f"✗ {table.name}: {error}. {error.remedy}")
            good = False
            continue
        except ForgeError as error:
            lines.append(f"✗ {table.name}: {error.what}. {error.remedy}")
            good = False
            continue
        roles = [repository.role_of(row) for row in rows]
        count = f"{roles.count(MAINTAINER)} maintainers, {roles.count(REVIEWER)} reviewers"
        lines.append(f"✓ {table.name}: {file.path} at {file.commit[:12]} on {file.branch}: {count}")
        if MAINTAINER not in roles:
            lines.append(
                f"✗ {table.name}: nobody could vote. Name the maintainers' section in [repository.roster.roles]"
            )
            good = False
    return Findings(lines=tuple(lines), good=good)


def _bar(policy: Policy) -> str:
    """What a kind of motion needs, in a few words."""
    if policy.kind == "step-down":
        return "nobody votes"
    base = "of the maintainers" if policy.of == "eligible" else "of the ballots that count"
    return f"{policy.threshold.share} {base}, {policy.window.words}"
