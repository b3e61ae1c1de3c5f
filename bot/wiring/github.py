"""Repositories on GitHub, from the configuration: who the bot is there, and how it is reached."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from weakref import WeakValueDictionary

from adapters.github import AppAuth, Client, GitHubForge, TokenAuth, Ways
from adapters.github.check import check
from adapters.github.device import GitHubDeviceFlow
from adapters.github.timing import Pacer, Timing
from bot.config import Config, RepositoryTable
from bot.credentials import SecretMissing, secret
from bot.ports import Finding, ForgeError, Point, no_point

_pacers: WeakValueDictionary[tuple[str, int | None], Pacer] = WeakValueDictionary()
"""GitHub's limits are for a credential, not for a repository: its clients share one pace."""


def github_forge(table: RepositoryTable, config: Config, point: Point = no_point) -> GitHubForge:
    """The forge of a repository on GitHub. It reads no secret and asks for nothing yet."""
    github, timing = config.github, Timing()
    auth: AppAuth | TokenAuth
    if github.app_id is None:
        auth = TokenAuth(github_secret("GITHUB_TOKEN", github.token_file, config))
    else:
        key = github_secret("GITHUB_APP_PRIVATE_KEY", github.private_key_file, config)
        auth = AppAuth(
            app=github.app_id, key=key, repository=table.path, installation=github.installation_id, timing=timing
        )
    pacer = _pacers.setdefault((github.api_url, github.app_id), Pacer(timing))
    client = Client(repository=table.path, auth=auth, api_url=github.api_url, timing=timing, pacer=pacer)
    ways = Ways(without_drafts=github.without_drafts, sign_off=github.sign_off, labels=github.labels)
    return GitHubForge(client, branch=table.branch or None, app=github.app_id is not None, ways=ways, point=point)


def device_flow(config: Config) -> GitHubDeviceFlow | None:
    """How members prove their accounts; None where no client id is configured."""
    github = config.github
    if not github.client_id:
        return None
    return GitHubDeviceFlow(client_id=github.client_id, web_url=github.web_url, api_url=github.api_url)


def hold_of(config: Config) -> timedelta:
    """How long a link waits before it can vote."""
    number, unit = int(config.github.link_hold[:-1]), config.github.link_hold[-1]
    return timedelta(hours=number) if unit == "h" else timedelta(days=number)


def github_secret(name: str, file: str, config: Config) -> Callable[[], str]:
    """Reads a secret when it is needed, so that a rotated one is taken up."""

    def read() -> str:
        try:
            return secret(name, file=file, here=config.here)
        except SecretMissing as error:
            what, _, remedy = str(error).rpartition(": ")
            raise ForgeError(what, remedy=remedy, retry=False) from error

    return read


async def check_github(config: Config) -> Mapping[str, Sequence[Finding]]:
    """What there is to say of each repository on GitHub, by its name."""
    found = {}
    for table in config.repository:
        if table.forge == "github":
            found[table.name] = await rights_on_github(table, config)
    return found


async def rights_on_github(table: RepositoryTable, config: Config) -> Sequence[Finding]:
    """What the bot may do in a repository on GitHub, held to what the configuration wants. Raises ForgeError."""
    return await check(
        github_forge(table, config),
        app=config.github.app_id is not None,
        labels=config.github.labels,
        comments=config.github.comments,
        guard=config.github.merge_guard,
        hooks=config.github.webhook_listen is not None and config.github.comments,
    )
