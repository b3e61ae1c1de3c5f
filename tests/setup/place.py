"""A folder with a sample repository, and a configuration that names it, for the verbs that set a bot up."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from adapters.localgit.sample import MAINTAINERS, create_sample
from tests.world import START

PLAIN = """
[[repository]]
name = "distribution"
forge = "localgit"
path = "distribution.git"
channels = ["playground:maintainers"]

[playground]
enabled = true
"""
SLACK = """
[[repository]]
name = "distribution"
forge = "localgit"
path = "distribution.git"
channels = ["slack:C0001"]
{repository}
[slack]
enabled = true
api-url = "{api}"
"""


def place(folder: Path, text: str = PLAIN) -> Path:
    """The repository and the configuration; its path."""
    if not (folder / "distribution.git").exists():
        create_sample(folder / "distribution.git", at=START - timedelta(days=30))
    file = folder / "config.toml"
    file.write_text(text)
    file.chmod(0o644)
    return file


def people(count: int, platform: str = "slack") -> str:
    """[[person]] tables that link the first maintainers."""
    tables = []
    for number, (login, _) in enumerate(MAINTAINERS[:count], start=1):
        account = f"T0001/U{number:04}" if platform == "slack" else str(1000 + number)
        tables.append(f'[[person]]\nlogin = "{login}"\n{platform} = "{account}"\n')
    return "\n".join(tables)
