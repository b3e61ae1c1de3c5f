"""What tests need of the machine: where a program is missing they skip loudly, and fail where it is required."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _logs_are_heard_again() -> Iterator[None]:
    """A verb that silences the libraries does so for its own process: in a test, for that test alone."""
    yield
    logging.disable(logging.NOTSET)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test marked `git` needs the git program; FOLKMOOT_REQUIRE_GIT=1 makes its absence a failure."""
    if item.get_closest_marker("git") and shutil.which("git") is None:
        if os.environ.get("FOLKMOOT_REQUIRE_GIT") == "1":
            pytest.fail("the git program is required here, and missing", pytrace=False)
        pytest.skip("needs the git program: apt-get install git")
