"""What a fake GitHub says of the things it has: what matters is set here, the rest is filled by the description."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any, Final

from dulwich.objects import Commit

from tests.fakes.github.clock import stamp
from tests.fakes.github.description import description
from tests.fakes.github.state import App, CheckRun, Comment, GitHub, Issue, Reaction, Repository, Review, User

HTML = "https://forge.example"
Json = dict[str, Any]


GHOST: Final = User(10137, "ghost")
"""In whose name GitHub shows what an account wrote that was deleted."""


def user(who: User) -> Json:
    return description().fill(
        "simple-user",
        login=who.login,
        id=who.id,
        type=who.type,
        html_url=f"{HTML}/{who.login}",
        site_admin=False,
        email=None,
        name=who.name or None,
    )


def account(who: User) -> Json:
    """A user as one asks for by name or id."""
    return description().fill(
        "public-user", login=who.login, id=who.id, type=who.type, name=who.name, html_url=f"{HTML}/{who.login}"
    )


def repository(repo: Repository, permissions: dict[str, bool] | None = None, *, full: bool = True) -> Json:
    return description().fill(
        "full-repository" if full else "repository",
        id=repo.id,
        name=repo.name,
        full_name=repo.full_name,
        private=repo.private,
        owner=user(repo.owner),
        html_url=f"{HTML}/{repo.full_name}",
        default_branch=repo.default_branch,
        archived=repo.archived,
        disabled=False,
        visibility="private" if repo.private else "public",
        permissions=permissions or {"admin": False, "push": True, "pull": True},
    )


def ref(name: str, sha: str) -> Json:
    made = description().fill("git-ref", ref=name)
    made["object"] = {"type": "commit", "sha": sha, "url": f"{HTML}/git/{sha}"}
    return made


def git_commit(repo: Repository, sha: str) -> Json:
    """A commit as the Git Data API has it."""
    commit = repo.objects.commit(sha)
    assert commit is not None
    return description().fill(
        "git-commit",
        sha=sha,
        author=_signature(commit.author, commit.author_time),
        committer=_signature(commit.committer, commit.commit_time),
        message=commit.message.decode("utf-8", "replace"),
        tree={"sha": commit.tree.decode(), "url": f"{HTML}/git/{commit.tree.decode()}"},
        parents=[{"sha": p, "url": f"{HTML}/p", "html_url": f"{HTML}/p"} for p in repo.objects.parents(sha)],
        verification=_verification(commit),
    )


def commit(repo: Repository, sha: str, *, files: bool = False) -> Json:
    """A commit as the repository's history has it, with the accounts behind the mail addresses."""
    found = repo.objects.commit(sha)
    assert found is not None
    parents = repo.objects.parents(sha)
    made = description().fill(
        "commit",
        sha=sha,
        html_url=f"{HTML}/{repo.full_name}/commit/{sha}",
        commit={
            "url": f"{HTML}/git/{sha}",
            "author": _signature(found.author, found.author_time),
            "committer": _signature(found.committer, found.commit_time),
            "message": found.message.decode("utf-8", "replace").rstrip("\n"),
            "comment_count": 0,
            "tree": {"sha": found.tree.decode(), "url": f"{HTML}/git/{found.tree.decode()}"},
            "verification": _verification(found),
        },
        author=_behind(repo.hub, found.author),
        committer=_behind(repo.hub, found.committer),
        parents=[{"sha": p, "url": f"{HTML}/p", "html_url": f"{HTML}/p"} for p in parents],
    )
    if files:
        changes = repo.objects.changed(parents[0] if parents else None, sha)
        made["files"] = [diff_entry(path, kind) for path, kind, _, _ in changes]
    return made


def diff_entry(path: str, kind: str) -> Json:
    return description().fill(
        "diff-entry", filename=path, status=kind, sha="0" * 40, additions=1, deletions=0, changes=1
    )


def pull(repo: Repository, issue: Issue, *, full: bool) -> Json:
    half = issue.pull
    assert half is not None
    name = "pull-request" if full else "pull-request-simple"
    extra: Json = {}
    if full:
        extra = {
            "merged": half.merged_at is not None,
            "merged_by": user(half.merged_by) if half.merged_by else None,
            "mergeable": True,
            "mergeable_state": "clean",
        }
    made = description().fill(
        name,
        id=issue.id,
        number=issue.number,
        html_url=f"{HTML}/{repo.full_name}/pull/{issue.number}",
        state=issue.state,
        title=issue.title,
        body=issue.body,
        user=user(issue.user),
        draft=half.draft,
        labels=[label(each) for each in issue.labels],
        created_at=stamp(issue.created),
        updated_at=stamp(issue.updated),
        closed_at=stamp(issue.closed) if issue.closed else None,
        merged_at=stamp(half.merged_at) if half.merged_at else None,
        merge_commit_sha=half.merge_commit,
        head=_side(repo, half.head, half.head_sha),
        base=_side(repo, half.base, half.base_sha),
        **extra,
    )
    return made


def _side(repo: Repository, name: str, sha: str) -> Json:
    return {
        "label": f"{repo.owner.login}:{name}",
        "ref": name,
        "sha": sha,
        "repo": repository(repo, full=False),
        "user": user(repo.owner),
    }


def label(name: str) -> Json:
    return description().fill(
        "label", name=name, description="", color="ededed", default=False, id=abs(hash(name)) % 10**6
    )


def issue(repo: Repository, found: Issue) -> Json:
    made = description().fill(
        "issue",
        id=found.id,
        node_id=f"I_{repo.id}_{found.number}",
        number=found.number,
        html_url=f"{HTML}/{repo.full_name}/{'pull' if found.pull else 'issues'}/{found.number}",
        state=found.state,
        title=found.title,
        body=found.body,
        user=user(found.user),
        labels=[label(each) for each in found.labels],
        comments=sum(each.number == found.number and not each.path for each in repo.comments.values()),
        created_at=stamp(found.created),
        updated_at=stamp(found.updated),
        closed_at=stamp(found.closed) if found.closed else None,
        closed_by=user(found.closed_by) if found.closed_by else None,
        reactions=rollup(found.reactions),
    )
    if found.pull is not None:
        pulls = f"{HTML}/{repo.full_name}/pull/{found.number}"
        made["pull_request"] = {"url": pulls, "html_url": pulls, "diff_url": pulls, "patch_url": pulls}
    return made


def comment(repo: Repository, found: Comment) -> Json:
    where = f"{HTML}/{repo.full_name}/issues/{found.number}"
    return description().fill(
        "issue-comment",
        id=found.id,
        node_id=f"IC_{found.id}",
        html_url=f"{where}#issuecomment-{found.id}",
        issue_url=f"{HTML}/repos/{repo.full_name}/issues/{found.number}",
        body=found.body,
        user=user(found.user if found.user.id in repo.hub.users else GHOST),
        created_at=stamp(found.created),
        updated_at=stamp(found.updated),
        reactions=rollup(found.reactions),
    )


def review_comment(repo: Repository, found: Comment) -> Json:
    return description().fill(
        "pull-request-review-comment",
        id=found.id,
        path=found.path,
        body=found.body,
        user=user(found.user),
        pull_request_url=f"{HTML}/repos/{repo.full_name}/pulls/{found.number}",
        created_at=stamp(found.created),
        updated_at=stamp(found.updated),
    )


def review(repo: Repository, found: Review) -> Json:
    return description().fill(
        "pull-request-review",
        id=found.id,
        user=user(found.user),
        body=found.body,
        state=found.state,
        submitted_at=stamp(found.at),
        commit_id=found.commit,
    )


def reaction(found: Reaction) -> Json:
    return description().fill(
        "reaction", id=found.id, user=user(found.user), content=found.content, created_at=stamp(found.at)
    )


def rollup(reactions: list[Reaction]) -> Json:
    names = ("+1", "-1", "laugh", "confused", "heart", "hooray", "eyes", "rocket")
    counts = {name: sum(each.content == name for each in reactions) for name in names}
    return {"url": f"{HTML}/reactions", "total_count": len(reactions), **counts}


def check_run(hub: GitHub, found: CheckRun) -> Json:
    maker = next((each for each in hub.apps.values() if each.bot is found.maker), None)
    made = description().fill(
        "check-run",
        id=found.id,
        name=found.name,
        head_sha=found.sha,
        status=found.status,
        conclusion=found.conclusion,
        external_id=found.external_id,
        app=app(maker) if maker is not None else None,
        details_url=found.details_url,
        started_at=stamp(found.started),
        completed_at=stamp(found.completed) if found.completed else None,
    )
    output = {"title": None, "summary": None, "text": None, "annotations_count": 0, "annotations_url": f"{HTML}/a"}
    made["output"] = {**output, **found.output}
    return made


def app(found: App) -> Json:
    return description().fill(
        "integration",
        id=found.id,
        slug=found.slug,
        name=found.slug.title(),
        owner=user(found.bot),
        permissions=dict(found.permissions),
        events=list(found.events),
    )


def installation(hub: GitHub, found: App, number: int) -> Json:
    owner, _ = found.installations[number]
    return description().fill(
        "installation",
        id=number,
        account=user(owner),
        app_id=found.id,
        app_slug=found.slug,
        target_id=owner.id,
        target_type=owner.type,
        repository_selection="selected",
        permissions=dict(found.permissions),
        events=list(found.events),
        suspended_at=None,
    )


def blob(sha: str, data: bytes) -> Json:
    text = base64.encodebytes(data).decode()
    return description().fill("blob", sha=sha, content=text, encoding="base64", size=len(data))


def _signature(who: bytes, seconds: int) -> Json:
    name, _, rest = who.decode("utf-8", "replace").partition(" <")
    return {"name": name, "email": rest.rstrip(">"), "date": stamp(datetime.fromtimestamp(seconds, UTC))}


def _behind(hub: GitHub, who: bytes) -> Json | None:
    mail = who.rpartition(b"<")[2].rstrip(b">").decode()
    if mail == "noreply@github.com":
        return user(hub.web_flow)
    found = next((each for each in hub.users.values() if mail in (each.mail, f"{each.login}@example.org")), None)
    return user(found) if found is not None else None


def _verification(commit: Commit) -> Json:
    signed = commit.committer == b"GitHub <noreply@github.com>"
    made = {"verified": signed, "reason": "valid" if signed else "unsigned", "signature": None, "payload": None}
    return {**made, "verified_at": None}
