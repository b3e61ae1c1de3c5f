"""Secrets from the environment or from files, never from the configuration itself. They are never logged."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from bot.secrecy import keep_secret

SECRET_BYTES: Final = 64 << 10
_BELONG: Final = {
    "xoxb-": "SLACK_BOT_TOKEN",
    "xapp-": "SLACK_APP_TOKEN",
    "ghp_": "GITHUB_TOKEN",
    "github_pat_": "GITHUB_TOKEN",
    "-----BEGIN ": "GITHUB_APP_PRIVATE_KEY",
}
"""How secrets begin that can be told apart, and where they belong."""


class SecretMissing(Exception):
    """A token that is needed is not there, or cannot be read. The message never holds a secret."""


def secret(name: str, *, file: str = "", here: Path) -> str:
    """The secret of this name: from the variable NAME, the file that NAME_FILE names, or the configured file.

    A file that others than its owner can write is refused. Raises SecretMissing.
    """
    value = os.environ.get(name, "").strip()
    if value:
        return _fitting(name, value)
    named = os.environ.get(f"{name}_FILE", "").strip() or file
    if not named:
        raise SecretMissing(f"{name} is not set: put it into the environment, or its file into {name}_FILE")
    path = here / named
    try:
        mode = path.stat().st_mode
        if mode & 0o022:
            raise SecretMissing(f"{path}: others can write it, so the {name} in it may be anybody's: chmod 600 {path}")
        with path.open("rb") as stream:
            value = stream.read(SECRET_BYTES).decode("utf-8", errors="replace").strip()
    except OSError as error:
        why = f"{name} cannot be read from {path} ({error.strerror})"
        raise SecretMissing(f"{why}: make that file, or correct where it is said to be") from error
    if not value:
        raise SecretMissing(f"{path}: is empty; put the {name} into it")
    return _fitting(name, value)


def _fitting(name: str, value: str) -> str:
    """The secret, unless it is plainly another one: two that were mixed up are found before anybody is asked."""
    keep_secret(value)
    begins = next((each for each in _BELONG if value.startswith(each)), "")
    if begins and name != _BELONG[begins]:
        raise SecretMissing(f"{name} begins with {begins}, as another secret does: put it into {_BELONG[begins]}")
    if name.startswith("SLACK_") and value.startswith("xoxp-"):
        raise SecretMissing(f"{name} is a person's token (xoxp-): copy the Bot User OAuth Token (xoxb-)")
    return value


def file_secret(path: Path, *, what: str, least: int) -> str:
    """The secret in a file that only its owner may read: plain letters and digits, `least` of them at least.

    Raises SecretMissing.
    """
    try:
        mode = path.stat().st_mode
        value = path.read_bytes()[:SECRET_BYTES].decode("utf-8", errors="replace").strip()
    except OSError as error:
        raise SecretMissing(f"{path}: cannot be read: {error.strerror}") from error
    if mode & 0o077:
        raise SecretMissing(f"{path}: others can read or write the {what}: chmod 600 {path}")
    if len(value) < least or not (value.isascii() and value.replace("-", "").replace("_", "").isalnum()):
        raise SecretMissing(
            f"{path}: the {what} has to have {least} letters, digits, - or _ at least: "
            f'python3 -c "import secrets; print(secrets.token_urlsafe(32))" > {path}'
        )
    keep_secret(value)
    return value
