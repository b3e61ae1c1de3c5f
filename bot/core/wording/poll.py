"""The poll: the one living message of a motion, from its announcement to its end."""

from __future__ import annotations

from bot.core.cards import Bar, Button, Line, Moment, Notice, Poll, Span
from bot.core.motion import Motion
from bot.core.teller import Tally, reveals, tally
from bot.core.wording.spans import (
    NOTHING_FOLLOWS,
    Scene,
    closed_at,
    count,
    last_minute,
    line,
    page,
    people,
    proposal,
    pull_line,
    rule_of,
    sentence,
    span_of_time,
    strong,
    who,
)

_CHOICES = {
    "yes": Button(verb="yes", label="Yes", style="primary"),
    "no": Button(verb="no", label="No"),
    "abstain": Button(verb="abstain", label="Abstain"),
}
RETRACT = Button(verb="retract", label="Retract")
OBJECT = Button(verb="object", label="Object…", form=True)
INVITE = Button(verb="invite", label="I will invite them", style="primary")
SECOND = Button(verb="second", label="I second that", style="primary")
CONFIRM = Button(verb="confirm", label="Make the draft now", style="primary")
HAND_OVER = Button(verb="hand-over", label="Hand over…", form=True)


def living_card(motion: Motion, scene: Scene) -> Poll | Notice:
    """The message that stands in the channel and is kept up to date: a poll, or the notice of a step-down."""
    return informed_card(motion, scene) if motion.policy.kind == "step-down" else poll_card(motion, scene)


def poll_card(motion: Motion, scene: Scene) -> Poll:
    """The poll as it stands now."""
    counted = tally(motion)
    blind = hidden(motion)
    return Poll(
        motion=motion.number,
        stage=motion.stage,
        heading=line(strong(f"Motion {motion.number}"), " · ", *proposal(motion, scene)),
        byline=_byline(motion, scene),
        quote=str(motion.text),
        notes=_notes(motion, counted, scene),
        bar=None if blind else _bar(counted),
        tally=count_line(motion, counted),
        arithmetic=arithmetic_line(motion, counted),
        closes=closes_line(motion, scene),
        following=following_line(motion, counted, scene),
        buttons=_buttons(motion, scene),
        reactions=motion.policy.secrecy == "open" and motion.policy.venues == "all",
    )


def hidden(motion: Motion) -> bool:
    """Whether the count is kept from everybody: that of a blinded vote until it is counted at the close, so for good
    where it is withdrawn or void before, and that of one whose totals would reveal the ballots."""
    return (motion.policy.secrecy == "blinded" and motion.closed is None) or reveals(motion)


def _bar(counted: Tally) -> Bar:
    return Bar(
        yes=counted.yes,
        no=counted.no,
        abstain=counted.abstain,
        not_voted=counted.not_voted,
        needed=counted.needed,
    )


def ballot_buttons(motion: Motion) -> tuple[Button, ...]:
    """Yes and no, and abstain where the policy has it; none where one votes in the pull request alone (R40)."""
    if motion.policy.venues == "pull-request":
        return ()
    choices = ("yes", "no") if motion.policy.ballot == "yes-no" else ("yes", "no", "abstain")
    return tuple(_CHOICES[choice] for choice in choices)


def count_line(motion: Motion, counted: Tally) -> Line:
    """The running count, or of a blinded vote the turnout alone."""
    over = not motion.open
    return (
        turnout_line(counted, over=over, made=motion.closed is not None)
        if hidden(motion)
        else tally_line(counted, over=over, barred=len(motion.barred))
    )


def tally_line(counted: Tally, *, over: bool = False, barred: int = 0) -> Line:
    """`5 of 8 needed · ● 5 yes · ○ 1 no · – 0 abstain · 6 have not voted`: words and shapes."""
    silent = counted.not_voted - barred
    has = "has" if silent == 1 else "have"
    rest = f"{silent} {'did not vote' if over else f'{has} not voted'}{f' · {barred} may not' if barred else ''}"
    return line(
        strong(f"{min(counted.yes, counted.needed)} of {counted.needed} needed"),
        f" · ● {counted.yes} yes · ○ {counted.no} no · – {counted.abstain} abstain · {rest}",
    )


def turnout_line(counted: Tally, *, over: bool = False, made: bool = True) -> Line:
    """A blinded vote: how many have voted, and nothing else. `made` says whether there was a count in the end."""
    voted = counted.eligible - counted.not_voted
    shown = "; the count is shown at the close."
    if over:
        withheld = "; the count is withheld, for it would show how each one voted."
        shown = withheld if made else "; it ended before its close, so there is no count."
    return line(strong(f"{voted} of {counted.eligible} have voted"), shown)


def arithmetic_line(motion: Motion, counted: Tally) -> Line:
    """How the needed number comes about, with its denominator and clause (R18)."""
    policy = motion.policy
    words = {"eligible": "", "cast": " ballots cast", "cast-non-abstain": " yes and no"}[policy.of]
    blind = hidden(motion)
    share, so_far = policy.threshold.share, f"{counted.base}{words}, so {counted.needed} so far"
    parts = [f"{share} of {f'the{words}' if blind else so_far}"]
    parts = [policy.threshold.arithmetic(counted.base)] if policy.of == "eligible" else parts
    if policy.min_yes:
        parts.append(f"at least {policy.min_yes} yes")
    if counted.quorum:
        have = "" if blind else f", {counted.took_part} have"
        parts.append(f"{counted.quorum} have to vote for a quorum{have}")
    if policy.max_no == 0 or policy.veto == "no":
        parts.append("one no stops it")
    if motion.lazy:
        parts.append("silence is consent until somebody says no or objects")
    return line(f"{sentence('; '.join(parts))} ({rule_of(motion)})")


def certainty(counted: Tally) -> str:
    """What is already certain; only ever as long as nobody changes a ballot (R13)."""
    if counted.certain == "carried":
        return "Carries as things stand, whatever those who have not voted do; ballots can still be changed."
    if counted.certain == "lost":
        return "Cannot carry any more unless somebody changes a ballot."
    return "Can still carry, can still be lost."


def closes_line(motion: Motion, scene: Scene) -> Line:
    """When the window ends, or when it ended, or what it waits for."""
    zone = motion.opened.zone
    if motion.stage in {"withdrawn", "void"} and motion.closed_at is not None:
        return line(f"{motion.stage.capitalize()} ", Moment(motion.closed_at, zone))
    if motion.closes_at is None:
        return _waits_for(motion)
    if motion.closed is not None or _ended(motion, scene):
        return line("Closed ", closed_at(motion))
    left = int((motion.closes_at - scene.now).total_seconds())
    if motion.votes_from is not None and scene.now < motion.votes_from:
        return line("To be discussed until ", last_minute(motion.votes_from, zone), "; then one votes.")
    window = motion.policy.window.words
    start = "draft" if motion.policy.window_start == "draft" else "announcement"
    rule = "R41" if start == "draft" else "R12"
    without = f", the day of the {start} not counted" if motion.policy.window.unit == "bd" else ""
    return line(
        "Closes ",
        last_minute(motion.closes_at, zone),
        f", in {span_of_time(left)}: {window}{without} ({rule}). You can change your ballot until then.",
    )


def _waits_for(motion: Motion) -> Line:
    """What has to happen before the window runs."""
    window = motion.policy.window.words
    lacking = motion.policy.seconds - len(motion.seconds)
    if lacking > 0:
        return line(f"Needs {count(lacking, 'second')} more before it is put to the vote.")
    if motion.policy.window_start == "draft" and motion.delivered:
        return line(f"The {window} start when the draft to vote on has been opened (R40, R41).")
    return line(f"The {window} start when this announcement has been delivered (R12).")


_FOLLOWS = {
    "add": "if carried, a maintainer invites the candidate; the role begins when the pull request is merged.",
    "remove": "if carried, the draft may be merged, and the role ends then (R45).",
    "resolution": "the result is recorded as a decision in a draft (R53).",
    "generic": "the result is what the maintainers have decided.",
    "step-down": "",
    "practice": "you see how a result is told, and nothing follows from it.",
}


def following_line(motion: Motion, counted: Tally, scene: Scene) -> Line:
    """What happens next."""
    match motion.stage:
        case "contact" | "announcing" | "seconding" | "discussion" | "open" | "informed":
            if _ended(motion, scene):
                return line("The ballots are being counted.")
            sure = "" if hidden(motion) else f"{certainty(counted)} "
            return line(f"{sure}Then: {_FOLLOWS[motion.policy.kind]}")
        case "withdrawn":
            return line("Nothing changes.")
        case "void":
            return line(strong("Void."), " There is no result, and nothing changes.")
        case "lost":
            if motion.practice:
                return line(strong("Lost."), " ", *NOTHING_FOLLOWS)
            ends = "The decision is recorded." if motion.policy.enactment == "record" else "Nothing changes."
            return line(strong("Lost."), f" {ends}")
        case "carried":
            return line(strong("Carried."), " ", *_after(motion, scene))


def _after(motion: Motion, scene: Scene) -> Line:
    """What is next after a motion has carried."""
    if motion.practice:
        return NOTHING_FOLLOWS
    if motion.effective is not None:
        verb = "ended" if motion.policy.kind == "remove" else "begun"
        return line(f"The role has {verb}: the roster shows it since commit {motion.effective[:12]}.")
    if motion.needs_acknowledgement:
        return line("A change of the roster decided it: a maintainer has to acknowledge that first (R5).")
    if motion.policy.kind == "remove":
        return line("The role ends when the pull request is merged (R45).")
    if motion.policy.kind != "add":
        if motion.draft is not None:
            return line("The record is ready as a draft pull request.")
        return line("It is decided." if motion.policy.enactment == "none" else "I prepare the record.")
    return _after_candidacy(motion, scene)


def _after_candidacy(motion: Motion, scene: Scene) -> Line:
    if motion.opened.link is not None and motion.pull_does == "other":
        return line("The pull request does something else now, and may not be merged as it is (R27).")
    if motion.opened.link is not None:
        return line("A person merges the pull request; the role begins then (R27, R28).")
    if motion.answered is not None and not motion.answered.accepted:
        return line("The candidate has declined; nothing changes.")
    if motion.draft is not None:
        return line("The draft pull request is ready; the role begins when it is merged (R28).")
    if motion.answered is not None:
        return line("The candidate has accepted; the role begins when the pull request is merged.")
    if motion.inviter is not None:
        return line(who(motion.inviter, scene), " is inviting the candidate.")
    return line("Next: one maintainer invites the candidate (R25).")


def _byline(motion: Motion, scene: Scene) -> Line:
    opened = motion.opened
    parts: list[Span | str] = ["proposed by ", who(motion.proposer, scene)]
    if opened.sponsor is not None:
        parts += [", sponsored by ", who(opened.sponsor, scene)]
    if motion.seconds:
        parts += [", seconded by ", *people(motion.seconds, scene)]
    if opened.repeats:
        parts.append(f"; again, after motion {opened.repeats}")
    return line(*parts)


def _notes(motion: Motion, counted: Tally, scene: Scene) -> tuple[Line, ...]:
    """Evidence, warnings and what has changed, each in a line."""
    return (*_about(motion, counted, scene), *_changes(motion, scene), *_entered(motion, scene))


def _about(motion: Motion, counted: Tally, scene: Scene) -> list[Line]:
    opened, policy = motion.opened, motion.policy
    notes: list[Line] = []
    if motion.practice:
        early = " It ends as soon as everybody has voted." if motion.open else ""
        notes.append((*NOTHING_FOLLOWS, *line(f" The arithmetic is that of a candidacy.{early}")))
    if policy.kind == "add":
        months = f"Involved for {count(opened.months, 'month')} (the document asks for more than"
        notes.append(line(f"{months} {policy.evidence_months}, R7): “{' '.join(str(opened.evidence).split())}”"))
    if policy.kind == "remove":
        notes += _draft_voted_on(motion)
    if opened.link is not None and policy.kind == "add":
        notes.append(line(f"In the pull request {opened.link}, discussed with the candidate (R27)."))
    elif opened.link is not None:
        notes.append(line(f"Called for in {opened.link} (R50); the text is frozen, editing it there voids the vote."))
    if "short-involvement" in opened.warnings:
        decide = "the maintainers decide (R8)"
        notes.append(line(strong("Note:"), f" that is not more than {policy.evidence_months} months; {decide}."))
    if "not-on-list" in opened.warnings:
        notes.append(
            line(strong("Note:"), " not on the list of regular contributors, as far as the history shows (R10).")
        )
    if motion.barred:
        notes.append(line(*people(motion.barred, scene), " may not vote, but is counted, by the letter (R42)."))
    if policy.of == "eligible" and counted.needed > len(motion.members):
        voters = count(len(motion.members), "person", "people")
        notes.append(line(strong("Note:"), f" {counted.needed} yes are needed and only {voters} may vote (R42)."))
    if opened.unlinked:
        notes.append(line("Not linked here, but counted: ", *people(opened.unlinked, scene), "."))
    if "unreachable" in opened.warnings:
        notes.append(line(strong("Note:"), " it cannot carry without the ballots of those who are not linked."))
    if policy.secrecy == "blinded":
        notes.append(
            line(
                "Blinded: vote by the buttons only. Nobody is shown who voted how, now or later; "
                "whoever runs this bot could read it."
            )
        )
    return notes


def _draft_voted_on(motion: Motion) -> list[Line]:
    """Where a removal is voted on: with the link, once there is one (R40)."""
    draft, alone = motion.draft, motion.policy.venues == "pull-request"
    there = line(": ", page(draft.branch, draft.url)) if draft is not None else ()
    how = "; vote there, in a comment. Nothing in this channel is a ballot (R40)." if alone else "."
    return [
        line(
            f"The vote is on a draft{', and there alone,' if alone else ''} that says nothing but the change",
            *there,
            f"{how} Please keep any reasons here, and none on the pull request (R43, R44).",
        )
    ]


def _changes(motion: Motion, scene: Scene) -> list[Line]:
    """What has happened to the motion since it was opened."""
    notes: list[Line] = []
    corrected = motion.text.digest != motion.opened.text.digest
    if corrected:
        begins = "started" if motion.delivered == motion.notice else "starts"
        notes.append(line(f"The text was corrected; the window {begins} anew with the corrected announcement (R12)."))
    if motion.pull_does != "same":
        notes.append(pull_line(motion))
    if motion.extensions:
        often = "once" if len(motion.extensions) == 1 else f"{len(motion.extensions)} times"
        notes.append(line(f"The window was extended {often}."))
    left = motion.electorate.members - motion.members
    if left:
        notes.append(line("No longer in the roster, and so not counted (R5): ", *people(left, scene), "."))
    joined = motion.members - motion.electorate.members
    if joined:
        notes.append(line("Joined the roster, and may vote by this policy (R5): ", *people(joined, scene), "."))
    standing = [raised for index, raised in enumerate(motion.objections) if index not in motion.lifted]
    if standing:
        objectors = {objection.person for objection in standing}
        effect = {"block": "; while it stands the motion cannot carry", "escalate": "; silence is no consent any more"}
        what = effect.get(motion.policy.objection, "")
        notes.append(line(f"{count(len(standing), 'objection')} by ", *people(objectors, scene), f" (R20){what}."))
    return notes


def _entered(motion: Motion, scene: Scene) -> list[Line]:
    """Ballots that were cast elsewhere: who entered them, and what shows them (R14)."""
    return [
        line(
            "Entered for ",
            who(person, scene),
            " by ",
            who(ballot.entered_by, scene),
            f": {ballot.choice}, {ballot.link} (R14).",
        )
        for person, ballot in sorted(motion.ballots.items())
        if ballot.entered_by is not None and ballot.choice is not None
    ]


def _ended(motion: Motion, scene: Scene) -> bool:
    """Whether the window has ended, counted or not."""
    return motion.closes_at is not None and scene.now >= motion.closes_at


def _buttons(motion: Motion, scene: Scene) -> tuple[Button, ...]:
    """Live buttons while something can be pressed; none that could suggest a late ballot."""
    if not motion.open or _ended(motion, scene):
        return ()
    if len(motion.seconds) < motion.policy.seconds:
        return (SECOND,)
    if not motion.voting:
        return (OBJECT,)
    ballots = ballot_buttons(motion)
    return (*ballots, RETRACT, OBJECT) if ballots else (OBJECT,)


def informed_card(motion: Motion, scene: Scene) -> Notice:
    """The notice of a step-down: nobody votes, and nothing is asked of the person (R30-R33)."""
    subject = who(motion.subject, scene)
    lines = [
        line(strong(f"Motion {motion.number}"), " · ", subject, f" steps down as {role_of(motion)}."),
        line("Thank you for the work. No vote is needed (R30); the maintainers are told first (R31)."),
    ]
    for noted in motion.handover:
        taker = line(" → ", who(noted.taker, scene)) if noted.taker else line(" → nobody yet")
        lines.append(line(f"☐ {noted.area}", *taker))
    if not motion.handover:
        lines.append(line("Hand-over: nothing is listed yet. It blocks nothing (R33)."))
    if motion.opened.repeats:
        lines.append(
            line(f"It has ended the vote of motion {motion.opened.repeats}; taking it back needs another maintainer.")
        )
    lines.append(informed_next(motion, scene))
    open_ = motion.open and motion.effective is None
    buttons = ((CONFIRM, HAND_OVER) if not motion.confirmed else (HAND_OVER,)) if open_ else ()
    return Notice(motion=motion.number, lines=tuple(lines), quote=str(motion.text), buttons=buttons)


def informed_next(motion: Motion, scene: Scene) -> Line:
    """Where a step-down stands."""
    if motion.stage in {"withdrawn", "void"}:
        return line(strong("Taken back."), " Nothing changes.")
    if motion.effective is not None:
        return line(
            strong("Merged."), f" The role has ended: the roster shows it since commit {motion.effective[:12]}."
        )
    if motion.draft is not None:
        return line("The draft pull request is ready; the role ends when it is merged.")
    if motion.confirmed:
        return line("I prepare the draft pull request.")
    return line("Next: ", who(motion.subject, scene), " confirms, and I prepare the draft pull request (R32).")


def role_of(motion: Motion) -> str:
    """`a maintainer of distribution`."""
    return f"a {motion.role or 'member'} of {motion.opened.repository}"
