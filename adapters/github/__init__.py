"""GitHub, by its API alone: roster at a commit, draft pull requests, accounts, activity. No clone, no git program."""

from __future__ import annotations

from adapters.github.auth import AppAuth, TokenAuth
from adapters.github.client import Client
from adapters.github.forge import GitHubForge, Ways

__all__ = ["AppAuth", "Client", "GitHubForge", "TokenAuth", "Ways"]
