"""GitHub's refusals as the bot's own errors: what happened, what a person can do, and whether waiting helps."""

from __future__ import annotations

from typing import Final

import gidgethub
from gidgethub import HTTPException

from bot.ports import ForgeError

_WORDS: Final = 300
GONE: Final = frozenset({301, 404, 410})
"""What GitHub answers for a page that was never there, was transferred, or deleted."""


class Rejected(ForgeError):
    """GitHub answered, and the answer is no. `status` is HTTP's; `said` are GitHub's own words."""

    def __init__(self, what: str, *, status: int, said: str, remedy: str, retry: bool) -> None:
        super().__init__(what, remedy=remedy, retry=retry)
        self.status, self.said = status, said


def rejected(error: HTTPException, request: str) -> Rejected:
    """The error of a request, named as `METHOD /path`."""
    status, said = int(error.status_code), _calm(str(error))
    what, remedy, retry = f"GitHub answers {status} to {request}: {said}", "", False
    match status:
        case 301 | 302 | 307 | 308:
            what = f"GitHub says that {request} has moved"
            remedy = "the repository was renamed or transferred: write its new OWNER/NAME as `path`"
        case 401:
            remedy = (
                "the token or the App's key was revoked or has expired: make a new one; see that the clock is right"
            )
        case 403 if _limited(error, said):
            what, remedy, retry = f"GitHub's rate limit: {said}", "nothing to do: it is tried again", True
        case 403:
            wanted = _calm(error.headers.get("x-accepted-github-permissions", ""))
            remedy = f"grant the bot {wanted}" if wanted else "see what it lacks with: folkmoot github check"
        case 404:
            remedy = "correct the path, or let the bot's token or installation reach the repository"
        case 409 if "empty" in said:
            what, remedy = "the repository has no commit yet", "make a first commit on its default branch"
        case 409 | 429:
            retry = True
        case _ if status >= 500:
            what, remedy, retry = (
                f"GitHub does not work at the moment ({status})",
                "nothing to do: it is tried again",
                True,
            )
    return Rejected(what, status=status, said=said, remedy=remedy, retry=retry)


def forbids(error: ForgeError) -> bool:
    """Whether the bot lacks the right to do it, or a rule of the repository forbids it: waiting does not help."""
    cause = error if isinstance(error, Rejected) else error.__cause__
    return isinstance(cause, Rejected) and not error.retry and cause.status in {403, 404, 422}


def _limited(error: HTTPException, said: str) -> bool:
    spent = isinstance(error, gidgethub.RateLimitExceeded) or "retry-after" in error.headers
    return spent or "rate limit" in said.casefold()


def _calm(text: str) -> str:
    """Words of the other side on one line, without what hides or reorders."""
    return "".join(char if char.isprintable() else " " for char in text)[:_WORDS]
