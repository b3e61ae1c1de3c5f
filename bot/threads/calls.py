"""Calls for a vote on a forge: a resolution in an issue (R50), a candidacy in the pull request that adds it (R27)."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.comments import CommandLine, visible
from bot.core.answers import Refused
from bot.core.commands import Nominate, Propose
from bot.core.grammar import Parsed, parse
from bot.core.people import fold_login
from bot.core.prose import TITLE_LIMIT, tidy
from bot.ports import Page, RosterError, Spoken, Threads
from bot.pullchanges import Diffs
from bot.repositories import Repository

_NEVER = datetime.min.replace(tzinfo=UTC)
"""A nomination has no time of its own."""


class Calls:
    """Makes the command that opens a motion from a page and the line that calls for it."""

    def __init__(self, *, repository: Repository, threads: Threads, diffs: Diffs) -> None:
        self._repository, self._threads, self._diffs = repository, threads, diffs

    async def resolve(self, spoken: Spoken, line: CommandLine) -> Propose | Refused:
        """A resolution vote: the title is the issue's, the text what follows the line, or else the issue's text (R50).

        The text is frozen as it is now (R52). Raises ForgeError.
        """
        page = await self._threads.page(spoken.thread)
        if page is None or page.pull:
            return Refused(code="resolve-not-an-issue")
        words = _after_verb(line)
        text = "\n\n".join(part for part in (words, line.below) if part)
        own = spoken.id.startswith("body:")
        text = tidy(text or (line.around if own else _without_commands(page)))
        if not text:
            return Refused(code="resolve-no-text")
        return Propose(policy="resolve", title=_title(page), text=text, link=page.url)

    async def nominate(self, spoken: Spoken, line: CommandLine) -> Nominate | Refused:
        """A candidacy voted on in the pull request that adds the candidate, by the maintainer who opened it (R27)."""
        page = await self._threads.page(spoken.thread)
        if page is None or not page.pull:
            return Refused(code="nominate-not-a-pull-request")
        if page.author != spoken.who:
            return Refused(code="nominate-not-the-author")
        try:
            joins = await self._diffs.of(self._repository, spoken.thread)
        except RosterError:
            joins = None
        if joins is None or joins.joining is None:
            return Refused(code="nominate-not-one-person")
        login, role = joins.joining
        parsed = self._nomination(line, page, login, role)
        if isinstance(parsed, Refused):
            return parsed
        command = parsed.ask
        if not isinstance(command, Nominate) or (fold_login(command.login), command.role) != (fold_login(login), role):
            return Refused(code="nominate-another-person")
        return command

    def _nomination(self, line: CommandLine, page: Page, login: str, role: str) -> Parsed | Refused:
        """The line as it would be typed in the channel: what the pull request says need not be written again."""
        words = _after_verb(line)
        first = words.split(maxsplit=1)[0] if words else ""
        if first and not first.startswith(("--", "—", "–")):
            words = words[len(first) :].strip()
        else:
            first = f"@{login}"
        given = "" if "--role" in words else f"--role {role} "
        text = " ".join(part for part in (words, line.paragraph) if part)
        typed = f"nominate {first} {given}--pull-request {page.url} {text}"
        parsed = parse(typed, via="comment", acted_at=_NEVER)
        lacks_text = isinstance(parsed, Refused) and parsed.params.get("field") == "text"
        return parse(f"{typed} {_title(page)}", via="comment", acted_at=_NEVER) if lacks_text else parsed


def _after_verb(line: CommandLine) -> str:
    return line.words.partition(" ")[2].strip()


def _title(page: Page) -> str:
    title = " ".join(page.title.split())
    return title if len(title) <= TITLE_LIMIT else f"{title[: TITLE_LIMIT - 1]}…"


def _without_commands(page: Page) -> str:
    """The page's own text without hidden comments and command lines."""
    kept = [line for line in visible(page.text).splitlines() if not line.lstrip().startswith("/moot")]
    return "\n".join(kept).strip()
