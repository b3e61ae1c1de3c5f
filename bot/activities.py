"""`folkmoot activity`: who did what in the history, with progress; for the operator, and as private as the channel."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot import config as configs
from bot.core.activity import Activity, candidate_window, candidates, review, review_window
from bot.core.people import MAINTAINER
from bot.core.plain import plain_card
from bot.core.wording import candidates_card, review_card
from bot.progress import bars
from bot.reports import Printed
from bot.wiring import forge_of, repository_of, roster_rows


async def shown(config: Path, name: str, which: str) -> Printed:
    """The review, or the candidate list. Raises LookupError for an unknown repository, ForgeError, RosterError."""
    loaded = configs.load(config)
    table = next((each for each in loaded.repository if each.name == name or not name), None)
    if table is None:
        raise LookupError(f"there is no repository {name} in {config}")
    repository = repository_of(table, loaded, forge_of(table, loaded))
    if repository.activity is None:
        raise LookupError(f"the history of {table.name} cannot be read here")
    _, rows = await roster_rows(repository)
    now = datetime.now(UTC)
    since, until = review_window(now) if which == "review" else candidate_window(now)
    with bars() as step:
        report = await repository.activity.activity(since=since, until=until, progress=step("Reading the commits"))
    held = [row for row in rows if repository.role_of(row) == MAINTAINER]
    if which == "review":
        found = review(report, held)
        data = [{"login": r.login, "name": r.name, **_numbers(r.activity)} for r in found]
        return Printed(text=plain_card(review_card(found, report, table.name)), data=data)
    listed = candidates(report, held)
    return Printed(
        text=plain_card(candidates_card(listed, table.name)),
        data=[{"months": list(row.months), **_numbers(row.activity)} for row in listed.rows],
    )


def _numbers(activity: Activity | None) -> dict[str, object]:
    """The figures of one person as plain data."""
    if activity is None:
        return {"found": False}
    return {
        "found": True,
        "logins": list(activity.logins),
        "names": list(activity.names),
        "authored": activity.authored,
        "coauthored": activity.coauthored,
        "reviewed": activity.reviewed,
        "signed": activity.signed,
        "merged": activity.merged,
        "triaged": activity.triaged,
        "last": activity.last.date().isoformat(),
    }
