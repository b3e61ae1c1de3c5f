"""A first look into a repository that no configuration names yet. It reads what is public, or what a token shows."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from adapters.github import Client, TokenAuth
from adapters.github.glance import NoAuth
from adapters.github.glance import glance as glance_on_github
from adapters.localgit.glance import glance as glance_here
from bot.credentials import SecretMissing, secret


def look_here(path: Path, wanted: Callable[[str], bool]) -> Mapping[str, bytes]:
    """The wanted files of a repository on this machine. Raises ForgeError."""
    return glance_here(path, wanted)


async def look_on_github(name: str, api_url: str, wanted: Callable[[str], bool]) -> Mapping[str, bytes]:
    """The wanted files of a repository on GitHub; with GITHUB_TOKEN where it is set. Raises ForgeError."""
    try:
        token = secret("GITHUB_TOKEN", here=Path(os.curdir))
    except SecretMissing:
        token = ""
    auth = TokenAuth(lambda: token) if token else NoAuth()
    return await glance_on_github(Client(repository=name, auth=auth, api_url=api_url, seconds=15.0), wanted)
