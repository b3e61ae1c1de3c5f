"""The poll: the one living message of a motion, from its announcement to its end."""

from __future__ import annotations

from bot.core.cards import Bar, Button, Line, Moment, Poll, Span
from bot.core.motion import Motion
from bot.core.teller import Tally, tally
from bot.core.wording.spans import (
    Scene,
    count,
    last_minute,
    line,
    people,
    proposal,
    rule_of,
    span_of_time,
    strong,
    who,
)

VOTE = (
    Button(verb="yes", label="Yes", style="primary"),
    Button(verb="no", label="No"),
    Button(verb="abstain", label="Abstain"),
    Button(verb="retract", label="Retract"),
    Button(verb="object", label="Object…", form=True),
)
INVITE = Button(verb="invite", label="I will invite them", style="primary")


def poll_card(motion: Motion, scene: Scene) -> Poll:
    """The poll as it stands now."""
    counted = tally(motion)
    return Poll(
        motion=motion.number,
        stage=motion.stage,
        heading=line(strong(f"Motion {motion.number}"), " · ", *proposal(motion, scene)),
        byline=_byline(motion, scene),
        quote=str(motion.text),
        notes=_notes(motion, scene),
        bar=Bar(
            yes=counted.yes,
            no=counted.no,
            abstain=counted.abstain,
            not_voted=counted.not_voted,
            needed=counted.needed,
        ),
        tally=tally_line(counted, over=not motion.open),
        arithmetic=arithmetic_line(motion, counted),
        closes=closes_line(motion, scene),
        following=following_line(motion, counted, scene),
        buttons=_buttons(motion, scene),
    )


def tally_line(counted: Tally, *, over: bool = False) -> Line:
    """`5 of 8 needed · ● 5 yes · ○ 1 no · – 0 abstain · 6 have not voted`: words and shapes (ux)."""
    has = "has" if counted.not_voted == 1 else "have"
    silent = "did not vote" if over else f"{has} not voted"
    return line(
        strong(f"{min(counted.yes, counted.needed)} of {counted.needed} needed"),
        f" · ● {counted.yes} yes · ○ {counted.no} no · – {counted.abstain} abstain · {counted.not_voted} {silent}",
    )


def arithmetic_line(motion: Motion, counted: Tally) -> Line:
    """How the needed number comes about, with its denominator and clause (R18)."""
    policy = motion.policy
    return line(f"{policy.threshold.arithmetic(counted.eligible)} ({rule_of(motion)})")


def certainty(counted: Tally) -> str:
    """What is already certain; only ever as long as nobody changes a ballot (R13)."""
    if counted.certain == "carried":
        return "Carries as things stand, whatever those who have not voted do; ballots can still be changed."
    if counted.certain == "lost":
        return "Cannot reach the threshold unless somebody changes a ballot."
    return "Can still carry, can still be lost."


def closes_line(motion: Motion, scene: Scene) -> Line:
    """When the window ends, or when it ended."""
    zone = motion.opened.zone
    window = motion.policy.window.words
    if motion.withdrawn is not None and motion.closed_at is not None:
        return line("Withdrawn ", Moment(motion.closed_at, zone))
    if motion.closes_at is None:
        return line(f"The {window} start when this announcement has been delivered (R12).")
    if motion.closed is not None or _ended(motion, scene):
        return line("Closed ", last_minute(motion.closes_at, zone))
    left = int((motion.closes_at - scene.now).total_seconds())
    without = ", the day of the announcement not counted" if motion.policy.window.unit == "bd" else ""
    return line(
        "Closes ",
        last_minute(motion.closes_at, zone),
        f", in {span_of_time(left)}: {window}{without} (R12). You can change your ballot until then.",
    )


def following_line(motion: Motion, counted: Tally, scene: Scene) -> Line:
    """What happens next."""
    invited = motion.inviter
    match motion.stage:
        case "announcing" | "open":
            if _ended(motion, scene):
                return line("The ballots are being counted.")
            then = "if carried, a maintainer invites the candidate; the role begins when the pull request is merged."
            return line(certainty(counted), " Then: ", then)
        case "withdrawn":
            return line("Nothing changes.")
        case "lost" | "void":
            return line(strong(f"{motion.stage.capitalize()}."), " Nothing changes.")
        case "carried":
            pass
    if motion.effective is not None:
        return line(strong("Carried."), " The role has begun: the roster shows it since commit ", motion.effective[:12])
    if motion.answered is not None and not motion.answered.accepted:
        return line(strong("Carried."), " The candidate has declined; nothing changes.")
    if motion.needs_acknowledgement:
        return line(strong("Carried"), ", decided by a change of the roster: a maintainer has to acknowledge it (R5).")
    if motion.draft is not None:
        drafted = " The draft pull request is ready; the role begins when it is merged (R28)."
        return line(strong("Carried."), drafted)
    if motion.answered is not None:
        return line(strong("Carried."), " The candidate has accepted; the role begins when the pull request is merged.")
    if invited is not None:
        return line(strong("Carried."), " ", who(invited, scene), " is inviting the candidate.")
    return line(strong("Carried."), " Next: one maintainer invites the candidate (R25).")


def _byline(motion: Motion, scene: Scene) -> Line:
    opened = motion.opened
    parts: list[Span | str] = ["proposed by ", who(opened.proposer, scene)]
    if opened.sponsor is not None:
        parts += [", sponsored by ", who(opened.sponsor, scene)]
    return line(*parts)


def _notes(motion: Motion, scene: Scene) -> tuple[Line, ...]:
    """Evidence, warnings and what has changed, each in a line."""
    opened, policy = motion.opened, motion.policy
    notes = [
        line(
            f"Involved for {count(opened.months, 'month')} (the document asks for more than "
            f"{policy.evidence_months}, R7): “{' '.join(str(opened.evidence).split())}”"
        )
    ]
    if "short-involvement" in opened.warnings:
        decide = "the maintainers decide (R8)"
        notes.append(line(strong("Note:"), f" that is not more than {policy.evidence_months} months; {decide}."))
    if opened.unlinked:
        notes.append(line("Not linked here, but counted: ", *people(opened.unlinked, scene), "."))
    if "unreachable" in opened.warnings:
        notes.append(line(strong("Note:"), " it cannot carry without the ballots of those who are not linked."))
    if motion.notice > 1:
        begins = "started" if motion.delivered == motion.notice else "starts"
        notes.append(line(f"The text was corrected; the window {begins} anew with the corrected announcement (R12)."))
    left = motion.electorate.members - motion.members
    if left:
        notes.append(line("No longer in the roster, and so not counted (R5): ", *people(left, scene), "."))
    joined = motion.members - motion.electorate.members
    if joined:
        notes.append(line("Joined the roster, and may vote by this policy (R5): ", *people(joined, scene), "."))
    if motion.objections:
        objectors = {objection.person for objection in motion.objections}
        notes.append(line(f"{count(len(motion.objections), 'objection')} by ", *people(objectors, scene), " (R20)."))
    return tuple(notes)


def _buttons(motion: Motion, scene: Scene) -> tuple[Button, ...]:
    """Live buttons while the window is open; none that could suggest a late ballot."""
    return VOTE if motion.open and not _ended(motion, scene) else ()


def _ended(motion: Motion, scene: Scene) -> bool:
    """Whether the window has ended, counted or not."""
    return motion.closes_at is not None and scene.now >= motion.closes_at
