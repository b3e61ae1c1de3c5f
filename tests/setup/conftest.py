"""No token of the environment, and no proxy, may reach these tests."""

from __future__ import annotations

import pytest

NAMES = (
    *("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "DISCORD_TOKEN", "GITHUB_TOKEN"),
    *("GITHUB_APP_PRIVATE_KEY", "GITHUB_WEBHOOK_SECRET", "FOLKMOOT_CONFIG", "FOLKMOOT_LEDGER"),
)


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
