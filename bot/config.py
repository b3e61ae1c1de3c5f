"""The operator's configuration: TOML, checked whole. Every mistake is shown with file, line and what to write."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import holidays
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.configmistakes import mistakes
from bot.core.calendar import CalendarError, zone
from bot.core.people import ROLES
from bot.rulebooks import Mistake, Mistaken, toml
from bot.toml_lines import KeyLines

CONFIG_BYTES = 1 << 20
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")
_CHANNEL = re.compile(
    r"(playground:[a-z0-9][a-z0-9-]{0,79}|slack:[CG][A-Z0-9]{2,20}|discord:[0-9]{1,20}/[0-9]{1,20})\Z"
)
_SLACK = re.compile(r"[TE][A-Z0-9]{2,20}/[UW][A-Z0-9]{2,20}\Z")
_DISCORD = re.compile(r"[0-9]{1,20}\Z")
_ON_GITHUB = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/(?!\.{1,2}\Z)[A-Za-z0-9._-]{1,100}\Z")
_HOLD = re.compile(r"[0-9]{1,3}[hd]\Z")
_LISTEN = re.compile(r"[^\s/]+:[0-9]{1,5}\Z")


def _kebab(name: str) -> str:
    return name.replace("_", "-")


def _zone(name: str) -> str:
    try:
        zone(name)
    except CalendarError as error:
        raise ValueError(str(error)) from error
    return name


def _holidays(name: str) -> str:
    """A country, or a country and its part: `US`, `DE-BY`."""
    country, _, part = name.partition("-")
    try:
        holidays.country_holidays(country, subdiv=part or None, years=2025)
    except NotImplementedError as error:
        raise ValueError(
            f'"{name}" has no calendar here: write a country such as US, or a part of one, DE-BY'
        ) from error
    return name


def _hours(text: str) -> str:
    """`9-17`: from one full hour to another of the same day."""
    start, _, end = text.partition("-")
    if not (start.isdecimal() and end.isdecimal() and 0 <= int(start) < int(end) <= 24):
        raise ValueError(f'"{text}" are no working hours: write 9-17')
    return text


def _name(name: str) -> str:
    if not _NAME.match(name):
        raise ValueError(f'"{name}" is no name: letters, digits, ".", "_" and "-"')
    return name


def _hold(text: str) -> str:
    if not _HOLD.match(text):
        raise ValueError(f'"{text}" is no time to wait: write 24h, or 2d')
    return text


def _channel(name: str) -> str:
    if not _CHANNEL.match(name):
        raise ValueError(
            f'"{name}" is no channel: write slack:C0123456, discord:GUILD/CHANNEL or playground:maintainers'
        )
    return name


def _slack_account(name: str) -> str:
    name = name.removeprefix("slack:")
    if not _SLACK.match(name):
        raise ValueError(f'"{name}" is no Slack account: write TEAM/USER such as T0123456/U0456789')
    return name


def _discord_account(name: str) -> str:
    name = name.removeprefix("discord:")
    if not _DISCORD.match(name):
        raise ValueError(f'"{name}" is no Discord account: write the user id, a number in quotes')
    return name


def _listen(address: str) -> str:
    if not _LISTEN.match(address) or not 0 <= int(address.rpartition(":")[2]) <= 65535:
        raise ValueError(f'"{address}" is no address: write HOST:PORT such as 127.0.0.1:3000')
    return address


def _maybe_listen(address: str) -> str:
    return _listen(address) if address else ""


def _maybe_url(url: str) -> str:
    return _base_url(url) if url else ""


_PERIOD = re.compile(r"([1-9][0-9]{0,3}) (days|months|years)\Z")
_DAYS = {"days": 1.0, "months": 365.25 / 12, "years": 365.25}
SHORTEST_RETENTION = 30


def retention_of(text: str) -> timedelta | None:
    """How long texts are kept after the end of their motion; None for ever. Raises ValueError."""
    if not text:
        return None
    found = _PERIOD.match(text)
    kept = timedelta(days=round(int(found[1]) * _DAYS[found[2]])) if found is not None else timedelta()
    if kept.days < SHORTEST_RETENTION:
        raise ValueError(
            f'"{text}" is no time to keep texts: write 24 months, or 90 days; {SHORTEST_RETENTION} days at least'
        )
    return kept


def _retention(text: str) -> str:
    retention_of(text)
    return text


def _base_url(url: str) -> str:
    """`https`, or `http` on this machine: tokens do not travel in the clear (T41)."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        host, parts = "", urlsplit("")
    safe = parts.scheme in {"https", "wss"} or (parts.scheme in {"http", "ws"} and host in _LOOPBACK)
    if not host or not safe or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError(f'"{url}" is no address to use: write https://HOST/PATH')
    return url


_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


ZoneName = Annotated[str, AfterValidator(_zone)]
HolidaysName = Annotated[str, AfterValidator(_holidays)]
WorkingHours = Annotated[str, AfterValidator(_hours)]
RepositoryName = Annotated[str, AfterValidator(_name)]
ChannelName = Annotated[str, AfterValidator(_channel)]
SlackAccount = Annotated[str, AfterValidator(_slack_account)]
DiscordAccount = Annotated[str, AfterValidator(_discord_account)]
Hold = Annotated[str, AfterValidator(_hold)]
Listen = Annotated[str, AfterValidator(_listen)]
BaseUrl = Annotated[str, AfterValidator(_base_url)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, alias_generator=_kebab, populate_by_name=True)


class General(_Table):
    """`[folkmoot]`: where the ledger is, and the time zone of repositories that name none."""

    ledger: str = "folkmoot.sqlite3"
    time_zone: ZoneName = "UTC"
    log: Literal["text", "json"] = "text"
    retention: Annotated[str, AfterValidator(_retention)] = ""


RosterFormatName = Literal[
    "auto",
    "csv-hash",
    "toml-moby",
    "owners",
    "aliases",
    "codeowners",
    "md-table",
    "md-list",
    "plain",
    "csv-header",
]


class RosterTable(_Table):
    """`[repository.roster]`: the maintainers file. `roles` says which section stands for which role."""

    path: str = "MAINTAINERS"
    format: RosterFormatName = "auto"
    emeritus: str = ""
    roles: dict[str, str] = {}

    @model_validator(mode="after")
    def _known_roles(self) -> RosterTable:
        unknown = sorted(set(self.roles) - set(ROLES))
        if unknown:
            raise ValueError(f"{', '.join(unknown)}: no such role, write {' or '.join(ROLES)}")
        return self

    @model_validator(mode="after")
    def _each_section_once(self) -> RosterTable:
        named = [section.casefold() for section in (*self.roles.values(), *filter(None, [self.emeritus]))]
        if len(set(named)) < len(named):
            raise ValueError("one section stands for two things: give each role, and emeritus, its own")
        return self


class RepositoryTable(_Table):
    """`[[repository]]`: one repository with its roster, policy, calendar and channels."""

    name: RepositoryName
    forge: Literal["localgit", "github"]
    path: str
    branch: str = ""
    policy: str = "distribution"
    time_zone: ZoneName | None = None
    holidays: HolidaysName | None = None
    channels: Annotated[tuple[ChannelName, ...], Field(min_length=1, strict=False)]
    announce: ChannelName | None = None
    reviews: Literal["quarterly", "off"] = "quarterly"
    digest: Literal["off", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = "off"
    motions_per_person: Annotated[int, Field(ge=1, le=100)] = 5
    links: str = ""
    links_from: Annotated[tuple[RepositoryName, ...], Field(strict=False)] = ()
    roster: RosterTable = RosterTable()

    @model_validator(mode="after")
    def _is_a_name_on_github(self) -> RepositoryTable:
        if self.forge == "github" and not _ON_GITHUB.match(self.path):
            raise ValueError(f'path = "{self.path}" is no repository on GitHub: write OWNER/NAME')
        return self

    @model_validator(mode="after")
    def _announces_in_a_channel(self) -> RepositoryTable:
        if self.announce is not None and self.announce not in self.channels:
            raise ValueError(f'announce = "{self.announce}" is none of its channels')
        return self


class PersonTable(_Table):
    """`[[person]]`: what the roster does not say of somebody, or somebody who is in no roster yet but takes part."""

    login: str
    slack: SlackAccount | None = None
    discord: DiscordAccount | None = None
    employer: str = ""
    time_zone: ZoneName = "UTC"
    working_hours: WorkingHours | None = None


class SlackTable(_Table):
    """`[slack]`: the Slack app. Its tokens come from the environment or from files, never from here."""

    enabled: bool = False
    mode: Literal["socket", "http"] = "socket"
    api_url: BaseUrl = "https://slack.com/api/"
    listen: Listen = "127.0.0.1:3000"
    bot_token_file: str = ""
    app_token_file: str = ""
    signing_secret_file: str = ""


class DiscordTable(_Table):
    """`[discord]`: the Discord app. Its token comes from the environment or from a file, never from here."""

    enabled: bool = False
    api_url: BaseUrl = "https://discord.com/api/v10"
    gateway_url: BaseUrl = "wss://gateway.discord.gg/"
    token_file: str = ""


class GitHubTable(_Table):
    """`[github]`: how repositories on GitHub are reached. Keys and tokens come from the environment or from files."""

    api_url: BaseUrl = "https://api.github.com"
    app_id: Annotated[int, Field(ge=1)] | None = None
    installation_id: Annotated[int, Field(ge=1)] | None = None
    private_key_file: str = ""
    token_file: str = ""
    without_drafts: Literal["open", "refuse"] = "open"
    sign_off: Literal["none", "bot"] = "none"
    labels: Annotated[tuple[str, ...], Field(strict=False, max_length=20)] = ()
    web_url: BaseUrl = "https://github.com"
    client_id: Annotated[str, Field(max_length=100, pattern=r"^[A-Za-z0-9._-]*$")] = ""
    link_hold: Hold = "24h"
    comments: bool = True
    merge_guard: bool = False
    poll_seconds: Annotated[int, Field(ge=10, le=3600)] = 60
    webhook_listen: Listen | None = None
    webhook_secret_file: str = ""

    @model_validator(mode="after")
    def _app_or_token(self) -> GitHubTable:
        if self.app_id is None and (self.installation_id is not None or self.private_key_file):
            raise ValueError("installation-id and private-key-file belong to a GitHub App: write its app-id too")
        if self.merge_guard and self.app_id is None:
            raise ValueError("only a GitHub App may show checks: write its app-id, or merge-guard = false")
        if self.app_id is not None and self.token_file:
            raise ValueError("a GitHub App needs no token: remove app-id or token-file")
        return self


class PlaygroundTable(_Table):
    """`[playground]`: the maintainers' channel as a page on this machine."""

    enabled: bool = False
    port: Annotated[int, Field(ge=0, le=65535)] = 8733
    clock: Literal["real", "movable"] = "real"
    allow_beside_real: bool = False


class SiteTable(_Table):
    """`[site]`: the governance record as web pages, read-only, and the deadlines as a calendar."""

    listen: Annotated[str, AfterValidator(_maybe_listen)] = ""
    url: Annotated[str, AfterValidator(_maybe_url)] = ""
    title: str = ""
    private_calendar_token_file: str = ""


class HealthTable(_Table):
    """`[health]`: whether the bot is well, and its metrics, for a monitor on this machine."""

    listen: Annotated[str, AfterValidator(_maybe_listen)] = ""


class Config(_Table):
    """The whole configuration. `here` is the folder that its paths are relative to."""

    folkmoot: General = General()
    repository: Annotated[tuple[RepositoryTable, ...], Field(min_length=1, strict=False)]
    person: Annotated[tuple[PersonTable, ...], Field(strict=False)] = ()
    slack: SlackTable = SlackTable()
    discord: DiscordTable = DiscordTable()
    github: GitHubTable = GitHubTable()
    playground: PlaygroundTable = PlaygroundTable()
    site: SiteTable = SiteTable()
    health: HealthTable = HealthTable()
    here: Annotated[Path, Field(exclude=True)] = Path()

    @model_validator(mode="after")
    def _each_repository_once(self) -> Config:
        names = [table.name for table in self.repository]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"the repository {', '.join(twice)} stands there twice; write each once")
        return self

    @model_validator(mode="after")
    def _links_come_from_a_map(self) -> Config:
        maps = {table.name for table in self.repository if table.links}
        for table in self.repository:
            without = [name for name in table.links_from if name not in maps or name == table.name]
            if without:
                raise ValueError(
                    f"{table.name} takes links from {', '.join(without)}: name other repositories that have links = "
                )
        return self

    @model_validator(mode="after")
    def _channels_are_served(self) -> Config:
        """Every channel belongs to a platform that is switched on: else nothing would ever be announced there."""
        on = {"slack": self.slack.enabled, "discord": self.discord.enabled, "playground": self.playground.enabled}
        for table in self.repository:
            for channel in table.channels:
                platform = channel.partition(":")[0]
                if not on[platform]:
                    raise ValueError(
                        f"{table.name} has the channel {channel}, and {platform} is off: switch on [{platform}]"
                    )
        return self

    @model_validator(mode="after")
    def _accounts_are_of_one_person(self) -> Config:
        accounts = [account for person in self.person for account in (person.slack, person.discord) if account]
        twice = sorted({account for account in accounts if accounts.count(account) > 1})
        if twice:
            raise ValueError(f"the account {', '.join(twice)} belongs to two people; one person, one ballot")
        return self

    @model_validator(mode="after")
    def _playground_alone(self) -> Config:
        """Impersonation beside real people only where the operator says so: anybody could cast anybody's ballot."""
        real = [name for name, table in (("slack", self.slack), ("discord", self.discord)) if table.enabled]
        if real and self.playground.enabled and not self.playground.allow_beside_real:
            raise ValueError(
                f"the playground lets anybody act as anybody, and {' and '.join(real)} is switched on: "
                "switch one of them off, or write allow-beside-real = true under [playground]"
            )
        return self

    @property
    def ledger(self) -> Path:
        """The ledger's file."""
        return self.here / self.folkmoot.ledger


def load(path: Path) -> Config:
    """Read a configuration file. Raises Mistaken with every mistake."""
    try:
        data = path.read_bytes()
    except OSError as error:
        what, remedy = f"cannot be read: {error.strerror}", "see that you may read it"
        if isinstance(error, FileNotFoundError):
            what, remedy = "there is no such file", "make one with: folkmoot init; or name yours with --config FILE"
        elif isinstance(error, IsADirectoryError):
            remedy = f"name the file in it: --config {path / 'config.toml'}"
        raise Mistaken((Mistake(file=str(path), line=0, what=what, remedy=remedy),)) from error
    if len(data) > CONFIG_BYTES:
        raise Mistaken((Mistake(file=str(path), line=1, what="too large", remedy="keep it under 1 MiB"),))
    return parse(data.decode("utf-8", errors="replace"), file=str(path), here=path.parent)


def parse(text: str, *, file: str, here: Path) -> Config:
    """Check a configuration's text. Raises Mistaken with every mistake."""
    data = toml(text, file=file)
    if "here" in data:
        data["here "] = data.pop("here")
    try:
        return Config.model_validate({**data, "here": here})
    except ValidationError as error:
        raise Mistaken(mistakes(error, Config, KeyLines(text), file)) from error
