"""Answers about accounts, apps, tokens and settings; and the device flow, which is no part of the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.fakes.github import render
from tests.fakes.github.answers import Call, Refused, answers
from tests.fakes.github.clock import stamp
from tests.fakes.github.description import description
from tests.fakes.github.state import App, DeviceCode, GitHub, Token

Answered = tuple[int, Any]


def _app(call: Call) -> App:
    if call.app is None:
        raise Refused(401, "A JSON web token could not be decoded")
    return call.app


@answers("apps/get-authenticated")
def get_app(call: Call) -> Answered:
    return 200, render.app(_app(call))


@answers("apps/get-repo-installation")
def repo_installation(call: Call) -> Answered:
    app = _app(call)
    for number, (_, names) in app.installations.items():
        if call.repo.full_name in names:
            return 200, render.installation(call.hub, app, number)
    raise Refused(404, "Not Found")


@answers("apps/get-installation")
def get_installation(call: Call) -> Answered:
    app, number = _app(call), int(call.path["installation_id"])
    if number not in app.installations:
        raise Refused(404, "Not Found")
    return 200, render.installation(call.hub, app, number)


@answers("apps/create-installation-access-token")
def installation_token(call: Call) -> Answered:
    app, number = _app(call), int(call.path["installation_id"])
    if number not in app.installations:
        raise Refused(404, "Not Found")
    owner, names = app.installations[number]
    asked = call.body.get("repositories")
    wanted = None if asked is None else frozenset(f"{owner.login}/{name}" for name in asked)
    if wanted is not None and not wanted <= names:
        raise Refused(
            422, "There is at least one repository that does not exist or is not accessible to the parent installation."
        )
    token = call.hub.installation_token(app, number, repositories=wanted)
    assert token.expires is not None
    made = description().fill(
        "installation-token", token=token.value, expires_at=stamp(token.expires), permissions=dict(token.permissions)
    )
    return 201, made


@answers("apps/list-repos-accessible-to-installation")
def installation_repositories(call: Call) -> Answered:
    names = sorted(call.actor.repositories or ())
    found = [render.repository(call.hub.repositories[name], full=False) for name in call.page(names)]
    return 200, {"total_count": len(names), "repositories": found}


@answers("apps/get-webhook-config-for-app")
def hook_config(call: Call) -> Answered:
    _app(call)
    return 200, description().fill("webhook-config")


@answers("rate-limit/get")
def rate_limit(call: Call) -> Answered:
    hub = call.hub
    now = {"limit": hub.limit, "used": hub.used, "remaining": hub.limit - hub.used, "reset": int(hub.reset.timestamp())}
    return 200, {"resources": {"core": now, "search": now}, "rate": now}


@answers("users/get-authenticated")
def me(call: Call) -> Answered:
    if call.actor.installation is not None:
        raise Refused(403, "Resource not accessible by integration")
    return 200, render.account(call.actor.actor)


@answers("users/get-by-username")
def by_name(call: Call) -> Answered:
    found = call.hub.find(call.path["username"])
    if found is None:
        raise Refused(404, "Not Found")
    return 200, render.account(found)


@answers("users/get-by-id")
def by_id(call: Call) -> Answered:
    found = call.hub.users.get(int(call.path["account_id"]))
    if found is None:
        raise Refused(404, "Not Found")
    return 200, render.account(found)


@answers("repos/get", "metadata:read")
def get_repository(call: Call) -> Answered:
    return 200, render.repository(call.repo)


@answers("repos/get-branch", "contents:read")
def get_branch(call: Call) -> Answered:
    repo, name = call.repo, call.path["branch"]
    sha = repo.head(name)
    if sha is None:
        raise Refused(404, "Branch not found")
    return 200, description().fill(
        "branch-with-protection",
        name=name,
        commit=render.commit(repo, sha),
        protected=name in repo.protected,
        protection={"enabled": name in repo.protected},
    )


@answers("repos/get-branch-rules", "metadata:read")
def branch_rules(call: Call) -> Answered:
    rules = [
        {"type": kind, "ruleset_source_type": "Repository", "ruleset_source": "x", "ruleset_id": 1}
        for kind in call.repo.rules
    ]
    return 200, call.page(rules)


@answers("repos/get-collaborator-permission-level", "metadata:read")
def collaborator(call: Call) -> Answered:
    name = call.path["username"]
    found = call.hub.find(name)
    if found is None:
        raise Refused(404, f"{name} is not a user")
    level = call.repo.permissions.get(found.login, "read")
    return 200, {"permission": level, "role_name": level, "user": None}


# --------------------------------------------------------------------------- device flow


def device_code(hub: GitHub, form: dict[str, str]) -> dict[str, Any]:
    """`POST /login/device/code`."""
    number = next(hub.numbers)
    code = DeviceCode(f"device{number}", f"ABCD-{number}", form["client_id"], hub.now + timedelta(seconds=900), 5)
    hub.device_codes[code.device_code] = code
    return {
        "device_code": code.device_code,
        "user_code": code.user_code,
        "verification_uri": f"{render.HTML}/login/device",
        "expires_in": 900,
        "interval": code.interval,
    }


def device_token(hub: GitHub, form: dict[str, str]) -> dict[str, Any]:
    """`POST /login/oauth/access_token`: the token once the member has agreed, an error until then."""
    code = hub.device_codes.get(form.get("device_code", ""))
    if code is None or code.client != form.get("client_id"):
        return {"error": "incorrect_device_code"}
    if code.denied:
        return {"error": "access_denied"}
    if hub.now >= code.expires:
        return {"error": "expired_token"}
    if code.asked is not None and (hub.now - code.asked).total_seconds() < code.interval:
        code.interval += 5
        return {"error": "slow_down", "interval": code.interval}
    code.asked = hub.now
    if code.approved_by is None:
        return {"error": "authorization_pending"}
    value = f"ghu_{next(hub.numbers)}"
    hub.tokens[value] = Token(value, code.approved_by, {})
    del hub.device_codes[code.device_code]
    return {"access_token": value, "token_type": "bearer", "scope": ""}
