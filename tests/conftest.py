"""What tests need of the machine: where a program is missing they skip loudly, and fail where it is required."""

from __future__ import annotations

import os
import shutil

import pytest


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test marked `git` needs the git program; FOLKMOOT_REQUIRE_GIT=1 makes its absence a failure."""
    if item.get_closest_marker("git") and shutil.which("git") is None:
        if os.environ.get("FOLKMOOT_REQUIRE_GIT") == "1":
            pytest.fail("the git program is required here, and missing", pytrace=False)
        pytest.skip("needs the git program: apt-get install git")
