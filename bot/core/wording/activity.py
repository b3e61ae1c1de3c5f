"""The private review and the candidate list: numbers and how they came about, no judgement (R8, R9, R35, R36)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.activity import Activity, ActivityReport, Candidate, Candidates, Reviewed
from bot.core.cards import Button, Line, Listing, Note
from bot.core.menu import COMMAND
from bot.core.wording.spans import code, count, line, strong

SHOWN = 40
"""Rows in one answer; the rest is counted."""


def review_card(rows: Sequence[Reviewed], report: ActivityReport, repository: str) -> Listing:
    """Each maintainer's activity in the window."""
    told = [line(strong(f"@{row.login or row.name}"), " · ", _of(row)) for row in rows]
    return Listing(
        heading=line(strong(f"Activity of the maintainers of {repository}, the last three months")),
        rows=(*_cut(told), *_how(report)),
        footer=line(
            "What is significant is for humans to decide; nothing follows by itself (R36). To ask how somebody is: ",
            code(f"{COMMAND} contact @login"),
        ),
    )


def candidates_card(found: Candidates, repository: str) -> Listing:
    """Contributors with regular activity who are not maintainers."""
    told = [
        line(strong(_name(row.activity)), f" · {', '.join(row.months)} · {_numbers(row.activity)}{_alike(row)}")
        for row in found.rows
    ]
    regular = found.regular
    rule = f"Regular: active in at least {regular.active} of the last {regular.of} months."
    empty = [line("Nobody at present.")] if not told else []
    return Listing(
        heading=line(strong(f"Contributors to {repository} with regular activity (R9)")),
        rows=(*_cut(told), *empty, line(rule), *_how(found.report)),
        footer=line("I nominate nobody (R8). To propose one: ", code(f"{COMMAND} nominate @login")),
        buttons=(Button(verb="nominate", label="Nominate one of them…", form=True),) if told else (),
    )


def review_note(repository: str) -> Note:
    """The quarterly reminder to look at both, by direct message."""
    return Note(
        motion=0,
        lines=(
            line(f"A quarter has passed for {repository}. The document asks the maintainers to look, now and then, at"),
            line("who has been active among them (R35): ", code(f"{COMMAND} review")),
            line("and who outside might join them (R9): ", code(f"{COMMAND} candidates")),
            line("Both are private to you and the other maintainers, and decide nothing."),
        ),
        buttons=(Button(verb="review", label="Show the review"), Button(verb="candidates", label="Show candidates")),
    )


def _of(row: Reviewed) -> str:
    if row.activity is None:
        return "not found by mail or login in the history; that says nothing about their work"
    sure = " (shares a mail or login with somebody: look yourself)" if row.contested else ""
    return f"{_numbers(row.activity)}; last on {row.activity.last:%Y-%m-%d}{sure}"


def _alike(row: Candidate) -> str:
    """Whom of the roster this may be under another mail: for a human to know."""
    return (
        f" (has the name of {', '.join(f'@{login}' for login in row.namesakes)}: perhaps they)" if row.namesakes else ""
    )


def _numbers(activity: Activity) -> str:
    discussed = f", {count(activity.triaged, 'discussion')}" if activity.triaged else ""
    return (
        f"{count(activity.authored, 'commit')}, {activity.coauthored} co-authored, "
        f"{count(activity.reviewed, 'review')}, {activity.merged} merged, {activity.signed} signed off{discussed}"
    )


def _name(activity: Activity) -> str:
    if activity.logins:
        return f"@{activity.logins[0]}"
    return activity.names[0] if activity.names else "somebody without a name"


def _cut(rows: list[Line]) -> list[Line]:
    more = len(rows) - SHOWN
    return [*rows[:SHOWN], *([line(f"and {more} more")] if more > 0 else [])]


def _how(report: ActivityReport) -> tuple[Line, ...]:
    """How it was computed."""
    seen = "authors, co-authors and trailers of commits; work elsewhere is not seen."
    if report.discussions:
        seen = (
            "authors, co-authors and trailers of commits; and reviews, and discussions that others began, on the forge."
        )
    shallow = " The clone is shallow: older commits are missing." if report.cut_off else ""
    return (
        line(
            f"Counted from {report.commits} commits between {report.since:%Y-%m-%d} and {report.until:%Y-%m-%d}, at ",
            code(report.commit[:12]),
            f": {seen}{shallow}",
        ),
    )
