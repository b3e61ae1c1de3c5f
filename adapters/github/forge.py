"""The forge on GitHub: reads the roster at a commit, and opens draft pull requests through the Git Data API.

Must never merge, close or reopen a pull request (R47), or write to the default branch (R48).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from adapters.github.accounts import Accounts
from adapters.github.branches import Branches, Tip, Wanted
from adapters.github.client import Client
from adapters.github.errors import forbids
from adapters.github.gitdata import NOTHING, GitData
from adapters.github.links import compare_link, edit_link
from adapters.github.pulls import Pull, Pulls
from adapters.github.threads import GitHubThreads
from bot.core.offer import Offer
from bot.git.checks import branch_parts, check_path, check_request
from bot.git.difftext import file_diff
from bot.git.patchtext import mail_patch
from bot.ports import Draft, DraftRequest, FileAt, ForgeError, Point, Publication, no_point
from bot.published import head_in

_NO_COMMIT: Final = "0" * 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How drafts are made. `without_drafts`: what to do where the repository takes none. `labels` that it has not are
    left out. `sign_off`: the bot's own, never a human's.
    """

    without_drafts: Literal["open", "refuse"] = "open"
    sign_off: Literal["none", "bot"] = "none"
    labels: tuple[str, ...] = ()


class GitHubForge:
    """A `Forge` over one repository on GitHub. `branch` is the default branch where it is configured.

    `point` is called before and after each outward step: objects, ref, pull, words, labels.
    """

    def __init__(
        self,
        client: Client,
        *,
        branch: str | None = None,
        app: bool = False,
        ways: Ways | None = None,
        point: Point = no_point,
    ) -> None:
        ways = ways or Ways()
        self.client = client
        self.accounts = Accounts(client, app=app)
        self.git = GitData(client, branch)
        self.pulls = Pulls(client, without_drafts=ways.without_drafts, labels=ways.labels, point=point)
        self.threads = GitHubThreads(client, self.git, self.accounts, point=point)
        self._branches = Branches(client, self.git, self.accounts, sign_off=ways.sign_off, point=point)
        self._lock = asyncio.Lock()

    async def read(self, path: str) -> FileAt:
        """The file at the head of the default branch (R1), all at one commit. Raises ForgeError."""
        check_path(path)
        async with self.client.use():
            base = await self.git.base()
            entry = await self.git.file(base.commit, path)
            return FileAt(path=path, branch=base.branch, commit=base.commit, data=entry.data)

    async def published(self) -> Sequence[Publication]:
        """The motions of the newest draft pull requests, with the heads that their bodies name. Raises ForgeError.

        What somebody else has opened from a branch of ours says nothing of the log: anybody could write a head there.
        """
        async with self.client.use():
            found, own = await self.pulls.newest(), await self.accounts.own()
        return [
            Publication(
                motion=number,
                mark=mark,
                head=head_in(pull.body) if pull.author == own.id else "",
                where=f"pull request {pull.url}",
            )
            for branch, pull in found
            for number, mark in [branch_parts(branch)]
        ]

    async def open(self, request: DraftRequest) -> Draft | None:
        """The draft, made or found; None if the default branch has the change (F30). Each step looks first (F28).

        One that a person has closed or merged is found, and left as it is. Raises ForgeError, and whatever
        `request.edit` raises, leaving the branch as it was.
        """
        check_request(request)
        async with self._lock, self.client.use():
            wanted = await self._branches.wanted(request)
            if wanted is None:
                return None
            pull = await self.pulls.of_branch(request.branch)
            if pull is not None and not pull.open:
                return _draft(request, Tip(commit=pull.head, base=pull.base), pull)
            if pull is None and not request.makes:
                return None
            tip = await self._branches.stand(request, wanted)
            if pull is None:
                pull = await self.pulls.make(request, wanted.base, strange=tip.strange)
            await self.pulls.refresh(pull, request, strange=tip.strange)
            await self.pulls.label(pull)
            return _draft(request, tip, pull)

    async def patch(self, request: DraftRequest) -> str:
        """The change as `git am` takes it, from the default branch's head; empty if it is there already (F30)."""
        check_request(request)
        async with self.client.use():
            wanted = await self._branches.wanted(request)
            return "" if wanted is None else await self._patch(request, wanted)

    async def offer(self, request: DraftRequest) -> Offer | None:
        """The change on its branch, and the address at which whoever opens it is the pull request's author (R26).

        Where the bot may make no branch, or a person has changed it, the address at which they edit the file.
        """
        check_request(request)
        async with self._lock, self.client.use():
            wanted = await self._branches.wanted(request)
            if wanted is None:
                return None
            web, patch = await self.git.web(), await self._patch(request, wanted)
            try:
                held = not (await self._branches.stand(request, wanted)).strange
            except ForgeError as error:
                if not forbids(error):
                    raise
                held = False
        where = compare_link if held else edit_link
        return Offer(patch=patch, link=where(web, wanted.base.branch, request), held=held)

    async def _patch(self, request: DraftRequest, wanted: Wanted) -> str:
        own = await self.accounts.own()
        message = await self._branches.message(request)
        before = None if wanted.entry is NOTHING else wanted.entry.data
        return mail_patch(
            commit=_NO_COMMIT,
            who=f"{own.login} <{own.mail}>",
            at=request.at,
            message=message,
            diff=file_diff(request.path, mode=int(wanted.entry.mode, 8), before=before, after=wanted.data),
        )


def _draft(request: DraftRequest, tip: Tip, pull: Pull) -> Draft:
    ready = pull.open and not pull.draft
    return Draft(branch=request.branch, commit=tip.commit, base=tip.base, number=pull.number, url=pull.url, ready=ready)
