"""Addresses on GitHub's pages with which a person does the rest: the pull request is theirs, not the bot's (R26).

Must never hold more than what the pull request itself would show to everybody.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urlencode

from bot.ports import DraftRequest

LONGEST: Final = 2000
"""Characters of an address that every browser, chat and proxy on the way takes; GitHub itself takes some thousands."""


def compare_link(web: str, base: str, request: DraftRequest) -> str:
    """Where the pull request of the draft's branch is opened, with title and body filled in as far as they fit."""
    start = f"{web}/compare/{quote(base)}...{quote(request.branch)}"
    words = {"title": request.title, "body": request.brief}
    for kept in (words, {"title": request.title}, {}):
        link = f"{start}?{urlencode({'quick_pull': '1', **kept}, quote_via=quote, safe='')}"
        if len(link) <= LONGEST:
            return link
    return start


def edit_link(web: str, base: str, request: DraftRequest) -> str:
    """Where the file is edited; GitHub makes a copy of the repository for whoever may not write to it."""
    return f"{web}/edit/{quote(base)}/{quote(request.path)}"
