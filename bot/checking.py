"""`config check`: reads everything that the bot would read at its start, and changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import config as configs
from bot.core.people import MAINTAINER, REVIEWER
from bot.core.policy import Policy
from bot.core.wording.spans import count
from bot.findings import shown
from bot.ports import Finding, ForgeError, RosterError
from bot.repositories import Repository
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
        found = [*await policy_findings(repository)]
        if all(each.mark == "ok" for each in found):
            found += await roster_findings(repository)
        lines += [shown(each, table.name) for each in found]
        good = good and all(each.mark == "ok" for each in found)
    return Findings(lines=tuple(lines), good=good)


async def policy_findings(repository: Repository) -> Sequence[Finding]:
    """What each kind of motion needs; or why the policy cannot be read. Raises Mistaken."""
    try:
        rulebook = repository.rulebook or await own_rulebook(repository)
    except ForgeError as error:
        return [Finding(mark="wrong", what=f"{repository.policy_path}: {error.what}", remedy=error.remedy)]
    return [_policy_finding(policy, repository) for policy in rulebook.motions]


def _policy_finding(policy: Policy, repository: Repository) -> Finding:
    if policy.venues == "pull-request" and repository.threads is None:
        what = f"{policy.motion}: nobody could vote: it is kept to the pull request, and no comments are read here"
        remedy = 'Write venues = "all"; or, on GitHub, switch comments on under [github]'
        return Finding(mark="wrong", what=what, remedy=remedy)
    return Finding(mark="ok", what=f"{policy.motion}: {bar(policy)}")


async def roster_findings(repository: Repository) -> Sequence[Finding]:
    """How many people the maintainers file gives which role; or why it cannot be used."""
    try:
        file, rows = await roster_rows(repository)
        kept = [(row, role) for row in rows if (role := repository.role_of(row)) is not None]
        certain(file.path, kept, configured=bool(repository.sections))
    except RosterError as error:
        return [Finding(mark="wrong", what=str(error), remedy=error.remedy)]
    except ForgeError as error:
        return [Finding(mark="wrong", what=error.what, remedy=error.remedy)]
    roles = [repository.role_of(row) for row in rows]
    counts = ", ".join(count(roles.count(role), role) for role in (MAINTAINER, REVIEWER))
    found = [Finding(mark="ok", what=f"{file.path} at {file.commit[:12]} on {file.branch}: {counts}")]
    if MAINTAINER not in roles:
        sections = ", ".join(dict.fromkeys(f'"{row.section}"' for row in rows))
        remedy = f"name the maintainers' section in [repository.roster.roles]; the file has {sections or 'none'}"
        found.append(Finding(mark="wrong", what="nobody could vote", remedy=remedy))
    return found


def bar(policy: Policy) -> str:
    """What a kind of motion needs, in a few words."""
    if policy.kind == "step-down":
        return "nobody votes"
    base = "of the maintainers" if policy.of == "eligible" else "of the ballots that count"
    share = str(policy.threshold.share)
    return f"{'all' if share == '1/1' else share} {base}, {policy.window.words}"
