"""A workshop on a fake GitHub, which has said nothing that GitHub does not describe when the test is over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.github_workshop import GitHubTokenWorkshop, GitHubWorkshop
from tests.contract.test_forge import OLD


@pytest.fixture(params=[GitHubWorkshop, GitHubTokenWorkshop], ids=["app", "token"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[GitHubWorkshop]:
    """As an app, and by a token."""
    yield from _shop(request.param(tmp_path))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[GitHubWorkshop]:
    yield from _shop(GitHubWorkshop(tmp_path))


@pytest.fixture
def by_token(tmp_path: Path) -> Iterator[GitHubWorkshop]:
    yield from _shop(GitHubTokenWorkshop(tmp_path))


def _shop(made: GitHubWorkshop) -> Iterator[GitHubWorkshop]:
    made.put({"MAINTAINERS": OLD, "docs/OWNERS": OLD, "README.md": b"# Hello\n"})
    yield made
    assert made.hub.violations == []
