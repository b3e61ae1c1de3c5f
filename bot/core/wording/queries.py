"""Private answers to questions: help, the list of motions, where a motion stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.core.cards import Line, Listing, Reply
from bot.core.docket import DocketEntry
from bot.core.menu import BY_NAME, COMMAND, VERBS
from bot.core.motion import Motion
from bot.core.people import MAINTAINER, Person, PersonId, fold_login
from bot.core.teller import tally
from bot.core.wording.contact import contact_lines
from bot.core.wording.poll import arithmetic_line, closes_line, count_line, following_line, informed_next
from bot.core.wording.spans import Scene, code, last_minute, line, practised, proposal, strong, who


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


def list_card(entries: Sequence[DocketEntry], scene: Scene, titles: Mapping[int, str] | None = None) -> Listing:
    """The motions that have not ended, a line each; `titles` are those of motions about a text."""
    if not entries:
        return Listing(heading=line(strong("No motion is open here.")), rows=(), footer=_hint())
    return Listing(
        heading=line(strong("Motions that have not ended")),
        rows=tuple(_row(entry, scene, (titles or {}).get(entry.number, "")) for entry in entries),
        footer=line("More: ", code(f"{COMMAND} status {entries[0].number}")),
    )


def status_card(motion: Motion, reader: PersonId | None, scene: Scene) -> Reply:
    """A motion in five lines, the last one the reader's own ballot. Where nobody votes: what is next."""
    head = line(strong(f"Motion {motion.number}"), f" · {motion.stage} · ", *proposal(motion, scene))
    if not motion.proposed:
        return Reply(tone="info", lines=contact_lines(motion, scene), motion=motion.number)
    if motion.policy.kind == "step-down":
        return Reply(tone="info", lines=(head, informed_next(motion, scene)), motion=motion.number)
    counted = tally(motion)
    lines = [
        head,
        count_line(motion, counted),
        arithmetic_line(motion, counted),
        closes_line(motion, scene),
        following_line(motion, counted, scene),
    ]
    if reader is not None and reader in motion.members:
        own = motion.choice_of(reader)
        lines.append(line("Your ballot: ", strong(own or "none yet"), "."))
    return Reply(tone="info", lines=(*lines, *practised(motion)), motion=motion.number)


_KINDS = {
    "add": "candidacy of",
    "remove": "removal of",
    "step-down": "stepping down:",
    "resolution": "resolution:",
    "generic": "decision:",
    "practice": "practice:",
}


def _about(entry: DocketEntry, scene: Scene, title: str) -> Line:
    """Whom a motion is about and for which role, or its title."""
    if entry.subject is None:
        return line(title or f"({entry.policy})")
    return line(who(entry.subject, scene), f" as {entry.role or 'member'}")


def _row(entry: DocketEntry, scene: Scene, title: str) -> Line:
    if entry.stage == "contact":
        return line(strong(f"{entry.number}"), " · private · contact with ", who(entry.subject, scene))
    what = line(strong(f"{entry.number}"), f" · {entry.stage} · {_KINDS[entry.kind]} ", *_about(entry, scene, title))
    if entry.closes_at is None or entry.stage != "open":
        return what
    return (*what, *line(" · closes "), last_minute(entry.closes_at, "UTC"))


def _hint() -> Line:
    return line("Open one: ", code(BY_NAME["nominate"].usage))


def mine_card(motions: Sequence[Motion], reader: PersonId | None, scene: Scene) -> Listing:
    """What awaits the reader's ballot first, then what they have voted on."""
    own = [motion for motion in motions if motion.open and motion.voting and reader in motion.members]
    waiting = [motion for motion in own if reader is not None and motion.choice_of(reader) is None]
    voted = [motion for motion in own if motion not in waiting]
    rows = [(*_of_mine(motion, scene), *line(" · ", strong("you have not voted"))) for motion in waiting]
    for motion in voted:
        choice = motion.choice_of(reader) if reader is not None else None
        rows.append((*_of_mine(motion, scene), *line(" · you: ", strong(choice or ""))))
    if not rows:
        return Listing(heading=line(strong("Nothing awaits your ballot.")), rows=())
    return Listing(heading=line(strong(f"{len(waiting)} await your ballot")), rows=tuple(rows))


def _of_mine(motion: Motion, scene: Scene) -> Line:
    closes = line(" · closes ", last_minute(motion.closes_at, motion.opened.zone)) if motion.closes_at else ()
    return (*line(strong(f"{motion.number}"), " · "), *proposal(motion, scene), *closes)


def whoami_card(
    person: Person | None, account: str, repository: str, role: str, linked: int, maintainers: int
) -> Reply:
    """Who the bot takes the reader for."""
    if person is None:
        who_ = line("I do not know which forge account is yours; your account here is ", code(account), ".")
    else:
        by = f" (id {person.forge_id})" if person.forge_id else ""
        who_ = line("You are ", strong(f"@{person.login}"), f"{by}, by the account ", code(account), ".")
    held = f"You are a {role} of {repository}." if role else f"You have no role in {repository}."
    if person is None:
        held = f"Until it is linked you have no role in {repository} here: send it to whoever runs the bot."
    may = (
        " You vote and propose."
        if role == MAINTAINER
        else " Maintainers vote; any contributor may call for a resolution."
    )
    count_ = f"{linked} of {maintainers} maintainers are linked here."
    return Reply(tone="info", lines=(who_, line(held + may), line(count_)))


def why_card(person: PersonId, motions: Sequence[Motion], repository: str, scene: Scene) -> Listing:
    """For each open motion: whether the person votes, and by which rule."""
    rows = tuple(line(strong(f"{motion.number}"), " · ", _reason(person, motion)) for motion in motions)
    heading = line(strong("Why "), who(person, scene), strong(f" may or may not vote in {repository}"))
    return Listing(heading=heading, rows=rows or (line("No motion is open here."),))


def why_nothing_card(login: str, repository: str) -> Listing:
    """Where there is no motion that the asker may know of: the same for whatever login they typed."""
    heading = line(strong(f"Why @{fold_login(login)} may or may not vote in {repository}"))
    return Listing(heading=heading, rows=(line("No motion is open here."),))


def _reason(person: PersonId, motion: Motion) -> str:
    commit = motion.electorate.roster_commit[:12]
    if motion.policy.kind == "step-down":
        return "nobody votes on a step-down (R30)"
    if person in motion.members:
        return f"votes: a maintainer by the roster at {commit} (R3, R5)"
    if person in motion.barred:
        return "may not vote, for it is about them, but is counted, by the letter (R42)"
    if person == motion.subject:
        return "does not vote: the motion is about them (R22)"
    if person in motion.electorate.members:
        return "does not vote any more: removed from the roster while the vote runs (R5)"
    return f"does not vote: no maintainer by the roster at {commit} (R3, R4, R5)"
