"""Answers about git: refs, objects, commits, comparisons."""

from __future__ import annotations

import base64
import binascii
import stat
from datetime import datetime
from typing import Any

from tests.fakes.github import render
from tests.fakes.github.answers import Call, Refused, answers
from tests.fakes.github.description import description
from tests.fakes.github.objects import Stamp
from tests.fakes.github.state import Repository

Answered = tuple[int, Any]


@answers("git/get-ref", "contents:read")
def get_ref(call: Call) -> Answered:
    name = f"refs/{call.path['ref']}"
    sha = call.repo.refs.get(name)
    if sha is None:
        raise Refused(404, "Not Found") if call.repo.refs else Refused(409, "Git Repository is empty.")
    return 200, render.ref(name, sha)


@answers("git/create-ref", "contents:write")
def create_ref(call: Call) -> Answered:
    repo, name, sha = call.repo, call.body["ref"], call.body["sha"]
    if not name.startswith("refs/") or name.count("/") < 2:
        raise Refused(422, "Reference name is not valid")
    if repo.objects.commit(sha) is None:
        raise Refused(422, "Object does not exist")
    if name in repo.refs:
        raise Refused(422, "Reference already exists")
    if any(each.startswith(name + "/") or name.startswith(each + "/") for each in repo.refs):
        raise Refused(422, "Reference cannot be created: another one is in the way")
    repo.refs[name] = sha
    return 201, render.ref(name, sha)


@answers("git/update-ref", "contents:write")
def update_ref(call: Call) -> Answered:
    repo, name, sha = call.repo, f"refs/{call.path['ref']}", call.body["sha"]
    if name not in repo.refs:
        raise Refused(422, "Reference does not exist")
    if repo.objects.commit(sha) is None:
        raise Refused(422, "Object does not exist")
    forward = repo.refs[name] in set(repo.objects.ancestors(sha))
    if not forward and not call.body.get("force", False):
        raise Refused(422, "Update is not a fast forward")
    if name.removeprefix("refs/heads/") in repo.protected:
        raise Refused(422, "Cannot update this protected ref.")
    repo.refs[name] = sha
    repo.follow(name.removeprefix("refs/heads/"))
    return 200, render.ref(name, sha)


@answers("git/get-commit", "contents:read")
def get_commit(call: Call) -> Answered:
    if call.repo.objects.commit(call.path["commit_sha"]) is None:
        raise Refused(404, "Not Found")
    return 200, render.git_commit(call.repo, call.path["commit_sha"])


@answers("git/create-commit", "contents:write")
def create_commit(call: Call) -> Answered:
    repo, body = call.repo, call.body
    if repo.objects.tree(body["tree"]) is None or any(repo.objects.commit(p) is None for p in body.get("parents", ())):
        raise Refused(422, "Tree SHA does not exist")
    actor = call.actor.actor
    own = Stamp(name=actor.login if actor.type == "Bot" else actor.name, mail=actor.mail, at=call.hub.now)
    author = _named(body.get("author"), own)
    plain = actor.type == "Bot" and "author" not in body and "committer" not in body
    # The forge itself commits, and signs, what an app did not put a name to.
    forge = Stamp(name="GitHub", mail="noreply@github.com", at=call.hub.now)
    committer = forge if plain else _named(body.get("committer"), author)
    sha = repo.objects.write_commit(
        tree=body["tree"], parents=body.get("parents", ()), message=body["message"], author=author, committer=committer
    )
    return 201, render.git_commit(repo, sha)


def _named(given: dict[str, str] | None, default: Stamp) -> Stamp:
    if given is None:
        return default
    at = datetime.fromisoformat(given["date"]) if "date" in given else default.at
    return Stamp(name=given["name"], mail=given["email"], at=at)


@answers("git/get-tree", "contents:read")
def get_tree(call: Call) -> Answered:
    sha = call.path["tree_sha"]
    tree = call.repo.objects.tree(sha)
    if tree is None:
        raise Refused(404, "Not Found")
    entries = [_entry(call.repo, each.path.decode(), each.mode, each.sha.decode()) for each in tree.items()]
    return 200, {"sha": sha, "url": f"{render.HTML}/{sha}", "tree": entries, "truncated": False}


def _entry(repo: Repository, path: str, mode: int, sha: str) -> dict[str, Any]:
    kind = "tree" if stat.S_ISDIR(mode) else "commit" if mode == 0o160000 else "blob"
    made = {"path": path, "mode": f"{mode:06o}", "type": kind, "sha": sha, "url": f"{render.HTML}/{sha}"}
    blob = repo.objects.blob(sha)
    return {**made, "size": len(blob.data)} if blob is not None else made


@answers("git/create-tree", "contents:write")
def create_tree(call: Call) -> Answered:
    repo = call.repo
    entries = []
    for each in call.body["tree"]:
        sha = repo.objects.write_blob(each["content"].encode()) if "content" in each else each["sha"]
        if sha is not None and not repo.objects.has(sha):
            raise Refused(422, "GitRPC::BadObjectState")
        entries.append((each["path"], int(each["mode"], 8), sha))
    base = call.body.get("base_tree")
    if base is not None and repo.objects.tree(base) is None:
        raise Refused(404, "Not Found")
    sha = repo.objects.write_tree(base, entries)
    made = repo.objects.tree(sha)
    assert made is not None
    tree = [_entry(repo, each.path.decode(), each.mode, each.sha.decode()) for each in made.items()]
    return 201, {"sha": sha, "url": f"{render.HTML}/{sha}", "tree": tree, "truncated": False}


@answers("git/get-blob", "contents:read")
def get_blob(call: Call) -> Answered:
    blob = call.repo.objects.blob(call.path["file_sha"])
    if blob is None:
        raise Refused(404, "Not Found")
    return 200, render.blob(call.path["file_sha"], blob.data)


@answers("git/create-blob", "contents:write")
def create_blob(call: Call) -> Answered:
    content = call.body["content"]
    try:
        data = base64.b64decode(content, validate=True) if call.body.get("encoding") == "base64" else content.encode()
    except binascii.Error as error:
        raise Refused(422, "content is not valid Base64") from error
    sha = call.repo.objects.write_blob(data)
    return 201, description().fill("short-blob", sha=sha, url=f"{render.HTML}/{sha}")


@answers("repos/list-commits", "contents:read")
def list_commits(call: Call) -> Answered:
    repo, query = call.repo, call.query
    start = _resolve(repo, query.get("sha", repo.default_branch))
    since, until = (datetime.fromisoformat(query[each]) if each in query else None for each in ("since", "until"))
    found = []
    for sha in repo.objects.ancestors(start):
        commit = repo.objects.commit(sha)
        assert commit is not None
        at = commit.commit_time
        if (since is None or at >= since.timestamp()) and (until is None or at <= until.timestamp()):
            found.append(sha)
    return 200, [render.commit(repo, sha) for sha in call.page(found)]


@answers("repos/get-commit", "contents:read")
def get_history_commit(call: Call) -> Answered:
    return 200, render.commit(call.repo, _resolve(call.repo, call.path["ref"]), files=True)


def _resolve(repo: Repository, name: str) -> str:
    for each in (name, repo.refs.get(f"refs/heads/{name}"), repo.refs.get(f"refs/{name}")):
        if each is not None and repo.objects.commit(each) is not None:
            return each
    raise (
        Refused(409, "Git Repository is empty.") if not repo.refs else Refused(422, f"No commit found for SHA: {name}")
    )


@answers("repos/compare-commits-with-basehead", "contents:read")
def compare(call: Call) -> Answered:
    repo = call.repo
    one, _, other = call.path["basehead"].partition("...")
    try:
        base, head = _resolve(repo, one), _resolve(repo, other)
    except Refused as error:
        raise Refused(404, "Not Found") from error
    common = repo.objects.merge_base(base, head)
    if common is None:
        raise Refused(404, "No common ancestor between the two.")
    mine, theirs = set(repo.objects.ancestors(base)), set(repo.objects.ancestors(head))
    ahead, behind = len(theirs - mine), len(mine - theirs)
    status = {(False, False): "identical", (True, False): "ahead", (False, True): "behind"}.get(
        (ahead > 0, behind > 0), "diverged"
    )
    files = [render.diff_entry(path, kind) for path, kind, _, _ in repo.objects.changed(common, head)]
    made = description().fill(
        "commit-comparison",
        status=status,
        ahead_by=ahead,
        behind_by=behind,
        total_commits=ahead,
        base_commit=render.commit(repo, base),
        merge_base_commit=render.commit(repo, common),
        commits=call.page([render.commit(repo, sha) for sha in repo.objects.ancestors(head) if sha not in mine]),
        files=files,
    )
    return 200, made
