"""What GitHub sends when something happens: a body, its headers, and the signature over its raw bytes."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from tests.fakes.github import render
from tests.fakes.github.state import Comment, Issue, Repository, User


def delivery(
    event: str, payload: dict[str, Any], *, secret: str, id: str = "00000000-0000-0000-0000-000000000001"
) -> tuple[dict[str, str], bytes]:
    """Headers and raw body of one delivery."""
    body = json.dumps(payload, separators=(",", ":")).encode()
    return signed(event, body, secret=secret, id=id), body


def signed(event: str, body: bytes, *, secret: str, id: str) -> dict[str, str]:
    """The headers of a delivery of these very bytes."""
    return {
        "content-type": "application/json",
        "user-agent": "GitHub-Hookshot/fake",
        "x-github-event": event,
        "x-github-delivery": id,
        "x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(),
    }


def issue_comment(repo: Repository, comment: Comment, *, action: str = "created") -> dict[str, Any]:
    """The payload when a comment is created, edited or deleted."""
    made = _common(repo, comment.user, action)
    return {**made, "issue": render.issue(repo, repo.issues[comment.number]), "comment": render.comment(repo, comment)}


def issues(repo: Repository, issue: Issue, *, action: str = "opened", by: User | None = None) -> dict[str, Any]:
    """The payload when an issue is opened, edited, closed or deleted."""
    return {**_common(repo, by or issue.user, action), "issue": render.issue(repo, issue)}


def pull_request(repo: Repository, issue: Issue, *, action: str = "opened", by: User | None = None) -> dict[str, Any]:
    """The payload when a pull request is opened, edited, synchronised or closed (`merged` says how)."""
    made = _common(repo, by or issue.user, action)
    return {**made, "number": issue.number, "pull_request": render.pull(repo, issue, full=True)}


def push(repo: Repository, branch: str, before: str, after: str, *, by: User) -> dict[str, Any]:
    """The payload of a push."""
    made = {"ref": f"refs/heads/{branch}", "before": before, "after": after, "commits": []}
    return {**made, "repository": render.repository(repo), "sender": render.user(by)}


def _common(repo: Repository, who: User, action: str) -> dict[str, Any]:
    return {"action": action, "repository": render.repository(repo), "sender": render.user(who)}
