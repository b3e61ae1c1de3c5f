"""`folkmoot github check`: looks at who the bot is on GitHub, what it may do there, and what it lacks.

Must never write anything: the rights of a token are tried with requests that cannot be carried out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from adapters.github.client import part
from adapters.github.errors import Rejected
from adapters.github.forge import GitHubForge
from bot.ports import Finding, ForgeError

NEEDED: Final[Mapping[str, tuple[str, str]]] = {
    "metadata": ("read", "to find the repository and its default branch"),
    "contents": ("write", "to read the maintainers file, and to make a draft's branch"),
    "pull_requests": ("write", "to open draft pull requests"),
    "issues": ("read", "to count discussions in the activity review"),
}
"""What the bot needs of a GitHub App or a fine-grained token, and what for."""
FOR_COMMENTS: Final = {"issues": ("write", "to read and answer ballots in comments, and to count discussions")}
"""What voting on issues and pull requests takes besides."""
FOR_GUARD: Final = {"checks": ("write", "to show the merge guard's check on pull requests")}
"""What the merge guard takes besides."""
TOLD: Final[Mapping[str, tuple[str, str]]] = {
    "issue_comment": ("Issue comment", "ballots in comments"),
    "issues": ("Issues", "calls for a resolution"),
    "pull_request": ("Pull request", "nominations in pull requests, and the merge guard's check"),
    "push": ("Push", "changes of the maintainers file"),
}
"""What GitHub has to tell by webhook: its name on the App's page, and what is found later without it."""
_SCOPES: Final = frozenset({"repo", "public_repo"})
_LEVELS: Final = ("read", "write", "admin")
_TRIED: Final = "folkmoot/0-check"


async def check(
    forge: GitHubForge,
    *,
    app: bool,
    labels: Sequence[str] = (),
    comments: bool = False,
    guard: bool = False,
    hooks: bool = False,
) -> list[Finding]:
    """Every finding about one repository, the good ones too. `hooks` says that GitHub's webhooks are waited for."""
    client = forge.client
    needed = {**NEEDED, **(FOR_COMMENTS if comments else {}), **(FOR_GUARD if guard else {})}
    async with client.use():
        try:
            repository = await client.get(client.repo())
            scopes = client.headers.get("x-oauth-scopes")
            own = await forge.accounts.own()
        except ForgeError as error:
            return [_wrong(error)]
        found = [_ok(f"GitHub knows the bot as {own.login} ({own.id}), and it reaches {repository['full_name']}")]
        if repository["archived"]:
            found.append(Finding(mark="wrong", what="The repository is archived", remedy="unarchive it"))
        for look in (
            _rights(forge, repository, scopes, needed, app=app),
            _branch(forge),
            _labels(forge, labels),
            _limit(forge),
            *([_subscribed(forge)] if app and hooks else ()),
        ):
            try:
                found += await look
            except ForgeError as error:
                found.append(_wrong(error))
    return found


async def _rights(
    forge: GitHubForge, repository: Any, scopes: str | None, needed: Mapping[str, tuple[str, str]], *, app: bool
) -> list[Finding]:
    """What an App is granted, held to what is needed; or what a token may do."""
    if app:
        installed = await forge.client.get(forge.client.repo("/installation"))
        return granted(installed["permissions"], needed)
    if scopes:
        return classic({each.strip() for each in scopes.split(",")}, private=bool(repository["private"]))
    return await _tried(forge, str(repository["default_branch"]), needed)


def granted(permissions: Mapping[str, str], needed: Mapping[str, tuple[str, str]] = NEEDED) -> list[Finding]:
    """What an installation lacks, and what it has beyond need (T41)."""
    found = []
    for name, (level, why) in needed.items():
        if not _enough(permissions.get(name), level):
            mended = "grant it on the App's page under Permissions, then accept it in the installation"
            found.append(_lacking(name, level, why, mended))
    extra = [
        f"{name}: {level}"
        for name, level in sorted(permissions.items())
        if name not in needed or (_enough(level, "write") and needed[name][0] == "read")
    ]
    if extra:
        what = f"The App may do more than it needs: {', '.join(extra)}"
        found.append(Finding(mark="warning", what=what, remedy="take it away on the App's page"))
    return found or [_ok("The App has the permissions that it needs, and no other")]


def classic(scopes: set[str], *, private: bool) -> list[Finding]:
    """A classic token reaches everything that its owner does: that is told even where it works."""
    remedy = "use a GitHub App, or a fine-grained token for this repository alone"
    if not scopes & (_SCOPES - ({"public_repo"} if private else set())):
        wanted = "repo" if private else "public_repo"
        return [Finding(mark="wrong", what=f"The token lacks the scope {wanted}", remedy=remedy)]
    extra = sorted(scopes - {"public_repo"} if not private else scopes - {"repo"})
    more = f", and has the scopes {', '.join(extra)} beyond need" if extra else ""
    what = f"The token is a classic one: it reaches all of its owner's repositories{more}"
    return [Finding(mark="warning", what=what, remedy=remedy)]


async def _tried(forge: GitHubForge, base: str, needed: Mapping[str, tuple[str, str]]) -> list[Finding]:
    """A fine-grained token does not say what it may do, so it is asked for what cannot be done."""
    client, found = forge.client, list[Finding]()
    nowhere = {"title": "Check", "head": _TRIED, "base": base, "body": ""}
    tries = (
        ("contents", "/git/refs", {"ref": f"refs/heads/{_TRIED}", "sha": "0" * 40}),
        ("pull_requests", "/pulls", nowhere),
        ("issues", "/issues", {"title": ""}),
    )
    for name, path, data in tries:
        if needed[name][0] != "write":
            continue
        try:
            await client.post(client.repo(path), data)
        except Rejected as error:
            if error.status in (403, 404):
                found.append(_lacking(name, *needed[name], "edit the token's permissions on its owner's page"))
            elif error.status != 422:
                raise
    return found or [_ok("The token may write what it has to; whether it may do more, its page tells")]


async def _branch(forge: GitHubForge) -> list[Finding]:
    """Whether the default branch is guarded, and nothing keeps the bot from its own branches."""
    client, base = forge.client, await forge.git.base()
    branch = await client.get(client.repo(f"/branches/{part(base.branch)}"))
    rules = await client.get(client.repo(f"/rules/branches/{part(base.branch)}"))
    found = [_ok(f"The default branch is {base.branch}, at {base.commit[:12]}, and it is protected")]
    if not branch["protected"] and not any(each["type"] == "pull_request" for each in rules):
        what = f"The default branch {base.branch} is not protected: whoever may write can change the roster unseen"
        remedy = "require pull requests, with an approval, for it in the repository's rules"
        found = [Finding(mark="warning", what=what, remedy=remedy)]
    own = await client.get(client.repo(f"/rules/branches/{part(_TRIED)}"))
    if any(each["type"] in ("creation", "update") for each in own):
        what = "The repository's rules keep the bot from making its branches folkmoot/*"
        found.append(
            Finding(mark="wrong", what=what, remedy="except folkmoot/* from that rule, or let the bot bypass it")
        )
    return found


async def _labels(forge: GitHubForge, labels: Sequence[str]) -> list[Finding]:
    client, found = forge.client, list[Finding]()
    for name in labels:
        if await client.find(client.repo(f"/labels/{part(name)}")) is None:
            what = f"The repository has no label “{name}”: it is left out"
            found.append(Finding(mark="warning", what=what, remedy="make the label, or take it out of `labels`"))
    return found


async def _limit(forge: GitHubForge) -> list[Finding]:
    core = (await forge.client.get("/rate_limit"))["resources"]["core"]
    left, of = int(core["remaining"]), int(core["limit"])
    what = f"{left} of {of} requests are left this hour"
    if left * 10 < of:
        return [Finding(mark="warning", what=what, remedy="see who else uses this token or App")]
    return [_ok(what)]


async def _subscribed(forge: GitHubForge) -> list[Finding]:
    """What the App's webhook does not tell is found all the same, by looking: but later."""
    told = (await forge.client.get(forge.client.repo("/installation")))["events"]
    missing = [name for name in TOLD if name not in told]
    if not missing:
        return [_ok("GitHub tells the App of all that the webhook waits for")]
    found = ", ".join(TOLD[name][1] for name in missing)
    return [
        Finding(
            mark="warning",
            what=f"GitHub does not tell the App of {', '.join(missing)}: {found} are found by looking alone, later",
            remedy="on the App's page, with Webhook active, subscribe under Permissions & events to "
            + ", ".join(TOLD[name][0] for name in missing),
        )
    ]


def _enough(has: str | None, needs: str) -> bool:
    return has in _LEVELS and _LEVELS.index(has) >= _LEVELS.index(needs)


def _lacking(name: str, level: str, why: str, remedy: str) -> Finding:
    return Finding(mark="wrong", what=f"The bot lacks {name}: {level}, {why}", remedy=remedy)


def _ok(what: str) -> Finding:
    return Finding(mark="ok", what=what)


def _wrong(error: ForgeError) -> Finding:
    return Finding(mark="wrong", what=error.what, remedy=error.remedy)
