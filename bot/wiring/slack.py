"""The Slack app of a configuration: to connect it, to print its manifest, and to check it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from adapters.slack.app import Slack
from adapters.slack.audience import audience
from adapters.slack.check import check
from adapters.slack.manifest import as_yaml, manifest
from adapters.slack.pacing import Pace
from adapters.slack.web import Web
from bot.clocks import SystemClock
from bot.config import Config
from bot.credentials import secret
from bot.ports import Clock, Finding, Point, no_point

BOT_TOKEN = "SLACK_BOT_TOKEN"  # noqa: S105 - the variables' names
APP_TOKEN = "SLACK_APP_TOKEN"  # noqa: S105
SIGNING_SECRET = "SLACK_SIGNING_SECRET"  # noqa: S105


def slack_of(config: Config, *, clock: Clock | None = None, point: Point = no_point) -> Slack:
    """The app, not connected yet. Raises SecretMissing."""
    table = config.slack
    bot, app, signing = _secrets(config)
    return Slack(
        bot_token=bot,
        app_token=app,
        signing_secret=signing,
        mode=table.mode,
        api_url=table.api_url,
        listen=table.listen,
        channels=slack_channels(config),
        clock=clock or SystemClock(),
        point=point,
    )


def slack_channels(config: Config) -> Sequence[str]:
    """The channels on Slack that the configuration names."""
    named = [channel for table in config.repository for channel in table.channels]
    return [channel for channel in dict.fromkeys(named) if channel.startswith("slack:")]


def slack_manifest(url: str) -> str:
    """The manifest to create the app with; with the address of your server for HTTP mode."""
    return as_yaml(manifest(url=url))


async def check_slack(config: Config) -> Sequence[Finding]:
    """What can be said of the app. Raises SecretMissing."""
    table = config.slack
    bot, app, _ = _secrets(config)
    web = Web(token=bot, app_token=app, api_url=table.api_url, pace=Pace())
    try:
        return await check(
            web,
            mode=table.mode,
            listen=table.listen,
            channels=slack_channels(config),
            people={person.login: person.slack for person in config.person if person.slack},
        )
    finally:
        await web.close()


async def readers(config: Config, channel: str, voters: Collection[str]) -> Finding:
    """Who reads along in a channel without being one of the voters' accounts. Raises SecretMissing."""
    bot, app, _ = _secrets(config)
    web = Web(token=bot, app_token=app, api_url=config.slack.api_url, pace=Pace())
    try:
        return await audience(web, channel, voters)
    finally:
        await web.close()


def _secrets(config: Config) -> tuple[str, str, str]:
    """The bot token, the app-level token of Socket Mode, and the signing secret of HTTP mode."""
    table, here = config.slack, config.here
    bot = secret(BOT_TOKEN, file=table.bot_token_file, here=here)
    if table.mode == "socket":
        return bot, secret(APP_TOKEN, file=table.app_token_file, here=here), ""
    return bot, "", secret(SIGNING_SECRET, file=table.signing_secret_file, here=here)
