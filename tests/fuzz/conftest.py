"""One event loop for a whole module: hypothesis runs its examples one after the other, all against one living bot."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.fuzz.watching import Watch, watched


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as made:
        yield made


@pytest.fixture(scope="module", autouse=True)
def _alone() -> Iterator[None]:
    """No proxy of the environment, and an answer is waited for as long as it takes."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
            patch.setenv(name, "http://127.0.0.1:9")
        patch.setattr("adapters.slack.asking.PATIENCE", 60.0)
        yield


@pytest.fixture(scope="module")
def watch(runner: asyncio.Runner) -> Iterator[Watch]:
    with watched(runner) as made:
        yield made
