"""Answers about pull requests, issues, comments, reactions, labels and checks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.fakes.github import render
from tests.fakes.github.answers import Call, Refused, answers
from tests.fakes.github.state import CheckRun, Comment, Issue

Answered = tuple[int, Any]
TALK_READ, TALK_WRITE = ("issues:read", "pull_requests:read"), ("issues:write", "pull_requests:write")


@answers("pulls/list", "pull_requests:read")
def list_pulls(call: Call) -> Answered:
    repo, query = call.repo, call.query
    found = [issue for issue in repo.issues.values() if issue.pull is not None]
    state = query.get("state", "open")
    found = [issue for issue in found if query.get("base") in (None, issue.pull.base)]  # type: ignore[union-attr]
    found = [issue for issue in found if state in ("all", issue.state)]
    if "head" in query:
        owner, _, branch = query["head"].partition(":")
        found = [
            i for i in found if i.pull and i.pull.head == branch and owner.casefold() == repo.owner.login.casefold()
        ]
    by_update = query.get("sort") == "updated"
    down = query.get("direction", "desc" if not by_update else "asc") == "desc"
    found.sort(key=lambda issue: (issue.updated if by_update else issue.created, issue.number), reverse=down)
    return 200, [render.pull(repo, issue, full=False) for issue in call.page(found)]


@answers("pulls/create", "pull_requests:write")
def create_pull(call: Call) -> Answered:
    repo, body = call.repo, call.body
    head, base = body["head"].rpartition(":")[2], body["base"]
    if repo.head(head) is None or repo.head(base) is None:
        field = "head" if repo.head(head) is None else "base"
        raise _invalid({"resource": "PullRequest", "field": field, "code": "invalid"})
    for issue in repo.issues.values():
        if issue.pull is not None and issue.pull.head == head and issue.pull.base == base and issue.state == "open":
            text = f"A pull request already exists for {repo.owner.login}:{head}."
            raise _invalid({"resource": "PullRequest", "code": "custom", "message": text})
    if repo.head(head) in set(repo.objects.ancestors(repo.refs[f"refs/heads/{base}"])):
        text = f"No commits between {base} and {head}"
        raise _invalid({"resource": "PullRequest", "code": "custom", "message": text})
    if body.get("draft") and not repo.drafts_allowed:
        raise Refused(422, "Draft pull requests are not supported in this repository.")
    made = repo.add_pull(
        call.actor.actor, body["title"], body.get("body") or "", head=head, base=base, draft=bool(body.get("draft"))
    )
    return 201, render.pull(repo, made, full=True)


def _invalid(error: dict[str, str]) -> Refused:
    return Refused(422, "Validation Failed", errors=[error])


@answers("pulls/get", "pull_requests:read")
def get_pull(call: Call) -> Answered:
    return 200, render.pull(call.repo, call.issue(pull=True), full=True)


@answers("pulls/update", "pull_requests:write")
def update_pull(call: Call) -> Answered:
    issue = call.issue(pull=True)
    _update(call, issue)
    return 200, render.pull(call.repo, issue, full=True)


def _update(call: Call, issue: Issue) -> None:
    body = call.body
    issue.title, issue.body = body.get("title", issue.title), body.get("body", issue.body)
    issue.updated = call.hub.now
    if body.get("state") == "closed" and issue.state == "open":
        call.repo._close(issue, call.actor.actor)
    elif body.get("state") == "open":
        issue.state, issue.closed, issue.closed_by = "open", None, None


@answers("pulls/list-commits", "pull_requests:read")
def pull_commits(call: Call) -> Answered:
    repo, half = call.repo, call.issue(pull=True).pull
    assert half is not None
    behind = set(repo.objects.ancestors(half.base_sha))
    mine = [sha for sha in repo.objects.ancestors(half.head_sha) if sha not in behind]
    return 200, [render.commit(repo, sha) for sha in call.page(mine[::-1])]


@answers("pulls/list-files", "pull_requests:read")
def pull_files(call: Call) -> Answered:
    repo, half = call.repo, call.issue(pull=True).pull
    assert half is not None
    start = repo.objects.merge_base(repo.refs[f"refs/heads/{half.base}"], half.head_sha)
    changes = repo.objects.changed(start, half.head_sha)
    return 200, call.page([render.diff_entry(path, kind) for path, kind, _, _ in changes])


@answers("pulls/list-reviews", "pull_requests:read")
def pull_reviews(call: Call) -> Answered:
    half = call.issue(pull=True).pull
    assert half is not None
    return 200, [render.review(call.repo, each) for each in call.page(half.reviews)]


@answers("pulls/list-review-comments-for-repo", "pull_requests:read")
def review_comments(call: Call) -> Answered:
    found = [each for each in call.repo.comments.values() if each.path]
    return 200, [render.review_comment(call.repo, each) for each in call.page(_since(call, found))]


@answers("issues/list-for-repo", *TALK_READ)
def list_issues(call: Call) -> Answered:
    state = call.query.get("state", "open")
    found = [each for each in call.repo.issues.values() if state in ("all", each.state)]
    since = _instant(call, "since")
    found = [each for each in found if since is None or each.updated >= since]
    found.sort(key=lambda each: each.number, reverse=call.query.get("direction", "desc") == "desc")
    return 200, [render.issue(call.repo, each) for each in call.page(found)]


@answers("issues/create", "issues:write")
def create_issue(call: Call) -> Answered:
    title = str(call.body["title"])
    if not title.strip():
        raise _invalid({"resource": "Issue", "field": "title", "code": "missing_field"})
    made = call.repo.add_issue(call.actor.actor, title, call.body.get("body") or "")
    return 201, render.issue(call.repo, made)


@answers("issues/get", *TALK_READ)
def get_issue(call: Call) -> Answered:
    return 200, render.issue(call.repo, call.issue())


@answers("issues/update", *TALK_WRITE)
def update_issue(call: Call) -> Answered:
    issue = call.issue()
    _update(call, issue)
    if "labels" in call.body:
        issue.labels = list(call.body["labels"])
    return 200, render.issue(call.repo, issue)


@answers("activity/list-repo-events", "metadata:read")
def events(call: Call) -> Answered:
    """Nobody looks at the events themselves: they say how often one may ask, and come hours late."""
    assert call.repo is not None
    call.headers["x-poll-interval"] = str(call.hub.poll_interval)
    return 200, []


@answers("issues/list-comments-for-repo", *TALK_READ)
def list_all_comments(call: Call) -> Answered:
    found = [each for each in call.repo.comments.values() if not each.path]
    return 200, [render.comment(call.repo, each) for each in call.page(_since(call, found))]


def _since(call: Call, found: list[Comment]) -> list[Comment]:
    since = _instant(call, "since")
    kept = [each for each in found if since is None or each.updated >= since]
    by_update, down = call.query.get("sort") == "updated", call.query.get("direction", "desc") == "desc"
    return sorted(kept, key=lambda each: (each.updated if by_update else each.created, each.id), reverse=down)


def _instant(call: Call, name: str) -> datetime | None:
    return datetime.fromisoformat(call.query[name]) if name in call.query else None


@answers("issues/list-comments", *TALK_READ)
def list_comments(call: Call) -> Answered:
    number, since = call.issue().number, _instant(call, "since")
    found = [each for each in call.repo.comments.values() if each.number == number and not each.path]
    found = [each for each in found if since is None or each.updated >= since]
    return 200, [render.comment(call.repo, each) for each in call.page(found)]


@answers("issues/create-comment", *TALK_WRITE)
def create_comment(call: Call) -> Answered:
    made = call.repo.add_comment(call.issue().number, call.body["body"], call.actor.actor)
    return 201, render.comment(call.repo, made)


def _comment(call: Call) -> Comment:
    found = call.repo.comments.get(int(call.path["comment_id"]))
    if found is None:
        raise Refused(404, "Not Found")
    return found


@answers("issues/get-comment", *TALK_READ)
def get_comment(call: Call) -> Answered:
    return 200, render.comment(call.repo, _comment(call))


@answers("issues/update-comment", *TALK_WRITE)
def update_comment(call: Call) -> Answered:
    found = _comment(call)
    found.body, found.updated = call.body["body"], call.hub.now
    return 200, render.comment(call.repo, found)


@answers("reactions/list-for-issue-comment", *TALK_READ)
def comment_reactions(call: Call) -> Answered:
    return 200, [render.reaction(each) for each in call.page(_comment(call).reactions)]


@answers("reactions/create-for-issue-comment", *TALK_WRITE)
def react_to_comment(call: Call) -> Answered:
    made, new = call.repo.add_reaction(_comment(call), call.body["content"], call.actor.actor)
    return 201 if new else 200, render.reaction(made)


@answers("reactions/list-for-issue", *TALK_READ)
def issue_reactions(call: Call) -> Answered:
    return 200, [render.reaction(each) for each in call.page(call.issue().reactions)]


@answers("reactions/create-for-issue", *TALK_WRITE)
def react_to_issue(call: Call) -> Answered:
    made, new = call.repo.add_reaction(call.issue(), call.body["content"], call.actor.actor)
    return 201 if new else 200, render.reaction(made)


@answers("issues/get-label", *TALK_READ)
def get_label(call: Call) -> Answered:
    if call.path["name"] not in call.repo.labels:
        raise Refused(404, "Not Found")
    return 200, render.label(call.path["name"])


@answers("issues/list-labels-on-issue", *TALK_READ)
def issue_labels(call: Call) -> Answered:
    return 200, [render.label(each) for each in call.page(call.issue().labels)]


@answers("issues/add-labels", *TALK_WRITE)
def add_labels(call: Call) -> Answered:
    issue = call.issue()
    issue.labels += [name for name in call.body["labels"] if name not in issue.labels]
    call.repo.labels.update(issue.labels)
    return 200, [render.label(each) for each in issue.labels]


@answers("checks/create", "checks:write")
def create_check(call: Call) -> Answered:
    body, now = call.body, call.hub.now
    if call.actor.actor.type != "Bot":
        raise Refused(403, "You must authenticate via a GitHub App.")
    if call.repo.objects.commit(body["head_sha"]) is None:
        raise Refused(422, f"No commit found for SHA: {body['head_sha']}")
    made = CheckRun(
        next(call.hub.numbers),
        body["name"],
        body["head_sha"],
        body.get("status", "completed" if "conclusion" in body else "queued"),
        body.get("conclusion"),
        body.get("output", {}),
        body.get("external_id", ""),
        body.get("details_url"),
        now,
        now if "conclusion" in body else None,
        call.actor.actor,
    )
    call.repo.check_runs[made.id] = made
    return 201, render.check_run(call.hub, made)


def _check(call: Call) -> CheckRun:
    found = call.repo.check_runs.get(int(call.path["check_run_id"]))
    if found is None:
        raise Refused(404, "Not Found")
    return found


@answers("checks/get", "checks:read")
def get_check(call: Call) -> Answered:
    return 200, render.check_run(call.hub, _check(call))


@answers("checks/update", "checks:write")
def update_check(call: Call) -> Answered:
    found, body = _check(call), call.body
    if found.maker is not call.actor.actor:
        raise Refused(403, "Invalid app_id - check run can only be modified by the GitHub App that created it.")
    found.status = body.get("status", "completed" if "conclusion" in body else found.status)
    found.conclusion = body.get("conclusion", found.conclusion if found.status == "completed" else None)
    found.output = body.get("output", found.output)
    if found.conclusion is not None:
        found.completed = call.hub.now
    return 200, render.check_run(call.hub, found)


@answers("checks/list-for-ref", "checks:read")
def list_checks(call: Call) -> Answered:
    ref = call.path["ref"]
    sha = call.repo.head(ref) or ref
    found = [each for each in call.repo.check_runs.values() if each.sha == sha]
    found = [each for each in found if call.query.get("check_name", each.name) == each.name]
    return 200, {
        "total_count": len(found),
        "check_runs": [render.check_run(call.hub, each) for each in call.page(found)],
    }


@answers("repos/list-pull-requests-associated-with-commit", "pull_requests:read")
def pulls_of_commit(call: Call) -> Answered:
    sha, repo = call.path["commit_sha"], call.repo
    found = [each for each in repo.issues.values() if each.pull and sha in (each.pull.head_sha, each.pull.merge_commit)]
    return 200, [render.pull(repo, each, full=False) for each in call.page(found)]
