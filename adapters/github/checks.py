"""Shows a verdict on a commit as a check run: one for each pull request and commit, brought up to date in place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from adapters.github.accounts import Accounts
from adapters.github.client import Client
from adapters.github.gitdata import GitData
from bot.core.guard import Verdict
from bot.ports import OpenPull, Point

NAME: Final = "folkmoot: maintainers file"


class Checks:
    """The check runs of one repository. Only a GitHub App may make them."""

    def __init__(self, client: Client, git: GitData, accounts: Accounts, *, point: Point) -> None:
        self._client, self._git, self._accounts, self._point = client, git, accounts, point

    async def pulls(self) -> Sequence[OpenPull]:
        """All open pull requests onto the default branch. Raises ForgeError."""
        base = await self._git.default_branch()
        path = self._client.repo("/pulls")
        return [
            OpenPull(number=int(each["number"]), head=str(each["head"]["sha"]))
            async for each in self._client.pages(path, state="open", base=base)
        ]

    async def show(self, pull: OpenPull, verdict: Verdict) -> None:
        """Make or change the check run of this pull request on this commit; one that is over is never reopened.

        Raises ForgeError.
        """
        async with self._client.use():
            found = await self._found(pull)
            wanted = _wanted(verdict)
            reopened = found is not None and found["status"] == "completed" and wanted["status"] != "completed"
            if found is None or reopened:
                self._point("forge.before.check")
                about = {"name": NAME, "head_sha": pull.head, "external_id": _id_of(pull)}
                await self._client.post(self._client.repo("/check-runs"), {**about, **wanted})
                self._point("forge.after.check")
            elif not _says(found, wanted):
                self._point("forge.before.check")
                await self._client.patch(self._client.repo(f"/check-runs/{found['id']}"), wanted)
                self._point("forge.after.check")

    async def _found(self, pull: OpenPull) -> Any | None:
        """The newest of ours on this commit; other apps' of the same name are not ours to change, nor to believe."""
        path, newest = self._client.repo(f"/commits/{pull.head}/check-runs"), None
        own = (await self._accounts.own()).login
        async for each in self._client.pages(path, key="check_runs", check_name=NAME):
            ours = each["external_id"] == _id_of(pull) and f"{(each['app'] or {}).get('slug')}[bot]" == own
            if ours and (newest is None or each["id"] > newest["id"]):
                newest = each
        return newest


def _id_of(pull: OpenPull) -> str:
    return f"folkmoot:{pull.number}"


def _wanted(verdict: Verdict) -> dict[str, Any]:
    said: dict[str, Any] = {"output": {"title": verdict.title, "summary": verdict.summary}}
    if verdict.url:
        said["details_url"] = verdict.url
    if verdict.state == "waiting":
        return {"status": "in_progress", **said}
    return {"status": "completed", "conclusion": verdict.state, **said}


def _says(found: Any, wanted: dict[str, Any]) -> bool:
    output = found.get("output") or {}
    same = (output.get("title"), output.get("summary")) == (wanted["output"]["title"], wanted["output"]["summary"])
    return same and found["status"] == wanted["status"] and found.get("conclusion") == wanted.get("conclusion")
