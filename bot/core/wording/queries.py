"""Private answers to questions: help, the list of motions, where a motion stands."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.cards import Line, Listing, Reply
from bot.core.docket import DocketEntry
from bot.core.menu import BY_NAME, COMMAND, VERBS
from bot.core.motion import Motion
from bot.core.people import PersonId
from bot.core.teller import tally
from bot.core.wording.poll import arithmetic_line, closes_line, following_line, tally_line
from bot.core.wording.spans import Scene, code, last_minute, line, proposal, strong, who


def help_card(topic: str) -> Listing:
    """All verbs in a line each, or one explained."""
    verb = BY_NAME.get(topic)
    if verb is None:
        rows = tuple(line(code(verb.usage), f" · {verb.summary}") for verb in VERBS)
        return Listing(
            heading=line(strong("What I can do")),
            rows=rows,
            footer=line("More about one: ", code(f"{COMMAND} help nominate"), ". Reactions 👍 👎 🤷 are ballots too."),
        )
    fields = tuple(
        line(
            code(field.flag if field.place == "flag" else field.name),
            f" · {field.label}"
            f"{', required' if field.required else ''}{'; ' + field.hint if field.hint else ''}"
            f"{', at most ' + str(field.limit) + ' characters' if field.kind in {'text', 'long'} else ''}",
        )
        for field in verb.fields
    )
    rules = f" ({verb.rules})" if verb.rules else ""
    return Listing(
        heading=line(code(verb.usage)),
        rows=(line(verb.help + rules), *fields),
        footer=line("Example: ", code(verb.example)),
    )


def list_card(entries: Sequence[DocketEntry], scene: Scene) -> Listing:
    """The motions that have not ended, a line each."""
    if not entries:
        return Listing(heading=line(strong("No motion is open here.")), rows=(), footer=_hint())
    return Listing(
        heading=line(strong("Motions that have not ended")),
        rows=tuple(_row(entry, scene) for entry in entries),
        footer=line("More: ", code(f"{COMMAND} status {entries[0].number}")),
    )


def status_card(motion: Motion, reader: PersonId | None, scene: Scene) -> Reply:
    """A motion in five lines, the last one the reader's own ballot."""
    counted = tally(motion)
    lines = [
        line(strong(f"Motion {motion.number}"), f" · {motion.stage} · ", *proposal(motion, scene)),
        tally_line(counted, over=not motion.open),
        arithmetic_line(motion, counted),
        closes_line(motion, scene),
        following_line(motion, counted, scene),
    ]
    if reader is not None and reader in motion.members:
        own = motion.choice_of(reader)
        lines.append(line("Your ballot: ", strong(own or "none yet"), "."))
    return Reply(tone="info", lines=tuple(lines), motion=motion.number)


def _row(entry: DocketEntry, scene: Scene) -> Line:
    what = line(strong(f"{entry.number}"), f" · {entry.stage} · make ", who(entry.subject, scene), f" a {entry.role}")
    if entry.closes_at is None or entry.stage != "open":
        return what
    return (*what, *line(" · closes "), last_minute(entry.closes_at, "UTC"))


def _hint() -> Line:
    return line("Open one: ", code(BY_NAME["nominate"].usage))
