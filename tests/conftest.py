"""What tests need of the machine: where a program is missing they skip loudly, and fail where it is required."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def _logs_are_as_they_were() -> Iterator[None]:
    """A verb sets up or silences the logs of its own process: in a test, of that test alone.

    What it writes to is the stream that the test captures, which is closed after it.
    """
    root, ours = logging.getLogger(), structlog.get_config() if structlog.is_configured() else None
    handlers, level = root.handlers[:], root.level
    yield
    logging.disable(logging.NOTSET)
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    if ours is not None:
        structlog.configure(**ours)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test marked `git` needs the git program; FOLKMOOT_REQUIRE_GIT=1 makes its absence a failure."""
    if item.get_closest_marker("git") and shutil.which("git") is None:
        if os.environ.get("FOLKMOOT_REQUIRE_GIT") == "1":
            pytest.fail("the git program is required here, and missing", pytrace=False)
        pytest.skip("needs the git program: apt-get install git")
