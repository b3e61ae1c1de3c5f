"""The chat platforms of a configuration, ready to connect, and the accounts that it links to people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.config import Config, PersonTable
from bot.core.people import PlatformUser
from bot.ports import Connection


def connections_of(config: Config) -> Mapping[str, Connection]:
    """The platforms that are switched on. Raises SecretMissing for a token that is not there."""
    return {}


def accounts_of(person: PersonTable) -> Sequence[PlatformUser]:
    """The accounts of a person by the configuration."""
    keys = ((f"slack:{person.slack}", person.slack), (f"discord:{person.discord}", person.discord))
    return tuple(PlatformUser.of(key) for key, given in keys if given)
