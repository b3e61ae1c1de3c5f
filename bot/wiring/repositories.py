"""From the tables of a configuration to repositories with their forge, roster format, policy and calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import holidays as calendars

from adapters.github import GitHubForge
from adapters.github.activity import GitHubActivity
from adapters.localgit import LocalGit
from adapters.localgit.history import LocalHistory, find_git
from adapters.rosterfile import FORMATS, detect
from bot import rulebooks
from bot.config import Config, RepositoryTable
from bot.core.people import RosterRow
from bot.core.policy import Rulebook
from bot.ports import ActivitySource, FileAt, Point, no_point
from bot.repositories import Repository, no_holidays
from bot.wiring.github import github_forge

OWN = "repo:"
YEAR = timedelta(days=370)


def forge_of(table: RepositoryTable, config: Config, point: Point = no_point) -> LocalGit | GitHubForge:
    """The forge of a repository. It opens nothing yet."""
    return local_forge_of(table, config, point) or github_forge(table, config, point)


def local_forge_of(table: RepositoryTable, config: Config, point: Point = no_point) -> LocalGit | None:
    """The forge of a repository on this machine, whose drafts can be shown; None for any other."""
    if table.forge != "localgit":
        return None
    records = config.ledger.parent / f"{config.ledger.stem}.drafts" / table.name
    return LocalGit(path=config.here / table.path, branch=table.branch or None, records=records, point=point)


def repository_of(table: RepositoryTable, config: Config, forge: LocalGit | GitHubForge) -> Repository:
    """The repository as the bot knows it. Raises Mistaken for its policy."""
    form = next((form for form in FORMATS if form.name == table.roster.format), None)
    own = table.policy.startswith(OWN)
    return Repository(
        name=table.name,
        forge=forge,
        roster_path=table.roster.path,
        roster_format=form,
        activity=_activity(table, config, forge),
        identities=forge.accounts if isinstance(forge, GitHubForge) else None,
        threads=forge.threads if isinstance(forge, GitHubForge) and config.github.comments else None,
        changes=forge.threads if isinstance(forge, GitHubForge) else None,
        reviews=table.reviews == "quarterly",
        digest=table.digest,
        sections=dict(table.roster.roles),
        emeritus=table.roster.emeritus,
        rulebook=None if own else rulebooks.load(table.policy, beside=config.here),
        links_path=table.links,
        links_from=table.links_from,
        policy_path=table.policy.removeprefix(OWN) if own else "",
        zone=table.time_zone or config.folkmoot.time_zone,
        holidays=_holidays(table.holidays),
        channels=table.channels,
        announce=table.announce or table.channels[0],
        limit=table.motions_per_person,
    )


def _activity(table: RepositoryTable, config: Config, forge: LocalGit | GitHubForge) -> ActivitySource:
    if isinstance(forge, GitHubForge):
        return GitHubActivity(forge.client, forge.git)
    return LocalHistory(path=config.here / table.path, branch=table.branch or None, program=find_git())


def _holidays(name: str | None) -> Callable[[datetime], tuple[date, ...]]:
    """The holidays of a country, or a part of one, over the year from an instant on."""
    if name is None:
        return no_holidays
    country, _, part = name.partition("-")

    def coming(now: datetime) -> tuple[date, ...]:
        first, last = now.date() - timedelta(days=2), (now + YEAR).date()
        known = calendars.country_holidays(country, subdiv=part or None, years=range(first.year, last.year + 1))
        return tuple(sorted(day for day in known if first <= day <= last))

    return coming


async def own_rulebook(repository: Repository) -> Rulebook:
    """The policy that is a file of the repository. Raises ForgeError or Mistaken."""
    file = await repository.forge.read(repository.policy_path)
    return rulebooks.parse(file.data.decode("utf-8", errors="replace"), file=file.path)


async def roster_rows(repository: Repository) -> tuple[FileAt, tuple[RosterRow, ...]]:
    """The maintainers file now and the people in it. Raises ForgeError or RosterError."""
    file = await repository.forge.read(repository.roster_path)
    form = repository.roster_format or detect(file.path, file.data)
    return file, form.read(path=file.path, data=file.data)
